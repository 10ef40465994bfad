//! Where a project's nodes are, and what each of them says: its contract and its lock.
//!
//! In: a [`Workspace`] and paths. Out: folders, and for each of them a [`Read`] or what is wrong with it ([`Told`]).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::trouble::Trouble;
use crate::contract::{self, Contract};
use crate::diagnostic::Diagnostic;
use crate::lock::{self, Lock};
use crate::parallel;
use crate::project::Project;
use crate::python::Identifier;
use crate::report::Problem;
use crate::source::SourceFile;
use crate::workspace::{Disk, Found, MAX_FILE, RelPath, Workspace};

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
pub(super) fn package_of_locks(workspace: &Workspace) -> Result<Option<String>, Trouble> {
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

/// The locks of nodes that are not planned, as far as they can be read: the others are the business of `regenerate` and
/// `check`.
///
/// They are without the base texts of the nodes' own files, unless those are `wanted`: a plan asks for no other.
pub(super) fn locks(
    workspace: &Workspace,
    project: &Project,
    folders: Vec<RelPath>,
    wanted: &(impl Fn(&RelPath) -> bool + Sync),
) -> Result<Vec<Lock>, Trouble> {
    let read = |folder: RelPath| -> Result<Option<Lock>, Trouble> {
        let path = folder.ours(lock::FILE_NAME);
        let disk = workspace.read([path.clone()])?;
        let file = disk.text(&path).map(|text| SourceFile::new(path.as_str(), text));
        let needs_base = |path: &RelPath| wanted(path) || !is_own(path, &folder, project);
        Ok(file.and_then(|file| Lock::parse_with(&file, needs_base).ok()))
    };
    let read = parallel::map(folders, read);
    read.into_iter().filter_map(Result::transpose).collect()
}

/// The folders that may be those of nodes.
pub(super) fn possible_folders(
    project: &Project,
    workspace: &Workspace,
) -> Result<Vec<RelPath>, Trouble> {
    let nodes = project.nodes_folder();
    let folders = workspace.list(&nodes)?.into_iter().filter(|(_, is_folder)| *is_folder);
    let names = folders.filter_map(|(name, _)| Identifier::parse(&name).ok());
    Ok(names.map(|name| nodes.folder(&name)).collect())
}

/// The folders that hold a contract or a lock.
pub(super) fn node_folders(
    project: &Project,
    workspace: &Workspace,
) -> Result<Vec<RelPath>, Trouble> {
    let mut folders = Vec::new();
    for folder in possible_folders(project, workspace)? {
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

/// A node as it was read.
#[derive(Debug)]
pub(super) struct Read {
    /// The folder.
    pub(super) folder: RelPath,
    /// The text of the contract.
    pub(super) source: SourceFile,
    /// The contract, which has no errors.
    pub(super) contract: Contract,
    /// What was rendered last; until the node is planned, without the base texts of its own files.
    pub(super) lock: Lock,
    /// The text of the lock.
    pub(super) lock_source: SourceFile,
    /// Whether that is how the lock stands, and not how it is only supposed to.
    pub(super) lock_stands: bool,
}

/// What is to be said of a node, whatever becomes of it.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Findings in its contract and in its lock.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Why it could not be read.
    pub(super) unreadable: Vec<Problem>,
    /// The folder, where it has a contract and no lock.
    pub(super) unmanaged: Option<RelPath>,
}

/// Reads a node, as if certain contracts and locks had other texts than they have, or were there. What is `known` of its
/// lock need not be read again.
pub(super) fn read_node(
    folder: &RelPath,
    project: &Project,
    workspace: &Workspace,
    texts: &BTreeMap<RelPath, String>,
    known: Option<&Lock>,
    told: &mut Told,
) -> Result<Option<Read>, Trouble> {
    let (contract_path, lock_path) = (folder.ours("contract.yaml"), folder.ours(lock::FILE_NAME));
    let disk = workspace.read([contract_path.clone(), lock_path.clone()])?;
    let given = texts.get(&lock_path).map(|text| Found::Text(text.clone()));
    let lock_source = match given.as_ref().unwrap_or_else(|| disk.at(&lock_path)) {
        Found::Absent => {
            if disk.exists(&contract_path) {
                told.unmanaged = Some(folder.clone());
            }
            return Ok(None);
        }
        Found::Text(text) => SourceFile::new(workspace.shown(&lock_path), text.clone()),
        Found::Binary | Found::Folder | Found::Special => {
            told.unreadable.push(unreadable(workspace, &lock_path, "lock"));
            return Ok(None);
        }
    };
    let source = match disk.at(&contract_path) {
        Found::Text(text) => {
            let text = texts.get(&contract_path).unwrap_or(text);
            SourceFile::new(workspace.shown(&contract_path), text.clone())
        }
        Found::Absent => {
            let shown = workspace.shown(folder);
            let problem =
                Problem::new("no-contract", format!("{shown} has a lock and no contract.yaml"));
            told.unreadable
                .push(problem.about(shown).help("restore the contract, or delete the folder"));
            return Ok(None);
        }
        Found::Binary | Found::Folder | Found::Special => {
            told.unreadable.push(unreadable(workspace, &contract_path, "contract"));
            return Ok(None);
        }
    };
    let locked = match known {
        Some(lock) => Ok(lock.clone()),
        None => beside(&lock_source, folder, project),
    };
    let (contract, found) = contract::parse(&source);
    let usable = !found.iter().any(Diagnostic::is_error);
    told.diagnostics.extend(found);
    match (contract, locked) {
        (Some(contract), Ok(lock)) if usable => match foreign_path(&lock, project) {
            Some(path) => {
                told.diagnostics.push(foreign(&lock_path, path, workspace, &disk));
                Ok(None)
            }
            None => {
                let lock_stands = !texts.contains_key(&lock_path);
                let folder = folder.clone();
                Ok(Some(Read { folder, source, contract, lock, lock_source, lock_stands }))
            }
        },
        (_, Err(problem)) => {
            told.diagnostics.push(*problem);
            Ok(None)
        }
        (_, Ok(_)) => {
            // Of what is known of a lock, its base texts are not.
            if let Err(problem) = beside(&lock_source, folder, project) {
                told.diagnostics.push(*problem);
            }
            Ok(None)
        }
    }
}

/// Whether a path lies in the folder of a node or in that of its tests, where no other node writes.
fn is_own(path: &RelPath, folder: &RelPath, project: &Project) -> bool {
    path.lies_in(folder) || project.tests_of(folder).is_some_and(|tests| path.lies_in(&tests))
}

/// A lock as others are planned beside it: without the base texts of its node's own files.
pub(super) fn beside(
    source: &SourceFile,
    folder: &RelPath,
    project: &Project,
) -> Result<Lock, Box<Diagnostic>> {
    Lock::parse_with(source, |path| !is_own(path, folder, project))
}

/// What is known of a node's lock before the node is looked at.
#[derive(Debug)]
pub(super) enum KnownLock {
    /// There is none.
    Absent,
    /// It cannot be read, for whatever reason.
    Broken,
    /// All of it but the base texts.
    Read(Lock),
}

impl KnownLock {
    fn of(text: &str) -> Self {
        Lock::parse_with(&SourceFile::new("", text), |_| false).map_or(Self::Broken, Self::Read)
    }

    /// The lock, where it can be read.
    pub(super) fn lock(&self) -> Option<&Lock> {
        match self {
            Self::Read(lock) => Some(lock),
            Self::Absent | Self::Broken => None,
        }
    }
}

/// The locks of all nodes.
pub(super) fn known_locks(
    workspace: &Workspace,
    folders: &[RelPath],
    texts: &BTreeMap<RelPath, String>,
) -> Result<BTreeMap<RelPath, KnownLock>, Trouble> {
    let locks = parallel::map(folders, |folder| {
        let path = folder.ours(lock::FILE_NAME);
        let lock = match texts.get(&path) {
            Some(text) => KnownLock::of(text),
            None => match workspace.read([path.clone()])?.at(&path) {
                Found::Absent => KnownLock::Absent,
                Found::Text(text) => KnownLock::of(text),
                Found::Binary | Found::Folder | Found::Special => KnownLock::Broken,
            },
        };
        Ok((folder.clone(), lock))
    });
    locks.into_iter().collect()
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

fn unreadable(workspace: &Workspace, path: &RelPath, what: &str) -> Problem {
    let shown = workspace.shown(path);
    Problem::new("unreadable", format!("{shown} is no file of UTF-8 text"))
        .about(shown)
        .help(format!("restore the {what}"))
}

/// Keeps the limit of what is read in one place with the rest of the house.
const _: () = assert!(lock::MAX_LOCK <= MAX_FILE);
