"""Handlers of node_counter_orchestrator."""

from restaurant.nodes.node_counter_orchestrator.handlers.handler_meal_ordered import (
    HandlerMealOrdered,
)

__all__ = ["HandlerMealOrdered"]
