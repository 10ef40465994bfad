"""The package myapp.models.events."""

from myapp.models.events.model_order_fulfilled_event import ModelOrderFulfilledEvent
from myapp.models.events.model_order_placed_event import ModelOrderPlacedEvent

__all__ = ["ModelOrderFulfilledEvent", "ModelOrderPlacedEvent"]
