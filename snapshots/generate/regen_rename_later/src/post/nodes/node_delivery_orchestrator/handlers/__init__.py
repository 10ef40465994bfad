"""Handlers of node_delivery_orchestrator."""

from post.nodes.node_delivery_orchestrator.handlers.handler_letter_posted import (
    HandlerLetterPosted,
)
from post.nodes.node_delivery_orchestrator.handlers.handler_parcel_arrived import (
    HandlerParcelArrived,
)

__all__ = ["HandlerLetterPosted", "HandlerParcelArrived"]
