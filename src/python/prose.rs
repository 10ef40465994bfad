//! Plain text for docstrings: paragraphs, first sentences, wrapped lines.
//!
//! Works on the text as the contract holds it, before [`super::DocText`] escapes it.

use unicode_width::UnicodeWidthStr;

/// The paragraphs of a text, each on one line with single spaces.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines() {
        let words: Vec<&str> =
            line.split([' ', '\t', '\r']).filter(|word| !word.is_empty()).collect();
        match paragraphs.last_mut() {
            Some(open) if !words.is_empty() => {
                if !open.is_empty() {
                    open.push(' ');
                }
                open.push_str(&words.join(" "));
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// The text with a full stop, unless it ends like a sentence already.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() || text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{}.", text.trim_end_matches([':', ';', ',']))
    }
}

/// Breaks one paragraph into lines of at most `width` columns; a longer word stands alone.
#[must_use]
pub fn wrap(paragraph: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // Of the last line.
    let mut columns = 0;
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let more = if word.is_ascii() { word.len() } else { word.width() };
        match lines.last_mut() {
            Some(line) if columns + 1 + more <= width => {
                line.push(' ');
                line.push_str(word);
                columns += 1 + more;
            }
            _ => {
                lines.push(word.to_owned());
                columns = more;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_join_into_paragraphs() {
        assert_eq!(paragraphs("a\n  b\n\n\nc d\n"), ["a b", "c d"]);
        assert!(paragraphs(" \n\n").is_empty());
    }

    #[test]
    fn sentences_end() {
        assert_eq!(sentence("Done"), "Done.");
        assert_eq!(sentence("Done!"), "Done!");
        assert_eq!(sentence("Steps:"), "Steps.");
    }

    #[test]
    fn lines_wrap_by_width_not_bytes() {
        assert_eq!(wrap("aaa bbb ccc", 7), ["aaa bbb", "ccc"]);
        assert_eq!(wrap("中中 中中", 8), ["中中", "中中"]);
        assert_eq!(wrap("looooong a", 3), ["looooong", "a"]);
    }
}
