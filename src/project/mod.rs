//! The Python project that a node lives in: where its package and tests are, and how it wants its code.
//!
//! In: a [`crate::workspace::Workspace`]. Out: a [`Project`], for an existing project or for one that is still
//! to be written. Knows nothing of contracts.

pub mod pyproject;
pub mod settings;

use crate::node::HandlerStyle;
use crate::python::{DottedPath, Identifier};
use crate::workspace::RelPath;

pub use pyproject::Pyproject;
pub use settings::Settings;

/// A project, found or about to be made.
#[derive(Clone, Debug)]
pub struct Project {
    /// Whether pyproject.toml and the rest are still to be written.
    pub is_new: bool,
    /// The import package: `myapp`.
    pub package: Identifier,
    /// The folder that imports start from: `src`, or the root in a flat layout.
    pub source_root: RelPath,
    /// The folder of the tests: `tests`.
    pub tests: RelPath,
    /// Whether the tests folder is a Python package (or is still to be made, as one).
    pub tests_are_a_package: bool,
    /// Whether the project declares the `unit` marker.
    pub unit_marker: bool,
    /// How the project formats and sorts its code.
    pub settings: Settings,
    /// The choices of `[tool.onex.scaffold]`.
    pub scaffold: Scaffold,
}

/// `[tool.onex.scaffold]` of pyproject.toml.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scaffold {
    /// `handler-style`: the style of new nodes.
    pub handler_style: HandlerStyle,
    /// `license-header`: lines for the top of every Python file, without the `#`.
    pub license_header: Vec<String>,
    /// `producer`: the third segment of topics.
    pub producer: Option<String>,
}

impl Project {
    /// `<package>.nodes`, which holds the nodes.
    #[must_use]
    pub fn nodes_module(&self) -> DottedPath {
        DottedPath::from(self.package.clone()).child(Identifier::ours("nodes"))
    }

    /// The folder of a package.
    #[must_use]
    pub fn module_folder(&self, module: &DottedPath) -> RelPath {
        self.source_root.folders(module.parts())
    }

    /// The file of a module: `src/myapp/models/model_order.py`.
    #[must_use]
    pub fn module_file(&self, module: &DottedPath) -> RelPath {
        match module.parts().split_last() {
            Some((last, folders)) => self.source_root.folders(folders).python_file(last),
            None => self.source_root.clone(),
        }
    }

    /// The `__init__.py` of a package.
    #[must_use]
    pub fn init_file(&self, module: &DottedPath) -> RelPath {
        self.module_folder(module).ours("__init__.py")
    }
}
