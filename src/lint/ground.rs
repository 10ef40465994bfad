//! What all nodes of a project are seen before: its settings, its files, and the names of its contracts.
//!
//! In: a [`Workspace`]. Out: a [`Ground`], found out once per run and however many nodes are then looked at, one by one
//! or all together.

use std::sync::Arc;

use super::gather::CONTRACT;
use super::source::Shared;
use super::subject::{Neighbour, Neighbours};
use crate::contract;
use crate::contract::yaml::text_of;
use crate::diagnostic::Diagnostic;
use crate::parallel;
use crate::project::{
    self, DetectError, Detected, Place, Project, Pyproject, Scaffold, Settings, Wish,
};
use crate::python::Identifier;
use crate::source::SourceFile;
use crate::workspace::{RelPath, Workspace, WorkspaceError};

/// What all nodes of a project are seen before.
#[derive(Debug, Default)]
pub struct Ground {
    /// The root's path as it stands before those of the files in messages; empty for the working directory.
    pub root: String,
    /// pyproject.toml; nothing for a package without one.
    pub pyproject: Option<Pyproject>,
    /// What is wrong with the project as such.
    pub found: Vec<Diagnostic>,
    /// Every contract of the project, wanted or not.
    pub all: Neighbours,
    /// The project as it is detected, where it can be.
    detected: Option<Arc<Project>>,
    /// Its YAML and Python files as git sees them, sorted.
    files: Vec<RelPath>,
    /// The files that several of its nodes have in common.
    pub(super) shared: Shared,
}

impl Ground {
    /// Looks through a project.
    ///
    /// # Errors
    /// When a file or folder cannot be read.
    pub fn of(workspace: &Workspace) -> Result<Self, WorkspaceError> {
        let root = workspace.root().display().to_string();
        let root = if root == "." { String::new() } else { root };
        let mut ground = Self { root, files: files(workspace)?, ..Self::default() };
        ground.detect(workspace)?;
        let contracts: Vec<&RelPath> = ground.contracts().collect();
        let neighbours = parallel::map(&contracts, |path| neighbour(workspace, path));
        let neighbours: Vec<Option<Neighbour>> =
            neighbours.into_iter().collect::<Result<_, _>>()?;
        ground.all = neighbours.into_iter().flatten().collect();
        Ok(ground)
    }

    /// The project's contracts, sorted.
    pub fn contracts(&self) -> impl Iterator<Item = &RelPath> {
        self.files.iter().filter(|path| path.name() == CONTRACT)
    }

    /// Whether a contract of the project stands at a path.
    pub(super) fn is_contract(&self, path: &RelPath) -> bool {
        self.files.binary_search(path).is_ok()
    }

    /// The project's YAML files that are no contracts.
    pub(super) fn other_yaml(&self) -> impl Iterator<Item = &RelPath> {
        let yaml = self.files.iter().filter(|path| is_yaml(path.name()));
        yaml.filter(|path| path.name() != CONTRACT)
    }

    /// Whether a folder has a contract that git sees, and no other YAML file.
    #[must_use]
    pub fn is_all_of(&self, folder: &RelPath) -> bool {
        let mut yaml = self.below(folder).filter(|path| is_yaml(path.name()));
        let contract = folder.ours(CONTRACT);
        yaml.next().is_some_and(|path| *path == contract) && yaml.next().is_none()
    }

    /// The Python files below a folder.
    pub fn python_below(&self, folder: &RelPath) -> impl Iterator<Item = &RelPath> {
        self.below(folder).filter(|path| path.name().ends_with(".py"))
    }

    fn below(&self, folder: &RelPath) -> impl Iterator<Item = &RelPath> {
        let from = self.files.partition_point(|path| path < folder);
        let below = self.files.iter().skip(from);
        let below = below.take_while(move |path| path.as_str().starts_with(folder.as_str()));
        below.filter(move |path| path.lies_in(folder))
    }

    fn detect(&mut self, workspace: &Workspace) -> Result<(), WorkspaceError> {
        let path = RelPath::root().ours("pyproject.toml");
        if !workspace.read([path.clone()])?.exists(&path) {
            return Ok(());
        }
        let place = Place::Standing(workspace.root().to_owned());
        match project::detect(&place, workspace, Wish::default()) {
            Ok(Detected { project, pyproject, warnings }) => {
                self.pyproject = pyproject;
                self.found = warnings;
                self.detected = Some(Arc::new(project));
            }
            Err(DetectError::Workspace(error)) => return Err(error),
            Err(DetectError::Invalid(trouble)) => self.found = trouble,
            Err(DetectError::Package(_) | DetectError::NoText(_)) => {
                let disk = workspace.read([path.clone()])?;
                let text = disk.text(&path).unwrap_or_default();
                let file = SourceFile::new(workspace.shown(&path), text);
                match Pyproject::parse(file) {
                    Ok(pyproject) => self.pyproject = Some(pyproject),
                    Err(problem) => self.found.push(*problem),
                }
            }
        }
        Ok(())
    }
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// The YAML and Python files of the project; a project inside it is one of its own.
fn files(workspace: &Workspace) -> Result<Vec<RelPath>, WorkspaceError> {
    let is_read = |name: &str| is_yaml(name) || name.ends_with(".py") || name == "pyproject.toml";
    let found = workspace.below(&RelPath::root(), is_read)?;
    let (projects, mut files): (Vec<RelPath>, Vec<RelPath>) =
        found.into_iter().partition(|path| path.name() == "pyproject.toml");
    let inside: Vec<RelPath> = projects.iter().map(RelPath::parent).collect();
    let inside: Vec<RelPath> =
        inside.into_iter().filter(|folder| *folder != RelPath::root()).collect();
    files.retain(|path| !inside.iter().any(|project| path.lies_in(project)));
    Ok(files)
}

/// A contract as others know it; nothing where it is no text.
fn neighbour(workspace: &Workspace, path: &RelPath) -> Result<Option<Neighbour>, WorkspaceError> {
    let shown = workspace.shown(path);
    let Ok(file) = text_of(&workspace.bytes(path)?, &shown) else { return Ok(None) };
    let name = contract::name_of(&file);
    Ok(Some(Neighbour { folder: path.parent(), file, name }))
}

/// The project, seen from each of its packages.
pub(super) struct Projects<'a> {
    workspace: &'a Workspace,
    ground: &'a Ground,
    others: Vec<Arc<Project>>,
}

impl<'a> Projects<'a> {
    pub(super) fn new(workspace: &'a Workspace, ground: &'a Ground) -> Self {
        Self { workspace, ground, others: Vec::new() }
    }

    /// The project as a node in a folder sees it.
    pub(super) fn of(&mut self, folder: &RelPath) -> Result<Arc<Project>, WorkspaceError> {
        let holds = |project: &&Arc<Project>| folder.lies_in(&project.package_folder());
        if let Some(known) = self.ground.detected.iter().chain(&self.others).find(holds) {
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
        let base = match &self.ground.detected {
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
