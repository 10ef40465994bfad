//! Where the classes that a contract names live, and which of them are there already.
//!
//! The rule: a module whose last part begins with `model_` is a file; any other is a package with one
//! `model_<snake>.py` per class, re-exported by its `__init__.py`. Where a `.py` file of the module's name is
//! there already, its classes are used.

use std::collections::{BTreeMap, BTreeSet};

use super::ClassPath;
use super::models;
use super::naming::model_file;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::python::module::{self, ClassField};
use crate::python::{DottedPath, Identifier};
use crate::source::{SourceFile, Span};
use crate::workspace::{Disk, RelPath};

/// A class and what is known of it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// How it is imported.
    pub(super) class: ClassPath,
    /// The file it stands in or is to stand in; nothing for a class of another package.
    pub(super) file: Option<DottedPath>,
    /// What is there.
    pub(super) state: State,
    /// Where the contract first names it.
    pub(super) span: Span,
}

impl Place {
    /// The package that a model beside this one belongs to; nothing for a class of another package.
    pub(super) fn home(&self) -> Option<DottedPath> {
        let file = self.file.as_ref()?;
        let module = &self.class.module;
        if file == module { module.parent() } else { Some(module.clone()) }
    }

    /// The class as another model imports it: from its file, since a package that re-exports it imports its
    /// models itself.
    pub(super) fn import(&self) -> ClassPath {
        let module = self.file.as_ref().unwrap_or(&self.class.module);
        ClassPath { module: module.clone(), name: self.class.name.clone() }
    }
}

/// What is known of a class.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// It belongs to another package.
    Elsewhere,
    /// It is there already; its fields, where its text could be found.
    Standing(Option<Vec<ClassField>>),
    /// It is to be written.
    Missing,
}

/// The files that must be looked at to know whether a class of a module of the project is there.
pub(super) fn files_of(
    project: &Project,
    module: &DottedPath,
    class: Option<&Identifier>,
) -> Vec<RelPath> {
    let mut files = vec![project.module_file(module), project.init_file(module)];
    if let Some(file) = class.and_then(|class| model_file(class).ok()) {
        files.push(project.module_file(&module.child(file)));
    }
    files
}

/// Finds places for classes, each class once.
pub(super) struct Places<'a> {
    pub(super) project: &'a Project,
    pub(super) disk: &'a Disk,
    pub(super) source: &'a SourceFile,
    /// The classes that this contract's definitions give: a generated model of one is rendered again.
    pub(super) defined: BTreeSet<&'a str>,
    known: BTreeMap<ClassPath, Place>,
}

impl<'a> Places<'a> {
    pub(super) fn new(
        project: &'a Project,
        disk: &'a Disk,
        source: &'a SourceFile,
        defined: BTreeSet<&'a str>,
    ) -> Self {
        Self { project, disk, source, defined, known: BTreeMap::new() }
    }

    /// All classes placed so far, sorted.
    pub(super) fn all(&self) -> impl Iterator<Item = &Place> {
        self.known.values()
    }

    /// Places a class of a module.
    pub(super) fn place(
        &mut self,
        module: &DottedPath,
        name: &Identifier,
        span: Span,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> ClassPath {
        let class = ClassPath { module: module.clone(), name: name.clone() };
        if !self.known.contains_key(&class) {
            let mut place = self.look(class.clone(), span, diagnostics);
            if matches!(place.state, State::Standing(Some(_)))
                && self.defined.contains(name.as_str())
            {
                place.state = State::Missing;
            }
            self.known.insert(class.clone(), place);
        }
        class
    }

    fn look(&self, class: ClassPath, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Place {
        let of =
            |file: Option<DottedPath>, state| Place { class: class.clone(), file, state, span };
        if class.module.first() != self.project.package.as_str() {
            return of(None, State::Elsewhere);
        }
        let as_file = self.project.module_file(&class.module);
        if let Some(text) = self.disk.text(&as_file) {
            let state = match standing(text, &class.name) {
                Some(fields) => State::Standing(fields),
                None => {
                    diagnostics.push(self.not_in(&class, &as_file, span));
                    State::Standing(None)
                }
            };
            return of(Some(class.module.clone()), state);
        }
        if class.module.last().starts_with("model_") {
            return of(Some(class.module.clone()), State::Missing);
        }
        self.look_in_package(class.clone(), span, diagnostics)
    }

    fn look_in_package(
        &self,
        class: ClassPath,
        span: Span,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Place {
        let of = |file, state| Place { class: class.clone(), file, state, span };
        let Ok(stem) = model_file(&class.name) else {
            let message = format!("the class name `{}` is too long for a file name", class.name);
            diagnostics.push(Diagnostic::error("unusable-name", self.source, span, message));
            return of(None, State::Missing);
        };
        let file = class.module.child(stem);
        let path = self.project.module_file(&file);
        let own = self.disk.text(&path).map(|text| standing(text, &class.name));
        if let Some(Some(fields)) = own {
            return of(Some(file), State::Standing(fields));
        }
        let init = self.disk.text(&self.project.init_file(&class.module));
        let exported = init.and_then(|text| standing(text, &class.name));
        // A package that passes on what is in that file says nothing where the file is not there.
        let exported = exported.filter(|_| {
            self.disk.exists(&path) || !init.is_some_and(|text| imports_from(text, &class, &file))
        });
        match (own, exported) {
            (_, Some(fields)) => of(Some(file), State::Standing(fields)),
            (Some(_), None) => {
                diagnostics.push(self.not_in(&class, &path, span));
                of(Some(file), State::Standing(None))
            }
            (None, None) => of(Some(file), State::Missing),
        }
    }

    fn not_in(&self, class: &ClassPath, path: &RelPath, span: Span) -> Diagnostic {
        let message = format!("{path} is there and has no class `{}`", class.name);
        Diagnostic::error("class-not-found", self.source, span, message)
            .label("the contract takes the class from this file")
            .help(format!(
                "add `class {}(BaseModel)` to {path}, or name the module that has it",
                class.name
            ))
    }
}

/// Whether a module's text defines or imports a class; its fields, where we wrote it from definitions.
///
/// The fields of a class that somebody else writes are theirs to change, and what we render must not change
/// with them: only a generated model, whose fields are a contract's, is looked into.
fn standing(text: &str, class: &Identifier) -> Option<Option<Vec<ClassField>>> {
    // What is not written anywhere in it, the text neither defines nor imports, unless a star brings it in.
    if !text.contains(class.as_str()) && !text.contains('*') && text.is_ascii() {
        return None;
    }
    let module = module::read(text);
    if let Some(found) = module.class(class.as_str()) {
        return Some(models::is_generated(text).then(|| found.fields.clone()));
    }
    let mut imported = module.imports.iter().flat_map(|import| &import.names);
    imported.any(|name| name.bound() == class.as_str() || name.name == "*").then_some(None)
}

/// Whether the `__init__.py` of a class's package has the class from this file.
fn imports_from(init: &str, class: &ClassPath, file: &DottedPath) -> bool {
    let absolute = file.to_string();
    module::read(init).imports.iter().any(|import| {
        let Some(from) = &import.from else { return false };
        let is_it = match from.level {
            0 => from.module == absolute,
            1 => from.module == file.last(),
            _ => false,
        };
        is_it && import.names.iter().any(|name| name.bound() == class.name.as_str())
    })
}
