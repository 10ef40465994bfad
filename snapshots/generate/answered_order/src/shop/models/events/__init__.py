"""The package shop.models.events."""

from shop.models.events.model_address import ModelAddress
from shop.models.events.model_order_item import ModelOrderItem
from shop.models.events.model_order_placed_event import ModelOrderPlacedEvent
from shop.models.events.model_order_validated_event import ModelOrderValidatedEvent

__all__ = [
    "ModelAddress",
    "ModelOrderItem",
    "ModelOrderPlacedEvent",
    "ModelOrderValidatedEvent",
]
