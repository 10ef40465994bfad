"""Models of node_booth_orchestrator."""

from toll.nodes.node_booth_orchestrator.models.model_booth_closed import (
    ModelBoothClosed,
)
from toll.nodes.node_booth_orchestrator.models.model_booth_opened import (
    ModelBoothOpened,
)

__all__ = ["ModelBoothClosed", "ModelBoothOpened"]
