//! The topics that a contract's messages belong to, named as the framework names them.

use std::collections::BTreeMap;

use heck::ToKebabCase;

use crate::contract::{Contract, RoutingEntry};
use crate::lint::{local, wiring};
use crate::project::Project;

/// What topics are named after.
pub(super) struct Topics {
    /// The third segment.
    producer: String,
}

impl Topics {
    /// The producer is the project's choice, else that of the most topics in the contract, else the package.
    pub(super) fn of(contract: &Contract, project: &Project) -> Self {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for topic in wiring::topics(contract) {
            let topic = plain(&topic.value).unwrap_or_else(|| topic.value.clone());
            if wiring::topic_problem(&topic).is_none()
                && let Some(producer) = topic.split('.').nth(2)
            {
                *counts.entry(producer.to_owned()).or_default() += 1;
            }
        }
        let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
        let producer = project.scaffold.producer.clone().or(most.map(|(producer, _)| producer));
        Self { producer: producer.unwrap_or_else(|| project.package.as_str().to_kebab_case()) }
    }

    /// The topic of an entry: the one it names, else the subscribed one that fits its event, else a new one where
    /// nothing is subscribed to.
    pub(super) fn of_entry(
        &self,
        contract: &Contract,
        entry: &RoutingEntry,
        index: usize,
    ) -> Option<String> {
        let named = entry.topic.as_ref().or(entry.subscribe_topic.as_ref());
        if let Some(topic) = named {
            return Some(plain(&topic.value).unwrap_or_else(|| topic.value.clone()));
        }
        let own = self.incoming(entry);
        let subscribed = wiring::subscribed(contract);
        if subscribed.is_empty() {
            return own;
        }
        let event = |topic: &str| topic.split('.').nth(3).map(str::to_owned);
        let wanted = own.as_deref().and_then(event);
        let fits = |topic: &&str| wanted.is_some() && event(topic) == wanted;
        let fitting: Vec<&str> =
            subscribed.iter().map(|topic| topic.value.as_str()).filter(fits).collect();
        match fitting.as_slice() {
            [one] => Some((*one).to_owned()),
            // Of several, the place in the list decides, as it does for RuntimeLocal.
            several => {
                let here = local::input_topic(contract, entry, index)?;
                several.iter().find(|topic| **topic == here).map(|topic| (*topic).to_owned())
            }
        }
    }

    /// `onex.evt.orders.order-placed.v1` for `ModelOrderPlacedEvent`.
    fn incoming(&self, entry: &RoutingEntry) -> Option<String> {
        let class = &entry.event_model.as_ref()?.name.value;
        let declared = entry.message_category.as_ref().map(|said| said.value.to_uppercase());
        let is_command = match declared.as_deref() {
            Some("COMMAND") => true,
            Some(_) => false,
            None => class.contains("Command"),
        };
        self.named(if is_command { "cmd" } else { "evt" }, class)
    }

    fn named(&self, kind: &str, class: &str) -> Option<String> {
        let name = wiring::event_name(class);
        let endings = ["Event", "Command"];
        let word = endings.iter().find_map(|end| name.strip_suffix(end)).filter(|w| !w.is_empty());
        let event = word.unwrap_or(name).to_kebab_case();
        let topic = format!("onex.{kind}.{}.{event}.v1", self.producer);
        wiring::topic_problem(&topic).is_none().then_some(topic)
    }

    /// The output events that have no topic, with the topics that they are to have.
    pub(super) fn unpublished(&self, contract: &Contract) -> Vec<(String, String)> {
        let entries = || contract.routing.iter().flat_map(|routing| &routing.entries);
        let listed = contract.published_events.iter().filter_map(|event| event.event_type.as_ref());
        let mut known: Vec<&str> = listed.map(|kind| wiring::event_name(&kind.value)).collect();
        let mut missing = Vec::new();
        for output in entries().flat_map(|entry| &entry.output_events) {
            let class = output.value.rsplit('.').next().unwrap_or(&output.value);
            let name = wiring::event_name(class);
            let is_class = class.starts_with(|c: char| c.is_ascii_uppercase());
            let consumed = entries().any(|entry| {
                entry.event_model.as_ref().is_some_and(|model| model.name.value == class)
            });
            if !is_class || consumed || known.contains(&name) {
                continue;
            }
            known.push(name);
            missing.extend(self.named("evt", class).map(|topic| (name.to_owned(), topic)));
        }
        missing
    }

    /// Every topic that events are published on: that of the first entry's first output comes first.
    pub(super) fn publish(&self, contract: &Contract) -> Vec<String> {
        let mut topics: Vec<(String, String)> = contract
            .published_events
            .iter()
            .filter_map(|event| {
                let topic = &event.topic.as_ref()?.value;
                let name = event.event_type.as_ref().map(|kind| wiring::event_name(&kind.value));
                let topic = plain(topic).unwrap_or_else(|| topic.clone());
                Some((name.unwrap_or_default().to_owned(), topic))
            })
            .collect();
        topics.extend(self.unpublished(contract));
        let first = contract.routing.iter().flat_map(|routing| &routing.entries).next();
        let output = first.and_then(|entry| entry.output_events.first());
        if let Some(output) = output {
            let name = wiring::event_name(&output.value);
            topics.sort_by_key(|(known, _)| known != name);
        }
        topics.into_iter().map(|(_, topic)| topic).collect()
    }
}

/// The form that a topic of the template stands for: `{env}.{namespace}.orders.evt.order-validated.v1` is
/// `onex.evt.orders.order-validated.v1`. Nothing where it is no such topic.
pub(super) fn plain(topic: &str) -> Option<String> {
    if !wiring::has_placeholder(topic) {
        return None;
    }
    let segments: Vec<&str> = topic.split('.').collect();
    let [front @ .., producer, kind, event, version] = segments.as_slice() else { return None };
    let is_placeholder = |segment: &&str| segment.starts_with('{') && segment.ends_with('}');
    if front.is_empty() || !front.iter().all(is_placeholder) {
        return None;
    }
    let plain = format!("onex.{kind}.{producer}.{event}.{version}");
    wiring::topic_problem(&plain).is_none().then_some(plain)
}
