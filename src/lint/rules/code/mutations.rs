//! Mistakes put into clean generated nodes, one at a time: the intended rule finds each at the right line.
//!
//! Every rule for code has at least three, and nodes of all four handler styles are among those that they are made
//! in. That a rule finds nothing in the clean nodes is part of each check.

use std::collections::BTreeMap;

use crate::lint::registry::RULES;
use crate::lint::sample::Sample;

/// One mistake: the rule, the node, the file, what is replaced by what, and a part of the line that is to be found;
/// where that is empty, it is the line where the replaced text begins.
type Mutation = (&'static str, Node, &'static str, &'static str, &'static str, &'static str);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Order,
    Door,
    Invoice,
    Parcel,
    Template,
}

use Node::{Door, Invoice, Order, Parcel, Template};

impl Node {
    fn sample(self) -> Sample {
        let (case, node) = match self {
            Order => ("order_payment", "src/shop/nodes/node_order_payment_orchestrator"),
            Door => ("door_commands", "src/building/nodes/node_door_orchestrator"),
            Invoice => ("invoice_local", "src/billing/nodes/node_invoice_orchestrator"),
            Parcel => ("parcel_tracking", "src/parcels/nodes/node_parcel_tracking_orchestrator"),
            Template => ("seed_template", "src/myapp/nodes/node_order_workflow_orchestrator"),
        };
        Sample::of(case, node)
    }
}

const PLACED: &str = "handlers/handler_order_placed.py";
const TAKEN: &str = "handlers/handler_payment_taken.py";
const OPEN: &str = "handlers/handler_door_open.py";
const MADE: &str = "handlers/handler_delivery_made.py";
const SCANNED: &str = "handlers/handler_parcel_scanned.py";
const PAID: &str = "models/model_order_paid.py";
const VALIDATED: &str = "models/model_order_validated.py";
const OPENED: &str = "models/model_door_opened.py";
const NODE: &str = "node.py";
const TEST: &str = "tests/nodes/node_order_payment_orchestrator/test_handler_payment_taken.py";
const DOOR_TEST: &str = "tests/nodes/node_door_orchestrator/test_handler_door_open.py";
const TEMPLATE_TEST: &str =
    "tests/nodes/node_order_workflow_orchestrator/test_handler_order_placed.py";

const SUPER: &str = "super().__init__(container)";
const EVENT: &str = "event = envelope.payload";
const UUID: &str = "from uuid import uuid4\n";
const FUTURE: &str = "from __future__ import annotations\n";
const EVENTS: &str = "events=(ModelOrderPaid(order_id=event.order_id),),";
const CORRELATION: &str = "correlation_id=envelope.correlation_id or uuid4(),";
const HANDLER_ID: &str = "handler_id=self.handler_id,";
const TARGET: &str = "target=\"node_payment_effect\",";
const PAYLOAD: &str = "payload=ModelPaymentProcessIntentPayload(\n                        order_id=event.order_id, total=event.total\n                    ),";
const CONFIG: &str = "ConfigDict(frozen=True, extra=\"forbid\", from_attributes=True)";
const PASSED_ON: &str = "assert output.projections == ()";

#[rustfmt::skip]
const MUTATIONS: &[Mutation] = &[
    ("any-type", Order, TAKEN, "def message_types(self) -> set[str]", "def message_types(self) -> typing.Any", ""),
    ("any-type", Order, PAID, FUTURE, "from __future__ import annotations\nfrom typing import Any\nSEEN: dict[str, Any] = {}\n", "SEEN"),
    ("any-type", Parcel, SCANNED, "self, event: ModelParcelScannedEvent", "self, event: \"typing.Any\"", ""),
    ("class-placement", Order, PAID, "class ModelOrderPaid(BaseModel)", "class OrderPaid(BaseModel)", ""),
    ("class-placement", Door, OPENED, "class ModelDoorOpened(BaseModel)", "class DoorOpened(BaseModel)", ""),
    ("class-placement", Order, TAKEN, "__all__ = [\"HandlerPaymentTaken\"]", "class Line(pydantic.BaseModel):\n    pass\n", ""),
    ("dict-output", Order, TAKEN, "(ModelOrderPaid(order_id=event.order_id),)", "({\"order_id\": event.order_id},)", ""),
    ("dict-output", Order, PLACED, "intents=(", "intents=({\"intent_type\": \"payment.process\"},", ""),
    ("dict-output", Template, PLACED, "ModelOrderValidated(correlation_id=event.correlation_id),", "{},", ""),
    ("dict-output", Parcel, SCANNED, "ModelParcelLocated(parcel_id=event.parcel_id, station_id=event.station_id),", "dict(parcel_id=event.parcel_id),", ""),
    ("erased-payload", Order, TAKEN, EVENT, "event = omnibase_core.ModelEventEnvelope[pydantic.BaseModel](payload=1)", ""),
    ("erased-payload", Parcel, SCANNED, "self.decide(request.payload)", "self.decide(ModelEventEnvelope[pydantic.BaseModel](payload=request))", ""),
    ("erased-payload", Order, TEST, "] = ModelEventEnvelope(", "] = ModelEventEnvelope[pydantic.BaseModel](", ""),
    ("foreign-output", Order, TAKEN, "for_orchestrator", "for_effect", ""),
    ("foreign-output", Template, PLACED, "ModelHandlerOutput.for_orchestrator", "ModelHandlerOutput[int].for_compute", ""),
    ("foreign-output", Parcel, SCANNED, "for_orchestrator", "for_reducer", ""),
    ("foreign-output", Invoice, MADE, "return ModelInvoiceOpened", "return omnibase_core.ModelOrchestratorOutput", ""),
    ("generic-name", Parcel, SCANNED, "def decide", "def process", ""),
    ("generic-name", Order, PAID, "class ModelOrderPaid", "class OrderPaidHelper", ""),
    ("generic-name", Order, TAKEN, "__all__ = [\"HandlerPaymentTaken\"]", "def addUp(): ...", ""),
    ("generic-name", Parcel, SCANNED, "self, event: ModelParcelScannedEvent", "self, event, a, b, c, d", "def decide("),
    ("handler-constructor", Invoice, MADE, "class HandlerDeliveryMade:\n", "class HandlerDeliveryMade:\n    def __init__(self, store): ...\n", "__init__"),
    ("handler-constructor", Order, TAKEN, "class HandlerPaymentTaken:\n", "class HandlerPaymentTaken:\n    def __init__(self, *, store: Store): ...\n", "__init__"),
    ("handler-constructor", Parcel, SCANNED, "class HandlerParcelScanned:\n", "class HandlerParcelScanned:\n    def __init__(self, container): ...\n", "__init__"),
    ("handler-id-mismatch", Order, TAKEN, "return \"HandlerPaymentTaken\"", "return \"handler-payment-taken\"", ""),
    ("handler-id-mismatch", Template, PLACED, "handler_id=\"HandlerOrderPlaced\"", "handler_id=\"order_placed\"", ""),
    ("handler-id-mismatch", Parcel, SCANNED, "return \"HandlerParcelScanned\"", "return \"HandlerParcel\"", ""),
    ("handler-instantiation", Order, NODE, SUPER, "super().__init__(StepExecutor(container))", ""),
    ("handler-instantiation", Door, NODE, SUPER, "super().__init__(container)\n        HandlerDoorOpen().prepare()", "HandlerDoorOpen()"),
    ("handler-instantiation", Order, TAKEN, EVENT, "event = HandlerOrderPlaced().handle(envelope)", ""),
    ("handler-publishes", Order, TAKEN, EVENT, "event = await self.bus.publish(envelope)", ""),
    ("handler-publishes", Door, OPEN, EVENT, "event = bus.publish_envelope(envelope)", ""),
    ("handler-publishes", Invoice, MADE, "return ModelInvoiceOpened(", "await events.bus.publish(request)\n        return ModelInvoiceOpened(", ""),
    ("hardcoded-topic", Order, TAKEN, EVENT, "event = \"onex.evt.shop.order-paid.v1\"", ""),
    ("hardcoded-topic", Order, NODE, SUPER, "super().__init__(\"onex.cmd.shop.order.v2\")", ""),
    ("hardcoded-topic", Invoice, MADE, "__all__ =", "TOPIC = \"onex.intent.billing.invoice.v1\"\n__all__ =", ""),
    ("impure-node", Order, TAKEN, UUID, "from uuid import uuid4\nimport requests\n", "import requests"),
    ("impure-node", Order, NODE, FUTURE, "from __future__ import annotations\nfrom sqlalchemy import orm\n", "sqlalchemy"),
    ("impure-node", Invoice, MADE, "return ModelInvoiceOpened(", "open(\"invoices\")\n        return ModelInvoiceOpened(", ""),
    ("impure-node", Door, OPEN, EVENT, "event = os.environ[\"DOOR\"]", ""),
    ("intent-arguments", Order, PLACED, TARGET, "target_pattern=\"payment\",", ""),
    ("intent-arguments", Order, PLACED, TARGET, "", "ModelIntent("),
    ("intent-arguments", Order, PLACED, PAYLOAD, "payload={\"order_id\": 1},", ""),
    ("intent-arguments", Order, PLACED, "intent_type=\"payment.process\"", "intent_type=\"\"", ""),
    ("intent-type-mismatch", Order, PLACED, "intent_type=\"payment.process\"", "intent_type=\"fulfilment.start\"", ""),
    ("intent-type-mismatch", Order, PLACED, "intent_type=\"payment.process\"", "intent_type=\"payment.proces\"", ""),
    ("intent-type-mismatch", Order, PLACED, PAYLOAD, "payload=ModelFulfilmentStartIntentPayload(order_id=1, express=True),", "intent_type="),
    ("legacy-typing", Order, VALIDATED, "UUID | None", "typing.Optional[UUID]", ""),
    ("legacy-typing", Order, TAKEN, "-> set[str]", "-> typing.Set[str]", ""),
    ("legacy-typing", Parcel, SCANNED, "self, event: ModelParcelScannedEvent", "self, event: \"typing.Union[int, str]\"", ""),
    ("list-comparison", Order, TEST, PASSED_ON, "assert output.projections == []", ""),
    ("list-comparison", Door, DOOR_TEST, PASSED_ON, "assert output.intents != []", ""),
    ("list-comparison", Template, TEMPLATE_TEST, PASSED_ON, "assert [] == output.events", ""),
    ("list-output", Order, TAKEN, EVENTS, "events=[ModelOrderPaid(order_id=event.order_id)],", ""),
    ("list-output", Template, PLACED, "events=(ModelOrderValidated(correlation_id=event.correlation_id),)", "events=[]", ""),
    ("list-output", Order, TAKEN, EVENTS, "events=(),\n            intents=[i for i in ()],", "intents=["),
    ("loose-field-type", Order, PAID, "order_id: UUID", "order_id: str", ""),
    ("loose-field-type", Door, OPENED, "door_id: UUID", "door_name: str", ""),
    ("loose-field-type", Order, VALIDATED, "total: Decimal", "status: str = \"new\"", ""),
    ("lost-correlation", Order, TAKEN, CORRELATION, "correlation_id=uuid4(),", ""),
    ("lost-correlation", Door, OPEN, CORRELATION, "correlation_id=envelope.correlation_id,", ""),
    ("lost-correlation", Parcel, SCANNED, "input_envelope_id=request.envelope_id", "input_envelope_id=uuid4()", ""),
    ("missing-handler-id", Order, TAKEN, HANDLER_ID, "", "for_orchestrator("),
    ("missing-handler-id", Template, PLACED, "handler_id=\"HandlerOrderPlaced\"", "handler_id=\"\"", ""),
    ("missing-handler-id", Parcel, SCANNED, HANDLER_ID, "", "for_orchestrator("),
    ("model-config", Order, PAID, CONFIG, "ConfigDict(frozen=True, from_attributes=True)", ""),
    ("model-config", Door, OPENED, CONFIG, "ConfigDict(frozen=True, extra=\"forbid\")", ""),
    ("model-config", Order, VALIDATED, "model_config = ", "config = ", "class ModelOrderValidated("),
    ("node-base", Order, NODE, "(NodeOrchestrator)", "", ""),
    ("node-base", Door, NODE, "(NodeOrchestrator)", "(object)", ""),
    ("node-base", Template, NODE, "from omnibase_core.nodes import NodeOrchestrator", "from omnibase_core.nodes import NodeEffect as NodeOrchestrator", "class NodeOrderWorkflowOrchestrator("),
    ("node-with-logic", Order, NODE, SUPER, "super().__init__(container)\n        self.orders = []", "self.orders"),
    ("node-with-logic", Door, NODE, SUPER, "super().__init__(container)\n\n    async def process(self, order):\n        return order", "def process"),
    ("node-with-logic", Invoice, NODE, SUPER, "print(container)", ""),
    ("one-class-per-file", Order, PAID, "class ModelOrderPaid(", "class ModelLine(BaseModel):\n    pass\n\n\nclass ModelOrderPaid(", "class ModelOrderPaid("),
    ("one-class-per-file", Door, OPENED, "class ModelDoorOpened(", "class Side(enum.StrEnum):\n    IN = \"in\"\n\n\nclass ModelDoorOpened(", "class ModelDoorOpened("),
    ("one-class-per-file", Order, TAKEN, "__all__ = [\"HandlerPaymentTaken\"]", "class ModelA(pydantic.BaseModel): ...\nclass ModelB(pydantic.BaseModel): ...", "class ModelB"),
    ("output-arguments", Order, TAKEN, EVENTS, "event=(ModelOrderPaid(order_id=event.order_id),),", ""),
    ("output-arguments", Order, TAKEN, CORRELATION, "", "for_orchestrator("),
    ("output-arguments", Template, PLACED, "input_envelope_id=input_envelope_id,", "envelope_id=input_envelope_id,", ""),
    ("pydantic-v1", Order, PAID, "order_id: UUID", "order_id: UUID = pydantic.Field(regex=\"x\")", ""),
    ("pydantic-v1", Door, OPENED, "door_id: UUID", "door_id: UUID\n\n    class Config:\n        frozen = True", "class Config"),
    ("pydantic-v1", Order, VALIDATED, "total: Decimal", "total: Decimal\n\n    @pydantic.validator(\"total\")\n    def check(cls, total): ...", "@pydantic.validator"),
    ("syntax-error", Order, TAKEN, "async def handle(", "async def handle((", ""),
    ("syntax-error", Order, NODE, "class NodeOrderPaymentOrchestrator", "class", ""),
    ("syntax-error", Door, DOOR_TEST, "async def test_answers", "async test_answers", ""),
    ("typed-result", Order, TAKEN, EVENTS, "result=ModelOrderPaid(order_id=event.order_id),", ""),
    ("typed-result", Parcel, SCANNED, "intents=intents,", "intents=intents,\n            projections=events,", "projections=events"),
    ("typed-result", Template, PLACED, "for_orchestrator(", "for_orchestrator(\n            result=event,", "result=event"),
    ("undeclared-event", Order, TAKEN, "ModelOrderPaid(order_id", "ModelOrderPayed(order_id", ""),
    ("undeclared-event", Invoice, MADE, "return ModelInvoiceOpened(", "return ModelInvoiceSent(", ""),
    ("undeclared-event", Parcel, SCANNED, "ModelParcelLocated(parcel_id", "ModelParcelSeen(parcel_id", ""),
    ("undeclared-event", Order, PLACED, "events=(", "events=(ModelOrderLost(),", ""),
    ("undefined-name", Order, TAKEN, "=envelope.envelope_id", "=input_envelope_id", ""),
    ("undefined-name", Template, PLACED, "        input_envelope_id: UUID,\n", "", "input_envelope_id=input_envelope_id"),
    ("undefined-name", Door, OPEN, "ModelDoorOpened(door_id=event.door_id)", "ModelDoorOpened(door_id=door.door_id)", ""),
    ("undefined-name", Parcel, SCANNED, "from uuid import uuid4\n", "", "or uuid4()"),
];

/// The lines that a rule finds, each with its file.
fn lines(sample: &Sample, rule: &str) -> Vec<(String, String)> {
    let line = |finding: &crate::diagnostic::Diagnostic| {
        let file = &finding.primary.file;
        let number = file.position(finding.primary.span.start).line;
        (file.path().to_owned(), file.slice(file.span_of_line(number)).to_owned())
    };
    sample.of_rule(rule).iter().map(line).collect()
}

#[test]
fn every_mistake_is_found_by_its_rule_at_its_line() {
    let clean: BTreeMap<Node, Vec<&str>> = [Order, Door, Invoice, Parcel, Template]
        .into_iter()
        .map(|node| (node, node.sample().findings().iter().map(|found| found.rule).collect()))
        .collect();
    let mut wrong = Vec::new();
    for (rule, node, file, before, after, expected) in MUTATIONS {
        assert!(!clean[node].contains(rule), "{rule} finds something in the clean node");
        let sample = node.sample();
        let text = sample.read(file);
        let number = text.split(before).next().unwrap_or_default().matches('\n').count();
        let sample = sample.edit(file, before, after);
        let changed = sample.read(file).lines().nth(number).unwrap_or_default().to_owned();
        let expected = if expected.is_empty() { changed.as_str() } else { expected };
        let found = lines(&sample, rule);
        let is_right =
            |(path, line): &(String, String)| path.ends_with(file) && line.contains(expected);
        if found.is_empty() || !found.iter().all(is_right) {
            wrong.push(format!("{rule} in {file}: `{before}` -> `{after}`: found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_rule_for_code_has_three_mistakes() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (rule, ..) in MUTATIONS {
        *counts.entry(rule).or_default() += 1;
    }
    for rule in RULES.iter().filter(|rule| super::IDS.contains(&rule.id())) {
        let count = counts.get(rule.id()).copied().unwrap_or_default();
        assert!(count >= 3, "{} has {count}", rule.id());
    }
    assert!(counts.keys().all(|rule| super::IDS.contains(rule)), "a rule that is none of code");
}
