//! The three-way merge of a Python file, and the merge of an `__init__.py`.

use std::collections::BTreeSet;

use onex_scaffold::plan::merge::{Conflict, Inputs, Merged, Side, first_marker, merge};
use onex_scaffold::python::{MergeProblem, merge_init, module};

/// The line between the three versions.
const BETWEEN: &str = "\n%%%%\n";

/// No word of the user's is lost, what parsed parses, and merging again changes nothing.
///
/// The text is the base, the user's version and the new one.
pub fn holds(text: &str) {
    let mut versions = text.splitn(3, BETWEEN);
    let base = versions.next().unwrap_or_default();
    let yours = versions.next().unwrap_or(base);
    let theirs = versions.next().unwrap_or(base);
    three_way(base, yours, theirs);
    init(yours, theirs);
}

fn three_way(base: &str, yours: &str, theirs: &str) {
    match merged(base, yours, theirs) {
        Merged::Marked { line } => assert_eq!(first_marker(yours), Some(line)),
        Merged::Conflict(conflict) => conflicted(base, yours, &conflict),
        Merged::Clean(clean) => {
            let lost = lost(base, yours, &clean.text);
            assert!(lost.is_empty(), "{lost:?} are not in\n{}", clean.text);
            if [base, yours, theirs].iter().all(|text| parses(text)) {
                assert!(parses(&clean.text), "does not parse:\n{}", clean.text);
            }
            match merged(theirs, &clean.text, theirs) {
                Merged::Clean(again) => assert_eq!(again.text, clean.text),
                again => assert!(first_marker(&clean.text).is_some(), "{again:?}"),
            }
        }
    }
    match merged(base, base, theirs) {
        Merged::Clean(clean) => assert_eq!(clean.text, theirs),
        other => assert!(first_marker(base).is_some(), "{other:?}"),
    }
    match merged(base, yours, base) {
        Merged::Clean(clean) => assert_eq!(clean.text, yours),
        other => assert!(first_marker(yours).is_some(), "{other:?}"),
    }
}

fn merged(base: &str, yours: &str, theirs: &str) -> Merged {
    merge(&Inputs { base, yours, theirs, renames: &[] })
}

fn conflicted(base: &str, yours: &str, conflict: &Conflict) {
    assert!(conflict.hunks().count() > 0, "a conflict about nothing");
    let marked = conflict.with_markers();
    for text in [&marked, &conflict.resolved(Side::Yours)] {
        let lost = lost(base, yours, text);
        assert!(lost.is_empty(), "{lost:?} are not in\n{text}");
    }
    assert!(first_marker(&marked).is_some(), "the markers are not found:\n{marked}");
}

/// The user's own words that a text has not. An import may be split or joined, so that words count, not lines.
fn lost<'a>(base: &str, yours: &'a str, text: &str) -> BTreeSet<&'a str> {
    let (base, text) = (words(base), words(text));
    words(yours).into_iter().filter(|word| !base.contains(word) && !text.contains(word)).collect()
}

fn words(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.filter(|word| !word.is_empty()).collect()
}

fn parses(text: &str) -> bool {
    module::read(text).problems.is_empty()
}

fn init(existing: &str, rendered: &str) {
    match merge_init(existing, rendered) {
        Ok(merged) => {
            assert!(parses(&merged), "does not parse:\n{merged}");
            let lost = lost("", existing, &merged);
            assert!(lost.is_empty(), "{lost:?} are not in\n{merged}");
            assert_eq!(merge_init(&merged, rendered).as_ref(), Ok(&merged), "merging goes on");
        }
        Err(MergeProblem::Rendered(_)) => assert!(!parses(rendered)),
        Err(MergeProblem::Syntax(_)) => assert!(!parses(existing)),
        Err(problem) => assert!(!problem.to_string().is_empty()),
    }
}
