"""Handle ModelOrderPlacedEvent in node_order_payment_orchestrator."""

from __future__ import annotations

from omnibase_core.enums.enum_execution_shape import EnumMessageCategory
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.models.dispatch.model_handler_output import (
    ModelHandlerOutput,
)
from omnibase_core.models.reducer.model_intent import ModelIntent

from typing import TYPE_CHECKING
from uuid import uuid4

from shop.nodes.node_order_payment_orchestrator.models import (
    ModelOrderValidated,
    ModelPaymentProcessIntentPayload,
)

if TYPE_CHECKING:
    from omnibase_core.models.events.model_event_envelope import (
        ModelEventEnvelope,
    )

    from shop.models.events import ModelOrderPlacedEvent

__all__ = ["HandlerOrderPlaced"]


class HandlerOrderPlaced:
    """Answers ModelOrderPlacedEvent.

    Checks what was ordered, and asks for the payment.

    Emits events (what happened) and intents (what should happen next),
    never a result.
    """

    @property
    def handler_id(self) -> str:
        """The class name: the contract's routing looks handlers up by it."""
        return "HandlerOrderPlaced"

    @property
    def category(self) -> EnumMessageCategory:
        """What kind of message this handler consumes."""
        return EnumMessageCategory.EVENT

    @property
    def message_types(self) -> set[str]:
        """The payloads that this handler takes."""
        return {"ModelOrderPlacedEvent"}

    @property
    def node_kind(self) -> EnumNodeKind:
        """The archetype of the node that this handler serves."""
        return EnumNodeKind.ORCHESTRATOR

    async def handle(
        self, envelope: ModelEventEnvelope[ModelOrderPlacedEvent]
    ) -> ModelHandlerOutput[None]:
        """Emit ModelOrderValidated.

        The contract declares these events as well, ready to copy:
            ModelOrderRefused(
                order_id=event.order_id,
                reason=...,  # str
            )

        This body is yours: regenerating keeps what you write here.
        """
        event = envelope.payload
        return ModelHandlerOutput.for_orchestrator(
            input_envelope_id=envelope.envelope_id,
            correlation_id=envelope.correlation_id or uuid4(),
            handler_id=self.handler_id,
            events=(
                ModelOrderValidated(
                    order_id=event.order_id,
                    customer_id=event.customer_id,
                    total=event.total,
                ),
            ),
            intents=(
                ModelIntent(
                    intent_type="payment.process",
                    target="node_payment_effect",
                    payload=ModelPaymentProcessIntentPayload(
                        order_id=event.order_id, total=event.total
                    ),
                ),
            ),
        )
