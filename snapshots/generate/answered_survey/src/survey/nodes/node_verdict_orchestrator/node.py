"""The node node_verdict_orchestrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnibase_core.nodes import NodeOrchestrator

if TYPE_CHECKING:
    from omnibase_core.models.container.model_onex_container import ModelONEXContainer

__all__ = ["NodeVerdictOrchestrator"]


class NodeVerdictOrchestrator(NodeOrchestrator):
    """Coordinates the verdict workflow.

    Generated from contract.yaml, which says what happens; the handlers say how. Nothing
    belongs in this class: it holds no logic, and regenerating rewrites the file.

    Workflow:
        1. survey_closed (orchestrator): Handle SurveyClosed.
        2. verdict_reached (orchestrator, after survey_closed): Handle VerdictReached.
        3. verdict_print (effect, after verdict_reached): node_print_effect answers
           verdict.print.
    """

    def __init__(self, container: ModelONEXContainer) -> None:
        """Hand the container on; a node holds no logic of its own."""
        super().__init__(container)
