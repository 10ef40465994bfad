"""Models of node_toll_orchestrator."""

from toll.nodes.node_toll_orchestrator.models.model_barrier_open_intent_payload import (
    ModelBarrierOpenIntentPayload,
)
from toll.nodes.node_toll_orchestrator.models.model_barrier_opened import (
    ModelBarrierOpened,
)
from toll.nodes.node_toll_orchestrator.models.model_night_closed import ModelNightClosed
from toll.nodes.node_toll_orchestrator.models.model_toll_taken import ModelTollTaken

__all__ = [
    "ModelBarrierOpenIntentPayload",
    "ModelBarrierOpened",
    "ModelNightClosed",
    "ModelTollTaken",
]
