//! Where a module uses what other modules define, by its full name.
//!
//! In: the text of a module, and the dotted path that it is imported by, where that is known. Out: [`Use`]s: imports
//! wherever they stand, the names that they bind, attributes of modules, and strings that are nothing but a path, as
//! `patch("myapp.x.Y")` takes one. Follows no import: a path is what this one file says.

use std::collections::BTreeMap;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt, StmtImportFrom};

use super::facts::ModulePath;
use super::module::Origin;
use super::syntax::{Tree, span};
use crate::source::Span;

/// One use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// Where it stands.
    pub span: Span,
    /// What is used: a module, or what is reached through one.
    pub path: String,
    /// Whether it is an import.
    pub is_import: bool,
}

/// The uses in a text, in order; none where it cannot be taken apart, or not without danger for the stack.
#[must_use]
pub fn uses(text: &str, own: Option<ModulePath<'_>>) -> Vec<Use> {
    let Ok(tree) = Tree::of(text) else { return Vec::new() };
    if tree.is_long() {
        return Vec::new();
    }
    let mut imports = Imports { own, ..Imports::default() };
    imports.visit_body(tree.body());
    let mut names = Names { bound: &imports.bound, uses: imports.uses.clone() };
    names.visit_body(tree.body());
    names.uses.sort();
    names.uses.dedup();
    names.uses
}

/// The imports of a module, wherever they stand.
#[derive(Default)]
struct Imports<'o> {
    own: Option<ModulePath<'o>>,
    bound: BTreeMap<String, String>,
    uses: Vec<Use>,
}

impl Imports<'_> {
    /// The module that names are imported from.
    fn origin(&self, import: &StmtImportFrom) -> Option<String> {
        let module = import.module.as_ref().map(ToString::to_string).unwrap_or_default();
        let origin = Origin { level: import.level, module };
        match self.own {
            Some(own) => origin.absolute(own.dotted, own.is_package),
            None => (origin.level == 0).then_some(origin.module),
        }
    }
}

impl<'a> Visitor<'a> for Imports<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let path = alias.name.to_string();
                    self.uses.push(Use { span: span(alias), path: path.clone(), is_import: true });
                    // `import a.b` binds `a`, which is what it is called.
                    if let Some(name) = &alias.asname {
                        self.bound.insert(name.to_string(), path);
                    } else if let Some(first) = path.split('.').next() {
                        self.bound.insert(first.to_owned(), first.to_owned());
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                let Some(origin) = self.origin(import) else { return };
                for alias in &import.names {
                    if alias.name.as_str() == "*" {
                        let path = origin.clone();
                        self.uses.push(Use { span: span(import), path, is_import: true });
                        continue;
                    }
                    let path = format!("{origin}.{}", alias.name);
                    self.uses.push(Use { span: span(alias), path: path.clone(), is_import: true });
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.bound.insert(bound.to_string(), path);
                }
            }
            _ => visitor::walk_stmt(self, statement),
        }
    }
}

/// The names that imports bind, where they are read.
struct Names<'b> {
    bound: &'b BTreeMap<String, String>,
    uses: Vec<Use>,
}

impl Names<'_> {
    /// `a.b.c` as far as it is nothing but names.
    fn path(&self, expression: &Expr) -> Option<String> {
        match expression {
            Expr::Name(name) => self.bound.get(name.id.as_str()).cloned(),
            Expr::Attribute(attribute) => {
                Some(format!("{}.{}", self.path(&attribute.value)?, attribute.attr))
            }
            _ => None,
        }
    }
}

impl<'a> Visitor<'a> for Names<'_> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Some(path) = self.path(expression) {
            self.uses.push(Use { span: span(expression), path, is_import: false });
            return;
        }
        if let Expr::StringLiteral(literal) = expression {
            let text = literal.value.to_str();
            if is_path(text) {
                let (span, path) = (span(expression), text.to_owned());
                self.uses.push(Use { span, path, is_import: false });
            }
            return;
        }
        visitor::walk_expr(self, expression);
    }
}

fn is_path(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|part| {
            part.starts_with(|c: char| c == '_' || c.is_alphabetic())
                && part.chars().all(|c| c == '_' || c.is_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        let own = ModulePath { dotted: "app.jobs.run", is_package: false };
        let uses = uses(text, Some(own)).into_iter();
        uses.map(|found| (text[found.span.range()].to_owned(), found.path)).collect()
    }

    fn paths(text: &str) -> Vec<String> {
        found(text).into_iter().map(|(_, path)| path).collect()
    }

    #[test]
    fn imports_are_uses_wherever_they_stand() {
        assert_eq!(paths("import a.b, c as d\n"), ["a.b", "c"]);
        assert_eq!(
            paths("def f():\n    from ..models.m import X as Y, Z\n"),
            ["app.models.m.X", "app.models.m.Z"]
        );
        assert_eq!(paths("try:\n    from a.b import *\nexcept ImportError:\n    pass\n"), ["a.b"]);
        assert_eq!(uses("from .m import X\n", None), []);
    }

    #[test]
    fn bound_names_are_uses_of_what_they_stand_for() {
        let text = "import a.b\nfrom c import D as E\n\n\ndef f(x: E) -> None:\n    return a.b.F(E.g, x.E, E2)\n";
        assert_eq!(
            found(text)[2..],
            [("E", "c.D"), ("a.b.F", "a.b.F"), ("E.g", "c.D.g")]
                .map(|(written, path)| (written.to_owned(), path.to_owned()))
        );
    }

    #[test]
    fn a_string_that_is_a_path_is_a_use() {
        assert_eq!(paths("patch('a.b.C')\nprint('a. b', 'word', f'{x}')\n"), ["a.b.C"]);
    }

    #[test]
    fn what_is_no_python_has_the_uses_that_can_be_read() {
        assert_eq!(paths("from a import B\ndef (:\n"), ["a.B"]);
    }
}
