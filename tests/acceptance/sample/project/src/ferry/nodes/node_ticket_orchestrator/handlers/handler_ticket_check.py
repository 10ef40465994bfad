"""Checks a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from omnibase_core.enums.enum_execution_shape import EnumMessageCategory
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput

from ferry.nodes.node_ticket_orchestrator.models import ModelTicketAccepted

if TYPE_CHECKING:
    from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

__all__ = ["HandlerTicketCheck"]


class HandlerTicketCheck:
    """Accepts every ticket, and counts what is written on it."""

    @property
    def handler_id(self) -> str:
        """Registry key, the name in the contract."""
        return "HandlerTicketCheck"

    @property
    def category(self) -> EnumMessageCategory:
        """What kind of message the handler takes."""
        return EnumMessageCategory.COMMAND

    @property
    def message_types(self) -> set[str]:
        """Operations that the handler takes."""
        return {"ticket.check"}

    @property
    def node_kind(self) -> EnumNodeKind:
        """Archetype of the handler's node."""
        return EnumNodeKind.ORCHESTRATOR

    async def handle(
        self, envelope: ModelEventEnvelope[dict[str, object]]
    ) -> ModelHandlerOutput[None]:
        """Accept the ticket."""
        return ModelHandlerOutput.for_orchestrator(
            input_envelope_id=envelope.envelope_id,
            correlation_id=envelope.correlation_id or uuid4(),
            handler_id=self.handler_id,
            events=(ModelTicketAccepted(remarks=len(envelope.payload)),),
        )
