"""The node node_toll_orchestrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnibase_core.nodes import NodeOrchestrator

if TYPE_CHECKING:
    from omnibase_core.models.container.model_onex_container import ModelONEXContainer

__all__ = ["NodeTollOrchestrator"]


class NodeTollOrchestrator(NodeOrchestrator):
    r"""Takes the toll; a \d{4} code opens the barrier, a "guest" code does not.

    Generated from contract.yaml, which says what happens; the handlers say how. Nothing
    belongs in this class: it holds no logic, and regenerating rewrites the file.

    Workflow:
        1. read_plate (compute): Read the plate of the car.
        2. open_barrier (effect, after read_plate)
    """

    def __init__(self, container: ModelONEXContainer) -> None:
        """Hand the container on; a node holds no logic of its own."""
        super().__init__(container)
