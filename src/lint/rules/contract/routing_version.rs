use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// `handler_routing` has no version, or one that is text.
    ///
    /// # What it checks
    ///
    /// That `handler_routing.version` is a mapping of `major`, `minor` and `patch`.
    ///
    /// # Why
    ///
    /// `ModelHandlerRoutingSubcontract` demands it: code that builds the handler registry from the contract
    /// fails without it. The auto-wiring and RuntimeLocal do not look, hence a warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// handler_routing:
    ///   routing_strategy: payload_type_match
    ///   handlers:
    ///     - event_model: {name: "ModelOrderPlacedEvent", module: "shop.models.events"}
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
    /// ```
    RoutingVersion, "routing-version", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some((key, block)) = subject.root().entry("handler_routing") else { return };
    if block.as_mapping().is_none() {
        return;
    }
    let version = subject.contract.routing.as_ref().and_then(|routing| routing.version.as_ref());
    let (span, message) = match (version, block.get("version").filter(|v| !v.is_null())) {
        (Some(version), _) if !version.value.as_text => return,
        (_, Some(written)) => {
            (written.span, "`handler_routing.version` must be a mapping of three numbers")
        }
        (_, None) => (key.span, "`handler_routing` has no `version`"),
    };
    let help = "add `version: { major: 1, minor: 0, patch: 0 }` under `handler_routing`";
    found.push(subject.finding(Severity::Warning, ID, span, message).help(help));
}
