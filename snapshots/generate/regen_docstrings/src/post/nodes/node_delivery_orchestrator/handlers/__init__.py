"""Handlers of node_delivery_orchestrator, each with a clerk behind it."""

from post.nodes.node_delivery_orchestrator.handlers.handler_parcel_arrived import (
    HandlerParcelArrived,
)
from post.nodes.node_delivery_orchestrator.handlers.handler_parcel_sent import (
    HandlerParcelSent,
)

__all__ = ["HandlerParcelArrived", "HandlerParcelSent"]
