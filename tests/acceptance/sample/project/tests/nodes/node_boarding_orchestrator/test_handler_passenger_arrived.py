"""What HandlerPassengerArrived answers."""

from __future__ import annotations

from uuid import uuid4

import pytest
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

from ferry.models.events import ModelPassengerArrivedEvent
from ferry.nodes.node_boarding_orchestrator.handlers import HandlerPassengerArrived
from ferry.nodes.node_boarding_orchestrator.models import ModelPassengerBoarded


@pytest.mark.unit
async def test_handler_passenger_arrived() -> None:
    envelope: ModelEventEnvelope[ModelPassengerArrivedEvent] = ModelEventEnvelope(
        payload=ModelPassengerArrivedEvent(passenger_id=uuid4()), correlation_id=uuid4()
    )
    output = await HandlerPassengerArrived().handle(envelope)
    assert output.result is None
    assert output.input_envelope_id == envelope.envelope_id
    assert output.correlation_id == envelope.correlation_id
    assert isinstance(output.events[0], ModelPassengerBoarded)
