use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::wiring;
use crate::lint::{Subject, rule};

rule! {
    /// The contract subscribes to no topic, so no message ever reaches its handlers.
    ///
    /// # What it checks
    ///
    /// That a contract with handlers has an `event_bus` with `subscribe_topics`.
    ///
    /// # Why
    ///
    /// The auto-wiring skips a contract without `event_bus`, and RuntimeLocal refuses one without
    /// `subscribe_topics`. A warning where the contract names no topic anywhere: the node may be called by code
    /// alone.
    ///
    /// # Example
    ///
    /// ```yaml
    /// event_bus:
    /// # nothing is subscribed to
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// event_bus:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   subscribe_topics: ["onex.evt.shop.order-placed.v1", "onex.evt.shop.payment-taken.v1"]
    ///   publish_topics: ["onex.evt.shop.order-validated.v1", "onex.evt.shop.order-refused.v1", "onex.evt.shop.order-paid.v1"]
    /// ```
    NoEventBus, "no-event-bus", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let contract = subject.contract;
    if subject.entries().is_empty() || !wiring::subscribed(contract).is_empty() {
        return;
    }
    // What the reader could not read is its finding.
    let bus = subject.root().get("event_bus").filter(|bus| !bus.is_null());
    if bus.is_some_and(|bus| {
        bus.as_mapping().is_none()
            || bus
                .get("subscribe_topics")
                .is_some_and(|t| t.as_sequence().is_none_or(|t| !t.is_empty()))
    }) {
        return;
    }
    let severity = if wiring::topics(contract).next().is_some() {
        subject.wiring_severity()
    } else {
        Severity::Warning
    };
    let message = match bus {
        Some(_) => "`event_bus` subscribes to no topic: no message reaches the handlers",
        None => "the contract has no `event_bus`: no message reaches the handlers",
    };
    let routing = contract.routing.as_ref().map_or_else(|| subject.anchor(), |r| r.span);
    let span = if bus.is_some() { subject.key("event_bus") } else { routing };
    let finding = subject.finding(severity, ID, span, message);
    found.push(
        finding.help("add `event_bus:` with `version`, `subscribe_topics` and `publish_topics`"),
    );
}
