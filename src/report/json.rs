//! A report for programs: one JSON object on standard output.
//!
//! The shape is a promise: fields are only ever added, and whatever else changes raises [`VERSION`].

use std::fmt::Write as _;
use std::io::{self, Write as _};

use serde::Serialize;

use super::{Listing, Problem, Report, changes};
use crate::diagnostic::{Diagnostic, Label};
use crate::plan::{Change, Drift, FileChange};
use crate::python::is_hidden;
use crate::workspace::shown;

/// The version of the shape.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    kind: &'static str,
    command: &'a str,
    success: bool,
    dry_run: bool,
    written: bool,
    changes: Vec<ChangeEntry>,
    diagnostics: Vec<Finding>,
    next_steps: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
}

#[derive(Serialize)]
struct ChangeEntry {
    path: String,
    change: &'static str,
    ownership: &'static str,
    /// What is in the way; for conflicts alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Where the file was; for moves alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// Why, in a few words each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
    /// What kind of difference this is to `onex check`.
    #[serde(skip_serializing_if = "Option::is_none")]
    drift: Option<&'static str>,
    /// Lines that somebody wrote and that go with this.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lost: Vec<String>,
    /// The change as a unified diff, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

#[derive(Serialize)]
struct Finding {
    rule: &'static str,
    severity: &'static str,
    message: String,
    /// Nothing where the trouble is in no file; so are the four numbers.
    #[serde(flatten)]
    place: Place,
    help: Option<String>,
    related: Vec<Related>,
}

#[derive(Default, Serialize)]
struct Place {
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

#[derive(Serialize)]
struct Related {
    message: String,
    #[serde(flatten)]
    place: Place,
}

/// Prints the reports of one run as one document.
///
/// # Errors
/// When standard output cannot be written.
pub fn print(reports: &[Report]) -> io::Result<()> {
    io::stdout().lock().write_all(text(&document(reports))?.as_bytes())
}

/// A document as text. What does not print is escaped: what is meant for a program is looked at in a terminal too.
pub(super) fn text(document: &impl Serialize) -> io::Result<String> {
    let mut text = String::new();
    for character in serde_json::to_string_pretty(document)?.chars() {
        // Line breaks are layout; those of a text are escaped already.
        if is_hidden(character) && character != '\n' {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(character);
        }
    }
    text.push('\n');
    Ok(text)
}

fn document(reports: &[Report]) -> Document<'_> {
    let is_findings = reports.iter().any(|report| report.listing == Listing::Findings);
    let changes = |report: &Report| -> Vec<ChangeEntry> {
        report.plan.changes.iter().map(|change| entry(report, change)).collect()
    };
    let findings = |report: &Report| -> Vec<Finding> {
        let problems = report.problems.iter().map(Finding::from);
        problems.chain(report.diagnostics.iter().map(Finding::from)).collect()
    };
    let summaries: Vec<&str> =
        reports.iter().filter_map(|report| report.summary.as_deref()).collect();
    Document {
        version: VERSION,
        kind: if is_findings { "findings" } else { "plan" },
        command: reports.first().map(|report| report.command).unwrap_or_default(),
        success: reports.iter().all(Report::succeeded),
        dry_run: reports.iter().any(|report| report.dry_run),
        written: reports.iter().any(|report| report.written),
        changes: reports.iter().flat_map(changes).collect(),
        diagnostics: reports.iter().flat_map(findings).collect(),
        next_steps: texts(reports, |report| &report.next_steps),
        notes: texts(reports, |report| &report.notes),
        summary: (!summaries.is_empty()).then(|| summaries.join("; ")),
    }
}

fn texts(reports: &[Report], of: impl Fn(&Report) -> &Vec<String>) -> Vec<&str> {
    reports.iter().flat_map(of).map(String::as_str).collect()
}

fn entry(report: &Report, file: &FileChange) -> ChangeEntry {
    let (change, reason) = match &file.change {
        Change::Created { .. } => ("created", None),
        Change::Updated { .. } => ("updated", None),
        Change::Moved { .. } => ("moved", None),
        Change::Kept => ("kept", None),
        Change::LeftOut => ("left-out", None),
        Change::Removed { .. } => ("removed", None),
        Change::Orphaned => ("orphaned", None),
        Change::Conflict(obstacle) => ("conflict", Some(obstacle.to_string())),
    };
    let from = match &file.change {
        Change::Moved { from, .. } => Some(shown(&report.root, from)),
        _ => None,
    };
    ChangeEntry {
        path: shown(&report.root, &file.path),
        change,
        ownership: file.ownership.as_str(),
        reason,
        from,
        reasons: file.reasons.clone(),
        drift: file.drift.map(Drift::as_str),
        lost: file.lost.clone(),
        diff: report.diff.then(|| changes::diff(report, file)).filter(|diff| !diff.is_empty()),
    }
}

impl From<&Problem> for Finding {
    fn from(problem: &Problem) -> Self {
        Self {
            rule: problem.rule,
            severity: problem.severity.as_str(),
            message: problem.message.clone(),
            place: Place { file: problem.file.clone(), ..Place::default() },
            help: problem.help.clone(),
            related: Vec::new(),
        }
    }
}

impl From<&Diagnostic> for Finding {
    fn from(diagnostic: &Diagnostic) -> Self {
        let related = |label: &Label| Related { message: label.text.clone(), place: label.into() };
        Self {
            rule: diagnostic.rule,
            severity: diagnostic.severity.as_str(),
            message: diagnostic.message.clone(),
            place: Place::from(&diagnostic.primary),
            help: diagnostic.help.clone(),
            related: diagnostic.related.iter().map(related).collect(),
        }
    }
}

impl From<&Label> for Place {
    fn from(label: &Label) -> Self {
        let start = label.file.position(label.span.start);
        let end = label.file.position(label.span.end);
        Self {
            file: Some(label.file.path().to_owned()),
            line: Some(start.line),
            column: Some(start.column),
            end_line: Some(end.line),
            end_column: Some(end.column),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::plan::{Obstacle, Plan};
    use crate::render::Ownership;
    use crate::source::{SourceFile, Span};
    use crate::workspace::RelPath;

    #[test]
    fn what_does_not_print_is_escaped_and_means_the_same() {
        let hostile = "a\u{1b}[2J\u{9b}1m\u{7f}\n\u{202e}\u{e0041}\u{2028}\"\\";
        let text = text(&serde_json::json!({ hostile: [hostile] })).unwrap();
        assert!(!text.contains(|c| is_hidden(c) && c != '\n'), "{text:?}");
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back, serde_json::json!({ hostile: [hostile] }));
    }

    #[test]
    fn the_shape_is_the_promised_one() {
        let file = SourceFile::new("c.yaml", "a: 1\nb: 2\n");
        let at = |path: &str, ownership, change| {
            FileChange::new(RelPath::parse(path).unwrap(), ownership, change)
        };
        let report = Report {
            command: "new",
            root: "../shop".into(),
            plan: Arc::new(Plan {
                changes: vec![
                    at("a.py", Ownership::Generated, Change::Created { text: String::new() }),
                    at("b.py", Ownership::Yours, Change::Conflict(Obstacle::Folder)),
                ],
            }),
            diagnostics: vec![
                Diagnostic::warning("odd", &file, Span::new(5, 6), "odd")
                    .related(Span::new(0, 1), "first")
                    .help("mend it"),
            ],
            problems: vec![Problem::new("conflict", "in the way").about("b.py").help("move it")],
            next_steps: vec!["cd shop".to_owned()],
            ..Report::default()
        };
        let json = serde_json::to_value(document(&[report])).unwrap();
        let expected = serde_json::json!({
            "version": 1, "kind": "plan", "command": "new",
            "success": false, "dry_run": false, "written": false,
            "changes": [
                {"path": "../shop/a.py", "change": "created", "ownership": "generated"},
                {"path": "../shop/b.py", "change": "conflict", "ownership": "yours",
                 "reason": "a folder stands there"},
            ],
            "diagnostics": [
                {"rule": "conflict", "severity": "error", "message": "in the way", "file": "b.py",
                 "line": null, "column": null, "end_line": null, "end_column": null,
                 "help": "move it", "related": []},
                {"rule": "odd", "severity": "warning", "message": "odd", "file": "c.yaml",
                 "line": 2, "column": 1, "end_line": 2, "end_column": 2, "help": "mend it",
                 "related": [{"message": "first", "file": "c.yaml", "line": 1, "column": 1,
                              "end_line": 1, "end_column": 2}]},
            ],
            "next_steps": ["cd shop"],
        });
        assert_eq!(json, expected);
    }
}
