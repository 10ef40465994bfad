"""Handle ModelOrderPlacedEvent in node_order_workflow_orchestrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput

from myapp.nodes.node_order_workflow_orchestrator.models import ModelOrderValidated

if TYPE_CHECKING:
    from uuid import UUID

    from myapp.models.events import ModelOrderPlacedEvent

__all__ = ["HandlerOrderPlaced"]


class HandlerOrderPlaced:
    """Answers ModelOrderPlacedEvent.

    Emits events (what happened) and intents (what should happen next), never a result.
    """

    async def handle(
        self,
        event: ModelOrderPlacedEvent,
        input_envelope_id: UUID,
        correlation_id: UUID,
    ) -> ModelHandlerOutput[None]:
        """Emit ModelOrderValidated.

        The node routes these intents; raise them where they are due:
            ModelIntent(
                intent_type="payment.process",
                target="node_payment_effect",
                payload=ModelPaymentProcessIntentPayload(),
            )
            ModelIntent(
                intent_type="fulfillment.start",
                target="node_fulfillment_effect",
                payload=ModelFulfillmentStartIntentPayload(),
            )

        This body is yours: regenerating keeps what you write here.
        """
        return ModelHandlerOutput.for_orchestrator(
            input_envelope_id=input_envelope_id,
            correlation_id=correlation_id,
            handler_id="HandlerOrderPlaced",
            events=(ModelOrderValidated(correlation_id=event.correlation_id),),
        )
