"""Models of node_gate_orchestrator."""

from gate.nodes.node_gate_orchestrator.models.model_parcel_let_through import (
    ModelParcelLetThrough,
)
from gate.nodes.node_gate_orchestrator.models.model_version_noted import (
    ModelVersionNoted,
)

__all__ = ["ModelParcelLetThrough", "ModelVersionNoted"]
