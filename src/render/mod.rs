//! A node as files.
//!
//! In: a [`crate::node::Node`] and its [`crate::project::Project`]. Out: [`RenderedFile`]s: whole texts, formatted
//! as the project wants them. Knows nothing of what stands on disk.
//!
//! [`layout`] says which files there are; [`views`] say what each of them prints; [`engine`] fills the templates.

mod docstring;
pub mod engine;
mod layout;
pub mod project;
pub mod text;
mod views;

use layout::Cores;

use crate::node::Node;
use crate::project::Project;
use crate::python::format::FormatError;
use crate::workspace::RelPath;

pub use views::handler::ViewError;
pub use views::model::{is_model_of_ours, without_mark};

/// One file as it should stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedFile {
    /// Where, from the project's root.
    pub path: RelPath,
    /// Who owns it afterwards.
    pub ownership: Ownership,
    /// The whole text.
    pub text: String,
}

/// Who owns a file, and so what happens to it when the contract changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ownership {
    /// Ours: written anew from the contract.
    Generated,
    /// The user's, once written: a change of the contract is merged into it.
    Scaffolded,
    /// The user's alone.
    Yours,
}

impl Ownership {
    /// The word that output uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Scaffolded => "scaffolded",
            Self::Yours => "yours",
        }
    }
}

/// A file that could not be rendered.
#[derive(Debug, thiserror::Error)]
#[error("cannot render {path}: {cause}")]
pub struct RenderError {
    /// The file.
    pub path: RelPath,
    /// Why.
    pub cause: RenderProblem,
}

/// Why a file could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderProblem {
    /// Two names that are one, or a template that does not fit.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The text is no Python.
    #[error(transparent)]
    Format(#[from] FormatError),
}

/// Renders every file of a node, sorted by path.
///
/// `contract` is the text of the contract, which becomes the node's contract.yaml as it is.
///
/// # Errors
/// When the classes of the contract cannot share a file, or a template is wrong.
pub fn render(
    node: &Node,
    project: &Project,
    contract: &str,
) -> Result<Vec<RenderedFile>, RenderError> {
    layout::files(node, project, contract, Cores::This)
}

/// The same on every core, for a node that is alone: where there are many, each core has some of them.
///
/// # Errors
/// As of [`render`].
pub fn render_on_every_core(
    node: &Node,
    project: &Project,
    contract: &str,
) -> Result<Vec<RenderedFile>, RenderError> {
    layout::files(node, project, contract, Cores::Every)
}
