//! Names that follow from the names in answers: classes, topics, operations, folders of steps.
//!
//! In: `OrderPlaced`. Out: `ModelOrderPlacedEvent`, `onex.evt.orders.order-placed.v1`, `order_placed`, and so on.

use heck::{ToKebabCase, ToSnakeCase, ToUpperCamelCase};

use super::{Answers, Intent};
use crate::node::{NodeKind, naming};
use crate::python::{Identifier, NameProblem};

/// Whether a message says that something is to be done, rather than that something happened.
#[must_use]
pub fn is_command(event: &Identifier) -> bool {
    event.as_str().ends_with(COMMAND) && event.as_str() != COMMAND
}

const COMMAND: &str = "Command";

/// The name of a message as it is kept, for one of the ways to write it: `ModelOrderPlacedEvent`,
/// `OrderPlacedEvent`, `ModelOrderPlaced` and `OrderPlaced` are one.
#[must_use]
pub fn event_stem(written: &str) -> &str {
    let stem = class_stem(written);
    stem.strip_suffix("Event").filter(|rest| !rest.is_empty()).unwrap_or(stem)
}

/// A class name without `Model` in front.
#[must_use]
pub fn class_stem(written: &str) -> &str {
    let rest = written.strip_prefix("Model").unwrap_or(written);
    if rest.starts_with(|c: char| c.is_ascii_uppercase()) { rest } else { written }
}

/// The name in the form that classes have, for a "write it so"; nothing where no letters are there.
#[must_use]
pub fn camel(written: &str) -> Option<String> {
    let ascii = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let camel = written.chars().map(ascii).collect::<String>().to_upper_camel_case();
    camel.starts_with(|c: char| c.is_ascii_uppercase()).then_some(camel)
}

/// `order-placed` of `OrderPlaced`, `place-order` of `PlaceOrderCommand`: the fourth segment of the topic.
#[must_use]
pub fn segment(event: &Identifier) -> String {
    let stem = event.as_str();
    let stem = if is_command(event) { stem.trim_end_matches(COMMAND) } else { stem };
    stem.to_kebab_case()
}

/// `onex.evt.orders.order-placed.v1`
#[must_use]
pub fn topic(event: &Identifier, producer: &str) -> String {
    let kind = if is_command(event) { "cmd" } else { "evt" };
    format!("onex.{kind}.{producer}.{}.v1", segment(event))
}

/// `order_placed`
#[must_use]
pub fn operation(event: &Identifier) -> String {
    event.as_str().to_snake_case()
}

/// `HandlerOrderPlaced`
#[must_use]
pub fn handler_class(event: &Identifier) -> String {
    format!("Handler{event}")
}

/// `ModelOrderItem`
#[must_use]
pub fn model_class(model: &Identifier) -> String {
    format!("Model{model}")
}

/// The class of a message: `ModelOrderPlacedEvent` where the node handles it, `ModelOrderValidated` where it only
/// emits it, `ModelPlaceOrderCommand` for a command.
#[must_use]
pub fn event_class(event: &Identifier, is_handled: bool) -> String {
    let suffix = if is_handled && !is_command(event) { "Event" } else { "" };
    format!("Model{event}{suffix}")
}

/// The last part of the module that a message which the node handles lives in: `events` or `commands`.
#[must_use]
pub fn event_module(event: &Identifier) -> &'static str {
    if is_command(event) { "commands" } else { "events" }
}

/// A text as a segment of a topic: `order-desk` of `Order_Desk`; nothing where it has no letter to begin with.
#[must_use]
pub fn producer(text: &str) -> Option<String> {
    let segment = text.to_kebab_case();
    is_segment(&segment).then_some(segment)
}

/// Whether a text is a segment of a topic.
#[must_use]
pub fn is_segment(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split('-').all(part)
}

/// What a node is about: `order_payment` of `node_order_payment_orchestrator`.
#[must_use]
pub fn subject(folder: &Identifier) -> &str {
    let stem = folder.as_str().strip_prefix("node_").unwrap_or(folder.as_str());
    stem.strip_suffix("_orchestrator").filter(|rest| !rest.is_empty()).unwrap_or(stem)
}

/// The shortest NAME that gives a folder: `order_payment` for `node_order_payment_orchestrator`.
#[must_use]
pub fn typed(folder: &Identifier) -> String {
    let short = subject(folder);
    let gives = |name: &str| naming::folder_for_name(name, NodeKind::Orchestrator).ok();
    if gives(short).as_ref() == Some(folder) { short.to_owned() } else { folder.to_string() }
}

/// The description of a node that nobody described.
#[must_use]
pub fn description(folder: &Identifier) -> String {
    format!("Coordinates the {} workflow.", subject(folder).replace('_', " "))
}

/// A message for a node that nobody named one for: `OrderPaymentRequested` of `node_order_payment_orchestrator`.
///
/// # Errors
/// When the name becomes too long.
pub fn first_event(folder: &Identifier, ending: &'static str) -> Result<Identifier, NameProblem> {
    let subject = subject(folder).to_upper_camel_case();
    // A digit in front is no name of a class.
    let front = if subject.starts_with(|c: char| c.is_ascii_uppercase()) { "" } else { "Node" };
    Identifier::parse(&format!("{front}{subject}{ending}"))
}

impl Intent {
    /// `payment.process`
    #[must_use]
    pub fn intent_type(&self) -> String {
        self.kind.iter().map(Identifier::as_str).collect::<Vec<_>>().join(".")
    }
}

impl Answers {
    /// Whether the node handles a message, rather than only emitting it.
    #[must_use]
    pub fn handles(&self, event: &Identifier) -> bool {
        self.routes.iter().any(|route| route.event == *event)
    }

    /// The class of a message.
    #[must_use]
    pub fn class_of(&self, event: &Identifier) -> String {
        event_class(event, self.handles(event))
    }

    /// The intents that the handler of a message raises.
    pub fn raised_by<'a>(&'a self, event: &'a Identifier) -> impl Iterator<Item = &'a Intent> {
        self.intents.iter().filter(move |intent| intent.from.contains(event))
    }

    /// Every message that is emitted, in the order of the routes.
    #[must_use]
    pub fn emitted(&self) -> Vec<&Identifier> {
        let mut emitted: Vec<&Identifier> = Vec::new();
        for output in self.routes.iter().flat_map(|route| &route.outputs) {
            if !emitted.contains(&output) {
                emitted.push(output);
            }
        }
        emitted
    }

    /// The message that ends a run: the first output of the first message, and on from there as long as the node
    /// itself handles what it emits.
    ///
    /// RuntimeLocal publishes whatever is no message of another entry on the topic of this one.
    #[must_use]
    pub fn terminal(&self) -> Option<&Identifier> {
        let mut at = self.routes.iter().find(|route| !route.outputs.is_empty())?;
        let mut seen = vec![&at.event];
        loop {
            let output = at.outputs.first()?;
            match self.routes.iter().find(|route| route.event == *output) {
                Some(next) if !seen.contains(&&next.event) && !next.outputs.is_empty() => {
                    seen.push(&next.event);
                    at = next;
                }
                Some(_) => return self.emitted().into_iter().find(|e| !self.handles(e)),
                None => return Some(output),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Identifier {
        Identifier::parse(text).unwrap()
    }

    #[test]
    fn every_spelling_of_a_message_is_one_name() {
        for written in
            ["OrderPlaced", "ModelOrderPlaced", "OrderPlacedEvent", "ModelOrderPlacedEvent"]
        {
            assert_eq!(event_stem(written), "OrderPlaced");
        }
        assert_eq!(event_stem("Event"), "Event");
        assert_eq!(event_stem("ModelEvent"), "Event");
        assert_eq!(event_stem("ModelingDone"), "ModelingDone");
        assert_eq!(class_stem("Model"), "Model");
        assert_eq!(camel("order-placed v2").as_deref(), Some("OrderPlacedV2"));
        assert_eq!(camel("2nd"), None);
    }

    #[test]
    fn classes_and_topics_follow_from_the_name() {
        let event = id("OrderPlaced");
        assert_eq!(event_class(&event, true), "ModelOrderPlacedEvent");
        assert_eq!(event_class(&event, false), "ModelOrderPlaced");
        assert_eq!(topic(&event, "orders"), "onex.evt.orders.order-placed.v1");
        let command = id("PlaceOrderCommand");
        assert_eq!(event_class(&command, true), "ModelPlaceOrderCommand");
        assert_eq!(topic(&command, "orders"), "onex.cmd.orders.place-order.v1");
        assert_eq!((event_module(&event), event_module(&command)), ("events", "commands"));
        assert!(!is_command(&id("Command")));
        assert_eq!(segment(&id("S3UploadDone")), "s3-upload-done");
    }

    #[test]
    fn a_producer_is_made_of_a_package() {
        assert_eq!(producer("order_desk").as_deref(), Some("order-desk"));
        assert_eq!(producer("_1"), None);
        assert_eq!(producer(""), None);
    }

    #[test]
    fn a_node_is_about_something() {
        assert_eq!(subject(&id("node_order_payment_orchestrator")), "order_payment");
        assert_eq!(subject(&id("node_orchestrator")), "orchestrator");
        let event = first_event(&id("node_3d_print_orchestrator"), "Requested").unwrap();
        assert_eq!(event.as_str(), "Node3dPrintRequested");
    }
}
