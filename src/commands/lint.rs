//! `onex lint`: what the runtimes would refuse, drop or misroute, in contracts and in code.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::nodes::shown_root;
use super::trouble::Trouble;
use super::{Exit, enter, finish, writing_unless};
use crate::cli::Lint;
use crate::lint::gather::CONTRACT;
use crate::lint::{self, Gleaned};
use crate::plan::{Change, FileChange, Plan};
use crate::render::Ownership;
use crate::report::{Listing, Problem, Report};
use crate::workspace::{
    RelPath, is_where_packages_are, package_root, project_above, projects_below,
};

/// Runs the command.
#[must_use]
pub fn run(arguments: &Lint) -> Exit {
    let listing = Listing::Findings;
    let mut report = Report { command: "lint", dry_run: true, listing, ..Report::default() };
    let mut seen = Seen::default();
    report.diff = arguments.diff;
    report.dry_run = arguments.diff || !arguments.fix;
    if let Err(trouble) = look(arguments, &mut report, &mut seen) {
        report.diagnostics.extend(trouble.diagnostics);
        report.problems.extend(trouble.problems);
    }
    let errors = report.diagnostics.iter().filter(|finding| finding.is_error()).count();
    let warnings = report.diagnostics.len() - errors;
    let could_run = report.problems.is_empty() && seen.unreadable == 0;
    let fixed = report.plan.changes.len();
    report.summary = Some(summary(&seen, errors, warnings) + &fixes(&report, fixed));
    let printed = finish(report, arguments.format);
    match printed {
        _ if !could_run => Exit::CouldNotRun,
        Exit::Done if arguments.deny_warnings && warnings > 0 => Exit::Findings,
        Exit::CouldNotRun if errors > 0 => Exit::Findings,
        exit => exit,
    }
}

/// How much was looked at.
#[derive(Default)]
struct Seen {
    nodes: usize,
    others: usize,
    unreadable: usize,
}

fn look(arguments: &Lint, report: &mut Report, seen: &mut Seen) -> Result<(), Trouble> {
    let roots = roots(&arguments.paths)?;
    let fixes = arguments.fix || arguments.diff;
    if fixes && roots.len() > 1 {
        let message = "contracts are fixed in one project at a time";
        let names: Vec<String> = roots.keys().map(|root| root.display().to_string()).collect();
        return Err(Problem::new("usage", message)
            .help(format!("name one of {}", names.join(", ")))
            .into());
    }
    for (root, paths) in roots {
        let mut workspace = enter(&shown_root(&root), writing_unless(report.dry_run))?;
        let within: Vec<RelPath> = paths.iter().filter_map(|path| below(&root, path)).collect();
        let mut gathered = lint::gather(&workspace, &within)?;
        if workspace.was_disturbed() {
            // The first run ever to write here did so meanwhile; now there is something to hold it off with.
            workspace = enter(&shown_root(&root), writing_unless(report.dry_run))?;
            gathered = lint::gather(&workspace, &within)?;
        }
        if fixes {
            report.root = workspace.root().to_owned();
            let changes = gathered.nodes.iter().filter_map(fix).collect();
            report.plan = Arc::new(Plan { changes });
            if !report.dry_run {
                workspace.write(&report.plan.writes(), &[])?;
                report.written = true;
                gathered = lint::gather(&workspace, &within)?;
            }
        }
        for node in &gathered.nodes {
            match (&node.contract, node.is_linted()) {
                (None, _) => seen.unreadable += 1,
                (Some(_), true) => seen.nodes += 1,
                (Some(_), false) => seen.others += 1,
            }
        }
        report.diagnostics.extend(lint::lint(&gathered));
    }
    Ok(())
}

/// The safe fixes of a contract, where there are any.
fn fix(node: &Gleaned) -> Option<FileChange> {
    let before = node.contract.as_ref()?.file.text().to_owned();
    let after = lint::fix::fixed(node)?;
    let change = Change::Updated { before, after };
    Some(FileChange::new(node.folder.ours(CONTRACT), Ownership::Yours, change))
}

/// A path as seen from the root that it lies in; a contract stands for its node.
fn below(root: &Path, path: &Path) -> Option<RelPath> {
    let folder = if path.is_file() { path.parent()? } else { path };
    // A folder above the root holds all of it.
    let Ok(inside) = folder.strip_prefix(root) else { return Some(RelPath::root()) };
    RelPath::parse(inside.to_str()?)
}

/// The roots that the paths lie in or hold, each with those paths.
fn roots(paths: &[PathBuf]) -> Result<BTreeMap<PathBuf, Vec<PathBuf>>, Trouble> {
    let here = vec![PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let mut roots: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for path in paths {
        let full = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        if !full.exists() {
            let message = format!("{} does not exist", path.display());
            let problem = Problem::new("no-such-path", message);
            return Err(problem.help("name a node's folder, or one that holds nodes").into());
        }
        if full.is_file() && full.file_name().is_none_or(|name| name != CONTRACT) {
            let message = format!("{} is no {CONTRACT}", path.display());
            let problem = Problem::new("no-such-path", message);
            return Err(problem.help("name a node's folder, or one that holds nodes").into());
        }
        for root in roots_of(&full) {
            roots.entry(root).or_default().push(full.clone());
        }
    }
    Ok(roots)
}

/// The projects around or below a path; an installed package is seen from where it is installed.
fn roots_of(path: &Path) -> Vec<PathBuf> {
    let installed = path.ancestors().find(|folder| {
        let name = folder.file_name().and_then(|name| name.to_str());
        name.is_some_and(is_where_packages_are)
    });
    if let Some(root) = installed.map(Path::to_owned).or_else(|| project_above(path)) {
        return vec![root];
    }
    let projects = projects_below(path);
    if projects.is_empty() { vec![package_root(path)] } else { projects }
}

/// What became of the fixes, behind the rest of the last line.
fn fixes(report: &Report, count: usize) -> String {
    let contracts = if count == 1 { "1 contract" } else { "contracts" };
    match (count, report.written) {
        (0, _) => String::new(),
        (1, true) => format!("; {contracts} fixed"),
        (count, true) => format!("; {count} {contracts} fixed"),
        (1, false) => format!("; --fix would change {contracts}"),
        (count, false) => format!("; --fix would change {count} {contracts}"),
    }
}

fn summary(seen: &Seen, errors: usize, warnings: usize) -> String {
    let counted = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    };
    let mut text = format!("{} linted", counted(seen.nodes, "orchestrator"));
    if seen.others > 0 {
        text.push_str(&format!(", {} read as YAML alone", counted(seen.others, "other contract")));
    }
    if seen.unreadable > 0 {
        text.push_str(&format!(", {} could not be read", counted(seen.unreadable, "contract")));
    }
    match (errors, warnings) {
        (0, 0) => text.push_str(": nothing found"),
        (errors, warnings) => text.push_str(&format!(
            ": {}, {}",
            counted(errors, "error"),
            counted(warnings, "warning")
        )),
    }
    text
}
