use heck::ToSnakeCase;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// An entry that is routed by its operation names none.
    ///
    /// # What it checks
    ///
    /// That every entry has an `operation` where `routing_strategy` is not `payload_type_match`, and, where it
    /// is, that the first entry has one.
    ///
    /// # Why
    ///
    /// RuntimeLocal refuses such a contract, and the handler registry leaves the entry out; a warning for
    /// handler styles that RuntimeLocal cannot run. Where messages are routed by class, the framework's
    /// validators still want the operation of the first entry: a warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// # local: a node that RuntimeLocal runs
    /// handler_routing:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   routing_strategy: operation_match
    ///   handlers:
    ///     - event_model: {name: "ModelDeliveryMadeEvent", module: "billing.models.events.model_delivery_made_event"}
    ///       handler: {name: "HandlerDeliveryMade", module: "billing.nodes.node_invoice_orchestrator.handlers.handler_delivery_made"}
    ///       topic: "onex.evt.billing.delivery-made.v1"
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// # local: a node that RuntimeLocal runs
    /// handler_routing:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   routing_strategy: operation_match
    ///   handlers:
    ///     - event_model: {name: "ModelDeliveryMadeEvent", module: "billing.models.events.model_delivery_made_event"}
    ///       handler: {name: "HandlerDeliveryMade", module: "billing.nodes.node_invoice_orchestrator.handlers.handler_delivery_made"}
    ///       topic: "onex.evt.billing.delivery-made.v1"
    ///       operation: "delivery_made"
    /// ```
    MissingOperation, "missing-operation", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let by_payload = subject.routes_by_payload();
    let entries = if subject.written_entries().is_empty() { &[] } else { subject.entries() };
    // Only the first entry's operation is asked for where another key routes.
    let asked = if by_payload { entries.get(..1).unwrap_or_default() } else { entries };
    for entry in asked.iter().filter(|entry| entry.operation.is_none()) {
        let class = &entry.handler.name;
        let (severity, message) = if by_payload {
            (
                Severity::Warning,
                format!("the first entry, of `{}`, has no `operation`", class.value),
            )
        } else {
            let message = format!(
                "messages are routed by operation, and the entry of `{}` has none",
                class.value
            );
            (subject.local_severity(), message)
        };
        let help = format!("add `operation: \"{}\"`", operation_for(&class.value));
        found.push(subject.finding(severity, ID, class.span, message).help(help));
    }
}

/// `order_placed` for `HandlerOrderPlaced`.
fn operation_for(class: &str) -> String {
    class.strip_prefix("Handler").filter(|rest| !rest.is_empty()).unwrap_or(class).to_snake_case()
}
