"""The package restaurant.models.events."""

from restaurant.models.events.model_dinner_ordered_event import ModelDinnerOrderedEvent
from restaurant.models.events.model_meal_ordered_event import ModelMealOrderedEvent

__all__ = ["ModelDinnerOrderedEvent", "ModelMealOrderedEvent"]
