use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::wiring;
use crate::lint::{Subject, rule};
use crate::source::Spanned;

rule! {
    /// An event is published on two topics.
    ///
    /// # What it checks
    ///
    /// That `published_events` lists every event type once, whether it is written with `Model` in front or
    /// without.
    ///
    /// # Why
    ///
    /// The auto-wiring keeps the last topic and drops the other, and RuntimeLocal refuses to start: whoever
    /// listens to the first topic hears nothing.
    ///
    /// # Example
    ///
    /// ```yaml
    /// published_events:
    ///   - {topic: "onex.evt.shop.order-validated.v1", event_type: "OrderValidated"}
    ///   - {topic: "onex.evt.shop.order-refused.v1", event_type: "OrderRefused"}
    ///   - {topic: "onex.evt.shop.order-paid.v1", event_type: "OrderPaid"}
    ///   - {topic: "onex.evt.shop.order-settled.v1", event_type: "OrderPaid"}
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
    EventOnTwoTopics, "event-on-two-topics", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<&str, (&Spanned<String>, Option<&str>)> = BTreeMap::new();
    for event in &subject.contract.published_events {
        let Some(kind) = &event.event_type else { continue };
        let topic = event.topic.as_ref().map(|topic| topic.value.as_str());
        let name = wiring::event_name(&kind.value);
        let Some((known, known_topic)) = first.get(name) else {
            first.insert(name, (kind, topic));
            continue;
        };
        let same = *known_topic == topic;
        let severity = if same { Severity::Warning } else { subject.wiring_severity() };
        let message = if same {
            format!("`{name}` is listed twice in `published_events`")
        } else {
            format!("`{name}` is published on two topics, and only the last of them counts")
        };
        let finding = subject.finding(severity, ID, kind.span, message).label("again here");
        found.push(
            finding
                .related(known.span, "first here")
                .help("keep one of the two; an event for two topics is two event classes"),
        );
    }
}
