//! Which message goes to which handler.

use heck::ToUpperCamelCase;

use super::class;
use super::reader::{Known, Reader};
use crate::contract::yaml::{Kind, Yaml};
use crate::contract::{ClassRef, Routing, RoutingEntry};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;

const ROUTING: Known = Known {
    place: "of `handler_routing`",
    read: &["version", "routing_strategy", "handlers", "default_handler"],
    other: &["handler", "execution_mode", "aggregation_strategy", "handler_dependencies"],
};

const ENTRY: Known = Known {
    place: "of a routing entry",
    read: &[
        "handler",
        "event_model",
        "operation",
        "event_type",
        "message_category",
        "topic",
        "subscribe_topic",
        "output_events",
        "output_intents",
        "description",
        "handler_class",
        "handler_module",
        "handler_key",
        "routing_key",
    ],
    other: &[
        "handler_type",
        "handler_id",
        "operations",
        "supported_operations",
        "input_model",
        "output_model",
        "output_fields",
        "payload_type",
        "priority",
        "event_pattern",
        "output_topic",
        "publish_topic",
    ],
};

const ROUTING_FORM: &str =
    "handler_routing: {routing_strategy: payload_type_match, handlers: [..]}";
const ENTRY_FORM: &str = "{event_model: {name: .., module: ..}, handler: {name: .., module: ..}}";

/// `handler_routing`, a top-level `handler:` or a `default_handler`, as one.
pub(super) fn routing(reader: &mut Reader<'_>, root: &Yaml) -> Option<Routing> {
    let places = ["handler_routing", "handler", "default_handler"];
    let mut keys = places.iter().filter_map(|key| root.entry(key));
    let span = keys.find(|(_, value)| !value.is_null()).map(|(key, _)| key.span)?;

    let block = reader.mapping(root, "handler_routing", ROUTING_FORM);
    let mut routing =
        Routing { span, version: None, strategy: None, entries: Vec::new(), default_handler: None };
    let mut listed = &[][..];
    if let Some(block) = block {
        reader.near_misses(block, &ROUTING);
        routing.version = reader.version(block, "version");
        routing.strategy = reader.text(block, "routing_strategy");
        listed = reader.list(block, "handlers", &format!("handlers: [{ENTRY_FORM}]"));
        routing.entries = listed.iter().filter_map(|item| entry(reader, item)).collect();
    }
    // The list counts where it has anything in it, even if none of that can be read.
    let single = if listed.is_empty() { single_handler(reader, root) } else { None };
    let alone = listed.is_empty() && single.is_none();
    let default = block.and_then(|block| reader.value(block, "default_handler"));
    let default = default.or_else(|| reader.value(root, "default_handler"));
    routing.default_handler = default.and_then(|value| default_handler(reader, value, alone));
    let fallback = || routing.default_handler.clone().filter(|_| alone).map(bare);
    routing.entries.extend(single.or_else(fallback));
    Some(routing)
}

/// A handler that is called for everything.
fn bare(handler: ClassRef) -> RoutingEntry {
    RoutingEntry {
        span: handler.span,
        handler,
        event_model: None,
        operation: None,
        event_type: None,
        message_category: None,
        topic: None,
        subscribe_topic: None,
        output_events: Vec::new(),
        output_intents: Vec::new(),
        description: None,
    }
}

/// The top-level `handler:` block, whose `input_model` is what arrives.
fn single_handler(reader: &mut Reader<'_>, root: &Yaml) -> Option<RoutingEntry> {
    let block = reader.value(root, "handler")?;
    let handler = reader.class_of(block, "handler", class::HANDLER)?;
    let event_model = reader.class(block, "input_model", class::MODEL);
    Some(RoutingEntry { event_model, ..bare(handler) })
}

/// `default_handler`: a class, or a key such as `handler-order-placed`. Where it is not the only handler, it may
/// also be the name of a backend, which is no class.
fn default_handler(reader: &mut Reader<'_>, node: &Yaml, alone: bool) -> Option<ClassRef> {
    let text = node.as_str().unwrap_or_default();
    let key = text.starts_with("handler-") || text.starts_with("handler_");
    if key && !text.contains(['.', ':', '/']) {
        return handler_by_key(reader, node);
    }
    let class = text.is_empty()
        || text.contains([':', '.'])
        || text.starts_with(|c: char| c.is_ascii_uppercase());
    if class {
        return reader.class_of(node, "default_handler", class::HANDLER);
    }
    if alone {
        let message = format!("`default_handler` is `{text}`, which names no class");
        let error = Diagnostic::error("class-reference", reader.file, node.span, message)
            .label("the only handler of this contract")
            .help("write it as `default_handler: \"handlers/handler_order_placed:HandlerOrderPlaced\"`");
        reader.push(error);
    }
    None
}

fn entry(reader: &mut Reader<'_>, node: &Yaml) -> Option<RoutingEntry> {
    match node.kind {
        Kind::Scalar(_) if node.as_str().is_some() => {
            return reader.class_of_text(node, "handlers", class::HANDLER).map(bare);
        }
        Kind::Scalar(_) | Kind::Sequence(_) => {
            reader.wrong(node, "a routing entry", "a mapping", ENTRY_FORM);
            return None;
        }
        Kind::Mapping(_) => reader.near_misses(node, &ENTRY),
    }
    let handler = handler(reader, node);
    let (event_model, operation) = event_model_and_operation(reader, node);
    let entry = RoutingEntry {
        span: node.span,
        event_model,
        operation,
        event_type: reader.text(node, "event_type"),
        message_category: reader.text(node, "message_category"),
        topic: reader.text(node, "topic"),
        subscribe_topic: reader.text(node, "subscribe_topic"),
        output_events: output_events(reader, node),
        output_intents: reader.texts(node, "output_intents", "output_intents: [payment.process]"),
        description: reader.prose(node, "description"),
        // Everything else is read before the handler is asked for, so that all mistakes are named.
        handler: handler?,
    };
    Some(entry)
}

fn handler(reader: &mut Reader<'_>, node: &Yaml) -> Option<ClassRef> {
    if reader.value(node, "handler").is_some() {
        return reader.class(node, "handler", class::HANDLER);
    }
    if let Some(class) = reader.value(node, "handler_class") {
        let found = reader.class_of(class, "handler_class", "HandlerOrderPlaced")?;
        let module = reader.text(node, "handler_module");
        return Some(ClassRef { module: module.or(found.module), ..found });
    }
    if let Some(key) = reader.value(node, "handler_key") {
        return handler_by_key(reader, key);
    }
    let error = Diagnostic::error(
        "handler-missing",
        reader.file,
        node.span,
        "a routing entry names no handler",
    )
    .label("no `handler` here")
    .help(format!("add `handler: {}`", class::HANDLER));
    reader.push(error);
    None
}

/// `HandlerX`, `pkg.mod.HandlerX`, or the id of a handler: `handler-x`, `handler_x`.
fn handler_by_key(reader: &mut Reader<'_>, node: &Yaml) -> Option<ClassRef> {
    let mut class = reader.class_of_text(node, "handler_key", "HandlerOrderPlaced")?;
    let name = &class.name.value;
    if class.module.is_none() && !name.starts_with(|c: char| c.is_ascii_uppercase()) {
        class.name = class.name.map(|name| name.to_upper_camel_case());
    }
    Some(class)
}

/// `event_model` and `operation`; a `routing_key` is the one if it names a class, else the other.
fn event_model_and_operation(
    reader: &mut Reader<'_>,
    node: &Yaml,
) -> (Option<ClassRef>, Option<Spanned<String>>) {
    let mut event_model = reader.class(node, "event_model", class::MODEL);
    let mut operation = reader.text(node, "operation");
    let Some(key) = reader.value(node, "routing_key") else { return (event_model, operation) };
    if names_a_class(key) {
        if reader.value(node, "event_model").is_none() {
            event_model = reader.class_of_text(key, "routing_key", "ModelOrderPlacedEvent");
        }
    } else if operation.is_none() {
        operation = reader.text_of(key, "routing_key");
    }
    (event_model, operation)
}

/// Whether the last part of a text is written as classes are: `ModelX`, `pkg.mod.ModelX`.
fn names_a_class(node: &Yaml) -> bool {
    let name = node.as_str().unwrap_or_default().rsplit(['.', ':']).next().unwrap_or_default();
    let begins = name.starts_with(|c: char| c.is_ascii_uppercase());
    let shouts = !name.chars().any(|c| c.is_ascii_lowercase());
    begins && !shouts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Class names; a reference with a module becomes a dotted path.
fn output_events(reader: &mut Reader<'_>, node: &Yaml) -> Vec<Spanned<String>> {
    let example = "output_events: [ModelOrderValidated]";
    let items = reader.list(node, "output_events", example);
    let mut events = Vec::new();
    for item in items {
        if item.as_mapping().is_none() {
            events.extend(reader.item(item, "output_events", example));
            continue;
        }
        let Some(class) = reader.class_of(item, "output_events", class::MODEL) else { continue };
        let name = &class.name.value;
        let text =
            class.module.map_or_else(|| name.clone(), |module| format!("{}.{name}", module.value));
        events.push(Spanned::new(text, class.span));
    }
    events
}
