//! `onex add` at a terminal: what was not said is asked, the edited contract and what follows from it are shown, and
//! then it is written or not.
//!
//! The answers become the arguments that say the same, and the plan is the one that these would have had.

use std::path::Path;

use super::super::decision::{self, Decision};
use super::super::outcome::Ready;
use super::super::trouble::Trouble;
use super::super::{Exit, finish, nodes, shell};
use super::{Standing, Target, carry_out, given, planned, told};
use crate::ask::terminal;
use crate::ask::{Session, Turn};
use crate::cli::AddTo;
use crate::contract::add;
use crate::python::Identifier;
use crate::report::{Format, Listing, Report};
use crate::spec::{self, Given, Model, names};
use crate::wizard::addition::{self, Node, Part};
use crate::workspace::{Workspace, shown};

/// Whether questions are to be asked: somebody is there, and has not said yes beforehand.
pub(super) fn is_wanted(arguments: &AddTo) -> bool {
    !arguments.yes && arguments.format == Format::Text && terminal::is_there()
}

/// Runs the command with questions.
pub(super) fn run(part: Part, arguments: &AddTo) -> Exit {
    match asked(part, arguments) {
        Ok(exit) => exit,
        Err(trouble) => finish(trouble.report("add"), arguments.format),
    }
}

fn asked(part: Part, arguments: &AddTo) -> Result<Exit, Trouble> {
    let targets = match &arguments.node {
        Some(named) => vec![Target::named(named)?],
        None => Target::all()?,
    };
    if let [only] = targets.as_slice() {
        // What is wrong before the first question is told as it always is, with the place underlined.
        only.standing()?;
        if !arguments.answers.is_empty() {
            let outcome = planned(part, arguments, only)?;
            if outcome.plan.conflicts().next().is_some()
                || outcome.diagnostics.iter().any(crate::diagnostic::Diagnostic::is_error)
            {
                return Ok(carry_out(outcome, arguments));
            }
        }
    }
    let decided = decision::after(|session| {
        let names: Vec<String> =
            targets.iter().map(|target| target.folder.name().to_owned()).collect();
        let index = addition::which(session, &names)?;
        let Some(target) = targets.get(index) else { return Err(Turn::Back) };
        match filled_in(session, part, arguments, target)? {
            Ok(filled) => confirmed(session, part, &filled, target),
            Err(trouble) => decision::refused(session, &trouble),
        }
    })?;
    let (mut report, mut workspace) = match decided {
        Decision::Yes(prepared) => prepared,
        Decision::Left(left) => return Ok(left.report("add")),
    };
    if !arguments.dry_run {
        workspace.write(&report.plan.writes(), &report.plan.removals())?;
        report.written = true;
    }
    // The plan stands above the question.
    report.listing = Listing::Nothing;
    report.diff = false;
    report.summary = Some(if arguments.dry_run {
        "nothing was written: this was a dry run".to_owned()
    } else {
        format!("{} files written", report.plan.writes().len())
    });
    Ok(finish(report, arguments.format))
}

/// The arguments that say what was answered; what they said already is not asked.
fn filled_in(
    session: &mut Session<'_>,
    part: Part,
    arguments: &AddTo,
    target: &Target,
) -> Result<Result<AddTo, Trouble>, Turn> {
    let node = match node(part, arguments, target) {
        Ok(node) => node,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let mut filled = arguments.clone();
    if arguments.answers.is_empty() {
        let Given { routes, intents, steps, models, .. } =
            spec::given(&addition::addition(session, part, &node)?);
        filled.models = models;
        filled.answers = match part {
            Part::Route => routes,
            Part::Intent => intents,
            Part::Step => steps,
        };
    }
    Ok(Ok(filled))
}

/// The node as questions need to know it.
fn node(part: Part, arguments: &AddTo, target: &Target) -> Result<Node, Trouble> {
    let Standing { contract, producer, .. } = target.standing()?;
    let known = add::known(&contract);
    let without = AddTo { answers: Vec::new(), ..arguments.clone() };
    let given = Given {
        name: Some(target.folder.name().to_owned()),
        known: Some(known.clone()),
        ..given(part, &without)
    };
    let (described, found) = spec::read(&given, &producer);
    let Some((described, _)) = described else { return Err(found.into()) };
    let models: Vec<Model> = described.models;
    let folder = Identifier::parse(target.folder.name()).unwrap_or(described.folder);
    Ok(Node { folder, producer, known, models })
}

/// Shows the command, the contract's change and what follows from it, and asks whether to write it.
fn confirmed(
    session: &mut Session<'_>,
    part: Part,
    filled: &AddTo,
    target: &Target,
) -> Result<Decision<(Report, Workspace)>, Turn> {
    let outcome = match planned(part, filled, target) {
        Ok(outcome) => outcome,
        Err(trouble) => return decision::refused(session, &trouble),
    };
    let Ready { report, mut workspace, stopped, .. } = told(outcome, filled);
    // Nobody has to wait for an answer.
    workspace.release();
    if stopped.is_some() {
        let Report { diagnostics, problems, .. } = report;
        return decision::refused(session, &Trouble { diagnostics, problems });
    }
    let contract = target.folder.ours("contract.yaml");
    let command = command_line(part, filled, target);
    session.show(&format!(
        "\nThe same without questions:\n{command}\n\nThe contract:\n\n{}\nWhat follows:\n\n{}\n",
        report.diff_of(&contract),
        report.listed(),
    ))?;
    decision::write_it(session, (report, workspace), filled.dry_run)
}

/// The command that these arguments come from, as a shell takes it, a flag to a line.
fn command_line(part: Part, filled: &AddTo, target: &Target) -> String {
    let node = match &filled.node {
        Some(named) => named.display().to_string(),
        None => shortest(target),
    };
    let mut lines = vec![format!("  onex add {} {}", part.word(), shell::path(&node))];
    lines.extend(filled.answers.iter().map(|answer| format!("    {}", shell::word(answer))));
    let models = filled.models.iter();
    lines.extend(models.map(|model| format!("    {}", shell::flag("--model", model))));
    lines.push(format!("    {}", if filled.dry_run { "--dry-run" } else { "--yes" }));
    lines.join(" \\\n")
}

/// The name of a node where that means it from here, else its folder.
fn shortest(target: &Target) -> String {
    let name = Identifier::parse(target.folder.name()).map(|folder| names::typed(&folder));
    let means = |name: &String| Target::named(Path::new(name)).is_ok_and(|found| found == *target);
    let name = name.ok().filter(means);
    name.unwrap_or_else(|| shown(&nodes::shown_root(&target.root), &target.folder))
}
