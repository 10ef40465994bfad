"""Handlers of node_delivery_orchestrator."""

from post.nodes.node_delivery_orchestrator.handlers.handler_arrival import (
    HandlerArrival,
)
from post.nodes.node_delivery_orchestrator.handlers.handler_posting import (
    HandlerPosting,
)

__all__ = ["HandlerArrival", "HandlerPosting"]
