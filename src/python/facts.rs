//! What rules need to know of Python code: classes, functions, calls, comparisons, annotations and names.
//!
//! In: the text of a module, right or wrong, and its dotted path where that is known. Out: [`Facts`], a value
//! that holds nothing of the parser's: expressions are [`Value`]s, whose names are dotted paths with the
//! module's imports resolved. Follows no import and runs nothing; what a reader of this one file cannot tell
//! is left open.

mod builtins;
mod names;
mod read;
mod scope;
mod trace;
mod value;

use super::module::{self, ClassKind, Module};
use super::syntax::Tree;
use crate::source::{Span, Spanned};

pub use trace::{Found, trace};
pub use value::{Call, Keyword, Value, ValueKind};

/// What a module does, as far as its own text tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// All classes, those within functions and classes too, in order.
    pub classes: Vec<Class>,
    /// All functions and methods, in order.
    pub functions: Vec<Function>,
    /// All calls, in order, those within others too.
    pub calls: Vec<PlacedCall>,
    /// All comparisons of two operands.
    pub comparisons: Vec<Comparison>,
    /// All annotations.
    pub annotations: Vec<Annotation>,
    /// The string literals that are no docstrings and no parts of annotations.
    pub strings: Vec<Spanned<String>>,
    /// All assignments, in order.
    pub assignments: Vec<Assignment>,
    /// Names that are read although nothing binds them.
    pub unbound: Vec<Unbound>,
}

/// Where something stands: the innermost function and class around it, as indices into [`Facts`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The innermost function.
    pub function: Option<usize>,
    /// The innermost class, around that function or within it.
    pub class: Option<usize>,
    /// Whether it stands in a block that expects an exception, such as `with pytest.raises(..)`.
    pub expects_error: bool,
}

/// One class.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its name.
    pub name: Spanned<String>,
    /// The whole class with its decorators.
    pub span: Span,
    /// Its bases.
    pub bases: Vec<Value>,
    /// What the bases make of it.
    pub kind: ClassKind,
    /// Whether it stands at the top level of its module.
    pub is_top_level: bool,
    /// What stands around it.
    pub place: Place,
    /// Its variables and fields, in order.
    pub members: Vec<Member>,
}

/// A variable or field in the body of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name.
    pub name: Spanned<String>,
    /// Its annotation.
    pub annotation: Option<Value>,
    /// What it is set to.
    pub value: Option<Value>,
}

/// One function or method.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: Spanned<String>,
    /// The whole function with its decorators.
    pub span: Span,
    /// From `def` or `async` to the colon of its signature, as well as can be told: up to its body.
    pub signature: Span,
    /// Whether it is `async`.
    pub is_async: bool,
    /// Whether it is a method: its innermost surrounding block is a class.
    pub is_method: bool,
    /// What stands around it.
    pub place: Place,
    /// Its decorators.
    pub decorators: Vec<Value>,
    /// Its parameters, in order, `self` among them.
    pub parameters: Vec<Parameter>,
    /// What it is annotated to return.
    pub returns: Option<Value>,
    /// The statements of its body, without those nested in them.
    pub body: Vec<Statement>,
    /// What it returns, statement by statement; nothing for a bare `return`.
    pub returned: Vec<(Span, Option<Value>)>,
    /// Whether it yields.
    pub yields: bool,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Spanned<String>,
    /// Its annotation.
    pub annotation: Option<Value>,
    /// Whether it can be left out.
    pub has_default: bool,
    /// How it is passed.
    pub kind: ParameterKind,
    /// With its annotation and default.
    pub span: Span,
}

/// How an argument finds its parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// By position or by name.
    Positional,
    /// By name alone.
    KeywordOnly,
    /// `*args`
    Rest,
    /// `**kwargs`
    Keywords,
}

/// A statement in the body of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The whole statement.
    pub span: Span,
    /// What it is.
    pub kind: StatementKind,
}

/// What a statement is.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// The docstring, `pass` or `...`.
    Nothing,
    /// An expression on its own.
    Expression(Value),
    /// Anything else.
    Other,
}

/// A call and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedCall {
    /// The call.
    pub call: Call,
    /// Where it stands.
    pub place: Place,
    /// Whether it is the exception of a `raise`.
    pub is_raised: bool,
}

/// `left == right` and its like.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The whole comparison.
    pub span: Span,
    /// Left of the operator.
    pub left: Value,
    /// Whether it is `==`, `!=` or another operator.
    pub operator: Operator,
    /// Right of the operator.
    pub right: Value,
    /// Where it stands.
    pub place: Place,
}

/// A comparing operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// Any other.
    Other,
}

/// An annotation and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// What it says; one that is written as a string is taken apart.
    pub value: Value,
    /// Where it stands.
    pub place: Place,
    /// What it annotates.
    pub of: Annotated,
}

/// What an annotation says something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Annotated {
    /// A parameter.
    Parameter,
    /// What a function returns.
    Return,
    /// A variable or a field.
    Variable,
}

/// An assignment of one value to one name.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// What is assigned to, dotted: `total`, `self.total`.
    pub target: Spanned<String>,
    /// Which element of the value it gets, where the value is unpacked: `a, (b, c) = ..` gives `b` 1, 0.
    pub element: Vec<usize>,
    /// The value; nothing where it is not written down, as in a loop.
    pub value: Option<Value>,
    /// The whole statement.
    pub span: Span,
    /// Where it stands.
    pub place: Place,
}

/// A name that nothing binds where it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unbound {
    /// The name.
    pub name: Spanned<String>,
    /// The import that binds it for type checkers alone, where there is one.
    pub imported_for_typing: Option<Span>,
    /// Where it is read.
    pub place: Place,
}

/// The dotted path that a module is imported by.
#[derive(Clone, Copy, Debug)]
pub struct ModulePath<'a> {
    /// `myapp.nodes.node_x.node`
    pub dotted: &'a str,
    /// Whether it is the `__init__.py` of a package.
    pub is_package: bool,
}

/// Reads a module. Without its own path, relative imports stay as they are written.
#[must_use]
pub fn read(text: &str, own: Option<ModulePath<'_>>) -> Facts {
    let (module, tree) = module::read_with_tree(text);
    tree.map(|tree| of(&tree, &module, own)).unwrap_or_default()
}

/// Reads a module that is taken apart already.
#[must_use]
pub fn of(tree: &Tree, module: &Module, own: Option<ModulePath<'_>>) -> Facts {
    tree.parsed().map(|parsed| read::read(parsed, module, own)).unwrap_or_default()
}

impl Facts {
    /// The class of a name; the last where there are several, as in Python.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<(usize, &Class)> {
        let classes = self.classes.iter().enumerate().rev();
        classes.filter(|(_, class)| class.is_top_level).find(|(_, class)| class.name.value == name)
    }

    /// The methods of a class, in order.
    pub fn methods(&self, class: usize) -> impl Iterator<Item = (usize, &Function)> {
        let functions = self.functions.iter().enumerate();
        functions
            .filter(move |(_, function)| function.is_method && function.place.class == Some(class))
    }

    /// The method of a name; the last where there are several, which is the one that Python keeps.
    #[must_use]
    pub fn method(&self, class: usize, name: &str) -> Option<(usize, &Function)> {
        self.methods(class).filter(|(_, method)| method.name.value == name).last()
    }
}

impl Function {
    /// The parameters that a caller fills: without `self` or `cls`.
    #[must_use]
    pub fn arguments(&self) -> &[Parameter] {
        let is_static = self.decorators.iter().any(|decorator| decorator.is_named("staticmethod"));
        let skipped = usize::from(self.is_method && !is_static);
        self.parameters.get(skipped..).unwrap_or_default()
    }

    /// Whether it is decorated with a name that ends so: `overload` for `@typing.overload`.
    #[must_use]
    pub fn is_decorated(&self, name: &str) -> bool {
        self.decorators.iter().any(|decorator| decorator.last_name() == Some(name))
    }
}

#[cfg(test)]
mod tests;
