"""Handlers of the boarding node."""

from ferry.nodes.node_boarding_orchestrator.handlers.handler_passenger_arrived import (
    HandlerPassengerArrived,
)

__all__ = ["HandlerPassengerArrived"]
