"""Closes a crossing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from omnibase_core.enums.enum_execution_shape import EnumMessageCategory
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput

from ferry.models.events import ModelBoardingClosedEvent
from ferry.nodes.node_booking_orchestrator.models import ModelCrossingReady

if TYPE_CHECKING:
    from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

__all__ = ["HandlerBoardingClosed"]


class HandlerBoardingClosed:
    """Says that the crossing may start."""

    @property
    def handler_id(self) -> str:
        """Registry key, the name in the contract."""
        return "HandlerBoardingClosed"

    @property
    def category(self) -> EnumMessageCategory:
        """What kind of message the handler takes."""
        return EnumMessageCategory.EVENT

    @property
    def message_types(self) -> set[str]:
        """Payload classes that the handler takes."""
        return {"ModelBoardingClosedEvent"}

    @property
    def node_kind(self) -> EnumNodeKind:
        """Archetype of the handler's node."""
        return EnumNodeKind.ORCHESTRATOR

    async def handle(
        self, envelope: ModelEventEnvelope[ModelBoardingClosedEvent]
    ) -> ModelHandlerOutput[None]:
        """Announce the crossing."""
        return ModelHandlerOutput.for_orchestrator(
            input_envelope_id=envelope.envelope_id,
            correlation_id=envelope.correlation_id or uuid4(),
            handler_id=self.handler_id,
            events=(ModelCrossingReady(crossing_id=envelope.payload.crossing_id),),
        )
