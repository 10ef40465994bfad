"""What HandlerDelayAnnounced answers."""

from __future__ import annotations

from uuid import uuid4

import pytest

from ferry.models.events import ModelDelayAnnouncedEvent
from ferry.nodes.node_delay_orchestrator.handlers import HandlerDelayAnnounced


@pytest.mark.unit
async def test_a_delay_is_published() -> None:
    event = ModelDelayAnnouncedEvent(crossing_id=uuid4(), minutes=5)
    output = await HandlerDelayAnnounced().handle(
        event, input_envelope_id=uuid4(), correlation_id=uuid4()
    )
    assert output.result is None
    assert len(output.events) == 1
