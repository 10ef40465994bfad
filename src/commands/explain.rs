//! `onex explain`: what a rule checks, why, an example, and what to write instead.

use std::io::{self, Write as _};

use super::{Exit, finish};
use crate::cli::Explain;
use crate::lint::explain::{all, explain};
use crate::report::{Format, Listing, Problem, Report};

/// Runs the command.
#[must_use]
pub fn run(arguments: &Explain) -> Exit {
    let text = match &arguments.rule {
        Some(rule) => match text(rule) {
            Ok(text) => text,
            Err(problem) => {
                let problems = vec![*problem];
                let listing = Listing::Nothing;
                let report = Report { command: "explain", problems, listing, ..Report::default() };
                return finish(report, Format::Text);
            }
        },
        None => list(),
    };
    match anstream::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Exit::CouldNotRun,
        Ok(()) | Err(_) => Exit::Done,
    }
}

fn text(rule: &str) -> Result<String, Box<Problem>> {
    match explain(rule) {
        Ok(explained) => {
            let (id, severity) = (explained.id, explained.severity.as_str());
            Ok(format!("{severity}[{id}]\n\n{}", explained.text))
        }
        Err(near) => {
            let message = format!("there is no rule `{rule}`");
            let help = near.map_or_else(
                || "`onex explain` lists the rules".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Err(Box::new(Problem::new("unknown-rule", message).help(help)))
        }
    }
}

fn list() -> String {
    let all = all();
    let width = all.iter().map(|explained| explained.id.len()).max().unwrap_or_default();
    let line = |text: String, explained: &crate::lint::explain::Explained| {
        let severity = explained.severity.as_str();
        text + &format!("{:width$}  {severity:7}  {}\n", explained.id, explained.summary)
    };
    all.iter().fold(String::new(), line)
}
