//! Text of a contract in files that are no Python: TOML and Markdown.
//!
//! As the types of [`crate::python`] do for Python, these can only hold text that means what it should in
//! its format. A template prints the types of its own format and nothing else
//! (see [`crate::render::engine`]).

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::Object;
use serde::{Serialize, Serializer};

use crate::python::is_hidden;

/// A TOML string with its quotes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TomlString(String);

/// A TOML key: bare where it can be, else quoted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TomlKey(String);

/// Markdown within one line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarkdownText(String);

impl TomlString {
    /// The string whose value is `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut literal = String::with_capacity(text.len() + 2);
        literal.push('"');
        for character in text.chars() {
            match character {
                '"' => literal.push_str("\\\""),
                '\\' => literal.push_str("\\\\"),
                '\n' => literal.push_str("\\n"),
                '\r' => literal.push_str("\\r"),
                '\t' => literal.push_str("\\t"),
                c if is_hidden(c) && c as u32 <= 0xFFFF => {
                    literal.push_str(&format!("\\u{:04X}", c as u32));
                }
                c if is_hidden(c) => literal.push_str(&format!("\\U{:08X}", c as u32)),
                c => literal.push(c),
            }
        }
        literal.push('"');
        Self(literal)
    }
}

impl TomlKey {
    /// The key whose name is `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !text.is_empty() && text.chars().all(bare) {
            Self(text.to_owned())
        } else {
            Self(TomlString::new(text).0)
        }
    }
}

impl MarkdownText {
    /// Prose that reads as `text`; line breaks become spaces.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut markdown = String::with_capacity(text.len());
        for character in one_line(text).chars() {
            let marks = matches!(
                character,
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' | '#'
            );
            // What begins a list, a heading or a quote does so only in front.
            let begins = match character {
                '+' | '-' | '=' | ':' => markdown.is_empty(),
                '.' | ')' => markdown.chars().all(|c| c.is_ascii_digit()),
                _ => false,
            };
            if marks || begins {
                markdown.push('\\');
            }
            markdown.push(character);
        }
        Self(markdown)
    }

    /// A code span that reads as `text`; line breaks become spaces.
    #[must_use]
    pub fn code(text: &str) -> Self {
        let text = one_line(text);
        if text.is_empty() {
            return Self(String::new());
        }
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(longest + 1);
        // A space at both ends is taken off again by the reader of Markdown.
        let padded = text.starts_with('`') || text.ends_with('`');
        let pad = if padded { " " } else { "" };
        Self(format!("{fence}{pad}{text}{pad}{fence}"))
    }
}

/// The text on one line, with single spaces, and what cannot be seen shown by its number.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut line = String::with_capacity(text.len());
    for character in words.join(" ").chars() {
        if is_hidden(character) {
            line.push_str(&format!("U+{:04X}", character as u32));
        } else {
            line.push(character);
        }
    }
    line
}

/// The formats that templates yield, each with text of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Python,
    Toml,
    Markdown,
}

/// Text of one format on its way through the engine.
#[derive(Debug)]
pub(super) struct Printable {
    pub(super) format: Format,
    pub(super) text: String,
}

impl Object for Printable {
    fn is_true(self: &Arc<Self>) -> bool {
        !self.text.is_empty()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Makes a type printable in templates of one format.
macro_rules! printable {
    ($format:expr, $($name:ty),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let printable = Printable { format: $format, text: self.0.clone() };
                Value::from_object(printable).serialize(serializer)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

printable!(Format::Toml, TomlString, TomlKey);
printable!(Format::Markdown, MarkdownText);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_hides_in_toml() {
        assert_eq!(
            TomlString::new("a\"\\\n\u{202e}\u{7f}").to_string(),
            r#""a\"\\\n\u202E\u007F""#
        );
        assert_eq!(TomlKey::new("node_a-1").to_string(), "node_a-1");
        assert_eq!(TomlKey::new("a.b").to_string(), "\"a.b\"");
        assert_eq!(TomlKey::new("").to_string(), "\"\"");
    }

    #[test]
    fn prose_stays_prose() {
        let text = |text| MarkdownText::new(text).to_string();
        assert_eq!(text("# a\n<b> [c](d)"), r"\# a \<b\> \[c\](d)");
        assert_eq!(text("1. a - b"), r"1\. a - b");
        assert_eq!(text("- a_b"), r"\- a\_b");
        assert_eq!(text("v 1.5 (x)"), "v 1.5 (x)");
        assert_eq!(text("a\u{202e}b"), "aU+202Eb");
    }

    #[test]
    fn a_code_span_is_longer_than_what_it_holds() {
        let code = |text| MarkdownText::code(text).to_string();
        assert_eq!(code("a_b"), "`a_b`");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`a`"), "`` `a` ``");
        assert_eq!(code(" \n"), "");
    }

    proptest! {
        #[test]
        fn toml_reads_back_what_was_written(text in any::<String>(), key in any::<String>()) {
            let toml = format!("{} = {}\n", TomlKey::new(&key), TomlString::new(&text));
            let document: toml_edit::DocumentMut = toml.parse().unwrap();
            let table = document.as_table();
            prop_assert_eq!(table.len(), 1);
            prop_assert_eq!(table.get(&key).and_then(toml_edit::Item::as_str), Some(text.as_str()));
        }
    }
}
