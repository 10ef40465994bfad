use crate::diagnostic::Diagnostic;
use crate::lint::{Subject, rule};

rule! {
    /// A module of this package that the contract names is not there.
    ///
    /// # What it checks
    ///
    /// That the modules of handlers, of event models and of `input_model` are there, as far as they belong to
    /// the project's own package.
    ///
    /// # Why
    ///
    /// The runtimes import them when they start: a handler that cannot be imported is quarantined, and
    /// RuntimeLocal fails.
    ///
    /// # Example
    ///
    /// ```yaml
    /// handler_routing:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   routing_strategy: payload_type_match
    ///   handlers:
    ///     - event_model: {name: "ModelOrderPlacedEvent", module: "shop.models.events"}
    ///       handler: {name: "HandlerOrderPlaced", module: "shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed_v2"}
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
    ModuleNotFound, "module-not-found", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let entries = subject.entries().iter();
    let references = entries.flat_map(|e| [Some(&e.handler), e.event_model.as_ref()]);
    let references = references.chain([subject.contract.input_model.as_ref()]).flatten();
    for reference in references {
        let Some(module) = subject.module_of(reference) else { continue };
        let own = module.first() == subject.project.package.as_str();
        if !own || subject.sources.module(subject.project, &module).is_some() {
            continue;
        }
        let span = reference.module.as_ref().map_or(reference.span, |module| module.span);
        let path = subject.project.module_file(&module);
        let message =
            format!("there is no module `{module}` to import `{}` from", reference.name.value);
        let finding = subject.finding(subject.wiring_severity(), ID, span, message);
        found.push(
            finding.label(format!("neither {path} nor a package of that name is there")).help(
                "write the file (`onex regenerate` does), or name the module that holds the class",
            ),
        );
    }
}
