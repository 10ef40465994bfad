//! The three-way merge of one run of items: lines, logical lines, or whole members.
//!
//! In: the items of base, yours and theirs, equal where their keys are. Out: [`Chunk`]s of the merged text.
//! Two changes conflict where they touch the same item of the base, or put something in the same place;
//! changes side by side both apply. Finding what is equal is left to `similar`; its own merge knows lines
//! alone, and takes neighbouring changes for a conflict.

use std::collections::BTreeSet;
use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::conflict::{Hunk, Version};
use super::outline::{Element, ElementKind, Keys, Lines};

/// A part of the merged text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chunk {
    Line(String),
    /// The import text of that number, which is made when the rest is known.
    Slot(usize),
    Clash(Hunk),
}

/// What an [`Item`] stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    Code,
    Comment,
    /// A class or a function as a whole.
    Unit,
    Slot(usize),
    /// A member that one side deleted and the other changed.
    Clash(Hunk),
}

/// One item of a version.
#[derive(Clone, Debug)]
pub(super) struct Item<'a> {
    pub(super) kind: ItemKind,
    pub(super) key: u32,
    /// The key without comments.
    pub(super) code: u32,
    pub(super) comments: Vec<u32>,
    pub(super) blanks: Range<usize>,
    pub(super) lines: Range<usize>,
    pub(super) version: &'a Lines<'a>,
}

/// Three versions of something: base, yours, theirs.
pub(super) type Three<T> = [T; 3];

/// Where items stand, which decides whether their order matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Between members: two insertions in one place both apply.
    Members,
    /// Statements that run one after the other.
    Statements,
    /// The physical lines of statements.
    Lines,
}

/// What becomes of two changes side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// Both apply.
    Apply,
    /// They conflict, as git has it: for texts that come out wrong otherwise.
    Conflict,
}

impl<'a> Item<'a> {
    pub(super) fn element(element: &Element, version: &'a Lines<'a>) -> Self {
        Self {
            kind: match element.kind {
                ElementKind::Code => ItemKind::Code,
                ElementKind::Comment => ItemKind::Comment,
            },
            key: element.key,
            code: element.code,
            comments: element.comments.clone(),
            blanks: element.blanks.clone(),
            lines: element.lines.clone(),
            version,
        }
    }

    /// One physical line.
    pub(super) fn line(line: usize, version: &'a Lines<'a>, keys: &mut Keys) -> Self {
        let (code, comment) = version.split(line);
        let whole = version.all.get(line).copied().unwrap_or_default();
        let alone = comment.is_some() && code.is_empty();
        Self {
            kind: if alone { ItemKind::Comment } else { ItemKind::Code },
            key: keys.of(format!("={whole}")),
            code: keys.of(format!("={}", if alone { whole } else { code })),
            comments: comment.map(|comment| keys.of(comment.to_owned())).into_iter().collect(),
            blanks: line..line,
            lines: line..line + 1,
            version,
        }
    }

    fn put(&self, out: &mut Vec<Chunk>) {
        match &self.kind {
            ItemKind::Slot(slot) => out.push(Chunk::Slot(*slot)),
            ItemKind::Clash(hunk) => out.push(Chunk::Clash(hunk.clone())),
            ItemKind::Code | ItemKind::Comment | ItemKind::Unit => {
                put_lines(self.version.get(self.blanks.start..self.lines.end), out);
            }
        }
    }

    /// Its one comment; nothing where it has none or several.
    fn only_comment(&self) -> Option<(usize, &'a str)> {
        let mut found =
            self.lines.clone().filter_map(|line| Some((line, self.version.split(line).1?)));
        found.next().filter(|_| found.next().is_none())
    }
}

pub(super) fn put_lines(lines: &[&str], out: &mut Vec<Chunk>) {
    out.extend(lines.iter().map(|line| Chunk::Line((*line).to_owned())));
}

/// A place where one side differs from the base.
struct Change {
    base: Range<usize>,
    side: usize,
}

fn changes(base: &[Item<'_>], side: &[Item<'_>]) -> Vec<Change> {
    let keys = |items: &[Item<'_>]| items.iter().map(|item| item.key).collect::<Vec<u32>>();
    let mut changes: Vec<Change> = Vec::new();
    for operation in capture_diff_slices(Algorithm::Histogram, &keys(base), &keys(side)) {
        let (tag, old, new) = operation.as_tag_tuple();
        if tag == DiffTag::Equal {
            continue;
        }
        match changes.last_mut() {
            Some(last) if last.base.end == old.start => {
                last.base.end = old.end;
                last.side += new.len();
            }
            _ => changes.push(Change { base: old, side: new.len() }),
        }
    }
    changes
}

/// Whether a change belongs to a region: touches an item of it, or fills the same place.
fn belongs(change: &Change, region: &Range<usize>, beside: Beside) -> bool {
    let base = &change.base;
    match beside {
        Beside::Apply => base == region || (base.start < region.end && base.end > region.start),
        Beside::Conflict => base.start <= region.end && base.end >= region.start,
    }
}

/// The walk along the base.
struct Weaver<'w, 'a> {
    items: Three<&'w [Item<'a>]>,
    /// How far each version is told.
    at: Three<usize>,
    /// Where the run begins in the files, for hunks that hold nothing.
    start: Three<usize>,
    place: Place,
    beside: Beside,
    keys: &'w mut Keys,
}

/// Merges three runs; `start` is where they begin in their files, in lines.
pub(super) fn weave(
    items: Three<&[Item<'_>]>,
    start: Three<usize>,
    (place, beside): (Place, Beside),
    keys: &mut Keys,
    out: &mut Vec<Chunk>,
) {
    let [base, yours, theirs] = items;
    let (ours, others) = (changes(base, yours), changes(base, theirs));
    let (mut i, mut j) = (0, 0);
    let mut weaver = Weaver { items, at: [0; 3], start, place, beside, keys };
    loop {
        let begins = |change: &Change| (change.base.start, change.base.end);
        // Of two changes at one place an insertion comes before what replaces the items there.
        let next = ours.get(i).map(begins).into_iter().chain(others.get(j).map(begins)).min();
        let Some((from, to)) = next else { break };
        let mut region = from..to;
        let first = (i, j);
        loop {
            let change = if let Some(change) =
                ours.get(i).filter(|change| belongs(change, &region, beside))
            {
                i += 1;
                change
            } else if let Some(change) =
                others.get(j).filter(|change| belongs(change, &region, beside))
            {
                j += 1;
                change
            } else {
                break;
            };
            region.end = region.end.max(change.base.end);
        }
        let mine = ours.get(first.0..i).unwrap_or_default();
        let theirs = others.get(first.1..j).unwrap_or_default();
        weaver.stable(region.start, out);
        weaver.region(&region, mine, theirs, out);
    }
    weaver.stable(base.len(), out);
}

impl<'a> Weaver<'_, 'a> {
    /// Tells what all three have, up to a place of the base.
    fn stable(&mut self, until: usize, out: &mut Vec<Chunk>) {
        while let [base, yours, theirs] = self.at
            && base < until
        {
            let [b, y, t] = self.items;
            if let (Some(b), Some(y), Some(t)) = (b.get(base), y.get(yours), t.get(theirs)) {
                put_same(b, y, t, out);
            }
            self.at = [base + 1, yours + 1, theirs + 1];
        }
    }

    /// Tells a region that one or both sides changed.
    fn region(
        &mut self,
        region: &Range<usize>,
        ours: &[Change],
        others: &[Change],
        out: &mut Vec<Chunk>,
    ) {
        let length = |changes: &[Change]| {
            let gone: usize = changes.iter().map(|change| change.base.len()).sum();
            region.len() - gone + changes.iter().map(|change| change.side).sum::<usize>()
        };
        let lengths = [region.len(), length(ours), length(others)];
        let mut parts: Three<&[Item<'a>]> = [&[]; 3];
        for (((part, items), at), length) in
            parts.iter_mut().zip(self.items).zip(&mut self.at).zip(lengths)
        {
            *part = items.get(*at..*at + length).unwrap_or_default();
            *at += length;
        }
        if others.is_empty() {
            put_run(parts, 1, out);
        } else if ours.is_empty() {
            put_run(parts, 2, out);
        } else if let Some(chunks) = self.resolve(parts) {
            out.extend(chunks);
        } else {
            self.clash(parts, out);
        }
    }

    /// Settles a region that both sides changed, where that can be done without a guess.
    fn resolve(&mut self, parts: Three<&[Item<'a>]>) -> Option<Vec<Chunk>> {
        let [base, yours, theirs] = parts;
        let mut out = Vec::new();
        if same_keys(yours, theirs) || same_keys(base, theirs) {
            put_all(yours, &mut out);
            return Some(out);
        }
        if same_keys(base, yours) {
            put_all(theirs, &mut out);
            return Some(out);
        }
        if self.place == Place::Members
            && let Some(chunks) = self.around_units(parts)
        {
            return Some(chunks);
        }
        if base.is_empty()
            && (self.place == Place::Members || all_comments(yours) || all_comments(theirs))
        {
            put_all(yours, &mut out);
            let here: BTreeSet<u32> = yours.iter().map(|item| item.key).collect();
            theirs
                .iter()
                .filter(|item| !here.contains(&item.key))
                .for_each(|item| item.put(&mut out));
            return Some(out);
        }
        if self.place != Place::Lines {
            // One side did what the other did, and more.
            for (less, more) in [(theirs, yours), (yours, theirs)] {
                // Code that both removed may have become a comment on one side.
                if is_part(less, more) && (!less.is_empty() || all_comments(more)) {
                    put_all(more, &mut out);
                    return Some(out);
                }
            }
        }
        // Line by line first: a comment inside a statement of several lines stays at its line.
        self.by_lines(parts)
            .or_else(|| with_remarks(base, (yours, true), theirs))
            .or_else(|| with_remarks(base, (theirs, false), yours))
    }

    /// Units at either end of both sides stand for themselves; what is between them may be mergeable.
    fn around_units(&mut self, parts: Three<&[Item<'a>]>) -> Option<Vec<Chunk>> {
        let [base, yours, theirs] = parts;
        let unit = |item: &Item<'_>| matches!(item.kind, ItemKind::Unit | ItemKind::Clash(_));
        let split = |items: &'_ [Item<'a>]| -> (usize, usize) {
            let lead = items.iter().take_while(|item| unit(item)).count();
            let rest = items.get(lead..).unwrap_or_default();
            (lead, items.len() - rest.iter().rev().take_while(|item| unit(item)).count())
        };
        let (y, t) = (split(yours), split(theirs));
        if y == (0, yours.len()) && t == (0, theirs.len()) {
            return None;
        }
        let middle_y = yours.get(y.0..y.1).unwrap_or_default();
        let middle_t = theirs.get(t.0..t.1).unwrap_or_default();
        let mut out = Vec::new();
        put_all(yours.get(..y.0).unwrap_or_default(), &mut out);
        put_all(theirs.get(..t.0).unwrap_or_default(), &mut out);
        out.extend(self.resolve([base, middle_y, middle_t])?);
        put_all(yours.get(y.1..).unwrap_or_default(), &mut out);
        put_all(theirs.get(t.1..).unwrap_or_default(), &mut out);
        Some(out)
    }

    /// Merges the physical lines of statements that both sides changed.
    fn by_lines(&mut self, parts: Three<&[Item<'a>]>) -> Option<Vec<Chunk>> {
        let lines = |item: &Item<'_>| matches!(item.kind, ItemKind::Code | ItemKind::Comment);
        if self.place == Place::Lines || !parts.iter().all(|items| items.iter().all(lines)) {
            return None;
        }
        let [base, yours, theirs] = parts.map(|items| physical(items, self.keys));
        let mut out = Vec::new();
        let blanks = parts.map(|items| {
            items.first().map(|item| item.version.get(item.blanks.clone())).unwrap_or_default()
        });
        put_lines(pick_blanks(blanks), &mut out);
        let how = (Place::Lines, self.beside);
        weave([&base, &yours, &theirs], self.start, how, self.keys, &mut out);
        out.iter().all(|chunk| matches!(chunk, Chunk::Line(_))).then_some(out)
    }

    /// Tells a region that needs a decision; what both sides have at its ends needs none.
    fn clash(&self, parts: Three<&[Item<'a>]>, out: &mut Vec<Chunk>) {
        let [base, yours, theirs] = parts;
        let equal = |(y, t): &(&Item<'_>, &Item<'_>)| y.key == t.key;
        let before = yours.iter().zip(theirs).take_while(equal).count();
        let rest = |items: &'_ [Item<'a>]| items.len() - before;
        let after = (yours.iter().rev().zip(theirs.iter().rev()).take_while(equal).count())
            .min(rest(yours))
            .min(rest(theirs));
        put_all(yours.get(..before).unwrap_or_default(), out);
        let middle = |items: &'_ [Item<'a>]| before..items.len() - after;
        let hunk = Hunk {
            base: self.version(0, base),
            yours: self.version(1, yours.get(middle(yours)).unwrap_or_default()),
            theirs: self.version(2, theirs.get(middle(theirs)).unwrap_or_default()),
        };
        out.push(Chunk::Clash(hunk));
        put_all(yours.get(yours.len() - after..).unwrap_or_default(), out);
    }

    /// The lines of items; where there are none, the place where the walk is.
    fn version(&self, which: usize, items: &[Item<'_>]) -> Version {
        let of = |values: &Three<usize>| values.get(which).copied().unwrap_or_default();
        let told = of(&self.at);
        let here = self.items.get(which).and_then(|all| match told.checked_sub(1) {
            Some(last) => all.get(last).map(|item| item.lines.end),
            None => all.first().map(|item| item.blanks.start),
        });
        let fallback = here.unwrap_or_else(|| of(&self.start));
        hunk_version(items, fallback)
    }
}

/// The lines of items as a side of a hunk.
pub(super) fn hunk_version(items: &[Item<'_>], fallback: usize) -> Version {
    let first = items.first().map_or(fallback, |item| item.blanks.start);
    let lines = items.iter().flat_map(|item| item.version.get(item.blanks.start..item.lines.end));
    Version::new(first, lines.copied())
}

/// One side's run, in which the other side changed nothing but perhaps the blank lines before it.
fn put_run(parts: Three<&[Item<'_>]>, which: usize, out: &mut Vec<Chunk>) {
    let run = parts.get(which).copied().unwrap_or_default();
    let [Some(base), Some(yours), Some(theirs)] = parts.map(<[Item<'_>]>::first) else {
        put_all(run, out);
        return;
    };
    let blanks = [base, yours, theirs].map(|item| item.version.get(item.blanks.clone()));
    let movable = |item: &Item<'_>| !matches!(item.kind, ItemKind::Slot(_) | ItemKind::Clash(_));
    let (first, rest) = run.split_at(1.min(run.len()));
    for item in first {
        if movable(item) {
            put_lines(pick_blanks(blanks), out);
            put_lines(item.version.get(item.lines.clone()), out);
        } else {
            item.put(out);
        }
    }
    put_all(rest, out);
}

fn put_all(items: &[Item<'_>], out: &mut Vec<Chunk>) {
    items.iter().for_each(|item| item.put(out));
}

fn same_keys(a: &[Item<'_>], b: &[Item<'_>]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key)
}

fn all_comments(items: &[Item<'_>]) -> bool {
    items.iter().all(|item| item.kind == ItemKind::Comment)
}

/// Whether all of `less` is in `more`, in order.
fn is_part(less: &[Item<'_>], more: &[Item<'_>]) -> bool {
    let mut rest = more.iter();
    less.iter().all(|item| rest.any(|other| other.key == item.key))
}

/// An item that all three have: the user's layout, unless theirs has a new one.
fn put_same(b: &Item<'_>, y: &Item<'_>, t: &Item<'_>, out: &mut Vec<Chunk>) {
    if matches!(y.kind, ItemKind::Slot(_)) {
        y.put(out);
        return;
    }
    let of =
        |range: fn(&Item<'_>) -> Range<usize>| [b, y, t].map(|item| item.version.get(range(item)));
    put_lines(pick_blanks(of(|item| item.blanks.clone())), out);
    let [base, yours, theirs] = of(|item| item.lines.clone());
    put_lines(if base == theirs { yours } else { theirs }, out);
}

/// Blank lines are a matter of taste: the user's, where the user changed them.
pub(super) fn pick_blanks<'a, 'b>([base, yours, theirs]: Three<&'b [&'a str]>) -> &'b [&'a str] {
    if yours == base { theirs } else { yours }
}

/// The physical lines of items, without the blank lines before the first.
fn physical<'a>(items: &[Item<'a>], keys: &mut Keys) -> Vec<Item<'a>> {
    let mut lines = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let from = if index == 0 { item.lines.start } else { item.blanks.start };
        lines.extend((from..item.lines.end).map(|line| Item::line(line, item.version, keys)));
    }
    lines
}

/// Where one side changed no code but the other did: that code with the one side's comments and
/// insertions. `mine` says that the one side is the user.
fn with_remarks(
    base: &[Item<'_>],
    (remarks, mine): (&[Item<'_>], bool),
    code: &[Item<'_>],
) -> Option<Vec<Chunk>> {
    let plain = |items: &[Item<'_>]| items.iter().all(|item| item.kind == ItemKind::Code);
    let fits = |item: &Item<'_>| matches!(item.kind, ItemKind::Code | ItemKind::Comment);
    if base.len() != code.len() || !plain(base) || !plain(code) || !remarks.iter().all(fits) {
        return None;
    }
    let mut pairs = base.iter().zip(code).peekable();
    let mut out = Vec::new();
    for remark in remarks {
        if let Some((old, new)) = pairs.next_if(|(old, _)| old.code == remark.code) {
            let (yours, theirs) = if mine { (remark, new) } else { (new, remark) };
            let blanks = [old, yours, theirs].map(|item| item.version.get(item.blanks.clone()));
            put_lines(pick_blanks(blanks), &mut out);
            out.extend(remarked(old, remark, new)?.into_iter().map(Chunk::Line));
            continue;
        }
        // Code between two changed lines has no side to keep to.
        let inside = pairs.len() != 0 && pairs.len() != base.len();
        if inside && remark.kind == ItemKind::Code {
            return None;
        }
        remark.put(&mut out);
    }
    pairs.next().is_none().then_some(out)
}

/// The lines of `new` with the comment that `remark` has and `old` has not.
fn remarked(old: &Item<'_>, remark: &Item<'_>, new: &Item<'_>) -> Option<Vec<String>> {
    let mut lines: Vec<String> =
        new.version.get(new.lines.clone()).iter().map(|line| (*line).to_owned()).collect();
    if old.comments == remark.comments {
        return Some(lines);
    }
    if old.comments != new.comments || remark.comments.len() > 1 || old.comments.len() > 1 {
        return None;
    }
    if let Some((line, _)) = new.only_comment() {
        let (bare, _) = new.version.split(line);
        *lines.get_mut(line - new.lines.start)? = bare.to_owned();
    }
    if let Some((line, comment)) = remark.only_comment() {
        // A tool looks for it where the statement begins, unless the user put it at the end of several lines.
        let at_end = line > remark.lines.start || !lines.first()?.ends_with(['(', '[', '{']);
        let target = if at_end { lines.last_mut()? } else { lines.first_mut()? };
        target.push_str("  ");
        target.push_str(comment);
    }
    Some(lines)
}
