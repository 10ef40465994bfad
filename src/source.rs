//! Text with a name, and places in it.
//!
//! In: the bytes of a file as they were read. Out: [`SourceFile`] (the text, its display path, its lines),
//! [`Span`] (a byte range) and [`Spanned`] (a value that knows where it stands). Knows nothing of the
//! file system: whoever reads the file gives its path for display.

use std::fmt;
use std::sync::{Arc, OnceLock};

/// A range of bytes in the text of one [`SourceFile`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`, in bytes.
    #[must_use]
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The same range for indexing a text.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value together with the place that it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands in its file.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Puts a value at its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// Another value at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}

/// One text file as it was read: its name for messages, its text, and where its lines begin.
///
/// Cheap to clone, so that every label of a diagnostic can hold the file that it points into.
#[derive(Clone)]
pub struct SourceFile(Arc<Inner>);

struct Inner {
    path: String,
    text: String,
    /// Found when first asked for: most files have nothing to be pointed at.
    line_starts: OnceLock<Vec<u32>>,
}

impl Inner {
    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let newlines = self.text.match_indices('\n');
            let starts = newlines.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(starts).collect()
        })
    }
}

/// A position for people and tools: both count from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
}

impl SourceFile {
    /// A file with the path to show in messages.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let (path, text) = (path.into(), text.into());
        Self(Arc::new(Inner { path, text, line_starts: OnceLock::new() }))
    }

    /// The path as it is shown in messages.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The text that a span covers; empty where the span does not fit the text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.0.text.get(span.range()).unwrap_or_default()
    }

    /// The text of a line, counted from 1, without its line end; the end of the text for lines that are not
    /// there.
    #[must_use]
    pub fn span_of_line(&self, line: usize) -> Span {
        let end_of_text = u32::try_from(self.0.text.len()).unwrap_or(u32::MAX);
        let start_of = |line: usize| self.0.line_starts().get(line).copied().unwrap_or(end_of_text);
        let start = start_of(line.saturating_sub(1));
        let span = Span::new(start, start_of(line));
        let length = self.slice(span).trim_end_matches(['\n', '\r']).len();
        Span::new(start, start + u32::try_from(length).unwrap_or_default())
    }

    /// Line and column of a byte offset; offsets behind the end give the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let line = self.0.line_starts().partition_point(|start| *start <= offset).max(1);
        let start = self.0.line_starts().get(line - 1).copied().unwrap_or_default() as usize;
        let end = (offset as usize).min(self.0.text.len());
        let before = self.0.text.get(start..end).unwrap_or_default();
        Position { line, column: before.chars().count() + 1 }
    }
}

impl fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceFile({})", self.0.path)
    }
}

impl PartialEq for SourceFile {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.path == other.0.path && self.0.text == other.0.text)
    }
}

impl Eq for SourceFile {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let file = SourceFile::new("a.yaml", "a: 1\nnäme: ü\n");
        assert_eq!(file.position(0), Position { line: 1, column: 1 });
        assert_eq!(file.position(5), Position { line: 2, column: 1 });
        // `ä` takes two bytes and one column.
        assert_eq!(file.position(8), Position { line: 2, column: 3 });
        assert_eq!(file.position(9999).line, 3);
    }

    #[test]
    fn a_span_that_does_not_fit_gives_no_text() {
        let file = SourceFile::new("a.yaml", "abc");
        assert_eq!(file.slice(Span::new(1, 2)), "b");
        assert_eq!(file.slice(Span::new(2, 9)), "");
    }
}
