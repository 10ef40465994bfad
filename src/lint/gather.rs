//! Everything that is looked at, read beforehand.
//!
//! In: a [`Workspace`] and which nodes are wanted. Out: a [`Gathered`]: a value, so that the rest of linting touches
//! no disk.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::source::{Role, Shared, Source, Sources};
use super::style;
use super::subject::{Neighbour, Neighbours};
use crate::contract::yaml::text_of;
use crate::contract::{self, Contract};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lock::{FILE_NAME, Lock};
use crate::node::{self, HandlerStyle, Node};
use crate::parallel;
use crate::project::{
    self, DetectError, Detected, Place, Project, Pyproject, Scaffold, Settings, Wish,
};
use crate::python::{DottedPath, Identifier};
use crate::source::SourceFile;
use crate::workspace::{Disk, RelPath, Workspace, WorkspaceError};

/// The file that makes a folder a node.
pub const CONTRACT: &str = "contract.yaml";

/// A project with the nodes that are wanted.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The root's path as it stands before those of the files in messages; empty for the working directory.
    pub root: String,
    /// pyproject.toml; nothing for a package without one.
    pub pyproject: Option<Pyproject>,
    /// What is wrong with the project as such.
    pub found: Vec<Diagnostic>,
    /// The nodes, sorted by path.
    pub nodes: Vec<Gleaned>,
    /// Every contract of the project, wanted or not.
    pub all: Neighbours,
}

/// One contract and what belongs to it.
#[derive(Debug)]
pub struct Gleaned {
    /// The folder that it stands in.
    pub folder: RelPath,
    /// The contract, where its text is one.
    pub contract: Option<Contract>,
    /// What reading and resolving it found.
    pub found: Vec<Diagnostic>,
    /// The project, seen from the package that the node is in.
    pub project: Arc<Project>,
    /// The node, where it can be generated.
    pub node: Option<Node>,
    /// How its handlers are called.
    pub style: HandlerStyle,
    /// Its Python files.
    pub sources: Sources,
    /// YAML files that are to be reported with it.
    pub strays: Vec<SourceFile>,
}

impl Gleaned {
    /// Whether rules apply to it: an orchestrator, or whatever routes to handlers. Other nodes are only looked
    /// at as YAML.
    #[must_use]
    pub fn is_linted(&self) -> bool {
        self.contract.as_ref().is_some_and(is_orchestrator)
    }
}

/// Whether a contract is one of an orchestrator: it says so in whatever case, or routes without saying what it
/// is.
#[must_use]
pub fn is_orchestrator(contract: &Contract) -> bool {
    match &contract.node_type {
        Some(kind) => kind.value.to_lowercase().contains("orchestrator"),
        None => contract.routing.is_some(),
    }
}

/// Reads the nodes in the folders below `within`; the whole project is looked through for its contracts.
///
/// # Errors
/// When a file or folder cannot be read.
pub fn gather(workspace: &Workspace, within: &[RelPath]) -> Result<Gathered, WorkspaceError> {
    let yaml = yaml(workspace)?;
    let wanted = |path: &RelPath| within.iter().any(|folder| lies_in(path, folder));
    let contracts: Vec<&RelPath> = yaml.iter().filter(|path| path.name() == CONTRACT).collect();
    let root = workspace.root().display().to_string();
    let root = if root == "." { String::new() } else { root };
    let mut gathered = Gathered { root, ..Gathered::default() };
    let mut projects = Projects::new(workspace, &mut gathered)?;
    let read = parallel::map(&contracts, |path| Ok((Text::read(workspace, path)?.parsed(), *path)));
    let mut all = Vec::new();
    let mut nodes = Vec::new();
    for read in read {
        let (Parsed { file, contract, found }, path) = read?;
        let name = contract.as_ref().and_then(|contract| contract.name.clone());
        all.extend(file.map(|file| Neighbour { folder: path.parent(), file, name }));
        // The name is all that others need of a contract that is not wanted.
        if wanted(path) {
            nodes.push((projects.of(&path.parent())?, path.parent(), contract, found));
        }
    }
    gathered.all = all.into_iter().collect();
    let shared = Shared::default();
    let gleaned = parallel::map(nodes, |(project, folder, contract, found)| {
        glean(workspace, &shared, project, folder, contract, found)
    });
    gathered.nodes = gleaned.into_iter().collect::<Result<_, _>>()?;
    let strays: Vec<&RelPath> =
        yaml.iter().filter(|path| path.name() != CONTRACT && wanted(path)).collect();
    for path in strays {
        if let Some(node) = gathered.nodes.iter_mut().find(|node| owns(node, path))
            && let Some(file) = Text::read(workspace, path)?.file
        {
            node.strays.push(file);
        }
    }
    Ok(gathered)
}

/// The YAML files of the project; a project inside it is one of its own.
fn yaml(workspace: &Workspace) -> Result<Vec<RelPath>, WorkspaceError> {
    let is_read =
        |name: &str| name.ends_with(".yaml") || name.ends_with(".yml") || name == "pyproject.toml";
    let found = workspace.below(&RelPath::root(), is_read)?;
    let (projects, mut yaml): (Vec<RelPath>, Vec<RelPath>) =
        found.into_iter().partition(|path| path.name() == "pyproject.toml");
    let inside: Vec<RelPath> = projects.iter().map(RelPath::parent).collect();
    let inside: Vec<RelPath> =
        inside.into_iter().filter(|folder| *folder != RelPath::root()).collect();
    yaml.retain(|path| !inside.iter().any(|project| lies_in(path, project)));
    Ok(yaml)
}

/// Whether a path is a folder's or below it.
fn lies_in(path: &RelPath, folder: &RelPath) -> bool {
    *path == *folder || path.ancestors().any(|above| above == *folder)
}

/// A YAML file without a contract of its own is reported by the first linted node of its package.
fn owns(node: &Gleaned, path: &RelPath) -> bool {
    node.is_linted() && lies_in(path, &node.project.package_folder())
}

/// The text of a file, or why it has none.
struct Text {
    file: Option<SourceFile>,
    found: Vec<Diagnostic>,
}

impl Text {
    fn read(workspace: &Workspace, path: &RelPath) -> Result<Self, WorkspaceError> {
        let shown = workspace.shown(path);
        let bytes = workspace.bytes(path)?;
        Ok(match text_of(&bytes, &shown) {
            Ok(file) => Self { file: Some(file), found: Vec::new() },
            Err(problem) => Self { file: None, found: vec![*problem] },
        })
    }

    fn parsed(self) -> Parsed {
        match self.file {
            Some(file) => {
                let (contract, found) = contract::parse(&file);
                Parsed { file: Some(file), contract, found }
            }
            None => Parsed { file: None, contract: None, found: self.found },
        }
    }
}

/// A contract as it was read.
struct Parsed {
    file: Option<SourceFile>,
    contract: Option<Contract>,
    found: Vec<Diagnostic>,
}

fn glean(
    workspace: &Workspace,
    shared: &Shared,
    project: Arc<Project>,
    folder: RelPath,
    contract: Option<Contract>,
    mut found: Vec<Diagnostic>,
) -> Result<Gleaned, WorkspaceError> {
    let mut gleaned = Gleaned {
        folder,
        contract: None,
        found: Vec::new(),
        style: project.scaffold.handler_style,
        project,
        node: None,
        sources: Sources::default(),
        strays: Vec::new(),
    };
    if let Some(contract) = &contract
        && is_orchestrator(contract)
    {
        let project = &gleaned.project;
        let mut paths = node::paths_to_read(contract, project);
        paths.extend(referred(contract, project, &gleaned.folder));
        let named = workspace.read(paths)?;
        gleaned.sources = sources(workspace, shared, project, &gleaned.folder, &named)?;
        let locked = locked(workspace, &gleaned.folder)?;
        gleaned.style = match locked {
            Some(style) => style,
            None => style::recognised(&gleaned.sources).unwrap_or(gleaned.style),
        };
        // A contract that nothing was written for yet is there to be generated from.
        let has_code = gleaned
            .sources
            .all()
            .any(|source| lies_in(&source.path, &gleaned.folder) && source.role != Role::Init);
        let is_by_hand = locked.is_none() && has_code;
        match node::resolve(contract, project, &named, gleaned.style) {
            Ok((node, warnings)) => {
                found.extend(warnings);
                gleaned.node = Some(node);
            }
            Err(trouble) if is_by_hand => found.extend(trouble.into_iter().map(weighed)),
            Err(trouble) => found.extend(trouble),
        }
    }
    gleaned.contract = contract;
    gleaned.found = found;
    Ok(gleaned)
}

/// What keeps a node from being generated keeps one that is written by hand from nothing, unless the runtimes
/// refuse it as well.
fn weighed(finding: Diagnostic) -> Diagnostic {
    let refused = finding.rule == "class-not-found";
    Diagnostic { severity: if refused { finding.severity } else { Severity::Warning }, ..finding }
}

/// The files that the modules of the contract's references can be, as far as they are the project's own.
fn referred(contract: &Contract, project: &Project, folder: &RelPath) -> Vec<RelPath> {
    let entries = contract.routing.iter().flat_map(|routing| &routing.entries);
    let references = entries.flat_map(|entry| [Some(&entry.handler), entry.event_model.as_ref()]);
    let io = [contract.input_model.as_ref(), contract.output_model.as_ref()];
    let modules = references.chain(io).flatten().filter_map(|reference| reference.module.as_ref());
    let package = project.package_at(folder);
    let absolute = modules.filter_map(|module| match module.value.strip_prefix('.') {
        Some(rest) => DottedPath::parse(&format!("{}.{rest}", package.as_ref()?)).ok(),
        None => DottedPath::parse(&module.value).ok(),
    });
    let own = absolute.filter(|module| module.first() == project.package.as_str());
    own.flat_map(|module| [project.module_file(&module), project.init_file(&module)]).collect()
}

/// The style that the lock names; nothing without a lock that can be read, which is for `check` to report.
fn locked(workspace: &Workspace, folder: &RelPath) -> Result<Option<HandlerStyle>, WorkspaceError> {
    let path = folder.ours(FILE_NAME);
    let disk = workspace.read([path.clone()])?;
    let lock = disk.text(&path).map(|text| Lock::parse(&SourceFile::new(path.as_str(), text)));
    Ok(lock.and_then(Result::ok).map(|lock| lock.style))
}

/// The Python files of the node's folder, of its tests, and those that the contract names.
fn sources(
    workspace: &Workspace,
    shared: &Shared,
    project: &Project,
    folder: &RelPath,
    named: &Disk,
) -> Result<Sources, WorkspaceError> {
    let tests =
        Identifier::parse(folder.name()).map(|name| project.tests.ours("nodes").folder(&name)).ok();
    let is_python = |name: &str| name.ends_with(".py");
    let mut paths: BTreeSet<RelPath> = workspace.below(folder, is_python)?.into_iter().collect();
    if let Some(tests) = &tests
        && !workspace.list(tests)?.is_empty()
    {
        paths.extend(workspace.below(tests, is_python)?);
    }
    // A node inside this one is a node of its own.
    paths.retain(|path| {
        let mut between = path.ancestors().take_while(|above| above != folder);
        !between.any(|above| named.exists(&above.ours(CONTRACT)))
    });
    let own = workspace.read(paths)?;
    let all = own.and(named.clone());
    let read = all.texts().filter(|(path, _)| is_python(path.name())).map(|(path, text)| {
        let role = role(path, folder, tests.as_ref());
        let shown = workspace.shown(path);
        if role == Role::Test || lies_in(path, folder) {
            Arc::new(Source::read(path.clone(), SourceFile::new(shown, text), role))
        } else {
            shared.read(path, shown, text, role)
        }
    });
    Ok(read.collect())
}

fn role(path: &RelPath, folder: &RelPath, tests: Option<&RelPath>) -> Role {
    let has = |name: &str| path.ancestors().any(|above| above.name() == name);
    if tests.is_some_and(|tests| lies_in(path, tests)) || lies_in(path, &folder.ours("tests")) {
        Role::Test
    } else if path.name() == "__init__.py" {
        Role::Init
    } else if path.name() == "node.py" && path.parent() == *folder {
        Role::Node
    } else if has("handlers") || path.name().starts_with("handler") {
        Role::Handler
    } else if has("models") || path.name().starts_with("model_") {
        Role::Model
    } else {
        Role::Other
    }
}

/// The project, seen from each of its packages.
struct Projects<'a> {
    workspace: &'a Workspace,
    /// As it is detected, where it can be.
    detected: Option<Arc<Project>>,
    others: Vec<Arc<Project>>,
}

impl<'a> Projects<'a> {
    fn new(workspace: &'a Workspace, gathered: &mut Gathered) -> Result<Self, WorkspaceError> {
        let mut projects = Self { workspace, detected: None, others: Vec::new() };
        let path = RelPath::root().ours("pyproject.toml");
        if !workspace.read([path.clone()])?.exists(&path) {
            return Ok(projects);
        }
        let place = Place::Standing(workspace.root().to_owned());
        match project::detect(&place, workspace, Wish::default()) {
            Ok(Detected { project, pyproject, warnings }) => {
                gathered.pyproject = pyproject;
                gathered.found = warnings;
                projects.detected = Some(Arc::new(project));
            }
            Err(DetectError::Workspace(error)) => return Err(error),
            Err(DetectError::Invalid(trouble)) => gathered.found = trouble,
            Err(DetectError::Package(_) | DetectError::NoText(_)) => {
                let disk = workspace.read([path.clone()])?;
                let text = disk.text(&path).unwrap_or_default();
                let file = SourceFile::new(workspace.shown(&path), text);
                match Pyproject::parse(file) {
                    Ok(pyproject) => gathered.pyproject = Some(pyproject),
                    Err(problem) => gathered.found.push(*problem),
                }
            }
        }
        Ok(projects)
    }

    /// The project as a node in a folder sees it.
    fn of(&mut self, folder: &RelPath) -> Result<Arc<Project>, WorkspaceError> {
        let holds = |project: &&Arc<Project>| lies_in(folder, &project.package_folder());
        if let Some(known) = self.detected.iter().chain(&self.others).find(holds) {
            return Ok(known.clone());
        }
        let project = Arc::new(self.around(folder)?);
        self.others.push(project.clone());
        Ok(project)
    }

    /// The package that a folder is in by its `__init__.py` files: Python's own rule.
    fn around(&self, folder: &RelPath) -> Result<Project, WorkspaceError> {
        let mut top = folder.clone();
        for above in folder.ancestors() {
            let init = above.ours("__init__.py");
            if above == RelPath::root() || !self.workspace.read([init.clone()])?.exists(&init) {
                break;
            }
            top = above;
        }
        let fallback = || Identifier::ours("package");
        let package = Identifier::parse(top.name()).unwrap_or_else(|_| fallback());
        let base = match &self.detected {
            Some(detected) => (**detected).clone(),
            None => without_settings(package.clone()),
        };
        Ok(Project { package, source_root: top.parent(), ..base })
    }
}

fn without_settings(package: Identifier) -> Project {
    Project {
        is_new: false,
        package,
        source_root: RelPath::root(),
        tests: RelPath::root().ours("tests"),
        tests_are_a_package: true,
        unit_marker: false,
        settings: Settings::default(),
        test_settings: Settings::default(),
        scaffold: Scaffold::default(),
    }
}
