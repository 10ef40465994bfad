//! Values out of the tree, and complaints about those that are not what they should be.
//!
//! A null counts as absent everywhere: `routing_strategy:` without a value says nothing.

use crate::contract::yaml::{Kind, Value, Yaml};
use crate::contract::{ClassRef, Version};
use crate::diagnostic::{Diagnostic, edit_distance, nearest};
use crate::source::{SourceFile, Spanned};

/// Reads one file and collects what is wrong with it.
pub(super) struct Reader<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) found: Vec<Diagnostic>,
    /// What the patterns that were read weigh together.
    pub(super) patterns: u64,
}

/// The keys of one level.
pub(super) struct Known {
    /// Which level, for messages: `of a routing entry`.
    pub(super) place: &'static str,
    /// Keys that are read, and so may be what a misspelt key was to be.
    pub(super) read: &'static [&'static str],
    /// Keys that others read, or that are read in the absence of another: no misspelling.
    pub(super) other: &'static [&'static str],
}

impl Reader<'_> {
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// The value of a key, unless it is null.
    pub(super) fn value<'y>(&self, parent: &'y Yaml, key: &str) -> Option<&'y Yaml> {
        parent.get(key).filter(|value| !value.is_null())
    }

    /// The text of a key.
    pub(super) fn text(&mut self, parent: &Yaml, key: &str) -> Option<Spanned<String>> {
        self.text_of(self.value(parent, key)?, key)
    }

    /// A text; `key` is where it stands, for messages.
    pub(super) fn text_of(&mut self, node: &Yaml, key: &str) -> Option<Spanned<String>> {
        let Some(scalar) = node.as_scalar() else {
            self.wrong(node, &format!("`{key}`"), "a text", &format!("{key}: \"..\""));
            return None;
        };
        match scalar.value {
            Value::String => {}
            Value::Null => return None,
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Timestamp => {
                self.no_text(node, key, &scalar.text);
            }
        }
        Some(Spanned::new(scalar.text.clone(), node.span))
    }

    fn no_text(&mut self, node: &Yaml, key: &str, text: &str) {
        let message =
            format!("PyYAML reads `{text}` as {}, and `{key}` must be a text", node.described());
        let error = Diagnostic::error("contract-text", self.file, node.span, message)
            .label("not a text without quotes")
            .help(format!("put it in quotes: `\"{text}\"`"));
        self.push(error);
    }

    /// A text for people, whatever PyYAML makes of it.
    pub(super) fn prose(&self, parent: &Yaml, key: &str) -> Option<Spanned<String>> {
        let node = self.value(parent, key)?;
        Some(Spanned::new(node.as_scalar()?.text.clone(), node.span))
    }

    /// The key of a mapping in which keys are names.
    pub(super) fn key(&mut self, key: &Yaml, of: &str) -> Option<Spanned<String>> {
        let scalar = key.as_scalar()?;
        if scalar.value != Value::String {
            let text = &scalar.text;
            let message = format!(
                "PyYAML reads the key `{text}` of `{of}` as {}, and it must be a text",
                key.described()
            );
            let error = Diagnostic::error("contract-text", self.file, key.span, message)
                .label("not a text without quotes")
                .help(format!("put it in quotes: `\"{text}\":`"));
            self.push(error);
        }
        Some(Spanned::new(scalar.text.clone(), key.span))
    }

    /// The mapping of a key.
    pub(super) fn mapping<'y>(
        &mut self,
        parent: &'y Yaml,
        key: &str,
        example: &str,
    ) -> Option<&'y Yaml> {
        let value = self.value(parent, key)?;
        if value.as_mapping().is_none() {
            self.wrong(value, &format!("`{key}`"), "a mapping", example);
            return None;
        }
        Some(value)
    }

    /// The items of the list of a key; none where it is absent.
    pub(super) fn list<'y>(&mut self, parent: &'y Yaml, key: &str, example: &str) -> &'y [Yaml] {
        let Some(value) = self.value(parent, key) else { return &[] };
        let items = value.as_sequence();
        if items.is_none() {
            self.wrong(value, &format!("`{key}`"), "a list", example);
        }
        items.unwrap_or_default()
    }

    /// A list of texts.
    pub(super) fn texts(
        &mut self,
        parent: &Yaml,
        key: &str,
        example: &str,
    ) -> Vec<Spanned<String>> {
        let items = self.list(parent, key, example);
        items.iter().filter_map(|item| self.item(item, key, example)).collect()
    }

    /// One text of a list.
    pub(super) fn item(
        &mut self,
        item: &Yaml,
        key: &str,
        example: &str,
    ) -> Option<Spanned<String>> {
        if item.as_scalar().is_none() || item.is_null() {
            self.wrong(item, &format!("an item of `{key}`"), "a text", example);
            return None;
        }
        // What is no text is told once, and nothing more is to be said of it.
        self.text_of(item, key).filter(|_| item.as_str().is_some())
    }

    /// A boolean.
    pub(super) fn flag(&mut self, parent: &Yaml, key: &str) -> Option<Spanned<bool>> {
        let value = self.value(parent, key)?;
        let flag = value.as_bool();
        if flag.is_none() {
            self.wrong(value, &format!("`{key}`"), "true or false", &format!("{key}: true"));
        }
        flag.map(|flag| Spanned::new(flag, value.span))
    }

    /// A version, where it is one: nothing is generated from it.
    pub(super) fn version(&self, parent: &Yaml, key: &str) -> Option<Spanned<Version>> {
        let node = self.value(parent, key)?;
        let version = match &node.kind {
            Kind::Mapping(_) => version_of_mapping(node),
            Kind::Scalar(_) => version_of_text(node.as_str()?),
            Kind::Sequence(_) => None,
        };
        version.map(|version| Spanned::new(version, node.span))
    }

    /// The class that a key names.
    pub(super) fn class(&mut self, parent: &Yaml, key: &str, example: &str) -> Option<ClassRef> {
        self.class_of(self.value(parent, key)?, key, example)
    }

    /// The complaint about a value of the wrong shape; `example` is how to write it.
    pub(super) fn wrong(&mut self, node: &Yaml, what: &str, wanted: &str, example: &str) {
        self.wrong_with_help(node, what, wanted, format!("write it as `{example}`"));
    }

    /// The same with a help of its own.
    pub(super) fn wrong_with_help(
        &mut self,
        node: &Yaml,
        what: &str,
        wanted: &str,
        help: impl Into<String>,
    ) {
        let message = format!("{what} is {}, and must be {wanted}", node.described());
        let error = Diagnostic::error("contract-shape", self.file, node.span, message)
            .label(format!("not {wanted}"))
            .help(help);
        self.push(error);
    }

    /// Warns of keys that look like a misspelling of one that is read and is not there.
    pub(super) fn near_misses(&mut self, node: &Yaml, known: &Known) {
        let absent: Vec<_> =
            known.read.iter().copied().filter(|key| node.get(key).is_none()).collect();
        for (key, _) in node.entries() {
            let Some(word) = key.as_str() else { continue };
            if known.read.contains(&word) || known.other.contains(&word) {
                continue;
            }
            // Contracts have keys of their own, and many of them are somewhat like one of these.
            let close = |candidate: &&str| {
                candidate.len().abs_diff(word.len()) <= 4 && edit_distance(word, candidate) <= 2
            };
            let Some(meant) = nearest(word, absent.iter().copied().filter(close)) else { continue };
            let message = format!("`{word}` is no key {}; did you mean `{meant}`?", known.place);
            let warning = Diagnostic::warning("unknown-key", self.file, key.span, message)
                .label("not read by anything here")
                .help(format!("rename it to `{meant}`"));
            self.push(warning);
        }
    }
}

fn version_of_mapping(node: &Yaml) -> Option<Version> {
    let part = |key| node.get(key).and_then(Yaml::as_int).and_then(|n| u64::try_from(n).ok());
    Some(Version {
        major: part("major")?,
        minor: part("minor")?,
        patch: part("patch")?,
        as_text: false,
    })
}

/// `1.2.3`, also with what may stand behind: `1.2.3-beta+5`.
fn version_of_text(text: &str) -> Option<Version> {
    let numbers = text.split(['-', '+']).next().unwrap_or_default();
    let mut parts = numbers.split('.').map(|part| part.parse::<u64>().ok());
    let version = Version {
        major: parts.next()??,
        minor: parts.next()??,
        patch: parts.next()??,
        as_text: true,
    };
    parts.next().is_none().then_some(version)
}
