"""Handlers of node_till_orchestrator."""

from shop.nodes.node_till_orchestrator.handlers.handler_sale_cancelled import (
    HandlerSaleCancelled,
)
from shop.nodes.node_till_orchestrator.handlers.handler_sale_made import HandlerSaleMade

__all__ = ["HandlerSaleCancelled", "HandlerSaleMade"]
