//! What must hold of a merged text, checked on every merge.
//!
//! In: base, yours, theirs and the merged text. Out: whether every line that one side added or changed is
//! there, and none that a side deleted or that would be there twice. Knows nothing of how the merge was made.
//!
//! A line counts by what it means: a logical line whose layout alone differs is the same, and where both
//! sides changed one statement its physical lines count. Comments count by themselves. Imports and `__all__`
//! count by the names that they bring. Indentation is never left out of account: the merge gives theirs the
//! user's indentation, never the user's lines another.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{Identity, identities};
use super::outline::{ElementKind, Lines, Outline, Segment, Unit, UnitKind};
use super::weave::Three;

/// How often each thing is there.
type Counts<K> = BTreeMap<K, usize>;

/// Whether a merged module has all that it must.
pub(super) fn holds(versions: Three<&Outline<'_>>, merged: &Outline<'_>) -> bool {
    let facts = versions.map(Facts::of);
    let result = Facts::of(merged);
    let [base, yours, theirs] = &facts;
    let code = |side: &Facts<'_>, other: &Facts<'_>| {
        let lost = missing([&base.lines, &side.lines, &other.lines], &result.lines);
        missing([&base.code, &side.code, &other.code], &result.code).into_iter().all(|key| {
            let lines = side.lines_of.get(&key);
            lines.is_some_and(|lines| lines.iter().all(|line| !lost.contains(line)))
        })
    };
    let doubled = spare([&base.code, &yours.code, &theirs.code], &result.code);
    let doubled_lines = spare([&base.lines, &yours.lines, &theirs.lines], &result.lines);
    let single = doubled.iter().all(|key| {
        let lines = result.lines_of.get(key);
        lines.is_some_and(|lines| lines.iter().all(|line| !doubled_lines.contains(line)))
    });
    let sets = |side: &Facts<'_>| {
        side.imports.iter().all(|one| base.imports.contains(one) || result.imports.contains(one))
            && side
                .exports
                .iter()
                .all(|one| base.exports.contains(one) || result.exports.contains(one))
    };
    let comments = |side: &Facts<'_>, other: &Facts<'_>| {
        missing([&base.comments, &side.comments, &other.comments], &result.comments).is_empty()
    };
    single
        && comments(yours, theirs)
        && comments(theirs, yours)
        && code(yours, theirs)
        && code(theirs, yours)
        && sets(yours)
        && sets(theirs)
}

/// Whether a text merged by lines has all that it must.
pub(super) fn lines_hold(versions: Three<&Lines<'_>>, merged: &Lines<'_>) -> bool {
    let counts = |lines: &Lines<'_>| -> Counts<String> {
        let mut counts = Counts::new();
        for line in lines.all.iter().filter(|line| !line.trim().is_empty()) {
            *counts.entry((*line).to_owned()).or_insert(0) += 1;
        }
        counts
    };
    let [base, yours, theirs] = &versions.map(counts);
    let result = counts(merged);
    missing([base, yours, theirs], &result).is_empty()
        && missing([base, theirs, yours], &result).is_empty()
        && spare([base, yours, theirs], &result).is_empty()
}

/// What one side added, and what it kept as the other did, that the result has too seldom.
fn missing<K: Ord + Clone>(
    [base, side, other]: Three<&Counts<K>>,
    result: &Counts<K>,
) -> BTreeSet<K> {
    let count = |counts: &Counts<K>, key: &K| counts.get(key).copied().unwrap_or_default();
    let lost = side.iter().filter(|(key, has)| {
        let before = count(base, key);
        let wanted = (**has + before.min(count(other, key))).saturating_sub(before);
        count(result, key) < wanted
    });
    lost.map(|(key, _)| key.clone()).collect()
}

/// What the result has more often than the two sides together account for.
fn spare<K: Ord + Clone>(
    [base, yours, theirs]: Three<&Counts<K>>,
    result: &Counts<K>,
) -> BTreeSet<K> {
    let count = |counts: &Counts<K>, key: &K| counts.get(key).copied().unwrap_or_default();
    let spare = result.iter().filter(|(key, has)| {
        let (yours, theirs) = (count(yours, key), count(theirs, key));
        let both = (yours + theirs).saturating_sub(count(base, key));
        **has > both.max(yours.min(theirs))
    });
    spare.map(|(key, _)| key.clone()).collect()
}

/// What a module says.
struct Facts<'a> {
    /// Logical lines, without comments.
    code: Counts<u32>,
    /// The physical lines of each.
    lines_of: BTreeMap<u32, Vec<&'a str>>,
    lines: Counts<&'a str>,
    comments: Counts<u32>,
    imports: BTreeSet<Identity>,
    exports: BTreeSet<&'a str>,
}

impl<'a> Facts<'a> {
    fn of(outline: &'a Outline<'a>) -> Self {
        let mut facts = Facts {
            code: Counts::new(),
            lines_of: BTreeMap::new(),
            lines: Counts::new(),
            comments: Counts::new(),
            imports: identities(outline).into_keys().collect(),
            exports: BTreeSet::new(),
        };
        for (element, is_set) in outline.elements.iter().zip(outline.is_set()) {
            for comment in &element.comments {
                *facts.comments.entry(*comment).or_insert(0) += 1;
            }
            if is_set || element.kind == ElementKind::Comment {
                continue;
            }
            *facts.code.entry(element.code).or_insert(0) += 1;
            for line in element.lines.clone() {
                let code = outline.lines.split(line).0.trim_end();
                if !code.trim().is_empty() {
                    *facts.lines.entry(code).or_insert(0) += 1;
                    facts.lines_of.entry(element.code).or_default().push(code);
                }
            }
        }
        for segment in &outline.segments {
            if let Segment::Unit(Unit { kind: UnitKind::Exports(exports), .. }) = segment {
                facts.exports.extend(exports.names.iter().map(|(name, _)| name.as_str()));
            }
        }
        facts
    }
}
