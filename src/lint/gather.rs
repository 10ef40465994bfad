//! Everything that is looked at, read beforehand.
//!
//! In: a [`Workspace`] and which nodes are wanted. Out: a [`Gathered`]: a value, so that the rest of linting touches
//! no disk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ground::{Ground, Projects};
use super::source::{Role, Source, Sources};
use super::style;
use crate::contract::yaml::text_of;
use crate::contract::{self, Contract};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lock::{FILE_NAME, Lock};
use crate::node::{self, ClassPath, HandlerStyle, Node};
use crate::parallel;
use crate::project::Project;
use crate::python::DottedPath;
use crate::source::SourceFile;
use crate::workspace::{Disk, RelPath, Workspace, WorkspaceError};

/// The file that makes a folder a node.
pub const CONTRACT: &str = "contract.yaml";

/// A project with the nodes that are wanted.
#[derive(Debug, Default)]
pub struct Gathered {
    /// What all of them are seen before.
    pub ground: Ground,
    /// The nodes, sorted by path.
    pub nodes: Vec<Gleaned>,
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
    let ground = Ground::of(workspace)?;
    let nodes = gather_on(&ground, workspace, within)?;
    Ok(Gathered { ground, nodes })
}

/// The same for a project whose contracts are known.
///
/// # Errors
/// When a file or folder cannot be read.
pub fn gather_on(
    ground: &Ground,
    workspace: &Workspace,
    within: &[RelPath],
) -> Result<Vec<Gleaned>, WorkspaceError> {
    let within: BTreeSet<&RelPath> = within.iter().collect();
    let wanted = |path: &&RelPath| {
        path.ancestors().any(|above| within.contains(&above)) || within.contains(*path)
    };
    let mut projects = Projects::new(workspace, ground);
    let mut nodes = Vec::new();
    for path in ground.contracts().filter(wanted) {
        nodes.push((projects.of(&path.parent())?, path));
    }
    let gleaned = parallel::map(nodes, |(project, path)| {
        let Parsed { contract, found } = Text::read(workspace, path)?.parsed();
        glean((ground, workspace), project, path.parent(), contract, found)
    });
    let mut nodes: Vec<Gleaned> = gleaned.into_iter().collect::<Result<_, _>>()?;
    for path in ground.other_yaml().filter(wanted) {
        if let Some(node) = nodes.iter_mut().find(|node| owns(node, path))
            && let Some(file) = Text::read(workspace, path)?.file
        {
            node.strays.push(file);
        }
    }
    Ok(nodes)
}

/// A YAML file without a contract of its own is reported by the first linted node of its package.
fn owns(node: &Gleaned, path: &RelPath) -> bool {
    node.is_linted() && path.lies_in(&node.project.package_folder())
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
                Parsed { contract, found }
            }
            None => Parsed { contract: None, found: self.found },
        }
    }
}

/// A contract as it was read.
struct Parsed {
    contract: Option<Contract>,
    found: Vec<Diagnostic>,
}

fn glean(
    from: (&Ground, &Workspace),
    project: Arc<Project>,
    folder: RelPath,
    contract: Option<Contract>,
    mut found: Vec<Diagnostic>,
) -> Result<Gleaned, WorkspaceError> {
    let workspace = from.1;
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
        gleaned.sources = sources(from, project, &gleaned.folder, &named)?;
        let locked = locked(workspace, &gleaned.folder)?;
        gleaned.style = match locked {
            Some(style) => style,
            None => style::recognised(&gleaned.sources).unwrap_or(gleaned.style),
        };
        // A contract that nothing was written for yet is there to be generated from.
        let has_code = gleaned
            .sources
            .all()
            .any(|source| source.path.lies_in(&gleaned.folder) && source.role != Role::Init);
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
    let lock = disk
        .text(&path)
        .map(|text| Lock::parse_with(&SourceFile::new(path.as_str(), text), |_| false));
    Ok(lock.and_then(Result::ok).map(|lock| lock.style))
}

/// The Python files of the node's folder, of its tests, and those that the contract names.
fn sources(
    (ground, workspace): (&Ground, &Workspace),
    project: &Project,
    folder: &RelPath,
    named: &Disk,
) -> Result<Sources, WorkspaceError> {
    let tests = project.tests_of(folder);
    let own = workspace.read(own_python(ground, project, folder))?;
    let all = own.and(named.clone());
    let read = all.texts().filter(|(path, _)| path.name().ends_with(".py")).map(|(path, text)| {
        let role = role(path, folder, tests.as_ref());
        let source =
            || Source::new(path.clone(), SourceFile::new(workspace.shown(path), text), role);
        if role == Role::Test || path.lies_in(folder) {
            return Arc::new(source());
        }
        ground.shared.known(path, role).unwrap_or_else(|| ground.shared.keep(source()))
    });
    Ok(read.collect())
}

/// A node of which all is known already but the files that are not its own.
#[derive(Debug)]
pub struct Known {
    /// The folder that it stands in.
    pub folder: RelPath,
    /// The contract, which has no errors.
    pub contract: Contract,
    /// What reading and resolving it found.
    pub found: Vec<Diagnostic>,
    /// The project.
    pub project: Arc<Project>,
    /// The node.
    pub node: Node,
    /// Its files, each with whether it is what is rendered from the contract.
    pub files: Vec<(RelPath, String, bool)>,
    /// What its contract may mean: [`node::paths_to_read`].
    pub paths: Vec<RelPath>,
}

/// Reads what a node that is known has in sight besides its own files; nothing for a node that has to be gathered as
/// any other, because somebody works on files that say how it is resolved.
///
/// # Errors
/// When a file cannot be read.
pub fn known(
    ground: &Ground,
    workspace: &Workspace,
    known: Known,
) -> Result<Option<Gleaned>, WorkspaceError> {
    let Known { folder, contract, found, project, node, files, paths } = known;
    let tests = project.tests_of(&folder);
    let mut sources: BTreeMap<RelPath, Arc<Source>> = BTreeMap::new();
    for (path, text, is_rendered) in files {
        if path.name().ends_with(".py") {
            let role = role(&path, &folder, tests.as_ref());
            let file = SourceFile::new(workspace.shown(&path), text);
            let source = if is_rendered { Source::rendered } else { Source::new };
            sources.insert(path.clone(), Arc::new(source(path, file, role)));
        }
    }
    let mut others = own_python(ground, &project, &folder);
    others.extend(paths);
    others.extend(referred(&contract, &project, &folder));
    for path in others.into_iter().filter(|path| path.name().ends_with(".py")) {
        if sources.contains_key(&path) {
            continue;
        }
        let role = role(&path, &folder, tests.as_ref());
        if let Some(source) = ground.shared.known(&path, role) {
            sources.insert(path, source);
            continue;
        }
        let disk = workspace.read([path.clone()])?;
        let Some(text) = disk.text(&path) else { continue };
        let source = Source::new(path.clone(), SourceFile::new(workspace.shown(&path), text), role);
        let is_own = role == Role::Test || path.lies_in(&folder);
        let source = if is_own { Arc::new(source) } else { ground.shared.keep(source) };
        sources.insert(path, source);
    }
    let sources: Sources = sources.into_values().collect();
    // A class that somebody took out of its file is missed when the node is resolved.
    let is_there = |class: &ClassPath| {
        let source = sources.module(&project, &class.module);
        source.is_none_or(|s| s.is_rendered() || s.module().class(class.name.as_str()).is_some())
    };
    let written = sources.written().filter(|source| source.role == Role::Model);
    if written.count() > 0 || !node.handlers.iter().all(|handler| is_there(&handler.class)) {
        return Ok(None);
    }
    let (style, node, contract) = (node.style, Some(node), Some(contract));
    Ok(Some(Gleaned { folder, contract, found, project, node, style, sources, strays: Vec::new() }))
}

/// The Python files of a node's folder and of its tests; a node inside this one is a node of its own.
fn own_python(ground: &Ground, project: &Project, folder: &RelPath) -> Vec<RelPath> {
    let tests = project.tests_of(folder);
    let own = ground.python_below(folder).chain(tests.iter().flat_map(|t| ground.python_below(t)));
    let is_of_another = |path: &&RelPath| {
        let mut between = path.ancestors().take_while(|above| above != folder);
        between.any(|above| ground.is_contract(&above.ours(CONTRACT)))
    };
    own.filter(|path| !is_of_another(path)).cloned().collect()
}

fn role(path: &RelPath, folder: &RelPath, tests: Option<&RelPath>) -> Role {
    if tests.is_some_and(|tests| path.lies_in(tests)) || path.lies_in(&folder.ours("tests")) {
        Role::Test
    } else if path.name() == "__init__.py" {
        Role::Init
    } else if path.name() == "node.py" && path.parent() == *folder {
        Role::Node
    } else if path.is_below_any("handlers") || path.name().starts_with("handler") {
        Role::Handler
    } else if path.is_below_any("models") || path.name().starts_with("model_") {
        Role::Model
    } else {
        Role::Other
    }
}
