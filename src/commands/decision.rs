//! The end of every interview: what would be done is shown, and one question decides.
//!
//! In: an interview and what it is ready to do. Out: a yes with that, or why nothing is to be done. The terminal is as
//! it was before by then, so that whatever is printed next is printed as always.

use std::fmt::Write as _;

use super::trouble::Trouble;
use super::{Exit, finish};
use crate::ask::terminal::Terminal;
use crate::ask::{Choice, Session, Stopped, Turn};
use crate::report::{Format, Listing, Problem, Report};

/// What came of an interview.
pub(super) enum Decision<T> {
    /// Do it.
    Yes(T),
    /// Do nothing.
    Left(Left),
}

/// Why nothing is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// The person has seen it, and does not want it.
    No,
    /// It cannot be done as it was answered, and the person wants to answer nothing else.
    Impossible,
    /// Ctrl-C.
    Interrupted,
}

impl Left {
    fn exit(self) -> Exit {
        match self {
            Self::No => Exit::Findings,
            Self::Impossible => Exit::CouldNotRun,
            Self::Interrupted => Exit::Interrupted,
        }
    }

    /// Says that nothing was written.
    pub(super) fn report(self, command: &'static str) -> Exit {
        let summary = Some("nothing was written".to_owned());
        let report = Report { command, summary, listing: Listing::Nothing, ..Report::default() };
        finish(report, Format::Text).max(self.exit())
    }
}

/// Holds an interview at the terminal.
pub(super) fn after<T>(
    interview: impl FnMut(&mut Session<'_>) -> Result<Decision<T>, Turn>,
) -> Result<Decision<T>, Trouble> {
    let lost = |stopped: Stopped| {
        Problem::new("terminal", stopped.to_string()).help("give the answers by flags; see --help")
    };
    let mut terminal = Terminal::open().map_err(|error| lost(error.into()))?;
    match Session::new(&mut terminal).run(interview) {
        Ok(decision) => Ok(decision),
        Err(Stopped::Interrupted) => Ok(Decision::Left(Left::Interrupted)),
        Err(stopped @ Stopped::Lost(_)) => {
            // Nothing is printed to a terminal in raw mode.
            drop(terminal);
            Err(lost(stopped).into())
        }
    }
}

/// Asks whether to do what was shown.
pub(super) fn write_it<T>(
    session: &mut Session<'_>,
    ready: T,
    dry_run: bool,
) -> Result<Decision<T>, Turn> {
    let yes =
        if dry_run { ("yes, as a dry run", "nothing is written") } else { ("yes", "write it") };
    let options = [yes, ("no", "leave everything as it is")];
    let options = options.map(|(option, meaning)| (option.to_owned(), meaning.to_owned())).to_vec();
    let index = session.choice(&Choice { label: "Write it", options, default: 0 })?;
    Ok(if index == 0 { Decision::Yes(ready) } else { Decision::Left(Left::No) })
}

/// Says why these answers cannot be carried out; the only way on is back.
pub(super) fn refused<T>(
    session: &mut Session<'_>,
    trouble: &Trouble,
) -> Result<Decision<T>, Turn> {
    let diagnostics = trouble.diagnostics.iter().filter(|found| found.is_error());
    let diagnostics = diagnostics.map(|found| (&found.message, &found.help));
    let problems = trouble.problems.iter().map(|problem| (&problem.message, &problem.help));
    let mut text = String::from("\nThis cannot be written:\n");
    for (message, help) in diagnostics.chain(problems) {
        let _ = writeln!(text, "  {}", message.escape_debug());
        if let Some(help) = help {
            let _ = writeln!(text, "  {}", help.escape_debug());
        }
    }
    session.say(&text)?;
    let options = vec![("stop".to_owned(), "leave everything as it is; Esc goes back".to_owned())];
    session.choice(&Choice { label: "What now", options, default: 0 })?;
    Ok(Decision::Left(Left::Impossible))
}
