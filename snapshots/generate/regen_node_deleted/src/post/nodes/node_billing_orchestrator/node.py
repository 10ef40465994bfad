"""The node node_billing_orchestrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnibase_core.nodes import NodeOrchestrator

if TYPE_CHECKING:
    from omnibase_core.models.container.model_onex_container import ModelONEXContainer

__all__ = ["NodeBillingOrchestrator"]


class NodeBillingOrchestrator(NodeOrchestrator):
    """Writes bills for parcels.

    Generated from contract.yaml, which says what happens; the handlers say how. Nothing
    belongs in this class: it holds no logic, and regenerating rewrites the file.
    """

    def __init__(self, container: ModelONEXContainer) -> None:
        """Hand the container on; a node holds no logic of its own."""
        super().__init__(container)
