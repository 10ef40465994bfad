use crate::contract::Yaml;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// A reference to a class has keys beside `name` and `module`.
    ///
    /// # What it checks
    ///
    /// That `handler` and `event_model` of a routing entry hold `name` and `module` and nothing else.
    ///
    /// # Why
    ///
    /// `ModelHandlerRef` forbids any other key, so `ModelHandlerRoutingSubcontract` refuses the contract. The
    /// auto-wiring and RuntimeLocal pass over it, hence a warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// handler_routing:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   routing_strategy: payload_type_match
    ///   handlers:
    ///     - event_model: {name: "ModelOrderPlacedEvent", module: "shop.models.events"}
    ///       handler:
    ///         name: "HandlerOrderPlaced"
    ///         module: "shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed"
    ///         handler_type: "HTTP"
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
    ///       handler:
    ///         name: "HandlerOrderPlaced"
    ///         module: "shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed"
    ///       topic: "onex.evt.shop.order-placed.v1"
    ///       operation: "order_placed"
    /// ```
    ReferenceKeys, "reference-keys", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for entry in subject.written_entries() {
        for what in ["handler", "event_model"] {
            for (key, _) in entry.get(what).map(Yaml::entries).unwrap_or_default() {
                let name = key.as_str().unwrap_or_default();
                // A class of its own spelling is one that the wiring cannot import: another rule's finding.
                if !["name", "module", "class", "class_name"].contains(&name) {
                    let message = format!(
                        "`{what}` has the key `{name}`, which the framework's model forbids"
                    );
                    let help = "move it beside the reference, or remove it";
                    found
                        .push(subject.finding(Severity::Warning, ID, key.span, message).help(help));
                }
            }
        }
    }
}
