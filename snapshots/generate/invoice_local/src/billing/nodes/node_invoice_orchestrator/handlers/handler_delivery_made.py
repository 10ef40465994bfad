"""Handle ModelDeliveryMadeEvent in node_invoice_orchestrator."""

from __future__ import annotations

from billing.models.events.model_delivery_made_event import ModelDeliveryMadeEvent
from billing.nodes.node_invoice_orchestrator.models import ModelInvoiceOpened

__all__ = ["HandlerDeliveryMade"]


class HandlerDeliveryMade:
    """Answers ModelDeliveryMadeEvent.

    Takes the event itself and returns the event that follows from it, or nothing.
    """

    async def handle(self, request: ModelDeliveryMadeEvent) -> ModelInvoiceOpened:
        """Return ModelInvoiceOpened.

        This body is yours: regenerating keeps what you write here.
        """
        return ModelInvoiceOpened(correlation_id=request.correlation_id)
