"""Checks tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnibase_core.nodes import NodeOrchestrator

if TYPE_CHECKING:
    from omnibase_core.models.container.model_onex_container import ModelONEXContainer

__all__ = ["NodeTicketOrchestrator"]


class NodeTicketOrchestrator(NodeOrchestrator):
    """Checks tickets. The contract says how."""

    def __init__(self, container: ModelONEXContainer) -> None:
        """Initialize with the container."""
        super().__init__(container)
