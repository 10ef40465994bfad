//! Definitions for tests, read as those of a contract are, with true places.

use super::{Classes, fields_of};
use crate::contract::{self, Definition};
use crate::diagnostic::Diagnostic;
use crate::node::{ClassPath, Field};
use crate::python::{DottedPath, Identifier};
use crate::source::SourceFile;

/// Some definitions and what belongs to them.
pub(super) struct Sample {
    pub(super) file: SourceFile,
    pub(super) definitions: Vec<Definition>,
    pub(super) classes: Classes,
}

impl Sample {
    /// The fields of the first definition.
    pub(super) fn fields(&self) -> (Vec<Field>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let fields = fields_of(&self.definitions[0], &self.classes, &self.file, &mut diagnostics);
        (fields, diagnostics)
    }
}

/// Definitions by name, as a mapping in braces. Every one of them lives in `myapp.models.<name in lower case>`.
pub(super) fn sample(definitions: &str) -> Sample {
    let file = SourceFile::new("contract.yaml", format!("{{\"definitions\": {definitions}}}"));
    let (contract, found) = contract::parse(&file);
    assert!(found.is_empty(), "{definitions}: {found:#?}");
    let definitions = contract.unwrap().definitions;
    let place = |definition: &Definition| {
        let name = &definition.name.value;
        let module = DottedPath::parse(&format!("myapp.models.{}", name.to_lowercase())).unwrap();
        (name.clone(), ClassPath { module, name: Identifier::parse(name).unwrap() })
    };
    let classes = definitions.iter().map(place).collect();
    Sample { file, definitions, classes }
}
