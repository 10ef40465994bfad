//! [`Answers`] -> text of a contract.yaml that every runtime accepts and that a person would be glad to own.
//!
//! In: answers that are sound, and the package that the node goes to. Out: text in the order of the framework's own
//! template, with comments where there is something to know. What was answered reaches YAML only in quotes
//! ([`quoted`]) or as a name that is its own, so that no answer can add a key. Knows nothing of files.

use super::edit::New;
use super::yaml::quoted;
use crate::node::naming;
use crate::python::{Identifier, is_hidden};
use crate::spec::{
    Answers, Event, Field, Held, Intent, Kind, Literal, Route, Step, StepKind, Value, Word, names,
};

/// Writes the contract of a node in a package.
#[must_use]
pub fn write(answers: &Answers, package: &Identifier) -> String {
    let mut writer = Writer { answers, package, text: String::new() };
    writer.head();
    writer.models_of_a_run();
    writer.performance();
    writer.workflow();
    writer.routing();
    writer.event_bus();
    writer.published_events();
    writer.intents();
    writer.definitions();
    writer.text
}

/// A field of a model as a flow mapping: `{type: integer, ge: 1, default: 1}`.
#[must_use]
pub fn schema_of(field: &Field) -> String {
    let mut parts = parts(&field.holds);
    match &field.default {
        Some(default) => parts.push(default_of(default, &field.holds.kind)),
        None if field.holds.optional => parts.push("default: null".to_owned()),
        None => {}
    }
    format!("{{{}}}", parts.join(", "))
}

/// A name as a key: in quotes where YAML 1.1 would read it as something else.
#[must_use]
pub fn key(name: &Identifier) -> String {
    const OTHERS: [&str; 8] = ["yes", "no", "on", "off", "true", "false", "null", "y"];
    let small = name.as_str().to_ascii_lowercase();
    if OTHERS.contains(&small.as_str()) || small == "n" {
        quoted(name.as_str())
    } else {
        name.to_string()
    }
}

/// What a routing entry says of its message.
pub(super) struct Message<'a> {
    pub(super) event: &'a Identifier,
    pub(super) class: String,
    pub(super) module: String,
    pub(super) topic: String,
}

/// A routing entry.
pub(super) fn entry(
    message: &Message<'_>,
    folder: &Identifier,
    package: &Identifier,
    outputs: Vec<String>,
    raised: Vec<String>,
) -> New {
    let Message { event, class, module, topic } = message;
    let text = |text: &str| New::Text(text.to_owned());
    let reference = |name: &str, module: &str| {
        New::Map(vec![("name".to_owned(), text(name)), ("module".to_owned(), text(module))])
    };
    let handler = names::handler_class(event);
    let mut entry = vec![
        ("event_model", reference(class, module)),
        ("handler", reference(&handler, &handler_module(folder, &handler, package))),
        ("topic", text(topic)),
        ("subscribe_topic", text(topic)),
        ("event_type", text(&event_type(topic))),
        ("operation", text(&names::operation(event))),
        ("output_events", New::List(outputs)),
    ];
    if !raised.is_empty() {
        entry.push(("output_intents", New::List(raised)));
    }
    map(entry)
}

fn map(entries: Vec<(&str, New)>) -> New {
    New::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// `shop.models.events`
#[must_use]
pub fn event_module(package: &Identifier, event: &Identifier) -> String {
    format!("{package}.models.{}", names::event_module(event))
}

/// `shop.nodes.node_order_orchestrator.handlers.handler_order_placed`
fn handler_module(folder: &Identifier, handler: &str, package: &Identifier) -> String {
    let class = Identifier::parse(handler);
    let module = class.and_then(|class| naming::handler_module_name(&class));
    // A name too long for a module is told of when the node is resolved.
    let module = module.map_or_else(|_| handler.to_owned(), |module| module.to_string());
    format!("{package}.nodes.{folder}.handlers.{module}")
}

/// `orders.order-placed`: what envelopes call the message of a topic.
fn event_type(topic: &str) -> String {
    topic.split('.').skip(2).take(2).collect::<Vec<_>>().join(".")
}

/// The definition of a model.
fn definition(description: Option<&str>, own: &[Field], fields: &[Field]) -> New {
    let mut parts = vec![("type", New::Plain("object".to_owned()))];
    parts.extend(description.map(|text| ("description", New::Text(text.to_owned()))));
    let is_required = |field: &&Field| field.default.is_none() && !field.holds.optional;
    let required: Vec<String> =
        fields.iter().filter(is_required).map(|field| key(&field.name)).collect();
    if !required.is_empty() {
        parts.push(("required", New::Plain(format!("[{}]", required.join(", ")))));
    }
    let field = |field: &Field| (key(&field.name), New::Plain(schema_of(field)));
    let fields: Vec<(String, New)> = own.iter().chain(fields).map(field).collect();
    let none = fields.is_empty();
    parts.push(("properties", if none { New::Plain("{}".to_owned()) } else { New::Map(fields) }));
    map(parts)
}

/// The definition of a message: it carries the id that runtimes correlate by, unless its own fields do.
pub(super) fn event_definition(event: &Event) -> New {
    let holds = Held { kind: Kind::Word(Word::Uuid), optional: false, constraints: Vec::new() };
    let name = Identifier::ours("correlation_id");
    let own = Field { name, holds, default: Some(Value::New) };
    let has_own = event.fields.iter().any(|field| field.name == own.name);
    definition(None, if has_own { &[] } else { std::slice::from_ref(&own) }, &event.fields)
}

/// The definition of a model that fields refer to.
pub(super) fn model_definition(fields: &[Field]) -> New {
    definition(None, &[], fields)
}

/// The definition of what an intent carries.
pub(super) fn intent_definition(intent: &Intent) -> New {
    let description = format!("What {} has to know for {}.", intent.target, intent.intent_type());
    definition(Some(&description), &[], &intent.fields)
}

/// A contract that holds one definition and nothing else, to see what is to be said of the fields.
#[must_use]
pub fn probe(class: &str, fields: &[Field]) -> String {
    map(vec![("definitions", map(vec![(class, model_definition(fields))]))]).block(0)
}

/// A step of the workflow.
pub(super) fn step_entry(step: &Step, description: Option<&str>) -> New {
    let mut parts = vec![
        ("node_id", New::Text(step.id.to_string())),
        ("node_type", New::Plain(node_type(step.kind).to_owned())),
    ];
    if !step.after.is_empty() {
        let after = step.after.iter().map(Identifier::to_string);
        parts.push(("depends_on", New::List(after.collect())));
    }
    parts.extend(description.map(|text| ("description", New::Text(text.to_owned()))));
    map(parts)
}

fn node_type(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Effect => "EFFECT_GENERIC",
        StepKind::Compute => "COMPUTE_GENERIC",
        StepKind::Reducer => "REDUCER_GENERIC",
        StepKind::Orchestrator => "ORCHESTRATOR_GENERIC",
    }
}

/// One entry of `published_events`.
pub(super) fn published(class: &str, topic: &str) -> New {
    let kind = class.strip_prefix("Model").unwrap_or(class);
    map(vec![("topic", New::Text(topic.to_owned())), ("event_type", New::Text(kind.to_owned()))])
}

struct Writer<'a> {
    answers: &'a Answers,
    package: &'a Identifier,
    text: String,
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn pair(&mut self, key: &str, text: &str) {
        self.line(&format!("{key}: {}", quoted(text)));
    }

    /// An empty line, then a comment.
    fn comment(&mut self, lines: &[&str]) {
        self.text.push('\n');
        for line in lines {
            self.line(&format!("# {line}"));
        }
    }

    fn head(&mut self) {
        let answers = self.answers;
        self.line("# The code of this node follows from this file: change it here, then run `onex regenerate`.");
        self.line(&format!("contract_version: {VERSION}"));
        self.line(&format!("node_version: {VERSION}"));
        self.pair("name", answers.folder.as_str());
        self.pair("node_type", "ORCHESTRATOR_GENERIC");
        match block(&answers.description) {
            Some(block) => self.line(&format!("description: |-{block}")),
            None => self.pair("description", &answers.description),
        }
    }

    fn models_of_a_run(&mut self) {
        let Some(first) = self.answers.routes.first() else { return };
        self.comment(&["What a run begins with and what it ends with."]);
        self.line("input_model:");
        self.reference(
            &self.answers.class_of(&first.event),
            &event_module(self.package, &first.event),
        );
        if let Some(last) = self.answers.terminal() {
            self.line("output_model:");
            self.reference(&self.answers.class_of(last), &self.home(last));
        }
    }

    fn reference(&mut self, class: &str, module: &str) {
        self.line(&format!("  name: {}", quoted(class)));
        self.line(&format!("  module: {}", quoted(module)));
    }

    /// The module of a message: shared where the node handles it, else the node's own.
    fn home(&self, event: &Identifier) -> String {
        if self.answers.handles(event) {
            event_module(self.package, event)
        } else {
            format!("{}.nodes.{}.models", self.package, self.answers.folder)
        }
    }

    fn performance(&mut self) {
        self.comment(&["The longest that one message may take."]);
        self.line("performance:");
        self.line("  single_operation_max_ms: 30000");
    }

    fn workflow(&mut self) {
        let answers = self.answers;
        self.comment(&["The workflow, for people and for `onex lint`: no runtime reads it."]);
        self.line("workflow_coordination:");
        self.line("  workflow_definition:");
        self.line("    workflow_metadata:");
        let name = names::subject(&answers.folder);
        self.line(&format!("      workflow_name: {}", quoted(name)));
        self.line(&format!("      workflow_version: {VERSION}"));
        let description = format!("The {} workflow", name.replace('_', " "));
        self.line(&format!("      description: {}", quoted(&description)));
        self.line("    execution_graph:");
        self.line("      nodes:");
        if answers.steps.is_empty() {
            for (step, description) in steps_of_routes(answers) {
                self.item(8, step_entry(&step, Some(&description)));
            }
        }
        for step in &answers.steps {
            self.item(8, step_entry(step, None));
        }
        self.line("    coordination_rules:");
        self.line("      execution_mode: sequential");
        self.line("      failure_recovery_strategy: RETRY");
    }

    fn routing(&mut self) {
        let answers = self.answers;
        self.comment(&[
            "Which message goes to which handler, and what may come of it. A new handler emits the first of its",
            "`output_events` that it can fill from the message, and raises the `output_intents` that it can fill.",
        ]);
        self.line("handler_routing:");
        self.line(&format!("  version: {VERSION}"));
        self.line("  routing_strategy: \"payload_type_match\"");
        self.line("  handlers:");
        for (index, route) in answers.routes.iter().enumerate() {
            if index > 0 {
                self.text.push('\n');
            }
            let message = Message {
                event: &route.event,
                class: answers.class_of(&route.event),
                module: event_module(self.package, &route.event),
                topic: names::topic(&route.event, &answers.producer),
            };
            let outputs = route.outputs.iter().map(|output| answers.class_of(output)).collect();
            let raised = answers.raised_by(&route.event).map(Intent::intent_type).collect();
            self.item(4, entry(&message, &answers.folder, self.package, outputs, raised));
        }
    }

    /// An item of a list, its dash in a column.
    fn item(&mut self, indent: usize, item: New) {
        self.text.push_str(&New::Items(vec![item]).block(indent));
    }

    fn event_bus(&mut self) {
        let answers = self.answers;
        self.comment(&["Topics: onex.<evt or cmd>.<producer>.<message>.v<version>."]);
        self.line("event_bus:");
        self.line(&format!("  version: {VERSION}"));
        self.line("  subscribe_topics:");
        for route in &answers.routes {
            self.topic(&route.event);
        }
        let Some(terminal) = answers.terminal() else {
            self.line("  publish_topics: []");
            return;
        };
        self.line("  publish_topics:");
        self.topic(terminal);
        for event in answers.emitted().into_iter().filter(|event| *event != terminal) {
            self.topic(event);
        }
        self.comment(&[
            "What ends a run in the local runtime; it has to be the first of `publish_topics`.",
        ]);
        self.pair("terminal_event", &names::topic(terminal, &answers.producer));
    }

    fn topic(&mut self, event: &Identifier) {
        let topic = names::topic(event, &self.answers.producer);
        self.line(&format!("    - {}", quoted(&topic)));
    }

    fn published_events(&mut self) {
        let answers = self.answers;
        if answers.emitted().is_empty() {
            return;
        }
        self.comment(&["The topic of each event that the node emits. `event_type` is its class without `Model`."]);
        self.line("published_events:");
        for event in answers.emitted() {
            let topic = names::topic(event, &answers.producer);
            self.item(2, published(&answers.class_of(event), &topic));
        }
    }

    fn intents(&mut self) {
        if self.answers.intents.is_empty() {
            return;
        }
        self.comment(&["Which effect node answers which intent."]);
        self.line("intent_consumption:");
        self.line("  intent_routing_table:");
        for intent in &self.answers.intents {
            let target = quoted(intent.target.as_str());
            self.line(&format!("    {}: {target}", quoted(&intent.intent_type())));
        }
    }

    fn definitions(&mut self) {
        let answers = self.answers;
        self.comment(&["The fields of every model. What is not in `required` has a default."]);
        self.line("definitions:");
        for event in &answers.events {
            self.definition(&answers.class_of(&event.name), event_definition(event));
        }
        for model in &answers.models {
            self.definition(&names::model_class(&model.name), model_definition(&model.fields));
        }
        for intent in &answers.intents {
            if let Ok(class) = naming::intent_payload_class(&intent.intent_type()) {
                self.definition(class.as_str(), intent_definition(intent));
            }
        }
    }

    fn definition(&mut self, class: &str, definition: New) {
        self.text.push_str(&map(vec![(class, definition)]).block(2));
    }
}

const VERSION: &str = "{major: 1, minor: 0, patch: 0}";

/// The steps that follow from the routes: every message is a step behind those that emit it, and every intent one
/// behind those that raise it.
#[must_use]
pub fn steps_of_routes(answers: &Answers) -> Vec<(Step, String)> {
    let mut steps: Vec<(Step, String)> = Vec::new();
    let mut taken: Vec<Identifier> = Vec::new();
    for route in &answers.routes {
        let Ok(id) = Identifier::parse(&names::operation(&route.event)) else { continue };
        // Only routes above: two that emit each other's messages would wait for each other.
        let emits = |earlier: &&Route| earlier.outputs.contains(&route.event);
        let before = answers.routes.iter().take_while(|r| r.event != route.event).filter(emits);
        let after =
            before.filter_map(|r| Identifier::parse(&names::operation(&r.event)).ok()).collect();
        taken.push(id.clone());
        let description = format!("Handle {}", route.event);
        steps.push((Step { id, kind: StepKind::Orchestrator, after }, description));
    }
    for intent in &answers.intents {
        let id = intent.kind.iter().map(Identifier::as_str).collect::<Vec<_>>().join("_");
        let Ok(mut id) = Identifier::parse(&id) else { continue };
        if taken.contains(&id) {
            id = id.affixed("", "_intent");
        }
        let after =
            intent.from.iter().filter_map(|event| Identifier::parse(&names::operation(event)).ok());
        let description = format!("{} answers {}", intent.target, intent.intent_type());
        let step = Step { id, kind: StepKind::Effect, after: after.collect() };
        steps.push((step, description));
    }
    steps
}

/// The lines of a text of several lines below `|-`; nothing where it is one line, or would not come out the same.
fn block(text: &str) -> Option<String> {
    let is_plain =
        |line: &str| !line.chars().any(|c| is_hidden(c) || matches!(c, '\u{fffe}' | '\u{ffff}'));
    let lines: Vec<&str> = text.split('\n').collect();
    let ends = |line: &&str| !line.is_empty() && !line.starts_with(' ') && !line.ends_with(' ');
    let framed = lines.first().is_some_and(ends) && lines.last().is_some_and(ends);
    if lines.len() < 2 || !framed || !lines.iter().all(|line| is_plain(line)) {
        return None;
    }
    let indented =
        |line: &&str| if line.is_empty() { "\n".to_owned() } else { format!("\n  {line}") };
    Some(lines.iter().map(indented).collect())
}

/// What a schema says, without the default.
fn parts(held: &Held) -> Vec<String> {
    let mut parts = match &held.kind {
        Kind::Word(word) => vec![format!("type: {}", of_contracts(*word))],
        Kind::List(item) => match bare_word(item) {
            Some(word) => vec!["type: array".to_owned(), format!("item_type: {word}")],
            None => vec!["type: array".to_owned(), format!("items: {}", nested(item))],
        },
        Kind::Map(keys, values) => vec![
            "type: object".to_owned(),
            format!("key_type: {}", nested(keys)),
            format!("value_type: {}", nested(values)),
        ],
        Kind::Enum(choices) => {
            let choices: Vec<String> = choices.iter().map(literal).collect();
            vec!["type: enum".to_owned(), format!("enum: [{}]", choices.join(", "))]
        }
        Kind::Model(name) => {
            let class = names::model_class(name);
            vec![format!("$ref: {}", quoted(&format!("#/definitions/{class}")))]
        }
    };
    for (constraint, limit) in &held.constraints {
        parts.push(format!("{}: {}", constraint.as_str(), literal(limit)));
    }
    if held.optional {
        parts.push("nullable: true".to_owned());
    }
    parts
}

/// The type of an item, a key or a value: a word alone where that says all.
fn nested(held: &Held) -> String {
    bare_word(held).map_or_else(|| format!("{{{}}}", parts(held).join(", ")), str::to_owned)
}

fn bare_word(held: &Held) -> Option<&'static str> {
    match held.kind {
        Kind::Word(word) if !held.optional && held.constraints.is_empty() => {
            Some(of_contracts(word))
        }
        Kind::Word(_) | Kind::List(_) | Kind::Map(..) | Kind::Enum(_) | Kind::Model(_) => None,
    }
}

/// The word that contracts have for a type.
fn of_contracts(word: Word) -> &'static str {
    match word {
        Word::Str => "string",
        Word::Int => "integer",
        Word::Bool => "boolean",
        Word::Float
        | Word::Uuid
        | Word::DateTime
        | Word::Date
        | Word::Duration
        | Word::Decimal
        | Word::Bytes
        | Word::Object
        | Word::Any => word.as_str(),
    }
}

fn default_of(default: &Value, kind: &Kind) -> String {
    match default {
        // A float would lose digits that a decimal has.
        Value::Single(Literal::Number(number)) if *kind == Kind::Word(Word::Decimal) => {
            format!("default: {}", quoted(number))
        }
        Value::Single(value) => format!("default: {}", literal(value)),
        Value::List(items) if items.is_empty() => "default_factory: list".to_owned(),
        Value::List(items) => {
            format!("default: [{}]", items.iter().map(literal).collect::<Vec<_>>().join(", "))
        }
        Value::EmptyMap => "default_factory: dict".to_owned(),
        Value::Now => "default_factory: utcnow".to_owned(),
        Value::New => "default_factory: uuid4".to_owned(),
    }
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => quoted(text),
        Literal::Number(number) => number.clone(),
        Literal::Bool(value) => value.to_string(),
        Literal::Null => "null".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use heck::ToUpperCamelCase;
    use proptest::prelude::*;

    use super::*;
    use crate::contract::{self, Contract, answered};
    use crate::diagnostic::Diagnostic;
    use crate::node::{self, HandlerStyle};
    use crate::project::{Place, Project, Wish, detect};
    use crate::source::{SourceFile, Spanned};
    use crate::spec::testing::{answers, id};
    use crate::spec::{Model, names};
    use crate::workspace::{Disk, Workspace};

    fn project() -> Project {
        let wish = Wish { given: Some("shop"), named: None };
        let workspace = Workspace::open(Path::new("nowhere")).unwrap();
        detect(&Place::Free("nowhere".into()), &workspace, wish).unwrap().project
    }

    fn parsed(text: &str) -> (Contract, Vec<Diagnostic>) {
        let (contract, found) = contract::parse(&SourceFile::new("contract.yaml", text));
        (contract.unwrap(), found)
    }

    /// The answers that a contract of ours came from.
    fn answers_of(contract: &Contract) -> Answers {
        let value = |text: &Option<Spanned<String>>| text.clone().unwrap().value;
        let entries = &contract.routing.as_ref().unwrap().entries;
        let topic = value(&entries[0].topic);
        let stem = |class: &str| id(names::event_stem(class));
        let route = |entry: &contract::RoutingEntry| Route {
            event: stem(&entry.event_model.as_ref().unwrap().name.value),
            outputs: entry.output_events.iter().map(|output| stem(&output.value)).collect(),
        };
        let routes: Vec<Route> = entries.iter().map(route).collect();
        let is_event = |class: &str| {
            let name = stem(class);
            routes.iter().any(|route| route.event == name || route.outputs.contains(&name))
        };
        let mut read = Answers {
            folder: id(&value(&contract.name)),
            description: value(&contract.description),
            producer: topic.split('.').nth(2).unwrap().to_owned(),
            events: Vec::new(),
            models: Vec::new(),
            intents: Vec::new(),
            steps: contract.workflow.as_ref().unwrap().steps.iter().map(step_of).collect(),
            routes: routes.clone(),
        };
        for route in &contract.intents {
            let kind: Vec<Identifier> = route.intent_type.value.split('.').map(id).collect();
            let raised = |entry: &&contract::RoutingEntry| {
                entry.output_intents.iter().any(|raised| raised.value == route.intent_type.value)
            };
            let from = entries.iter().filter(raised);
            read.intents.push(Intent {
                kind,
                fields: Vec::new(),
                target: id(&route.target.value),
                from: from.map(|e| stem(&e.event_model.as_ref().unwrap().name.value)).collect(),
            });
        }
        for definition in &contract.definitions {
            let class = &definition.name.value;
            let mut fields: Vec<Field> =
                definition.fields.iter().flatten().map(|f| answered::field(f).unwrap()).collect();
            let payload = read.intents.iter_mut().find(|intent| {
                let kind = intent.kind.iter().map(|part| part.as_str().to_upper_camel_case());
                *class == format!("Model{}IntentPayload", kind.collect::<String>())
            });
            if let Some(intent) = payload {
                intent.fields = fields;
            } else if is_event(class) {
                assert_eq!(fields.remove(0).name.as_str(), "correlation_id");
                read.events.push(Event { name: stem(class), fields });
            } else {
                read.models.push(Model { name: id(names::class_stem(class)), fields });
            }
        }
        read
    }

    fn step_of(step: &contract::WorkflowStep) -> Step {
        let kind = step.node_type.as_ref().unwrap();
        let is_kind = |known: &StepKind| node_type(*known) == kind.value;
        Step {
            id: id(&step.id.value),
            kind: StepKind::ALL.into_iter().find(is_kind).unwrap(),
            after: step.depends_on.iter().map(|after| id(&after.value)).collect(),
        }
    }

    proptest! {
        #[test]
        fn a_contract_says_what_was_answered_and_nothing_else(answers in answers()) {
            let text = write(&answers, &id("shop"));
            let (contract, found) = parsed(&text);
            prop_assert!(found.is_empty(), "{}\n{:#?}", text, found);
            let mut expected = answers.clone();
            // The order of `from` is that of the routes in a contract.
            for intent in &mut expected.intents {
                let at = |event: &Identifier| answers.routes.iter().position(|r| r.event == *event);
                intent.from.sort_by_key(at);
            }
            if expected.steps.is_empty() {
                expected.steps = steps_of_routes(&expected).into_iter().map(|(step, _)| step).collect();
            }
            prop_assert_eq!(answers_of(&contract), expected);
        }

        #[test]
        fn a_node_comes_of_it_without_a_word(answers in answers()) {
            let (contract, _) = parsed(&write(&answers, &id("shop")));
            let read = node::resolve(&contract, &project(), &Disk::default(), HandlerStyle::Envelope);
            let (node, found) = read.unwrap_or_else(|found| panic!("{}\n{found:#?}", contract.file.text()));
            prop_assert!(found.is_empty(), "{}\n{:#?}", contract.file.text(), found);
            prop_assert_eq!(node.handlers.len(), answers.routes.len());
            prop_assert_eq!(node.folder, answers.folder);
            prop_assert!(node.routing.mended.is_empty());
        }
    }

    #[test]
    fn a_text_of_several_lines_is_a_block_where_it_can_be_one() {
        assert_eq!(block("a\n\nb: #c").as_deref(), Some("\n  a\n\n  b: #c"));
        for other in ["a", " a\nb", "a\nb ", "\na", "a\n", "a\n\u{85}b", "a\n\tb\u{0}c"] {
            assert_eq!(block(other), None, "{other:?}");
        }
    }

    #[test]
    fn keys_are_quoted_where_yaml_reads_something_else() {
        for (name, written) in [("on", "\"on\""), ("No", "\"No\""), ("order_id", "order_id")] {
            assert_eq!(key(&id(name)), written);
        }
    }
}
