//! What of a contract the framework's models would refuse although it is clear what is meant.
//!
//! The generated contract test holds the contract against those models; it mends these in memory and says so,
//! so that it passes from day one and still shows what a runtime would complain of.

use super::{Mend, Strategy};
use crate::contract::Contract;
use crate::contract::yaml::{Kind, Value, Yaml};

/// The members of the framework's `EnumNodeType` that an orchestrator's contract may name, in any case.
pub(super) const NODE_TYPES: [&str; 2] = ["orchestrator_generic", "workflow"];

/// Everything to mend, in a fixed order.
#[must_use]
pub(super) fn mends(contract: &Contract) -> Vec<Mend> {
    let root = &contract.root;
    let kind = contract.node_type.as_ref().map(|kind| kind.value.to_lowercase());
    let version_is_mapping = |version: &Option<&Yaml>| version.is_some_and(is_mapping);
    let routing = value(root, "handler_routing");
    let needed = [
        (Mend::ContractVersion, !version_is_mapping(&value(root, "contract_version"))),
        (Mend::NodeType, !kind.is_some_and(|kind| NODE_TYPES.contains(&kind.as_str()))),
        (Mend::VersionKey, value(root, "version").is_some()),
        (
            Mend::RoutingVersion,
            routing.is_some_and(|routing| !version_is_mapping(&value(routing, "version"))),
        ),
        (Mend::Entries, !routing.is_some_and(is_readable)),
    ];
    needed.into_iter().filter_map(|(mend, needed)| needed.then_some(mend)).collect()
}

/// Whether the framework's routing model reads the entries as they are spelt.
fn is_readable(routing: &Yaml) -> bool {
    let strategy = value(routing, "routing_strategy");
    let strategy_is_known = strategy.is_none_or(|strategy| {
        text(strategy).is_some_and(|text| Strategy::ALL.iter().any(|known| known.as_str() == text))
    });
    let default = value(routing, "default_handler");
    let default_is_text = default.is_none_or(|default| text(default).is_some() || is_null(default));
    let entries_are_nested = match value(routing, "handlers").map(|handlers| &handlers.kind) {
        Some(Kind::Sequence(entries)) => entries.iter().all(entry_is_nested),
        Some(Kind::Scalar(_) | Kind::Mapping(_)) | None => false,
    };
    strategy_is_known && default_is_text && entries_are_nested
}

fn entry_is_nested(entry: &Yaml) -> bool {
    let texts = ["operation", "event_type", "message_category", "topic"];
    let optional_text =
        |key: &str| value(entry, key).is_none_or(|v| text(v).is_some() || is_null(v));
    value(entry, "handler").is_some_and(is_class_mapping)
        && value(entry, "event_model").is_none_or(|model| is_class_mapping(model) || is_null(model))
        && texts.iter().all(|key| optional_text(key))
}

/// `{name, module}` and nothing else: the framework's reference model forbids more.
fn is_class_mapping(reference: &Yaml) -> bool {
    let Kind::Mapping(entries) = &reference.kind else { return false };
    let known = |(key, value): &(Yaml, Yaml)| {
        matches!(text(key), Some("name" | "module"))
            && text(value).is_some_and(|text| !text.is_empty())
    };
    entries.len() == 2 && entries.iter().all(known)
}

fn value<'y>(mapping: &'y Yaml, key: &str) -> Option<&'y Yaml> {
    let Kind::Mapping(entries) = &mapping.kind else { return None };
    entries.iter().find(|(name, _)| text(name) == Some(key)).map(|(_, value)| value)
}

fn is_mapping(node: &Yaml) -> bool {
    matches!(node.kind, Kind::Mapping(_))
}

fn is_null(node: &Yaml) -> bool {
    matches!(&node.kind, Kind::Scalar(scalar) if scalar.value == Value::Null)
}

fn text(node: &Yaml) -> Option<&str> {
    match &node.kind {
        Kind::Scalar(scalar) if scalar.value == Value::String => Some(&scalar.text),
        Kind::Scalar(_) | Kind::Sequence(_) | Kind::Mapping(_) => None,
    }
}
