//! How the handlers of a node are called, where no lock says so.
//!
//! In: the files of the node's handlers. Out: a [`HandlerStyle`], read off the signatures of `handle`.

use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};

use super::source::{Role, Sources};
use crate::node::HandlerStyle;

/// The style that the handlers are written in; nothing where there are none, or none that is like ours.
///
/// The first handler that shows one decides: a node has one style.
#[must_use]
pub fn recognised(sources: &Sources) -> Option<HandlerStyle> {
    sources.of(Role::Handler).flat_map(|source| source.body()).find_map(of_class)
}

fn of_class(statement: &Stmt) -> Option<HandlerStyle> {
    let class = statement.as_class_def_stmt()?;
    let methods = || class.body.iter().filter_map(Stmt::as_function_def_stmt);
    let handles: Vec<&StmtFunctionDef> =
        methods().filter(|method| method.name.as_str() == "handle").collect();
    if handles.iter().any(|method| is_overload(method)) {
        return Some(HandlerStyle::Dual);
    }
    of_method(handles.first()?)
}

fn is_overload(method: &StmtFunctionDef) -> bool {
    method.decorator_list.iter().any(|decorator| match &decorator.expression {
        Expr::Name(name) => name.id.as_str() == "overload",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "overload",
        _ => false,
    })
}

/// What one signature tells.
#[must_use]
pub fn of_method(method: &StmtFunctionDef) -> Option<HandlerStyle> {
    let names: Vec<&str> = method
        .parameters
        .iter_non_variadic_params()
        .map(|parameter| parameter.parameter.name.as_str())
        .filter(|name| *name != "self")
        .collect();
    let first = method
        .parameters
        .iter_non_variadic_params()
        .find(|parameter| parameter.parameter.name.as_str() != "self")?;
    let is_envelope = match first.parameter.annotation.as_deref() {
        Some(annotation) => mentions_envelope(annotation),
        None => first.parameter.name.as_str() == "envelope",
    };
    match (is_envelope, names.as_slice()) {
        (_, names) if names.contains(&"input_envelope_id") => Some(HandlerStyle::Template),
        (true, _) if first.parameter.annotation.as_deref().is_some_and(is_union) => {
            Some(HandlerStyle::Dual)
        }
        (true, _) => Some(HandlerStyle::Envelope),
        (false, [_]) => Some(HandlerStyle::DefinitionB),
        (false, _) => None,
    }
}

fn is_union(annotation: &Expr) -> bool {
    annotation.is_bin_op_expr()
}

fn mentions_envelope(annotation: &Expr) -> bool {
    match annotation {
        Expr::Name(name) => name.id.as_str() == "ModelEventEnvelope",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "ModelEventEnvelope",
        Expr::Subscript(subscript) => mentions_envelope(&subscript.value),
        Expr::BinOp(union) => mentions_envelope(&union.left) || mentions_envelope(&union.right),
        Expr::StringLiteral(text) => text.value.to_str().contains("ModelEventEnvelope"),
        _ => false,
    }
}
