"""Models of node_order_payment_orchestrator."""

from shop.nodes.node_order_payment_orchestrator.models.model_fulfilment_start_intent_payload import (
    ModelFulfilmentStartIntentPayload,
)
from shop.nodes.node_order_payment_orchestrator.models.model_order_cancelled import (
    ModelOrderCancelled,
)
from shop.nodes.node_order_payment_orchestrator.models.model_order_paid import (
    ModelOrderPaid,
)
from shop.nodes.node_order_payment_orchestrator.models.model_order_validation_failed import (
    ModelOrderValidationFailed,
)
from shop.nodes.node_order_payment_orchestrator.models.model_payment_process_intent_payload import (
    ModelPaymentProcessIntentPayload,
)

__all__ = [
    "ModelFulfilmentStartIntentPayload",
    "ModelOrderCancelled",
    "ModelOrderPaid",
    "ModelOrderValidationFailed",
    "ModelPaymentProcessIntentPayload",
]
