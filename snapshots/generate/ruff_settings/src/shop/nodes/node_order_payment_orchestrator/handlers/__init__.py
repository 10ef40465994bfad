"""Handlers of node_order_payment_orchestrator."""

from __future__ import annotations

from shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed import (  # noqa: E501
    HandlerOrderPlaced,
)
from shop.nodes.node_order_payment_orchestrator.handlers.handler_payment_taken import (  # noqa: E501
    HandlerPaymentTaken,
)

__all__ = ["HandlerOrderPlaced", "HandlerPaymentTaken"]
