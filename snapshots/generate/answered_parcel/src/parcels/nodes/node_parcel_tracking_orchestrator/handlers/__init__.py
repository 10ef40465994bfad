"""Handlers of node_parcel_tracking_orchestrator."""

from parcels.nodes.node_parcel_tracking_orchestrator.handlers.handler_parcel_scanned import (
    HandlerParcelScanned,
)

__all__ = ["HandlerParcelScanned"]
