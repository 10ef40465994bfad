"""Models of node_kitchen_orchestrator."""

from restaurant.nodes.node_kitchen_orchestrator.models.model_dish_cooked import (
    ModelDishCooked,
)

__all__ = ["ModelDishCooked"]
