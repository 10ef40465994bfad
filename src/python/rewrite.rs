//! What a text says once it is edited: only the statements that the edits touch are taken apart again.
//!
//! In: a text taken apart, and the edits. Out: the text with them, and what the touched statements say now, beside what
//! they said. A module is its top-level statements one after the other, so that all others say what they said.

use std::ops::Range;

use ruff_python_ast::token::TokenKind;

use super::edit::{Edit, Source, edited, in_order};
use super::module::{Exports, Module, read};
use super::syntax::is_small;
use crate::source::Span;

/// A text after its edits.
pub(super) struct Rewritten {
    /// The whole text.
    pub(super) text: String,
    /// What the statements said that the edits touch: all of them, where those cannot be told apart from the others.
    pub(super) before: Module,
    /// What stands in their places now. Where something stands, is told of the places in these lines alone.
    pub(super) now: Module,
}

/// Whole lines at the top level, and the edits in them.
struct Touched {
    range: Range<usize>,
    edits: Vec<Edit>,
}

impl Source<'_> {
    /// The text with the edits, none of which overlap.
    pub(super) fn rewritten(self, edits: Vec<Edit>) -> Rewritten {
        let all = self.touched(edits);
        let (mut text, mut lines) = (String::with_capacity(self.text.len() + 64), String::new());
        let mut done = 0;
        for Touched { range, edits } in &all {
            let now = edited(self.text, range.clone(), edits);
            text.push_str(self.text.get(done..range.start).unwrap_or_default());
            text.push_str(&now);
            lines.push_str(&now);
            done = range.end;
        }
        text.push_str(self.text.get(done..).unwrap_or_default());

        let is_touched = |span: Span| {
            let at = span.start as usize;
            let behind = all.partition_point(|touched| touched.range.end <= at);
            all.get(behind).is_some_and(|touched| touched.range.contains(&at))
        };
        let is_fit = is_small(&text, self.token_count() + lines.len());
        let mut before = self.into_module();
        let now = read(&lines);
        // What exports is one thing, and where it stands in several places, the text is taken apart as a whole.
        let (is_one, stands) = match &before.exports {
            Exports::Absent => (true, false),
            Exports::Listed(list) => (true, !is_touched(list.statement)),
            Exports::Computed { .. } => (false, true),
        };
        if !is_fit || !is_one || stands && now.exports != Exports::Absent {
            let now = read(&text);
            return Rewritten { text, before, now };
        }
        before.imports.retain(|import| is_touched(import.span));
        before.definitions.retain(|name| is_touched(name.span));
        if stands {
            before.exports = Exports::Absent;
        }
        Rewritten { text, before, now }
    }

    fn touched(&self, edits: Vec<Edit>) -> Vec<Touched> {
        let mut all: Vec<Touched> = Vec::new();
        for edit in in_order(edits) {
            // A list of a thousand names is one statement, and is gone through once.
            if let Some(last) = all.last_mut().filter(|last| edit.range.end < last.range.end) {
                last.edits.push(edit);
                continue;
            }
            let range = self.whole_lines(&edit.range);
            match all.last_mut() {
                Some(last) if range.start <= last.range.end => {
                    last.range.start = last.range.start.min(range.start);
                    last.range.end = last.range.end.max(range.end);
                    last.edits.push(edit);
                }
                _ => all.push(Touched { range, edits: vec![edit] }),
            }
        }
        all
    }

    /// The lines that a range stands in and all the top-level statements in them.
    fn whole_lines(&self, range: &Range<usize>) -> Range<usize> {
        let is_end = |(kind, _): &(TokenKind, Range<usize>)| *kind == TokenKind::Newline;
        let before = self.tokens_before(range.start).find(is_end);
        let start = before.map_or(0, |(_, token)| token.end);
        let end = self.after_line(range.end);
        let first = self.body.partition_point(|statement| statement.range.end <= start);
        let behind = self.body.partition_point(|statement| statement.range.start < end);
        let statements = self.body.get(first..behind).unwrap_or_default();
        let first = statements.first().map_or(start, |first| first.range.start);
        let last = statements.last().map_or(end, |last| self.after_line(last.range.end));
        start.min(first)..end.max(last)
    }
}
