"""Models of node_billing_orchestrator."""

from post.nodes.node_billing_orchestrator.models.model_courier_send_intent_payload import (
    ModelCourierSendIntentPayload,
)
from post.nodes.node_billing_orchestrator.models.model_parcel_accepted import (
    ModelParcelAccepted,
)
from post.nodes.node_billing_orchestrator.models.model_parcel_delivered import (
    ModelParcelDelivered,
)
from post.nodes.node_billing_orchestrator.models.model_parcel_returned import (
    ModelParcelReturned,
)

__all__ = [
    "ModelCourierSendIntentPayload",
    "ModelParcelAccepted",
    "ModelParcelDelivered",
    "ModelParcelReturned",
]
