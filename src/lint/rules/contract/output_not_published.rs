use crate::diagnostic::guess;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Role, wiring};
use crate::lint::{Subject, rule};

rule! {
    /// An output event has no topic of its own.
    ///
    /// # What it checks
    ///
    /// That every class of `output_events` is listed in `published_events` (without `Model` in front), or is
    /// the `event_model` of an entry of this node.
    ///
    /// # Why
    ///
    /// The auto-wiring looks the topic of an emitted class up in `published_events`, and publishes whatever it
    /// does not find there on the topic of `terminal_event`, in silence. Where the contract has no
    /// `published_events` at all, or the handlers choose topics themselves by emitting envelopes, it may be
    /// meant: a warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// published_events:
    ///   - {topic: "onex.evt.shop.order-validated.v1", event_type: "OrderValidated"}
    ///   - {topic: "onex.evt.shop.order-paid.v1", event_type: "OrderPaid"}
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
    OutputNotPublished, "output-not-published", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let contract = subject.contract;
    let listed: Vec<&str> = contract
        .published_events
        .iter()
        .filter_map(|event| Some(wiring::event_name(&event.event_type.as_ref()?.value)))
        .collect();
    let severity = if listed.is_empty() || chooses_topics(subject) {
        Severity::Warning
    } else {
        subject.wiring_severity()
    };
    for entry in subject.entries() {
        for output in entry.output_events.iter().filter(|output| !is_topic(&output.value)) {
            let class = output.value.rsplit('.').next().unwrap_or(&output.value);
            let name = wiring::event_name(class);
            let consumed = subject.entries().iter().any(|entry| {
                entry.event_model.as_ref().is_some_and(|model| model.name.value == class)
            });
            if consumed || listed.contains(&name) {
                continue;
            }
            let message = format!(
                "`{class}` is an output of `{}` and has no topic",
                entry.handler.name.value
            );
            let help = match guess(found, name, listed.iter().copied()) {
                Some(near) => format!(
                    "`published_events` has `{near}`; is that meant? Otherwise add `event_type: {name}` with its topic"
                ),
                None => format!("add `event_type: {name}` with its topic to `published_events`"),
            };
            found.push(subject.finding(severity, ID, output.span, message).help(help));
        }
    }
}

/// Some contracts list topics here; that is for the reader of the contract to report.
fn is_topic(output: &str) -> bool {
    output.starts_with("onex.") || output.contains('{')
}

/// Whether handlers emit envelopes, whose `event_type` can be a full topic.
fn chooses_topics(subject: &Subject<'_>) -> bool {
    subject.sources.of(Role::Handler).any(|source| {
        let text = source.file.text();
        text.contains("ModelEventEnvelope(") || text.contains("](payload=")
    })
}
