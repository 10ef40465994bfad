"""The package shop.models.commands."""

from shop.models.commands.model_cancel_order_command import ModelCancelOrderCommand

__all__ = ["ModelCancelOrderCommand"]
