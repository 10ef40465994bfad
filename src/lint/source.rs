//! The Python files that belong to a node, read and taken apart once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::project::Project;
use crate::python::facts::{self, Facts};
use crate::python::module::{self, Class, Module};
use crate::python::{DottedPath, Tree};
use crate::source::SourceFile;
use crate::workspace::RelPath;

/// What a file is to the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// `node.py`.
    Node,
    /// A file below `handlers/`, or one that the contract names as a handler's module.
    Handler,
    /// A file below `models/`, of the node or of the project.
    Model,
    /// An `__init__.py`.
    Init,
    /// A file in the node's folder of tests.
    Test,
    /// Any other file of the node's folder.
    Other,
}

/// One Python file.
#[derive(Debug)]
pub struct Source {
    /// Where it is.
    pub path: RelPath,
    /// Its text.
    pub file: SourceFile,
    /// What it is to the node.
    pub role: Role,
    /// What it says about itself.
    pub module: Module,
    tree: Option<Tree>,
    facts: OnceLock<Facts>,
}

impl Source {
    /// Reads a file.
    #[must_use]
    pub fn read(path: RelPath, file: SourceFile, role: Role) -> Self {
        let (module, tree) = module::read_with_tree(file.text());
        Self { path, file, role, module, tree, facts: OnceLock::new() }
    }

    /// What it does, as far as its own text tells; read when first asked for.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| match &self.tree {
            Some(tree) => facts::of(tree, &self.module, None),
            None => Facts::default(),
        })
    }

    /// The statements, as far as the text could be taken apart; none where looking at them in depth could
    /// exhaust the stack.
    #[must_use]
    pub fn body(&self) -> &[ruff_python_ast::Stmt] {
        self.tree().map(Tree::body).unwrap_or_default()
    }

    /// The tree, where the text could be taken apart and is not so long that looking at it in depth could
    /// exhaust the stack.
    #[must_use]
    pub fn tree(&self) -> Option<&Tree> {
        self.tree.as_ref().filter(|tree| !tree.is_long())
    }
}

/// The Python files of a node, by path.
#[derive(Debug, Default)]
pub struct Sources(BTreeMap<RelPath, Arc<Source>>);

impl Sources {
    /// All of them, sorted by path.
    pub fn all(&self) -> impl Iterator<Item = &Source> {
        self.0.values().map(Arc::as_ref)
    }

    /// Those of a role.
    pub fn of(&self, role: Role) -> impl Iterator<Item = &Source> {
        self.all().filter(move |source| source.role == role)
    }

    /// The file at a path.
    #[must_use]
    pub fn at(&self, path: &RelPath) -> Option<&Source> {
        self.0.get(path).map(Arc::as_ref)
    }

    /// The file of a module: `x.py`, else `x/__init__.py`.
    #[must_use]
    pub fn module(&self, project: &Project, module: &DottedPath) -> Option<&Source> {
        self.at(&project.module_file(module)).or_else(|| self.at(&project.init_file(module)))
    }

    /// The class that a module defines or imports from another module of these, and the file it stands in.
    #[must_use]
    pub fn class(
        &self,
        project: &Project,
        module: &DottedPath,
        name: &str,
    ) -> Option<(&Source, &Class)> {
        let (mut module, mut name) = (module.clone(), name.to_owned());
        // A chain of re-exports is short, unless it is a ring.
        for _ in 0..8 {
            let source = self.module(project, &module)?;
            if let Some(class) = source.module.class(&name) {
                return Some((source, class));
            }
            (module, name) = imported_from(project, source, &module, &name)?;
        }
        None
    }
}

/// The files that several nodes have in common, such as the `__init__.py` of a package of events: taken apart once.
#[derive(Debug, Default)]
pub struct Shared(Mutex<BTreeMap<RelPath, Arc<Source>>>);

impl Shared {
    /// The file, taken apart by whoever asks first.
    pub(super) fn read(
        &self,
        path: &RelPath,
        shown: String,
        text: &str,
        role: Role,
    ) -> Arc<Source> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().get(path).cloned();
        if let Some(same) = found.filter(|known| known.role == role && known.file.text() == text) {
            return same;
        }
        let file = SourceFile::new(shown, text);
        let source = Arc::new(Source::read(path.clone(), file, role));
        known().insert(path.clone(), source.clone());
        source
    }
}

impl FromIterator<Source> for Sources {
    fn from_iter<I: IntoIterator<Item = Source>>(sources: I) -> Self {
        sources.into_iter().map(Arc::new).collect()
    }
}

impl FromIterator<Arc<Source>> for Sources {
    fn from_iter<I: IntoIterator<Item = Arc<Source>>>(sources: I) -> Self {
        Self(sources.into_iter().map(|source| (source.path.clone(), source)).collect())
    }
}

/// Where a module imports a name from, and the name there.
fn imported_from(
    project: &Project,
    source: &Source,
    module: &DottedPath,
    name: &str,
) -> Option<(DottedPath, String)> {
    let is_package = source.path == project.init_file(module);
    source.module.imports.iter().find_map(|import| {
        let origin = import.from.as_ref()?;
        let imported = import.names.iter().find(|imported| imported.bound() == name)?;
        let from = origin.absolute(&module.to_string(), is_package)?;
        Some((DottedPath::parse(&from).ok()?, imported.name.clone()))
    })
}
