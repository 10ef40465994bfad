use crate::contract::Yaml;
use crate::diagnostic::Diagnostic;
use crate::lint::{Subject, rule};
use crate::source::Span;

rule! {
    /// A routing entry is written in a form that the auto-wiring refuses.
    ///
    /// # What it checks
    ///
    /// That every item of `handler_routing.handlers` is a mapping with `handler: {name, module}`, and that its
    /// `event_model`, where there is one, has both a name and a module.
    ///
    /// # Why
    ///
    /// The auto-wiring refuses the whole contract for one entry with a flat `handler_class`, a `handler_key` or
    /// a bare string, and imports from nowhere where the module is missing. RuntimeLocal wants the same form.
    ///
    /// # Example
    ///
    /// ```yaml
    /// handler_routing:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   routing_strategy: payload_type_match
    ///   handlers:
    ///     - handler_class: "HandlerOrderPlaced"
    ///       handler_module: "shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed"
    ///       event_model: {name: "ModelOrderPlacedEvent", module: "shop.models.events"}
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
    ///     - handler: {name: "HandlerOrderPlaced", module: "shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed"}
    ///       event_model: {name: "ModelOrderPlacedEvent", module: "shop.models.events"}
    ///       topic: "onex.evt.shop.order-placed.v1"
    ///       operation: "order_placed"
    /// ```
    EntryForm, "entry-form", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for entry in subject.written_entries() {
        if entry.as_mapping().is_none() {
            let message = "a routing entry is no mapping, and the auto-wiring refuses the contract";
            found.push(finding(subject, entry.span, message));
            continue;
        }
        match entry.get("handler") {
            Some(handler) if handler.as_mapping().is_some() => {
                found.extend(incomplete(subject, "handler", handler));
            }
            Some(handler) => {
                let message = "`handler` must be a mapping of `name` and `module`";
                found.push(finding(subject, handler.span, message));
            }
            None => found.extend(flat(subject, entry)),
        }
        if let Some(model) = entry.get("event_model") {
            found.extend(event_model(subject, model));
        }
    }
}

const HELP: &str =
    "write `handler: { name: HandlerX, module: pkg.nodes.node_x.handlers.handler_x }`";

fn finding(subject: &Subject<'_>, span: Span, message: &str) -> Diagnostic {
    subject.finding(subject.wiring_severity(), ID, span, message).help(HELP)
}

/// An entry without `handler`; one that names no handler at all is told when the contract is read.
fn flat(subject: &Subject<'_>, entry: &Yaml) -> Option<Diagnostic> {
    let flat = ["handler_class", "handler_key", "handler_module"];
    let (key, _) = flat.iter().find_map(|key| entry.entry(key))?;
    let name = key.as_str().unwrap_or_default();
    let message = format!("`{name}` instead of `handler`: the auto-wiring refuses the contract");
    Some(finding(subject, key.span, &message))
}

fn incomplete(subject: &Subject<'_>, what: &str, reference: &Yaml) -> Option<Diagnostic> {
    let named =
        |key| reference.get(key).and_then(Yaml::as_str).is_some_and(|text| !text.is_empty());
    let missing: Vec<&str> = ["name", "module"].into_iter().filter(|key| !named(key)).collect();
    if missing.is_empty() {
        return None;
    }
    let message =
        format!("`{what}` has no `{}`, and nothing can be imported", missing.join("` and no `"));
    let span = reference.entries().first().map_or(reference.span, |(key, _)| key.span);
    let help = format!("write `{what}: {{ name: .., module: .. }}`");
    Some(subject.finding(subject.wiring_severity(), ID, span, message).help(help))
}

/// The auto-wiring takes a dotted path as well; RuntimeLocal takes the mapping alone.
fn event_model(subject: &Subject<'_>, model: &Yaml) -> Option<Diagnostic> {
    if model.as_mapping().is_some() {
        return incomplete(subject, "event_model", model);
    }
    let text = model.as_str()?;
    let help = "write `event_model: { name: ModelX, module: pkg.models }`";
    if !text.contains('.') {
        let message = format!("`event_model: {text}` names no module to import it from");
        return Some(
            subject.finding(subject.wiring_severity(), ID, model.span, message).help(help),
        );
    }
    let message = "RuntimeLocal reads `event_model` as a mapping of `name` and `module` alone";
    let severity = subject.local_severity();
    Some(subject.finding(severity, ID, model.span, message).help(help))
}
