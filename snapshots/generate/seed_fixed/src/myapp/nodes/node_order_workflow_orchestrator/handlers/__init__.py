"""Handlers of node_order_workflow_orchestrator."""

from myapp.nodes.node_order_workflow_orchestrator.handlers.handler_order_fulfilled import (
    HandlerOrderFulfilled,
)
from myapp.nodes.node_order_workflow_orchestrator.handlers.handler_order_placed import (
    HandlerOrderPlaced,
)

__all__ = ["HandlerOrderFulfilled", "HandlerOrderPlaced"]
