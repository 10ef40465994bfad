//! What a handler emits: the members of what it gives to `events` and `intents`.

use crate::python::facts::{Call, Facts, Function, Place, Value, ValueKind, trace};

use super::{HandlerCode, is_class_name, maker};

/// What a value given to `events` or `intents` holds, as far as can be told.
#[derive(Debug, Default)]
pub(super) struct Emitted<'a> {
    /// The members, each followed to where it is made.
    pub(super) members: Vec<&'a Value>,
}

impl<'a> Emitted<'a> {
    /// Those that are dicts.
    pub(super) fn dicts(&self) -> impl Iterator<Item = &'a Value> {
        self.members.iter().copied().filter(|value| match &value.kind {
            ValueKind::Dict(_) => true,
            ValueKind::Call(call) => call.callee.is_named("dict"),
            _ => false,
        })
    }

    /// Those that are made by calling a class.
    pub(super) fn made(&self) -> impl Iterator<Item = &'a Call> {
        let calls = self.members.iter().filter_map(|value| value.call());
        calls.filter(|call| call.callee.outer().last_name().is_some_and(is_class_name))
    }
}

/// Takes apart what is given to `events` or `intents`.
pub(super) fn emitted<'a>(facts: &'a Facts, value: &'a Value, place: Place) -> Emitted<'a> {
    let mut emitted = Emitted::default();
    let mut open = vec![(value, place, 0)];
    while let Some((value, place, depth)) = open.pop() {
        for found in trace(facts, value, place) {
            let members: Vec<&Value> = match &found.value.kind {
                ValueKind::Tuple(items) | ValueKind::List(items) => items.iter().collect(),
                ValueKind::ListOf(item) | ValueKind::Each(item) => vec![item],
                ValueKind::Call(call) if call.callee.is_named("tuple") => {
                    // What it is made of is a row of members again.
                    let rows = call.arguments.iter().map(|row| (row, found.place, depth + 1));
                    open.extend(rows.filter(|(_, _, depth)| *depth < MAX_DEPTH));
                    continue;
                }
                _ => continue,
            };
            for member in members {
                match &member.kind {
                    ValueKind::Starred(rest) if depth < MAX_DEPTH => {
                        open.push((rest, found.place, depth + 1));
                    }
                    _ => {
                        let traced = trace(facts, member, found.place);
                        emitted.members.extend(traced.into_iter().map(|found| found.value));
                    }
                }
            }
        }
    }
    emitted
}

/// How often rows are taken out of rows.
const MAX_DEPTH: usize = 8;

/// The events that a handler emits: given to `events` of an output, or returned by a `handle` that returns the
/// event itself.
pub(in crate::lint) fn events<'a>(handler: &HandlerCode<'a>) -> Vec<&'a Call> {
    let facts = handler.facts;
    let mut events: Vec<&Call> = given(handler, "events");
    for name in ["handle", "handle_async"] {
        let Some((at, method)) = handler.facts.method(handler.index, name) else { continue };
        let place = Place { function: Some(at), ..method.place };
        events.extend(returned(facts, method, place));
    }
    events
}

/// What is given to an argument of the outputs of a handler's class.
fn given<'a>(handler: &HandlerCode<'a>, argument: &str) -> Vec<&'a Call> {
    let facts = handler.facts;
    let calls = facts.calls.iter().filter(|placed| {
        placed.place.class == Some(handler.index)
            && !placed.place.expects_error
            && maker(&placed.call).is_some()
    });
    calls
        .filter_map(|placed| Some((placed.call.keyword(argument)?, placed.place)))
        .flat_map(|(keyword, place)| {
            emitted(facts, &keyword.value, place).made().collect::<Vec<_>>()
        })
        .collect()
}

/// The models that a method returns itself.
fn returned<'a>(facts: &'a Facts, method: &'a Function, place: Place) -> Vec<&'a Call> {
    let values = method.returned.iter().filter_map(|(_, value)| value.as_ref());
    let traced = values.flat_map(|value| trace(facts, value, place));
    let calls = traced.filter_map(|found| found.value.call());
    calls
        .filter(|call| maker(call).is_none())
        .filter(|call| call.callee.last_name().is_some_and(|name| name.starts_with("Model")))
        .collect()
}
