"""What the node emits."""

from ferry.nodes.node_delay_orchestrator.models.model_delay_published import ModelDelayPublished

__all__ = ["ModelDelayPublished"]
