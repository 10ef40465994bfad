"""Models of node_till_orchestrator."""

from shop.nodes.node_till_orchestrator.models.model_payment_refund_intent_payload import (
    ModelPaymentRefundIntentPayload,
)
from shop.nodes.node_till_orchestrator.models.model_receipt_printed import (
    ModelReceiptPrinted,
)
from shop.nodes.node_till_orchestrator.models.model_sale_refunded import (
    ModelSaleRefunded,
)

__all__ = [
    "ModelPaymentRefundIntentPayload",
    "ModelReceiptPrinted",
    "ModelSaleRefunded",
]
