"""Handle ModelBillableParcel in node_billing_orchestrator."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from omnibase_core.enums.enum_execution_shape import EnumMessageCategory
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput

from post.nodes.node_billing_orchestrator.models import ModelBillWritten

if TYPE_CHECKING:
    from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

    from post.models.events import ModelBillableParcel

__all__ = ["HandlerBilling"]


class HandlerBilling:
    """Answers ModelBillableParcel.

    Emits events (what happened) and intents (what should happen next), never a result.
    """

    @property
    def handler_id(self) -> str:
        """The class name: the contract's routing looks handlers up by it."""
        return "HandlerBilling"

    @property
    def category(self) -> EnumMessageCategory:
        """What kind of message this handler consumes."""
        return EnumMessageCategory.EVENT

    @property
    def message_types(self) -> set[str]:
        """The payloads that this handler takes."""
        return {"ModelBillableParcel"}

    @property
    def node_kind(self) -> EnumNodeKind:
        """The archetype of the node that this handler serves."""
        return EnumNodeKind.ORCHESTRATOR

    async def handle(
        self, envelope: ModelEventEnvelope[ModelBillableParcel]
    ) -> ModelHandlerOutput[None]:
        """Emit ModelBillWritten.

        This body is yours: regenerating keeps what you write here.
        """
        event = envelope.payload
        price = 2 * event.weight
        if price < 0:
            raise ValueError(price)
        return ModelHandlerOutput.for_orchestrator(
            input_envelope_id=envelope.envelope_id,
            correlation_id=envelope.correlation_id or uuid4(),
            handler_id=self.handler_id,
            events=(ModelBillWritten(correlation_id=event.correlation_id),),
        )
