use crate::diagnostic::Diagnostic;
use crate::lint::wiring;
use crate::lint::{Subject, rule};

rule! {
    /// A topic holds a placeholder that no runtime fills in.
    ///
    /// # What it checks
    ///
    /// That no topic holds `{`, `}` or `$`, as in `{env}.{namespace}.orders.evt.order-validated.v1`.
    ///
    /// # Why
    ///
    /// Nothing replaces them: messages are published to a topic of that very name, and what arrives on the real
    /// one is never dispatched. The environment is put in front by the bus.
    ///
    /// # Example
    ///
    /// ```yaml
    /// published_events:
    ///   - {topic: "{env}.{namespace}.shop.evt.order-validated.v1", event_type: "OrderValidated"}
    ///   - {topic: "onex.evt.shop.order-refused.v1", event_type: "OrderRefused"}
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
    TopicPlaceholder, "topic-placeholder", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for topic in
        wiring::topics(subject.contract).filter(|topic| wiring::has_placeholder(&topic.value))
    {
        let message = format!("no runtime fills in the placeholder of `{}`", topic.value);
        let finding = subject.finding(subject.wiring_severity(), ID, topic.span, message);
        found.push(
            finding.help(
                "write it as `onex.<evt|cmd>.<producer>.<event>.v1`, without the environment",
            ),
        );
    }
}
