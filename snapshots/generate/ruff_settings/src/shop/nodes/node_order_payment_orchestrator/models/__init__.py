"""Models of node_order_payment_orchestrator."""

from __future__ import annotations

from shop.nodes.node_order_payment_orchestrator.models.model_fulfilment_start_intent_payload import (  # noqa: E501
    ModelFulfilmentStartIntentPayload,
)
from shop.nodes.node_order_payment_orchestrator.models.model_order_paid import (  # noqa: E501
    ModelOrderPaid,
)
from shop.nodes.node_order_payment_orchestrator.models.model_order_refused import (  # noqa: E501
    ModelOrderRefused,
)
from shop.nodes.node_order_payment_orchestrator.models.model_order_validated import (  # noqa: E501
    ModelOrderValidated,
)
from shop.nodes.node_order_payment_orchestrator.models.model_payment_process_intent_payload import (  # noqa: E501
    ModelPaymentProcessIntentPayload,
)

__all__ = [
    "ModelFulfilmentStartIntentPayload",
    "ModelOrderPaid",
    "ModelOrderRefused",
    "ModelOrderValidated",
    "ModelPaymentProcessIntentPayload",
]
