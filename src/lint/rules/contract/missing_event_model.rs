use crate::diagnostic::Diagnostic;
use crate::lint::{Subject, rule};

rule! {
    /// An entry that is routed by the class of the payload names no class.
    ///
    /// # What it checks
    ///
    /// That every entry has an `event_model` where `routing_strategy` is `payload_type_match`, which is also
    /// the default.
    ///
    /// # Why
    ///
    /// RuntimeLocal refuses the contract, and the handler registry leaves the entry out. The auto-wiring hands
    /// such a handler every message, as a plain mapping. A warning for handler styles that RuntimeLocal cannot
    /// run.
    ///
    /// # Example
    ///
    /// ```yaml
    /// # local: a node that RuntimeLocal runs
    /// handler_routing:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   routing_strategy: payload_type_match
    ///   handlers:
    ///     - handler: {name: "HandlerDeliveryMade", module: "billing.nodes.node_invoice_orchestrator.handlers.handler_delivery_made"}
    ///       topic: "onex.evt.billing.delivery-made.v1"
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
    ///       operation: "delivery_made"
    /// ```
    MissingEventModel, "missing-event-model", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if !subject.routes_by_payload() || subject.written_entries().is_empty() {
        return;
    }
    for entry in subject.entries().iter().filter(|entry| entry.event_model.is_none()) {
        let message = format!(
            "messages are routed by their class, and the entry of `{}` names none",
            entry.handler.name.value
        );
        let finding =
            subject.finding(subject.local_severity(), ID, entry.handler.name.span, message);
        found.push(finding.label("no `event_model` in this entry").help(
            "add `event_model: { name: ModelX, module: pkg.models }`, or route by `operation_match`",
        ));
    }
}
