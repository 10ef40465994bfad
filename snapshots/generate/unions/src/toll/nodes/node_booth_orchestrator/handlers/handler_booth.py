"""Handle booth.open and booth.close in node_booth_orchestrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload
from uuid import uuid4

from omnibase_core.enums.enum_execution_shape import EnumMessageCategory
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

if TYPE_CHECKING:
    from omnibase_core.models.reducer.model_intent import ModelIntent
    from pydantic import BaseModel

__all__ = ["HandlerBooth"]


class HandlerBooth:
    """Answers booth.open and booth.close.

    Emits events (what happened) and intents (what should happen next), never a result.
    """

    @property
    def handler_id(self) -> str:
        """The class name: the contract's routing looks handlers up by it."""
        return "HandlerBooth"

    @property
    def category(self) -> EnumMessageCategory:
        """What kind of message this handler consumes."""
        return EnumMessageCategory.EVENT

    @property
    def message_types(self) -> set[str]:
        """The payloads that this handler takes."""
        return {"booth.open", "booth.close"}

    @property
    def node_kind(self) -> EnumNodeKind:
        """The archetype of the node that this handler serves."""
        return EnumNodeKind.ORCHESTRATOR

    @overload
    async def handle(
        self, request: ModelEventEnvelope[dict[str, object]]
    ) -> ModelHandlerOutput[None]: ...

    @overload
    async def handle(
        self, request: dict[str, object]
    ) -> BaseModel | tuple[BaseModel, ...]: ...

    async def handle(
        self, request: ModelEventEnvelope[dict[str, object]] | dict[str, object]
    ) -> ModelHandlerOutput[None] | BaseModel | tuple[BaseModel, ...]:
        """Answer an envelope with events and intents, a bare event with events."""
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
        self, _event: dict[str, object]
    ) -> tuple[tuple[BaseModel, ...], tuple[ModelIntent, ...]]:
        """Answer booth.open and booth.close.

        The contract declares these events; fill in what the message does not hold:
            ModelBoothOpened()
            ModelBoothClosed()

        This body is yours: regenerating keeps what you write here.
        """
        return (), ()
