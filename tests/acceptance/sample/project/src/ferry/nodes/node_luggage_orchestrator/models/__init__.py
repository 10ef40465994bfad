"""What the node emits."""

from ferry.nodes.node_luggage_orchestrator.models.model_luggage_stowed import ModelLuggageStowed

__all__ = ["ModelLuggageStowed"]
