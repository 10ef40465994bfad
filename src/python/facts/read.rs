//! The walk through a syntax tree that gathers facts.
//!
//! A loop with a stack of its own: a tree may be deeper than the stack that the program runs on.

use std::collections::BTreeMap;

use ruff_python_ast::visitor::source_order::{
    SourceOrderVisitor, walk_except_handler, walk_pattern, walk_type_param,
};
use ruff_python_ast::{
    AnyNodeRef, CmpOp, ExceptHandler, Expr, ExprContext, ModModule, ParameterWithDefault,
    Parameters, Pattern, Stmt, StmtClassDef, StmtFunctionDef, TypeParam,
    helpers::is_docstring_stmt,
};
use ruff_python_parser::Parsed;
use ruff_text_size::Ranged;

use super::names::Names;
use super::scope::Scopes;
use super::value::{self, Value, ValueKind, written};
use super::{
    Annotated, Annotation, Assignment, Class, Comparison, Facts, Function, Member, ModulePath,
    Operator, Parameter, ParameterKind, Place, PlacedCall, Statement, StatementKind,
};
use crate::python::module::{ClassKind, Module};
use crate::python::syntax::span;
use crate::source::{Span, Spanned};

/// A statement or an expression that is still to be looked at, and where it stands.
#[derive(Clone, Copy)]
enum Item<'a> {
    Statement(&'a Stmt),
    Expression(&'a Expr),
}

#[derive(Clone, Copy)]
struct Context {
    place: Place,
    scope: usize,
    /// Whether the innermost block is a class.
    in_class_body: bool,
    /// Annotations are not run.
    in_annotation: bool,
    /// What stands under `if TYPE_CHECKING:` is not run.
    for_typing: bool,
    /// A name that is missing is expected: `except NameError`.
    guarded: bool,
    /// Whether the next call is the exception of a `raise`.
    raised: bool,
}

pub(super) fn read(
    parsed: &Parsed<ModModule>,
    module: &Module,
    own: Option<ModulePath<'_>>,
) -> Facts {
    let body = parsed.suite();
    let mut reader = Reader {
        names: names(body, own),
        kinds: module.classes.iter().map(|class| (class.span, class.kind)).collect(),
        scopes: Scopes::new(),
        facts: Facts::default(),
        stack: Vec::new(),
    };
    let context = Context {
        place: Place::default(),
        scope: 0,
        in_class_body: false,
        in_annotation: false,
        for_typing: false,
        guarded: false,
        raised: false,
    };
    reader.push_body(body, context);
    while let Some((item, context)) = reader.stack.pop() {
        match item {
            Item::Statement(statement) => reader.statement(statement, context),
            Item::Expression(expression) => reader.expression(expression, context),
        }
    }
    Facts { unbound: reader.scopes.unbound(), ..reader.facts }
}

/// All imports, those within functions too: the first of a name counts.
fn names(body: &[Stmt], own: Option<ModulePath<'_>>) -> Names {
    let mut names = Names::default();
    let mut stack: Vec<&Stmt> = body.iter().rev().collect();
    while let Some(statement) = stack.pop() {
        names.add(statement, own);
        let mut children = Children::of(AnyNodeRef::from(statement));
        children.items.reverse();
        stack.extend(children.items.into_iter().filter_map(|(item, _)| match item {
            Item::Statement(statement) => Some(statement),
            Item::Expression(_) => None,
        }));
    }
    names
}

struct Reader<'a> {
    names: Names,
    /// What the reader of modules makes of top-level classes.
    kinds: BTreeMap<Span, ClassKind>,
    scopes: Scopes,
    facts: Facts,
    stack: Vec<(Item<'a>, Context)>,
}

impl<'a> Reader<'a> {
    fn push_body(&mut self, body: &'a [Stmt], context: Context) {
        self.stack.extend(body.iter().rev().map(|statement| (Item::Statement(statement), context)));
    }

    fn push_expressions(&mut self, expressions: &[&'a Expr], context: Context) {
        let items = expressions.iter().rev();
        self.stack.extend(items.map(|expression| (Item::Expression(expression), context)));
    }

    /// Looks at everything directly within a node later, in order.
    fn push_children(&mut self, node: AnyNodeRef<'a>, context: Context) {
        let mut children = Children::of(node);
        for name in children.bound {
            self.scopes.bind(context.scope, name);
        }
        children.items.reverse();
        for (item, in_annotation) in children.items {
            let in_annotation = in_annotation || context.in_annotation;
            self.stack.push((item, Context { in_annotation, ..context }));
        }
    }

    fn value(&self, expression: &Expr) -> Value {
        value::value(expression, &self.names)
    }

    fn statement(&mut self, statement: &'a Stmt, context: Context) {
        match statement {
            Stmt::FunctionDef(function) => return self.function(function, context),
            Stmt::ClassDef(class) => return self.class(class, context),
            Stmt::Import(_) | Stmt::ImportFrom(_) => return self.import(statement, context),
            Stmt::Global(global) => {
                global.names.iter().for_each(|name| self.scopes.bind(0, name));
            }
            Stmt::Assign(assign) => {
                let value = self.value(&assign.value);
                for target in &assign.targets {
                    self.assign(target, Some(&value), span(statement), context.place);
                    self.member(target, None, Some(&value), context);
                }
            }
            Stmt::AnnAssign(assign) => {
                let annotation = value::annotation(&assign.annotation, &self.names);
                let value = assign.value.as_deref().map(|value| self.value(value));
                self.assign(&assign.target, value.as_ref(), span(statement), context.place);
                self.member(&assign.target, Some(&annotation), value.as_ref(), context);
                self.annotate(annotation, Annotated::Variable, context.place);
                let inner = Context { in_annotation: true, ..context };
                self.push_expressions(&[&assign.annotation], inner);
                let parts: Vec<&Expr> =
                    std::iter::once(&*assign.target).chain(assign.value.as_deref()).collect();
                return self.push_expressions(&parts, context);
            }
            Stmt::AugAssign(assign) => {
                self.assign(&assign.target, None, span(statement), context.place);
            }
            Stmt::For(each) => self.assign(&each.target, None, span(statement), context.place),
            Stmt::Return(result) => {
                let value = result.value.as_deref().map(|value| self.value(value));
                if let Some(function) =
                    context.place.function.and_then(|at| self.facts.functions.get_mut(at))
                {
                    function.returned.push((span(statement), value));
                }
            }
            Stmt::Raise(raise) => {
                let cause: Vec<&Expr> = raise.cause.as_deref().into_iter().collect();
                self.push_expressions(&cause, context);
                let exception: Vec<&Expr> = raise.exc.as_deref().into_iter().collect();
                return self.push_expressions(&exception, Context { raised: true, ..context });
            }
            Stmt::Expr(expression) if is_docstring_like(&expression.value) => return,
            Stmt::If(choice) if is_for_typing(&choice.test) => {
                for clause in choice.elif_else_clauses.iter().rev() {
                    self.push_body(&clause.body, context);
                }
                return self.push_body(&choice.body, Context { for_typing: true, ..context });
            }
            Stmt::Try(attempt) if attempt.handlers.iter().any(catches_missing_names) => {
                let guarded = Context { guarded: true, ..context };
                return self.push_children(AnyNodeRef::from(statement), guarded);
            }
            Stmt::With(with) => {
                for item in &with.items {
                    if let Some(target) = item.optional_vars.as_deref() {
                        self.assign(target, None, span(statement), context.place);
                    }
                }
                if with.items.iter().any(|item| self.expects_error(&item.context_expr)) {
                    let place = Place { expects_error: true, ..context.place };
                    return self
                        .push_children(AnyNodeRef::from(statement), Context { place, ..context });
                }
            }
            _ => {}
        }
        self.push_children(AnyNodeRef::from(statement), context);
    }

    /// `pytest.raises(..)`, `self.assertRaises(..)`, `suppress(..)`.
    fn expects_error(&self, expression: &Expr) -> bool {
        let Some(call) = expression.as_call_expr() else { return false };
        let last = match &*call.func {
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            Expr::Name(name) => name.id.as_str(),
            _ => return false,
        };
        matches!(last, "raises" | "suppress") || last.starts_with("assertRaises")
    }

    fn import(&mut self, statement: &Stmt, context: Context) {
        let aliases = match statement {
            Stmt::Import(import) => &import.names,
            Stmt::ImportFrom(import) => &import.names,
            _ => return,
        };
        for alias in aliases {
            let name = alias.name.as_str();
            if name == "*" {
                self.scopes.is_open = true;
            }
            let first = name.split('.').next().unwrap_or(name);
            let bound = alias.asname.as_ref().map_or(first, |name| name.as_str());
            if context.for_typing {
                self.scopes.bind_for_typing(context.scope, bound, span(alias));
            } else {
                self.scopes.bind(context.scope, bound);
            }
        }
    }

    fn function(&mut self, function: &'a StmtFunctionDef, context: Context) {
        self.scopes.bind(context.scope, &function.name);
        let index = self.facts.functions.len();
        let place = Place { function: Some(index), ..context.place };
        let parameters = self.parameters(&function.parameters, place);
        let returns = function.returns.as_deref().map(|returns| {
            let value = value::annotation(returns, &self.names);
            self.annotate(value.clone(), Annotated::Return, place);
            value
        });
        let decorators = function.decorator_list.iter();
        let decorators = decorators.map(|decorator| self.value(&decorator.expression)).collect();
        let statements = function.body.iter().enumerate();
        let body = statements.map(|(at, statement)| self.body_statement(at, statement)).collect();
        let start = function.decorator_list.last().map_or_else(
            || function.range.start().to_u32(),
            |decorator| decorator.range.end().to_u32(),
        );
        let end = function.returns.as_deref().map_or_else(
            || function.parameters.range.end().to_u32(),
            |returns| returns.range().end().to_u32(),
        );
        self.facts.functions.push(Function {
            name: Spanned::new(function.name.to_string(), span(&function.name)),
            span: span(function),
            signature: Span::new(start.max(function.range.start().to_u32()), end),
            is_async: function.is_async,
            is_method: context.in_class_body,
            place: context.place,
            decorators,
            parameters,
            returns,
            body,
            returned: Vec::new(),
            yields: false,
        });
        let scope = self.scopes.open(context.scope, false);
        let inner = Context { place, scope, in_class_body: false, ..context };
        for parameter in function.parameters.iter() {
            self.scopes.bind(scope, parameter.name());
        }
        self.push_body(&function.body, inner);
        let type_parameters = function.type_params.as_deref();
        if let Some(type_parameters) = type_parameters {
            self.push_children(AnyNodeRef::from(type_parameters), inner);
        }
        let outside: Vec<&Expr> = function
            .decorator_list
            .iter()
            .map(|decorator| &decorator.expression)
            .chain(function.parameters.iter().filter_map(|parameter| parameter.default()))
            .collect();
        let annotations = function.parameters.iter().filter_map(|parameter| parameter.annotation());
        let annotations: Vec<&Expr> = annotations.chain(function.returns.as_deref()).collect();
        self.push_expressions(&annotations, Context { in_annotation: true, ..context });
        self.push_expressions(&outside, context);
    }

    fn body_statement(&self, at: usize, statement: &Stmt) -> Statement {
        let kind = match statement {
            Stmt::Pass(_) => StatementKind::Nothing,
            Stmt::Expr(expression) if expression.value.is_ellipsis_literal_expr() => {
                StatementKind::Nothing
            }
            statement if at == 0 && is_docstring_stmt(statement) => StatementKind::Nothing,
            Stmt::Expr(expression) => StatementKind::Expression(self.value(&expression.value)),
            _ => StatementKind::Other,
        };
        Statement { span: span(statement), kind }
    }

    fn parameters(&mut self, parameters: &Parameters, place: Place) -> Vec<Parameter> {
        let mut found = Vec::new();
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        for parameter in positional {
            found.push(self.with_default(parameter, ParameterKind::Positional, place));
        }
        if let Some(rest) = &parameters.vararg {
            found.push(self.parameter(rest, ParameterKind::Rest, true, place));
        }
        for parameter in &parameters.kwonlyargs {
            found.push(self.with_default(parameter, ParameterKind::KeywordOnly, place));
        }
        if let Some(keywords) = &parameters.kwarg {
            found.push(self.parameter(keywords, ParameterKind::Keywords, true, place));
        }
        found
    }

    fn with_default(
        &mut self,
        parameter: &ParameterWithDefault,
        kind: ParameterKind,
        place: Place,
    ) -> Parameter {
        let has_default = parameter.default.is_some();
        let read = self.parameter(&parameter.parameter, kind, has_default, place);
        Parameter { span: span(parameter), ..read }
    }

    fn parameter(
        &mut self,
        parameter: &ruff_python_ast::Parameter,
        kind: ParameterKind,
        has_default: bool,
        place: Place,
    ) -> Parameter {
        let annotation = parameter.annotation.as_deref().map(|annotation| {
            let value = value::annotation(annotation, &self.names);
            self.annotate(value.clone(), Annotated::Parameter, place);
            value
        });
        let name = Spanned::new(parameter.name.to_string(), span(&parameter.name));
        Parameter { name, annotation, has_default, kind, span: span(parameter) }
    }

    fn class(&mut self, class: &'a StmtClassDef, context: Context) {
        self.scopes.bind(context.scope, &class.name);
        let index = self.facts.classes.len();
        let is_top_level = context.place == Place::default();
        self.facts.classes.push(Class {
            name: Spanned::new(class.name.to_string(), span(&class.name)),
            span: span(class),
            bases: class.bases().iter().map(|base| self.value(base)).collect(),
            kind: self.kinds.get(&span(class)).copied().unwrap_or(ClassKind::Other),
            is_top_level,
            place: context.place,
            members: Vec::new(),
        });
        let place = Place { class: Some(index), ..context.place };
        let scope = self.scopes.open(context.scope, true);
        let inner = Context { place, scope, in_class_body: true, ..context };
        self.push_body(&class.body, inner);
        if let Some(type_parameters) = class.type_params.as_deref() {
            self.push_children(AnyNodeRef::from(type_parameters), inner);
            // Its methods see them, although they do not see what else a class binds.
            for parameter in type_parameters.iter() {
                self.scopes.bind(context.scope, parameter.name());
            }
        }
        let decorators = class.decorator_list.iter().map(|decorator| &decorator.expression);
        let outside: Vec<&Expr> = decorators
            .chain(class.bases())
            .chain(class.keywords().iter().map(|keyword| &keyword.value))
            .collect();
        self.push_expressions(&outside, context);
    }

    /// A variable or field of the class whose body this is.
    fn member(
        &mut self,
        target: &Expr,
        annotation: Option<&Value>,
        value: Option<&Value>,
        context: Context,
    ) {
        let class = context.place.class.filter(|_| context.in_class_body);
        let Some(class) = class.and_then(|at| self.facts.classes.get_mut(at)) else { return };
        let Some(name) = target.as_name_expr() else { return };
        class.members.push(Member {
            name: Spanned::new(name.id.to_string(), span(name)),
            annotation: annotation.cloned(),
            value: value.cloned(),
        });
    }

    fn annotate(&mut self, value: Value, of: Annotated, place: Place) {
        self.facts.annotations.push(Annotation { value, place, of });
    }

    /// Notes what a target gets; targets that are unpacked are noted one by one.
    fn assign(&mut self, target: &Expr, value: Option<&Value>, statement: Span, place: Place) {
        let mut stack = vec![(target, Vec::new())];
        while let Some((target, element)) = stack.pop() {
            let items = match target {
                Expr::Tuple(tuple) => &tuple.elts,
                Expr::List(list) => &list.elts,
                single => {
                    if let Some(name) = written(single) {
                        self.facts.assignments.push(Assignment {
                            target: Spanned::new(name, span(single)),
                            element,
                            value: value.cloned(),
                            span: statement,
                            place,
                        });
                    }
                    continue;
                }
            };
            let starred = items.iter().any(Expr::is_starred_expr);
            for (at, item) in items.iter().enumerate() {
                let mut element = element.clone();
                // Behind a star, positions count from the end: nothing that anyone has to follow.
                element.push(if starred { usize::MAX } else { at });
                stack.push((item, element));
            }
        }
    }

    fn expression(&mut self, expression: &'a Expr, context: Context) {
        let inner = Context { raised: false, ..context };
        match expression {
            Expr::Name(name) => self.name(name.id.as_str(), name.ctx, span(name), context),
            Expr::StringLiteral(text) if !context.in_annotation => {
                let text = text.value.to_str().to_owned();
                self.facts.strings.push(Spanned::new(text, span(expression)));
            }
            Expr::Call(_) => {
                if let ValueKind::Call(call) = self.value(expression).kind {
                    self.facts.calls.push(PlacedCall {
                        call: *call,
                        place: context.place,
                        is_raised: context.raised,
                    });
                }
            }
            Expr::Compare(compare) => {
                if let ([operator], [right]) = (&*compare.ops, &*compare.comparators) {
                    self.facts.comparisons.push(Comparison {
                        span: span(expression),
                        left: self.value(&compare.left),
                        operator: match operator {
                            CmpOp::Eq => Operator::Equal,
                            CmpOp::NotEq => Operator::NotEqual,
                            _ => Operator::Other,
                        },
                        right: self.value(right),
                        place: context.place,
                    });
                }
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                if let Some(function) =
                    context.place.function.and_then(|at| self.facts.functions.get_mut(at))
                {
                    function.yields = true;
                }
            }
            Expr::Lambda(lambda) => {
                // In the scope around it, as are the variables of comprehensions: who reads one outside makes
                // a mistake that is not ours to find, and defaults are read out there.
                let parameters = lambda.parameters.as_deref();
                for parameter in parameters.into_iter().flat_map(Parameters::iter) {
                    self.scopes.bind(context.scope, parameter.name());
                }
            }
            _ => {}
        }
        self.push_children(AnyNodeRef::from(expression), inner);
    }

    fn name(&mut self, name: &str, context: ExprContext, at: Span, within: Context) {
        match context {
            ExprContext::Load => {
                if !within.in_annotation && !within.for_typing && !within.guarded {
                    self.scopes.read(within.scope, name, at, within.place);
                }
            }
            ExprContext::Store => self.scopes.bind(within.scope, name),
            ExprContext::Del | ExprContext::Invalid => {}
        }
    }
}

/// A string or `...` on its own says nothing to a rule.
fn is_docstring_like(expression: &Expr) -> bool {
    expression.is_string_literal_expr() || expression.is_ellipsis_literal_expr()
}

/// `TYPE_CHECKING` or `typing.TYPE_CHECKING`.
fn is_for_typing(test: &Expr) -> bool {
    match test {
        Expr::Name(name) => name.id.as_str() == "TYPE_CHECKING",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "TYPE_CHECKING",
        _ => false,
    }
}

/// `except NameError` and what catches it too.
fn catches_missing_names(handler: &ExceptHandler) -> bool {
    let ExceptHandler::ExceptHandler(handler) = handler;
    let Some(caught) = handler.type_.as_deref() else { return true };
    let caught: &[Expr] = match caught {
        Expr::Tuple(tuple) => &tuple.elts,
        single => std::slice::from_ref(single),
    };
    caught
        .iter()
        .any(|class| class.as_name_expr().is_some_and(|name| name.id.as_str() == "NameError"))
}

/// What stands directly within a node.
struct Children<'a> {
    /// In order; whether each is an annotation.
    items: Vec<(Item<'a>, bool)>,
    /// Names that the node binds otherwise than by assignment: `except .. as name`, `case name`.
    bound: Vec<&'a str>,
}

impl<'a> Children<'a> {
    fn of(node: AnyNodeRef<'a>) -> Self {
        let mut children = Self { items: Vec::new(), bound: Vec::new() };
        node.visit_source_order(&mut children);
        children
    }
}

impl<'a> SourceOrderVisitor<'a> for Children<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        self.items.push((Item::Statement(statement), false));
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        self.items.push((Item::Expression(expression), false));
    }

    fn visit_annotation(&mut self, expression: &'a Expr) {
        self.items.push((Item::Expression(expression), true));
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(clause) = handler;
        self.bound.extend(clause.name.as_ref().map(|name| name.as_str()));
        walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        self.bound.extend(name.map(|name| name.as_str()));
        walk_pattern(self, pattern);
    }

    fn visit_type_param(&mut self, parameter: &'a TypeParam) {
        self.bound.push(parameter.name().as_str());
        walk_type_param(self, parameter);
    }
}
