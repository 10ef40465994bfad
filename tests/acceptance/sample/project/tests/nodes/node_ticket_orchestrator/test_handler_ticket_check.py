"""What HandlerTicketCheck answers."""

from __future__ import annotations

from uuid import uuid4

import pytest
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

from ferry.nodes.node_ticket_orchestrator.handlers import HandlerTicketCheck
from ferry.nodes.node_ticket_orchestrator.models import ModelTicketAccepted


@pytest.mark.unit
async def test_handler_ticket_check() -> None:
    envelope: ModelEventEnvelope[dict[str, object]] = ModelEventEnvelope(
        payload={"seat": 7}, correlation_id=uuid4()
    )
    output = await HandlerTicketCheck().handle(envelope)
    assert output.correlation_id == envelope.correlation_id
    assert output.events == (ModelTicketAccepted(remarks=1),)
