//! The three-way merge of one Python file: what was rendered last time, what the user made of it, and what is
//! rendered now.
//!
//! In: three texts and the names that the contract changed. Out: the merged text, or a [`Conflict`] to decide.
//! Knows nothing of files, locks or contracts.
//!
//! What holds of every merge, checked and not hoped for (`verify`):
//! - every line that the user added or changed is in the merged text; so is what theirs changed;
//! - if the three texts are Python, so is the merged one;
//! - where one side changed nothing, the other's text comes out byte for byte;
//! - merging again changes nothing.
//!
//! What fails a check is merged again as plain text, and is a conflict if that fails too.
//!
//! How: line ends are taken off (`ending`), renamed names followed in base and yours (`rename`), docstrings that the
//! user replaced left out of it (`docstring`), and the three texts read (`outline`). Members merge by name (`members`), imports and `__all__` as sets
//! (`imports`, `exports`), the rest as logical lines that are equal whatever their layout (`weave`).
//! A file with a syntax error is merged by its lines alone.

mod conflict;
mod docstring;
mod ending;
mod exports;
mod imports;
mod members;
mod outline;
mod rename;
mod verify;
mod weave;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use conflict::Piece;
pub use conflict::{Conflict, Hunk, Side, Version};
use ending::Ending;
use outline::{Keys, Lines, Outline, Typing, outline};
pub use rename::Rename;
use rename::Renames;
use weave::{Beside, Chunk, Item, Place, Three, weave};

use crate::search;

/// What is merged.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// What was rendered last time.
    pub base: &'a str,
    /// The user's file.
    pub yours: &'a str,
    /// What is rendered now.
    pub theirs: &'a str,
    /// The names that base and yours have differently from theirs.
    pub renames: &'a [Rename],
}

/// How a merge ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// One text that has what both sides want.
    Clean(Clean),
    /// Places that need a decision.
    Conflict(Conflict),
    /// The user's file still holds the markers of an earlier conflict, the first in this line (from 1).
    Marked {
        /// The line.
        line: usize,
    },
}

/// A finished merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clean {
    /// The merged file, with the user's line ends.
    pub text: String,
    /// How many lines of the user's own are in it: those that the base has not, blank ones left out.
    pub kept: usize,
    /// Uses of names that theirs no longer has, by their lines in the merged text.
    pub dropped: Vec<DroppedName>,
}

/// A name that the base had, that theirs no longer mentions, and that the user's code still uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DroppedName {
    /// Where it is used, from 1.
    pub line: usize,
    /// The name.
    pub name: String,
}

/// With more imported names than this a file is merged as plain text: each is compared with all.
const MAX_IMPORTS: usize = 2000;

/// Merges three versions of a file.
#[must_use]
pub fn merge(inputs: &Inputs<'_>) -> Merged {
    if let Some(line) = first_marker(inputs.yours) {
        return Merged::Marked { line };
    }
    let renames = Renames::new(inputs.renames);
    let texts = [inputs.base, inputs.yours, inputs.theirs].map(|text| ending::take(text).0);
    let renamed = |text: &str| {
        let paths = outline::imported_modules(text, |path| renames.of(path).map(str::to_owned));
        renames.apply(text, &paths)
    };
    let [base, yours, theirs] = &texts;
    let (new_base, new_yours) = (renamed(base), renamed(yours));
    let kept = added_lines(base, yours);
    let exactly = |text: &str, kept| {
        Merged::Clean(Clean { text: text.to_owned(), kept, dropped: Vec::new() })
    };
    if inputs.yours == inputs.base {
        return exactly(inputs.theirs, 0);
    }
    // Where theirs says the old names as before, the renames mean something else than this file.
    let unmoved = base == theirs && new_base != *base;
    let unchanged = inputs.base == inputs.theirs && (unmoved || new_yours == *yours);
    if inputs.yours == inputs.theirs || unchanged {
        return exactly(inputs.yours, kept);
    }
    let [base, yours] = if unmoved { [base, yours] } else { [&new_base, &new_yours] };
    // What does not parse is merged by its lines, and has no docstrings.
    let python = || [base, yours, theirs].iter().all(|text| outline::parses(text));
    let settled = docstring::settled(base, yours, theirs).filter(|_| python());
    let (base, theirs) = match &settled {
        Some((base, theirs)) => (base, theirs),
        None => (base, theirs),
    };
    let merger = Merger {
        endings: [inputs.base, inputs.yours, inputs.theirs].map(|text| ending::take(text).1),
        texts: [base, yours, theirs],
        kept,
    };
    merger.merge()
}

/// The line of a conflict marker that an earlier merge left, from 1.
///
/// Text that looks like one may stand in a string; a whole conflict may stand in a docstring.
pub fn first_marker(text: &str) -> Option<usize> {
    const MARKERS: [&str; 3] = ["<<<<<<<", "|||||||", ">>>>>>>"];
    if !MARKERS.iter().any(|marker| search::contains(text, marker)) {
        return None;
    }
    let is = |line: &str, marker: &str| {
        line.strip_prefix(marker)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\r']))
    };
    let lines = || text.lines().enumerate();
    let mut markers = lines().filter(|(_, line)| MARKERS.iter().any(|marker| is(line, marker)));
    let (first, _) = markers.next()?;
    let mut rest = lines();
    let whole = ["<<<<<<<", "=======", ">>>>>>>"]
        .iter()
        .all(|marker| rest.any(|(_, line)| is(line, marker)));
    (whole || !outline::parses(&ending::take(text).0)).then_some(first + 1)
}

/// How many lines a text has that another has not, blank ones left out.
fn added_lines(base: &str, yours: &str) -> usize {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in base.lines() {
        *counts.entry(line).or_insert(0) += 1;
    }
    let mut added = 0;
    for line in yours.lines() {
        match counts.get_mut(line) {
            Some(count) if *count > 0 => *count -= 1,
            Some(_) | None => added += usize::from(!line.trim().is_empty()),
        }
    }
    added
}

/// One merge: lines ended in `\n`, names as theirs has them.
struct Merger<'m> {
    texts: Three<&'m str>,
    endings: Three<Ending>,
    kept: usize,
}

impl Merger<'_> {
    fn merge(&self) -> Merged {
        let [base, yours, theirs] = self.texts;
        if base == yours {
            return self.clean(theirs);
        }
        if base == theirs || yours == theirs {
            return self.clean(yours);
        }
        let attempts = [Self::structured, Self::by_lines];
        let chunks = attempts
            .iter()
            .find_map(|attempt| {
                attempt(self, Beside::Apply).or_else(|| attempt(self, Beside::Conflict))
            })
            .unwrap_or_else(|| self.whole());
        match text_of(&chunks) {
            Some(text) => self.clean(&text),
            None => self.conflict(chunks),
        }
    }

    /// Merges what Python means; nothing where a text has no outline, or the result fails a check.
    fn structured(&self, beside: Beside) -> Option<Vec<Chunk>> {
        let mut keys = Keys::default();
        self.read(Typing::Imports, beside, &mut keys).unwrap_or_else(|| {
            let mut keys = Keys::default();
            self.read(Typing::Statement, beside, &mut keys).flatten()
        })
    }

    /// The same for one reading; nothing at all where that reading does not fit.
    fn read(&self, typing: Typing, beside: Beside, keys: &mut Keys) -> Option<Option<Vec<Chunk>>> {
        let [base, yours, theirs] = self.texts.map(|text| outline(text, typing, keys));
        let (Some(b), Some(y), Some(t)) = (base, yours, theirs) else { return Some(None) };
        // A rendered block that holds more than imports cannot be merged as a set.
        if !b.slots.iter().chain(&t.slots).all(|slot| slot.pure) {
            return None;
        }
        match (b.indent, y.indent, t.indent) {
            // The user has another indentation: so gets what theirs brings.
            (Some(old), Some(new), Some(same)) if old == same && old != new => {
                let (base, theirs) = (b.indented(old, new), t.indented(old, new));
                let (b, t) = (outline(&base, typing, keys), outline(&theirs, typing, keys));
                Some(b.zip(t).and_then(|(b, t)| merge_outlines([&b, &y, &t], typing, beside, keys)))
            }
            _ => Some(merge_outlines([&b, &y, &t], typing, beside, keys)),
        }
    }

    /// Merges plain lines; nothing where the result fails a check.
    fn by_lines(&self, beside: Beside) -> Option<Vec<Chunk>> {
        let mut keys = Keys::default();
        let lines = self.texts.map(Lines::new);
        let items = lines.each_ref().map(|lines| -> Vec<Item<'_>> {
            (0..lines.all.len()).map(|line| Item::line(line, lines, &mut keys)).collect()
        });
        let mut chunks = Vec::new();
        let runs = items.each_ref().map(Vec::as_slice);
        weave(runs, [0; 3], (Place::Lines, beside), &mut keys, &mut chunks);
        let Some(text) = text_of(&chunks) else { return Some(chunks) };
        let complete = verify::lines_hold(lines.each_ref(), &Lines::new(&text));
        let python = self.texts.iter().all(|text| outline::parses(text));
        (complete && (!python || outline::parses(&text))).then_some(chunks)
    }

    /// One hunk of all that differs.
    fn whole(&self) -> Vec<Chunk> {
        let [base, yours, theirs] =
            self.texts.map(|text| text.split_terminator('\n').collect::<Vec<&str>>());
        let equal = |((b, y), t): &((&&str, &&str), &&str)| b == y && y == t;
        let before = base.iter().zip(&yours).zip(&theirs).take_while(equal).count();
        let rest = |lines: &[&str]| lines.len() - before;
        let shortest = rest(&base).min(rest(&yours)).min(rest(&theirs));
        let ends = base.iter().rev().zip(yours.iter().rev()).zip(theirs.iter().rev());
        let after = ends.take(shortest).take_while(equal).count();
        let version = |lines: &[&str]| {
            let middle = lines.get(before..lines.len() - after).unwrap_or_default();
            Version::new(before, middle.iter().copied())
        };
        let hunk = Hunk { base: version(&base), yours: version(&yours), theirs: version(&theirs) };
        let mut chunks = Vec::new();
        weave::put_lines(yours.get(..before).unwrap_or_default(), &mut chunks);
        chunks.push(Chunk::Clash(hunk));
        weave::put_lines(yours.get(yours.len() - after..).unwrap_or_default(), &mut chunks);
        chunks
    }

    fn clean(&self, text: &str) -> Merged {
        let lines = || text.split_terminator('\n');
        let [base, yours, theirs] = self.endings;
        let ending =
            Ending::merged(base, yours, theirs, lines().next_back() == self.last_of_yours());
        let dropped = self.dropped(text);
        Merged::Clean(Clean { text: ending.put(lines()), kept: self.kept, dropped })
    }

    fn conflict(&self, chunks: Vec<Chunk>) -> Merged {
        let pieces = chunks.into_iter().filter_map(|chunk| match chunk {
            Chunk::Line(line) => Some(Piece::Line(line)),
            Chunk::Clash(hunk) => Some(Piece::Hunk(hunk)),
            Chunk::Slot(_) => None,
        });
        let [_, yours, _] = self.texts;
        let last = self.last_of_yours().unwrap_or_default();
        Merged::Conflict(Conflict::new(pieces.collect(), self.endings, last, self.dropped(yours)))
    }

    fn last_of_yours(&self) -> Option<&str> {
        let [_, yours, _] = self.texts;
        yours.split_terminator('\n').next_back()
    }

    /// Where a text uses names that base binds and theirs does not mention.
    fn dropped(&self, text: &str) -> Vec<DroppedName> {
        let mut keys = Keys::default();
        let [base, _, theirs] = self.texts;
        let mut read = |text| outline(text, Typing::Imports, &mut keys);
        let (Some(base), Some(theirs)) = (read(base), read(theirs)) else { return Vec::new() };
        let gone = base.names_bound_but_not_in(&theirs);
        if gone.is_empty() {
            return Vec::new();
        }
        let uses = match outline(text, Typing::Imports, &mut keys) {
            Some(outline) => outline.uses_of(&gone, &base),
            None => outline::words_of(text, &gone),
        };
        let name = |(line, name): (usize, String)| DroppedName { line: line + 1, name };
        uses.into_iter().map(name).collect()
    }
}

/// Merges three readings of a file, in one indentation, and checks the result.
fn merge_outlines(
    outlines: Three<&Outline<'_>>,
    typing: Typing,
    beside: Beside,
    keys: &mut Keys,
) -> Option<Vec<Chunk>> {
    let [_, yours, _] = outlines;
    let names =
        |slot: &outline::Slot| slot.statements.iter().map(|one| one.names.len() + 1).sum::<usize>();
    if outlines.iter().any(|outline| outline.slots.iter().map(names).sum::<usize>() > MAX_IMPORTS) {
        return None;
    }
    let count = yours.slots.len().max(1);
    let chunks = members::modules(outlines, count, beside, keys);
    let slots: Vec<usize> = chunks.iter().filter_map(slot_of).collect();
    if slots.len() != count || slots.iter().collect::<BTreeSet<_>>().len() != count {
        return None;
    }
    let texts = imports::merged(outlines, &outline::used_names(&body_of(&chunks)));
    let merged = filled(chunks, &texts, yours);
    let Some(text) = text_of(&merged) else { return Some(merged) };
    let result = outline(&text, typing, keys)?;
    verify::holds(outlines, &result).then_some(merged)
}

/// The chunks with the import texts in their places.
fn filled(chunks: Vec<Chunk>, texts: &[Vec<Chunk>], yours: &Outline<'_>) -> Vec<Chunk> {
    let mut merged = Vec::with_capacity(chunks.len());
    let mut above: Option<usize> = None;
    for chunk in chunks {
        match chunk {
            Chunk::Slot(slot) => {
                let text = texts.get(slot).map(Vec::as_slice).unwrap_or_default();
                merged.extend_from_slice(text);
                above = Some(slot).filter(|_| !text.is_empty());
            }
            Chunk::Line(ref line) => {
                // Theirs may have no imports, and so no blank lines below them.
                if let Some(slot) = above.take().filter(|_| !line.trim().is_empty()) {
                    let next = yours
                        .slots
                        .get(slot)
                        .and_then(|slot| yours.elements.get(slot.elements.end));
                    let blanks =
                        next.map(|next| yours.lines.get(next.blanks.clone())).unwrap_or_default();
                    weave::put_lines(blanks, &mut merged);
                }
                merged.push(chunk);
            }
            Chunk::Clash(_) => {
                above = None;
                merged.push(chunk);
            }
        }
    }
    merged
}

fn slot_of(chunk: &Chunk) -> Option<usize> {
    match chunk {
        Chunk::Slot(slot) => Some(*slot),
        Chunk::Line(_) | Chunk::Clash(_) => None,
    }
}

/// Everything but the imports, both sides of what is undecided.
fn body_of(chunks: &[Chunk]) -> String {
    let mut text = String::new();
    for chunk in chunks {
        let lines: Vec<&String> = match chunk {
            Chunk::Line(line) => vec![line],
            Chunk::Clash(hunk) => hunk.yours.lines.iter().chain(&hunk.theirs.lines).collect(),
            Chunk::Slot(_) => Vec::new(),
        };
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// The text of chunks that are all settled.
fn text_of(chunks: &[Chunk]) -> Option<String> {
    let settled = chunks.iter().all(|chunk| matches!(chunk, Chunk::Line(_)));
    settled.then(|| body_of(chunks))
}
