"""Tests of HandlerBookReturned, which answers ModelBookReturnedEvent."""

from __future__ import annotations

from uuid import uuid4

import pytest
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.errors.model_onex_error import ModelOnexError
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

from library.models.events import ModelBook, ModelBookReturnedEvent
from library.nodes.node_library_orchestrator.handlers.handler_book_returned import (
    HandlerBookReturned,
)
from library.nodes.node_library_orchestrator.models import (
    ModelBookReserved,
    ModelBookShelved,
)

pytestmark = pytest.mark.unit

DECLARED_EVENTS = (ModelBookShelved, ModelBookReserved)


def sample_events() -> tuple[ModelBookReturnedEvent, ...]:
    """Give one message for each routing entry; fill in what your logic looks at."""
    return (ModelBookReturnedEvent(book=ModelBook(title="sample")),)


@pytest.mark.asyncio
async def test_answers_an_envelope_with_events_and_intents_alone() -> None:
    """Ids are copied from the envelope; only what the contract declares comes out."""
    for event in sample_events():
        envelope: ModelEventEnvelope[ModelBookReturnedEvent] = ModelEventEnvelope(
            payload=event, correlation_id=uuid4()
        )
        output = await HandlerBookReturned().handle(envelope)
        assert output.input_envelope_id == envelope.envelope_id
        assert output.correlation_id == envelope.correlation_id
        assert output.result is None
        assert output.projections == ()
        assert output.handler_id == "HandlerBookReturned"
        assert isinstance(output.events, tuple)
        assert isinstance(output.intents, tuple)
        assert all(isinstance(emitted, DECLARED_EVENTS) for emitted in output.events)
        assert output.intents == ()


@pytest.mark.asyncio
async def test_answers_a_bare_event_with_events_alone() -> None:
    """A bare event is answered with one event, or a tuple of none or several."""
    for event in sample_events():
        answer = await HandlerBookReturned().handle(event)
        emitted = answer if isinstance(answer, tuple) else (answer,)
        assert all(isinstance(item, DECLARED_EVENTS) for item in emitted)


def test_framework_refuses_a_result() -> None:
    """An orchestrator emits events and intents; results are for compute nodes."""
    with pytest.raises(ModelOnexError, match="cannot set result"):
        ModelHandlerOutput[str](
            input_envelope_id=uuid4(),
            correlation_id=uuid4(),
            handler_id="HandlerBookReturned",
            node_kind=EnumNodeKind.ORCHESTRATOR,
            result="refused",
        )


def test_framework_refuses_projections() -> None:
    """An orchestrator emits events and intents; projections are for reducers."""
    with pytest.raises(ModelOnexError, match="cannot emit projections"):
        ModelHandlerOutput[None](
            input_envelope_id=uuid4(),
            correlation_id=uuid4(),
            handler_id="HandlerBookReturned",
            node_kind=EnumNodeKind.ORCHESTRATOR,
            projections=("refused",),
        )


# Your own tests of HandlerBookReturned go below; regenerating keeps them.
