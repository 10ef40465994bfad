//! What a run is about to do, written down before it does it.
//!
//! A [`Journal`] is a value with a text; reading and writing its file is the business of [`super::run`]. The text
//! ends with its own digest, so that a file that was cut off is told from a whole one. A journal is untrusted input,
//! like a lock: whatever in it no run could have written makes all of it void.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::path::RelPath;
use crate::lock::digest;

/// The form of the text.
const VERSION: u32 = 1;

/// No journal is larger: eighty thousand files take a quarter of it.
pub(super) const MAX_JOURNAL: u64 = 64 << 20;

/// Everything that a run does, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Journal {
    /// What tells the lock file of the project in which it was written from every other.
    pub(super) owner: String,
    /// The folders that the run makes, outer ones first.
    pub(super) folders: Vec<RelPath>,
    /// The files, each at most once.
    pub(super) steps: Vec<Step>,
}

/// What a run does to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// Which file.
    pub(super) path: RelPath,
    /// The digest of what stands before; nothing for a file that is made.
    pub(super) before: Option<String>,
    /// The digest of what stands afterwards; nothing for one that goes.
    pub(super) after: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Text {
    version: u32,
    owner: String,
    folders: Vec<String>,
    steps: Vec<TextStep>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct TextStep {
    path: String,
    before: Option<String>,
    after: Option<String>,
}

/// Why a journal is void.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Void {
    /// It was changed after it had been written.
    #[error("its digest does not match")]
    Digest,
    /// It is not of the form that is written here.
    #[error("it is not as this version of onex writes it")]
    Form,
    /// It would touch what no run touches.
    #[error("it names a path that no run of onex touches")]
    Path,
    /// It was written for another place, or came with the project's files.
    #[error("it was not written in this folder on this machine")]
    Foreign,
    /// It belongs to another user.
    #[error("it belongs to another user")]
    Owner,
}

impl Journal {
    /// The text of the file.
    pub(super) fn text(&self) -> String {
        let paths = |paths: &[RelPath]| paths.iter().map(ToString::to_string).collect();
        let step = |step: &Step| TextStep {
            path: step.path.to_string(),
            before: step.before.clone(),
            after: step.after.clone(),
        };
        let text = Text {
            version: VERSION,
            owner: self.owner.clone(),
            folders: paths(&self.folders),
            steps: self.steps.iter().map(step).collect(),
        };
        // Text and numbers alone: there is nothing in it that JSON could not say.
        let line = serde_json::to_string(&text).unwrap_or_default();
        format!("{line}\n{}\n", digest(line.as_bytes()))
    }

    /// Reads a text; gives nothing for one that was cut off, so that nothing it speaks of was begun.
    pub(super) fn parse(text: &[u8]) -> Result<Option<Self>, Void> {
        let mut lines = text.split_inclusive(|byte| *byte == b'\n');
        let whole = |line: Option<&[u8]>| line?.strip_suffix(b"\n").map(<[u8]>::to_vec);
        let (Some(line), Some(sum)) = (whole(lines.next()), whole(lines.next())) else {
            return Ok(None);
        };
        if digest(&line).as_bytes() != sum || lines.next().is_some() {
            return Err(Void::Digest);
        }
        let text: Text = serde_json::from_slice(&line).map_err(|_| Void::Form)?;
        if text.version != VERSION {
            return Err(Void::Form);
        }
        let journal = Self {
            owner: text.owner,
            folders: text.folders.iter().map(|path| touched(path)).collect::<Result<_, _>>()?,
            steps: text.steps.into_iter().map(TextStep::step).collect::<Result<_, _>>()?,
        };
        let paths: BTreeSet<&RelPath> = journal.steps.iter().map(|step| &step.path).collect();
        if paths.len() < journal.steps.len() { Err(Void::Form) } else { Ok(Some(journal)) }
    }
}

impl TextStep {
    fn step(self) -> Result<Step, Void> {
        let is_digest = |text: &String| {
            text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        };
        if self.before == self.after || !self.before.iter().chain(&self.after).all(is_digest) {
            return Err(Void::Form);
        }
        Ok(Step { path: touched(&self.path)?, before: self.before, after: self.after })
    }
}

/// A path as a run could touch it: below the root, and neither git's nor our own.
fn touched(text: &str) -> Result<RelPath, Void> {
    let path = RelPath::parse(text).filter(|path| path.as_str() == text && may_touch(path));
    path.ok_or(Void::Path)
}

/// Whether a run may write at a path: not at the root itself, nor where git or onex keep their own.
pub(super) fn may_touch(path: &RelPath) -> bool {
    let is_kept =
        |part: &str| part.eq_ignore_ascii_case(".git") || part.eq_ignore_ascii_case(super::HOME);
    !path.as_str().is_empty() && !path.parts().any(is_kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(path: &str, before: Option<&str>, after: Option<&str>) -> Step {
        let digest = |text: Option<&str>| text.map(|text| digest(text.as_bytes()));
        Step { path: RelPath::parse(path).unwrap(), before: digest(before), after: digest(after) }
    }

    fn journal() -> Journal {
        Journal {
            owner: "7:8.9".to_owned(),
            folders: vec![RelPath::parse("src/a").unwrap()],
            steps: vec![
                step("src/a/new.py", None, Some("new")),
                step("pyproject.toml", Some("old"), Some("new")),
                step("src/gone.py", Some("old"), None),
            ],
        }
    }

    #[test]
    fn a_text_gives_the_journal_that_it_was_made_from() {
        assert_eq!(Journal::parse(journal().text().as_bytes()), Ok(Some(journal())));
    }

    #[test]
    fn a_text_that_was_cut_off_anywhere_was_never_begun() {
        let text = journal().text();
        for end in 0..text.len() {
            assert_eq!(Journal::parse(&text.as_bytes()[..end]), Ok(None), "{end}");
        }
    }

    #[test]
    fn one_changed_byte_makes_it_void() {
        let text = journal().text();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            assert!(!matches!(Journal::parse(&bytes), Ok(Some(_))), "{at}");
        }
        assert_eq!(Journal::parse(format!("{text}more").as_bytes()), Err(Void::Digest));
    }

    #[test]
    fn paths_that_no_run_touches_make_it_void() {
        let paths = [
            "../a",
            "/etc/passwd",
            "a/../../b",
            "",
            ".",
            "a//b",
            "./a",
            ".git/hooks/pre-commit",
            ".GIT/config",
            "src/.git/config",
            ".onex/lock",
            ".Onex/run/journal",
            "a\\b",
            "C:/a",
            "a\u{0}b",
        ];
        for path in paths {
            let line = format!(
                r#"{{"version":1,"owner":"","folders":[],"steps":[{{"path":{},"before":null,"after":"{}"}}]}}"#,
                serde_json::to_string(path).unwrap(),
                digest(b"x"),
            );
            let text = format!("{line}\n{}\n", digest(line.as_bytes()));
            assert_eq!(Journal::parse(text.as_bytes()), Err(Void::Path), "{path}");
            let folders = format!(
                r#"{{"version":1,"owner":"","folders":[{}],"steps":[]}}"#,
                serde_json::to_string(path).unwrap(),
            );
            let text = format!("{folders}\n{}\n", digest(folders.as_bytes()));
            assert_eq!(Journal::parse(text.as_bytes()), Err(Void::Path), "{path}");
        }
    }

    #[test]
    fn what_no_run_writes_makes_it_void() {
        let twice = Journal { steps: vec![journal().steps[0].clone(); 2], ..journal() };
        let nothing = Journal { steps: vec![step("a", None, None)], ..journal() };
        let same = Journal { steps: vec![step("a", Some("x"), Some("x"))], ..journal() };
        let mut odd = journal();
        odd.steps[0].after = Some("A".repeat(64));
        for journal in [twice, nothing, same, odd] {
            assert_eq!(Journal::parse(journal.text().as_bytes()), Err(Void::Form), "{journal:?}");
        }
        let line = r#"{"version":2,"owner":"","folders":[],"steps":[]}"#;
        let text = format!("{line}\n{}\n", digest(line.as_bytes()));
        assert_eq!(Journal::parse(text.as_bytes()), Err(Void::Form));
    }
}
