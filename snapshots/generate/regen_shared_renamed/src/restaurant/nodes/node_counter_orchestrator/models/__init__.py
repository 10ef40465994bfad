"""Models of node_counter_orchestrator."""

from restaurant.nodes.node_counter_orchestrator.models.model_bill_opened import (
    ModelBillOpened,
)

__all__ = ["ModelBillOpened"]
