//! A contract and answers -> the contract with them: routes, models, intents and steps that were not there.
//!
//! In: the [`Contract`], and [`Answers`] that were read knowing it ([`known`]). Out: its text, in which everything
//! that stood keeps its bytes ([`super::edit`]). Names that the contract has for a message are kept, however they
//! were chosen; others follow the conventions that [`super::write`] follows.

use super::edit::{self, EditProblem, New, Step};
use super::write::{self, Message, key, quoted};
use super::{Contract, RoutingEntry};
use crate::node::naming;
use crate::python::Identifier;
use crate::spec::{Answers, Intent, Known, Route, names};

/// What a contract holds that additions to it may name.
#[must_use]
pub fn known(contract: &Contract) -> Known {
    let id = |text: &str| Identifier::parse(text).ok();
    let events = entries(contract).filter_map(|entry| id(names::event_stem(event_class(entry)?)));
    let stem = |definition: &super::Definition| id(names::class_stem(&definition.name.value));
    let steps = contract.workflow.iter().flat_map(|workflow| &workflow.steps);
    Known {
        events: events.collect(),
        models: contract.definitions.iter().filter_map(stem).collect(),
        steps: steps.filter_map(|step| id(&step.id.value)).collect(),
        intents: contract.intents.iter().map(|route| route.intent_type.value.clone()).collect(),
    }
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
    let mut adding = Adding { contract, more, package, text: contract.file.text().to_owned() };
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
    for step in &more.steps {
        let nodes = [
            Step::Key("workflow_coordination"),
            Step::Key("workflow_definition"),
            Step::Key("execution_graph"),
            Step::Key("nodes"),
        ];
        adding.text = edit::append(&adding.text, &nodes, &write::step_entry(step, None))?;
    }
    Ok(adding.text)
}

fn entries(contract: &Contract) -> impl Iterator<Item = &RoutingEntry> {
    contract.routing.iter().flat_map(|routing| &routing.entries)
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
    more: &'a Answers,
    package: &'a Identifier,
    text: String,
}

const HANDLERS: [Step<'_>; 2] = [Step::Key("handler_routing"), Step::Key("handlers")];

impl Adding<'_> {
    /// The class that the contract has for a message, if it has one.
    fn standing_class(&self, event: &Identifier) -> Option<&str> {
        let handled = entries(self.contract).filter_map(event_class);
        let emitted = entries(self.contract).flat_map(|entry| &entry.output_events);
        let emitted = emitted.map(|output| last_part(&output.value));
        let mut classes = handled.chain(emitted);
        classes.find(|class| names::event_stem(class) == event.as_str())
    }

    fn class(&self, event: &Identifier) -> String {
        match self.standing_class(event) {
            Some(class) => class.to_owned(),
            None => names::event_class(event, self.more.handles(event)),
        }
    }

    /// The topic that the contract has for a message, else the one that follows from its name.
    fn topic(&self, event: &Identifier) -> String {
        let class = self.class(event);
        let kind = class.strip_prefix("Model").unwrap_or(&class);
        let handled = entries(self.contract).find(|entry| event_class(entry) == Some(&class));
        let handled =
            handled.and_then(|entry| entry.topic.as_ref().or(entry.subscribe_topic.as_ref()));
        let mut published = self.contract.published_events.iter();
        let published =
            published.find(|known| known.event_type.as_ref().is_some_and(|t| t.value == kind));
        let standing = handled.or(published.and_then(|known| known.topic.as_ref()));
        standing
            .map_or_else(|| names::topic(event, &self.more.producer), |topic| topic.value.clone())
    }

    fn route(&mut self, route: &Route) -> Result<(), EditProblem> {
        let event = &route.event;
        let home = match self.standing_class(event) {
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

    fn definitions(&mut self) -> Result<(), EditProblem> {
        for event in &self.more.events {
            let class = self.class(&event.name);
            let stands = self.standing_class(&event.name).is_some();
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
    use crate::spec::testing::{answers, id};
    use crate::spec::{self, Given};

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
