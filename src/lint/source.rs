//! The Python files that belong to a node, each taken apart once, and only when somebody asks what is in it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ruff_python_ast::{Expr, Stmt};

use super::rules::code::generic_name::VAGUE;
use crate::project::Project;
use crate::python::facts::{self, Facts};
use crate::python::module::{self, Class, Module};
use crate::python::{DottedPath, Tree};
use crate::search;
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
    is_rendered: bool,
    read: OnceLock<(Module, Option<Tree>)>,
    facts: OnceLock<Facts>,
    is_plain: OnceLock<bool>,
}

impl Source {
    /// A file that somebody wrote, or may have changed.
    #[must_use]
    pub fn new(path: RelPath, file: SourceFile, role: Role) -> Self {
        Self {
            path,
            file,
            role,
            is_rendered: false,
            read: OnceLock::new(),
            facts: OnceLock::new(),
            is_plain: OnceLock::new(),
        }
    }

    /// A file that is, byte for byte, what is rendered from the contract now.
    ///
    /// Names and types in it that the contract chose may still be a matter for rules: where they could be, it is looked
    /// at as any other.
    #[must_use]
    pub fn rendered(path: RelPath, file: SourceFile, role: Role) -> Self {
        let is_rendered = role == Role::Test || is_conventional(&path, file.text());
        Self { is_rendered, ..Self::new(path, file, role) }
    }

    /// Whether the file is what is rendered from the contract: the code in it is onex's own, and nobody's mistake.
    #[must_use]
    pub fn is_rendered(&self) -> bool {
        self.is_rendered
    }

    /// What it says about itself; taken apart when first asked for.
    #[must_use]
    pub fn module(&self) -> &Module {
        &self.taken_apart().0
    }

    /// Whether it is an `__init__.py` that only passes on what is there, as onex writes them: with a thousand nodes, it is
    /// long, and every node has it in sight.
    fn is_plain_package(&self) -> bool {
        let is_plain = || {
            let declares = |statement: &Stmt| match statement {
                Stmt::ImportFrom(_) => true,
                Stmt::Expr(docstring) => docstring.value.is_string_literal_expr(),
                Stmt::Assign(assign) => {
                    let mut targets = assign.targets.iter().map(Expr::as_name_expr);
                    targets.all(|name| name.is_some_and(|name| name.id == "__all__"))
                }
                _ => false,
            };
            let body = self.body();
            !body.is_empty()
                && body.iter().all(declares)
                && self.module().problems.is_empty()
                && self.facts().unbound.is_empty()
        };
        self.role == Role::Init && *self.is_plain.get_or_init(is_plain)
    }

    /// What it does, as far as its own text tells; read when first asked for.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| match self.taken_apart() {
            (module, Some(tree)) => facts::of(tree, module, None),
            (_, None) => Facts::default(),
        })
    }

    fn taken_apart(&self) -> &(Module, Option<Tree>) {
        self.read.get_or_init(|| module::read_with_tree(self.file.text()))
    }

    /// The statements, as far as the text could be taken apart; none where looking at them in depth could
    /// exhaust the stack.
    #[must_use]
    pub fn body(&self) -> &[Stmt] {
        self.tree().map(Tree::body).unwrap_or_default()
    }

    /// The tree, where the text could be taken apart and is not so long that looking at it in depth could
    /// exhaust the stack.
    #[must_use]
    pub fn tree(&self) -> Option<&Tree> {
        self.taken_apart().1.as_ref().filter(|tree| !tree.is_long())
    }
}

/// Whether what the contract chose in a rendered file is as conventions want it, as far as a look at the text tells: the
/// names of classes and where they stand, and topics.
fn is_conventional(path: &RelPath, text: &str) -> bool {
    let has_topic = search::contains(text, "\"onex.") || search::contains(text, "'onex.");
    let classes = search::places(text, "class ").filter_map(|at| {
        let (before, class) = text.split_at_checked(at)?;
        (before.is_empty() || before.ends_with('\n')).then_some(class)
    });
    let names = classes.filter_map(|class| class.strip_prefix("class "));
    let mut names = names.map(|rest| rest.split(['(', ':']).next().unwrap_or(rest));
    let in_handlers = path.is_below_any("handlers");
    let stem = path.name().trim_end_matches(".py").replace('_', "");
    let is_odd = |name: &str| {
        let kind = ["Model", "Node"].iter().any(|kind| name.starts_with(kind));
        let is_handler = name.starts_with("Handler") && stem.eq_ignore_ascii_case(name);
        let is_vague = VAGUE.iter().any(|word| name.contains(word));
        if in_handlers { !is_handler } else { !kind || is_vague }
    };
    !has_topic && !names.any(is_odd)
}

/// The Python files of a node, by path.
#[derive(Debug, Default)]
pub struct Sources(BTreeMap<RelPath, Arc<Source>>);

impl Sources {
    /// All of them, sorted by path.
    pub fn all(&self) -> impl Iterator<Item = &Source> {
        self.0.values().map(Arc::as_ref)
    }

    /// Those that somebody wrote, or may have changed: rules of code have nothing to say of what is rendered.
    pub fn written(&self) -> impl Iterator<Item = &Source> {
        self.all().filter(|source| !source.is_rendered && !source.is_plain_package())
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
            if let Some(class) = source.module().class(&name) {
                return Some((source, class));
            }
            (module, name) = imported_from(project, source, &module, &name)?;
        }
        None
    }
}

/// The files that several nodes have in common, such as the `__init__.py` of a package of events: read and taken apart
/// once.
#[derive(Debug, Default)]
pub(super) struct Shared(Mutex<BTreeMap<RelPath, Arc<Source>>>);

impl Shared {
    /// The file, where somebody asked for it before.
    pub(super) fn known(&self, path: &RelPath, role: Role) -> Option<Arc<Source>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(path).filter(|known| known.role == role).cloned()
    }

    /// Keeps a file for those who ask after this.
    pub(super) fn keep(&self, source: Source) -> Arc<Source> {
        let (path, source) = (source.path.clone(), Arc::new(source));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path, source.clone());
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
    source.module().imports.iter().find_map(|import| {
        let origin = import.from.as_ref()?;
        let imported = import.names.iter().find(|imported| imported.bound() == name)?;
        let from = origin.absolute(&module.to_string(), is_package)?;
        Some((DottedPath::parse(&from).ok()?, imported.name.clone()))
    })
}
