//! Python text that is valid by construction.
//!
//! In: names and texts out of a contract, which are untrusted. Out: types that can only hold text that
//! means in Python what it should: [`Identifier`], [`DottedPath`], [`StrLiteral`], [`DocText`], [`Comment`]
//! and [`Code`], which is put together from the others by [`py!`]. A template prints these types and
//! nothing else (see [`crate::render::engine`]), so no contract can add code to the output.
//!
//! [`imports`] orders import statements as isort does, [`format`] lays code out as `ruff format` does,
//! [`module`] reads Python that is already there, [`facts`] what rules need to know of it, [`uses`] what it takes from
//! other modules.

mod code;
mod edit;
pub mod facts;
pub mod format;
mod identifier;
pub mod imports;
mod init;
pub mod layout;
mod literal;
pub mod module;
mod prose;
mod rewrite;
mod syntax;
pub mod uses;

pub use code::{Code, Python, checked};
pub use identifier::{DottedPath, Identifier, NameProblem};
pub use init::{MergeProblem, merge_init};
pub use literal::{Comment, DocText, StrLiteral, float_literal};
pub use prose::{paragraphs, sentence, wrap};
pub use syntax::{SyntaxProblem, Tree};

pub(crate) use code::py;
pub(crate) use literal::is_hidden;
