"""Handlers of node_delivery_orchestrator."""

from post.nodes.node_delivery_orchestrator.handlers.handler_parcel_arrived import (
    HandlerParcelArrived,
)
from post.nodes.node_delivery_orchestrator.handlers.handler_parcel_sent import (
    HandlerParcelSent,
)

__all__ = ["HandlerParcelArrived", "HandlerParcelSent"]
