//! How RuntimeLocal reads a contract: which topic an entry listens to, and where its output goes.
//!
//! The rules of `omnibase_core.runtime.runtime_local`, as data; nothing is reported here.

use super::wiring::{published, subscribed};
use crate::contract::{Contract, RoutingEntry, Yaml};

/// The topic that an entry listens to: its `subscribe_topic`, else the one in its place of the list.
#[must_use]
pub fn input_topic<'a>(
    contract: &'a Contract,
    entry: &'a RoutingEntry,
    index: usize,
) -> Option<&'a str> {
    let positional = || subscribed(contract).get(index).map(|topic| topic.value.as_str());
    entry.subscribe_topic.as_ref().map(|topic| topic.value.as_str()).or_else(positional)
}

/// The topic that whatever an entry returns is published to.
#[must_use]
pub fn output_topic<'a>(
    contract: &'a Contract,
    entries: &'a [RoutingEntry],
    index: usize,
) -> Option<&'a str> {
    let entry = entries.get(index)?;
    let first_published = published(contract).first().map(|topic| topic.value.as_str());
    let Some(output) = entry.output_events.first() else {
        input_topic(contract, entry, index)?;
        let terminal = contract.terminal_event.as_ref().map(|topic| topic.value.as_str());
        let listed =
            terminal.filter(|topic| published(contract).iter().any(|t| t.value == **topic));
        return listed.or(first_published);
    };
    let takes = |entry: &RoutingEntry| {
        entry.event_model.as_ref().is_some_and(|model| model.name.value == output.value)
    };
    match entries.iter().enumerate().rev().find(|(_, entry)| takes(entry)) {
        Some((next, entry)) => input_topic(contract, entry, next),
        None => first_published,
    }
}

/// The topics that end a run.
#[must_use]
pub fn terminals(contract: &Contract) -> Vec<&str> {
    let listed = contract.root.get("runtime_dispatch").and_then(|r| r.get("terminal_events"));
    let listed = listed.and_then(Yaml::as_sequence).unwrap_or_default();
    let own = contract.terminal_event.as_ref().map(|topic| topic.value.as_str());
    own.into_iter().chain(listed.iter().filter_map(Yaml::as_str)).collect()
}
