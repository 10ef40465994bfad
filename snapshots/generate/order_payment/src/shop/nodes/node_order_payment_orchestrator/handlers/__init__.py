"""Handlers of node_order_payment_orchestrator."""

from shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed import (
    HandlerOrderPlaced,
)
from shop.nodes.node_order_payment_orchestrator.handlers.handler_payment_taken import (
    HandlerPaymentTaken,
)

__all__ = ["HandlerOrderPlaced", "HandlerPaymentTaken"]
