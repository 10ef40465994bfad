"""Takes bookings and closes crossings."""

from ferry.nodes.node_booking_orchestrator.node import NodeBookingOrchestrator

__all__ = ["NodeBookingOrchestrator"]
