"""Handle meter.stop in node_meter_orchestrator."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from omnibase_core.enums.enum_execution_shape import EnumMessageCategory
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
from omnibase_core.models.reducer.model_intent import ModelIntent

from metering.nodes.node_meter_orchestrator.models import (
    ModelMeterStopped,
    ModelReadingStoreIntentPayload,
)

if TYPE_CHECKING:
    from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

__all__ = ["HandlerMeterStop"]


class HandlerMeterStop:
    """Answers meter.stop.

    Emits events (what happened) and intents (what should happen next), never a result.
    """

    @property
    def handler_id(self) -> str:
        """The class name: the contract's routing looks handlers up by it."""
        return "HandlerMeterStop"

    @property
    def category(self) -> EnumMessageCategory:
        """What kind of message this handler consumes."""
        return EnumMessageCategory.COMMAND

    @property
    def message_types(self) -> set[str]:
        """The payloads that this handler takes."""
        return {"meter.stop"}

    @property
    def node_kind(self) -> EnumNodeKind:
        """The archetype of the node that this handler serves."""
        return EnumNodeKind.ORCHESTRATOR

    async def handle(
        self, envelope: ModelEventEnvelope[dict[str, object]]
    ) -> ModelHandlerOutput[None]:
        """Emit ModelMeterStopped.

        This body is yours: regenerating keeps what you write here.
        """
        return ModelHandlerOutput.for_orchestrator(
            input_envelope_id=envelope.envelope_id,
            correlation_id=envelope.correlation_id or uuid4(),
            handler_id=self.handler_id,
            events=(ModelMeterStopped(),),
            intents=(
                ModelIntent(
                    intent_type="reading.store",
                    target="node_reading_effect",
                    payload=ModelReadingStoreIntentPayload(),
                ),
            ),
        )
