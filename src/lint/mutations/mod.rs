//! Mistakes made on purpose: whether each is found, by the rule that is meant and at its line.
//!
//! A clean generated node is changed in one place at a time. What the rule finds in the clean node does not count.

mod contract;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::registry;
use super::sample::Sample;
use crate::diagnostic::Diagnostic;

/// One mistake.
struct Mutation {
    /// The rule that finds it.
    rule: &'static str,
    /// What it is made in.
    base: Base,
    /// The file that it is made in.
    file: &'static str,
    /// The mistake.
    edit: Edit,
    /// The file that it is found in.
    found_in: &'static str,
    /// A text of the line that it is found at; `@after x: y` is the next line with `y` behind
    /// `x`.
    at: &'static str,
}

/// A clean node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Base {
    /// `snapshots/generate/order_payment`, in the envelope style.
    Order,
    /// `snapshots/generate/invoice_local`, in a style that RuntimeLocal runs.
    Local,
}

/// A change of one file.
enum Edit {
    /// The one place where a text stands.
    Replace { before: &'static str, after: &'static str },
    /// A new file.
    Write { text: &'static str },
}

impl Base {
    fn sample(self) -> Sample {
        match self {
            Self::Order => Sample::new(),
            Self::Local => Sample::local(),
        }
    }
}

impl Mutation {
    fn made(&self) -> Sample {
        let sample = self.base.sample();
        match &self.edit {
            Edit::Replace { before, after } => sample.edit(self.file, before, after),
            Edit::Write { text } => sample.file(self.file, text),
        }
    }

    /// The line that it is to be found at.
    fn line(&self, text: &str) -> usize {
        let at = match self.at.strip_prefix("@after ") {
            Some(marks) => {
                let (first, then) = marks.split_once(": ").unwrap();
                let first = text.find(first).unwrap_or_else(|| panic!("{}: no {first}", self.rule));
                first + text[first..].find(then).unwrap()
            }
            None => {
                let places = text.matches(self.at).count();
                assert_eq!(places, 1, "{}: `{}` is there {places} times", self.rule, self.at);
                text.find(self.at).unwrap()
            }
        };
        text[..at].matches('\n').count() + 1
    }
}

/// Every mistake of the contract, made.
pub(super) fn samples() -> impl Iterator<Item = Sample> {
    contract::CONTRACT
        .iter()
        .filter(|mutation| mutation.file == "contract.yaml")
        .map(Mutation::made)
}

#[test]
fn every_mistake_is_found_by_its_rule_at_its_line() {
    let mut clean: BTreeMap<Base, BTreeSet<(&str, String)>> = BTreeMap::new();
    let mut missed = Vec::new();
    for mutation in contract::CONTRACT {
        let known = clean.entry(mutation.base).or_insert_with(|| {
            let findings = mutation.base.sample().findings();
            findings.into_iter().map(|finding| (finding.rule, finding.message)).collect()
        });
        let made = mutation.made();
        let line = mutation.line(&made.read(mutation.found_in));
        let name = mutation.found_in.rsplit('/').next().unwrap();
        let is_it = |finding: &Diagnostic| {
            let file = &finding.primary.file;
            file.path().ends_with(name)
                && file.position(finding.primary.span.start).line == line
                && !known.contains(&(finding.rule, finding.message.clone()))
        };
        if !made.of_rule(mutation.rule).iter().any(is_it) {
            let lines = made.lines(mutation.rule);
            missed.push(format!("{} at {name}:{line}: found {lines:?}", mutation.rule));
        }
    }
    assert!(missed.is_empty(), "{} missed: {missed:#?}", missed.len());
}

#[test]
fn every_rule_of_the_contract_has_three_mistakes() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for mutation in contract::CONTRACT {
        assert!(registry::rule(mutation.rule).is_some(), "there is no rule {}", mutation.rule);
        *counts.entry(mutation.rule).or_default() += 1;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules/contract");
    for file in std::fs::read_dir(folder).unwrap() {
        let id = file.unwrap().path().file_stem().unwrap().to_str().unwrap().replace('_', "-");
        let count = counts.get(id.as_str()).copied().unwrap_or_default();
        assert!(id == "mod" || count >= 3, "{id} has {count} mistakes");
        assert!(id == "mod" || registry::rule(&id).is_some(), "{id} is not registered");
    }
}
