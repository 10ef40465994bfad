"""Handlers of node_order_payment_orchestrator."""

from shop.nodes.node_order_payment_orchestrator.handlers.handler_cancel_order_command import (
    HandlerCancelOrderCommand,
)
from shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed import (
    HandlerOrderPlaced,
)
from shop.nodes.node_order_payment_orchestrator.handlers.handler_order_validated import (
    HandlerOrderValidated,
)

__all__ = ["HandlerCancelOrderCommand", "HandlerOrderPlaced", "HandlerOrderValidated"]
