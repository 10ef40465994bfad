//! What is left of nodes whose folders are gone: entry points, tests, and models that other folders hold.
//!
//! In: the folders of the nodes that are there, and their locks. Out: problems of an [`Outcome`]. Deletes nothing: the
//! lock that would allow it went with its node.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::Outcome;
use super::rendered::Listed;
use super::trouble::Trouble;
use crate::lint::Ground;
use crate::plan::Change;
use crate::plan::dropped::Dropped;
use crate::project::Pyproject;
use crate::python::{DottedPath, Identifier, module};
use crate::render;
use crate::report::Problem;
use crate::source::SourceFile;
use crate::workspace::RelPath;

/// Entry points of nodes whose folders are gone.
pub(super) fn entry_points(
    pyproject: &Pyproject,
    folders: &[RelPath],
    outcome: &mut Outcome,
) -> Result<(), Trouble> {
    let project = outcome.project.clone();
    let nodes = project.nodes_module();
    let folders: BTreeSet<&RelPath> = folders.iter().collect();
    for (name, target) in pyproject.entry_points() {
        let module = target.split(':').next().unwrap_or_default();
        let Ok(module) = DottedPath::parse(module) else { continue };
        let Some(folder) = module.strip_prefix(&nodes).and_then(|rest| rest.first()) else {
            continue;
        };
        let path = project.nodes_folder().folder(folder);
        if folders.contains(&path) || !outcome.workspace.list(&path)?.is_empty() {
            continue;
        }
        let problem = Problem::new(
            "orphaned",
            format!("pyproject.toml registers {name}, whose folder {path} is not there"),
        );
        let problem =
            problem.about(outcome.workspace.shown(&RelPath::root().ours("pyproject.toml")));
        outcome
            .strays
            .push(problem.help(format!("delete the entry point `{name}`, or restore the node")));
    }
    Ok(())
}

/// Tests that were written for nodes whose folders are gone.
///
/// Gives their folders.
pub(super) fn tests(folders: &[RelPath], outcome: &mut Outcome) -> Result<Vec<RelPath>, Trouble> {
    let project = outcome.project.clone();
    let tests = project.tests.ours("nodes");
    let folders: BTreeSet<&RelPath> = folders.iter().collect();
    let mut strays = Vec::new();
    for (name, is_folder) in outcome.workspace.list(&tests)? {
        let Some(name) = Identifier::parse(&name).ok().filter(|_| is_folder) else { continue };
        let node = project.nodes_folder().folder(&name);
        if folders.contains(&node) || !outcome.workspace.list(&node)?.is_empty() {
            continue;
        }
        let test = tests.folder(&name).ours("test_contract.py");
        let moved = outcome.plan.changes.iter().any(|change| {
            matches!(&change.change, Change::Moved { from, .. } if *from == test)
                || matches!(&change.change, Change::Removed { .. } if change.path == test)
        });
        if moved {
            continue;
        }
        let disk = outcome.workspace.read([test.clone()])?;
        if disk.text(&test).is_some_and(|text| text.contains("Generated from contract.yaml")) {
            let shown = outcome.workspace.shown(&tests.folder(&name));
            let message = format!("{shown} tests a node whose folder {node} is not there");
            let help = format!("delete {shown}, or restore the node");
            strays.push(tests.folder(&name));
            outcome.strays.push(Problem::new("orphaned", message).about(shown).help(help));
        }
    }
    Ok(strays)
}

/// Models in folders that nodes share: as onex writes them, in no lock, named by no contract, used by nothing but the
/// tests that are left over like them.
pub(super) fn models(
    listed: &Listed,
    tests: &[RelPath],
    ground: Option<&Ground>,
    outcome: &mut Outcome,
) -> Result<(), Trouble> {
    let planned: BTreeSet<&RelPath> = outcome.plan.changes.iter().map(|c| &c.path).collect();
    let package = outcome.project.package_folder();
    let nodes = outcome.project.nodes_folder();
    let is_model = |name: &str| name.starts_with("model_") && name.ends_with(".py");
    if outcome.workspace.list(&package)?.is_empty() {
        return Ok(());
    }
    let mut strays: BTreeMap<RelPath, Vec<String>> = BTreeMap::new();
    let models: Vec<RelPath> = match ground {
        Some(ground) => {
            ground.python_below(&package).filter(|p| is_model(p.name())).cloned().collect()
        }
        None => outcome.workspace.below(&package, is_model)?,
    };
    for path in models {
        if path.lies_in(&nodes) || listed.has(&path) || planned.contains(&path) {
            continue;
        }
        let disk = outcome.workspace.read([path.clone()])?;
        if let Some(text) = disk.text(&path).filter(|text| render::is_model_of_ours(text)) {
            let classes = module::read(text).classes.into_iter().map(|class| class.name.value);
            strays.insert(path, classes.collect());
        }
    }
    if strays.is_empty() {
        return Ok(());
    }
    still_used(&mut strays, tests, outcome)?;
    for path in strays.keys() {
        let shown = outcome.workspace.shown(path);
        let message =
            format!("{shown} was written for a node that is not there, and nothing uses it");
        let init = outcome.workspace.shown(&path.parent().ours("__init__.py"));
        let help = format!("delete it and what {init} says of it, or restore the node");
        outcome.strays.push(Problem::new("orphaned", message).about(shown).help(help));
    }
    Ok(())
}

/// Takes out what a Python file or a contract of the project still names.
fn still_used(
    strays: &mut BTreeMap<RelPath, Vec<String>>,
    tests: &[RelPath],
    outcome: &Outcome,
) -> Result<(), Trouble> {
    let is_read = |name: &str| name.ends_with(".py") || name == "contract.yaml";
    for path in outcome.workspace.below(&RelPath::root(), is_read)? {
        if path.ancestors().any(|above| tests.contains(&above)) {
            continue;
        }
        let is_packages_own =
            |stray: &RelPath| path.name() == "__init__.py" && path.parent() == stray.parent();
        // A file that cannot be read may use any of them.
        let Ok(disk) = outcome.workspace.read([path.clone()]) else {
            strays.clear();
            return Ok(());
        };
        let Some(text) = disk.text(&path) else { continue };
        let file = SourceFile::new(path.as_str(), text);
        let own = outcome.project.module_of(&path);
        strays.retain(|stray, classes| {
            if *stray == path || is_packages_own(stray) {
                return true;
            }
            if path.name() == "contract.yaml" {
                return !classes.iter().any(|class| text.contains(class.as_str()));
            }
            let names = Dropped::of(names(stray, classes, outcome));
            let is_package = path.name() == "__init__.py";
            !names.may_be_in(text) || names.used_in(&file, own.as_ref(), is_package).is_empty()
        });
    }
    Ok(())
}

/// What a model can be imported as: from its own module, and from its package.
fn names(stray: &RelPath, classes: &[String], outcome: &Outcome) -> Vec<String> {
    let Some(module) = outcome.project.module_of(stray) else { return Vec::new() };
    let homes: Vec<DottedPath> =
        [Some(module.clone()), module.parent()].into_iter().flatten().collect();
    let classes =
        homes.iter().flat_map(|home| classes.iter().map(move |class| format!("{home}.{class}")));
    classes.chain([module.to_string()]).collect()
}
