use std::collections::BTreeMap;

use crate::contract::RoutingEntry;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// Two handlers take the same event.
    ///
    /// # What it checks
    ///
    /// That no two entries with the same `event_model` and topic name different handlers.
    ///
    /// # Why
    ///
    /// Both are called, in no order that is promised, and RuntimeLocal sends what another handler emits to the
    /// last of them. It may be meant, hence a warning.
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
    ///       topic: "onex.evt.shop.order-placed.v1"
    ///       operation: "order_placed"
    ///     - event_model: {name: "ModelOrderPlacedEvent", module: "shop.models.events"}
    ///       handler: {name: "HandlerPaymentTaken", module: "shop.nodes.node_order_payment_orchestrator.handlers.handler_payment_taken"}
    ///       topic: "onex.evt.shop.order-placed.v1"
    ///       operation: "payment_taken"
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
    TwoHandlersForEvent, "two-handlers-for-event", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<_, &RoutingEntry> = BTreeMap::new();
    for entry in subject.entries() {
        let Some(model) = &entry.event_model else { continue };
        let topic = entry.topic.as_ref().map(|topic| topic.value.as_str());
        let known = first.entry((model.name.value.as_str(), topic)).or_insert(entry);
        let (one, other) = (&known.handler.name, &entry.handler.name);
        if one.value != other.value {
            let message =
                format!("`{}` and `{}` both take `{}`", one.value, other.value, model.name.value);
            let finding = subject.finding(Severity::Warning, ID, model.name.span, message);
            let shown = known.event_model.as_ref().map_or(one.span, |model| model.name.span);
            found.push(
                finding
                    .label("again here")
                    .related(shown, "first here")
                    .help("let one handler answer it, or give each a topic of its own"),
            );
        }
    }
}
