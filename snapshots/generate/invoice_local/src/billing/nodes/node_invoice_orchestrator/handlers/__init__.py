"""Handlers of node_invoice_orchestrator."""

from billing.nodes.node_invoice_orchestrator.handlers.handler_delivery_made import (
    HandlerDeliveryMade,
)

__all__ = ["HandlerDeliveryMade"]
