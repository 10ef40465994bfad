use crate::diagnostic::Diagnostic;
use crate::lint::wiring::{self, TopicKind};
use crate::lint::{Subject, rule};

rule! {
    /// `message_category` says something else than the topic does, or is missing where the topic says nothing.
    ///
    /// # What it checks
    ///
    /// That the `message_category` of an entry is the one that the names of its topics carry (`evt`, `cmd`,
    /// `intent`), and is there where they carry none (`dlq`, `snapshot`).
    ///
    /// # Why
    ///
    /// The dispatcher goes by the topic's own category. The auto-wiring therefore refuses the contract where
    /// the two disagree, and where neither says anything.
    ///
    /// # Example
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
    ///       message_category: COMMAND
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
    ///       message_category: EVENT
    /// ```
    MessageCategory, "message-category", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let contract = subject.contract;
    if wiring::is_left_to_a_plugin(contract) {
        return;
    }
    let severity = subject.wiring_severity();
    for entry in subject.entries() {
        let declared = entry.message_category.as_ref();
        for topic in wiring::topics_of(contract, entry, subject.entries().len()) {
            match (TopicKind::of(topic), declared) {
                (Some(kind), Some(said))
                    if !said.value.trim().eq_ignore_ascii_case(kind.as_str()) =>
                {
                    let message = format!(
                        "`message_category` is {}, and the topic `{topic}` carries {}",
                        said.value,
                        kind.as_str()
                    );
                    let help = "remove `message_category`: the topic's name says it";
                    found.push(subject.finding(severity, ID, said.span, message).help(help));
                }
                (None, None) => {
                    let message = format!(
                        "nothing says what the topic `{topic}` carries: neither its name nor `message_category`"
                    );
                    let help = "add `message_category: EVENT` (or COMMAND) to the entry";
                    found.push(
                        subject.finding(severity, ID, entry.handler.name.span, message).help(help),
                    );
                }
                (Some(_) | None, Some(_)) | (Some(_), None) => {}
            }
        }
    }
}
