"""Takes a booking."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from omnibase_core.enums.enum_execution_shape import EnumMessageCategory
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
from omnibase_core.models.reducer.model_intent import ModelIntent

from ferry.models.events import ModelBookingRequestedEvent
from ferry.nodes.node_booking_orchestrator.models import (
    ModelBookingConfirmed,
    ModelBookingRefused,
    ModelFareChargeIntentPayload,
)

if TYPE_CHECKING:
    from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

__all__ = ["HandlerBookingRequested"]


class HandlerBookingRequested:
    """Confirms a booking that names passengers, and asks for their fare."""

    @property
    def handler_id(self) -> str:
        """Registry key, the name in the contract."""
        return "HandlerBookingRequested"

    @property
    def category(self) -> EnumMessageCategory:
        """What kind of message the handler takes."""
        return EnumMessageCategory.EVENT

    @property
    def message_types(self) -> set[str]:
        """Payload classes that the handler takes."""
        return {"ModelBookingRequestedEvent"}

    @property
    def node_kind(self) -> EnumNodeKind:
        """Archetype of the handler's node."""
        return EnumNodeKind.ORCHESTRATOR

    async def handle(
        self, envelope: ModelEventEnvelope[ModelBookingRequestedEvent]
    ) -> ModelHandlerOutput[None]:
        """Confirm or refuse."""
        event = envelope.payload
        correlation_id = envelope.correlation_id or uuid4()
        if not event.passengers:
            return ModelHandlerOutput.for_orchestrator(
                input_envelope_id=envelope.envelope_id,
                correlation_id=correlation_id,
                handler_id=self.handler_id,
                events=(ModelBookingRefused(booking_id=event.booking_id, reason="nobody"),),
            )
        places = len(event.passengers)
        return ModelHandlerOutput.for_orchestrator(
            input_envelope_id=envelope.envelope_id,
            correlation_id=correlation_id,
            handler_id=self.handler_id,
            events=(
                ModelBookingConfirmed(
                    correlation_id=correlation_id, booking_id=event.booking_id, places=places
                ),
            ),
            intents=(
                ModelIntent(
                    intent_type="fare.charge",
                    target=f"fare://bookings/{event.booking_id}",
                    payload=ModelFareChargeIntentPayload(
                        booking_id=event.booking_id, places=places
                    ),
                ),
            ),
        )
