//! What is wrong with the user's input, as data.
//!
//! Every stage collects [`Diagnostic`]s and goes on as far as it can, so that one run names every mistake.
//! Nothing here prints: [`crate::report`] does.

use std::collections::BTreeMap;

use crate::source::{SourceFile, Span};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The command cannot do its work, or the result would not run.
    Error,
    /// The result is right, but probably not what was meant.
    Warning,
}

impl Severity {
    /// The word that messages and JSON use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A place in a file and what is to be seen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The file that the span belongs to.
    pub file: SourceFile,
    /// The place.
    pub span: Span,
    /// A few words beside the underline; may be empty.
    pub text: String,
}

/// One finding: a message that stands alone, where it stands, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// A stable kebab-case name of the kind of finding.
    pub rule: &'static str,
    /// What is wrong, understandable without the source line.
    pub message: String,
    /// Where it is wrong.
    pub primary: Label,
    /// Other places that belong to it, such as the first of two duplicates.
    pub related: Vec<Label>,
    /// The next step.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    #[must_use]
    pub fn error(
        rule: &'static str,
        file: &SourceFile,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            rule,
            message: message.into(),
            primary: Label { file: file.clone(), span, text: String::new() },
            related: Vec::new(),
            help: None,
        }
    }

    /// A warning at a place.
    #[must_use]
    pub fn warning(
        rule: &'static str,
        file: &SourceFile,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, file, span, message) }
    }

    /// Adds words beside the primary underline.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds another place of the same file.
    #[must_use]
    pub fn related(self, span: Span, text: impl Into<String>) -> Self {
        let file = self.primary.file.clone();
        self.related_in(&file, span, text)
    }

    /// Adds a place in another file.
    #[must_use]
    pub fn related_in(mut self, file: &SourceFile, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { file: file.clone(), span, text: text.into() });
        self
    }

    /// Adds the next step.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Whether this stops the command.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts findings by file, place and rule, and drops exact repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.primary.span, d.severity, d.rule);
        (a.primary.file.path(), key(a), &a.message).cmp(&(
            b.primary.file.path(),
            key(b),
            &b.message,
        ))
    });
    diagnostics.dedup();
}

/// More findings than this in one file are not shown.
pub const MOST_FINDINGS: usize = 1000;

/// Takes away all but the first findings of each file, and says so behind them: a file that was made to have a hundred
/// thousand mistakes must not keep whoever prints or reads them busy.
pub fn shorten(found: &mut Vec<Diagnostic>, most: usize) {
    let mut files: BTreeMap<String, (usize, Option<Diagnostic>)> = BTreeMap::new();
    found.retain(|finding| {
        let (told, more) = files.entry(finding.primary.file.path().to_owned()).or_default();
        *told += 1;
        if *told > most {
            let more = more.get_or_insert_with(|| more_from(finding));
            more.severity = more.severity.min(finding.severity);
        }
        *told <= most
    });
    found.extend(files.into_values().filter_map(|(_, more)| more));
}

/// That the findings from this one on are not shown.
fn more_from(next: &Diagnostic) -> Diagnostic {
    let (file, span) = (&next.primary.file, next.primary.span);
    Diagnostic::warning("too-many-findings", file, span, "more findings in this file are not shown")
        .label("the next of them")
        .help("mend those above, then run the command again")
}

/// A word is held against no more others than this.
const MOST_CANDIDATES: usize = 1000;

/// Whoever made more mistakes than this has to go without guesses at what was meant.
const MOST_GUESSES: usize = 100;

/// The closest of `candidates` to a word that is not among them, as long as not too much has been found already.
#[must_use]
pub fn guess<'a>(
    found: &[Diagnostic],
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if found.len() < MOST_GUESSES { nearest(word, candidates) } else { None }
}

/// The closest of `candidates` to a word that is not among them, for a "did you mean".
///
/// Gives nothing when no candidate is near: a wrong guess is worse than none.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= 4 * limit)
        .map(|candidate| (edit_distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters, without regard to case.
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = *cell;
            left = substituted.min(left + 1).min(diagonal + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("Flaw", "lawn"), 2);
    }

    #[test]
    fn only_near_words_are_offered() {
        assert_eq!(nearest("handels", ["handler", "handlers", "topic"]), Some("handlers"));
        assert_eq!(nearest("zzz", ["handler", "topic"]), None);
    }
}
