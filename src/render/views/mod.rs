//! One view per template: everything that it prints, ready to be printed.

pub(super) mod contract_test;
pub(super) mod handler;
pub(super) mod handler_test;
pub(super) mod init;
pub(super) mod model;
pub(super) mod node;

pub(crate) use handler::ViewError;

use crate::node::{ClassPath, Node};
use crate::project::{Project, Settings};
use crate::python::imports::{Imports, NameClash, Need};
use crate::python::{Code, Comment, py};

/// What every view is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) node: &'a Node,
    pub(super) project: &'a Project,
    /// Those that hold for the file.
    pub(super) settings: &'a Settings,
}

impl Context<'_> {
    /// The same for a file of the tests.
    pub(super) fn of_tests(self) -> Self {
        Self { settings: &self.project.test_settings, ..self }
    }

    /// The project's license header.
    pub(super) fn header(&self) -> Vec<Comment> {
        self.project.scaffold.license_header.iter().map(|line| Comment::new(line)).collect()
    }

    /// The columns that a line may have.
    pub(super) fn line_length(&self) -> u16 {
        self.settings.format.line_length
    }

    /// The import block of a module with code, in the project's order.
    pub(super) fn imports(&self, imports: Imports) -> Code {
        imports.with_future().render(&self.settings.imports)
    }
}

/// Adds a class to the imports.
pub(super) fn import(
    imports: &mut Imports,
    class: &ClassPath,
    need: Need,
) -> Result<(), NameClash> {
    imports.add(&class.module, &class.name, need)
}

/// `(A,)`, `(A, B)`, `()`.
pub(super) fn tuple(items: &[Code]) -> Code {
    let comma = if items.len() == 1 { Code::of(",") } else { Code::default() };
    py!("({}{})", Code::join(items, ", "), comma)
}
