use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::lint::wiring;
use crate::lint::{Subject, rule};
use crate::source::Spanned;

rule! {
    /// Two events are published on one topic.
    ///
    /// # What it checks
    ///
    /// That no two event types of `published_events` have the same topic.
    ///
    /// # Why
    ///
    /// RuntimeLocal refuses to start: one topic carries one model. Listeners elsewhere that take the topic for
    /// one class fail on the other. A warning for handler styles that RuntimeLocal cannot run.
    ///
    /// # Example
    ///
    /// ```yaml
    /// # local: a node that RuntimeLocal runs
    /// published_events:
    ///   - {topic: "onex.evt.billing.invoice-opened.v1", event_type: "InvoiceOpened"}
    ///   - {topic: "onex.evt.billing.invoice-opened.v1", event_type: "InvoiceRefused"}
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// # local: a node that RuntimeLocal runs
    /// published_events:
    ///   - {topic: "onex.evt.billing.invoice-opened.v1", event_type: "InvoiceOpened"}
    ///   - {topic: "onex.evt.billing.invoice-refused.v1", event_type: "InvoiceRefused"}
    /// ```
    TopicWithTwoEvents, "topic-with-two-events", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<&str, (&Spanned<String>, &str)> = BTreeMap::new();
    for event in &subject.contract.published_events {
        let (Some(topic), Some(kind)) = (&event.topic, &event.event_type) else { continue };
        let name = wiring::event_name(&kind.value);
        let (known, other) = first.entry(&topic.value).or_insert((topic, name));
        if *other == name {
            continue;
        }
        let message =
            format!("`{other}` and `{name}` are published on one topic: `{}`", topic.value);
        let finding = subject.finding(subject.local_severity(), ID, topic.span, message);
        found.push(
            finding
                .label(format!("of `{name}`"))
                .related(known.span, format!("of `{other}`"))
                .help("give each event a topic of its own"),
        );
    }
}
