"""The package shop.models.events."""

from shop.models.events.model_money_taken_event import ModelMoneyTakenEvent

__all__ = ["ModelMoneyTakenEvent"]
