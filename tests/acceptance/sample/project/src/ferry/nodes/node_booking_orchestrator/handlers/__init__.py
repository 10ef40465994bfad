"""Handlers of the booking node."""

from ferry.nodes.node_booking_orchestrator.handlers.handler_boarding_closed import (
    HandlerBoardingClosed,
)
from ferry.nodes.node_booking_orchestrator.handlers.handler_booking_requested import (
    HandlerBookingRequested,
)

__all__ = ["HandlerBoardingClosed", "HandlerBookingRequested"]
