//! `onex adopt`: brings nodes that were written by hand under management, without changing a byte of them.
//!
//! The lock gets what would be rendered as the base of every file, and every file that is there as the user's. So a
//! later change of the contract is merged into what they wrote, and nothing is merged before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::managed;
use super::nodes;
use super::trouble::Trouble;
use super::{Exit, Output};
use crate::cli::Adopt;
use crate::contract::{self, Contract};
use crate::diagnostic::Diagnostic;
use crate::lock::{self, Lock, LockedFile};
use crate::node::{self, HandlerStyle, Node};
use crate::plan::regenerate::Options;
use crate::plan::{Change, FileChange, Plan};
use crate::project::{self, Detected, Place, Project, Wish};
use crate::python::{DottedPath, Identifier};
use crate::render::{self, Ownership, RenderedFile};
use crate::report::{Listing, Problem, Report};
use crate::source::SourceFile;
use crate::workspace::{Access, Disk, Found, RelPath, Workspace};

/// Runs the command.
#[must_use]
pub fn run(arguments: &Adopt) -> Exit {
    let mut output = Output::new(arguments.format);
    let reports: Vec<Report> = match nodes::projects(&arguments.paths) {
        Ok(projects) => projects
            .iter()
            .map(|(root, paths)| adopt(root, paths, arguments))
            .map(|done| done.unwrap_or_else(|trouble| trouble.report("adopt")))
            .collect(),
        Err(trouble) => vec![trouble.report("adopt")],
    };
    let mut worst = Exit::Done;
    let found = reports.iter().any(|report| !report.succeeded() || !report.plan.changes.is_empty());
    for report in reports {
        worst = worst.max(output.say(report));
    }
    if !found {
        let problem = Problem::new("nothing-to-adopt", "no node without a lock is there")
            .help("name the folder of a node, which holds a contract.yaml and no onex.lock");
        worst = worst.max(output.say(Trouble::from(problem).report("adopt")));
    }
    worst.max(output.end())
}

/// Adopts every unmanaged node of a project that lies below one of the paths, or none of them.
fn adopt(root: &Path, paths: &[PathBuf], arguments: &Adopt) -> Result<Report, Trouble> {
    let access = super::writing_unless(arguments.dry_run);
    let workspace = super::enter(&nodes::shown_root(root), access)?;
    let place = Place::Standing(workspace.root().to_owned());
    let wish = Wish { given: arguments.package.as_deref(), named: None };
    let Detected { project, warnings, .. } = project::detect(&place, &workspace, wish)?;
    let mut report = Report {
        command: "adopt",
        dry_run: arguments.dry_run,
        root: workspace.root().to_owned(),
        diagnostics: warnings,
        listing: Listing::Marks,
        ..Report::default()
    };
    let mut missing = Missing::default();
    let seen = match workspace.list(&project.nodes_folder())?.as_slice() {
        [] => BTreeSet::new(),
        _ => nodes::not_ignored(&workspace, &project)?,
    };
    for (name, is_folder) in workspace.list(&project.nodes_folder())? {
        let Some(name) = Identifier::parse(&name).ok().filter(|_| is_folder) else { continue };
        let folder = project.nodes_folder().folder(&name);
        let here = root.join(folder.as_str());
        // What git ignores is nobody's node, unless it is named itself.
        if !seen.contains(&folder) && !paths.contains(&here) {
            continue;
        }
        if !paths.iter().any(|path| here.starts_with(path) || path.starts_with(&here)) {
            continue;
        }
        adopt_node(&workspace, &project, &folder, &mut report, &mut missing)?;
    }
    if report.plan.changes.is_empty() {
        // Nothing is said of a project where nothing is to be done.
        report.listing = Listing::Nothing;
        return Ok(report);
    }
    report.notes.extend(missing.notes());
    if !report.succeeded() {
        report.listing = Listing::Nothing;
        report.notes.clear();
        report.summary = Some("nothing was adopted; one by one, those that can be are".to_owned());
        return Ok(report);
    }
    // Two runs of one process would wait for each other.
    drop(workspace);
    let mut workspace = agree(root, paths, access, Arc::make_mut(&mut report.plan))?;
    if arguments.dry_run {
        report.summary = Some("nothing was written: this was a dry run".to_owned());
    } else {
        workspace.write(&report.plan.writes(), &report.plan.removals())?;
        report.written = true;
        report.next_steps.push(format!("onex check {}", workspace.root().display()));
    }
    Ok(report)
}

/// Gives every lock the text that `regenerate` would give it, so that it has nothing to do: of a file that several nodes
/// list, each would say something else by itself. Gives the project's files as they were read for that.
fn agree(
    root: &Path,
    paths: &[PathBuf],
    access: Access,
    plan: &mut Plan,
) -> Result<Workspace, Trouble> {
    let texts: BTreeMap<RelPath, String> =
        plan.writes().into_iter().map(|write| (write.path, write.text.to_owned())).collect();
    let options = Options::default();
    let outcome = managed::plan_as_if(root, paths, &options, access, &texts)?;
    for adopted in &mut plan.changes {
        let planned = outcome.plan.changes.iter().find(|change| change.path == adopted.path);
        if let Some(Change::Updated { after, .. } | Change::Created { text: after }) =
            planned.map(|planned| &planned.change)
        {
            adopted.change = Change::Created { text: after.clone() };
        }
    }
    Ok(outcome.workspace)
}

/// The files that adopted nodes have not.
#[derive(Debug, Default)]
struct Missing {
    /// Those that can be written.
    ours: BTreeSet<String>,
    /// Tests of what was written by hand.
    theirs: BTreeSet<String>,
}

impl Missing {
    fn notes(&self) -> Vec<String> {
        let list = |text: &str, files: &BTreeSet<String>| {
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            (!files.is_empty()).then(|| format!("{text}:\n  {}", files.join("\n  ")))
        };
        let ours = list("not there; `onex regenerate --restore` writes", &self.ours);
        let theirs =
            list("not there; tests of what was written by hand are yours to write", &self.theirs);
        ours.into_iter().chain(theirs).collect()
    }
}

/// Plans the lock of one node, where it has a contract and no lock.
fn adopt_node(
    workspace: &Workspace,
    project: &Project,
    folder: &RelPath,
    report: &mut Report,
    missing: &mut Missing,
) -> Result<(), Trouble> {
    let (contract_path, lock_path) = (folder.ours("contract.yaml"), folder.ours(lock::FILE_NAME));
    let disk = workspace.read([contract_path.clone(), lock_path.clone()])?;
    let (Found::Text(text), Found::Absent) = (disk.at(&contract_path), disk.at(&lock_path)) else {
        return Ok(());
    };
    let source = SourceFile::new(workspace.shown(&contract_path), text.clone());
    let (contract, found) = contract::parse(&source);
    let usable = !found.iter().any(Diagnostic::is_error);
    report.diagnostics.extend(found);
    let Some(contract) = contract.filter(|_| usable) else { return Ok(()) };
    let node = match resolve(workspace, project, &contract) {
        Ok(node) => node?,
        Err(errors) => {
            report.diagnostics.extend(errors);
            return Ok(());
        }
    };
    let files = render::render(&node, project, source.text())?;
    let paths: Vec<RelPath> = files.iter().map(|file| file.path.clone()).collect();
    let disk = workspace.survey(&paths)?;
    let mut locked = Vec::new();
    let is_by_hand = is_by_hand(&files, project, &disk);
    let handlers = node.handlers.len();
    for file in files.into_iter().filter(|file| file.ownership != Ownership::Yours) {
        if !disk.exists(&file.path) {
            let is_theirs = is_by_hand && is_test_of_handler(&file.path, project);
            let missing = if is_theirs { &mut missing.theirs } else { &mut missing.ours };
            missing.insert(workspace.shown(&file.path));
        }
        locked.push(LockedFile {
            sha256: lock::digest(&file.text),
            path: file.path,
            ownership: Ownership::Scaffolded,
            base: Some(file.text),
            adopted: true,
        });
    }
    let lock = Lock {
        module: node.module.clone(),
        style: node.style,
        contract: lock::digest(&contract::canonical(&contract.root)),
        entries: Lock::entries_of(&node),
        former: Vec::new(),
        files: locked,
    };
    let change = Change::Created { text: lock.text() };
    let mut change = FileChange::new(lock_path, Ownership::Generated, change);
    let plural = if handlers == 1 { "" } else { "s" };
    change.reasons.push(format!("{handlers} handler{plural} of style {}", node.style.as_str()));
    let Plan { changes } = Arc::make_mut(&mut report.plan);
    changes.push(change);
    Ok(())
}

/// Whether a handler or a model stands otherwise than it would be written.
fn is_by_hand(files: &[RenderedFile], project: &Project, disk: &Disk) -> bool {
    let own = files.iter().filter(|file| {
        !matches!(file.path.name(), "__init__.py" | "node.py")
            && file.path.moved(&project.tests, &RelPath::root()).is_none()
    });
    let mut standing = own.filter_map(|file| Some((file, disk.text(&file.path)?)));
    standing.any(|(file, text)| text.replace("\r\n", "\n") != file.text)
}

/// Whether a path is that of a handler's test.
fn is_test_of_handler(path: &RelPath, project: &Project) -> bool {
    path.moved(&project.tests, &RelPath::root()).is_some()
        && !matches!(path.name(), "__init__.py" | "test_contract.py")
}

/// The node as it will be managed: its own files are ours to render, whatever stands in them.
fn resolve(
    workspace: &Workspace,
    project: &Project,
    contract: &Contract,
) -> Result<Result<Node, Trouble>, Vec<Diagnostic>> {
    let paths = node::paths_to_read(contract, project);
    let read = |masked: &BTreeSet<RelPath>| {
        workspace.read(paths.iter().filter(|path| !masked.contains(*path)).cloned())
    };
    let everything = match read(&BTreeSet::new()) {
        Ok(disk) => disk,
        Err(error) => return Ok(Err(error.into())),
    };
    let style = style_of(contract, project, &everything);
    let (seen, _) = node::resolve(contract, project, &everything, style)?;
    let handlers = seen.handlers.iter().map(|handler| handler.class.module.clone());
    let models =
        seen.standing.iter().chain(&seen.referred).filter(|f| f.last().starts_with("model_"));
    let own: Vec<DottedPath> = handlers.chain(models.cloned()).collect();
    let mut masked: BTreeSet<RelPath> = own.iter().map(|file| project.module_file(file)).collect();
    masked.extend(
        own.iter().filter_map(DottedPath::parent).map(|package| project.init_file(&package)),
    );
    let disk = match read(&masked) {
        Ok(disk) => disk,
        Err(error) => return Ok(Err(error.into())),
    };
    node::resolve(contract, project, &disk, style).map(|(node, _)| Ok(node))
}

/// The style of the first handler that is there, told by what `handle` takes.
fn style_of(contract: &Contract, project: &Project, disk: &Disk) -> HandlerStyle {
    let entries = contract.routing.iter().flat_map(|routing| &routing.entries);
    let modules = entries.filter_map(|entry| entry.handler.module.as_ref());
    let mut texts = modules.filter_map(|module| {
        let module = DottedPath::parse(&module.value).ok()?;
        disk.text(&project.module_file(&module))
    });
    let recognised = texts.find_map(|text| {
        let (_, rest) = text.rsplit_once("def handle(")?;
        let parameters = rest.split(')').next()?;
        let names: Vec<&str> = parameters
            .split(',')
            .filter_map(|parameter| parameter.split(':').next())
            .map(str::trim)
            .filter(|name| !name.is_empty() && *name != "self" && *name != "*")
            .collect();
        let takes_envelope = parameters.contains("ModelEventEnvelope");
        Some(match names.as_slice() {
            _ if text.contains("@overload") && takes_envelope => HandlerStyle::Dual,
            [_, _, ..] if parameters.contains("correlation_id") => HandlerStyle::Template,
            ["envelope", ..] => HandlerStyle::Envelope,
            _ if takes_envelope => HandlerStyle::Envelope,
            _ => HandlerStyle::DefinitionB,
        })
    });
    recognised.unwrap_or(project.scaffold.handler_style)
}
