"""What HandlerBookingRequested answers."""

from __future__ import annotations

from uuid import uuid4

import pytest
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

from ferry.models.events import ModelBookingRequestedEvent
from ferry.nodes.node_booking_orchestrator.handlers import HandlerBookingRequested
from ferry.nodes.node_booking_orchestrator.models import ModelBookingRefused


@pytest.mark.unit
async def test_handler_booking_requested() -> None:
    envelope: ModelEventEnvelope[ModelBookingRequestedEvent] = ModelEventEnvelope(
        payload=ModelBookingRequestedEvent(booking_id=uuid4()), correlation_id=uuid4()
    )
    output = await HandlerBookingRequested().handle(envelope)
    assert output.result is None
    assert output.input_envelope_id == envelope.envelope_id
    assert output.correlation_id == envelope.correlation_id
    assert isinstance(output.events[0], ModelBookingRefused)
