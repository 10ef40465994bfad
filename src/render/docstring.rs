//! Docstrings put together from a summary, paragraphs and blocks of code.
//!
//! The text may come from a contract; it is wrapped here and escaped by [`DocText`] at the end.

use unicode_width::UnicodeWidthStr;

use crate::python::{DocText, paragraphs, sentence, wrap};

/// A docstring that is being written.
#[derive(Clone, Debug)]
pub(super) struct Docstring {
    width: usize,
    lines: Vec<String>,
}

impl Docstring {
    /// Begins with the first of the summaries that fits on one line together with its quotes, else the last.
    ///
    /// `indent` is how far the docstring is indented, in columns.
    pub(super) fn new<'a>(
        line_length: u16,
        indent: usize,
        summaries: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let width = usize::from(line_length).saturating_sub(indent).max(20);
        let mut summary = String::new();
        for candidate in summaries {
            summary = sentence(&paragraphs(candidate).join(" "));
            if !summary.is_empty() && summary.width() + 6 <= width {
                break;
            }
        }
        Self { width, lines: vec![summary] }
    }

    /// The summary is the description where that is one short sentence; otherwise `fallback` is, and the
    /// description follows in full.
    pub(super) fn of_description(
        line_length: u16,
        indent: usize,
        description: &str,
        fallback: &str,
    ) -> Self {
        let doc = Self::new(line_length, indent, [description]);
        let parts = paragraphs(description);
        let fits = doc.lines.first().is_some_and(|line| line.width() + 6 <= doc.width);
        match parts.split_first() {
            Some((_, rest)) if rest.is_empty() && fits => doc,
            Some((first, rest)) => {
                let summary = Self::new(line_length, indent, [first.as_str()]);
                let first_fits =
                    summary.lines.first().is_some_and(|l| l.width() + 6 <= summary.width);
                if first_fits {
                    rest.iter().fold(summary, |doc, part| doc.paragraph(part))
                } else {
                    let doc = Self::new(line_length, indent, [fallback]);
                    parts.iter().fold(doc, |doc, part| doc.paragraph(&sentence(part)))
                }
            }
            None => Self::new(line_length, indent, [fallback]),
        }
    }

    /// Adds a paragraph, wrapped.
    pub(super) fn paragraph(mut self, text: &str) -> Self {
        self.lines.push(String::new());
        self.lines.extend(wrap(text, self.width));
        self
    }

    /// Adds a heading with indented lines below it.
    pub(super) fn block(mut self, heading: &str, lines: impl IntoIterator<Item = String>) -> Self {
        self = self.paragraph(heading);
        self.lines.extend(lines.into_iter().map(|line| format!("    {line}")));
        self
    }

    /// Adds a heading with numbered items below it, each wrapped.
    pub(super) fn numbered(mut self, heading: &str, items: &[String]) -> Self {
        self = self.paragraph(heading);
        for (index, item) in items.iter().enumerate() {
            let number = format!("{}. ", index + 1);
            let hanging = " ".repeat(number.len());
            let width = self.width.saturating_sub(4 + number.len()).max(20);
            for (at, line) in wrap(item, width).into_iter().enumerate() {
                let lead = if at == 0 { &number } else { &hanging };
                self.lines.push(format!("    {lead}{line}"));
            }
        }
        self
    }

    /// The docstring; the closing quotes of one with several lines stand on a line of their own.
    pub(super) fn finish(self) -> DocText {
        let several = self.lines.len() > 1;
        let mut text = self.lines.join("\n");
        if several {
            text.push('\n');
        }
        DocText::new(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_description_is_the_summary() {
        let doc = Docstring::of_description(88, 4, "Coordinates orders", "Node x.");
        assert_eq!(doc.finish().as_str(), "\"\"\"Coordinates orders.\"\"\"");
    }

    #[test]
    fn a_long_one_follows_below() {
        let doc = Docstring::of_description(
            40,
            4,
            "A rather long description of what it does",
            "Node x.",
        );
        assert_eq!(
            doc.finish().as_str(),
            "\"\"\"Node x.\n\nA rather long description of what it\ndoes.\n\"\"\""
        );
    }

    #[test]
    fn items_hang() {
        let doc = Docstring::new(40, 4, ["S."])
            .numbered("Steps:", &["one two three four five six".into()]);
        assert_eq!(
            doc.finish().as_str(),
            "\"\"\"S.\n\nSteps:\n    1. one two three four five six\n\"\"\""
        );
    }
}
