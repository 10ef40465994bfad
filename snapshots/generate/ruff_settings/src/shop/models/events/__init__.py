"""The package shop.models.events."""

from __future__ import annotations

from shop.models.events.model_order_item import ModelOrderItem
from shop.models.events.model_order_placed_event import (
    ModelOrderPlacedEvent,
)
from shop.models.events.model_payment_taken_event import (
    ModelPaymentTakenEvent,
)

__all__ = [
    "ModelOrderItem",
    "ModelOrderPlacedEvent",
    "ModelPaymentTakenEvent",
]
