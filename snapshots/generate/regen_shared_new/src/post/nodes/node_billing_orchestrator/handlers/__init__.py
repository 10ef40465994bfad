"""Handlers of node_billing_orchestrator."""

from post.nodes.node_billing_orchestrator.handlers.handler_billing import HandlerBilling

__all__ = ["HandlerBilling"]
