use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Role, wiring};
use crate::lint::{Subject, rule};

rule! {
    /// A published event is the output of no handler.
    ///
    /// # What it checks
    ///
    /// That every event of `published_events` is in some entry's `output_events`, or at least named by a
    /// handler's code.
    ///
    /// # Why
    ///
    /// A topic that nothing is ever published on misleads whoever listens to it. It may be meant for later,
    /// hence a warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// published_events:
    ///   - {topic: "onex.evt.shop.order-validated.v1", event_type: "OrderValidated"}
    ///   - {topic: "onex.evt.shop.order-refused.v1", event_type: "OrderRefused"}
    ///   - {topic: "onex.evt.shop.order-paid.v1", event_type: "OrderPaid"}
    ///   - {topic: "onex.evt.shop.order-shipped.v1", event_type: "OrderShipped"}
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// published_events:
    ///   - {topic: "onex.evt.shop.order-validated.v1", event_type: "OrderValidated"}
    ///   - {topic: "onex.evt.shop.order-refused.v1", event_type: "OrderRefused"}
    ///   - {topic: "onex.evt.shop.order-paid.v1", event_type: "OrderPaid"}
    /// ```
    EventNeverEmitted, "event-never-emitted", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let outputs = || subject.entries().iter().flat_map(|entry| &entry.output_events);
    if outputs().next().is_none() {
        return;
    }
    for kind in subject.contract.published_events.iter().filter_map(|e| e.event_type.as_ref()) {
        let name = wiring::event_name(&kind.value);
        let named =
            |text: &str| text.contains(&format!("Model{name}")) || text.contains(&kind.value);
        if outputs().any(|output| wiring::event_name(&output.value) == name)
            || subject.sources.of(Role::Handler).any(|source| named(source.file.text()))
        {
            continue;
        }
        let message = format!("`{}` is published, and no handler has it as an output", kind.value);
        let help =
            format!("add `Model{name}` to the `output_events` of an entry, or remove it here");
        found.push(subject.finding(Severity::Warning, ID, kind.span, message).help(help));
    }
}
