//! Expressions, as far as rules ask for them.

use ruff_python_ast::{Expr, Operator};

use super::names::Names;
use crate::python::syntax::{span, with_parsed};
use crate::source::{Span, Spanned};

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The whole expression.
    pub span: Span,
    /// What it is.
    pub kind: ValueKind,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// A dotted name, imports resolved: `uuid.uuid4`, `self.handler_id`.
    Name(String),
    /// A string.
    Text(String),
    /// `None`
    None,
    /// Another literal: a number, a boolean, bytes, `...`.
    Literal,
    /// A tuple.
    Tuple(Vec<Value>),
    /// A list.
    List(Vec<Value>),
    /// A set.
    Set(Vec<Value>),
    /// A mapping; nothing as key for `**rest`.
    Dict(Vec<(Option<Value>, Value)>),
    /// A list comprehension, with what it makes of each item.
    ListOf(Box<Value>),
    /// A generator, with what it makes of each item.
    Each(Box<Value>),
    /// A call.
    Call(Box<Call>),
    /// `outer[arguments]`
    Subscript(Box<Value>, Vec<Value>),
    /// An attribute of something that is no name: `super().run`.
    Attribute(Box<Value>, String),
    /// One of several: `a or b`, `a if c else b`.
    Either(Vec<Value>),
    /// `a | b`
    Union(Vec<Value>),
    /// `*a`
    Starred(Box<Value>),
    /// `await a`
    Await(Box<Value>),
    /// Anything else.
    Other,
}

/// A call.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The whole call.
    pub span: Span,
    /// What is called.
    pub callee: Value,
    /// The arguments by position.
    pub arguments: Vec<Value>,
    /// The arguments by name.
    pub keywords: Vec<Keyword>,
}

/// An argument by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyword {
    /// The name; nothing for `**rest`.
    pub name: Option<Spanned<String>>,
    /// The value.
    pub value: Value,
}

impl Value {
    /// The dotted name that it is.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The last part of the dotted name that it is.
    #[must_use]
    pub fn last_name(&self) -> Option<&str> {
        self.name().map(|name| name.rsplit_once('.').map_or(name, |(_, last)| last))
    }

    /// Whether it is a dotted name, written out or imported.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name() == Some(name)
    }

    /// Whether it is a name that comes from the framework's packages and ends so.
    #[must_use]
    pub fn is_framework(&self, last: &str) -> bool {
        self.last_name() == Some(last)
            && self.name().is_some_and(|name| name.starts_with("omnibase_") && name.contains('.'))
    }

    /// The text that it is.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The call that it is.
    #[must_use]
    pub fn call(&self) -> Option<&Call> {
        match &self.kind {
            ValueKind::Call(call) => Some(call),
            _ => None,
        }
    }

    /// What is subscripted, and by what.
    #[must_use]
    pub fn subscript(&self) -> Option<(&Value, &[Value])> {
        match &self.kind {
            ValueKind::Subscript(outer, arguments) => Some((outer, arguments)),
            _ => None,
        }
    }

    /// The name of a type without its arguments: `ModelEventEnvelope[X]` is a `ModelEventEnvelope`.
    #[must_use]
    pub fn outer(&self) -> &Value {
        self.subscript().map_or(self, |(outer, _)| outer)
    }

    /// The value and all values within it, outside in.
    pub fn walk(&self) -> impl Iterator<Item = &Value> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let value = stack.pop()?;
            let mut inner = value.children();
            inner.reverse();
            stack.extend(inner);
            Some(value)
        })
    }

    fn children(&self) -> Vec<&Value> {
        match &self.kind {
            ValueKind::Name(_)
            | ValueKind::Text(_)
            | ValueKind::None
            | ValueKind::Literal
            | ValueKind::Other => Vec::new(),
            ValueKind::Tuple(items)
            | ValueKind::List(items)
            | ValueKind::Set(items)
            | ValueKind::Either(items)
            | ValueKind::Union(items) => items.iter().collect(),
            ValueKind::Dict(items) => {
                items.iter().flat_map(|(key, value)| key.iter().chain([value])).collect()
            }
            ValueKind::Call(call) => {
                let keywords = call.keywords.iter().map(|keyword| &keyword.value);
                std::iter::once(&call.callee).chain(&call.arguments).chain(keywords).collect()
            }
            ValueKind::Subscript(outer, arguments) => {
                std::iter::once(&**outer).chain(arguments).collect()
            }
            ValueKind::ListOf(inner)
            | ValueKind::Each(inner)
            | ValueKind::Attribute(inner, _)
            | ValueKind::Starred(inner)
            | ValueKind::Await(inner) => vec![inner],
        }
    }
}

impl Call {
    /// The argument of a name.
    #[must_use]
    pub fn keyword(&self, name: &str) -> Option<&Keyword> {
        let named = |keyword: &&Keyword| keyword.name.as_ref().is_some_and(|n| n.value == name);
        self.keywords.iter().find(named)
    }

    /// Whether what it passes cannot be told in full: `*args`, `**kwargs`.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let starred = |value: &Value| matches!(value.kind, ValueKind::Starred(_));
        self.keywords.iter().any(|keyword| keyword.name.is_none())
            || self.arguments.iter().any(starred)
    }
}

/// Expressions nested deeper than this are not looked into: of each of the calls of a chain such as `a()()()` as many are
/// kept.
const MAX_DEPTH: usize = 10;

/// Takes an expression apart.
pub(super) fn value(expression: &Expr, names: &Names) -> Value {
    at_depth(expression, names, 0)
}

/// Takes an annotation apart, one that is written as a string too.
pub(super) fn annotation(expression: &Expr, names: &Names) -> Value {
    let mut value = value(expression, names);
    if let ValueKind::Text(text) = &value.kind
        && let Some(kind) = quoted(text, names)
    {
        value = moved(kind, value.span);
    }
    value
}

fn quoted(text: &str, names: &Names) -> Option<Value> {
    let read = with_parsed(text.trim(), |parsed| {
        let only = parsed.suite().first()?.as_expr_stmt()?;
        parsed.errors().is_empty().then(|| at_depth(&only.value, names, 0))
    });
    read.ok().flatten()
}

/// The same value at another place: what stands in a string has none of its own.
fn moved(mut value: Value, to: Span) -> Value {
    let mut stack = vec![&mut value];
    while let Some(value) = stack.pop() {
        value.span = to;
        match &mut value.kind {
            ValueKind::Tuple(items)
            | ValueKind::List(items)
            | ValueKind::Either(items)
            | ValueKind::Union(items) => stack.extend(items),
            ValueKind::Subscript(outer, arguments) => {
                stack.push(outer);
                stack.extend(arguments);
            }
            _ => {}
        }
    }
    value
}

fn at_depth(expression: &Expr, names: &Names, depth: usize) -> Value {
    let kind = if depth < MAX_DEPTH {
        kind(expression, names, depth + 1)
    } else {
        dotted(expression, names).unwrap_or(ValueKind::Other)
    };
    Value { span: span(expression), kind }
}

fn kind(expression: &Expr, names: &Names, depth: usize) -> ValueKind {
    let inner = |expression: &Expr| at_depth(expression, names, depth);
    let boxed = |expression: &Expr| Box::new(inner(expression));
    let all = |expressions: &[Expr]| expressions.iter().map(inner).collect::<Vec<_>>();
    match expression {
        Expr::Name(_) => dotted(expression, names).unwrap_or(ValueKind::Other),
        Expr::Attribute(attribute) => dotted(expression, names).unwrap_or_else(|| {
            ValueKind::Attribute(boxed(&attribute.value), attribute.attr.to_string())
        }),
        Expr::StringLiteral(text) => ValueKind::Text(text.value.to_str().to_owned()),
        Expr::NoneLiteral(_) => ValueKind::None,
        Expr::NumberLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::EllipsisLiteral(_) => ValueKind::Literal,
        Expr::Tuple(tuple) => ValueKind::Tuple(all(&tuple.elts)),
        Expr::List(list) => ValueKind::List(all(&list.elts)),
        Expr::Set(set) => ValueKind::Set(all(&set.elts)),
        Expr::Dict(dict) => {
            let items = dict.items.iter();
            let items = items.map(|item| (item.key.as_ref().map(inner), inner(&item.value)));
            ValueKind::Dict(items.collect())
        }
        Expr::DictComp(_) => ValueKind::Dict(Vec::new()),
        Expr::ListComp(each) => ValueKind::ListOf(boxed(&each.elt)),
        Expr::Generator(each) => ValueKind::Each(boxed(&each.elt)),
        Expr::Call(call) => {
            let arguments = call.arguments.args.iter().map(inner).collect();
            let keywords = call.arguments.keywords.iter().map(|keyword| Keyword {
                name: keyword.arg.as_ref().map(|name| Spanned::new(name.to_string(), span(name))),
                value: inner(&keyword.value),
            });
            let keywords = keywords.collect();
            let callee = inner(&call.func);
            ValueKind::Call(Box::new(Call { span: span(call), callee, arguments, keywords }))
        }
        Expr::Subscript(subscript) => {
            let arguments = match &*subscript.slice {
                Expr::Tuple(tuple) => all(&tuple.elts),
                single => vec![inner(single)],
            };
            ValueKind::Subscript(boxed(&subscript.value), arguments)
        }
        Expr::BoolOp(either) => ValueKind::Either(all(&either.values)),
        Expr::If(either) => ValueKind::Either(vec![inner(&either.body), inner(&either.orelse)]),
        Expr::Named(named) => inner(&named.value).kind,
        Expr::BinOp(binary) if binary.op == Operator::BitOr => {
            ValueKind::Union(alternatives(expression).into_iter().map(inner).collect())
        }
        Expr::Starred(starred) => ValueKind::Starred(boxed(&starred.value)),
        Expr::Await(awaited) => ValueKind::Await(boxed(&awaited.value)),
        Expr::BinOp(_)
        | Expr::UnaryOp(_)
        | Expr::Lambda(_)
        | Expr::SetComp(_)
        | Expr::Yield(_)
        | Expr::YieldFrom(_)
        | Expr::Compare(_)
        | Expr::FString(_)
        | Expr::TString(_)
        | Expr::Slice(_)
        | Expr::IpyEscapeCommand(_) => ValueKind::Other,
    }
}

/// The operands of `a | b | c`, however long the chain is.
fn alternatives(expression: &Expr) -> Vec<&Expr> {
    let (mut found, mut rest) = (Vec::new(), vec![expression]);
    while let Some(next) = rest.pop() {
        match next {
            Expr::BinOp(binary) if binary.op == Operator::BitOr => {
                rest.extend([&*binary.right, &*binary.left]);
            }
            operand => found.push(operand),
        }
    }
    found
}

/// `a.b.c` as one name, however long it is.
fn dotted(expression: &Expr, names: &Names) -> Option<ValueKind> {
    let mut parts = Vec::new();
    let mut rest = expression;
    while let Expr::Attribute(attribute) = rest {
        parts.push(attribute.attr.as_str());
        rest = &attribute.value;
    }
    let first = rest.as_name_expr()?.id.as_str();
    parts.push(names.resolve(first));
    parts.reverse();
    Some(ValueKind::Name(parts.join(".")))
}

/// `a.b.c` as it is written.
pub(super) fn written(expression: &Expr) -> Option<String> {
    match dotted(expression, &Names::default()) {
        Some(ValueKind::Name(name)) => Some(name),
        _ => None,
    }
}
