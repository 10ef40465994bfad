"""The package shop.models.events."""

from shop.models.events.model_item import ModelItem
from shop.models.events.model_sale_cancelled_event import ModelSaleCancelledEvent
from shop.models.events.model_sale_made_event import ModelSaleMadeEvent

__all__ = ["ModelItem", "ModelSaleCancelledEvent", "ModelSaleMadeEvent"]
