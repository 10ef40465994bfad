"""Models of node_order_workflow_orchestrator."""

from myapp.nodes.node_order_workflow_orchestrator.models.model_fulfillment_start_intent_payload import (
    ModelFulfillmentStartIntentPayload,
)
from myapp.nodes.node_order_workflow_orchestrator.models.model_order_completed import (
    ModelOrderCompleted,
)
from myapp.nodes.node_order_workflow_orchestrator.models.model_order_validated import (
    ModelOrderValidated,
)
from myapp.nodes.node_order_workflow_orchestrator.models.model_payment_process_intent_payload import (
    ModelPaymentProcessIntentPayload,
)

__all__ = [
    "ModelFulfillmentStartIntentPayload",
    "ModelOrderCompleted",
    "ModelOrderValidated",
    "ModelPaymentProcessIntentPayload",
]
