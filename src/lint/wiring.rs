//! How the framework's auto-wiring reads a contract: which topics an entry gets, and what a topic says.
//!
//! The rules of `omnibase_infra.runtime.auto_wiring.handler_wiring`, as data; nothing is reported here.

use crate::contract::{Contract, RoutingEntry};
use crate::source::Spanned;

/// What a topic's name says about the messages on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TopicKind {
    /// `evt` or `events`.
    Event,
    /// `cmd` or `commands`.
    Command,
    /// `intent` or `intents`.
    Intent,
}

impl TopicKind {
    /// The category that a topic's name carries; nothing where it carries none.
    #[must_use]
    pub fn of(topic: &str) -> Option<Self> {
        let topic = topic.to_lowercase();
        let segments: Vec<&str> = topic.split('.').collect();
        if segments.len() < 2 {
            return None;
        }
        let words = [
            (Self::Event, ["events", "evt"]),
            (Self::Command, ["commands", "cmd"]),
            (Self::Intent, ["intents", "intent"]),
        ];
        let known = |(_, names): &(Self, [&str; 2])| names.iter().any(|n| segments.contains(n));
        words.into_iter().find(known).map(|(kind, _)| kind)
    }

    /// The word of `message_category`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Event => "EVENT",
            Self::Command => "COMMAND",
            Self::Intent => "INTENT",
        }
    }
}

/// The alias that a topic goes by in `event_type`: `onex.evt.orders.order-placed.v1` is `orders.order-placed`.
#[must_use]
pub fn alias(topic: &str) -> Option<String> {
    let segments: Vec<&str> = topic.split('.').collect();
    match segments.as_slice() {
        ["onex", _, producer, event, _] => Some(format!("{producer}.{event}")),
        _ => None,
    }
}

/// Why a topic is not of the form that the framework's models want; nothing where it is.
#[must_use]
pub fn topic_problem(topic: &str) -> Option<String> {
    let segments: Vec<&str> = topic.split('.').collect();
    let [prefix, kind, producer, event, version] = segments.as_slice() else {
        return Some(format!("it has {} segments and must have five", segments.len()));
    };
    if *prefix != "onex" {
        return Some(format!("it begins with `{prefix}` and must begin with `onex`"));
    }
    if !["cmd", "evt", "dlq", "intent", "snapshot"].contains(kind) {
        return Some(format!(
            "its kind is `{kind}`, and must be cmd, evt, dlq, intent or snapshot"
        ));
    }
    if let Some(part) = [producer, event].into_iter().find(|part| !is_kebab(part)) {
        return Some(format!("`{part}` is not lower-case words with `-` between them"));
    }
    let number = version.strip_prefix('v').and_then(|digits| digits.parse::<u32>().ok());
    if number.is_none_or(|number| number == 0) {
        return Some(format!("it ends in `{version}` and must end in a version such as `v1`"));
    }
    None
}

fn is_kebab(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split('-').all(word)
}

/// Whether a topic holds a placeholder such as `{env}`.
#[must_use]
pub fn has_placeholder(topic: &str) -> bool {
    topic.contains(['{', '}', '$'])
}

/// Whether the auto-wiring leaves the contract's topics to a plugin.
#[must_use]
pub fn is_left_to_a_plugin(contract: &Contract) -> bool {
    let bus = contract.root.get("event_bus");
    bus.and_then(|bus| bus.get("plugin_managed")?.as_bool()).unwrap_or_default()
}

/// The topics that the node subscribes to.
#[must_use]
pub fn subscribed(contract: &Contract) -> &[Spanned<String>] {
    contract.event_bus.as_ref().map_or(&[], |bus| bus.subscribe_topics.as_slice())
}

/// The topics that the node publishes to.
#[must_use]
pub fn published(contract: &Contract) -> &[Spanned<String>] {
    contract.event_bus.as_ref().map_or(&[], |bus| bus.publish_topics.as_slice())
}

/// Every topic that the contract names.
pub fn topics(contract: &Contract) -> impl Iterator<Item = &Spanned<String>> {
    let entries = contract.routing.iter().flat_map(|routing| &routing.entries);
    let of_entries = entries.flat_map(|entry| [&entry.topic, &entry.subscribe_topic]).flatten();
    let events = contract.published_events.iter().filter_map(|event| event.topic.as_ref());
    let bus = subscribed(contract).iter().chain(published(contract));
    bus.chain(&contract.terminal_event).chain(events).chain(of_entries)
}

/// The subscribed topics that the auto-wiring gives to an entry, of so many.
#[must_use]
pub fn topics_of<'a>(contract: &'a Contract, entry: &RoutingEntry, entries: usize) -> Vec<&'a str> {
    let topics = subscribed(contract).iter().map(|topic| topic.value.as_str());
    if let Some(own) = &entry.topic {
        return topics.filter(|topic| *topic == own.value.trim()).collect();
    }
    if let Some(kind) = &entry.event_type {
        let kind = kind.value.trim();
        let matches = |topic: &&str| *topic == kind || alias(topic).as_deref() == Some(kind);
        return topics.filter(matches).collect();
    }
    let topics: Vec<&str> = topics.collect();
    if entry.event_model.is_none() || topics.len() == 1 || entries == 1 {
        topics
    } else {
        Vec::new()
    }
}

/// The name under which `published_events` lists a class: without `Model` in front.
#[must_use]
pub fn event_name(class: &str) -> &str {
    let class = class.rsplit('.').next().unwrap_or(class);
    class.strip_prefix("Model").filter(|rest| !rest.is_empty()).unwrap_or(class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_tell_their_kind_and_alias() {
        assert_eq!(TopicKind::of("onex.evt.a.b.v1"), Some(TopicKind::Event));
        assert_eq!(TopicKind::of("dev.orders.COMMANDS.v1"), Some(TopicKind::Command));
        assert_eq!(TopicKind::of("onex.dlq.a.b.v1"), None);
        assert_eq!(TopicKind::of("evt"), None);
        assert_eq!(alias("onex.cmd.shop.place.v2").as_deref(), Some("shop.place"));
        assert_eq!(alias("{env}.{ns}.orders.evt.order-placed.v1"), None);
    }

    #[test]
    fn topics_that_the_models_refuse_say_why() {
        assert_eq!(topic_problem("onex.evt.shop.order-placed.v1"), None);
        assert_eq!(topic_problem("onex.snapshot.a.b1-c.v12"), None);
        for (topic, why) in [
            ("onex.evt.shop.v1", "four"),
            ("acme.evt.shop.order.v1", "acme"),
            ("onex.event.shop.order.v1", "kind"),
            ("onex.evt.my_shop.order.v1", "my_shop"),
            ("onex.evt.shop.order--placed.v1", "order--placed"),
            ("onex.evt.shop.order.v0", "v0"),
            ("onex.evt.shop.Order.v1", "Order"),
        ] {
            let problem = topic_problem(topic).unwrap();
            assert!(
                problem.contains(why) || why == "four" && problem.contains('4'),
                "{topic}: {problem}"
            );
        }
    }

    #[test]
    fn events_are_listed_without_model() {
        assert_eq!(event_name("ModelOrderPlaced"), "OrderPlaced");
        assert_eq!(event_name("shop.models.ModelOrderPlaced"), "OrderPlaced");
        assert_eq!(event_name("Model"), "Model");
    }
}
