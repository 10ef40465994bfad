//! Text of a contract inside Python: as a string, in a docstring, in a comment.
//!
//! All three escape what would end them, and what a reader could not see: control characters, and the
//! marks that change the direction of text, so that the code reads as it runs.

use std::fmt::{self, Write as _};

use super::code::{Code, python_text};

/// A string literal with its quotes.
///
/// The quotes are those that `ruff format` chooses by default: double, unless single ones save escapes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StrLiteral(String);

/// A docstring with its quotes; may hold several lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocText(String);

/// Text for a comment, without the `#`: one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment(String);

python_text!(StrLiteral, DocText, Comment);

impl StrLiteral {
    /// The literal whose value is `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if plain_start(text).len() == text.len() {
            return Self(format!("\"{text}\""));
        }
        let doubles = text.matches('"').count();
        let quote = if doubles > text.matches('\'').count() { '\'' } else { '"' };
        let mut literal = String::with_capacity(text.len() + 2);
        literal.push(quote);
        for character in text.chars() {
            match character {
                '\\' => literal.push_str("\\\\"),
                '\n' => literal.push_str("\\n"),
                '\r' => literal.push_str("\\r"),
                '\t' => literal.push_str("\\t"),
                c if c == quote => {
                    literal.push('\\');
                    literal.push(c);
                }
                c => push_visible(&mut literal, c),
            }
        }
        literal.push(quote);
        Self(literal)
    }
}

impl StrLiteral {
    /// The text that a literal of ours stands for; nothing where the code is anything else.
    #[must_use]
    pub fn value(code: &Code) -> Option<String> {
        let parsed = ruff_python_parser::parse_expression(code.as_str()).ok()?;
        parsed.expr().as_string_literal_expr().map(|literal| literal.value.to_str().to_owned())
    }
}

impl DocText {
    /// The docstring whose value is `text`.
    ///
    /// Only what must be is escaped: quotes that come in threes, those at either end (the formatter adds a space
    /// beside a bare one), and backslashes. Where backslashes are all that there would be to escape, the
    /// docstring is a raw one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let needs_nothing = |byte| matches!(byte, b'\n' | b' '..=b'~') && !b"\"\\".contains(&byte);
        if text.bytes().all(needs_nothing) {
            return Self(format!("\"\"\"{text}\"\"\""));
        }
        let edges = text.starts_with('"') || text.ends_with(['"', '\\']);
        let hidden = |c: char| c != '\n' && is_hidden(c);
        let plain = !edges && !text.contains("\"\"\"") && !text.contains(hidden);
        if plain && text.contains('\\') {
            return Self(format!("r\"\"\"{text}\"\"\""));
        }
        let mut doc = String::with_capacity(text.len() + 6);
        doc.push_str("\"\"\"");
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let quotes = rest.len() - rest.trim_start_matches('"').len();
            let at_edge = rest.len() == text.len() || quotes == rest.len();
            match character {
                '"' if at_edge || quotes > 2 => doc.push_str(&"\\\"".repeat(quotes)),
                '"' => doc.push_str(&"\"".repeat(quotes)),
                '\\' => doc.push_str("\\\\"),
                '\n' => doc.push('\n'),
                c => push_visible(&mut doc, c),
            }
            rest = rest.get(quotes.max(character.len_utf8())..).unwrap_or_default();
            let plain = plain_start(rest);
            doc.push_str(plain);
            rest = rest.get(plain.len()..).unwrap_or_default();
        }
        doc.push_str("\"\"\"");
        Self(doc)
    }

    /// The text as it stands in the file.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Comment {
    /// One comment line; line breaks become spaces.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut comment = String::with_capacity(text.len());
        for character in text.trim().chars() {
            match character {
                '\n' | '\r' | '\t' => comment.push(' '),
                c => push_visible(&mut comment, c),
            }
        }
        Self(comment)
    }
}

/// As much of the beginning as is plain in a docstring and in every literal.
fn plain_start(text: &str) -> &str {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\'' | b'\\');
    let length = text.bytes().take_while(is_plain).count();
    text.get(..length).unwrap_or_default()
}

/// Whether a reader could not see a character, or could take it for another: controls, marks that change
/// the direction of text, spaces other than the plain one.
pub(crate) fn is_hidden(character: char) -> bool {
    if matches!(character, ' '..='~') {
        return false;
    }
    let code = character as u32;
    let hidden = character.is_control()
        || matches!(code,
            0xAD | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180E | 0x3164 | 0xFEFF | 0xFFA0
            | 0x200B..=0x200F | 0x2028..=0x202F | 0x205F..=0x206F | 0xFFF0..=0xFFFB
            | 0xE000..=0xF8FF | 0xE0000..=0x10FFFF);
    hidden || (character != ' ' && character.is_whitespace())
}

/// Writes a character, or its escape where a reader could not see it or a parser could take it for a line
/// break.
fn push_visible(out: &mut String, character: char) {
    let code = character as u32;
    if !is_hidden(character) {
        out.push(character);
    } else if code <= 0xFF {
        let _ = write!(out, "\\x{code:02x}");
    } else if code <= 0xFFFF {
        let _ = write!(out, "\\u{code:04x}");
    } else {
        let _ = write!(out, "\\U{code:08x}");
    }
}

/// A float as Python writes it; nothing for values that have no literal (infinities, not-a-number).
#[must_use]
pub fn float_literal(value: f64) -> Option<String> {
    value.is_finite().then(|| format!("{value:?}"))
}

impl fmt::Display for StrLiteral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for DocText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Comment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_choose_the_quotes_that_ruff_chooses() {
        assert_eq!(StrLiteral::new("plain").to_string(), "\"plain\"");
        assert_eq!(StrLiteral::new("it's").to_string(), "\"it's\"");
        assert_eq!(StrLiteral::new("say \"hi\"").to_string(), "'say \"hi\"'");
        assert_eq!(StrLiteral::new("a\"b'c").to_string(), "\"a\\\"b'c\"");
    }

    #[test]
    fn nothing_ends_a_string_or_hides_in_it() {
        assert_eq!(StrLiteral::new("a\\").to_string(), r#""a\\""#);
        assert_eq!(
            StrLiteral::new("a\r\n\0\u{2028}\u{202e}").to_string(),
            r#""a\r\n\x00\u2028\u202e""#
        );
        assert_eq!(StrLiteral::new("ü 中").to_string(), "\"ü 中\"");
    }

    #[test]
    fn a_literal_gives_its_text_back() {
        for text in ["plain", "a\"b'c\\d\n\0\u{202e}", "^\\d+$", ""] {
            let code = crate::python::py!("{}", StrLiteral::new(text));
            assert_eq!(StrLiteral::value(&code).as_deref(), Some(text));
        }
        assert_eq!(StrLiteral::value(&Code::of("f(1)")), None);
    }

    #[test]
    fn nothing_ends_a_docstring() {
        for (text, doc) in [
            (r#"x"""y"#, r#"x\"\"\"y"#),
            (r#""x""#, r#"\"x\""#),
            (r#"a "b" ""c"" """"d"#, r#"a "b" ""c"" \"\"\"\"d"#),
            ("back\\", r"back\\"),
            ("\\ and \"\"\"", r#"\\ and \"\"\""#),
            ("a\rb\x0c", r"a\x0db\x0c"),
        ] {
            assert_eq!(DocText::new(text).as_str(), format!("\"\"\"{doc}\"\"\""), "{text}");
        }
    }

    #[test]
    fn backslashes_alone_make_a_raw_docstring() {
        assert_eq!(DocText::new(r#"a\d "b" c"#).as_str(), r#"r"""a\d "b" c""""#);
        assert_eq!(DocText::new("\\d\r").as_str(), r#""""\\d\x0d""""#);
    }

    #[test]
    fn a_docstring_gives_its_text_back() {
        let parts = ["\"", "\"\"\"", "\\", "a", "\n", "\u{202e}", "'"];
        for (one, two) in parts.iter().flat_map(|one| parts.iter().map(move |two| (one, two))) {
            for three in parts {
                let text = format!("{one}{two}{three}");
                let code = Code::assembled(DocText::new(&text).to_string());
                assert_eq!(StrLiteral::value(&code).as_deref(), Some(text.as_str()), "{code}");
            }
        }
    }

    #[test]
    fn a_comment_is_one_line() {
        assert_eq!(Comment::new(" a\nb\u{85}c ").to_string(), "a b\\x85c");
    }

    #[test]
    fn floats_read_as_floats() {
        assert_eq!(float_literal(1.0).as_deref(), Some("1.0"));
        assert_eq!(float_literal(1e300).as_deref(), Some("1e300"));
        assert_eq!(float_literal(f64::NAN), None);
    }
}
