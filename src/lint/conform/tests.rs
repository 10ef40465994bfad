use super::*;
use crate::lint::sample::Sample;

const FILE: &str = "handlers/handler_payment_taken.py";
const MODEL: &str = "ModelEventEnvelope[ModelPaymentTakenEvent]";

/// The findings of a sample: `file:line message`, and the lines of the contract that go with them.
fn found(sample: &Sample) -> Vec<(String, Vec<usize>)> {
    let line = |file: &crate::source::SourceFile, span: Span| file.position(span.start).line;
    let read = |finding: &Diagnostic| {
        let file = &finding.primary.file;
        let name = file.path().rsplit('/').next().unwrap_or_default();
        let related = finding.related.iter().map(|label| line(&label.file, label.span));
        let text = format!("{name}:{} {}", line(file, finding.primary.span), finding.message);
        (text, related.collect())
    };
    sample.nonconforming().iter().map(read).collect()
}

fn edited(before: &str, after: &str) -> Vec<(String, Vec<usize>)> {
    found(&Sample::new().edit(FILE, before, after))
}

fn one(text: &str, related: &[usize]) -> Vec<(String, Vec<usize>)> {
    vec![(text.to_owned(), related.to_vec())]
}

#[test]
fn what_is_generated_conforms() {
    for (case, node) in [
        ("order_payment", "src/shop/nodes/node_order_payment_orchestrator"),
        ("invoice_local", "src/billing/nodes/node_invoice_orchestrator"),
        ("parcel_tracking", "src/parcels/nodes/node_parcel_tracking_orchestrator"),
        ("seed", "src/myapp/nodes/node_order_workflow_orchestrator"),
        ("seed_template", "src/myapp/nodes/node_order_workflow_orchestrator"),
        ("dialects", "src/house/nodes/node_alarm_orchestrator"),
        ("door_commands", "src/building/nodes/node_door_orchestrator"),
        ("vocabulary", "src/survey/nodes/node_survey_orchestrator"),
    ] {
        assert_eq!(found(&Sample::of(case, node)), [], "{case}");
    }
}

#[test]
fn a_class_of_another_name_is_shown_beside_the_contract() {
    let renamed = edited("class HandlerPaymentTaken:", "class HandlerPaymentMade:");
    let text = "contract.yaml:71 src/shop/nodes/node_order_payment_orchestrator/handlers/\
                handler_payment_taken.py has no class `HandlerPaymentTaken`";
    assert_eq!(renamed, one(text, &[22]));
    let gone = Sample::new().file(FILE, "\"\"\"Nothing is left.\"\"\"\n");
    assert_eq!(found(&gone), one(text, &[1]));
    assert_eq!(found(&Sample::new().file(FILE, "from x import *\n")), []);
    assert_eq!(found(&Sample::new().file(FILE, "class (:\n")), []);
}

#[test]
fn handle_is_there_in_the_style_of_the_node() {
    let gone = edited("async def handle(", "async def answer(");
    assert_eq!(
        gone,
        one("handler_payment_taken.py:22 `HandlerPaymentTaken` has no method `handle`", &[71])
    );
    let inherited = Sample::new().edit(FILE, "async def handle(", "async def answer(").edit(
        FILE,
        "class HandlerPaymentTaken:",
        "class HandlerPaymentTaken(HandlerBase):",
    );
    assert_eq!(found(&inherited), []);
    let local = Sample::local().edit(
        "handlers/handler_delivery_made.py",
        "request: ModelDeliveryMadeEvent",
        "event: ModelDeliveryMadeEvent, input_envelope_id: UUID, correlation_id: UUID",
    );
    let text = "handler_delivery_made.py:17 `HandlerDeliveryMade.handle` is written in the style `template`, \
                and the node in `definition-b`";
    assert_eq!(found(&local), one(text, &[15]));
}

#[test]
fn a_second_style_is_found() {
    let sample =
        Sample::new().edit(FILE, &format!("envelope: {MODEL}"), "request: ModelPaymentTakenEvent");
    assert_eq!(
        found(&sample),
        one(
            "handler_payment_taken.py:48 `HandlerPaymentTaken.handle` is written in the style \
             `definition-b`, and the node in `envelope`",
            &[71]
        )
    );
}

#[test]
fn the_event_is_the_one_of_the_contract() {
    let other = edited(MODEL, "ModelEventEnvelope[ModelOrderPlacedEvent]");
    let text = "handler_payment_taken.py:49 `HandlerPaymentTaken.handle` takes `ModelOrderPlacedEvent`, \
                and the contract sends it `ModelPaymentTakenEvent`";
    assert_eq!(other, one(text, &[68]));
    assert_eq!(edited(MODEL, "ModelEventEnvelope[BaseModel]"), []);
    assert_eq!(edited(MODEL, "ModelEventEnvelope[ModelX | ModelPaymentTakenEvent]"), []);
    let told = edited("{\"ModelPaymentTakenEvent\"}", "{\"ModelPayment\"}");
    let text = "handler_payment_taken.py:41 `HandlerPaymentTaken.message_types` leaves out \
                `ModelPaymentTakenEvent`, so that the registry does not send it there";
    assert_eq!(told, one(text, &[68]));
}

#[test]
fn what_is_emitted_is_declared_by_the_entry() {
    let other = edited("ModelOrderPaid(order_id", "ModelOrderValidated(order_id");
    let text = "handler_payment_taken.py:78 `HandlerPaymentTaken` emits `ModelOrderValidated`, which its \
                routing entry does not declare";
    assert_eq!(other, one(text, &[77]));
}
