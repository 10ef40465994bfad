use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::lint::wiring;
use crate::lint::{Subject, rule};

rule! {
    /// A topic is subscribed to, and no handler takes its messages.
    ///
    /// # What it checks
    ///
    /// That every topic of `event_bus.subscribe_topics` belongs to an entry, in the way in which the
    /// auto-wiring gives topics to entries.
    ///
    /// # Why
    ///
    /// The auto-wiring subscribes to it, finds no dispatcher for what arrives, and puts every message into the
    /// dead-letter queue.
    ///
    /// # Example
    ///
    /// ```yaml
    /// event_bus:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   subscribe_topics:
    ///     - "onex.evt.shop.order-placed.v1"
    ///     - "onex.evt.shop.payment-taken.v1"
    ///     - "onex.evt.shop.order-cancelled.v1"
    ///   publish_topics:
    ///     - "onex.evt.shop.order-validated.v1"
    ///     - "onex.evt.shop.order-refused.v1"
    ///     - "onex.evt.shop.order-paid.v1"
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// event_bus:
    ///   version: {major: 1, minor: 0, patch: 0}
    ///   subscribe_topics:
    ///     - "onex.evt.shop.order-placed.v1"
    ///     - "onex.evt.shop.payment-taken.v1"
    ///   publish_topics:
    ///     - "onex.evt.shop.order-validated.v1"
    ///     - "onex.evt.shop.order-refused.v1"
    ///     - "onex.evt.shop.order-paid.v1"
    /// ```
    UnownedTopic, "unowned-topic", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let contract = subject.contract;
    let entries = subject.entries();
    if entries.is_empty() || wiring::is_left_to_a_plugin(contract) {
        return;
    }
    let mut owned = BTreeSet::new();
    for entry in entries {
        let topics = wiring::topics_of(contract, entry, entries.len());
        // The topic is that entry's, if only it said so: that is told there.
        if topics.is_empty() {
            return;
        }
        owned.extend(topics);
    }
    for topic in wiring::subscribed(contract).iter().filter(|t| !owned.contains(t.value.as_str())) {
        let message = format!("no handler takes the messages of `{}`", topic.value);
        let finding = subject.finding(subject.wiring_severity(), ID, topic.span, message);
        found.push(finding.help("add an entry with this `topic`, or do not subscribe to it"));
    }
}
