"""The node node_order_payment_orchestrator."""

from __future__ import annotations

from omnibase_core.nodes import NodeOrchestrator

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omnibase_core.models.container.model_onex_container import (
        ModelONEXContainer,
    )

__all__ = ["NodeOrderPaymentOrchestrator"]


class NodeOrderPaymentOrchestrator(NodeOrchestrator):
    """Takes an order from the till to the warehouse.

    An order is validated, paid for and handed to fulfilment; whoever
    watches the events sees each of these steps.

    Generated from contract.yaml, which says what happens; the handlers
    say how. Nothing belongs in this class: it holds no logic, and
    regenerating rewrites the file.

    Workflow:
        1. receive_order (effect): Receive the order.
        2. validate_order (compute, after receive_order): Check items
           and prices.
        3. take_payment (effect, after validate_order): Take the
           payment.
        4. reserve_stock (effect, after validate_order): Set the goods
           aside.
        5. start_fulfilment (effect, after take_payment, reserve_stock):
           Hand the order to the warehouse.
    """

    def __init__(self, container: ModelONEXContainer) -> None:
        """Hand the container on; a node holds no logic of its own."""
        super().__init__(container)
