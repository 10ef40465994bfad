//! The nodes of a project, planned: what `regenerate` carries out and `check` tells.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::nodes::{known_locks, locks, node_folders, not_ignored, package_of_locks, shown_root};
use super::outcome::Outcome;
use super::overview::{Looking, Overview};
use super::rendered::Listed;
use super::since::Since;
use super::steady::{Opened, Steady};
use super::strays;
use super::trouble::Trouble;
use crate::diagnostic::Diagnostic;
use crate::lint::Ground;
use crate::lock::{self, Lock};
use crate::node::ClassPath;
use crate::plan::regenerate::{self, Input, Managed, Options};
use crate::plan::{Change, Drift, FileChange, Plan};
use crate::project::{self, Detected, Place, Pyproject, Registration, Wish};
use crate::python::Identifier;
use crate::render::Ownership;
use crate::workspace::{Access, Disk, RelPath};

/// Reads, resolves, renders and plans the nodes of a project that lie below one of the paths.
pub(super) fn plan(
    root: &Path,
    paths: &[PathBuf],
    options: &Options,
    access: Access,
) -> Result<Outcome, Trouble> {
    planned(Asked { root, paths, options, access, looks: None }, &BTreeMap::new())
}

/// The same, as if certain contracts and locks had other texts than they have, or were there.
pub(super) fn plan_as_if(
    root: &Path,
    paths: &[PathBuf],
    options: &Options,
    access: Access,
    texts: &BTreeMap<RelPath, String>,
) -> Result<Outcome, Trouble> {
    planned(Asked { root, paths, options, access, looks: None }, texts)
}

/// The same for a look at what is not as it should be, together with what lint finds in nodes that are in step; with a
/// revision, of the nodes alone that a change since then concerns.
pub(super) fn check(
    root: &Path,
    paths: &[PathBuf],
    since: Option<&str>,
) -> Result<Outcome, Trouble> {
    let (options, access) = (&Options::default(), Access::Read);
    let looks = Some(Looks { since });
    planned(Asked { root, paths, options, access, looks }, &BTreeMap::new())
}

/// What is to be planned, and how.
#[derive(Clone, Copy)]
struct Asked<'a> {
    root: &'a Path,
    paths: &'a [PathBuf],
    options: &'a Options,
    access: Access,
    /// Whether lint is asked as well.
    looks: Option<Looks<'a>>,
}

/// A look at what stands, that nothing is written after.
#[derive(Clone, Copy)]
struct Looks<'a> {
    /// The revision that is compared with; nothing for all nodes.
    since: Option<&'a str>,
}

fn planned(asked: Asked<'_>, texts: &BTreeMap<RelPath, String>) -> Result<Outcome, Trouble> {
    let Asked { root, paths, options, access, looks } = asked;
    let shown = shown_root(root);
    let workspace = super::enter(&shown, access)?;
    let named = package_of_locks(&workspace)?;
    let wish = Wish { given: None, named: named.as_deref() };
    let Detected { project, pyproject, warnings } =
        project::detect(&Place::Standing(shown.clone()), &workspace, wish)?;
    let project = Arc::new(project);
    let folders = node_folders(&project, &workspace)?;
    let locked = known_locks(&workspace, &folders, texts)?;
    let since = Since::new(&workspace, &project, pyproject.as_ref(), &locked);
    let concerned = looks.and_then(|looks| looks.since).map(|revision| since.concerned(revision));
    let concerned = concerned.transpose()?;
    let is_below = |folder: &RelPath| {
        let folder = root.join(folder.as_str());
        paths.iter().any(|path| folder.starts_with(path) || path.starts_with(&folder))
    };
    let is_meant = |folder: &RelPath| {
        concerned.as_ref().is_none_or(|concerned| concerned.contains(folder)) && is_below(folder)
    };
    let found_nodes = folders.iter().any(is_below);
    let is_linted = looks.is_some() && folders.iter().any(is_meant);
    let ground = if is_linted { Some(Ground::of(&workspace)?) } else { None };
    let listed = Listed::of(&locked, &project);
    let looking = Looking {
        workspace: &workspace,
        project: &project,
        texts,
        known: &locked,
        listed: &listed,
        ground: ground.as_ref(),
        plans_all: options.prune || options.restore || !options.renames.is_empty(),
        is_meant: &is_meant,
    };
    let near = match &concerned {
        Some(_) => since.near(&folders.iter().filter(|f| is_meant(f)).cloned().collect()),
        None => folders.clone(),
    };
    let mut overview = Overview::of(looking, &near)?;
    if near.len() < folders.len() && overview.lacks_definitions(&project) {
        overview = Overview::of(looking, &folders)?;
    }
    let Overview { told, mut steady, mut open, unrendered } = overview;
    // What was found when each node was looked at is what its plan is made from.
    let standing: Disk =
        open.iter_mut().flat_map(|open| std::mem::take(&mut open.standing)).collect();
    let managed: Vec<Managed<'_>> =
        open.iter().filter(|open| is_meant(&open.read.folder)).map(Opened::managed).collect();
    let mut others: Vec<Lock> = unrendered.iter().map(|(_, lock)| lock.clone()).collect();
    let aside = open.iter().filter(|open| !is_meant(&open.read.folder));
    others.extend(aside.map(|open| open.read.lock.clone()));
    if !managed.is_empty() {
        let known: BTreeSet<&RelPath> = open.iter().map(|open| &open.read.folder).collect();
        let known: BTreeSet<&RelPath> =
            known.into_iter().chain(unrendered.iter().map(|(f, _)| f)).collect();
        let rest = folders.iter().filter(|folder| !known.contains(folder)).cloned();
        others.extend(locks(&workspace, &project, rest.collect(), &|_| false)?);
    }
    let mut paths: BTreeSet<RelPath> = regenerate::paths(&project, &managed).collect();
    paths.extend(
        managed.iter().map(|m| project.module_folder(&m.node.module).ours(lock::FILE_NAME)),
    );
    let disk = workspace.survey_beyond(standing, &paths.into_iter().collect::<Vec<_>>())?;
    let input = Input { project: &project, nodes: &managed, others: &others, disk: &disk, options };
    let regeneration = regenerate::plan(input);
    let known = steady.keys().chain(open.iter().map(|open| &open.read.folder));
    let known: BTreeSet<RelPath> =
        known.chain(unrendered.iter().map(|(f, _)| f)).cloned().collect();
    let entries = entries(&managed, &steady, &is_meant);
    let mut outcome = Outcome {
        diagnostics: warnings,
        managed: known.into_iter().filter(is_meant).collect(),
        elsewhere: folders.iter().filter(|folder| !is_meant(folder)).cloned().collect(),
        found_nodes,
        ..Outcome::of(workspace, (*project).clone(), regeneration)
    };
    for told in told {
        outcome.diagnostics.extend(told.diagnostics);
        outcome.unreadable.extend(told.unreadable);
        outcome.unmanaged.extend(told.unmanaged.filter(is_meant));
    }
    if !outcome.unmanaged.is_empty() {
        let seen = not_ignored(&outcome.workspace, &outcome.project)?;
        outcome.unmanaged.retain(|folder| seen.contains(folder));
    }
    if let Some(pyproject) = &pyproject {
        let registered = register(pyproject, &entries, &mut outcome)?;
        strays::entry_points(&registered, &folders, &mut outcome)?;
    }
    let tests = strays::tests(&folders, &mut outcome)?;
    if !outcome.diagnostics.iter().any(Diagnostic::is_error) {
        strays::models(&listed, &tests, ground.as_ref(), &mut outcome)?;
    }
    steady.retain(|folder, _| is_meant(folder));
    keep(&steady, &mut outcome.plan);
    let findings = |(folder, steady): (RelPath, Steady)| Some((folder, steady.findings?));
    outcome.findings = steady.into_iter().filter_map(findings).collect();
    outcome.ground = ground;
    Ok(outcome)
}

/// Adds the files that are as they should be.
fn keep(steady: &BTreeMap<RelPath, Steady>, plan: &mut Plan) {
    let mut kept: BTreeMap<&RelPath, Ownership> = BTreeMap::new();
    for (path, ownership) in steady.values().flat_map(|node| &node.files) {
        kept.entry(path).or_insert(*ownership);
    }
    for change in &plan.changes {
        kept.remove(&change.path);
    }
    let kept = kept.into_iter();
    plan.changes.extend(kept.map(|(path, who)| FileChange::new(path.clone(), who, Change::Kept)));
    plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
}

/// What pyproject.toml has to say of a node.
struct Entry {
    /// The name: that of the folder.
    name: Identifier,
    /// What it had been when the node was rendered last.
    old: Option<Identifier>,
    /// The class.
    class: ClassPath,
}

fn entries(
    managed: &[Managed<'_>],
    steady: &BTreeMap<RelPath, Steady>,
    is_meant: &dyn Fn(&RelPath) -> bool,
) -> Vec<Entry> {
    let managed = managed.iter().map(|managed| Entry {
        name: managed.node.folder.clone(),
        old: managed.lock.and_then(|lock| lock.module.parts().last().cloned()),
        class: managed.node.class(),
    });
    let steady = steady.values().filter(|node| is_meant(&node.folder)).filter_map(|node| {
        let name = Identifier::parse(node.folder.name()).ok()?;
        Some(Entry { name, old: None, class: node.class.clone() })
    });
    let mut entries: Vec<Entry> = managed.chain(steady).collect();
    entries.sort_by(|a, b| a.class.cmp(&b.class));
    entries
}

/// Entry points of the nodes: added, and renamed with their nodes. Gives the file as it will be.
fn register(
    pyproject: &Pyproject,
    entries: &[Entry],
    outcome: &mut Outcome,
) -> Result<Pyproject, Trouble> {
    let before = pyproject.text().to_owned();
    let mut current = pyproject.clone();
    let mut reasons = Vec::new();
    // One node may take the name that another leaves: all old names go first.
    for entry in entries {
        if let Some(old) = entry.old.as_ref().filter(|old| **old != entry.name)
            && current.entry_point(old.as_str()).is_some()
        {
            current = current.with_text(current.without_entry_point(old.as_str()))?;
            reasons.push(format!("entry point was {old}"));
        }
    }
    for entry in entries {
        match current.with_entry_point(&entry.name, &entry.class)? {
            Registration::Standing => {}
            Registration::Added(text) => {
                current = current.with_text(text)?;
                reasons.push(format!("registers {}", entry.name));
            }
            Registration::Impossible(warning) => outcome.diagnostics.push(*warning),
        }
    }
    let after = current.text().to_owned();
    if after != before {
        let path = RelPath::root().ours("pyproject.toml");
        let mut change = FileChange::new(path, Ownership::Yours, Change::Updated { before, after });
        change.reasons = reasons;
        change.drift = Some(Drift::Stale);
        outcome.plan.changes.push(change);
    }
    Ok(current)
}
