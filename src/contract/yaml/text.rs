//! Bytes -> text, the characters that PyYAML refuses or takes for a line break, and texts in quotes.
//!
//! What is refused is refused before the parser sees the text, so that it and PyYAML see the same lines.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;
use crate::python::is_hidden;
use crate::source::{SourceFile, Span};

/// The largest contract that is read. The largest of the framework's own has 38 KB.
pub const MAX_BYTES: usize = 1024 * 1024;

/// More findings of one kind than this help nobody.
const MOST_SHOWN: usize = 10;

/// Turns the bytes of a file into its text.
///
/// # Errors
/// The file is larger than [`MAX_BYTES`], or is not UTF-8.
pub fn text_of(bytes: &[u8], shown_path: &str) -> Result<SourceFile, Box<Diagnostic>> {
    if bytes.len() > MAX_BYTES {
        return Err(Box::new(too_large(&SourceFile::new(shown_path, ""), bytes.len())));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(SourceFile::new(shown_path, text)),
        Err(error) => Err(Box::new(not_utf8(bytes, error.valid_up_to(), shown_path))),
    }
}

fn not_utf8(bytes: &[u8], valid: usize, shown_path: &str) -> Diagnostic {
    let file = SourceFile::new(shown_path, String::from_utf8_lossy(bytes));
    let wide = [&[0xFF, 0xFE][..], &[0xFE, 0xFF], &[0, 0, 0xFE, 0xFF]];
    if wide.iter().any(|mark| bytes.starts_with(mark)) {
        let message =
            format!("`{shown_path}` is UTF-16 or UTF-32, and contracts are read as UTF-8");
        return Diagnostic::error("yaml-encoding", &file, Span::default(), message)
            .help("save the file as UTF-8");
    }
    // Before the first bad byte the lossy text is the text, so its place is the same in both.
    let start = u32::try_from(valid).unwrap_or(u32::MAX);
    let replaced = u32::try_from(char::REPLACEMENT_CHARACTER.len_utf8()).unwrap_or_default();
    let byte = bytes.get(valid).copied().unwrap_or_default();
    let line = file.position(start).line;
    let message = format!("line {line} of `{shown_path}` is not UTF-8: byte 0x{byte:02X}");
    Diagnostic::error("yaml-encoding", &file, Span::new(start, start + replaced), message)
        .label("this byte belongs to no UTF-8 character")
        .help("save the file as UTF-8; it may be Latin-1 or Windows-1252 now")
}

fn too_large(file: &SourceFile, bytes: usize) -> Diagnostic {
    let message =
        format!("`{}` has {bytes} bytes, and no contract needs more than {MAX_BYTES}", file.path());
    Diagnostic::error("yaml-too-large", file, Span::default(), message)
        .help("check that this is a contract; data belongs in files of its own")
}

/// Refuses what must not reach the parser.
pub(super) fn check(file: &SourceFile) -> Result<(), Vec<Diagnostic>> {
    if file.text().len() > MAX_BYTES {
        return Err(vec![too_large(file, file.text().len())]);
    }
    let is_plain = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~');
    if file.text().bytes().all(is_plain) {
        return Ok(());
    }
    let refused: Vec<_> = file
        .text()
        .char_indices()
        .filter_map(|(at, character)| Some((at, character, reason(character)?)))
        .take(MOST_SHOWN)
        .map(|(at, character, reason)| unreadable(file, at, character, reason))
        .collect();
    if refused.is_empty() { Ok(()) } else { Err(refused) }
}

fn unreadable(file: &SourceFile, at: usize, character: char, reason: &str) -> Diagnostic {
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    let end = u32::try_from(at + character.len_utf8()).unwrap_or(u32::MAX);
    let code = u32::from(character);
    Diagnostic::error(
        "yaml-character",
        file,
        Span::new(start, end),
        format!("the character U+{code:04X} {reason}"),
    )
    .help(format!("delete it, or write `\\u{code:04X}` inside double quotes"))
}

/// Why a character may not stand in the text, if it may not.
fn reason(character: char) -> Option<&'static str> {
    match character {
        // In YAML 1.1 these end a line, a comment too, so that what follows them is read as YAML.
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some("is a line break to PyYAML, and to no editor"),
        '\t' | '\n' | '\r' | ' '..='\u{7E}' | '\u{A0}'..='\u{FFFD}' => None,
        '\u{10000}'.. => None,
        _ => Some("is invisible, and PyYAML refuses it"),
    }
}

/// A text in double quotes, as YAML 1.1 and 1.2 both read it: what does not print is escaped.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if !is_hidden(c) && !matches!(c, '\u{fffe}' | '\u{ffff}') => quoted.push(c),
            c => {
                let _ = match u32::from(c) {
                    code @ 0..=0xFF => write!(quoted, "\\x{code:02X}"),
                    code @ 0x100..=0xFFFF => write!(quoted, "\\u{code:04X}"),
                    code => write!(quoted, "\\U{code:08X}"),
                };
            }
        }
    }
    quoted.push('"');
    quoted
}
