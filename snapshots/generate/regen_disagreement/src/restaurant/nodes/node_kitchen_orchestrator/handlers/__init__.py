"""Handlers of node_kitchen_orchestrator."""

from restaurant.nodes.node_kitchen_orchestrator.handlers.handler_meal_ordered import (
    HandlerMealOrdered,
)

__all__ = ["HandlerMealOrdered"]
