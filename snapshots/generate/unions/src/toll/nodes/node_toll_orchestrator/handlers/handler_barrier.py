"""Handle ModelCarArrived, ModelTruckArrived and ModelBusArrived."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from omnibase_core.enums.enum_execution_shape import EnumMessageCategory
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput

from toll.models import ModelTruckArrived
from toll.nodes.node_toll_orchestrator.models import ModelBarrierOpened, ModelTollTaken

if TYPE_CHECKING:
    from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

    from toll.models import ModelBusArrived, ModelCarArrived

__all__ = ["HandlerBarrier"]


class HandlerBarrier:
    """Answers ModelCarArrived, ModelTruckArrived and ModelBusArrived.

    ModelCarArrived: A car waits.

    ModelTruckArrived: A truck waits.

    Emits events (what happened) and intents (what should happen next), never a result.
    """

    @property
    def handler_id(self) -> str:
        """The class name: the contract's routing looks handlers up by it."""
        return "HandlerBarrier"

    @property
    def category(self) -> EnumMessageCategory:
        """What kind of message this handler consumes."""
        return EnumMessageCategory.EVENT

    @property
    def message_types(self) -> set[str]:
        """The payloads that this handler takes."""
        return {"ModelCarArrived", "ModelTruckArrived", "ModelBusArrived"}

    @property
    def node_kind(self) -> EnumNodeKind:
        """The archetype of the node that this handler serves."""
        return EnumNodeKind.ORCHESTRATOR

    async def handle(
        self,
        envelope: ModelEventEnvelope[
            ModelCarArrived | ModelTruckArrived | ModelBusArrived
        ],
    ) -> ModelHandlerOutput[None]:
        """Emit ModelBarrierOpened or ModelTollTaken.

        For ModelCarArrived, the contract declares these events as well, ready to copy:
            ModelTollTaken(
                axles=...,  # int
            )

        For ModelBusArrived, the contract declares these events as well, ready to copy:
            ModelNightClosed()

        The node routes these intents; raise them where they are due:
            ModelIntent(
                intent_type="barrier.open",
                target="node_barrier_effect",
                payload=ModelBarrierOpenIntentPayload(),
            )

        This body is yours: regenerating keeps what you write here.
        """
        event = envelope.payload
        if isinstance(event, ModelTruckArrived):
            return ModelHandlerOutput.for_orchestrator(
                input_envelope_id=envelope.envelope_id,
                correlation_id=envelope.correlation_id or uuid4(),
                handler_id=self.handler_id,
                events=(ModelTollTaken(axles=event.axles),),
            )
        return ModelHandlerOutput.for_orchestrator(
            input_envelope_id=envelope.envelope_id,
            correlation_id=envelope.correlation_id or uuid4(),
            handler_id=self.handler_id,
            events=(ModelBarrierOpened(plate=event.plate),),
        )
