//! A contract and answers -> the contract with them: routes, models, intents and steps that were not there.
//!
//! In: the [`Contract`], and [`Answers`] that were read knowing it ([`known`]). Out: its text, in which everything
//! that stood keeps its bytes ([`super::edit`]). Names that the contract has for a message are kept, however they
//! were chosen; others follow the conventions that [`super::write`] follows.

use super::edit::{self, EditProblem, New, Step};
use super::write::{self, Message, key};
use super::yaml::quoted;
use super::{Contract, Definition, RoutingEntry, answered};
use crate::node::naming;
use crate::python::Identifier;
use crate::spec::{self, Answers, Field, Intent, Known, Route, Standing, names};

/// What a contract holds that additions to it may name.
#[must_use]
pub fn known(contract: &Contract) -> Known {
    let id = |text: &str| Identifier::parse(text).ok();
    let stem = |definition: &Definition| id(names::class_stem(&definition.name.value));
    let steps = contract.workflow.iter().flat_map(|workflow| &workflow.steps);
    let intents = contract.intents.iter();
    Known {
        messages: messages(contract),
        models: contract.definitions.iter().filter_map(stem).collect(),
        steps: steps.filter_map(|step| id(&step.id.value)).collect(),
        intents: intents
            .map(|route| (route.intent_type.value.clone(), route.target.value.clone()))
            .collect(),
    }
}

/// The messages that the routing names, each once: those that are handled, then those that are emitted.
fn messages(contract: &Contract) -> Vec<Standing> {
    let mut messages: Vec<Standing> = Vec::new();
    let handled = entries(contract).filter_map(|entry| Some((event_class(entry)?, true)));
    let emitted = entries(contract).flat_map(|entry| &entry.output_events);
    let emitted = emitted.map(|output| (last_part(&output.value), false));
    for (class, is_handled) in handled.chain(emitted) {
        let Ok(name) = Identifier::parse(names::event_stem(class)) else { continue };
        if messages.iter().any(|known| known.name == name) {
            continue;
        }
        messages.push(Standing {
            topic: topic(contract, class),
            fields: described(contract, class),
            class: class.to_owned(),
            is_handled,
            name,
        });
    }
    messages
}

/// The topic that the contract has for the message of a class.
fn topic(contract: &Contract, class: &str) -> Option<String> {
    let kind = class.strip_prefix("Model").unwrap_or(class);
    let handled = entries(contract).find(|entry| event_class(entry) == Some(class));
    let handled = handled.and_then(|entry| entry.topic.as_ref().or(entry.subscribe_topic.as_ref()));
    let mut published = contract.published_events.iter();
    let published =
        published.find(|known| known.event_type.as_ref().is_some_and(|t| t.value == kind));
    let standing = handled.or(published.and_then(|known| known.topic.as_ref()));
    standing.map(|topic| topic.value.clone())
}

/// The fields that `definitions` give a message, without the id that every message carries.
fn described(contract: &Contract, class: &str) -> Option<Vec<Field>> {
    let definition = contract.definitions.iter().find(|known| known.name.value == class)?;
    let fields = definition.fields.iter().flatten().filter_map(answered::field);
    Some(fields.filter(|field| field.name.as_str() != "correlation_id").collect())
}

/// The producer that the contract's topics name.
#[must_use]
pub fn producer(contract: &Contract) -> Option<String> {
    let bus = contract.event_bus.as_ref();
    let subscribed = bus.into_iter().flat_map(|bus| &bus.subscribe_topics);
    let routed = entries(contract).filter_map(|entry| entry.topic.as_ref());
    let mut producers = routed.chain(subscribed).filter_map(|topic| {
        let mut parts = topic.value.split('.');
        let is_ours = parts.next() == Some("onex") && parts.next().is_some();
        parts.next().filter(|part| is_ours && names::is_segment(part)).map(str::to_owned)
    });
    producers.next()
}

/// The text of the contract with the answers added.
///
/// # Errors
/// When something cannot be added without touching what stands.
pub fn add(
    contract: &Contract,
    more: &Answers,
    package: &Identifier,
) -> Result<String, EditProblem> {
    let text = contract.file.text().to_owned();
    let mut adding = Adding { contract, known: known(contract), more, package, text };
    for route in &more.routes {
        adding.route(route)?;
    }
    for route in &more.routes {
        adding.outputs(route)?;
    }
    for intent in &more.intents {
        adding.intent(intent)?;
    }
    adding.definitions()?;
    adding.steps()?;
    Ok(adding.text)
}

fn entries(contract: &Contract) -> impl Iterator<Item = &RoutingEntry> {
    contract.routing.iter().flat_map(|routing| &routing.entries)
}

/// The routes that stand.
fn routes(contract: &Contract) -> Vec<Route> {
    let stem = |class: &str| Identifier::parse(names::event_stem(class)).ok();
    let route = |entry: &RoutingEntry| {
        let outputs = entry.output_events.iter();
        Some(Route {
            event: stem(event_class(entry)?)?,
            outputs: outputs.filter_map(|output| stem(last_part(&output.value))).collect(),
        })
    };
    entries(contract).filter_map(route).collect()
}

fn event_class(entry: &RoutingEntry) -> Option<&str> {
    entry.event_model.as_ref().map(|model| model.name.value.as_str())
}

/// The class in a name that may be dotted.
fn last_part(text: &str) -> &str {
    text.rsplit('.').next().unwrap_or(text)
}

struct Adding<'a> {
    contract: &'a Contract,
    known: Known,
    more: &'a Answers,
    package: &'a Identifier,
    text: String,
}

const HANDLERS: [Step<'_>; 2] = [Step::Key("handler_routing"), Step::Key("handlers")];

impl Adding<'_> {
    fn class(&self, event: &Identifier) -> String {
        match self.known.message(event) {
            Some(standing) => standing.class.clone(),
            None => names::event_class(event, self.more.handles(event)),
        }
    }

    /// The topic that the contract has for a message, else the one that follows from its name.
    fn topic(&self, event: &Identifier) -> String {
        let standing = self.known.message(event).and_then(|message| message.topic.clone());
        standing.unwrap_or_else(|| names::topic(event, &self.more.producer))
    }

    fn route(&mut self, route: &Route) -> Result<(), EditProblem> {
        let event = &route.event;
        let home = match self.known.message(event) {
            // A message that the node emits already lives with its own models.
            Some(_) => format!("{}.nodes.{}.models", self.package, self.more.folder),
            None => write::event_module(self.package, event),
        };
        let message =
            Message { event, class: self.class(event), module: home, topic: self.topic(event) };
        let outputs = route.outputs.iter().map(|output| self.class(output)).collect();
        let raised = self.more.raised_by(event).map(Intent::intent_type).collect();
        let entry = write::entry(&message, &self.more.folder, self.package, outputs, raised);
        self.text = edit::append(&self.text, &HANDLERS, &entry)?;
        self.bus("subscribe_topics", &message.topic)
    }

    /// Adds a topic to one of the lists of `event_bus`, unless it is there.
    fn bus(&mut self, list: &str, topic: &str) -> Result<(), EditProblem> {
        let bus = self.contract.event_bus.as_ref();
        let standing = bus.map(|bus| {
            if list == "subscribe_topics" { &bus.subscribe_topics } else { &bus.publish_topics }
        });
        if standing.is_some_and(|topics| topics.iter().any(|known| known.value == topic)) {
            return Ok(());
        }
        let path = [Step::Key("event_bus"), Step::Key(list)];
        self.text = edit::append(&self.text, &path, &New::Text(topic.to_owned()))?;
        Ok(())
    }

    fn outputs(&mut self, route: &Route) -> Result<(), EditProblem> {
        let earlier = self.more.routes.iter().take_while(|r| r.event != route.event);
        let told: Vec<&Identifier> = earlier.flat_map(|route| &route.outputs).collect();
        for output in route.outputs.iter().filter(|output| !told.contains(output)) {
            let (class, topic) = (self.class(output), self.topic(output));
            self.bus("publish_topics", &topic)?;
            let kind = class.strip_prefix("Model").unwrap_or(&class);
            let mut published = self.contract.published_events.iter();
            if published.any(|known| known.event_type.as_ref().is_some_and(|t| t.value == kind)) {
                continue;
            }
            let path = [Step::Key("published_events")];
            self.text = edit::append(&self.text, &path, &write::published(&class, &topic))?;
        }
        Ok(())
    }

    fn intent(&mut self, intent: &Intent) -> Result<(), EditProblem> {
        let table = [Step::Key("intent_consumption"), Step::Key("intent_routing_table")];
        let target = New::Text(intent.target.to_string());
        let kind = intent.intent_type();
        self.text = edit::insert(&self.text, &table, &quoted(&kind), &target)?;
        for event in &intent.from {
            let is_of = |entry: &RoutingEntry| {
                event_class(entry).is_some_and(|class| names::event_stem(class) == event.as_str())
            };
            // Those of new routes stand in their entries.
            let Some(index) = entries(self.contract).position(is_of) else { continue };
            let [routing, handlers] = HANDLERS;
            let entry = [routing, handlers, Step::Item(index)];
            // Intents that are added one after the other share the list that the first of them makes.
            let path = [routing, handlers, Step::Item(index), Step::Key("output_intents")];
            self.text = if edit::stands(&self.text, &path) {
                edit::append(&self.text, &path, &New::Text(kind.clone()))?
            } else {
                edit::insert(&self.text, &entry, "output_intents", &New::List(vec![kind.clone()]))?
            };
        }
        Ok(())
    }

    /// The steps that were given, behind those that follow from the routes and intents where all that stand do so.
    fn steps(&mut self) -> Result<(), EditProblem> {
        let nodes = [
            Step::Key("workflow_coordination"),
            Step::Key("workflow_definition"),
            Step::Key("execution_graph"),
            Step::Key("nodes"),
        ];
        let given: Vec<&Identifier> = self.more.steps.iter().map(|step| &step.id).collect();
        for (step, description) in self.derived() {
            if !given.contains(&&step.id) && !self.known.steps.contains(&step.id) {
                let entry = write::step_entry(&step, Some(&description));
                self.text = edit::append(&self.text, &nodes, &entry)?;
            }
        }
        for step in &self.more.steps {
            self.text = edit::append(&self.text, &nodes, &write::step_entry(step, None))?;
        }
        Ok(())
    }

    /// The steps that follow from what stands and from what is added; none where somebody chose those that stand.
    fn derived(&self) -> Vec<(spec::Step, String)> {
        let mut whole = Answers { routes: routes(self.contract), ..self.more.clone() };
        let standing = write::steps_of_routes(&Answers { intents: Vec::new(), ..whole.clone() });
        let follows = |(step, _): &(spec::Step, String)| self.known.steps.contains(&step.id);
        if standing.is_empty() || !standing.iter().all(follows) {
            return Vec::new();
        }
        whole.routes.extend(self.more.routes.iter().cloned());
        write::steps_of_routes(&whole)
    }

    fn definitions(&mut self) -> Result<(), EditProblem> {
        for event in &self.more.events {
            let class = self.class(&event.name);
            let stands = self.known.message(&event.name).is_some();
            // What stands and is described nowhere may be a class of somebody's own.
            if !stands || !event.fields.is_empty() {
                self.define(&class, &write::event_definition(event))?;
            }
        }
        for model in &self.more.models {
            self.define(&names::model_class(&model.name), &write::model_definition(&model.fields))?;
        }
        for intent in &self.more.intents {
            if let Ok(class) = naming::intent_payload_class(&intent.intent_type()) {
                self.define(class.as_str(), &write::intent_definition(intent))?;
            }
        }
        Ok(())
    }

    fn define(&mut self, class: &str, definition: &New) -> Result<(), EditProblem> {
        let Ok(name) = Identifier::parse(class) else { return Ok(()) };
        self.text = edit::insert(&self.text, &[Step::Key("definitions")], &key(&name), definition)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::contract::{self, canonical};
    use crate::diagnostic::Diagnostic;
    use crate::source::SourceFile;
    use crate::spec::Given;
    use crate::spec::testing::{answers, id};

    fn parsed(text: &str) -> (Contract, Vec<Diagnostic>) {
        let (contract, found) = contract::parse(&SourceFile::new("contract.yaml", text));
        (contract.unwrap(), found)
    }

    fn read(contract: &Contract, mut given: Given) -> Answers {
        given.known = Some(known(contract));
        let (read, found) = spec::read(&given, &producer(contract).unwrap());
        assert!(found.is_empty(), "{found:#?}");
        read.unwrap().0
    }

    /// Every line of `before` is in `after`, in its order; but for empty brackets, which get something in them.
    fn is_kept(before: &str, after: &str) -> bool {
        let mut lines = after.lines();
        before
            .lines()
            .filter(|line| !line.ends_with("_topics: []"))
            .all(|line| lines.any(|other| other == line))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn a_contract_that_was_made_in_two_steps_says_what_it_says_in_one(whole in answers(), at in 1_usize..3) {
            let package = id("shop");
            let mut first = whole.clone();
            let later = first.routes.split_off(at.min(first.routes.len()));
            let mentioned = |routes: &[Route], name: &Identifier| {
                routes.iter().any(|route| route.event == *name || route.outputs.contains(name))
            };
            // What is emitted first and handled later has another class in one step.
            prop_assume!(!later.iter().any(|route| mentioned(&first.routes, &route.event)));
            first.events.retain(|event| mentioned(&first.routes, &event.name));
            first.intents.clear();
            let text = write::write(&first, &package);
            let (contract, _) = parsed(&text);
            let mut given = spec::given(&whole);
            given.models.clear();
            let routes = Answers { routes: later.clone(), ..whole.clone() };
            given.routes = spec::given(&routes).routes;
            given.steps.clear();
            let mut more = read(&contract, given);
            more.events.retain(|event| !mentioned(&first.routes, &event.name));
            let added = add(&contract, &more, &package).unwrap();
            prop_assert!(is_kept(&text, &added) || !whole.intents.is_empty());
            let (read, found) = parsed(&added);
            prop_assert!(found.is_empty(), "{} {:#?}", added, found);
            let (expected, _) = parsed(&write::write(&whole, &package));
            let names = |contract: &Contract| {
                let mut names: Vec<String> = contract.definitions.iter().map(|d| d.name.value.clone()).collect();
                names.sort();
                names
            };
            prop_assert_eq!(names(&read), names(&expected));
            let routing = |contract: &Contract| canonical(contract.root.get("handler_routing").unwrap());
            prop_assert_eq!(routing(&read), routing(&expected));
            let table = |contract: &Contract| contract.root.get("intent_consumption").map(canonical);
            prop_assert_eq!(table(&read), table(&expected));
            let steps = |contract: &Contract| {
                let coordination = contract.root.get("workflow_coordination")?;
                Some(canonical(coordination.get("workflow_definition")?.get("execution_graph")?))
            };
            if whole.steps.is_empty() {
                prop_assert_eq!(steps(&read), steps(&expected));
            }
        }
    }

    const STANDING: &str = "\
name: node_till_orchestrator # ours
handler_routing:
  handlers:
  - event_model: {name: ModelSaleEvent, module: 'shop.models'}
    handler: {name: HandlerSale, module: shop.nodes.node_till_orchestrator.handlers.handler_sale}
    output_events: [ModelReceipt]
event_bus: {subscribe_topics: [\"onex.evt.shop.sale.v1\"], publish_topics: [\"onex.evt.shop.receipt.v1\"]}
published_events: [{topic: \"onex.evt.shop.receipt.v1\", event_type: Receipt}]
# the end
";

    fn added(given: Given) -> String {
        let (contract, _) = parsed(STANDING);
        add(&contract, &read(&contract, given), &id("shop")).unwrap()
    }

    #[test]
    fn what_the_node_emits_can_be_handled_under_the_name_that_it_has() {
        let text = added(Given {
            routes: vec!["Receipt -> Archived(at: datetime)".to_owned()],
            name: Some("till".to_owned()),
            ..Given::default()
        });
        assert_eq!(
            text,
            "\
name: node_till_orchestrator # ours
handler_routing:
  handlers:
  - event_model: {name: ModelSaleEvent, module: 'shop.models'}
    handler: {name: HandlerSale, module: shop.nodes.node_till_orchestrator.handlers.handler_sale}
    output_events: [ModelReceipt]
  - event_model:
      name: \"ModelReceipt\"
      module: \"shop.nodes.node_till_orchestrator.models\"
    handler:
      name: \"HandlerReceipt\"
      module: \"shop.nodes.node_till_orchestrator.handlers.handler_receipt\"
    topic: \"onex.evt.shop.receipt.v1\"
    subscribe_topic: \"onex.evt.shop.receipt.v1\"
    event_type: \"shop.receipt\"
    operation: \"receipt\"
    output_events: [\"ModelArchived\"]
event_bus: {subscribe_topics: [\"onex.evt.shop.sale.v1\", \"onex.evt.shop.receipt.v1\"], publish_topics: [\"onex.evt.shop.receipt.v1\", \"onex.evt.shop.archived.v1\"]}
published_events: [{topic: \"onex.evt.shop.receipt.v1\", event_type: Receipt}, {topic: \"onex.evt.shop.archived.v1\", event_type: \"Archived\"}]
definitions:
  ModelArchived:
    type: object
    required: [at]
    properties:
      correlation_id: {type: uuid, default_factory: uuid4}
      at: {type: datetime}
# the end
"
        );
    }

    #[test]
    fn an_intent_goes_to_the_entry_that_raises_it() {
        let intents = [
            "pay.take(sum: decimal) -> node_pay_effect from Sale",
            "pay.give -> node_pay_effect from Sale",
        ];
        let text = added(Given {
            intents: intents.map(str::to_owned).to_vec(),
            name: Some("till".to_owned()),
            ..Given::default()
        });
        assert!(text.contains("    output_events: [ModelReceipt]\n    output_intents: [\"pay.take\", \"pay.give\"]\nevent_bus"), "{text}");
        assert!(
            text.contains(
                "    \"pay.take\": \"node_pay_effect\"\n    \"pay.give\": \"node_pay_effect\"\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn what_is_there_is_not_added_again() {
        let (contract, _) = parsed(STANDING);
        let given = Given {
            routes: vec!["Sale -> Receipt".to_owned()],
            name: Some("till".to_owned()),
            known: Some(known(&contract)),
            ..Given::default()
        };
        let (read, found) = spec::read(&given, "shop");
        assert!(read.is_none());
        assert_eq!(found[0].rule, "spec-duplicate");
    }
}
