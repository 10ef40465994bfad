"""Handlers of node_door_orchestrator."""

from building.nodes.node_door_orchestrator.handlers.handler_door_close import (
    HandlerDoorClose,
)
from building.nodes.node_door_orchestrator.handlers.handler_door_open import (
    HandlerDoorOpen,
)

__all__ = ["HandlerDoorClose", "HandlerDoorOpen"]
