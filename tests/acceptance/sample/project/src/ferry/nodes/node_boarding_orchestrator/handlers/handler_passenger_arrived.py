"""Lets a passenger aboard, under every runtime."""

from __future__ import annotations

from typing import overload
from uuid import uuid4

from omnibase_core.enums.enum_execution_shape import EnumMessageCategory
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

from ferry.models.events import ModelPassengerArrivedEvent
from ferry.nodes.node_boarding_orchestrator.models import ModelPassengerBoarded

__all__ = ["HandlerPassengerArrived"]


class HandlerPassengerArrived:
    """Says that the passenger is aboard."""

    @property
    def handler_id(self) -> str:
        """Registry key, the name in the contract."""
        return "HandlerPassengerArrived"

    @property
    def category(self) -> EnumMessageCategory:
        """What kind of message the handler takes."""
        return EnumMessageCategory.EVENT

    @property
    def message_types(self) -> set[str]:
        """Payload classes that the handler takes."""
        return {"ModelPassengerArrivedEvent"}

    @property
    def node_kind(self) -> EnumNodeKind:
        """Archetype of the handler's node."""
        return EnumNodeKind.ORCHESTRATOR

    @overload
    async def handle(
        self, request: ModelEventEnvelope[ModelPassengerArrivedEvent]
    ) -> ModelHandlerOutput[None]: ...

    @overload
    async def handle(self, request: ModelPassengerArrivedEvent) -> ModelPassengerBoarded: ...

    async def handle(
        self,
        request: ModelEventEnvelope[ModelPassengerArrivedEvent] | ModelPassengerArrivedEvent,
    ) -> ModelHandlerOutput[None] | ModelPassengerBoarded:
        """Answer an envelope with an output, and a bare event with an event."""
        if not isinstance(request, ModelEventEnvelope):
            return self.decide(request)
        return ModelHandlerOutput.for_orchestrator(
            input_envelope_id=request.envelope_id,
            correlation_id=request.correlation_id or uuid4(),
            handler_id=self.handler_id,
            events=(self.decide(request.payload),),
        )

    def decide(self, event: ModelPassengerArrivedEvent) -> ModelPassengerBoarded:
        """Decide what the arrival leads to."""
        return ModelPassengerBoarded(passenger_id=event.passenger_id, seat=event.seat)
