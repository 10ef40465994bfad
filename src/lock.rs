//! onex.lock: what was last rendered for a node.
//!
//! In: its text, which is as untrusted as a contract. Out: a [`Lock`], or a [`Diagnostic`] that says how to mend
//! it. The other way round the text is stable: JSON with one line per line of base text, so that it reads in a
//! review and merges in git. It carries no time, no machine's path and no version of this program.

use std::borrow::Cow;
use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use crate::diagnostic::Diagnostic;
use crate::node::{ClassPath, HandlerStyle, Node};
use crate::python::{DottedPath, Identifier};
use crate::render::Ownership;
use crate::search;
use crate::source::{SourceFile, Span};
use crate::workspace::RelPath;

/// The name of the file, beside contract.yaml. It ends in no `.yaml`: the framework's validators take every YAML
/// file below the sources for a contract.
pub const FILE_NAME: &str = "onex.lock";

/// The format that this program writes, and the newest that it reads.
const FORMAT: u64 = 1;

/// No lock needs to be larger: one of a node with a hundred handlers is half of it.
pub const MAX_LOCK: u64 = 8 << 20;

/// What was last rendered for a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// The node's package when it was rendered: `myapp.nodes.node_order_orchestrator`.
    pub module: DottedPath,
    /// The style of its handlers.
    pub style: HandlerStyle,
    /// The digest of what the contract said, whatever its layout: tells a changed contract from changed templates.
    pub contract: String,
    /// The routing entries, in order: what renames are recognised by.
    pub entries: Vec<LockedEntry>,
    /// Entries that left the contract while files of theirs stay as orphans: what a later `--rename` carries on from.
    pub former: Vec<LockedEntry>,
    /// The managed files, sorted by path.
    pub files: Vec<LockedFile>,
}

/// A routing entry as it was when the node was rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedEntry {
    /// The handler.
    pub handler: ClassPath,
    /// The event model.
    pub event: Option<ClassPath>,
    /// The topic.
    pub topic: Option<String>,
    /// The output events.
    pub outputs: Vec<ClassPath>,
}

/// A managed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedFile {
    /// Where it stands.
    pub path: RelPath,
    /// Who owns it.
    pub ownership: Ownership,
    /// Lower-case hexadecimal SHA-256 of the text that was rendered last.
    pub sha256: String,
    /// The text that was rendered last, for a scaffolded file; nothing for a generated one.
    pub base: Option<String>,
    /// Whether the file was there before the node was managed, so that its class stays what it is.
    pub adopted: bool,
}

/// A managed file as the text of a lock lists it.
pub(crate) struct Listed<'a> {
    pub(crate) path: &'a RelPath,
    pub(crate) ownership: Ownership,
    pub(crate) sha256: Cow<'a, str>,
    pub(crate) base: Option<&'a str>,
    pub(crate) adopted: bool,
}

/// The digest of a text as a lock holds it.
#[must_use]
pub fn digest<T: AsRef<[u8]> + ?Sized>(text: &T) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_ref()) {
        for half in [byte >> 4, byte & 0xf] {
            hex.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    hex
}

/// A lock as JSON; `B` is what there is of the base texts.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a, B> {
    format: u64,
    #[serde(borrow)]
    node: Cow<'a, str>,
    #[serde(borrow)]
    handler_style: Cow<'a, str>,
    #[serde(borrow)]
    contract: Cow<'a, str>,
    #[serde(borrow)]
    entries: Vec<EntryRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    former: Vec<EntryRow<'a>>,
    #[serde(borrow)]
    files: Vec<FileRow<'a, B>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryRow<'a> {
    #[serde(borrow)]
    handler: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    event: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    topic: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    outputs: Vec<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRow<'a, B> {
    #[serde(borrow)]
    path: Cow<'a, str>,
    #[serde(borrow)]
    class: Cow<'a, str>,
    #[serde(borrow)]
    sha256: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    adopted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<B>,
}

/// A text, without a copy of it where nothing in it is escaped.
#[derive(Serialize, Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A text that a lock holds line by line, for whoever reads what changed in it.
struct Lines<'a>(Cow<'a, str>);

impl Serialize for Lines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(search::lines(&self.0))
    }
}

impl<'de> Deserialize<'de> for Lines<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Joined;

        impl<'de> Visitor<'de> for Joined {
            type Value = Lines<'static>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of lines")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut lines: A) -> Result<Self::Value, A::Error> {
                let mut text = String::new();
                let mut is_first = true;
                while let Some(Text(line)) = lines.next_element()? {
                    if !is_first {
                        text.push('\n');
                    }
                    text.push_str(&line);
                    is_first = false;
                }
                Ok(Lines(text.into()))
            }
        }

        deserializer.deserialize_seq(Joined)
    }
}

/// Just enough of a lock to know whether this program can read the rest.
#[derive(Deserialize)]
struct Header {
    format: u64,
}

impl Lock {
    /// The identities of a node's entries.
    #[must_use]
    pub fn entries_of(node: &Node) -> Vec<LockedEntry> {
        let entries = node.handlers.iter().flat_map(|handler| {
            handler.routes.iter().map(|route| LockedEntry {
                handler: handler.class.clone(),
                event: route.event.clone(),
                topic: route.topic.clone(),
                outputs: route.outputs.iter().map(|recipe| recipe.class.clone()).collect(),
            })
        });
        entries.collect()
    }

    /// The managed file at a path.
    #[must_use]
    pub fn file(&self, path: &RelPath) -> Option<&LockedFile> {
        let at = self.files.binary_search_by(|file| file.path.cmp(path)).ok()?;
        self.files.get(at)
    }

    /// The text of the lock.
    #[must_use]
    pub fn text(&self) -> String {
        let files = self.files.iter();
        self.text_with(files.map(|file| Listed {
            path: &file.path,
            ownership: file.ownership,
            sha256: Cow::Borrowed(&file.sha256),
            base: file.base.as_deref(),
            adopted: file.adopted,
        }))
    }

    /// The text of the lock if it listed these files, in this order.
    pub(crate) fn text_with<'a>(&self, files: impl IntoIterator<Item = Listed<'a>>) -> String {
        let files = files.into_iter().map(|file| FileRow {
            path: file.path.as_str().into(),
            class: file.ownership.as_str().into(),
            sha256: file.sha256,
            adopted: file.adopted,
            base: file.base.map(|text| Lines(text.into())),
        });
        let document = Document {
            format: FORMAT,
            node: self.module.to_string().into(),
            handler_style: self.style.as_str().into(),
            contract: self.contract.as_str().into(),
            entries: self.entries.iter().map(EntryRow::of).collect(),
            former: self.former.iter().map(EntryRow::of).collect(),
            files: files.collect(),
        };
        // Strings, numbers and lists: serialising them cannot fail.
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// Why this is no lock that can be used, and how to mend it.
    pub fn parse(file: &SourceFile) -> Result<Self, Box<Diagnostic>> {
        Self::parse_with(file, |_| true)
    }

    /// Reads a lock and of its base texts only those of the files that are asked for, which takes much less time: they
    /// are most of a lock. The others are not looked into, and are nothing.
    ///
    /// # Errors
    /// As [`Lock::parse`].
    pub fn parse_with(
        file: &SourceFile,
        needs_base: impl Fn(&RelPath) -> bool,
    ) -> Result<Self, Box<Diagnostic>> {
        let text = file.text();
        if text.len() as u64 > MAX_LOCK {
            return Err(Box::new(too_large(file)));
        }
        let document = match serde_json::from_str::<Document<'_, &RawValue>>(text) {
            Ok(document) if document.format <= FORMAT => document,
            Ok(document) => return Err(Box::new(newer(file, document.format))),
            Err(error) => {
                // Lines like these are no JSON. And what a newer onex wrote may have another shape.
                return Err(Box::new(match (conflict_marker(text), serde_json::from_str(text)) {
                    (Some(span), _) => conflicted(file, span),
                    (None, Ok(Header { format })) if format > FORMAT => newer(file, format),
                    (None, Ok(_)) => unreadable(file, &error),
                    (None, Err(error)) => unreadable(file, &error),
                }));
            }
        };
        document.read(needs_base).map_err(|unfit| {
            Box::new(match unfit {
                Unfit::Text(what) => invalid(file, &what),
                // Read as a whole, so that the place is told.
                Unfit::Base => match serde_json::from_str::<Document<'_, Lines<'_>>>(text) {
                    Err(error) => unreadable(file, &error),
                    Ok(_) => invalid(file, "base"),
                },
            })
        })
    }
}

fn conflicted(file: &SourceFile, span: Span) -> Diagnostic {
    Diagnostic::error("unusable-lock", file, span, "the lock holds conflict markers of a merge")
        .label("left by a merge")
        .help(format!(
            "take either side (`git checkout --theirs {0}` or `--ours {0}`), then run `onex regenerate`",
            file.path()
        ))
}

fn newer(file: &SourceFile, format: u64) -> Diagnostic {
    let message =
        format!("the lock has format {format}, and this onex knows formats up to {FORMAT}");
    Diagnostic::error("newer-lock", file, Span::default(), message)
        .help("update onex: a newer one wrote this lock")
}

fn spelt(class: &ClassPath) -> String {
    format!("{}:{}", class.module, class.name)
}

fn class_of(text: &str) -> Result<ClassPath, String> {
    let parsed = text.split_once(':').and_then(|(module, name)| {
        Some(ClassPath {
            module: DottedPath::parse(module).ok()?,
            name: Identifier::parse(name).ok()?,
        })
    });
    parsed.ok_or_else(|| text.to_owned())
}

/// Why a document stands for no lock.
enum Unfit {
    /// A text in it.
    Text(String),
    /// A base text that is no list of lines.
    Base,
}

impl From<String> for Unfit {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Document<'_, &RawValue> {
    /// The value that the document stands for.
    fn read(self, needs_base: impl Fn(&RelPath) -> bool) -> Result<Lock, Unfit> {
        let style = HandlerStyle::named(&self.handler_style)
            .ok_or_else(|| self.handler_style.into_owned())?;
        let entries =
            self.entries.into_iter().map(EntryRow::read).collect::<Result<_, String>>()?;
        let former = self.former.into_iter().map(EntryRow::read).collect::<Result<_, String>>()?;
        let files = self.files.into_iter().map(|file| file.read(&needs_base));
        let files = files.collect::<Result<Vec<_>, Unfit>>()?;
        let mut sorted = files;
        sorted.sort_by(|a, b| a.path.cmp(&b.path));
        if let Some(pair) = sorted
            .windows(2)
            .find(|pair| pair.first().map(|f| &f.path) == pair.last().map(|f| &f.path))
        {
            return Err(pair.first().map(|file| file.path.to_string()).unwrap_or_default().into());
        }
        let module = DottedPath::parse(&self.node).map_err(|_| self.node.into_owned())?;
        if !is_digest(&self.contract) {
            return Err(self.contract.into_owned().into());
        }
        let contract = self.contract.into_owned();
        Ok(Lock { module, style, contract, entries, former, files: sorted })
    }
}

/// Who owns a file, by the word for it.
fn owner(class: &str) -> Option<Ownership> {
    match class {
        "generated" => Some(Ownership::Generated),
        "scaffolded" => Some(Ownership::Scaffolded),
        _ => None,
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

impl<'a> EntryRow<'a> {
    fn of(entry: &'a LockedEntry) -> Self {
        let class = |class| Text(Cow::Owned(spelt(class)));
        Self {
            handler: spelt(&entry.handler).into(),
            event: entry.event.as_ref().map(class),
            topic: entry.topic.as_deref().map(|topic| Text(topic.into())),
            outputs: entry.outputs.iter().map(class).collect(),
        }
    }

    fn read(self) -> Result<LockedEntry, String> {
        let class = |text: &Text<'_>| class_of(&text.0);
        Ok(LockedEntry {
            handler: class_of(&self.handler)?,
            event: self.event.as_ref().map(class).transpose()?,
            topic: self.topic.map(|topic| topic.0.into_owned()),
            outputs: self.outputs.iter().map(class).collect::<Result<_, _>>()?,
        })
    }
}

impl FileRow<'_, &RawValue> {
    fn read(self, needs_base: impl Fn(&RelPath) -> bool) -> Result<LockedFile, Unfit> {
        // Written as this program writes paths, and no other way: `a/../b` must not pass for `b`.
        let path = RelPath::parse(&self.path).filter(|path| path.as_str() == self.path);
        let path =
            path.filter(|path| !path.as_str().is_empty()).ok_or_else(|| self.path.to_string())?;
        let ownership = owner(&self.class).ok_or_else(|| self.class.to_string())?;
        if !is_digest(&self.sha256) {
            return Err(self.sha256.into_owned().into());
        }
        if self.base.is_some() != (ownership == Ownership::Scaffolded) {
            return Err(self.path.into_owned().into());
        }
        let base = match self.base.filter(|_| needs_base(&path)) {
            Some(lines) => {
                let Lines(text) = serde_json::from_str(lines.get()).map_err(|_| Unfit::Base)?;
                Some(text.into_owned())
            }
            None => None,
        };
        let sha256 = self.sha256.into_owned();
        Ok(LockedFile { path, ownership, sha256, base, adopted: self.adopted })
    }
}

/// The first line that git wrote into the file when it could not merge it.
fn conflict_marker(text: &str) -> Option<Span> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
            let end = at + line.trim_end().len();
            return Some(Span::new(u32::try_from(at).ok()?, u32::try_from(end).ok()?));
        }
        at += line.len();
    }
    None
}

/// JSON that is none, or of another shape; the message of a cut-off file says so.
fn unreadable(file: &SourceFile, error: &serde_json::Error) -> Diagnostic {
    let message = if error.is_eof() {
        "the lock is cut off".to_owned()
    } else {
        let said = error.to_string();
        let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
        format!("the lock cannot be read: {}", said.escape_debug())
    };
    let span = file.span_of_line(error.line());
    Diagnostic::error("unusable-lock", file, span, message).help(restore(file))
}

fn too_large(file: &SourceFile) -> Diagnostic {
    let message =
        format!("the lock has {} bytes, and none needs more than {MAX_LOCK}", file.text().len());
    // Nobody wants to see a part of it.
    let shown = SourceFile::new(file.path(), "");
    Diagnostic::error("unusable-lock", &shown, Span::default(), message).help(restore(file))
}

fn invalid(file: &SourceFile, what: &str) -> Diagnostic {
    let shown: String = what.chars().take(80).collect::<String>().escape_debug().to_string();
    let needle = serde_json::to_string(what).unwrap_or_default();
    let at = file.text().find(&needle).unwrap_or_default();
    let end = at + if at > 0 { needle.len() } else { 0 };
    let span =
        Span::new(u32::try_from(at).unwrap_or_default(), u32::try_from(end).unwrap_or_default());
    let message = format!("the lock holds `{shown}`, which onex did not write there");
    Diagnostic::error("unusable-lock", file, span, message).help(restore(file))
}

fn restore(file: &SourceFile) -> String {
    format!(
        "restore it (`git checkout -- {}`), or delete it and take the node up again with `onex adopt`",
        file.path()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock() -> Lock {
        let class = |text: &str| class_of(text).unwrap();
        Lock {
            module: DottedPath::ours("myapp.nodes.node_a"),
            style: HandlerStyle::Envelope,
            contract: digest("contract"),
            entries: vec![LockedEntry {
                handler: class("myapp.nodes.node_a.handlers.handler_x:HandlerX"),
                event: Some(class("myapp.models.events:ModelX")),
                topic: None,
                outputs: vec![class("myapp.nodes.node_a.models:ModelY")],
            }],
            former: vec![LockedEntry {
                handler: class("myapp.nodes.node_a.handlers.handler_w:HandlerW"),
                event: None,
                topic: Some("a.b.c".to_owned()),
                outputs: Vec::new(),
            }],
            files: vec![
                LockedFile {
                    path: RelPath::parse("src/a.py").unwrap(),
                    ownership: Ownership::Scaffolded,
                    sha256: digest("a\n\"b\"\n"),
                    base: Some("a\n\"b\"\n".to_owned()),
                    adopted: false,
                },
                LockedFile {
                    path: RelPath::parse("src/node.py").unwrap(),
                    ownership: Ownership::Generated,
                    sha256: digest("x"),
                    base: None,
                    adopted: true,
                },
            ],
        }
    }

    fn refused(text: &str) -> String {
        let problem = Lock::parse(&SourceFile::new("onex.lock", text)).unwrap_err();
        assert!(problem.help.is_some());
        problem.message
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = lock().text();
        assert_eq!(Lock::parse(&SourceFile::new("onex.lock", text)).unwrap(), lock());
    }

    #[test]
    fn digests_are_those_of_sha_256() {
        assert_eq!(
            digest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_lock_that_was_tampered_with_is_refused() {
        let text = lock().text();
        for bad in ["../a.py", "/etc/passwd", "src/../a.py", "src//a.py", "C:\\\\a", ""] {
            let edited = text.replace("src/a.py", bad);
            assert!(refused(&edited).contains("which onex did not write there"), "{bad}");
        }
        assert!(refused(&text.replace("src/node.py", "src/a.py")).contains("src/a.py"));
        assert!(refused(&text.replace("generated", "yours")).contains("yours"));
        assert!(refused(&text.replace("HandlerX", "a; import os")).contains("import os"));
    }

    #[test]
    fn newer_cut_off_and_conflicted_locks_say_so() {
        let text = lock().text();
        assert!(
            refused(&text.replace("\"format\": 1", "\"format\": 2, \"new\": 1"))
                .contains("format 2")
        );
        for end in [0, 1, text.len() / 2, text.len() - 3] {
            assert!(refused(&text[..end]).contains("cut off"), "{end}");
        }
        let marked = text.replacen("  \"files\"", "<<<<<<< HEAD\n  \"files\"", 1);
        assert!(refused(&marked).contains("conflict markers"));
        assert!(refused("[]").contains("cannot be read"));
    }
}
