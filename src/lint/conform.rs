//! Whether the code that stands is the code that the contract describes.
//!
//! In: a [`Subject`]. Out: findings of [`ID`], each with its place in the contract and its place in the code. Looks at
//! handlers alone: whether node.py, models and tests are as generated is told by rendering them again, and what is
//! not there at all is told by whoever plans the files.

use std::collections::BTreeSet;

use super::rules::code::{HandlerCode, emission, handlers, short_name};
use super::source::Source;
use super::subject::Subject;
use crate::contract::RoutingEntry;
use crate::diagnostic::{Diagnostic, nearest};
use crate::node::HandlerStyle;
use crate::python::facts::{Function, Parameter, Value, ValueKind};
use crate::source::Span;

/// The id of the findings.
pub const ID: &str = "nonconforming";

/// What of the code does not fit the contract.
///
/// Meant for managed nodes: without a lock, the style of the node is no more than read off its first handler.
#[must_use]
pub fn conform(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> =
        subject.entries().iter().filter_map(|entry| missing_class(subject, entry)).collect();
    for handler in handlers(subject) {
        let entries = entries_of(subject, handler);
        match handler.facts.method(handler.index, "handle") {
            // What a class inherits is not seen.
            None if handler.class.bases.is_empty() => found.push(missing_handle(subject, handler)),
            None => {}
            Some((_, handle)) => {
                found.extend(other_style(subject, handler, handle));
                found.extend(other_event(subject, handler, handle, &entries));
            }
        }
        found.extend(other_message_types(subject, handler, &entries));
        found.extend(undeclared_events(subject, handler, &entries));
    }
    found
}

/// The routing entries that a handler serves.
fn entries_of<'a>(subject: &Subject<'a>, handler: &HandlerCode<'a>) -> Vec<&'a RoutingEntry> {
    let entries = subject.entries().iter();
    entries.filter(|entry| handler.named.contains(&entry.handler.span)).collect()
}

fn at(source: &Source, span: Span, message: String) -> Diagnostic {
    Diagnostic::error(ID, &source.file, span, message)
}

/// The file of the handler is there, and the class is not in it.
fn missing_class(subject: &Subject<'_>, entry: &RoutingEntry) -> Option<Diagnostic> {
    let module = subject.module_of(&entry.handler)?;
    let source = subject.sources.module(subject.project, &module)?;
    if source.is_rendered() {
        return None;
    }
    let name = &entry.handler.name;
    // Half of a file may be the half without the class; a star may bring it in.
    let is_open =
        source.module().imports.iter().flat_map(|i| &i.names).any(|name| name.name == "*");
    let defined = source.module().definitions.iter().any(|known| known.value == name.value);
    let imported = source.module().imports.iter().flat_map(|import| &import.names);
    let imported = imported.map(crate::python::module::ImportedName::bound);
    let is_there = defined || imported.into_iter().any(|bound| bound == name.value);
    if is_open || is_there || !source.module().problems.is_empty() {
        return None;
    }
    let path = source.path.as_str();
    let message = format!("{path} has no class `{}`", name.value);
    let finding = Diagnostic::error(ID, subject.file(), name.span, message);
    let classes = || source.module().classes.iter();
    let near = nearest(&name.value, classes().map(|class| class.name.value.as_str()));
    let other = near
        .and_then(|near| source.module().class(near))
        .or_else(|| classes().find(|class| class.methods.iter().any(|m| m.name.value == "handle")));
    Some(match other {
        Some(class) => finding
            .related_in(&source.file, class.name.span, "the class that is there")
            .help(format!(
                "call the class `{}`, or name `{}` in the contract",
                name.value, class.name.value
            )),
        None => finding
            .related_in(&source.file, Span::new(0, 0), "expected in this file")
            .help("`onex regenerate` writes the class where the file is gone"),
    })
}

fn missing_handle(subject: &Subject<'_>, handler: &HandlerCode<'_>) -> Diagnostic {
    let name = &handler.class.name;
    let message = format!("`{}` has no method `handle`", name.value);
    let finding =
        at(handler.source, name.span, message).help(format!("add `{}`", signature(subject.style)));
    with_entries(subject, handler, finding, "calls it for this entry")
}

fn with_entries(
    subject: &Subject<'_>,
    handler: &HandlerCode<'_>,
    finding: Diagnostic,
    text: &str,
) -> Diagnostic {
    handler
        .named
        .iter()
        .fold(finding, |finding, span| finding.related_in(subject.file(), *span, text))
}

/// What the method of a style looks like.
fn signature(style: HandlerStyle) -> &'static str {
    match style {
        HandlerStyle::Envelope => "async def handle(self, envelope: ModelEventEnvelope[..])",
        HandlerStyle::Dual => "async def handle(self, request: ModelEventEnvelope[..] | ..)",
        HandlerStyle::DefinitionB => "async def handle(self, request: ..)",
        HandlerStyle::Template => {
            "async def handle(self, event: .., input_envelope_id: UUID, correlation_id: UUID)"
        }
    }
}

/// The signature is one of another style than the node's.
fn other_style(
    subject: &Subject<'_>,
    handler: &HandlerCode<'_>,
    handle: &Function,
) -> Option<Diagnostic> {
    let style = style_of(handle)?;
    if style == subject.style {
        return None;
    }
    let message = format!(
        "`{}.handle` is written in the style `{}`, and the node in `{}`",
        handler.class.name.value,
        style.as_str(),
        subject.style.as_str()
    );
    let finding = at(handler.source, handle.signature, message)
        .help(format!("write `{}`", signature(subject.style)));
    Some(with_entries(subject, handler, finding, "called for this entry"))
}

/// The style of a signature; nothing for one that is like none.
fn style_of(handle: &Function) -> Option<HandlerStyle> {
    let required: Vec<&Parameter> =
        handle.arguments().iter().filter(|parameter| !parameter.has_default).collect();
    let first = required.first()?;
    if required.iter().any(|parameter| parameter.name.value == "input_envelope_id") {
        return Some(HandlerStyle::Template);
    }
    let [_] = required.as_slice() else { return None };
    match &first.annotation {
        Some(annotation) if holds_envelope(annotation) => match annotation.kind {
            ValueKind::Union(_) => Some(HandlerStyle::Dual),
            _ => Some(HandlerStyle::Envelope),
        },
        Some(annotation) if events_in(annotation).is_empty() => None,
        Some(_) => Some(HandlerStyle::DefinitionB),
        None => (first.name.value == "envelope").then_some(HandlerStyle::Envelope),
    }
}

fn holds_envelope(annotation: &Value) -> bool {
    annotation.walk().any(|part| part.last_name() == Some("ModelEventEnvelope"))
}

/// The event models that an annotation names: what begins with `Model` and is no envelope.
fn events_in(annotation: &Value) -> Vec<&Value> {
    let is_model = |name: &str| name.starts_with("Model") && name != "ModelEventEnvelope";
    annotation.walk().filter(|part| part.last_name().is_some_and(is_model)).collect()
}

/// The events of the contract are not those that the signature takes.
fn other_event(
    subject: &Subject<'_>,
    handler: &HandlerCode<'_>,
    handle: &Function,
    entries: &[&RoutingEntry],
) -> Option<Diagnostic> {
    let first = handle.arguments().first()?;
    let annotation = first.annotation.as_ref()?;
    let taken = events_in(annotation);
    let is_taken = |event: &str| taken.iter().any(|part| part.last_name() == Some(event));
    let wanted = entries.iter().filter_map(|entry| entry.event_model.as_ref());
    let missing = wanted.filter(|event| !is_taken(&event.name.value)).find(|event| {
        // A class above the event takes it too, where it is known to be one.
        let class = subject.class(event).map(|(_, class)| class);
        let bases = class.map(|class| class.bases.as_slice()).unwrap_or_default();
        !bases.iter().any(|base| is_taken(base.rsplit('.').next().unwrap_or(base)))
    })?;
    let only = taken.first()?;
    let message = format!(
        "`{}.handle` takes `{}`, and the contract sends it `{}`",
        handler.class.name.value,
        only.last_name().unwrap_or_default(),
        missing.name.value
    );
    Some(
        at(handler.source, annotation.span, message)
            .related_in(subject.file(), missing.span, "what is sent")
            .help(format!("take `{}`", missing.name.value)),
    )
}

/// What the handler tells the registry that it takes is not what the contract sends it.
fn other_message_types(
    subject: &Subject<'_>,
    handler: &HandlerCode<'_>,
    entries: &[&RoutingEntry],
) -> Option<Diagnostic> {
    let (_, property) = handler.facts.method(handler.index, "message_types")?;
    let [(_, Some(value))] = property.returned.as_slice() else { return None };
    let ValueKind::Set(items) = &value.kind else { return None };
    let told: Vec<&str> = items.iter().map(Value::text).collect::<Option<_>>()?;
    let mut wanted = entries.iter().filter_map(|entry| entry.event_model.as_ref());
    let missing = wanted.find(|event| !told.contains(&event.name.value.as_str()))?;
    let message = format!(
        "`{}.message_types` leaves out `{}`, so that the registry does not send it there",
        handler.class.name.value, missing.name.value
    );
    Some(
        at(handler.source, value.span, message)
            .related_in(subject.file(), missing.span, "what is sent")
            .help(format!("add \"{}\"", missing.name.value)),
    )
}

/// The handler emits what none of its entries declares.
fn undeclared_events(
    subject: &Subject<'_>,
    handler: &HandlerCode<'_>,
    entries: &[&RoutingEntry],
) -> Vec<Diagnostic> {
    let outputs = || entries.iter().flat_map(|entry| &entry.output_events);
    let (Some(first), Some(last)) = (outputs().next(), outputs().last()) else {
        return Vec::new();
    };
    let declared: BTreeSet<&str> = outputs().map(|name| short_name(&name.value)).collect();
    let span = Span::new(first.span.start.min(last.span.start), first.span.end.max(last.span.end));
    let mut seen = BTreeSet::new();
    let emitted = emission::events(handler).into_iter().filter_map(|call| {
        let name = call.callee.outer().last_name()?;
        let known = declared.contains(short_name(name)) || name == "ModelEventEnvelope";
        if known || !seen.insert(name) {
            return None;
        }
        let message = format!(
            "`{}` emits `{name}`, which its routing entry does not declare",
            handler.class.name.value
        );
        let finding = at(handler.source, call.callee.span, message);
        Some(
            finding
                .related_in(subject.file(), span, "what it declares")
                .help(format!("add `{name}` to `output_events`, or emit one of these")),
        )
    });
    emitted.collect()
}

#[cfg(test)]
mod tests;
