//! Text of a contract.yaml -> [`Contract`] and diagnostics.
//!
//! Every spelling that the framework or JSON Schema has for a thing is read here into one type. What generation
//! has a use for must have the right shape; anything else is left to the linter, and keys that are not known are
//! nobody's business. Knows nothing of names: whether `order flow` can be a class is for the next stage to say.

mod class;
mod definitions;
mod pattern;
mod reader;
mod routing;
mod workflow;

#[cfg(test)]
mod tests;

pub(crate) use definitions::is_quantity;

use super::{Contract, EventBus, EventTopic, IntentRoute, Yaml, yaml};
use crate::diagnostic::{Diagnostic, shorten, sort};
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

/// The most routing entries, steps, definitions, topics, events and intents that a contract may have, and the most parts of
/// one of these.
const MOST_PARTS: usize = 1000;

/// The most output events of all routing entries together, each a class and a file.
const MOST_OUTPUTS: usize = 5 * MOST_PARTS;

/// More findings than this in one contract are not shown.
const MOST_FINDINGS: usize = 100;

/// Reads a contract, as much of it as can be read, and names everything that cannot.
///
/// Gives no contract only where the text has no tree to read (syntax, limits, no mapping at the top).
#[must_use]
pub fn parse(file: &SourceFile) -> (Option<Contract>, Vec<Diagnostic>) {
    let (tree, found) = yaml::read(file);
    let mut reader = Reader { file, found, patterns: 0 };
    let mut contract = tree.and_then(|root| contract(&mut reader, root));
    if let Some(contract) = &mut contract {
        refuse_masses(&mut reader, contract);
    }
    let mut found = reader.found;
    sort(&mut found);
    shorten(&mut found, MOST_FINDINGS);
    (contract, found)
}

/// The name of a contract, read no further than it stands; of a text that is none, as far as it can be told.
#[must_use]
pub fn name_of(file: &SourceFile) -> Option<Spanned<String>> {
    // Only a name that is plainly there can be read by itself: one that an alias or another key gives needs the rest.
    yaml::first_text(file, "name").or_else(|| parse(file).0?.name)
}

/// Takes away what no person wrote: what is asked of each pair of parts would take a file of them too long.
fn refuse_masses(reader: &mut Reader<'_>, contract: &mut Contract) {
    let mut masses = Masses { reader };
    if let Some(routing) = &mut contract.routing {
        masses.cut("routing entries", &mut routing.entries, |entry| entry.span);
        let mut left = MOST_OUTPUTS;
        for entry in &mut routing.entries {
            let outputs = &mut entry.output_events;
            masses.cut("output events of one entry", outputs, |event| event.span);
            masses.cut_to(left, "output events in all", outputs, |event| event.span);
            left -= outputs.len();
            masses.cut("output intents of one entry", &mut entry.output_intents, |kind| kind.span);
        }
    }
    if let Some(workflow) = &mut contract.workflow {
        masses.cut("steps", &mut workflow.steps, |step| step.span);
        for step in &mut workflow.steps {
            masses.cut("steps that one waits for", &mut step.depends_on, |step| step.span);
        }
    }
    if let Some(bus) = &mut contract.event_bus {
        masses.cut("topics to subscribe to", &mut bus.subscribe_topics, |topic| topic.span);
        masses.cut("topics to publish on", &mut bus.publish_topics, |topic| topic.span);
    }
    masses.cut("definitions", &mut contract.definitions, |definition| definition.span);
    for definition in &mut contract.definitions {
        let required = &mut definition.required;
        masses.cut("required fields in one definition", required, |name| name.span);
        if let Some(fields) = &mut definition.fields {
            masses.cut("fields in one definition", fields, |field| field.name.span);
        }
    }
    masses.cut("published events", &mut contract.published_events, |event| event.span);
    masses.cut("consumed events", &mut contract.consumed_events, |event| event.span);
    masses.cut("intents", &mut contract.intents, |route| route.intent_type.span);
}

/// Cuts lists that no person wrote.
struct Masses<'a, 'b> {
    reader: &'a mut Reader<'b>,
}

impl Masses<'_, '_> {
    /// Cuts a list to [`MOST_PARTS`].
    fn cut<T>(&mut self, what: &str, parts: &mut Vec<T>, span: impl Fn(&T) -> Span) {
        self.cut_to(MOST_PARTS, what, parts, span);
    }

    /// Cuts a list to what is read, and reports the first part that is not.
    fn cut_to<T>(
        &mut self,
        most: usize,
        what: &str,
        parts: &mut Vec<T>,
        span: impl Fn(&T) -> Span,
    ) {
        let Some(first) = parts.get(most).map(span) else { return };
        parts.truncate(most);
        let message = format!("the contract has more {what} than any node needs");
        let error = Diagnostic::error("too-many-parts", self.reader.file, first, message)
            .label("the first one that is not read")
            .help("split the node");
        self.reader.push(error);
    }
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
