use crate::diagnostic::Diagnostic;
use crate::diagnostic::guess;
use crate::lint::{Subject, rule};
use crate::lint::{local, wiring};

rule! {
    /// RuntimeLocal gives an entry another topic than it is meant to have, or none.
    ///
    /// # What it checks
    ///
    /// That the topic which RuntimeLocal takes for an entry (its `subscribe_topic`, else the one at its place
    /// in `event_bus.subscribe_topics`) is subscribed to and is the entry's own `topic`.
    ///
    /// # Why
    ///
    /// RuntimeLocal refuses a `subscribe_topic` that is not subscribed to. Without one it goes by position, so
    /// that entries in another order than the topics get each other's messages. A warning for handler styles
    /// that RuntimeLocal cannot run.
    ///
    /// # Example
    ///
    /// ```yaml
    /// # local: a node that RuntimeLocal runs
    /// handler_routing:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   routing_strategy: payload_type_match
    ///   handlers:
    ///     - event_model: {name: "ModelDeliveryMadeEvent", module: "billing.models.events.model_delivery_made_event"}
    ///       handler: {name: "HandlerDeliveryMade", module: "billing.nodes.node_invoice_orchestrator.handlers.handler_delivery_made"}
    ///       topic: "onex.evt.billing.delivery-made.v1"
    ///       subscribe_topic: "onex.evt.billing.delivery-done.v1"
    ///       operation: "delivery_made"
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// # local: a node that RuntimeLocal runs
    /// handler_routing:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   routing_strategy: payload_type_match
    ///   handlers:
    ///     - event_model: {name: "ModelDeliveryMadeEvent", module: "billing.models.events.model_delivery_made_event"}
    ///       handler: {name: "HandlerDeliveryMade", module: "billing.nodes.node_invoice_orchestrator.handlers.handler_delivery_made"}
    ///       topic: "onex.evt.billing.delivery-made.v1"
    ///       subscribe_topic: "onex.evt.billing.delivery-made.v1"
    ///       operation: "delivery_made"
    /// ```
    SubscribeTopic, "subscribe-topic", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let contract = subject.contract;
    let topics = wiring::subscribed(contract);
    if topics.is_empty() || subject.written_entries().is_empty() {
        return;
    }
    let severity = subject.local_severity();
    for (index, entry) in subject.entries().iter().enumerate() {
        let input = local::input_topic(contract, entry, index);
        let known = input.is_some_and(|input| topics.iter().any(|topic| topic.value == input));
        let class = &entry.handler.name;
        match (&entry.subscribe_topic, &entry.topic) {
            (Some(own), _) if !known => {
                let message = format!(
                    "RuntimeLocal refuses the entry of `{}`: it does not subscribe to `{}`",
                    class.value, own.value
                );
                let help =
                    guess(found, &own.value, topics.iter().map(|topic| topic.value.as_str()))
                        .map_or_else(
                            || "add it to `event_bus.subscribe_topics`".to_owned(),
                            |near| format!("did you mean `{near}`?"),
                        );
                found.push(subject.finding(severity, ID, own.span, message).help(help));
            }
            (_, Some(topic)) if input.is_some_and(|input| input != topic.value) => {
                let input = input.unwrap_or_default();
                let message = format!(
                    "RuntimeLocal gives `{}` the messages of `{input}`, and its topic is `{}`",
                    class.value, topic.value
                );
                let help = format!("add `subscribe_topic: \"{}\"` to the entry", topic.value);
                found.push(subject.finding(severity, ID, topic.span, message).help(help));
            }
            (None, _) if input.is_none() => {
                let message = format!(
                    "RuntimeLocal gives `{}` no topic: there are fewer topics than entries",
                    class.value
                );
                let help = "add `subscribe_topic` to the entry";
                found.push(subject.finding(severity, ID, class.span, message).help(help));
            }
            (Some(_), _) | (None, _) => {}
        }
    }
}
