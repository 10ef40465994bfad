//! Python that is already there: its docstring, classes, imports and `__all__`.
//!
//! In: the text of a module, right or wrong; the parser goes on after errors. Out: a [`Module`], whose spans
//! point into that text. Looks at what is written and follows no import: [`Class::kind`] tells what the
//! written bases say, and no more.

use std::collections::BTreeMap;

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::{Expr, ModModule, Stmt, helpers::is_docstring_stmt};
use ruff_python_parser::Parsed;
use ruff_text_size::{Ranged, TextRange};

use super::syntax::{SyntaxProblem, Tree, problems, span, span_of, with_parsed};
use crate::source::{SourceFile, Span, Spanned};

pub use super::init::{MergeProblem, merge_init};

/// What a module says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// The docstring with its quotes.
    pub docstring: Option<Span>,
    /// The import statements outside functions and classes, in order.
    pub imports: Vec<Import>,
    /// `__all__`.
    pub exports: Exports,
    /// The top-level classes, in order.
    pub classes: Vec<Class>,
    /// The names that top-level statements other than imports bind: classes, functions, variables.
    pub definitions: Vec<Spanned<String>>,
    /// Why it is no valid Python; empty where it is.
    pub problems: Vec<SyntaxProblem>,
}

/// One import statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The whole statement.
    pub span: Span,
    /// Where the names come from; nothing for `import x`.
    pub from: Option<Origin>,
    /// What is imported, in order.
    pub names: Vec<ImportedName>,
    /// When it runs.
    pub condition: Condition,
}

/// The `from` part of an import, as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// How many dots stand in front.
    pub level: u32,
    /// What follows them; may be empty where there are dots.
    pub module: String,
}

/// One name of an import statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedName {
    /// The name, with its dots after a plain `import`; `*` for all names.
    pub name: String,
    /// The name behind `as`.
    pub alias: Option<String>,
    /// Both.
    pub span: Span,
}

/// When an import statement runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Whenever the module is imported.
    Always,
    /// Never: it stands under `if TYPE_CHECKING:`.
    TypeChecking,
    /// As another `if` or a `try` decides.
    Sometimes,
}

/// `__all__`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Exports {
    /// There is none.
    #[default]
    Absent,
    /// A plain list or tuple of strings, assigned once.
    Listed(ExportList),
    /// Anything else.
    Computed {
        /// The first statement that has to do with it.
        span: Span,
        /// The names that can be read off, in order.
        names: Vec<String>,
    },
}

/// A plain `__all__`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportList {
    /// The whole statement.
    pub statement: Span,
    /// The list or tuple.
    pub list: Span,
    /// Its names, each with the place of its string.
    pub names: Vec<Spanned<String>>,
}

/// One class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// Its name.
    pub name: Spanned<String>,
    /// The line of its `class`.
    pub line: usize,
    /// The whole class with its decorators.
    pub span: Span,
    /// Its decorators.
    pub decorators: Vec<Span>,
    /// Its bases as written, with plain spacing.
    pub bases: Vec<String>,
    /// What the bases make of it.
    pub kind: ClassKind,
    /// The fields that are declared with an annotation, in order; class variables are none.
    pub fields: Vec<ClassField>,
    /// Its methods, in order.
    pub methods: Vec<Method>,
}

/// What a class is, by the bases that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassKind {
    /// An enumeration.
    Enum,
    /// A pydantic model.
    Model,
    /// Something else, as far as this text tells.
    Other,
}

/// One annotated field of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassField {
    /// Its name.
    pub name: Spanned<String>,
    /// Its annotation with plain spacing: `dict[str, int] | None`.
    pub annotation: String,
    /// Whether it can be left out: it has a value, or a `Field(..)` with a default or a factory.
    pub has_default: bool,
    /// The whole statement.
    pub span: Span,
}

/// One method of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its name.
    pub name: Spanned<String>,
    /// Whether it is `async`.
    pub is_async: bool,
    /// The whole method with its decorators.
    pub span: Span,
}

impl Module {
    /// The class of a name; the last where there are several, as in Python.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.classes.iter().rev().find(|class| class.name.value == name)
    }
}

impl Exports {
    /// The names that can be read off, whatever form it has.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Absent => Vec::new(),
            Self::Listed(list) => list.names.iter().map(|name| name.value.as_str()).collect(),
            Self::Computed { names, .. } => names.iter().map(String::as_str).collect(),
        }
    }
}

impl Origin {
    /// The absolute module, seen from a module with its own dotted path; nothing where the dots lead out
    /// of the top-level package.
    ///
    /// A package (`__init__.py`) is its own first dot, any other module's first dot is its package.
    #[must_use]
    pub fn absolute(&self, own: &str, is_package: bool) -> Option<String> {
        if self.level == 0 {
            return Some(self.module.clone());
        }
        let parts: Vec<&str> = own.split('.').collect();
        let up = self.level as usize - usize::from(is_package);
        let mut module = parts.get(..parts.len().checked_sub(up)?)?.to_vec();
        if module.is_empty() {
            return None;
        }
        if !self.module.is_empty() {
            module.push(&self.module);
        }
        Some(module.join("."))
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for _ in 0..self.level {
            f.write_str(".")?;
        }
        f.write_str(&self.module)
    }
}

impl ImportedName {
    /// The name that the statement binds: `import a.b` binds `a`.
    #[must_use]
    pub fn bound(&self) -> &str {
        let first = self.name.split('.').next().unwrap_or(&self.name);
        self.alias.as_deref().unwrap_or(first)
    }
}

/// Reads a module.
#[must_use]
pub fn read(text: &str) -> Module {
    let read = with_parsed(text, |parsed| module(text, parsed));
    read.unwrap_or_else(|problem| Module { problems: vec![problem], ..Module::default() })
}

/// Reads a module and keeps the tree, which is nothing where the text is nested too deep to be taken apart.
#[must_use]
pub fn read_with_tree(text: &str) -> (Module, Option<Tree>) {
    match Tree::of(text) {
        Ok(tree) => {
            let read = tree.parsed().map(|parsed| module(text, parsed)).unwrap_or_default();
            (read, Some(tree))
        }
        Err(problem) => (Module { problems: vec![problem], ..Module::default() }, None),
    }
}

/// Reads a module that is taken apart already.
pub(super) fn module(text: &str, parsed: &Parsed<ModModule>) -> Module {
    let mut module = Module { problems: problems(text, parsed.errors()), ..Module::default() };
    let body = parsed.suite();
    module.docstring = body.first().filter(|first| is_docstring_stmt(first)).map(span);
    read_imports(body, Condition::Always, &mut module.imports);
    module.exports = read_exports(body);
    module.definitions = body.iter().flat_map(definitions).collect();
    let classes: Vec<_> = body.iter().filter_map(Stmt::as_class_def_stmt).collect();
    if !classes.is_empty() {
        let reader = ClassReader {
            text,
            tokens: parsed.tokens(),
            file: SourceFile::new("", text),
            renamed: renamed(&module.imports),
        };
        module.classes = classes.into_iter().map(|class| reader.read(class)).collect();
    }
    module
}

fn read_imports(body: &[Stmt], condition: Condition, imports: &mut Vec<Import>) {
    for statement in body {
        let aliases = match statement {
            Stmt::Import(import) => Some((None, &import.names)),
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map(ToString::to_string).unwrap_or_default();
                Some((Some(Origin { level: import.level, module }), &import.names))
            }
            _ => None,
        };
        if let Some((from, aliases)) = aliases {
            let names = aliases.iter().map(|alias| ImportedName {
                name: alias.name.to_string(),
                alias: alias.asname.as_ref().map(ToString::to_string),
                span: span(alias),
            });
            let names = names.collect();
            imports.push(Import { span: span(statement), from, names, condition });
        }
        for (inner, under) in blocks(statement) {
            // What stands under a condition within another condition only sometimes runs.
            let under = if condition == Condition::Always { under } else { condition };
            read_imports(inner, under, imports);
        }
    }
}

/// The blocks of a statement that run with the module, and when.
fn blocks(statement: &Stmt) -> Vec<(&[Stmt], Condition)> {
    match statement {
        Stmt::If(choice) => {
            let condition = if is_type_checking(&choice.test) {
                Condition::TypeChecking
            } else {
                Condition::Sometimes
            };
            let others = choice.elif_else_clauses.iter();
            let others = others.map(|clause| (clause.body.as_slice(), Condition::Sometimes));
            std::iter::once((choice.body.as_slice(), condition)).chain(others).collect()
        }
        Stmt::Try(attempt) => {
            let handlers =
                attempt.handlers.iter().filter_map(|handler| handler.as_except_handler());
            let bodies = [&attempt.body, &attempt.orelse, &attempt.finalbody];
            let bodies = bodies.into_iter().chain(handlers.map(|handler| &handler.body));
            bodies.map(|body| (body.as_slice(), Condition::Sometimes)).collect()
        }
        Stmt::With(with) => vec![(with.body.as_slice(), Condition::Sometimes)],
        _ => Vec::new(),
    }
}

/// `TYPE_CHECKING` or `typing.TYPE_CHECKING`.
fn is_type_checking(test: &Expr) -> bool {
    last_name(test) == Some("TYPE_CHECKING")
}

/// The last name of a dotted one.
fn last_name(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

const DUNDER_ALL: &str = "__all__";

/// Reads `__all__`: plain if one statement assigns a plain list and no other touches it.
fn read_exports(body: &[Stmt]) -> Exports {
    let mut uses = Vec::new();
    collect_export_uses(body, &mut uses);
    let Some((first, _)) = uses.first() else { return Exports::Absent };
    if let ([(statement, value)], true) = (uses.as_slice(), body.iter().any(|s| span(s) == *first))
        && let Some(list) = export_list(*statement, value)
    {
        return Exports::Listed(list);
    }
    let names = uses.iter().flat_map(|(_, value)| readable_names(value)).collect();
    Exports::Computed { span: *first, names }
}

/// Every statement that assigns, extends or calls a method of `__all__`, with what it does so with.
fn collect_export_uses<'a>(body: &'a [Stmt], uses: &mut Vec<(Span, &'a Expr)>) {
    let is_all = |target: &Expr| target.as_name_expr().is_some_and(|name| name.id == DUNDER_ALL);
    for statement in body {
        let value = match statement {
            Stmt::Assign(assign) => assign.targets.iter().any(is_all).then_some(&*assign.value),
            Stmt::AnnAssign(assign) if is_all(&assign.target) => assign.value.as_deref(),
            Stmt::AugAssign(assign) if is_all(&assign.target) => Some(&*assign.value),
            Stmt::Expr(expression) => expression.value.as_call_expr().and_then(|call| {
                let method = call.func.as_attribute_expr();
                method.filter(|method| is_all(&method.value)).map(|_| &*expression.value)
            }),
            _ => None,
        };
        uses.extend(value.map(|value| (span(statement), value)));
        for (inner, _) in blocks(statement) {
            collect_export_uses(inner, uses);
        }
    }
}

fn export_list(statement: Span, value: &Expr) -> Option<ExportList> {
    let elements = elements(value)?;
    let names = elements.iter().map(|element| {
        let string = element.as_string_literal_expr()?;
        Some(Spanned::new(string.value.to_str().to_owned(), span(element)))
    });
    Some(ExportList { statement, list: span(value), names: names.collect::<Option<_>>()? })
}

fn elements(value: &Expr) -> Option<&[Expr]> {
    match value {
        Expr::List(list) => Some(&list.elts),
        Expr::Tuple(tuple) => Some(&tuple.elts),
        _ => None,
    }
}

/// The strings in a list, in a sum of lists, or in the arguments of a call.
fn readable_names(value: &Expr) -> Vec<String> {
    let mut names = Vec::new();
    let mut parts = vec![value];
    while let Some(part) = parts.pop() {
        match part {
            Expr::StringLiteral(string) => names.push(string.value.to_str().to_owned()),
            Expr::BinOp(sum) => parts.extend([&*sum.right, &*sum.left]),
            Expr::Call(call) => parts.extend(call.arguments.args.iter().rev()),
            other => parts.extend(elements(other).unwrap_or_default().iter().rev()),
        }
    }
    names
}

/// The names that a statement binds, apart from imports and `__all__`.
fn definitions(statement: &Stmt) -> Vec<Spanned<String>> {
    let identifier =
        |name: &ruff_python_ast::Identifier| Spanned::new(name.to_string(), span(name));
    let target = |target: &Expr| {
        let name = target.as_name_expr().filter(|name| name.id != DUNDER_ALL)?;
        Some(Spanned::new(name.id.to_string(), span(name)))
    };
    match statement {
        Stmt::ClassDef(class) => vec![identifier(&class.name)],
        Stmt::FunctionDef(function) => vec![identifier(&function.name)],
        Stmt::Assign(assign) => assign.targets.iter().filter_map(target).collect(),
        Stmt::AnnAssign(assign) if assign.value.is_some() => {
            target(&assign.target).into_iter().collect()
        }
        Stmt::TypeAlias(alias) => target(&alias.name).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What imported names were called where they come from.
fn renamed(imports: &[Import]) -> BTreeMap<String, String> {
    let names = imports.iter().flat_map(|import| &import.names);
    let renamed = names.filter_map(|name| Some((name.alias.clone()?, name.name.clone())));
    renamed.collect()
}

const ENUMS: [&str; 6] = ["Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum"];
const MODELS: [&str; 3] = ["BaseModel", "RootModel", "BaseSettings"];

/// Reads the classes of one module.
struct ClassReader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    file: SourceFile,
    renamed: BTreeMap<String, String>,
}

impl ClassReader<'_> {
    fn read(&self, class: &ruff_python_ast::StmtClassDef) -> Class {
        let bases = class.bases();
        Class {
            name: Spanned::new(class.name.to_string(), span(&class.name)),
            line: self.file.position(class.name.range().start().to_u32()).line,
            span: span(class),
            decorators: class.decorator_list.iter().map(span).collect(),
            bases: bases.iter().map(|base| self.plain(base.range())).collect(),
            kind: self.kind(bases),
            fields: class.body.iter().filter_map(|statement| self.field(statement)).collect(),
            methods: class.body.iter().filter_map(method).collect(),
        }
    }

    fn kind(&self, bases: &[Expr]) -> ClassKind {
        for base in bases {
            let base = base.as_subscript_expr().map_or(base, |generic| &generic.value);
            let Some(written) = last_name(base) else { continue };
            let name = self.renamed.get(written).map_or(written, String::as_str);
            if ENUMS.contains(&name) {
                return ClassKind::Enum;
            }
            if MODELS.contains(&name) {
                return ClassKind::Model;
            }
        }
        ClassKind::Other
    }

    fn field(&self, statement: &Stmt) -> Option<ClassField> {
        let Stmt::AnnAssign(assign) = statement else { return None };
        let name = assign.target.as_name_expr()?;
        let annotation = &*assign.annotation;
        let outer = annotation.as_subscript_expr().map_or(annotation, |generic| &generic.value);
        if last_name(outer) == Some("ClassVar") {
            return None;
        }
        let has_default = match assign.value.as_deref() {
            Some(value) => is_default(value),
            None => annotated_default(annotation),
        };
        Some(ClassField {
            name: Spanned::new(name.id.to_string(), span(name)),
            annotation: self.plain(annotation.range()),
            has_default,
            span: span(statement),
        })
    }

    /// The text of an expression with the spacing of one line, without comments and without the comma that
    /// a formatter puts behind the last item.
    fn plain(&self, range: TextRange) -> String {
        let start = self.tokens.partition_point(|token| token.start() < range.start());
        let tokens = self.tokens.get(start..).unwrap_or_default().iter();
        let inside = tokens.take_while(|token| token.end() <= range.end());
        let mut line = PlainLine::default();
        for token in inside.filter(|token| !is_trivia(token.kind())) {
            line.push(token, self.text.get(span(token).range()).unwrap_or_default());
        }
        line.text
    }
}

fn method(statement: &Stmt) -> Option<Method> {
    let function = statement.as_function_def_stmt()?;
    Some(Method {
        name: Spanned::new(function.name.to_string(), span(&function.name)),
        is_async: function.is_async,
        span: span_of(function.range()),
    })
}

/// Whether a field with this value can be left out: `...` and a `Field(..)` without a default say no.
fn is_default(value: &Expr) -> bool {
    if value.is_ellipsis_literal_expr() {
        return false;
    }
    let Some(call) = value.as_call_expr() else { return true };
    if !matches!(last_name(&call.func), Some("Field" | "field")) {
        return true;
    }
    let keyword = |name| call.arguments.find_keyword(name).map(|keyword| &keyword.value);
    keyword("default_factory").is_some()
        || keyword("default")
            .or_else(|| call.arguments.args.first())
            .is_some_and(|default| !default.is_ellipsis_literal_expr())
}

/// Whether an `Annotated[..]` carries a `Field(..)` with a default.
fn annotated_default(annotation: &Expr) -> bool {
    let Some(generic) = annotation.as_subscript_expr() else { return false };
    let Some(arguments) = generic.slice.as_tuple_expr() else { return false };
    let extras = arguments.elts.iter().skip(1);
    last_name(&generic.value) == Some("Annotated")
        && extras.filter(|extra| extra.is_call_expr()).any(|extra| {
            let function = extra.as_call_expr().and_then(|call| last_name(&call.func));
            function == Some("Field") && is_default(extra)
        })
}

pub(super) fn is_trivia(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Comment | TokenKind::NonLogicalNewline)
}

fn opens(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace)
}

fn closes(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace)
}

/// An expression that is written anew on one line.
#[derive(Default)]
struct PlainLine {
    text: String,
    last: Option<(TokenKind, ruff_text_size::TextSize)>,
    /// The open brackets: whether each belongs to a call, and the commas in it.
    open: Vec<(bool, usize)>,
}

impl PlainLine {
    fn push(&mut self, token: &Token, text: &str) {
        let kind = token.kind();
        if let Some((last, end)) = self.last {
            if closes(kind) && last == TokenKind::Comma && self.comma_means_nothing() {
                self.text.pop();
            } else if spaced(last, kind, end < token.start()) {
                self.text.push(' ');
            }
        }
        if opens(kind) {
            let called =
                matches!(self.last, Some((last, _)) if last == TokenKind::Name || closes(last));
            self.open.push((called && kind == TokenKind::Lpar, 0));
        } else if closes(kind) {
            self.open.pop();
        } else if kind == TokenKind::Comma
            && let Some((_, commas)) = self.open.last_mut()
        {
            *commas += 1;
        }
        self.text.push_str(text);
        self.last = Some((kind, token.end()));
    }

    /// A last comma makes a tuple of a single item; in a call and behind several it does nothing.
    fn comma_means_nothing(&self) -> bool {
        self.open.last().is_some_and(|(called, commas)| *called || *commas > 1)
    }
}

/// Whether a space stands between two tokens.
fn spaced(last: TokenKind, next: TokenKind, apart: bool) -> bool {
    if opens(last) || closes(next) || next == TokenKind::Comma {
        false
    } else if last == TokenKind::Comma || last == TokenKind::Vbar || next == TokenKind::Vbar {
        true
    } else {
        apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: &str = r#""""An order."""

import typing as t
from enum import Enum as E
from pydantic import (
    BaseModel,  # noqa
    Field,
)
from . import base
from ..events.model_x import ModelX as X

if t.TYPE_CHECKING:
    from a import B
else:
    import c.d

try:
    import fast
except ImportError:
    fast = None


@final
class ModelOrder(BaseModel, t.Generic[T]):
    """Doc."""

    model_config = ConfigDict(frozen=True)
    kind: ClassVar[str] = "x"
    a: int
    b: int = 1
    c: int = ...
    d: dict[str,int]|None = Field(default=None)
    e: list[ str ] = Field(default_factory=list)
    f: Annotated[
        str,  # why
        Field(min_length=1,),
    ] = Field(..., description="x")
    g: "ModelX" = Field("x")
    h: tuple[int,] = Field(default=..., ge=1)
    i: Annotated[int, Field(default=3)]
    j: Annotated[int, Field(ge=3)]
    k: Literal["a  b"] = other()

    @property
    def total(self) -> int:
        return 1

    async def handle(self): ...


class Color(str, E):
    RED = "red"


class Plain: x: int

def make(): pass

LIMIT: int = 3
"#;

    fn slice(text: &str, span: Span) -> &str {
        text.get(span.range()).unwrap()
    }

    #[test]
    fn classes_are_read_with_fields_and_methods() {
        let module = read(MODEL);
        assert_eq!(module.problems, []);
        assert_eq!(slice(MODEL, module.docstring.unwrap()), r#""""An order.""""#);
        let order = module.class("ModelOrder").unwrap();
        assert_eq!((order.kind, order.line), (ClassKind::Model, 24));
        assert_eq!(order.bases, ["BaseModel", "t.Generic[T]"]);
        assert!(slice(MODEL, order.span).starts_with("@final\nclass ModelOrder("));
        assert_eq!(
            order.decorators.iter().map(|d| slice(MODEL, *d)).collect::<Vec<_>>(),
            ["@final"]
        );
        let fields: Vec<_> = order
            .fields
            .iter()
            .map(|field| (field.name.value.as_str(), field.annotation.as_str(), field.has_default))
            .collect();
        assert_eq!(
            fields,
            [
                ("a", "int", false),
                ("b", "int", true),
                ("c", "int", false),
                ("d", "dict[str, int] | None", true),
                ("e", "list[str]", true),
                ("f", "Annotated[str, Field(min_length=1)]", false),
                ("g", "\"ModelX\"", true),
                ("h", "tuple[int,]", false),
                ("i", "Annotated[int, Field(default=3)]", true),
                ("j", "Annotated[int, Field(ge=3)]", false),
                ("k", "Literal[\"a  b\"]", true),
            ]
        );
        let methods: Vec<_> =
            order.methods.iter().map(|m| (m.name.value.as_str(), m.is_async)).collect();
        assert_eq!(methods, [("total", false), ("handle", true)]);
        assert!(slice(MODEL, order.methods[0].span).starts_with("@property"));
        assert_eq!(slice(MODEL, order.fields[1].span), "b: int = 1");
        assert_eq!(module.class("Color").unwrap().kind, ClassKind::Enum);
        assert_eq!(module.class("Plain").unwrap().kind, ClassKind::Other);
        let names: Vec<_> = module.definitions.iter().map(|name| name.value.as_str()).collect();
        assert_eq!(names, ["ModelOrder", "Color", "Plain", "make", "LIMIT"]);
    }

    #[test]
    fn imports_are_read_with_their_conditions() {
        let module = read(MODEL);
        let imports: Vec<_> = module
            .imports
            .iter()
            .map(|import| {
                let from = import.from.as_ref().map(ToString::to_string).unwrap_or_default();
                let names: Vec<_> = import.names.iter().map(ImportedName::bound).collect();
                (from, names.join(" "), import.condition)
            })
            .collect();
        let expected = [
            ("", "t", Condition::Always),
            ("enum", "E", Condition::Always),
            ("pydantic", "BaseModel Field", Condition::Always),
            (".", "base", Condition::Always),
            ("..events.model_x", "X", Condition::Always),
            ("a", "B", Condition::TypeChecking),
            ("", "c", Condition::Sometimes),
            ("", "fast", Condition::Sometimes),
        ];
        let expected =
            expected.map(|(from, names, when)| (from.to_owned(), names.to_owned(), when));
        assert_eq!(imports, expected);
        let x = &module.imports[4];
        assert_eq!(slice(MODEL, x.names[0].span), "ModelX as X");
        assert_eq!(slice(MODEL, x.span), "from ..events.model_x import ModelX as X");
    }

    #[test]
    fn dots_lead_upwards() {
        let from = |level, module: &str| Origin { level, module: module.to_owned() };
        let own = "myapp.models.events";
        assert_eq!(from(0, "a.b").absolute(own, true).as_deref(), Some("a.b"));
        assert_eq!(from(1, "x").absolute(own, true).as_deref(), Some("myapp.models.events.x"));
        assert_eq!(from(1, "x").absolute(own, false).as_deref(), Some("myapp.models.x"));
        assert_eq!(from(1, "").absolute(own, false).as_deref(), Some("myapp.models"));
        assert_eq!(from(3, "x").absolute(own, true).as_deref(), Some("myapp.x"));
        assert_eq!(from(4, "x").absolute(own, true), None);
        assert_eq!(from(9, "x").absolute(own, false), None);
    }

    #[test]
    fn dunder_all_is_plain_or_computed() {
        let names = |text: &str| read(text).exports.names().join(" ");
        let listed = |text: &str| matches!(read(text).exports, Exports::Listed(_));
        for plain in [
            "__all__ = ['a', 'b']",
            "__all__ = 'a', 'b'",
            "__all__: list[str] = (\"a\", \"b\",)",
            "__all__ = ['a', # c\n 'b'\n]",
        ] {
            assert!(listed(plain), "{plain}");
            assert_eq!(names(plain), "a b", "{plain}");
        }
        for computed in [
            "__all__ = ['a'] + ['b']",
            "__all__ = ['a']\n__all__ += ['b']",
            "__all__ = ['a']\n__all__.append('b')",
            "__all__ = ['a', *more, 'b']",
            "if x:\n  __all__ = ['a', 'b']",
            "__all__ = y = list(('a', 'b'))",
            "__all__ = ['a']\nif x:\n  __all__.extend(['b'])",
        ] {
            assert!(matches!(read(computed).exports, Exports::Computed { .. }), "{computed}");
            assert_eq!(names(computed), "a b", "{computed}");
        }
        assert_eq!(read("x = __all__").exports, Exports::Absent);
    }

    #[test]
    fn what_is_wrong_does_not_hide_what_is_right() {
        let module = read("class A:\n    x: int = \n\nclass B(Enum):\n    y: str\n");
        let problem = &module.problems[0];
        assert_eq!((problem.line, problem.column), (2, 14), "{problem}");
        assert_eq!(module.class("B").unwrap().fields[0].annotation, "str");
        assert_eq!(read(&"(".repeat(1000)).problems.len(), 1);
    }

    #[test]
    fn a_byte_order_mark_and_other_line_ends_are_no_trouble() {
        let text = "\u{feff}\"\"\"Doc.\"\"\"\r\nfrom a import (\r\n    b,\r\n)\r\n";
        let module = read(text);
        assert_eq!(slice(text, module.docstring.unwrap()), "\"\"\"Doc.\"\"\"");
        assert_eq!(slice(text, module.imports[0].names[0].span), "b");
    }
}
