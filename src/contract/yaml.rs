//! YAML as a tree in which every node knows its place, with scalars read as PyYAML reads them.
//!
//! In: the bytes of a file ([`text_of`]), then its text ([`read`]). Out: a [`Yaml`] and diagnostics. The
//! framework reads contracts with PyYAML, so PyYAML decides what a scalar is, which syntax is refused, and
//! which of two equal keys counts. Input is untrusted: size, depth, and the number of nodes have limits, and
//! an alias counts as often as it is used. Knows nothing of contracts.

mod scalar;
mod syntax;
mod text;
mod tree;

#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, Spanned};

pub use text::{MAX_BYTES, quoted, text_of};
pub use tree::{MAX_DEPTH, MAX_NODES};

/// One node of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Yaml {
    /// Where it stands: a text in quotes with them, a block text without its `|`, nothing as an empty span.
    /// For an alias it is the place of the alias, and for what is inside it that of the original.
    pub span: crate::source::Span,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A scalar.
    Scalar(Scalar),
    /// `- a` or `[a]`.
    Sequence(Vec<Yaml>),
    /// Keys and values, in order; every key is a scalar and occurs once.
    Mapping(Vec<(Yaml, Yaml)>),
}

/// A scalar: its text and what PyYAML makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The text, escapes and folding resolved.
    pub text: String,
    /// Whether it was written without quotes, so that its value depends on its text.
    pub plain: bool,
    /// What PyYAML's `safe_load` makes of it.
    pub value: Value,
}

/// The value of a scalar in YAML 1.1.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true`, `yes`, `on` and their opposites.
    Bool(bool),
    /// `1`, `0x1F`, `010` (8), `1_000`, `1:30` (90).
    Int(i128),
    /// `1.0`, `.inf`.
    Float(f64),
    /// `2024-01-01`: a date or a time.
    Timestamp,
    /// Anything else, and everything in quotes.
    String,
}

/// Reads a YAML text that is to hold one document; an empty one is a null.
///
/// Gives no tree where the text has none: broken syntax, a second document, or a limit exceeded. Errors that
/// leave the tree standing (a tag that PyYAML refuses, say) come together with it.
#[must_use]
pub fn read(file: &SourceFile) -> (Option<Yaml>, Vec<Diagnostic>) {
    if let Err(refused) = text::check(file) {
        return (None, refused);
    }
    tree::build(file)
}

/// The text behind a key of the mapping at the top, where it is written out and nothing before it needs a second look;
/// what follows it is not read.
#[must_use]
pub fn first_text(file: &SourceFile, key: &str) -> Option<Spanned<String>> {
    text::check(file).ok()?;
    tree::first_text(file, key)
}

impl Yaml {
    /// The value of a key of a mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Yaml> {
        self.entry(key).map(|(_, value)| value)
    }

    /// A key of a mapping and its value.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<(&Yaml, &Yaml)> {
        let mut entries = self.entries().iter();
        entries.find(|(name, _)| name.as_str() == Some(key)).map(|(name, value)| (name, value))
    }

    /// The entries of a mapping; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[(Yaml, Yaml)] {
        self.as_mapping().unwrap_or_default()
    }

    /// The entries, of a mapping alone.
    #[must_use]
    pub fn as_mapping(&self) -> Option<&[(Yaml, Yaml)]> {
        match &self.kind {
            Kind::Mapping(entries) => Some(entries),
            Kind::Scalar(_) | Kind::Sequence(_) => None,
        }
    }

    /// The items, of a sequence alone.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&[Yaml]> {
        match &self.kind {
            Kind::Sequence(items) => Some(items),
            Kind::Scalar(_) | Kind::Mapping(_) => None,
        }
    }

    /// The scalar, whatever its value.
    #[must_use]
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::Sequence(_) | Kind::Mapping(_) => None,
        }
    }

    /// The text of a scalar that PyYAML reads as a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.as_scalar()
            .filter(|scalar| scalar.value == Value::String)
            .map(|scalar| scalar.text.as_str())
    }

    /// The value of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_scalar()?.value {
            Value::Bool(value) => Some(value),
            Value::Null | Value::Int(_) | Value::Float(_) | Value::Timestamp | Value::String => {
                None
            }
        }
    }

    /// The value of an integer.
    #[must_use]
    pub fn as_int(&self) -> Option<i128> {
        match self.as_scalar()?.value {
            Value::Int(value) => Some(value),
            Value::Null | Value::Bool(_) | Value::Float(_) | Value::Timestamp | Value::String => {
                None
            }
        }
    }

    /// Whether it is null: written so, or nothing at all.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.value == Value::Null)
    }

    /// What PyYAML makes of it, for the middle of a sentence: `a list`, `the number 8`, `true`.
    #[must_use]
    pub fn described(&self) -> String {
        match &self.kind {
            Kind::Sequence(_) => "a list".to_owned(),
            Kind::Mapping(_) => "a mapping".to_owned(),
            Kind::Scalar(scalar) => scalar.value.described(),
        }
    }
}

impl Value {
    /// What it is, for the middle of a sentence.
    #[must_use]
    pub fn described(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => format!("the boolean {value}"),
            Self::Int(value) => format!("the number {value}"),
            Self::Float(value) => format!("the number {value}"),
            Self::Timestamp => "a date".to_owned(),
            Self::String => "text".to_owned(),
        }
    }
}
