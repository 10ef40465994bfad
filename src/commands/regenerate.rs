//! `onex regenerate`: brings nodes in step with their contracts, and keeps what people wrote.

use super::managed::{self, Outcome};
use super::trouble::Trouble;
use super::{Exit, finish};
use crate::cli::Regenerate;
use crate::diagnostic::Diagnostic;
use crate::plan::matching::GivenRename;
use crate::plan::merge;
use crate::plan::regenerate::{ConflictMode, Options};
use crate::report::{Format, Listing, Problem, Report};

/// Runs the command.
#[must_use]
pub fn run(arguments: &Regenerate) -> Exit {
    let options = match options(arguments) {
        Ok(options) => options,
        Err(problem) => return refuse(problem.into(), arguments.format),
    };
    let projects = match managed::projects(&arguments.paths) {
        Ok(projects) => projects,
        Err(trouble) => return refuse(trouble, arguments.format),
    };
    let mut worst = Exit::Done;
    for (root, paths) in projects {
        let exit = match managed::plan(&root, &paths, &options) {
            Ok(outcome) => carry_out(outcome, arguments),
            Err(trouble) => refuse(trouble, arguments.format),
        };
        worst = worst.max(exit);
    }
    worst
}

fn options(arguments: &Regenerate) -> Result<Options, Problem> {
    let rename = |text: &String| match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => {
            Ok(GivenRename { old: old.to_owned(), new: new.to_owned() })
        }
        _ => Err(Problem::new("usage", format!("`--rename {text}` is no OLD=NEW"))
            .help("write it as --rename HandlerOrderPlaced=HandlerOrderReceived")),
    };
    let renames = arguments.rename.iter().map(rename).collect::<Result<_, _>>()?;
    Ok(Options {
        conflict: arguments.conflict,
        prune: arguments.prune,
        restore: arguments.restore,
        renames,
    })
}

fn refuse(trouble: Trouble, format: Format) -> Exit {
    finish(trouble.report("regenerate"), format)
}

/// Shows the plan, then does it; a conflict, or a contract that cannot be read, changes nothing.
fn carry_out(outcome: Outcome, arguments: &Regenerate) -> Exit {
    let Outcome { mut workspace, plan, notes, diagnostics, problems, unmanaged, managed } = outcome;
    let unusable = diagnostics.iter().any(Diagnostic::is_error);
    let in_conflict = plan.conflicts().next().is_some();
    let mut report = Report {
        command: "regenerate",
        dry_run: arguments.dry_run,
        root: workspace.root().to_owned(),
        diagnostics,
        // Strays are told, and stop nothing.
        problems: problems.into_iter().map(Problem::warning).collect(),
        listing: if unusable { Listing::Nothing } else { Listing::Marks },
        diff: arguments.diff,
        notes,
        ..Report::default()
    };
    for folder in unmanaged {
        let shown = workspace.shown(&folder);
        let message = format!("{shown} has a contract and no lock, and was left alone");
        let help = format!("onex adopt {shown}");
        report.problems.push(Problem::new("unmanaged", message).about(shown).help(help).warning());
    }
    if managed.is_empty() && !unusable {
        report.notes.push("no managed node is there".to_owned());
    }
    for (path, obstacle) in plan.conflicts() {
        let shown = workspace.shown(path);
        let problem = Problem::new("conflict", format!("{shown}: {obstacle}")).about(shown);
        report.problems.push(problem.help(format!("{}; nothing was changed", obstacle.help())));
    }
    let (writes, removals) = (plan.writes(), plan.removals());
    // Whoever asked for markers still has to settle them.
    let marked = arguments.conflict == ConflictMode::Markers
        && writes.iter().any(|write| merge::first_marker(&write.text).is_some());
    report.plan = plan;
    if !arguments.dry_run && !unusable && !in_conflict {
        report.written = true;
        // People see the plan before it is carried out; programs get one document when it is done.
        if arguments.format == Format::Text {
            let exit = finish(report, arguments.format);
            return match workspace.write(&writes, &removals) {
                Ok(()) if marked => exit.max(Exit::Findings),
                Ok(()) => exit,
                Err(error) => refuse(error.into(), arguments.format),
            };
        }
        if let Err(error) = workspace.write(&writes, &removals) {
            return refuse(error.into(), arguments.format);
        }
    }
    if unusable {
        report.summary = Some("nothing was changed".to_owned());
    }
    match finish(report, arguments.format) {
        Exit::CouldNotRun if in_conflict && !unusable => Exit::Findings,
        Exit::Done if marked => Exit::Findings,
        exit => exit,
    }
}
