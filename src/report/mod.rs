//! What a run has to say, for people and for programs. The only code that prints.
//!
//! In: a [`Report`], which is data. Out: text on the terminal ([`human`]) or JSON ([`json`]). Paths are shown from
//! the working directory in both.

mod changes;
pub mod concise;
pub mod github;
pub mod human;
pub mod json;
pub mod progress;
pub mod sarif;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::{self, Diagnostic, Severity};
use crate::plan::Plan;
use crate::workspace::RelPath;

/// In which form a report is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: one object, whose `version` changes when its shape does.
    Json,
    /// For code scanning and editors: SARIF 2.1.0.
    Sarif,
    /// For GitHub: annotations of the workflow that runs this.
    Github,
    /// For people and editors: a line per finding.
    Concise,
}

/// Trouble that has no place in a file that was read: something is missing, in the way, or not to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How much it matters.
    pub severity: Severity,
    /// A stable kebab-case name of the kind of trouble.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// The file that it is about, if it is about one.
    pub file: Option<String>,
    /// The next step.
    pub help: Option<String>,
}

impl Problem {
    /// Trouble without a file.
    pub fn new(rule: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, rule, message: message.into(), file: None, help: None }
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Adds the next step.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds the file that it is about.
    #[must_use]
    pub fn about(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }
}

/// Everything that a run has to say.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The command, as it was typed.
    pub command: &'static str,
    /// Whether nothing was to be written in any case.
    pub dry_run: bool,
    /// Whether the plan was carried out.
    pub written: bool,
    /// The project's root as seen from the working directory.
    pub root: PathBuf,
    /// What was done, or would be.
    pub plan: Arc<Plan>,
    /// What is wrong in files that were read.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong elsewhere.
    pub problems: Vec<Problem>,
    /// Commands to run next, in order.
    pub next_steps: Vec<String>,
    /// The command that does the same without asking, where questions were asked.
    pub same_again: Option<String>,
    /// How the changes are listed.
    pub listing: Listing,
    /// Whether every change is shown as a unified diff.
    pub diff: bool,
    /// What was ambiguous, in sentences.
    pub notes: Vec<String>,
    /// The last line.
    pub summary: Option<String>,
}

/// Says something beside the report, in whatever form that is wanted.
pub fn notice(text: &str) {
    // Nobody is left to tell when this fails.
    let _ = writeln!(anstream::stderr(), "note: {}", human::visible(text));
}

/// How changes are listed for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listing {
    /// A verb before each, as something is made.
    #[default]
    Verbs,
    /// A mark before each and the reasons behind it, as something is changed.
    Marks,
    /// Not at all, but every problem is a finding too: what `onex check` is asked for.
    Drift,
    /// Not at all: the problems say it.
    Nothing,
    /// Not at all, and findings are the result: they go to standard output.
    Findings,
}

impl Report {
    /// Whether the command did what it was asked for.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        !self.problems.iter().any(|problem| problem.severity == Severity::Error)
            && !self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The plan, a line per file that changes, with styles: what [`Listing::Marks`] prints.
    #[must_use]
    pub fn listed(&self) -> String {
        changes::text(self)
    }

    /// What changes in one file, as a unified diff with styles; empty where nothing does.
    #[must_use]
    pub fn diff_of(&self, path: &RelPath) -> String {
        let of_file = self.plan.changes.iter().filter(|change| change.path == *path);
        of_file.map(|change| changes::painted(&changes::diff(self, change))).collect()
    }

    /// Prints the report: results to standard output, trouble to standard error; JSON holds both.
    ///
    /// # Errors
    /// When the output cannot be written, a closed pipe aside.
    pub fn print(self, format: Format) -> io::Result<()> {
        print(vec![self], format)
    }
}

/// Prints the reports of one run, one for each project: one after the other for people, as one document for programs.
///
/// # Errors
/// When the output cannot be written, a closed pipe aside.
pub fn print(mut reports: Vec<Report>, format: Format) -> io::Result<()> {
    for report in &mut reports {
        diagnostic::sort(&mut report.diagnostics);
        diagnostic::shorten(&mut report.diagnostics, diagnostic::MOST_FINDINGS);
    }
    let printed = match format {
        Format::Text => reports.iter().try_for_each(human::print),
        // Without a report there is no document either: it was printed before, or there is nothing to say.
        Format::Json | Format::Sarif if reports.is_empty() => Ok(()),
        Format::Json => json::print(&reports),
        Format::Sarif => sarif::print(&reports),
        Format::Github => reports.iter().try_for_each(github::print),
        Format::Concise => reports.iter().try_for_each(concise::print),
    };
    match printed {
        // Whoever closed the pipe has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}
