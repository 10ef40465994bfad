"""Handlers of node_paying_orchestrator."""

from post.nodes.node_paying_orchestrator.handlers.handler_billing import HandlerBilling

__all__ = ["HandlerBilling"]
