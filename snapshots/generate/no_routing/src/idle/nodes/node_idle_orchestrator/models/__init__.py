"""Models of node_idle_orchestrator."""

from idle.nodes.node_idle_orchestrator.models.model_idle_input import ModelIdleInput

__all__ = ["ModelIdleInput"]
