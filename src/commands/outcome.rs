//! What came of planning a project's nodes, and what is said of it before it is carried out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::steady::Findings;
use super::trouble::Trouble;
use super::{Exit, Output};
use crate::diagnostic::Diagnostic;
use crate::lint::Ground;
use crate::plan::dropped::{self, Dropped};
use crate::plan::matching::Open;
use crate::plan::merge::Rename;
use crate::plan::regenerate::Regeneration;
use crate::plan::{Change, Drift, Plan};
use crate::project::Project;
use crate::report::{Listing, Problem, Report};
use crate::source::SourceFile;
use crate::workspace::{RelPath, Workspace};

/// More uses of dropped names are counted, not told.
const MOST_USES: usize = 20;

/// What became of one project.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The project's files.
    pub(super) workspace: Workspace,
    /// The project.
    pub(super) project: Project,
    /// The changes.
    pub(super) plan: Plan,
    /// What was ambiguous, in sentences.
    pub(super) notes: Vec<String>,
    /// The names that the contracts changed.
    pub(super) renames: Vec<Rename>,
    /// Which of the given renames meant something, by their places.
    pub(super) settled: BTreeSet<usize>,
    /// What can be renamed.
    pub(super) open: Open,
    /// Findings in contracts, locks and settings.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Nodes whose contract or lock is not there to be read.
    pub(super) unreadable: Vec<Problem>,
    /// What is left of nodes that are gone.
    pub(super) strays: Vec<Problem>,
    /// Folders with a contract and no lock.
    pub(super) unmanaged: Vec<RelPath>,
    /// The folders of the nodes that were meant and could be read.
    pub(super) managed: Vec<RelPath>,
    /// The folders of the other nodes.
    pub(super) elsewhere: Vec<RelPath>,
    /// Whether a node was meant at all, read or not.
    pub(super) found_nodes: bool,
    /// What lint looks with, where it is asked.
    pub(super) ground: Option<Ground>,
    /// What lint finds in nodes that are in step, by their folders.
    pub(super) findings: BTreeMap<RelPath, Findings>,
}

/// How a command carries out a plan.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    /// The command.
    pub(super) command: &'static str,
    /// Whether nothing is to be written.
    pub(super) dry_run: bool,
    /// Whether every change is shown as a unified diff.
    pub(super) diff: bool,
    /// What the command does with a node that has a contract and no lock.
    pub(super) unmanaged: &'a str,
}

/// A plan that can be told, and carried out unless something stops it.
#[derive(Debug)]
pub(super) struct Ready {
    /// What is to be said.
    pub(super) report: Report,
    /// The project's files.
    pub(super) workspace: Workspace,
    /// What is to be written and deleted.
    pub(super) plan: Arc<Plan>,
    /// What keeps the plan from being carried out: something unreadable, or a conflict.
    pub(super) stopped: Option<Exit>,
    /// Whether conflict markers of an earlier run are left, which stop nothing that is to be done elsewhere.
    pub(super) unsettled: bool,
}

impl Outcome {
    /// What came of planning alone.
    pub(super) fn of(workspace: Workspace, project: Project, regeneration: Regeneration) -> Self {
        let Regeneration { plan, notes, renames, settled, open } = regeneration;
        Self {
            workspace,
            project,
            plan,
            notes,
            renames,
            settled,
            open,
            diagnostics: Vec::new(),
            unreadable: Vec::new(),
            strays: Vec::new(),
            unmanaged: Vec::new(),
            managed: Vec::new(),
            elsewhere: Vec::new(),
            found_nodes: false,
            ground: None,
            findings: BTreeMap::new(),
        }
    }

    /// The plan as a command tells it that may carry it out.
    pub(super) fn ready(self, run: Run<'_>) -> Ready {
        let stopped = self.stopped();
        let vacated: BTreeSet<&RelPath> = self.plan.vacated().collect();
        let stands = |path: &RelPath| {
            let disk = self.workspace.read([path.clone()]);
            !vacated.contains(path) && disk.is_ok_and(|disk| disk.exists(path))
        };
        let dropped = dropped::dropped(&self.plan, &self.renames, &self.project, stands);
        // A plan that is not carried out takes nothing away.
        let (uses, more) = if stopped.is_some() || dropped.is_empty() {
            (Vec::new(), None)
        } else {
            uses(&dropped, &self.plan, &vacated, &self.workspace, &self.project)
        };
        let Self { workspace, plan, notes, diagnostics, unreadable, strays, unmanaged, .. } = self;
        let summary = match stopped {
            Some(_) => Some("nothing was changed"),
            None => run.dry_run.then_some("nothing was written: this was a dry run"),
        };
        let mut report = Report {
            command: run.command,
            dry_run: run.dry_run,
            root: workspace.root().to_owned(),
            diagnostics: diagnostics.into_iter().chain(uses).collect(),
            // What is left of nodes that are gone is told, and stops nothing.
            problems: unreadable
                .into_iter()
                .chain(strays.into_iter().map(Problem::warning))
                .collect(),
            listing: if stopped == Some(Exit::CouldNotRun) {
                Listing::Nothing
            } else {
                Listing::Marks
            },
            diff: run.diff,
            notes: notes.into_iter().chain(more).collect(),
            summary: summary.map(str::to_owned),
            ..Report::default()
        };
        for folder in unmanaged {
            let shown = workspace.shown(&folder);
            let message = format!("{shown} has a contract and no lock, and {}", run.unmanaged);
            let problem = Problem::new("unmanaged", message).help(format!("onex adopt {shown}"));
            report.problems.push(problem.about(shown).warning());
        }
        for (path, obstacle) in plan.conflicts() {
            let shown = workspace.shown(path);
            let problem = Problem::new("conflict", format!("{shown}: {obstacle}")).about(shown);
            report.problems.push(problem.help(format!("{}; nothing was changed", obstacle.help())));
        }
        let orphans = plan.changes.iter().filter(|change| change.change == Change::Orphaned);
        if orphans.count() > 0 {
            report.notes.push(
                "what is left over stays; --prune deletes it, and --rename OLD=NEW carries it on where its class has \
                 another name now"
                    .to_owned(),
            );
        }
        let mut unsettled = false;
        for change in &plan.changes {
            if change.change == Change::Kept && change.drift == Some(Drift::Conflicted) {
                unsettled = true;
                let shown = workspace.shown(&change.path);
                let problem = Problem::new("conflicted", format!("{shown} holds conflict markers"));
                let problem = problem.help("settle what stands between them, then run again");
                report.problems.push(problem.about(shown).warning());
            }
        }
        let plan = Arc::new(plan);
        report.plan = plan.clone();
        Ready { report, workspace, plan, stopped, unsettled }
    }

    /// What keeps the plan from being carried out.
    fn stopped(&self) -> Option<Exit> {
        let is_unusable =
            !self.unreadable.is_empty() || self.diagnostics.iter().any(Diagnostic::is_error);
        match self.plan.conflicts().next() {
            _ if is_unusable => Some(Exit::CouldNotRun),
            Some(_) => Some(Exit::Findings),
            None => None,
        }
    }
}

/// Where the project's Python files use names that the plan takes away; the first of them, and how many more.
fn uses(
    dropped: &Dropped,
    plan: &Plan,
    vacated: &BTreeSet<&RelPath>,
    workspace: &Workspace,
    project: &Project,
) -> (Vec<Diagnostic>, Option<String>) {
    let changed = plan.texts();
    let files = match workspace.below(&RelPath::root(), |name| name.ends_with(".py")) {
        Ok(files) => files,
        Err(error) => {
            return (Vec::new(), Some(format!("who uses dropped names is not known: {error}")));
        }
    };
    let paths: BTreeSet<RelPath> = files.into_iter().chain(changed.keys().cloned()).collect();
    let mut found = Vec::new();
    for path in paths.iter().filter(|path| !vacated.contains(path)) {
        let text = match changed.get(path) {
            Some(text) => Some((*text).to_owned()),
            // A file that cannot be read is no reason to stop.
            None => workspace
                .read([path.clone()])
                .ok()
                .and_then(|disk| disk.text(path).map(str::to_owned)),
        };
        let Some(text) = text.filter(|text| dropped.may_be_in(text)) else { continue };
        let file = SourceFile::new(workspace.shown(path), text);
        let own = project.module_of(path);
        found.extend(dropped.used_in(&file, own.as_ref(), path.name() == "__init__.py"));
    }
    let more = found.len().saturating_sub(MOST_USES);
    found.truncate(MOST_USES);
    (found, (more > 0).then(|| format!("dropped names are used in {more} more places")))
}

impl Ready {
    /// Tells the plan as one that is not carried out, and what the run ends with.
    pub(super) fn tell(self, output: &mut Output) -> Exit {
        let said = output.say(self.report);
        self.stopped.unwrap_or(said)
    }

    /// Writes what is planned.
    pub(super) fn carry_out(&mut self) -> Result<(), Trouble> {
        self.workspace.write(&self.plan.writes(), &self.plan.removals()).map_err(Trouble::from)
    }
}
