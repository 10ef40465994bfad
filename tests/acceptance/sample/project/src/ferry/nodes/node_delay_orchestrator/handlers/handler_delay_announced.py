"""Spreads word of a delay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput

from ferry.models.events import ModelDelayAnnouncedEvent
from ferry.nodes.node_delay_orchestrator.models import ModelDelayPublished

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["HandlerDelayAnnounced"]


class HandlerDelayAnnounced:
    """Publishes a delay. No runtime calls this signature; a test does."""

    async def handle(
        self, event: ModelDelayAnnouncedEvent, input_envelope_id: UUID, correlation_id: UUID
    ) -> ModelHandlerOutput[None]:
        """Publish it."""
        return ModelHandlerOutput.for_orchestrator(
            input_envelope_id=input_envelope_id,
            correlation_id=correlation_id,
            handler_id="HandlerDelayAnnounced",
            events=(ModelDelayPublished(crossing_id=event.crossing_id, minutes=event.minutes),),
        )
