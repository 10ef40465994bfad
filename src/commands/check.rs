//! `onex check`: whether nodes are in step with their contracts. Writes nothing, and runs nothing of the tree.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::managed;
use super::nodes;
use super::outcome::Outcome;
use super::steady::Findings;
use super::trouble::Trouble;
use super::{Exit, Output, no_node};
use crate::cli::Check;
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::lint::{self, Ground};
use crate::plan::{Change, Drift, FileChange};
use crate::report::{Listing, Problem, Report};
use crate::workspace::{RelPath, Workspace};

/// Runs the command.
#[must_use]
pub fn run(arguments: &Check) -> Exit {
    let mut output = Output::new(arguments.format);
    let projects = match nodes::projects(&arguments.paths) {
        Ok(projects) => projects,
        Err(trouble) => return output.say(trouble.report("check")).max(output.end()),
    };
    let mut worst = Exit::Done;
    let mut found_nodes = arguments.paths.is_empty();
    for (root, paths) in projects {
        let (report, exit, found) = checked(&root, &paths, arguments);
        found_nodes |= found;
        worst = worst.max(exit);
        output.say(report);
    }
    if !found_nodes {
        let report = Report { command: "check", problems: vec![no_node()], ..Report::default() };
        worst = worst.max(output.say(report));
    }
    worst.max(output.end())
}

/// Checks a project, and says whether there was something to check; once more where the first run ever to write in it
/// did so meanwhile, since nothing was there yet to hold it off.
fn checked(root: &Path, paths: &[PathBuf], arguments: &Check) -> (Report, Exit, bool) {
    loop {
        let outcome = match managed::check(root, paths, arguments.since.as_deref()) {
            Ok(outcome) => outcome,
            Err(trouble) => return (trouble.report("check"), Exit::CouldNotRun, true),
        };
        let found_nodes = outcome.found_nodes;
        let (report, exit, workspace) = tell(outcome, arguments);
        if !workspace.was_disturbed() {
            return (report, exit, found_nodes);
        }
    }
}

/// What a project's check has to say, and what it ends with.
fn tell(outcome: Outcome, arguments: &Check) -> (Report, Exit, Workspace) {
    let Outcome { workspace, plan, notes, diagnostics, unmanaged, managed, .. } = outcome;
    let Outcome { unreadable, strays, elsewhere, ground, findings, .. } = outcome;
    // What cannot be read or resolved; the warnings come again from lint, which knows what is suppressed.
    let is_meant = |found: &Diagnostic| {
        let file = found.primary.file.path();
        !elsewhere.iter().any(|folder| file.starts_with(&format!("{}/", workspace.shown(folder))))
    };
    let unusable = diagnostics.into_iter().filter(|found| found.is_error() && is_meant(found));
    let unusable: Vec<Diagnostic> = unusable.collect();
    let could_run = unusable.is_empty() && unreadable.is_empty();
    let mut problems = unreadable;
    problems.extend(strays);
    let mut diagnostics = unusable;
    if let Some(ground) = ground {
        match linted(&workspace, &ground, findings, &managed, &unmanaged) {
            Ok(found) => diagnostics.extend(found),
            Err(trouble) => {
                diagnostics.extend(trouble.diagnostics);
                problems.extend(trouble.problems);
            }
        }
    }
    diagnostic::sort(&mut diagnostics);
    problems.extend(plan.changes.iter().filter_map(|change| drift(&workspace, change)));
    for folder in &unmanaged {
        let shown = workspace.shown(folder);
        let problem = Problem::new("unmanaged", format!("{shown} has a contract and no lock"))
            .help(format!("onex adopt {shown}"))
            .about(shown);
        problems.push(if arguments.strict { problem } else { problem.warning() });
    }
    problems.sort_by(|a, b| (&a.file, a.rule).cmp(&(&b.file, b.rule)));
    let severities = problems.iter().map(|problem| problem.severity);
    let severities = severities.chain(diagnostics.iter().map(|diagnostic| diagnostic.severity));
    let (errors, warnings): (Vec<_>, Vec<_>) = severities.partition(|s| *s == Severity::Error);
    let (found, warned) = (errors.len(), warnings.len());
    let report = Report {
        command: "check",
        dry_run: true,
        root: workspace.root().to_owned(),
        plan: Arc::new(plan),
        diagnostics,
        problems,
        notes,
        listing: Listing::Drift,
        diff: arguments.diff,
        summary: Some(summary(managed.len(), unmanaged.len(), found, warned)),
        ..Report::default()
    };
    let exit = if !could_run {
        Exit::CouldNotRun
    } else if found > 0 || (arguments.deny_warnings && warned > 0) {
        Exit::Findings
    } else {
        Exit::Done
    };
    (report, exit, workspace)
}

/// What lint has to say of the nodes, and where the code of the managed ones no longer fits its contract; `findings` is
/// what it said of nodes in step.
fn linted(
    workspace: &Workspace,
    ground: &Ground,
    mut findings: BTreeMap<RelPath, Findings>,
    managed: &[RelPath],
    unmanaged: &[RelPath],
) -> Result<Vec<Diagnostic>, Trouble> {
    let rest = managed.iter().chain(unmanaged).filter(|folder| !findings.contains_key(*folder));
    let rest: Vec<RelPath> = rest.cloned().collect();
    for node in lint::gather_on(ground, workspace, &rest)? {
        let looked = lint::look(ground, &node);
        // Without a lock, the style that handlers should have is a guess.
        let is_managed = managed.contains(&node.folder);
        let nonconforming =
            if is_managed { lint::nonconforming_in(ground, &node) } else { Vec::new() };
        findings.insert(node.folder, Findings { looked, nonconforming });
    }
    let nodes = findings.len();
    let (looked, nonconforming): (Vec<_>, Vec<_>) =
        findings.into_values().map(|found| (found.looked, found.nonconforming)).unzip();
    let mut found = lint::conclude(ground, looked, nodes);
    found.extend(nonconforming.into_iter().flatten());
    Ok(found)
}

fn summary(nodes: usize, unmanaged: usize, found: usize, warned: usize) -> String {
    let count = |number: usize, what: &str| {
        format!("{number} {what}{}", if number == 1 { "" } else { "s" })
    };
    let mut text = format!("{} checked", count(nodes, "node"));
    if unmanaged > 0 {
        text.push_str(&format!(", {unmanaged} unmanaged"));
    }
    match (found, warned) {
        (0, 0) => text.push_str(": in step"),
        (0, warned) => text.push_str(&format!(": in step, {}", count(warned, "warning"))),
        (found, 0) => text.push_str(&format!(": {}", count(found, "finding"))),
        (found, warned) => {
            let (found, warned) = (count(found, "finding"), count(warned, "warning"));
            text.push_str(&format!(": {found}, {warned}"));
        }
    }
    text
}

/// What a change of the plan means to somebody who only wants to know.
fn drift(workspace: &Workspace, change: &FileChange) -> Option<Problem> {
    let shown = workspace.shown(&change.path);
    let is_behind = matches!(change.drift, Some(Drift::Stale | Drift::Conflicted));
    if let Change::Conflict(obstacle) = &change.change
        && !is_behind
    {
        // Not behind, as far as that can be told: but regenerating would stop here.
        let problem = Problem::new("conflict", format!("{shown}: {obstacle}")).about(shown);
        return Some(problem.help(obstacle.help()));
    }
    let drift = change.drift?;
    let root = workspace.root().display();
    let reasons = if change.reasons.is_empty() {
        String::new()
    } else {
        format!(" ({})", change.reasons.join(", "))
    };
    let regenerate = format!("onex regenerate {root}");
    let (message, help) = match drift {
        Drift::Stale => match &change.change {
            Change::Conflict(obstacle) => (
                format!("{shown} is behind its contract, and {obstacle}"),
                format!("onex regenerate {root}; {}", obstacle.help()),
            ),
            _ => (format!("{shown} is behind its contract{reasons}"), regenerate),
        },
        Drift::Edited => (
            format!("{shown} is generated, and was edited by hand"),
            format!(
                "onex regenerate {root} restores it; what it should say belongs in the contract"
            ),
        ),
        Drift::Missing if change.change == Change::LeftOut => (
            format!("{shown} is not there, and the contract needs it"),
            format!(
                "onex regenerate {root} --restore; or name the module that has it now in the contract"
            ),
        ),
        Drift::Missing => (format!("{shown} is not there"), regenerate),
        Drift::Orphaned if matches!(change.change, Change::Removed { .. }) => (
            format!("{shown} is left over: {}", change.reasons.join(", ")),
            format!("onex regenerate {root} deletes it"),
        ),
        Drift::Orphaned => (
            format!("{shown} is left over: {}", change.reasons.join(", ")),
            format!(
                "move what you need out of it, then: onex regenerate {root} --prune; where its class has another \
                 name now: onex regenerate {root} --rename OLD=NEW"
            ),
        ),
        Drift::Outdated => {
            (format!("{shown} is as older templates or settings had it"), regenerate)
        }
        Drift::Reformatted => (
            format!("{shown} differs in layout alone from what the project's ruff settings give"),
            format!(
                "format with the settings of [tool.ruff] (line-length, format.quote-style, format.indent-style); \
                 onex regenerate {root} restores it"
            ),
        ),
        Drift::Conflicted => (
            format!("{shown} holds conflict markers"),
            format!("settle what stands between them, then: onex regenerate {root}"),
        ),
    };
    let problem = Problem::new(drift.as_str(), message).about(shown).help(help);
    Some(if drift == Drift::Reformatted { problem.warning() } else { problem })
}
