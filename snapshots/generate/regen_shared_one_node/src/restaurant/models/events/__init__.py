"""The package restaurant.models.events."""

from restaurant.models.events.model_meal_ordered_event import ModelMealOrderedEvent

__all__ = ["ModelMealOrderedEvent"]
