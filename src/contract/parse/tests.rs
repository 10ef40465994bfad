//! Tests of the stage, by what contracts say.

use super::*;
use crate::contract::{ClassRef, Constraint, Contract, RoutingEntry, Version, yaml};
use crate::diagnostic::Severity;

/// The contract of a text in which nothing is wrong.
fn clean(text: &str) -> Contract {
    let (contract, found) = parse(&SourceFile::new("contract.yaml", text));
    assert_eq!(found, [], "{text}");
    contract.unwrap()
}

/// Rule and place of everything that is wrong with a text.
fn complaints(text: &str) -> Vec<(&'static str, String)> {
    let file = SourceFile::new("contract.yaml", text);
    let (_, found) = parse(&file);
    for d in &found {
        assert!(d.help.is_some(), "no next step: {}", d.message);
    }
    found.iter().map(|d| (d.rule, file.slice(d.primary.span).to_owned())).collect()
}

fn complaint(text: &str) -> (&'static str, String) {
    let found = complaints(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.into_iter().next().unwrap()
}

fn message(text: &str) -> String {
    let (_, found) = parse(&SourceFile::new("contract.yaml", text));
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.into_iter().next().unwrap().message
}

fn class(class: &ClassRef) -> String {
    let module = class.module.as_ref().map_or("-", |module| module.value.as_str());
    format!("{module} {}", class.name.value)
}

fn texts(list: &[Spanned<String>]) -> Vec<&str> {
    list.iter().map(|text| text.value.as_str()).collect()
}

/// The entries of a routing block that is given as the items of `handlers`.
fn entries(items: &str) -> Vec<RoutingEntry> {
    clean(&format!("handler_routing:\n  handlers:\n{items}")).routing.unwrap().entries
}

fn entry(item: &str) -> RoutingEntry {
    let mut entries = entries(&format!("    - {item}\n"));
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

const SEED: &str = include_str!("../../../tests/contracts/seed_contract.yaml");

/// The other contracts that the project brings along.
const SAMPLES: [&str; 3] = [
    include_str!("../../../tests/contracts/node_order_dual_orchestrator.yaml"),
    include_str!("../../../tests/contracts/node_order_local_orchestrator.yaml"),
    include_str!("../../../tests/contracts/node_order_workflow_orchestrator.yaml"),
];

#[test]
fn the_seed_is_read_whole() {
    let contract = clean(SEED);
    assert_eq!(contract.name.unwrap().value, "node_order_workflow_orchestrator");
    assert_eq!(contract.node_type.unwrap().value, "ORCHESTRATOR_GENERIC");
    let version = Version { major: 1, minor: 0, patch: 0, as_text: false };
    assert_eq!(contract.contract_version.unwrap().value, version);
    assert_eq!(contract.node_version.unwrap().value, Version { as_text: true, ..version });
    assert_eq!(contract.description.unwrap().value, "Coordinates the order processing workflow.");
    let input = "omnibase_core.models.orchestrator.model_orchestrator_input ModelOrchestratorInput";
    assert_eq!(class(&contract.input_model.unwrap()), input);
    assert!(contract.event_bus.is_none() && contract.terminal_event.is_none());

    let workflow = contract.workflow.unwrap();
    assert_eq!(workflow.name.unwrap().value, "order_processing_workflow");
    assert_eq!(workflow.execution_mode.unwrap().value, "sequential");
    assert_eq!(workflow.failure_recovery_strategy.unwrap().value, "retry");
    let steps: Vec<_> = workflow.steps.iter().map(|step| step.id.value.as_str()).collect();
    assert_eq!(steps, ["receive_order", "validate_order", "compute_state", "process_payment"]);
    assert_eq!(texts(&workflow.steps[1].depends_on), ["receive_order"]);
    assert_eq!(workflow.steps[3].node_type.as_ref().unwrap().value, "EFFECT_GENERIC");

    let routing = contract.routing.unwrap();
    assert_eq!(contract.file.slice(routing.span), "handler_routing");
    assert_eq!(routing.strategy.unwrap().value, "payload_type_match");
    assert!(routing.version.is_none());
    let second = &routing.entries[1];
    let module = "myapp.nodes.node_order_workflow_orchestrator.handlers.handler_order_fulfilled";
    assert_eq!(class(&second.handler), format!("{module} HandlerOrderFulfilled"));
    assert_eq!(
        class(second.event_model.as_ref().unwrap()),
        "myapp.models.events ModelOrderFulfilledEvent"
    );
    assert_eq!(texts(&second.output_events), ["ModelOrderCompleted"]);
    assert_eq!(contract.file.position(second.span.start).line, 70);

    let first = &contract.published_events[0];
    assert_eq!(
        first.topic.as_ref().unwrap().value,
        "{env}.{namespace}.orders.evt.order-validated.v1"
    );
    assert_eq!(first.event_type.as_ref().unwrap().value, "OrderValidated");
    let intents: Vec<_> = contract
        .intents
        .iter()
        .map(|i| (i.intent_type.value.as_str(), i.target.value.as_str()))
        .collect();
    let expected = [
        ("payment.process", "node_payment_effect"),
        ("fulfillment.start", "node_fulfillment_effect"),
    ];
    assert_eq!(intents, expected);
}

#[test]
fn the_other_samples_are_read_whole() {
    for (text, entries) in SAMPLES.into_iter().zip([1, 1, 2]) {
        let contract = clean(text);
        let bus = contract.event_bus.unwrap();
        assert!(bus.version.is_some());
        let routing = contract.routing.unwrap();
        assert_eq!(routing.entries.len(), entries);
        assert!(routing.version.is_some());
        for entry in &routing.entries {
            let topic = entry.topic.as_ref().unwrap().value.as_str();
            assert!(texts(&bus.subscribe_topics).contains(&topic));
            assert_eq!(entry.subscribe_topic.as_ref().unwrap().value, topic);
            assert_eq!(entry.message_category.as_ref().unwrap().value, "EVENT");
            assert!(entry.operation.is_some() && entry.event_type.is_some());
        }
        let terminal = contract.terminal_event.unwrap().value;
        assert!(texts(&bus.publish_topics).contains(&terminal.as_str()));
    }
}

#[test]
fn a_name_has_three_places() {
    assert_eq!(clean("contract_name: c\nnode_name: b\nname: a").name.unwrap().value, "a");
    assert_eq!(clean("contract_name: c\nnode_name: b\nname:").name.unwrap().value, "b");
    assert_eq!(clean("contract_name: c").name.unwrap().value, "c");
    assert!(clean("{}").name.is_none());
}

#[test]
fn what_is_no_mapping_is_no_contract() {
    for (text, what) in [("", "empty"), ("- a", "a list"), ("a", "text"), ("7", "the number 7")] {
        let (contract, found) = parse(&SourceFile::new("contract.yaml", text));
        assert!(contract.is_none());
        let expected =
            format!("a contract is a mapping of keys to values, and this file is {what}");
        assert_eq!(found.iter().map(|d| d.message.as_str()).collect::<Vec<_>>(), [expected]);
    }
}

#[test]
fn versions_are_mappings_or_text_and_never_an_error() {
    let version =
        |text: &str| clean(&format!("node_version: {text}")).node_version.map(|v| v.value);
    let one = Version { major: 1, minor: 2, patch: 3, as_text: true };
    assert_eq!(version("1.2.3"), Some(one.clone()));
    assert_eq!(version("\"1.2.3-rc.1+5\""), Some(one.clone()));
    assert_eq!(version("{major: 1, minor: 2, patch: 3}"), Some(Version { as_text: false, ..one }));
    for text in
        ["1.2", "1", "one", "[1]", "{major: 1}", "{major: -1, minor: 0, patch: 0}", "1.2.3.4", "~"]
    {
        assert_eq!(version(text), None, "{text}");
    }
}

#[test]
fn classes_are_read_in_every_spelling() {
    let model = |text: &str| class(&clean(&format!("input_model: {text}")).input_model.unwrap());
    assert_eq!(model("{name: ModelX, module: a.b}"), "a.b ModelX");
    assert_eq!(model("{class: ModelX, module: a.b}"), "a.b ModelX");
    assert_eq!(model("{name: a.b.ModelX}"), "a.b ModelX");
    assert_eq!(model("a.b.ModelX"), "a.b ModelX");
    assert_eq!(model("\"a.b:ModelX\""), "a.b ModelX");
    assert_eq!(model("ModelX"), "- ModelX");
    assert_eq!(model("{name: ModelX, description: d}"), "- ModelX");
}

#[test]
fn parts_of_a_reference_know_their_places() {
    for (text, module) in [
        ("input_model: 'a.b.ModelX'", "a.b"),
        ("input_model: a.b:ModelX", "a.b"),
        ("input_model: handlers/x.py:ModelX", "handlers/x.py"),
        ("input_model: >-\n  a.b.ModelX", "a.b"),
        ("input_model: {name: ModelX, module: \"a.b\"}", "\"a.b\""),
    ] {
        let contract = clean(text);
        let found = contract.input_model.unwrap();
        assert_eq!(contract.file.slice(found.name.span), "ModelX", "{text}");
        assert_eq!(contract.file.slice(found.module.unwrap().span), module, "{text}");
    }
    // Escapes part text and source: the whole is pointed at.
    let contract = clean(r#"input_model: "a.b.\x4dodelX""#);
    assert_eq!(contract.file.slice(contract.input_model.unwrap().name.span), r#""a.b.\x4dodelX""#);
}

#[test]
fn a_reference_without_a_class_is_an_error() {
    assert_eq!(
        complaint("input_model: {module: a.b}"),
        ("class-reference", "{module: a.b}".to_owned())
    );
    assert_eq!(complaint("input_model: 'a.'"), ("class-reference", "'a.'".to_owned()));
    assert_eq!(complaint("input_model: [a]"), ("contract-shape", "[a]".to_owned()));
    assert_eq!(complaint("input_model: 7"), ("contract-text", "7".to_owned()));
}

#[test]
fn routing_entries_are_read_in_every_spelling() {
    assert_eq!(class(&entry("{handler: {name: HandlerX, module: a.b}}").handler), "a.b HandlerX");
    assert_eq!(class(&entry("{handler: a.b.HandlerX}").handler), "a.b HandlerX");
    assert_eq!(
        class(&entry("{handler_class: HandlerX, handler_module: a.b}").handler),
        "a.b HandlerX"
    );
    assert_eq!(class(&entry("{handler_class: a.b.HandlerX}").handler), "a.b HandlerX");
    assert_eq!(class(&entry("{handler_class: HandlerX}").handler), "- HandlerX");
    assert_eq!(class(&entry("{handler_key: HandlerX}").handler), "- HandlerX");
    assert_eq!(
        class(&entry("{handler_key: handler-order-placed}").handler),
        "- HandlerOrderPlaced"
    );
    assert_eq!(class(&entry("{handler_key: handle_user_created}").handler), "- HandleUserCreated");
    assert_eq!(class(&entry("a.b.HandlerX").handler), "a.b HandlerX");
    assert_eq!(
        class(&entry("handlers/handler_x:HandlerX").handler),
        ".handlers.handler_x HandlerX"
    );
}

#[test]
fn a_routing_key_is_a_model_or_an_operation() {
    let read = |keys: &str| {
        let entry = entry(&format!("{{handler_key: HandlerX, {keys}}}"));
        (entry.event_model.as_ref().map(class), entry.operation.map(|operation| operation.value))
    };
    assert_eq!(read("routing_key: ModelX"), (Some("- ModelX".to_owned()), None));
    assert_eq!(read("routing_key: a.b.ModelX"), (Some("a.b ModelX".to_owned()), None));
    assert_eq!(read("routing_key: tick"), (None, Some("tick".to_owned())));
    assert_eq!(read("routing_key: STORE"), (None, Some("STORE".to_owned())));
    assert_eq!(
        read("routing_key: onex.evt.orders.order-placed.v1").1.as_deref(),
        Some("onex.evt.orders.order-placed.v1")
    );
    assert_eq!(read("routing_key: x, operation: y"), (None, Some("y".to_owned())));
    assert_eq!(
        read("routing_key: ModelX, event_model: a.ModelY"),
        (Some("a ModelY".to_owned()), None)
    );
}

#[test]
fn all_of_an_entry_is_read() {
    let entry = entry(
        "{handler: HandlerX, event_model: {name: ModelX, module: m}, operation: o, event_type: p.e, \
         message_category: EVENT, topic: t, subscribe_topic: s, output_events: [ModelA, m.ModelB, \
         {name: ModelC, module: n}], output_intents: [payment.process], description: yes}",
    );
    let text =
        |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.value.clone()).unwrap();
    assert_eq!(text(&entry.operation), "o");
    assert_eq!(text(&entry.event_type), "p.e");
    assert_eq!(text(&entry.message_category), "EVENT");
    assert_eq!(text(&entry.topic), "t");
    assert_eq!(text(&entry.subscribe_topic), "s");
    assert_eq!(text(&entry.description), "yes");
    assert_eq!(texts(&entry.output_events), ["ModelA", "m.ModelB", "n.ModelC"]);
    assert_eq!(texts(&entry.output_intents), ["payment.process"]);
}

#[test]
fn one_handler_alone_is_an_entry() {
    for (text, key, handler) in [
        ("handler: {class: HandlerX, module: a.b}", "handler", "a.b HandlerX"),
        ("handler: a.b.HandlerX", "handler", "a.b HandlerX"),
        ("default_handler: a.b:HandlerX", "default_handler", "a.b HandlerX"),
        (
            "default_handler: handlers/handler_x:HandlerX",
            "default_handler",
            ".handlers.handler_x HandlerX",
        ),
        (
            "handler_routing: {default_handler: 'handler:NodeX'}",
            "handler_routing",
            ".handler NodeX",
        ),
        (
            "handler_routing: {handlers: [], default_handler: handler-x}",
            "handler_routing",
            "- HandlerX",
        ),
        (
            "handler_routing: {}\nhandler: HandlerX\ndefault_handler: HandlerY",
            "handler_routing",
            "- HandlerX",
        ),
    ] {
        let contract = clean(text);
        let routing = contract.routing.unwrap();
        assert_eq!(contract.file.slice(routing.span), key, "{text}");
        let handlers: Vec<_> = routing.entries.iter().map(|entry| class(&entry.handler)).collect();
        assert_eq!(handlers, [handler], "{text}");
    }
    let block = "handler: {class: HandlerX, module: a.b, input_model: a.c.ModelX}";
    let model = clean(block).routing.unwrap().entries.remove(0).event_model.unwrap();
    assert_eq!(class(&model), "a.c ModelX");
}

#[test]
fn beside_entries_a_default_handler_is_no_entry() {
    let routing = |default: &str| {
        let text = format!(
            "handler_routing: {{handlers: [HandlerX], default_handler: {default}}}\nhandler: HandlerZ"
        );
        let routing = clean(&text).routing.unwrap();
        assert_eq!(routing.entries.len(), 1);
        routing.default_handler.as_ref().map(class)
    };
    assert_eq!(routing("a.b:HandlerY").as_deref(), Some("a.b HandlerY"));
    // The name of a backend.
    assert_eq!(routing("postgresql"), None);
    assert_eq!(
        complaint("default_handler: postgresql"),
        ("class-reference", "postgresql".to_owned())
    );
}

#[test]
fn without_any_handler_there_is_no_routing() {
    assert!(clean("name: x").routing.is_none());
    assert!(clean("handler_routing:\nhandler: ~").routing.is_none());
    // The framework's runtime contracts use the key for something else.
    assert!(clean("handlers: {required: [a], optional: [b]}").routing.is_none());
    assert!(clean("handler_routing: {handlers:}").routing.unwrap().entries.is_empty());
}

#[test]
fn mistakes_in_routing_are_all_named() {
    let text = "\
handler_routing:
  routing_strategy: on
  handlers:
    - {event_model: ModelX}
    - 7
    -
    - {handler: {module: a.b}, output_events: ModelX, topic: [t]}
    - {handler: HandlerX, output_events: [1, ~], event_model: [x]}
    - HandlerY
";
    assert_eq!(
        complaints(text),
        [
            ("contract-text", "on".to_owned()),
            ("handler-missing", "{event_model: ModelX}".to_owned()),
            ("contract-shape", "7".to_owned()),
            ("contract-shape", String::new()),
            ("class-reference", "{module: a.b}".to_owned()),
            ("contract-shape", "ModelX".to_owned()),
            ("contract-shape", "[t]".to_owned()),
            ("contract-text", "1".to_owned()),
            ("contract-shape", "~".to_owned()),
            ("contract-shape", "[x]".to_owned()),
        ]
    );
    let (contract, _) = parse(&SourceFile::new("contract.yaml", text));
    let handlers: Vec<_> =
        contract.unwrap().routing.unwrap().entries.iter().map(|e| class(&e.handler)).collect();
    assert_eq!(handlers, ["- HandlerX", "- HandlerY"]);
}

#[test]
fn what_is_no_text_is_no_output_event() {
    let text =
        "handler_routing:\n  handlers:\n    - {handler: HandlerX, output_events: [3, ModelA]}\n";
    let (contract, found) = parse(&SourceFile::new("contract.yaml", text));
    assert_eq!(found.len(), 1, "{found:?}");
    let entries = contract.unwrap().routing.unwrap().entries;
    assert_eq!(texts(&entries[0].output_events), ["ModelA"]);
}

#[test]
fn numbers_with_exponents_are_spelled_as_yaml_wants_them() {
    for (written, right) in
        [("1e6", "1.0e+6"), ("2.5E3", "2.5e+3"), ("1e-6", "1.0e-6"), ("-1.5e6", "-1.5e+6")]
    {
        let text = format!(
            "definitions:\n  ModelA:\n    properties:\n      x: {{type: number, le: {written}}}\n"
        );
        let (_, found) = parse(&SourceFile::new("contract.yaml", text));
        let help = found[0].help.clone().unwrap();
        assert!(help.ends_with(&format!("write it as `le: {right}`")), "{help}");
        clean(&format!(
            "definitions:\n  ModelA:\n    properties:\n      x: {{type: number, le: {right}}}\n"
        ));
    }
}

#[test]
fn texts_that_pyyaml_reads_otherwise_say_so() {
    assert_eq!(
        message("name: 123"),
        "PyYAML reads `123` as the number 123, and `name` must be a text"
    );
    assert_eq!(
        message("name: 010"),
        "PyYAML reads `010` as the number 8, and `name` must be a text"
    );
    assert_eq!(
        message("name: on"),
        "PyYAML reads `on` as the boolean true, and `name` must be a text"
    );
    assert_eq!(
        message("terminal_event: 2024-01-01"),
        "PyYAML reads `2024-01-01` as a date, and `terminal_event` must be a text"
    );
    let (_, found) = parse(&SourceFile::new("contract.yaml", "name: on"));
    assert_eq!(found[0].help.as_deref(), Some("put it in quotes: `\"on\"`"));
    assert_eq!(clean("description: yes").description.unwrap().value, "yes");
    assert_eq!(clean("name: 'on'").name.unwrap().value, "on");
}

#[test]
fn wrong_shapes_are_errors_where_generation_needs_the_key() {
    for (text, place) in [
        ("name: [a]", "[a]"),
        ("handler_routing: x", "x"),
        ("handler_routing: {handlers: {a: b}}", "{a: b}"),
        ("event_bus: kafka", "kafka"),
        ("event_bus: {subscribe_topics: t}", "t"),
        ("published_events: {a: b}", "{a: b}"),
        ("published_events: [[a]]", "[a]"),
        ("terminal_event: [t]", "[t]"),
        ("intent_consumption: [a]", "[a]"),
        ("intent_consumption: {intent_routing_table: [a]}", "[a]"),
        ("intent_consumption: {intent_routing_table: {a: [b]}}", "[b]"),
        ("intent_consumption: {intent_routing_table: {a: ~}}", "~"),
        ("workflow_coordination: {workflow_definition: {execution_graph: {nodes: [a]}}}", "a"),
        (
            "workflow_coordination: {workflow_definition: {execution_graph: {nodes: [{node_id: a, depends_on: b}]}}}",
            "b",
        ),
        ("definitions: [a]", "[a]"),
        ("definitions: {ModelX: a}", "a"),
    ] {
        assert_eq!(complaint(text), ("contract-shape", place.to_owned()), "{text}");
    }
    let step = "workflow_coordination: {workflow_definition: {execution_graph: {nodes: [{node_type: x}]}}}";
    assert_eq!(complaint(step).0, "step-without-id");
    assert_eq!(complaint("intent_consumption: {intent_routing_table: {1: a}}").0, "contract-text");
}

#[test]
fn other_keys_may_hold_anything() {
    clean("metadata: 7\nconsumed_events: x\nfoo: [1]\ncontract_version: []\nnode_id: {}\n");
    assert_eq!(clean("consumed_events: [a.b, X, 7]").consumed_events.len(), 2);
}

#[test]
fn events_and_topics_may_be_short() {
    let contract = clean(
        "published_events: [a.b.c, OrderPlaced, {topic: t.u, event_type: X, description: d}]\n\
         event_bus: {subscribe_topics: [a, {topic: b}], publish_topics: ~}\nterminal_event: {topic: t}",
    );
    let events: Vec<_> = contract
        .published_events
        .iter()
        .map(|event| {
            [&event.topic, &event.event_type]
                .map(|text| text.as_ref().map_or("-", |text| &text.value))
        })
        .collect();
    assert_eq!(events, [["a.b.c", "-"], ["-", "OrderPlaced"], ["t.u", "X"]]);
    let bus = contract.event_bus.unwrap();
    assert_eq!(texts(&bus.subscribe_topics), ["a", "b"]);
    assert!(bus.publish_topics.is_empty());
    assert_eq!(contract.terminal_event.unwrap().value, "t");
}

#[test]
fn the_execution_mode_is_found_where_contracts_have_it() {
    let mode = |inner: &str, outer: &str| {
        let text = format!("workflow_coordination: {{workflow_definition: {{{inner}}}, {outer}}}");
        clean(&text).workflow.unwrap().execution_mode.map(|mode| mode.value)
    };
    assert_eq!(
        mode("coordination_rules: {execution_mode: a}, workflow_metadata: {execution_mode: b}", "")
            .as_deref(),
        Some("a")
    );
    assert_eq!(
        mode("workflow_metadata: {execution_mode: b}", "execution_mode: c").as_deref(),
        Some("b")
    );
    assert_eq!(mode("", "execution_mode: c").as_deref(), Some("c"));
    assert_eq!(mode("", ""), None);
}

/// One field of one model.
fn field(schema: &str) -> crate::contract::Schema {
    let contract = clean(&format!("definitions: {{ModelX: {{properties: {{f: {schema}}}}}}}"));
    contract.definitions.into_iter().next().unwrap().fields.unwrap().remove(0).schema
}

#[test]
fn definitions_are_read_whole() {
    let contract = clean(
        "definitions:\n  ModelX:\n    type: object\n    description: An X.\n    frozen: false\n    extra: ignore\n    \
         required: [b]\n    properties:\n      a: string\n      b: {type: integer, default: ~}\n      c: {type: float, required: true}\n  \
         other: {name: ModelY, module: a.b}\n  ModelZ: {properties: {}, additionalProperties: true}\n",
    );
    let [x, y, z] = contract.definitions.as_slice() else { panic!() };
    assert_eq!(x.name.value, "ModelX");
    assert_eq!(x.description.as_ref().unwrap().value, "An X.");
    assert_eq!(x.frozen.as_ref().map(|frozen| frozen.value), Some(false));
    assert_eq!(x.extra.as_ref().unwrap().value, "ignore");
    assert_eq!(texts(&x.required), ["b", "c"]);
    let fields = x.fields.as_ref().unwrap();
    let names: Vec<_> = fields.iter().map(|field| field.name.value.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(fields[0].schema.kind.as_ref().unwrap().value, "string");
    assert!(fields[0].schema.default.is_none());
    assert!(fields[1].schema.default.as_ref().unwrap().is_null());
    assert!(contract.file.slice(x.span).starts_with("ModelX:\n    type: object"));
    assert_eq!(
        (y.name.value.as_str(), y.module.as_ref().unwrap().value.as_str()),
        ("ModelY", "a.b")
    );
    assert!(y.fields.is_none());
    assert_eq!(z.fields.as_ref().map(Vec::len), Some(0));
    assert_eq!(z.extra.as_ref().unwrap().value, "allow");
}

#[test]
fn two_vocabularies_mean_the_same() {
    let kind = |schema: &str| field(schema).kind.map(|kind| kind.value);
    assert_eq!(kind("{type: string, format: uuid}").as_deref(), Some("uuid"));
    assert_eq!(kind("{type: string, format: date-time}").as_deref(), Some("datetime"));
    assert_eq!(kind("{type: string, format: email}").as_deref(), Some("string"));
    assert_eq!(kind("{type: integer, format: uuid}").as_deref(), Some("integer"));

    let nullable = |schema: &str| field(schema).nullable.map(|nullable| nullable.value);
    for schema in [
        "{type: [string, \"null\"]}",
        "{type: [~, string]}",
        "{anyOf: [{type: string}, {type: 'null'}]}",
    ] {
        assert_eq!(
            (kind(schema).as_deref(), nullable(schema)),
            (Some("string"), Some(true)),
            "{schema}"
        );
    }
    assert_eq!(nullable("{type: string, nullable: false}"), Some(false));
    assert_eq!(nullable("{type: [string]}"), None);

    let reference = |schema: &str| field(schema).reference.map(|reference| reference.value);
    for schema in
        ["{type: ref, ref: ModelY}", "{$ref: '#/definitions/ModelY'}", "{$ref: '#/$defs/ModelY'}"]
    {
        assert_eq!(reference(schema).as_deref(), Some("ModelY"), "{schema}");
    }
    for schema in ["{type: array, item_type: string}", "{type: array, items: {type: string}}"] {
        assert_eq!(field(schema).items.unwrap().kind.unwrap().value, "string", "{schema}");
    }
    let map = field("{type: object, key_type: string, value_type: {$ref: ModelY}}");
    assert_eq!(map.keys.unwrap().kind.unwrap().value, "string");
    assert_eq!(map.values.unwrap().reference.unwrap().value, "ModelY");
    let map = field("{type: object, additionalProperties: {type: array, items: integer}}");
    assert_eq!(map.values.unwrap().items.unwrap().kind.unwrap().value, "integer");
    assert!(field("{type: object, additionalProperties: false}").values.is_none());
}

#[test]
fn constraints_are_read_in_both_spellings() {
    use Constraint::{Ge, Gt, Le, Lt, MaxLength, MinLength, MultipleOf, Pattern};
    let constraints = |schema: &str| -> Vec<(Constraint, String)> {
        let found = field(schema).constraints;
        found
            .iter()
            .map(|(constraint, value)| (constraint.value, value.as_scalar().unwrap().text.clone()))
            .collect()
    };
    let expected = |list: &[(Constraint, &str)]| -> Vec<(Constraint, String)> {
        list.iter().map(|(constraint, value)| (*constraint, (*value).to_owned())).collect()
    };
    assert_eq!(
        constraints("{type: integer, ge: 1, lt: 9, multiple_of: 2}"),
        expected(&[(Ge, "1"), (Lt, "9"), (MultipleOf, "2")])
    );
    assert_eq!(constraints("{minimum: 1, maximum: 2.5}"), expected(&[(Ge, "1"), (Le, "2.5")]));
    assert_eq!(
        constraints("{exclusiveMinimum: 1, exclusiveMaximum: 2}"),
        expected(&[(Gt, "1"), (Lt, "2")])
    );
    assert_eq!(
        constraints("{minimum: 1, exclusiveMinimum: true, exclusiveMaximum: false}"),
        expected(&[(Gt, "1")])
    );
    assert_eq!(
        constraints("{minLength: 1, max_length: 2, pattern: a+}"),
        expected(&[(MinLength, "1"), (MaxLength, "2"), (Pattern, "a+")])
    );
    assert_eq!(
        constraints("{type: array, items: string, minItems: 1}"),
        expected(&[(MinLength, "1")])
    );
}

#[test]
fn enums_defaults_and_validations_are_kept() {
    let schema = field(
        "{type: enum, enum_class: EnumX, module: a.b, enum: [low, 2], default: low, default_factory: list, \
         validation: [{name: n, description: d}, checked, {rule: r}]}",
    );
    assert_eq!(schema.enum_class.unwrap().value, "EnumX");
    assert_eq!(schema.module.unwrap().value, "a.b");
    assert_eq!(
        schema.choices.iter().map(|c| c.as_scalar().unwrap().text.as_str()).collect::<Vec<_>>(),
        ["low", "2"]
    );
    assert_eq!(schema.default.unwrap().as_str(), Some("low"));
    assert_eq!(schema.default_factory.unwrap().value, "list");
    assert_eq!(texts(&schema.validations), ["d", "checked", "r"]);
    assert_eq!(field("{const: a}").choices.len(), 1);
}

#[test]
fn mistakes_in_definitions_are_named() {
    for (schema, rule, place) in [
        ("{f: }", "field-type", "f"),
        ("{f: [a]}", "contract-shape", "[a]"),
        ("{on: string}", "contract-text", "on"),
        ("{f: {type: 7}}", "contract-text", "7"),
        ("{f: {type: [string, integer]}}", "contract-shape", "[string, integer]"),
        ("{f: {oneOf: [{type: string}, {type: integer}]}}", "field-type", "oneOf"),
        ("{f: {enum: low}}", "contract-shape", "low"),
        ("{f: {enum: [[a]]}}", "contract-shape", "[a]"),
        ("{f: {min_length: -1}}", "contract-shape", "-1"),
        ("{f: {ge: a}}", "contract-shape", "a"),
        ("{f: {le: .inf}}", "contract-shape", ".inf"),
        ("{f: {pattern: 7}}", "contract-shape", "7"),
        ("{f: {ge: 1, minimum: 2}}", "duplicate-constraint", "minimum"),
        ("{f: {items: [a]}}", "contract-shape", "[a]"),
        ("{f: {nullable: 7}}", "contract-shape", "7"),
    ] {
        let text = format!("definitions: {{ModelX: {{properties: {schema}}}}}");
        assert_eq!(complaint(&text), (rule, place.to_owned()), "{text}");
    }
    assert_eq!(
        complaint("definitions: {ModelX: {frozen: maybe}}"),
        ("contract-shape", "maybe".to_owned())
    );
    assert_eq!(
        complaint("definitions: {X: {type: string}}"),
        ("definition-type", "string".to_owned())
    );
}

#[test]
fn one_class_is_defined_once() {
    let text = "definitions:\n  ModelX: {properties: {}}\n  other: {name: ModelX}\n";
    let file = SourceFile::new("contract.yaml", text);
    let (_, found) = parse(&file);
    let [error] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((error.rule, error.severity), ("duplicate-definition", Severity::Error));
    assert_eq!(file.position(error.primary.span.start).line, 3);
    assert_eq!(file.position(error.related[0].span.start).line, 2);
}

#[test]
fn near_misses_are_warned_of_where_the_right_key_is_absent() {
    for (text, place) in [
        ("handler_routng: {}", "handler_routng"),
        ("publised_events: []", "publised_events"),
        ("handler_routing: {routing_stratgy: x}", "routing_stratgy"),
        ("handler_routing: {handlers: [{handler: HandlerX, event_modle: ModelX}]}", "event_modle"),
        ("handler_routing: {handlers: [{handler: {name: HandlerX, modul: a}}]}", "modul"),
        ("event_bus: {subscribed_topics: [a]}", "subscribed_topics"),
    ] {
        let (_, found) = parse(&SourceFile::new("contract.yaml", text));
        assert!(found.iter().all(|d| d.severity == Severity::Warning), "{text}");
        assert_eq!(complaint(text), ("unknown-key", place.to_owned()), "{text}");
    }
    assert_eq!(message("nam: x"), "`nam` is no key of a contract; did you mean `name`?");
    // The right key is there, so that the other is something else.
    clean("name: x\nnam: y");
    // Keys that contracts of the framework have.
    clean(
        "descriptor: {}\nsubscriptions: []\nproduced_events: []\nnode_id: x\nhandlers: {}\noutput_topic: x",
    );
}

#[test]
fn a_flood_of_findings_is_cut_and_stays_an_error() {
    let repeated = "a: 1\n".repeat(120);
    let (_, found) = parse(&SourceFile::new("contract.yaml", repeated));
    assert_eq!(found.len(), MOST_FINDINGS + 1);
    let last = found.last().unwrap();
    assert_eq!((last.rule, last.severity), ("too-many-findings", Severity::Error));
    assert_eq!(last.message, "more findings in this file are not shown");
}

#[test]
fn large_contracts_are_read() {
    // Anything quadratic over keys or fields would show here: it would take minutes.
    let keys: String = (0..45_000).map(|number| format!("nam{number}: x\n")).collect();
    let fields: String = (0..20_000).map(|n| format!("      f{n}: {{required: true}}\n")).collect();
    let fields = format!("definitions:\n  ModelX:\n    properties:\n{fields}");
    for text in [keys, fields] {
        assert!(text.len() < yaml::MAX_BYTES);
        let (contract, _) = parse(&SourceFile::new("contract.yaml", text));
        assert!(contract.is_some());
    }
}

#[test]
fn masses_are_cut_and_told_once() {
    let entries = "    - {handler: {name: HandlerA}, operation: a}\n".repeat(1200);
    let text = format!("name: node_a\nhandler_routing:\n  handlers:\n{entries}");
    let (contract, found) = parse(&SourceFile::new("contract.yaml", text));
    let told: Vec<_> = found.iter().filter(|found| found.rule == "too-many-parts").collect();
    assert_eq!(contract.unwrap().routing.unwrap().entries.len(), 1000);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].primary.file.position(told[0].primary.span.start).line, 1004);
}
