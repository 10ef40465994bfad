"""The node node_order_workflow_orchestrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnibase_core.nodes import NodeOrchestrator

if TYPE_CHECKING:
    from omnibase_core.models.container.model_onex_container import ModelONEXContainer

__all__ = ["NodeOrderWorkflowOrchestrator"]


class NodeOrderWorkflowOrchestrator(NodeOrchestrator):
    """Coordinates the order processing workflow.

    Generated from contract.yaml, which says what happens; the handlers say how. Nothing
    belongs in this class: it holds no logic, and regenerating rewrites the file.

    Workflow:
        1. receive_order (effect): Receive order event.
        2. validate_order (compute, after receive_order): Validate order data.
        3. compute_state (reducer, after validate_order): FSM transition and intent
           computation.
        4. process_payment (effect, after compute_state): Process payment.
    """

    def __init__(self, container: ModelONEXContainer) -> None:
        """Hand the container on; a node holds no logic of its own."""
        super().__init__(container)
