use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::lint::{Subject, rule};
use crate::source::Spanned;

rule! {
    /// Two routing entries are one and the same to the auto-wiring.
    ///
    /// # What it checks
    ///
    /// That no two entries have the same handler, the same `operation` and the same `topic`.
    ///
    /// # Why
    ///
    /// The auto-wiring names its dispatchers after these three and refuses to start where two get the same
    /// name.
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
    ///     - event_model: {name: "ModelPaymentTakenEvent", module: "shop.models.events"}
    ///       handler: {name: "HandlerOrderPlaced", module: "shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed"}
    ///       topic: "onex.evt.shop.order-placed.v1"
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
    ///     - event_model: {name: "ModelPaymentTakenEvent", module: "shop.models.events"}
    ///       handler: {name: "HandlerOrderPlaced", module: "shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed"}
    ///       topic: "onex.evt.shop.payment-taken.v1"
    ///       operation: "payment_taken"
    /// ```
    DuplicateEntry, "duplicate-entry", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut first = BTreeMap::new();
    for entry in subject.entries() {
        let text =
            |value: &Option<Spanned<String>>| value.as_ref().map(|v| v.value.trim().to_owned());
        let key = (&entry.handler.name.value, text(&entry.operation), text(&entry.topic));
        let span = entry.handler.name.span;
        if let Some(known) = first.get(&key) {
            let message = format!(
                "two entries of `{}` have the same operation and topic",
                entry.handler.name.value
            );
            let finding = subject.finding(subject.wiring_severity(), ID, span, message);
            found.push(
                finding
                    .label("again here")
                    .related(*known, "first here")
                    .help("give each an `operation` of its own, or remove one"),
            );
        } else {
            first.insert(key, span);
        }
    }
}
