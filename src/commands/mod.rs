//! One verb per file: the only place where stages are composed.
//!
//! In: the words of the command line. Out: what the process ends with. A word that is no command of ours goes to
//! the framework ([`framework`]).

pub mod add;
pub mod adopt;
pub mod check;
mod decision;
pub mod explain;
pub mod framework;
pub mod lint;
mod managed;
pub mod new;
mod next_steps;
mod nodes;
mod outcome;
mod overview;
pub mod regenerate;
mod rendered;
mod shell;
mod since;
mod steady;
mod strays;
mod trouble;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::{Cli, Command};
use crate::report::{self, Format, Problem, Report, human};
use crate::workspace::{Access, Workspace, WorkspaceError};

/// What a run ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything is clean, or done.
    Done = 0,
    /// There are findings, or somebody said no at the last question.
    Findings = 1,
    /// The command could not run.
    CouldNotRun = 2,
    /// Ctrl-C at a question: what a shell makes of a program that SIGINT ends.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Runs the command that the arguments name; the first of them is the program.
#[must_use]
pub fn run(arguments: &[OsString]) -> ExitCode {
    let words = arguments.get(1..).unwrap_or_default();
    let theirs = framework::has(words);
    if theirs && let Some(code) = framework::hand_over(words) {
        return code;
    }
    match Cli::try_parse_from(arguments) {
        Ok(cli) => dispatch(cli.command).into(),
        Err(error) => usage(error, words, theirs).into(),
    }
}

fn dispatch(command: Command) -> Exit {
    match command {
        Command::New(new) => new::run(&new.kind),
        Command::Add(add) => add::run(&add.what),
        Command::Regenerate(arguments) => regenerate::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Adopt(arguments) => adopt::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
    }
}

/// Prints what clap has to say: help, the version, or what is wrong with the command line.
fn usage(mut error: clap::Error, words: &[OsString], theirs: bool) -> Exit {
    if theirs {
        let hint = "the framework's commands need omnibase-core: install it, or activate the environment that has it";
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![hint.into()]));
    }
    // Nobody is left to tell when this fails.
    let _ = human::print_usage(&error, words);
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Done,
        _ => Exit::CouldNotRun,
    }
}

/// Opens a project for a run, and says what became of one that had been interrupted in it.
fn enter(root: &Path, access: Access) -> Result<Workspace, WorkspaceError> {
    let (workspace, settled) = Workspace::enter(root, access)?;
    if let Some(settled) = settled {
        report::notice(&format!("{}: {settled}", root.display()));
    }
    Ok(workspace)
}

/// What a project is opened for by a command that writes, unless it is a dry run.
fn writing_unless(dry_run: bool) -> Access {
    if dry_run { Access::Read } else { Access::Write }
}

/// Prints a report, and says whether the run did its work.
fn finish(report: Report, format: Format) -> Exit {
    let succeeded = report.succeeded();
    match report.print(format) {
        Ok(()) if succeeded => Exit::Done,
        Ok(()) | Err(_) => Exit::CouldNotRun,
    }
}

/// Where the reports of a run over several projects go: people read one after the other, as they come; programs get
/// one document in the end.
struct Output {
    format: Format,
    kept: Vec<Report>,
}

impl Output {
    fn new(format: Format) -> Self {
        Self { format, kept: Vec::new() }
    }

    /// Takes a report; says whether it is one of a run that did its work.
    fn say(&mut self, report: Report) -> Exit {
        if self.format == Format::Text {
            return finish(report, self.format);
        }
        let succeeded = report.succeeded();
        self.kept.push(report);
        if succeeded { Exit::Done } else { Exit::CouldNotRun }
    }

    /// Prints what was kept.
    fn end(self) -> Exit {
        let Self { format, kept } = self;
        match report::print(kept, format) {
            Ok(()) => Exit::Done,
            Err(_) => Exit::CouldNotRun,
        }
    }
}

/// A path that was given and holds no node is a mistake, and must not pass for work that was done.
fn no_node() -> Problem {
    Problem::new("no-node", "no node lies below the paths that were given")
        .help("name a node's folder, one that holds nodes, or none for the whole project")
}
