"""The node node_order_payment_orchestrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnibase_core.nodes import NodeOrchestrator

if TYPE_CHECKING:
    from omnibase_core.models.container.model_onex_container import ModelONEXContainer

__all__ = ["NodeOrderPaymentOrchestrator"]


class NodeOrderPaymentOrchestrator(NodeOrchestrator):
    """Takes an order from the till to the warehouse.

    Whoever watches the events sees each step.

    Generated from contract.yaml, which says what happens; the handlers say how. Nothing
    belongs in this class: it holds no logic, and regenerating rewrites the file.

    Workflow:
        1. receive_order (effect)
        2. validate_order (compute, after receive_order)
        3. take_payment (effect, after validate_order)
        4. start_fulfilment (effect, after take_payment, validate_order)
    """

    def __init__(self, container: ModelONEXContainer) -> None:
        """Hand the container on; a node holds no logic of its own."""
        super().__init__(container)
