"""What the booking node emits."""

from ferry.nodes.node_booking_orchestrator.models.model_booking_confirmed import (
    ModelBookingConfirmed,
)
from ferry.nodes.node_booking_orchestrator.models.model_booking_refused import ModelBookingRefused
from ferry.nodes.node_booking_orchestrator.models.model_crossing_ready import ModelCrossingReady
from ferry.nodes.node_booking_orchestrator.models.model_fare_charge_intent_payload import (
    ModelFareChargeIntentPayload,
)

__all__ = [
    "ModelBookingConfirmed",
    "ModelBookingRefused",
    "ModelCrossingReady",
    "ModelFareChargeIntentPayload",
]
