use crate::contract::RoutingEntry;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::guess;
use crate::lint::wiring;
use crate::lint::{Subject, rule};
use crate::source::Spanned;

rule! {
    /// A handler gets no messages: the auto-wiring can give it no topic.
    ///
    /// # What it checks
    ///
    /// That the auto-wiring finds a subscribed topic for every entry: by its `topic`, else by its `event_type`,
    /// else because it is the only entry or there is only one topic.
    ///
    /// # Why
    ///
    /// Where two entries have an `event_model` and neither says which topic is its own, the auto-wiring reports
    /// the contract as wired, with no routes at all: every message is dropped in silence. The same happens with
    /// a `topic` or `event_type` that matches none of `event_bus.subscribe_topics`.
    ///
    /// # Example
    ///
    /// ```yaml
    /// handler_routing:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   routing_strategy: payload_type_match
    ///   handlers:
    ///     - event_model: {name: "ModelOrderPlacedEvent", module: "shop.models.events"}
    ///       handler: {name: "HandlerOrderPlaced", module: "shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed"}
    ///       topic: "onex.evt.shop.order-plced.v1"
    ///       operation: "order_placed"
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// handler_routing:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   routing_strategy: payload_type_match
    ///   handlers:
    ///     - event_model: {name: "ModelOrderPlacedEvent", module: "shop.models.events"}
    ///       handler: {name: "HandlerOrderPlaced", module: "shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed"}
    ///       topic: "onex.evt.shop.order-placed.v1"
    ///       operation: "order_placed"
    /// ```
    NoRoute, "no-route", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let contract = subject.contract;
    let topics = wiring::subscribed(contract);
    if topics.is_empty() || wiring::is_left_to_a_plugin(contract) {
        return;
    }
    let count = subject.entries().len();
    for entry in subject.entries() {
        if wiring::topics_of(contract, entry, count).is_empty() {
            let finding = finding(subject, entry, topics, found);
            found.push(finding);
        }
    }
}

fn finding(
    subject: &Subject<'_>,
    entry: &RoutingEntry,
    topics: &[Spanned<String>],
    found: &[Diagnostic],
) -> Diagnostic {
    let class = &entry.handler.name.value;
    let listed = || topics.iter().map(|topic| topic.value.as_str());
    let severity = subject.wiring_severity();
    let at = |span, message: String| subject.finding(severity, ID, span, message);
    if let Some(topic) = &entry.topic {
        let message =
            format!("`{class}` gets no messages: its topic `{}` is not subscribed to", topic.value);
        let help = guess(found, &topic.value, listed()).map_or_else(
            || "add it to `event_bus.subscribe_topics`".to_owned(),
            |near| {
                format!("did you mean `{near}`? Otherwise add it to `event_bus.subscribe_topics`")
            },
        );
        return at(topic.span, message)
            .related(subject.key("event_bus"), "topics are subscribed to here")
            .help(help);
    }
    if let Some(kind) = &entry.event_type {
        let message = format!(
            "`{class}` gets no messages: `{}` is the event type of no subscribed topic",
            kind.value
        );
        let aliases: Vec<String> = listed().filter_map(wiring::alias).collect();
        let aliases: Vec<&str> = aliases.iter().map(String::as_str).collect();
        let help = guess(found, &kind.value, aliases.iter().copied()).map_or_else(
            || "write `<producer>.<event>` of a topic, such as `orders.order-placed`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return at(kind.span, message).help(help);
    }
    let message = format!(
        "`{class}` gets no messages: {} topics are subscribed to, and nothing says which is its own",
        topics.len()
    );
    at(entry.handler.name.span, message)
        .label("neither `topic` nor `event_type` in this entry")
        .help("add `topic:` with one of `event_bus.subscribe_topics`")
}
