//! What an answer means, or what is wrong with it, in a few words to stand beside it while it is typed.
//!
//! Nothing is judged here: the answer is put among the others, and these are read as the flags would be.

use std::collections::BTreeSet;

use super::draft::Draft;
use crate::contract::{self, write};
use crate::diagnostic::Diagnostic;
use crate::node::{ClassPath, models, naming};
use crate::python::{DottedPath, Identifier};
use crate::source::SourceFile;
use crate::spec::{self, Field, Held, Intent, Kind, Model, NamedEvent, Route, names};

/// The first finding and its help, on a line.
pub(super) fn first(found: &[Diagnostic]) -> String {
    let Some(diagnostic) = found.first() else { return String::new() };
    match &diagnostic.help {
        Some(help) => format!("{}; {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    }
}

/// Whether answers are sound, models that are still to be described aside.
pub(super) fn sound(draft: &Draft) -> Result<(), String> {
    let (_, found) = spec::read(&draft.given(), &draft.answers.producer);
    let found: Vec<Diagnostic> = found.into_iter().filter(|d| d.rule != "unknown-model").collect();
    if found.is_empty() { Ok(()) } else { Err(first(&found)) }
}

pub(super) fn meaning_of_event(draft: &Draft, text: &str) -> Result<String, String> {
    let events = spec::read_events(text).map_err(|found| first(&found))?;
    let [(event, fields)] = events.as_slice() else {
        return Err("one message at a time".to_owned());
    };
    refuse_fields_of_standing(draft, &events)?;
    let mut tried = draft.clone();
    tried.add_event(event, fields.as_deref().unwrap_or_default());
    tried.answers.routes.push(Route { event: event.clone(), outputs: Vec::new() });
    sound(&tried)?;
    let new = meaning_of_fields(draft, fields.as_deref().unwrap_or_default())?;
    Ok(lines([tried.class_of(event), tried.topic_of(event), new]))
}

pub(super) fn meaning_of_outputs(
    draft: &Draft,
    event: &Identifier,
    text: &str,
) -> Result<String, String> {
    let events = spec::read_events(text).map_err(|found| first(&found))?;
    refuse_fields_of_standing(draft, &events)?;
    let mut tried = draft.clone();
    let mut all: Vec<Field> = Vec::new();
    for (name, fields) in &events {
        let fields = fields.as_deref().unwrap_or_default();
        tried.add_event(name, fields);
        meaning_of_fields(draft, fields)?;
        all.extend_from_slice(fields);
    }
    if let Some(route) = tried.answers.routes.iter_mut().find(|route| route.event == *event) {
        route.outputs = events.iter().map(|(name, _)| name.clone()).collect();
    }
    sound(&tried)?;
    let topics = events.iter().map(|(name, _)| tried.topic_of(name));
    Ok(lines(topics.chain([described_next(draft, &all)])))
}

/// What is to be said, a line each.
fn lines(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What is known of a message is not said a second time.
fn refuse_fields_of_standing(draft: &Draft, events: &[NamedEvent]) -> Result<(), String> {
    let mut given = events.iter().filter(|(_, fields)| fields.is_some());
    match given.find(|(name, _)| draft.has_event(name)) {
        Some((name, _)) => Err(format!("{name} is described already; leave its fields out")),
        None => Ok(()),
    }
}

pub(super) fn meaning_of_intent(draft: &Draft, text: &str) -> Result<String, String> {
    let (kind, fields) = spec::read_intent(text).map_err(|found| first(&found))?;
    let mut tried = draft.clone();
    let fields = fields.unwrap_or_default();
    let new = meaning_of_fields(draft, &fields)?;
    let target = Identifier::ours("node_effect");
    let intent = Intent { kind, fields, target, from: Vec::new() };
    let class = naming::intent_payload_class(&intent.intent_type())
        .map_err(|p| format!("no name: it {p}"))?;
    tried.answers.intents.push(intent);
    sound(&tried)?;
    Ok(lines([class.to_string(), new]))
}

/// What the fields of a model come to.
pub(super) fn meaning_of_model(
    draft: &Draft,
    name: &Identifier,
    fields: &[Field],
) -> Result<String, String> {
    let mut tried = draft.clone();
    tried.answers.models.push(Model { name: name.clone(), fields: fields.to_vec() });
    sound(&tried)?;
    meaning_of_fields(&tried, fields)
}

/// What fields come to, or what the framework would have against them.
pub(super) fn meaning_of_fields(draft: &Draft, fields: &[Field]) -> Result<String, String> {
    let file = SourceFile::new("answer", write::probe("ModelAnswer", fields));
    let (contract, mut found) = contract::parse(&file);
    let known = draft.models().cloned();
    let named: BTreeSet<Identifier> = models_in(fields).into_iter().chain(known).collect();
    let class = |name: &Identifier| {
        let class = names::model_class(name);
        let name = Identifier::parse(&class).ok()?;
        Some((class, ClassPath { module: DottedPath::ours("models"), name }))
    };
    let classes = named.iter().filter_map(class).collect();
    let definition = contract.as_ref().and_then(|contract| contract.definitions.first());
    if let Some(definition) = definition {
        let _ = models::fields_of(definition, &classes, &file, &mut found);
    }
    if !found.is_empty() {
        return Err(first(&found).replace(" of `ModelAnswer`", ""));
    }
    Ok(described_next(draft, fields))
}

/// The models that will be asked for, because fields name them and nobody has described them.
fn described_next(draft: &Draft, fields: &[Field]) -> String {
    let new = models_in(fields).into_iter().filter(|name| !draft.has_model(name));
    let new: Vec<String> = new.map(|name| name.to_string()).collect();
    if new.is_empty() { String::new() } else { format!("to be described next: {}", new.join(", ")) }
}

/// The models that fields name, in order.
pub(super) fn models_in(fields: &[Field]) -> Vec<Identifier> {
    fn of(held: &Held, found: &mut Vec<Identifier>) {
        match &held.kind {
            Kind::Model(name) if !found.contains(name) => found.push(name.clone()),
            Kind::List(item) => of(item, found),
            Kind::Map(key, value) => {
                of(key, found);
                of(value, found);
            }
            Kind::Model(_) | Kind::Word(_) | Kind::Enum(_) => {}
        }
    }
    let mut found = Vec::new();
    for field in fields {
        of(&field.holds, &mut found);
    }
    found
}
