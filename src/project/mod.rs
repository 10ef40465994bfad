//! The Python project that a node lives in: where its package and tests are, and how it wants its code.
//!
//! In: a [`crate::workspace::Workspace`]. Out: a [`Project`], for an existing project or for one that is still
//! to be written. Knows nothing of contracts.

pub mod pyproject;
pub mod settings;

use crate::node::HandlerStyle;
use crate::python::Identifier;
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
