//! The nodes of a project, read, resolved, rendered and planned: what `regenerate` carries out and `check` tells.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::outcome::Outcome;
use super::strays;
use super::trouble::Trouble;
use crate::contract::{self, Contract};
use crate::diagnostic::Diagnostic;
use crate::lock::{self, Lock};
use crate::node::{self, Node};
use crate::parallel;
use crate::plan::matching::Open;
use crate::plan::regenerate::{self, Input, Managed, Options, Regeneration};
use crate::plan::{Change, Drift, FileChange};
use crate::project::{self, Detected, Place, Project, Pyproject, Registration, Wish};
use crate::python::{DottedPath, Identifier};
use crate::render::{self, Ownership, RenderedFile};
use crate::report::Problem;
use crate::source::SourceFile;
use crate::workspace::{Access, Disk, Found, MAX_FILE, RelPath, Workspace};

/// A node as it was read.
struct Read {
    folder: RelPath,
    source: SourceFile,
    contract: Contract,
    lock: Lock,
}

/// A node as it is rendered.
struct Rendered {
    node: Node,
    files: Vec<RenderedFile>,
    referred: Vec<RenderedFile>,
    fingerprint: String,
}

/// The roots of the projects that the paths lie in or hold, each with the paths that lie in it.
pub(super) fn projects(paths: &[PathBuf]) -> Result<BTreeMap<PathBuf, Vec<PathBuf>>, Trouble> {
    // Without a path it is the whole project around, from whichever folder of it.
    let here = std::env::current_dir().ok().and_then(|here| crate::workspace::project_above(&here));
    let here = vec![here.unwrap_or_else(|| PathBuf::from("."))];
    let paths = if paths.is_empty() { &here } else { paths };
    let mut projects: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for path in paths {
        let real = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        if !path.exists() {
            let problem =
                Problem::new("no-such-path", format!("{} does not exist", path.display()));
            return Err(problem.help("name a node's folder, or one that holds nodes").into());
        }
        let roots = match crate::workspace::project_above(&real) {
            Some(root) => vec![root],
            None => crate::workspace::projects_below(&real),
        };
        if roots.is_empty() {
            let message = format!("{} is in no Python project and holds none", path.display());
            return Err(Problem::new("no-project", message)
                .help("run in a project, or name a folder that holds some")
                .into());
        }
        for root in roots {
            projects.entry(root).or_default().push(real.clone());
        }
    }
    Ok(projects)
}

/// Reads, resolves, renders and plans the nodes of a project that lie below one of the paths.
pub(super) fn plan(
    root: &Path,
    paths: &[PathBuf],
    options: &Options,
    access: Access,
) -> Result<Outcome, Trouble> {
    plan_as_if(root, paths, options, access, &BTreeMap::new())
}

/// The same, as if certain contracts and locks had other texts than they have, or were there.
pub(super) fn plan_as_if(
    root: &Path,
    paths: &[PathBuf],
    options: &Options,
    access: Access,
    texts: &BTreeMap<RelPath, String>,
) -> Result<Outcome, Trouble> {
    let shown = shown_root(root);
    let workspace = super::enter(&shown, access)?;
    let named = package_of_locks(&workspace)?;
    let wish = Wish { given: None, named: named.as_deref() };
    let Detected { project, pyproject, warnings } =
        project::detect(&Place::Standing(shown.clone()), &workspace, wish)?;
    let mut outcome = Outcome {
        workspace,
        project: project.clone(),
        plan: crate::plan::Plan::default(),
        notes: Vec::new(),
        renames: Vec::new(),
        settled: BTreeSet::new(),
        open: Open::default(),
        diagnostics: warnings,
        unreadable: Vec::new(),
        strays: Vec::new(),
        unmanaged: Vec::new(),
        managed: Vec::new(),
        elsewhere: Vec::new(),
        found_nodes: false,
    };
    let folders = node_folders(&project, &outcome.workspace)?;
    let read = read_nodes(&folders, &project, texts, &mut outcome)?;
    let is_meant = |folder: &RelPath| {
        let folder = root.join(folder.as_str());
        paths.iter().any(|path| folder.starts_with(path) || path.starts_with(&folder))
    };
    let rendered = rendered(&read, &project, &mut outcome)?;
    let mut managed = Vec::new();
    let mut others = Vec::new();
    for (read, rendered) in read.iter().zip(&rendered) {
        match rendered {
            Some(rendered) if is_meant(&read.folder) => managed.push(Managed {
                node: &rendered.node,
                files: &rendered.files,
                referred: &rendered.referred,
                lock: Some(&read.lock),
                contract: &rendered.fingerprint,
            }),
            Some(_) | None => others.push(read.lock.clone()),
        }
    }
    outcome.managed = read.iter().map(|read| read.folder.clone()).filter(is_meant).collect();
    outcome.unmanaged.retain(is_meant);
    if !outcome.unmanaged.is_empty() {
        let seen = not_ignored(&outcome.workspace, &project)?;
        outcome.unmanaged.retain(|folder| seen.contains(folder));
    }
    outcome.found_nodes = folders.iter().any(is_meant);
    outcome.elsewhere = folders.iter().filter(|folder| !is_meant(folder)).cloned().collect();
    let mut paths: BTreeSet<RelPath> = regenerate::paths(&project, &managed).collect();
    paths.extend(
        managed.iter().map(|m| project.module_folder(&m.node.module).ours(lock::FILE_NAME)),
    );
    let disk = outcome.workspace.survey(&paths.into_iter().collect::<Vec<_>>())?;
    let input = Input { project: &project, nodes: &managed, others: &others, disk: &disk, options };
    let Regeneration { plan, notes, renames, settled, open } = regenerate::plan(input);
    outcome.plan = plan;
    outcome.notes = notes;
    outcome.renames = renames;
    outcome.settled = settled;
    outcome.open = open;
    if let Some(pyproject) = &pyproject {
        let registered = register(pyproject, &managed, &mut outcome)?;
        strays::entry_points(&registered, &folders, &mut outcome)?;
    }
    let tests = strays::tests(&folders, &mut outcome)?;
    if !outcome.diagnostics.iter().any(Diagnostic::is_error) {
        let locks: Vec<&Lock> = read.iter().map(|read| &read.lock).collect();
        strays::models(&locks, &tests, &mut outcome)?;
    }
    outcome.plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(outcome)
}

/// The root as people see it from where they stand.
pub(super) fn shown_root(root: &Path) -> PathBuf {
    let Ok(here) = std::env::current_dir() else { return root.to_owned() };
    match root.strip_prefix(&here) {
        Ok(inside) if inside.as_os_str().is_empty() => PathBuf::from("."),
        Ok(inside) => inside.to_owned(),
        Err(_) => match here.strip_prefix(root) {
            Ok(below) => below.components().map(|_| "..").collect(),
            Err(_) => root.to_owned(),
        },
    }
}

/// The folder of a node of that name, in whichever package of the project.
pub(super) fn folder_of(
    workspace: &Workspace,
    node: &Identifier,
) -> Result<Option<RelPath>, Trouble> {
    for sources in [RelPath::root().ours("src"), RelPath::root()] {
        for (name, is_folder) in workspace.list(&sources)? {
            let Some(package) = Identifier::parse(&name).ok().filter(|_| is_folder) else {
                continue;
            };
            let folder = sources.folder(&package).ours("nodes").folder(node);
            let contract = folder.ours("contract.yaml");
            if workspace.read([contract.clone()])?.exists(&contract) {
                return Ok(Some(folder));
            }
        }
    }
    Ok(None)
}

/// The folders of a project's orchestrators, in whichever package: those with a lock, and those that are called so.
pub(super) fn folders(workspace: &Workspace) -> Result<Vec<RelPath>, Trouble> {
    let mut folders = Vec::new();
    for sources in [RelPath::root().ours("src"), RelPath::root()] {
        for package in folders_in(workspace, &sources)? {
            for folder in folders_in(workspace, &package.ours("nodes"))? {
                let names: Vec<String> =
                    workspace.list(&folder)?.into_iter().map(|(name, _)| name).collect();
                let has = |wanted: &str| names.iter().any(|name| name == wanted);
                let is_ours = has(lock::FILE_NAME) || folder.name().ends_with("_orchestrator");
                if has("contract.yaml") && is_ours {
                    folders.push(folder);
                }
            }
        }
    }
    Ok(folders)
}

/// The folders in a folder whose names Python could import.
fn folders_in(workspace: &Workspace, folder: &RelPath) -> Result<Vec<RelPath>, Trouble> {
    let inside = workspace.list(folder)?.into_iter().filter(|(_, is_folder)| *is_folder);
    Ok(inside
        .filter_map(|(name, _)| Some(folder.folder(&Identifier::parse(&name).ok()?)))
        .collect())
}

/// The package that the project's nodes say they live in, where the tree alone would leave a choice.
fn package_of_locks(workspace: &Workspace) -> Result<Option<String>, Trouble> {
    for sources in [RelPath::root().ours("src"), RelPath::root()] {
        for (name, is_folder) in workspace.list(&sources)? {
            let Some(package) = Identifier::parse(&name).ok().filter(|_| is_folder) else {
                continue;
            };
            let nodes = sources.folder(&package).ours("nodes");
            for (node, is_folder) in workspace.list(&nodes)? {
                let Some(node) = Identifier::parse(&node).ok().filter(|_| is_folder) else {
                    continue;
                };
                let path = nodes.folder(&node).ours(lock::FILE_NAME);
                if workspace.read([path.clone()])?.exists(&path) {
                    return Ok(Some(name));
                }
            }
        }
    }
    Ok(None)
}

/// The locks of a project's nodes that can be read; the others are the business of `regenerate` and `check`.
pub(super) fn locks(workspace: &Workspace, project: &Project) -> Result<Vec<Lock>, Trouble> {
    let nodes = project.nodes_folder();
    let mut locks = Vec::new();
    for (name, is_folder) in workspace.list(&nodes)? {
        let Some(name) = Identifier::parse(&name).ok().filter(|_| is_folder) else { continue };
        let path = nodes.folder(&name).ours(lock::FILE_NAME);
        let disk = workspace.read([path.clone()])?;
        let text = disk.text(&path).map(|text| SourceFile::new(path.as_str(), text));
        locks.extend(text.and_then(|file| Lock::parse(&file).ok()));
    }
    Ok(locks)
}

/// The folders that hold a contract or a lock.
fn node_folders(project: &Project, workspace: &Workspace) -> Result<Vec<RelPath>, Trouble> {
    let nodes = project.nodes_folder();
    let mut folders = Vec::new();
    for (name, is_folder) in workspace.list(&nodes)? {
        let Some(name) = Identifier::parse(&name).ok().filter(|_| is_folder) else { continue };
        let folder = nodes.folder(&name);
        let signs = workspace.list(&folder)?;
        if signs.iter().any(|(name, _)| name == "contract.yaml" || name == lock::FILE_NAME) {
            folders.push(folder);
        }
    }
    Ok(folders)
}

/// The folders with contracts that git does not ignore.
pub(super) fn not_ignored(
    workspace: &Workspace,
    project: &Project,
) -> Result<BTreeSet<RelPath>, Trouble> {
    let contracts = workspace.below(&project.nodes_folder(), |name| name == "contract.yaml")?;
    Ok(contracts.iter().map(RelPath::parent).collect())
}

/// Every node with its contract and its lock; what cannot be read is told.
fn read_nodes(
    folders: &[RelPath],
    project: &Project,
    texts: &BTreeMap<RelPath, String>,
    outcome: &mut Outcome,
) -> Result<Vec<Read>, Trouble> {
    let mut read = Vec::new();
    for folder in folders {
        read.extend(read_node(folder.clone(), project, texts, outcome)?);
    }
    Ok(read)
}

fn read_node(
    folder: RelPath,
    project: &Project,
    texts: &BTreeMap<RelPath, String>,
    outcome: &mut Outcome,
) -> Result<Option<Read>, Trouble> {
    let (contract_path, lock_path) = (folder.ours("contract.yaml"), folder.ours(lock::FILE_NAME));
    let disk = outcome.workspace.read([contract_path.clone(), lock_path.clone()])?;
    let given = texts.get(&lock_path).map(|text| Found::Text(text.clone()));
    let locked = match given.as_ref().unwrap_or_else(|| disk.at(&lock_path)) {
        Found::Absent => {
            if disk.exists(&contract_path) {
                outcome.unmanaged.push(folder);
            }
            return Ok(None);
        }
        Found::Text(text) => {
            Lock::parse(&SourceFile::new(outcome.workspace.shown(&lock_path), text.clone()))
        }
        Found::Binary | Found::Folder | Found::Special => {
            outcome.unreadable.push(unreadable(outcome, &lock_path, "lock"));
            return Ok(None);
        }
    };
    let source = match disk.at(&contract_path) {
        Found::Text(text) => {
            let text = texts.get(&contract_path).unwrap_or(text);
            SourceFile::new(outcome.workspace.shown(&contract_path), text.clone())
        }
        Found::Absent => {
            let shown = outcome.workspace.shown(&folder);
            let problem =
                Problem::new("no-contract", format!("{shown} has a lock and no contract.yaml"));
            outcome
                .unreadable
                .push(problem.about(shown).help("restore the contract, or delete the folder"));
            return Ok(None);
        }
        Found::Binary | Found::Folder | Found::Special => {
            outcome.unreadable.push(unreadable(outcome, &contract_path, "contract"));
            return Ok(None);
        }
    };
    let (contract, found) = contract::parse(&source);
    let usable = !found.iter().any(Diagnostic::is_error);
    outcome.diagnostics.extend(found);
    match (contract, locked) {
        (Some(contract), Ok(lock)) if usable => match foreign_path(&lock, project) {
            Some(path) => {
                outcome.diagnostics.push(foreign(&lock_path, path, &outcome.workspace, &disk));
                Ok(None)
            }
            None => Ok(Some(Read { folder, source, contract, lock })),
        },
        (_, Err(problem)) => {
            outcome.diagnostics.push(*problem);
            Ok(None)
        }
        (_, Ok(_)) => Ok(None),
    }
}

/// A path of a lock where onex writes nothing: only Python files of the package and of the tests are ours.
fn foreign_path<'l>(lock: &'l Lock, project: &Project) -> Option<&'l RelPath> {
    let homes = [project.package_folder(), project.tests.clone()];
    let is_ours = |path: &RelPath| {
        let inside = homes.iter().find_map(|home| path.moved(home, &RelPath::root()));
        let visible = |path: RelPath| !path.as_str().split('/').any(|part| part.starts_with('.'));
        path.name().ends_with(".py") && inside.is_some_and(visible)
    };
    lock.files.iter().map(|file| &file.path).find(|path| !is_ours(path))
}

fn foreign(lock_path: &RelPath, path: &RelPath, workspace: &Workspace, disk: &Disk) -> Diagnostic {
    let shown = workspace.shown(lock_path);
    let text = disk.text(lock_path).unwrap_or_default();
    let at = text.find(&format!("\"{path}\"")).unwrap_or_default();
    let place = |offset: usize| u32::try_from(offset).unwrap_or_default();
    let span = crate::source::Span::new(place(at), place(at + path.as_str().len() + 2));
    let file = SourceFile::new(shown.clone(), text);
    let message = format!("the lock lists {path}, where onex writes nothing");
    Diagnostic::error("unusable-lock", &file, span, message)
        .help(format!("restore it: git checkout -- {shown}"))
}

fn unreadable(outcome: &Outcome, path: &RelPath, what: &str) -> Problem {
    let shown = outcome.workspace.shown(path);
    Problem::new("unreadable", format!("{shown} is no file of UTF-8 text"))
        .about(shown)
        .help(format!("restore the {what}"))
}

/// Every node's files; nothing for nodes whose contracts cannot be resolved.
///
/// Done in two rounds: models whose fields one node's definitions give are seen by the other nodes as they are
/// rendered now, not as they stand.
fn rendered(
    read: &[Read],
    project: &Project,
    outcome: &mut Outcome,
) -> Result<Vec<Option<Rendered>>, Trouble> {
    let managed: BTreeSet<RelPath> =
        read.iter().flat_map(|read| managed_paths(read, project)).collect();
    let workspace = &outcome.workspace;
    let render = |read: &Read| render_node(read, project, &managed, &Disk::default(), workspace);
    let first: Vec<Made> = parallel::map(read, render).into_iter().collect::<Result<_, _>>()?;
    let mut defined: BTreeMap<RelPath, (usize, RenderedFile)> = BTreeMap::new();
    let mut disagreements = Vec::new();
    for (index, Made { rendered, .. }) in first.iter().enumerate() {
        for file in rendered.iter().flat_map(|rendered| &rendered.files) {
            let is_model = rendered.as_ref().is_some_and(|r| is_shared_model(r, file, project));
            if !is_model || file.ownership != Ownership::Generated {
                continue;
            }
            match defined.get(&file.path) {
                Some((other, known)) if known.text != file.text => {
                    let problem = disagreement(read.get(*other), read.get(index), file, project);
                    disagreements.extend(problem);
                }
                Some(_) => {}
                None => {
                    defined.insert(file.path.clone(), (index, file.clone()));
                }
            }
        }
    }
    let indices: Vec<usize> = (0..first.len()).collect();
    // Those that refer to what another node defines are made again, with that in sight.
    let again = parallel::map(&indices, |index| -> Result<Option<Made>, Trouble> {
        let (Some(read), Some(made)) = (read.get(*index), first.get(*index)) else {
            return Ok(None);
        };
        let files = made.rendered.iter().flat_map(|rendered| &rendered.files);
        let referred: Vec<RenderedFile> = files
            .filter(|file| file.ownership == Ownership::Scaffolded)
            .filter_map(|file| defined.get(&file.path))
            .filter(|(owner, _)| owner != index)
            .map(|(_, file)| file.clone())
            .collect();
        if referred.is_empty() {
            return Ok(None);
        }
        let texts = referred.iter().map(|f| (f.path.clone(), Found::Text(f.text.clone())));
        let again = render_node(read, project, &managed, &texts.collect(), workspace)?;
        let rendered = again.rendered.map(|rendered| Rendered { referred, ..rendered });
        Ok(Some(Made { rendered, ..again }))
    });
    outcome.diagnostics.extend(disagreements);
    let mut all = Vec::new();
    for (made, again) in first.into_iter().zip(again) {
        let made = again?.unwrap_or(made);
        outcome.diagnostics.extend(made.found);
        all.push(made.rendered);
    }
    Ok(all)
}

/// The paths that a node's lock lists, and where they are now if the node's folder was moved.
fn managed_paths(read: &Read, project: &Project) -> Vec<RelPath> {
    let was = project.module_folder(&read.lock.module);
    let listed = read.lock.files.iter().map(|file| file.path.clone());
    let moved = read.lock.files.iter().filter_map(|file| file.path.moved(&was, &read.folder));
    listed.chain(moved).collect()
}

/// Whether a file is that of a model outside the node's own package, which other nodes may refer to.
fn is_shared_model(rendered: &Rendered, file: &RenderedFile, project: &Project) -> bool {
    let mut models = rendered.node.models.iter();
    models.any(|model| {
        project.module_file(&model.file) == file.path
            && model.file.strip_prefix(&rendered.node.module).is_none()
    })
}

/// Two contracts that define one class differently.
fn disagreement(
    first: Option<&Read>,
    second: Option<&Read>,
    file: &RenderedFile,
    project: &Project,
) -> Option<Diagnostic> {
    let (first, second) = (first?, second?);
    let definition = |read: &Read| {
        let definitions = read.contract.definitions.iter();
        let mut own = definitions.filter(|definition| {
            let stem = Identifier::parse(&definition.name.value).ok();
            let stem = stem.and_then(|name| node::naming::model_file(&name).ok());
            stem.is_some_and(|stem| file.path.name() == format!("{stem}.py"))
        });
        own.next().cloned()
    };
    let (here, there) = (definition(second)?, definition(first)?);
    let message = format!(
        "{} and {} define `{}` differently, and both mean {}",
        first.folder.name(),
        second.folder.name(),
        here.name.value,
        file.path
    );
    debug_assert!(!project.is_new, "only standing projects hold several nodes");
    Some(
        Diagnostic::error("conflicting-definitions", &second.source, here.name.span, message)
            .label("defined here")
            .related_in(&first.source, there.name.span, "and otherwise here")
            .help("make the definitions the same, or keep the definition in one of the contracts alone"),
    )
}

/// A node's files, unless something in its contract keeps them from being rendered; and what was found on the way.
struct Made {
    rendered: Option<Rendered>,
    found: Vec<Diagnostic>,
}

fn render_node(
    read: &Read,
    project: &Project,
    managed: &BTreeSet<RelPath>,
    defined: &Disk,
    workspace: &Workspace,
) -> Result<Made, Trouble> {
    let paths = node::paths_to_read(&read.contract, project);
    // What a lock lists is ours to render, and so is not there for the resolver, however it looks by now.
    let paths: Vec<RelPath> = paths.into_iter().filter(|path| !managed.contains(path)).collect();
    let disk = workspace.read(paths.clone())?.and(defined.clone());
    let mut resolved = node::resolve(&read.contract, project, &disk, read.lock.style);
    if let Ok((node, _)) = &resolved {
        let taken = taken_along(read, node, project, workspace)?;
        if !taken.is_empty() {
            let paths = paths.into_iter().filter(|path| !taken.contains(path));
            let disk = workspace.read(paths)?.and(defined.clone());
            resolved = node::resolve(&read.contract, project, &disk, read.lock.style);
        }
    }
    let (node, mut found) = match resolved {
        Ok(resolved) => resolved,
        Err(found) => return Ok(Made { rendered: None, found }),
    };
    let named = read.contract.name.as_ref();
    let named = named.and_then(|name| node::naming::folder_for_contract_name(&name.value).ok());
    let was = read.lock.module.parts().last();
    // A name that was the folder's and is another now is a rename that stopped half way.
    let renamed =
        named.as_ref().is_some_and(|name| Some(name) != was && name.as_str() != read.folder.name());
    let half = renamed && lock_knows_name(&read.lock, &read.contract);
    if node.folder.as_str() != read.folder.name() || half {
        let meant = named.filter(|_| half).unwrap_or_else(|| node.folder.clone());
        found.push(misplaced(read, &meant));
        return Ok(Made { rendered: None, found });
    }
    let files = render::render(&node, project, read.source.text())?;
    let fingerprint = lock::digest(&contract::canonical(&read.contract.root));
    let rendered = Rendered { node, files, referred: Vec::new(), fingerprint };
    Ok(Made { rendered: Some(rendered), found })
}

/// Files that the user renamed before regenerating: they stand where the contract now wants them, while what the
/// lock lists for the same purpose is gone.
fn taken_along(
    read: &Read,
    node: &Node,
    project: &Project,
    workspace: &Workspace,
) -> Result<BTreeSet<RelPath>, Trouble> {
    let handlers = node.handlers.iter().filter(|handler| handler.stands);
    let handlers = handlers.map(|handler| handler.class.module.clone());
    let own = |file: &&DottedPath| file.last().starts_with("model_");
    let standing: Vec<DottedPath> =
        handlers.chain(node.standing.iter().filter(own).cloned()).collect();
    if standing.is_empty() {
        return Ok(BTreeSet::new());
    }
    let listed = read.lock.files.iter().filter(|file| file.ownership == Ownership::Scaffolded);
    let disk = workspace.read(listed.clone().map(|file| file.path.clone()))?;
    let gone: Vec<&RelPath> =
        listed.map(|file| &file.path).filter(|path| !disk.exists(path)).collect();
    let mut taken = BTreeSet::new();
    for file in standing {
        let path = project.module_file(&file);
        // The one that is gone lay in the same folder, and was of the same kind.
        let kind = path.name().split('_').next().unwrap_or_default();
        let alike =
            |gone: &&&RelPath| gone.parent() == path.parent() && gone.name().starts_with(kind);
        if gone.iter().any(|gone| alike(&gone)) {
            taken.extend(file.parent().map(|package| project.init_file(&package)));
            taken.insert(path);
        }
    }
    Ok(taken)
}

/// Whether the handlers of a contract still live where the lock says, so that only its name was changed.
fn lock_knows_name(lock: &Lock, contract: &Contract) -> bool {
    let entries = contract.routing.iter().flat_map(|routing| &routing.entries);
    let mut modules = entries.filter_map(|entry| entry.handler.module.as_ref());
    modules.any(|module| module.value.starts_with(&format!("{}.", lock.module)))
}

/// The contract names another folder than the one that it lies in.
fn misplaced(read: &Read, meant: &Identifier) -> Diagnostic {
    let span = read.contract.name.as_ref().map(|name| name.span).unwrap_or_default();
    let (here, there) = (read.folder.name(), meant.as_str());
    let parent = read.folder.parent();
    let message = format!("the contract is that of `{there}`, but lies in the folder `{here}`");
    Diagnostic::error("misplaced-node", &read.source, span, message)
        .label("the name and the handler modules of the contract say where the node lives")
        .help(format!(
            "either move the node: git mv {parent}/{here} {parent}/{there}; or let the contract say `{here}`, in \
             its name and its modules"
        ))
}

/// Entry points of the planned nodes: added, and renamed with their nodes. Gives the file as it will be.
fn register(
    pyproject: &Pyproject,
    managed: &[Managed<'_>],
    outcome: &mut Outcome,
) -> Result<Pyproject, Trouble> {
    let before = pyproject.text().to_owned();
    let mut current = pyproject.clone();
    let mut reasons = Vec::new();
    // One node may take the name that another leaves: all old names go first.
    for managed in managed {
        let old = managed.lock.and_then(|lock| lock.module.parts().last().cloned());
        if let Some(old) = old.filter(|old| *old != managed.node.folder)
            && current.entry_point(old.as_str()).is_some()
        {
            current = current.with_text(current.without_entry_point(old.as_str()))?;
            reasons.push(format!("entry point was {old}"));
        }
    }
    for managed in managed {
        let node = managed.node;
        let module = node.module.child(Identifier::ours("node"));
        let class = node::ClassPath { module, name: node.class_name.clone() };
        match current.with_entry_point(&node.folder, &class)? {
            Registration::Standing => {}
            Registration::Added(text) => {
                current = current.with_text(text)?;
                reasons.push(format!("registers {}", node.folder));
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

/// Keeps the limit of what is read in one place with the rest of the house.
const _: () = assert!(lock::MAX_LOCK <= MAX_FILE);
