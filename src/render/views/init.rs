//! `__init__.py`: a docstring and, where the package re-exports classes, their imports.

use serde::Serialize;

use super::Context;
use crate::node::ClassPath;
use crate::python::imports::{Imports, NameClash, Need, dunder_all};
use crate::python::{Code, Comment, DocText};
use crate::render::engine::View;

#[derive(Debug, Serialize)]
pub(crate) struct InitView {
    header: Vec<Comment>,
    doc: DocText,
    reexports: bool,
    imports: Code,
    dunder_all: Code,
}

impl View for InitView {
    const TEMPLATE: &'static str = "orchestrator/init.py.j2";
}

impl InitView {
    /// `exported` holds the classes with the modules that they stand in.
    pub(crate) fn new(
        context: Context<'_>,
        doc: DocText,
        exported: &[ClassPath],
    ) -> Result<Self, NameClash> {
        let mut imports = Imports::new();
        for class in exported {
            super::import(&mut imports, class, Need::Runtime)?;
        }
        Ok(Self {
            header: context.header(),
            doc,
            reexports: !exported.is_empty(),
            imports: imports.render(&context.settings.imports),
            dunder_all: dunder_all(exported.iter().map(|class| &class.name)),
        })
    }
}
