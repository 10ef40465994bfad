"""What HandlerLuggageHandedIn answers."""

from __future__ import annotations

from uuid import uuid4

import pytest

from ferry.models.events import ModelLuggageHandedInEvent
from ferry.nodes.node_luggage_orchestrator.handlers import HandlerLuggageHandedIn


@pytest.mark.unit
async def test_luggage_is_stowed() -> None:
    event = ModelLuggageHandedInEvent(luggage_id=uuid4())
    stowed = await HandlerLuggageHandedIn().handle(event)
    assert stowed.luggage_id == event.luggage_id
