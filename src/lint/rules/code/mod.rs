//! What is wrong in the Python code, or between it and the contract.
//!
//! The rules read [`Facts`] and follow no import further than the node's own files; what they cannot be sure of
//! they do not report. Code that expects an exception, such as a test of what the framework refuses, is left
//! alone.

pub(crate) mod any_type;
pub(crate) mod class_placement;
pub(crate) mod dict_output;
pub(in crate::lint) mod emission;
pub(crate) mod erased_payload;
pub(crate) mod foreign_output;
pub(crate) mod generic_name;
pub(crate) mod handler_constructor;
pub(crate) mod handler_id_mismatch;
pub(crate) mod handler_instantiation;
pub(crate) mod handler_publishes;
pub(crate) mod hardcoded_topic;
pub(crate) mod impure_node;
pub(crate) mod intent_arguments;
pub(crate) mod intent_type_mismatch;
pub(crate) mod legacy_typing;
pub(crate) mod list_comparison;
pub(crate) mod list_output;
pub(crate) mod loose_field_type;
pub(crate) mod lost_correlation;
pub(crate) mod missing_handler_id;
pub(crate) mod model_config;
pub(crate) mod node_base;
pub(crate) mod node_with_logic;
pub(crate) mod one_class_per_file;
pub(crate) mod output_arguments;
pub(crate) mod pydantic_v1;
pub(crate) mod syntax_error;
pub(crate) mod typed_result;
pub(crate) mod undeclared_event;
pub(crate) mod undefined_name;

#[cfg(test)]
mod mutations;

use crate::contract::RoutingEntry;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Role, Source, Subject};
use crate::python::facts::{Call, Class, Facts, Function, Keyword, PlacedCall, Value, ValueKind};
use crate::source::Span;

/// The files of a node that runtimes load and somebody wrote: all but its tests.
fn runtime_code<'a>(subject: &Subject<'a>) -> impl Iterator<Item = &'a Source> {
    subject.sources.written().filter(|source| source.role != Role::Test)
}

/// A finding in a Python file.
fn finding(
    severity: Severity,
    rule: &'static str,
    source: &Source,
    span: Span,
    message: impl Into<String>,
) -> Diagnostic {
    let error = Diagnostic::error(rule, &source.file, span, message);
    Diagnostic { severity, ..error }
}

/// The class of a handler that the contract names, and where it stands.
#[derive(Debug)]
pub(in crate::lint) struct HandlerCode<'a> {
    pub(in crate::lint) source: &'a Source,
    pub(in crate::lint) facts: &'a Facts,
    /// The index of the class in the facts.
    pub(in crate::lint) index: usize,
    pub(in crate::lint) class: &'a Class,
    /// The places in the contract that name it.
    pub(in crate::lint) named: Vec<Span>,
}

/// The handlers that the contract names and somebody wrote, as far as the project holds them, each once.
pub(in crate::lint) fn handlers<'s, 'a>(subject: &'s Subject<'a>) -> &'s [HandlerCode<'a>] {
    subject.handlers.get_or_init(|| find_handlers(subject))
}

fn find_handlers<'a>(subject: &Subject<'a>) -> Vec<HandlerCode<'a>> {
    let mut handlers: Vec<HandlerCode<'a>> = Vec::new();
    for entry in subject.entries() {
        if is_rendered(subject, entry) {
            continue;
        }
        let Some((source, class)) = subject.handler(entry) else { continue };
        if source.is_rendered() {
            continue;
        }
        let facts = source.facts();
        let Some((index, class)) = facts.class(&class.name.value) else { continue };
        let known = handlers
            .iter_mut()
            .find(|known| known.source.path == source.path && known.index == index);
        match known {
            Some(known) => known.named.push(entry.handler.span),
            None => {
                let named = vec![entry.handler.span];
                handlers.push(HandlerCode { source, facts, index, class, named });
            }
        }
    }
    handlers
}

/// Whether the module of an entry's handler is a file that is rendered, and no package that has the class from another.
fn is_rendered(subject: &Subject<'_>, entry: &RoutingEntry) -> bool {
    let module = subject.module_of(&entry.handler);
    let source = module.and_then(|module| subject.sources.module(subject.project, &module));
    source.is_some_and(|source| source.is_rendered() && source.role != Role::Init)
}

/// How an output is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Maker<'a> {
    /// `ModelHandlerOutput(..)`
    Constructor,
    /// `ModelHandlerOutput.for_orchestrator(..)` and its like, by its name.
    Builder(&'a str),
}

/// How a call makes an output; nothing for any other call.
fn maker(call: &Call) -> Option<Maker<'_>> {
    const OUTPUT: &str = "ModelHandlerOutput";
    if call.callee.outer().is_framework(OUTPUT) {
        return Some(Maker::Constructor);
    }
    let builder = match &call.callee.kind {
        ValueKind::Name(name) => {
            let (class, builder) = name.rsplit_once('.')?;
            let is_output =
                class.starts_with("omnibase_") && class.ends_with(".ModelHandlerOutput");
            is_output.then_some(builder)?
        }
        ValueKind::Attribute(class, builder) if class.outer().is_framework(OUTPUT) => builder,
        _ => return None,
    };
    builder.starts_with("for_").then_some(Maker::Builder(builder))
}

/// The calls that make the output of an orchestrator, in the files that runtimes load.
fn outputs<'a>(subject: &Subject<'a>) -> Vec<(&'a Source, &'a PlacedCall)> {
    let calls = runtime_code(subject)
        .flat_map(|source| source.facts().calls.iter().map(move |call| (source, call)));
    calls
        .filter(|(_, placed)| !placed.place.expects_error)
        .filter(|(_, placed)| match maker(&placed.call) {
            Some(Maker::Builder(builder)) => builder == "for_orchestrator",
            Some(Maker::Constructor) => is_kind(&placed.call, "ORCHESTRATOR"),
            None => false,
        })
        .collect()
}

/// Whether a call passes `node_kind=EnumNodeKind.<kind>`.
fn is_kind(call: &Call, kind: &str) -> bool {
    call.keyword("node_kind").is_some_and(|keyword| keyword.value.last_name() == Some(kind))
}

/// An argument by name with its name.
fn span_of(keyword: &Keyword) -> Span {
    let start = keyword.name.as_ref().map_or(keyword.value.span.start, |name| name.span.start);
    Span::new(start, keyword.value.span.end)
}

/// Whether a function is given the envelope that its event came in, and by which name.
fn envelope_of(function: &Function) -> Option<&str> {
    let parameter = function.arguments().iter().find(|parameter| match &parameter.annotation {
        Some(annotation) => annotation.walk().any(|part| part.is_framework("ModelEventEnvelope")),
        None => parameter.name.value == "envelope",
    })?;
    Some(&parameter.name.value)
}

/// The function that a call stands in.
fn function_around<'a>(facts: &'a Facts, placed: &PlacedCall) -> Option<&'a Function> {
    facts.functions.get(placed.place.function?)
}

/// Whether a name is written as classes are: `HandlerOrderPlaced`.
fn is_class_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase)
}

/// The members of a tuple, list or set, and whether these are all: a starred member is none.
fn members(value: &Value) -> Option<(&[Value], bool)> {
    match &value.kind {
        ValueKind::Tuple(items) | ValueKind::List(items) | ValueKind::Set(items) => {
            let all = !items.iter().any(|item| matches!(item.kind, ValueKind::Starred(_)));
            Some((items, all))
        }
        _ => None,
    }
}

/// `OrderPaid` for `shop.models.ModelOrderPaid`: what `published_events` call it.
pub(in crate::lint) fn short_name(name: &str) -> &str {
    let last = name.rsplit(['.', ':']).next().unwrap_or(name);
    last.strip_prefix("Model").unwrap_or(last)
}

/// The ids of the rules for code, as the tests name them.
#[cfg(test)]
const IDS: [&str; 30] = [
    "any-type",
    "class-placement",
    "dict-output",
    "erased-payload",
    "foreign-output",
    "generic-name",
    "handler-constructor",
    "handler-id-mismatch",
    "handler-instantiation",
    "handler-publishes",
    "hardcoded-topic",
    "impure-node",
    "intent-arguments",
    "intent-type-mismatch",
    "legacy-typing",
    "list-comparison",
    "list-output",
    "loose-field-type",
    "lost-correlation",
    "missing-handler-id",
    "model-config",
    "node-base",
    "node-with-logic",
    "one-class-per-file",
    "output-arguments",
    "pydantic-v1",
    "syntax-error",
    "typed-result",
    "undeclared-event",
    "undefined-name",
];
