//! A node as files.
//!
//! In: a [`crate::node::Node`] and its [`crate::project::Project`]. Out: [`RenderedFile`]s: whole texts, formatted
//! as the project wants them. Knows nothing of what stands on disk.

pub mod engine;
pub mod project;
pub mod text;

use crate::workspace::RelPath;

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
