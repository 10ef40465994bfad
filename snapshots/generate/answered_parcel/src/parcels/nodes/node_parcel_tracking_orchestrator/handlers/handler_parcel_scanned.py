"""Handle ModelParcelScannedEvent in node_parcel_tracking_orchestrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload
from uuid import uuid4

from omnibase_core.enums.enum_execution_shape import EnumMessageCategory
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

from parcels.nodes.node_parcel_tracking_orchestrator.models import ModelParcelLocated

if TYPE_CHECKING:
    from omnibase_core.models.reducer.model_intent import ModelIntent
    from pydantic import BaseModel

    from parcels.models.events import ModelParcelScannedEvent

__all__ = ["HandlerParcelScanned"]


class HandlerParcelScanned:
    """Answers ModelParcelScannedEvent.

    Emits events (what happened) and intents (what should happen next), never a result.
    """

    @property
    def handler_id(self) -> str:
        """The class name: the contract's routing looks handlers up by it."""
        return "HandlerParcelScanned"

    @property
    def category(self) -> EnumMessageCategory:
        """What kind of message this handler consumes."""
        return EnumMessageCategory.EVENT

    @property
    def message_types(self) -> set[str]:
        """The payloads that this handler takes."""
        return {"ModelParcelScannedEvent"}

    @property
    def node_kind(self) -> EnumNodeKind:
        """The archetype of the node that this handler serves."""
        return EnumNodeKind.ORCHESTRATOR

    @overload
    async def handle(
        self, request: ModelEventEnvelope[ModelParcelScannedEvent]
    ) -> ModelHandlerOutput[None]: ...

    @overload
    async def handle(
        self, request: ModelParcelScannedEvent
    ) -> BaseModel | tuple[BaseModel, ...]: ...

    async def handle(
        self,
        request: ModelEventEnvelope[ModelParcelScannedEvent] | ModelParcelScannedEvent,
    ) -> ModelHandlerOutput[None] | BaseModel | tuple[BaseModel, ...]:
        """Answer an envelope with events and intents, a bare event with the events alone."""
        if not isinstance(request, ModelEventEnvelope):
            emitted, _ = self.decide(request)
            return emitted[0] if len(emitted) == 1 else emitted
        events, intents = self.decide(request.payload)
        return ModelHandlerOutput.for_orchestrator(
            input_envelope_id=request.envelope_id,
            correlation_id=request.correlation_id or uuid4(),
            handler_id=self.handler_id,
            events=events,
            intents=intents,
        )

    def decide(
        self, event: ModelParcelScannedEvent
    ) -> tuple[tuple[BaseModel, ...], tuple[ModelIntent, ...]]:
        """Emit ModelParcelLocated.

        The contract declares these events as well, ready to copy:
            ModelParcelLost(
                correlation_id=event.correlation_id,
                parcel_id=event.parcel_id,
                reason=...,  # str
            )

        This body is yours: regenerating keeps what you write here.
        """
        return (
            ModelParcelLocated(
                correlation_id=event.correlation_id,
                parcel_id=event.parcel_id,
                station_id=event.station_id,
            ),
        ), ()
