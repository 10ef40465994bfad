//! Text of a contract.yaml -> [`Contract`] and diagnostics.
//!
//! Every spelling that the framework or JSON Schema has for a thing is read here into one type. What generation
//! has a use for must have the right shape; anything else is left to the linter, and keys that are not known are
//! nobody's business. Knows nothing of names: whether `order flow` can be a class is for the next stage to say.

mod class;
mod definitions;
mod reader;
mod routing;
mod workflow;

#[cfg(test)]
mod tests;

use super::{Contract, EventBus, EventTopic, IntentRoute, Yaml, yaml};
use crate::diagnostic::{Diagnostic, sort};
use crate::source::{SourceFile, Span, Spanned};
use reader::{Known, Reader};

/// Keys at the top that this module reads, and those that the framework's contracts have beside them.
const TOP: Known = Known {
    place: "of a contract",
    read: &[
        "name",
        "node_type",
        "contract_version",
        "node_version",
        "description",
        "input_model",
        "output_model",
        "workflow_coordination",
        "handler_routing",
        "event_bus",
        "terminal_event",
        "published_events",
        "consumed_events",
        "intent_consumption",
        "definitions",
    ],
    other: &[
        "node_name",
        "contract_name",
        "node_id",
        "node_class",
        "handler",
        "handlers",
        "handler_id",
        "default_handler",
        "version",
        "descriptor",
        "metadata",
        "dependencies",
        "events",
        "event_emission",
        "intent_emission",
        "intents",
        "effect",
        "rules",
        "steps",
    ],
};

const EVENT_BUS: Known = Known {
    place: "of `event_bus`",
    read: &["version", "subscribe_topics", "publish_topics"],
    other: &["subscribe", "publish", "topics", "dlq_topics", "consumer_group"],
};

/// The most routing entries, steps and definitions that a contract may have.
const MOST_PARTS: usize = 1000;

/// More findings than this in one file are counted, not shown.
const MOST_FINDINGS: usize = 100;

/// Reads a contract, as much of it as can be read, and names everything that cannot.
///
/// Gives no contract only where the text has no tree to read (syntax, limits, no mapping at the top).
#[must_use]
pub fn parse(file: &SourceFile) -> (Option<Contract>, Vec<Diagnostic>) {
    let (tree, found) = yaml::read(file);
    let mut reader = Reader { file, found };
    let mut contract = tree.and_then(|root| contract(&mut reader, root));
    if let Some(contract) = &mut contract {
        refuse_masses(&mut reader, contract);
    }
    let mut found = reader.found;
    sort(&mut found);
    shorten(file, &mut found);
    (contract, found)
}

/// The name of a contract, read no further than it stands; of a text that is none, as far as it can be told.
#[must_use]
pub fn name_of(file: &SourceFile) -> Option<Spanned<String>> {
    // Only a name that is plainly there can be read by itself: one that an alias or another key gives needs the rest.
    yaml::first_text(file, "name").or_else(|| parse(file).0?.name)
}

/// Takes away what no person wrote: what is asked of each pair of entries would take a file of them too long.
fn refuse_masses(reader: &mut Reader<'_>, contract: &mut Contract) {
    let entries = contract.routing.as_mut().map(|routing| &mut routing.entries);
    let steps = contract.workflow.as_mut().map(|workflow| &mut workflow.steps);
    let entries = entries.map(|entries| cut(entries, |entry| entry.span));
    let steps = steps.map(|steps| cut(steps, |step| step.span));
    let definitions = cut(&mut contract.definitions, |definition| definition.span);
    let masses =
        [("routing entries", entries), ("steps", steps), ("definitions", Some(definitions))];
    for (what, cut) in masses {
        let Some((count, span)) = cut.flatten() else { continue };
        let message =
            format!("the contract has {count} {what}, and no node needs more than {MOST_PARTS}");
        let error = Diagnostic::error("too-many-parts", reader.file, span, message)
            .label("the first one too many")
            .help("split the node");
        reader.push(error);
    }
}

/// Cuts a list to what is read; gives how long it was, and the place of the first part that is not read.
fn cut<T>(parts: &mut Vec<T>, span: impl Fn(&T) -> Span) -> Option<(usize, Span)> {
    let first = span(parts.get(MOST_PARTS)?);
    let count = parts.len();
    parts.truncate(MOST_PARTS);
    Some((count, first))
}

/// A file made to have a hundred thousand mistakes must not keep whoever prints them busy.
fn shorten(file: &SourceFile, found: &mut Vec<Diagnostic>) {
    if found.len() <= MOST_FINDINGS {
        return;
    }
    let rest = found.split_off(MOST_FINDINGS);
    let message = format!("{} more findings in this file are not shown", rest.len());
    let span = rest.first().map(|next| next.primary.span).unwrap_or_default();
    let note = if rest.iter().any(Diagnostic::is_error) {
        Diagnostic::error("too-many-findings", file, span, message)
    } else {
        Diagnostic::warning("too-many-findings", file, span, message)
    };
    found.push(note.label("the next of them").help("mend those above, then run the command again"));
}

fn contract(reader: &mut Reader<'_>, root: Yaml) -> Option<Contract> {
    if root.as_mapping().is_none() {
        let what = if root.is_null() { "empty".to_owned() } else { root.described() };
        let message = format!("a contract is a mapping of keys to values, and this file is {what}");
        let error = Diagnostic::error("contract-shape", reader.file, root.span, message)
            .help("begin with `name: node_my_orchestrator` and `node_type: ORCHESTRATOR_GENERIC`");
        reader.found.push(error);
        return None;
    }
    reader.near_misses(&root, &TOP);
    let (published_events, consumed_events) =
        (published_events(reader, &root), consumed_events(reader, &root));
    Some(Contract {
        file: reader.file.clone(),
        name: name(reader, &root),
        node_type: reader.text(&root, "node_type"),
        contract_version: reader.version(&root, "contract_version"),
        node_version: reader.version(&root, "node_version"),
        description: reader.prose(&root, "description"),
        input_model: reader.class(&root, "input_model", class::MODEL),
        output_model: reader.class(&root, "output_model", class::MODEL),
        workflow: workflow::workflow(reader, &root),
        routing: routing::routing(reader, &root),
        event_bus: event_bus(reader, &root),
        terminal_event: terminal_event(reader, &root),
        published_events,
        consumed_events,
        intents: intents(reader, &root),
        definitions: definitions::definitions(reader, &root),
        root,
    })
}

fn name(reader: &mut Reader<'_>, root: &Yaml) -> Option<Spanned<String>> {
    ["name", "node_name", "contract_name"].iter().find_map(|key| reader.text(root, key))
}

fn event_bus(reader: &mut Reader<'_>, root: &Yaml) -> Option<EventBus> {
    let bus = reader.mapping(root, "event_bus", "event_bus: {subscribe_topics: [..]}")?;
    reader.near_misses(bus, &EVENT_BUS);
    Some(EventBus {
        version: reader.version(bus, "version"),
        subscribe_topics: topics(reader, bus, "subscribe_topics"),
        publish_topics: topics(reader, bus, "publish_topics"),
    })
}

/// A list of topics, each as text or as `{topic: text}`.
fn topics(reader: &mut Reader<'_>, bus: &Yaml, key: &str) -> Vec<Spanned<String>> {
    let example = format!("{key}: [\"onex.evt.orders.order-placed.v1\"]");
    let items = reader.list(bus, key, &example);
    let topics = items.iter().filter_map(|item| match item.get("topic") {
        Some(topic) => reader.text_of(topic, "topic"),
        None => reader.item(item, key, &example),
    });
    topics.collect()
}

fn terminal_event(reader: &mut Reader<'_>, root: &Yaml) -> Option<Spanned<String>> {
    let event = reader.value(root, "terminal_event")?;
    match event.get("topic") {
        Some(topic) => reader.text_of(topic, "topic"),
        None => reader.text_of(event, "terminal_event"),
    }
}

const PUBLISHED: &str = "published_events: [{topic: \"onex.evt.orders.order-validated.v1\", event_type: OrderValidated}]";

fn published_events(reader: &mut Reader<'_>, root: &Yaml) -> Vec<EventTopic> {
    let items = reader.list(root, "published_events", PUBLISHED);
    let mut events = Vec::new();
    for item in items {
        if item.as_mapping().is_none() && item.as_str().is_none() {
            reader.wrong(item, "an item of `published_events`", "a mapping", PUBLISHED);
            continue;
        }
        events.push(event_topic(reader, item));
    }
    events
}

/// Nothing is generated from these, so that those of another shape are passed over.
fn consumed_events(reader: &mut Reader<'_>, root: &Yaml) -> Vec<EventTopic> {
    let items = root.get("consumed_events").and_then(Yaml::as_sequence).unwrap_or_default();
    let readable =
        items.iter().filter(|item| item.as_mapping().is_some() || item.as_str().is_some());
    readable.map(|item| event_topic(reader, item)).collect()
}

/// `{topic, event_type}`, or one of the two as text: only a topic has dots.
fn event_topic(reader: &mut Reader<'_>, item: &Yaml) -> EventTopic {
    let text = item.as_str().map(|text| Spanned::new(text.to_owned(), item.span));
    let (topic, event_type) = match text {
        Some(text) if text.value.contains('.') => (Some(text), None),
        Some(text) => (None, Some(text)),
        None => (reader.text(item, "topic"), reader.text(item, "event_type")),
    };
    EventTopic {
        topic,
        event_type,
        description: reader.prose(item, "description"),
        span: item.span,
    }
}

const INTENTS: &str = "intent_routing_table: {payment.process: node_payment_effect}";

fn intents(reader: &mut Reader<'_>, root: &Yaml) -> Vec<IntentRoute> {
    let consumption =
        reader.mapping(root, "intent_consumption", &format!("intent_consumption: {{{INTENTS}}}"));
    let table =
        consumption.and_then(|block| reader.mapping(block, "intent_routing_table", INTENTS));
    let mut routes = Vec::new();
    for (key, value) in table.map(Yaml::entries).unwrap_or_default() {
        let intent_type = reader.key(key, "intent_routing_table");
        if value.is_null() {
            reader.wrong(value, "the target of an intent", "the name of a node", INTENTS);
        }
        let target = reader.text_of(value, "intent_routing_table");
        routes.extend(
            intent_type
                .zip(target)
                .map(|(intent_type, target)| IntentRoute { intent_type, target }),
        );
    }
    routes
}
