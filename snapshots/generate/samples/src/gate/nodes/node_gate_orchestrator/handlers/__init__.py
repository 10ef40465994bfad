"""Handlers of node_gate_orchestrator."""

from gate.nodes.node_gate_orchestrator.handlers.handler_parcel_scanned import (
    HandlerParcelScanned,
)
from gate.nodes.node_gate_orchestrator.handlers.handler_version_seen import (
    HandlerVersionSeen,
)

__all__ = ["HandlerParcelScanned", "HandlerVersionSeen"]
