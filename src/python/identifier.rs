//! Names: one identifier, or several with dots between them.

use std::fmt;
use std::sync::Arc;

use super::code::python_text;

/// A Python identifier: ASCII, no keyword, no dunder, of bearable length.
///
/// Python itself allows letters of all scripts and folds them with NFKC, so that two different texts can
/// be one name and one name can look like another. ASCII alone has neither trouble.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(Arc<str>);

/// A dotted path such as `myapp.models.events`: at least one identifier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DottedPath(Arc<[Identifier]>);

python_text!(Identifier, DottedPath);

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    /// Nothing there.
    #[error("is empty")]
    Empty,
    /// A character that no ASCII identifier has.
    #[error("contains {}, which a Python name cannot hold here", shown(*.0))]
    Character(char),
    /// A digit in front.
    #[error("begins with a digit")]
    Digit,
    /// A word of the language.
    #[error("is a keyword of Python")]
    Keyword,
    /// Reserved for the language: `__name__`.
    #[error("begins and ends with two underscores, which Python reserves")]
    Dunder,
    /// Longer than [`Identifier::MAX_LENGTH`].
    #[error("is longer than {} characters", Identifier::MAX_LENGTH)]
    Long,
}

/// A character for a message: invisible ones by number.
fn shown(character: char) -> String {
    if character.is_ascii_graphic() {
        format!("`{character}`")
    } else if character == ' ' {
        "a space".to_owned()
    } else {
        format!("U+{:04X}", character as u32)
    }
}

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

const LONGEST_KEYWORD: usize = "continue".len();

/// Whether a byte can stand in a name of ASCII.
pub(super) const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Identifier {
    /// File names are made of identifiers and 255 bytes is the limit of most file systems.
    pub const MAX_LENGTH: usize = 128;

    /// Reads a name.
    ///
    /// # Errors
    /// The first reason why the text is no identifier.
    pub fn parse(text: &str) -> Result<Self, NameProblem> {
        let first = text.chars().next().ok_or(NameProblem::Empty)?;
        if let Some(at) = text.bytes().position(|byte| !is_of_name(byte)) {
            let bad = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(first);
            return Err(NameProblem::Character(bad));
        }
        if first.is_ascii_digit() {
            return Err(NameProblem::Digit);
        }
        if text.len() <= LONGEST_KEYWORD && KEYWORDS.contains(&text) {
            return Err(NameProblem::Keyword);
        }
        if text.starts_with("__") && text.ends_with("__") {
            return Err(NameProblem::Dunder);
        }
        if text.len() > Self::MAX_LENGTH {
            return Err(NameProblem::Long);
        }
        Ok(Self(text.into()))
    }

    /// A name that the crate itself writes down.
    ///
    /// A name of ours that is none would be a mistake in this crate; a test renders every one of them.
    #[must_use]
    pub fn ours(text: &'static str) -> Self {
        // What Python reserves may be ours to use: `__future__`, `__init__`.
        debug_assert!(
            matches!(Self::parse(text), Ok(_) | Err(NameProblem::Dunder)),
            "{text} is no identifier"
        );
        Self(text.into())
    }

    /// This name with text of ours before and behind it.
    #[must_use]
    pub fn affixed(&self, prefix: &'static str, suffix: &'static str) -> Self {
        Self(format!("{prefix}{}{suffix}", self.0).into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl DottedPath {
    /// Reads a dotted path.
    ///
    /// # Errors
    /// The first reason why a part of it is no identifier; an empty part counts as such.
    pub fn parse(text: &str) -> Result<Self, NameProblem> {
        text.split('.').map(Identifier::parse).collect::<Result<_, _>>().map(Self)
    }

    /// A path that the crate itself writes down.
    #[must_use]
    pub fn ours(text: &'static str) -> Self {
        Self(text.split('.').map(Identifier::ours).collect())
    }

    /// The path as text: the same as it is displayed, without the detour.
    #[must_use]
    pub fn spelt(&self) -> String {
        let parts = self.0.iter();
        let mut text = String::with_capacity(parts.map(|part| part.0.len() + 1).sum());
        for part in self.0.iter() {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(&part.0);
        }
        text
    }

    /// The parts, in order; never empty.
    #[must_use]
    pub fn parts(&self) -> &[Identifier] {
        &self.0
    }

    /// The first part: the top-level package.
    #[must_use]
    pub fn first(&self) -> &str {
        self.0.first().map_or("", Identifier::as_str)
    }

    /// The last part.
    #[must_use]
    pub fn last(&self) -> &str {
        self.0.last().map_or("", Identifier::as_str)
    }

    /// The path with one more part.
    #[must_use]
    pub fn child(&self, part: Identifier) -> Self {
        Self(self.0.iter().cloned().chain([part]).collect())
    }

    /// The path without its last part, unless it has only one.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, rest) = self.0.split_last()?;
        (!rest.is_empty()).then(|| Self(rest.into()))
    }

    /// What follows `prefix`, where the path begins with it.
    #[must_use]
    pub fn strip_prefix(&self, prefix: &Self) -> Option<&[Identifier]> {
        self.0.strip_prefix(&*prefix.0)
    }

    /// The first `count` parts.
    #[must_use]
    pub fn prefix(&self, count: usize) -> Option<Self> {
        self.0.get(..count).filter(|parts| !parts.is_empty()).map(|parts| Self(parts.into()))
    }
}

impl From<Identifier> for DottedPath {
    fn from(part: Identifier) -> Self {
        Self([part].into())
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for DottedPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_grammar() {
        for good in ["a", "_a", "ModelOrder2", "match", "type", "__a"] {
            assert!(Identifier::parse(good).is_ok(), "{good}");
        }
        assert_eq!(Identifier::parse(""), Err(NameProblem::Empty));
        assert_eq!(Identifier::parse("1a"), Err(NameProblem::Digit));
        assert_eq!(Identifier::parse("class"), Err(NameProblem::Keyword));
        assert_eq!(Identifier::parse("__init__"), Err(NameProblem::Dunder));
        assert_eq!(Identifier::parse("a b"), Err(NameProblem::Character(' ')));
        assert_eq!(Identifier::parse("ﬁle"), Err(NameProblem::Character('ﬁ')));
        assert_eq!(Identifier::parse(&"a".repeat(129)), Err(NameProblem::Long));
    }

    #[test]
    fn no_keyword_is_longer_than_is_looked_at() {
        assert!(KEYWORDS.iter().all(|word| word.len() <= LONGEST_KEYWORD));
    }

    #[test]
    fn messages_name_what_cannot_be_seen() {
        let hidden = Identifier::parse("a\u{202e}b").unwrap_err();
        assert_eq!(hidden.to_string(), "contains U+202E, which a Python name cannot hold here");
    }

    #[test]
    fn paths_are_identifiers_with_dots() {
        let path = DottedPath::parse("myapp.models.events").unwrap();
        assert_eq!(path.to_string(), "myapp.models.events");
        assert_eq!(path.parent().unwrap().to_string(), "myapp.models");
        assert_eq!(path.strip_prefix(&DottedPath::parse("myapp").unwrap()).unwrap().len(), 2);
        for bad in ["", "a..b", ".a", "a.", "a.b; import os", "a.class", "../x"] {
            assert!(DottedPath::parse(bad).is_err(), "{bad}");
        }
    }
}
