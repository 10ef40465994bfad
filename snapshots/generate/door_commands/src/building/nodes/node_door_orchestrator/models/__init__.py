"""Models of node_door_orchestrator."""

from building.nodes.node_door_orchestrator.models.model_door_closed import (
    ModelDoorClosed,
)
from building.nodes.node_door_orchestrator.models.model_door_opened import (
    ModelDoorOpened,
)

__all__ = ["ModelDoorClosed", "ModelDoorOpened"]
