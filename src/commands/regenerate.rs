//! `onex regenerate`: brings nodes in step with their contracts, and keeps what people wrote.

use std::path::PathBuf;

use super::managed;
use super::nodes;
use super::outcome::{Outcome, Run};
use super::trouble::Trouble;
use super::{Exit, Output, no_node};
use crate::cli::Regenerate;
use crate::diagnostic::nearest;
use crate::plan::matching::{GivenRename, Open};
use crate::plan::merge;
use crate::plan::regenerate::{ConflictMode, Options};
use crate::report::{Format, Problem};

/// Runs the command.
#[must_use]
pub fn run(arguments: &Regenerate) -> Exit {
    let mut output = Output::new(arguments.format);
    let exit = match planned(arguments) {
        Ok(planned) => {
            let exits = planned.into_iter().map(|planned| match planned {
                Ok(outcome) => carry_out(outcome, arguments, &mut output),
                Err(trouble) => output.say(trouble.report("regenerate")),
            });
            exits.max().unwrap_or(Exit::Done)
        }
        Err(trouble) => output.say(trouble.report("regenerate")),
    };
    exit.max(output.end())
}

/// The plans of all projects: before the first is carried out it is known whether the command made sense.
fn planned(arguments: &Regenerate) -> Result<Vec<Result<Outcome, Trouble>>, Trouble> {
    let options = options(arguments)?;
    let projects = nodes::projects(&arguments.paths)?;
    let access = super::writing_unless(arguments.dry_run);
    let plan =
        |(root, paths): (&PathBuf, &Vec<PathBuf>)| managed::plan(root, paths, &options, access);
    let planned: Vec<Result<Outcome, Trouble>> = projects.iter().map(plan).collect();
    let outcomes: Vec<&Outcome> =
        planned.iter().filter_map(|planned| planned.as_ref().ok()).collect();
    let all_planned = outcomes.len() == planned.len();
    if all_planned && !arguments.paths.is_empty() && outcomes.iter().all(|o| !o.found_nodes) {
        return Err(no_node().into());
    }
    let unknown = unsettled(&options.renames, &outcomes);
    if all_planned && !unknown.is_empty() {
        return Err(Trouble { problems: unknown, ..Trouble::default() });
    }
    Ok(planned)
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

/// The renames that mean nothing in any project, each with what could have been meant.
fn unsettled(renames: &[GivenRename], outcomes: &[&Outcome]) -> Vec<Problem> {
    // What could not be read may be what was meant.
    if outcomes.iter().any(|outcome| outcome.diagnostics.iter().any(|d| d.is_error())) {
        return Vec::new();
    }
    let open = Open {
        gone: outcomes.iter().flat_map(|outcome| outcome.open.gone.iter().cloned()).collect(),
        come: outcomes.iter().flat_map(|outcome| outcome.open.come.iter().cloned()).collect(),
    };
    let settled = |place: usize| outcomes.iter().any(|outcome| outcome.settled.contains(&place));
    let renames = renames.iter().enumerate().filter(|(place, _)| !settled(*place));
    renames.map(|(_, rename)| no_such_rename(rename, &open)).collect()
}

fn no_such_rename(rename: &GivenRename, open: &Open) -> Problem {
    let GivenRename { old, new } = rename;
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let message = format!("nothing is renamed by `--rename {old}={new}`");
    let list = |names: &std::collections::BTreeSet<String>| {
        names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    if open.gone.is_empty() || open.come.is_empty() {
        let help = "nothing that a contract names has left it and can be something else now";
        return Problem::new("no-such-rename", message).help(help);
    }
    let near = |word: &str, names: &std::collections::BTreeSet<String>| {
        if names.contains(&last(word)) {
            return Some(word.to_owned());
        }
        nearest(&last(word), names.iter().map(String::as_str)).map(str::to_owned)
    };
    let meant = near(old, &open.gone).zip(near(new, &open.come));
    let meant = meant.filter(|(near_old, near_new)| (near_old, near_new) != (old, new));
    let meant = meant.map(|(old, new)| format!("did you mean {old}={new}? "));
    let help = format!(
        "{}left: {}; here now: {}",
        meant.unwrap_or_default(),
        list(&open.gone),
        list(&open.come)
    );
    Problem::new("no-such-rename", message).help(help)
}

/// Shows the plan, then does it; a conflict, or a contract that cannot be read, changes nothing.
fn carry_out(outcome: Outcome, arguments: &Regenerate, output: &mut Output) -> Exit {
    let Regenerate { dry_run, diff, .. } = *arguments;
    let is_idle = !outcome.found_nodes;
    let unmanaged = "was left alone";
    let mut ready = outcome.ready(Run { command: "regenerate", dry_run, diff, unmanaged });
    if is_idle {
        ready.report.notes.push("no managed node is there".to_owned());
    }
    if ready.stopped.is_some() || dry_run {
        return ready.tell(output);
    }
    // Whoever asked for markers still has to settle them.
    let marked = arguments.conflict == ConflictMode::Markers
        && ready.plan.writes().iter().any(|write| merge::first_marker(write.text).is_some());
    let done = if marked || ready.unsettled { Exit::Findings } else { Exit::Done };
    ready.report.written = true;
    // People see the plan before it is carried out; programs get one document when it is done.
    if arguments.format == Format::Text {
        let said = output.say(std::mem::take(&mut ready.report));
        return match ready.carry_out() {
            Ok(()) => said.max(done),
            Err(trouble) => output.say(trouble.report("regenerate")),
        };
    }
    match ready.carry_out() {
        Ok(()) => ready.tell(output).max(done),
        Err(trouble) => output.say(trouble.report("regenerate")),
    }
}
