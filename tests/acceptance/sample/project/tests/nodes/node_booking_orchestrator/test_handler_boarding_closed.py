"""What HandlerBoardingClosed answers."""

from __future__ import annotations

from uuid import uuid4

import pytest
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

from ferry.models.events import ModelBoardingClosedEvent
from ferry.nodes.node_booking_orchestrator.handlers import HandlerBoardingClosed
from ferry.nodes.node_booking_orchestrator.models import ModelCrossingReady


@pytest.mark.unit
async def test_handler_boarding_closed() -> None:
    envelope: ModelEventEnvelope[ModelBoardingClosedEvent] = ModelEventEnvelope(
        payload=ModelBoardingClosedEvent(crossing_id=uuid4()), correlation_id=uuid4()
    )
    output = await HandlerBoardingClosed().handle(envelope)
    assert output.result is None
    assert output.input_envelope_id == envelope.envelope_id
    assert output.correlation_id == envelope.correlation_id
    assert isinstance(output.events[0], ModelCrossingReady)
