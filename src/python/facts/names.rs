//! What the names of a module stand for, by its imports.
//!
//! In: import statements, in any order of scopes. Out: dotted paths. Knows nothing of what a module defines itself.

use std::collections::BTreeMap;

use ruff_python_ast::Stmt;

use super::ModulePath;
use crate::python::module::Origin;

/// What the imports of a module call what.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// The dotted path that a name stands for, or the name itself.
    pub(super) fn resolve<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, String::as_str)
    }

    /// Takes in what an import binds; of several bindings of a name the first counts.
    pub(super) fn add(&mut self, import: &Stmt, own: Option<ModulePath<'_>>) {
        let mut bind = |bound: &str, path: String| {
            self.0.entry(bound.to_owned()).or_insert(path);
        };
        match import {
            Stmt::Import(import) => {
                for alias in &import.names {
                    if let Some(bound) = &alias.asname {
                        bind(bound, alias.name.to_string());
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map(ToString::to_string).unwrap_or_default();
                let origin = Origin { level: import.level, module };
                let absolute = own.and_then(|own| origin.absolute(own.dotted, own.is_package));
                let mut from = absolute.unwrap_or_else(|| origin.to_string());
                if !from.ends_with('.') {
                    from.push('.');
                }
                for alias in &import.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    bind(bound, format!("{from}{}", alias.name));
                }
            }
            _ => {}
        }
    }
}
