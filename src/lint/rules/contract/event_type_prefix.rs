use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::wiring;
use crate::lint::{Subject, rule};

rule! {
    /// An event type of `published_events` begins with `Model`.
    ///
    /// # What it checks
    ///
    /// That `event_type` of `published_events` is the class name without `Model` in front.
    ///
    /// # Why
    ///
    /// The framework looks for the short name first and for the class name second: the long form works, and is
    /// not what the framework's own contracts and tools write.
    ///
    /// # Example
    ///
    /// ```yaml
    /// published_events:
    ///   - {topic: "onex.evt.shop.order-validated.v1", event_type: "OrderValidated"}
    ///   - {topic: "onex.evt.shop.order-refused.v1", event_type: "OrderRefused"}
    ///   - {topic: "onex.evt.shop.order-paid.v1", event_type: "ModelOrderPaid"}
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
    EventTypePrefix, "event-type-prefix", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let kinds = subject.contract.published_events.iter().filter_map(|e| e.event_type.as_ref());
    for kind in kinds {
        let short = wiring::event_name(&kind.value);
        if short != kind.value {
            let message = format!("the event type `{}` is a class name", kind.value);
            let finding = subject.finding(Severity::Warning, ID, kind.span, message);
            found.push(finding.help(format!("write `event_type: {short}`")));
        }
    }
}
