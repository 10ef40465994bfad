use crate::diagnostic::guess;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::wiring;
use crate::lint::{Subject, rule};

rule! {
    /// An event is published on a topic that the event bus does not list.
    ///
    /// # What it checks
    ///
    /// That the topics of `published_events` are in `event_bus.publish_topics`, where that is given.
    ///
    /// # Why
    ///
    /// Topics are provisioned from `publish_topics`: on a broker that creates no topics by itself, publishing
    /// fails.
    ///
    /// # Example
    ///
    /// ```yaml
    /// published_events:
    ///   - {topic: "onex.evt.shop.order-validated.v1", event_type: "OrderValidated"}
    ///   - {topic: "onex.evt.shop.order-refused.v1", event_type: "OrderRefused"}
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
    UndeclaredPublishTopic, "undeclared-publish-topic", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let listed = wiring::published(subject.contract);
    if listed.is_empty() {
        return;
    }
    for topic in subject.contract.published_events.iter().filter_map(|event| event.topic.as_ref()) {
        if wiring::has_placeholder(&topic.value)
            || listed.iter().any(|known| known.value == topic.value)
        {
            continue;
        }
        let message = format!("`{}` is not in `event_bus.publish_topics`", topic.value);
        let help = guess(found, &topic.value, listed.iter().map(|known| known.value.as_str()))
            .map_or_else(
                || "add it there".to_owned(),
                |near| format!("did you mean `{near}`? Otherwise add it there"),
            );
        found.push(subject.finding(Severity::Warning, ID, topic.span, message).help(help));
    }
}
