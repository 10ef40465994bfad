"""Tests of HandlerParcelSent, which answers ModelParcelPostedEvent."""

from __future__ import annotations

from uuid import uuid4

import pytest
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.errors.model_onex_error import ModelOnexError
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope
from omnibase_core.models.reducer.model_intent import ModelIntent

from post.models.events import ModelParcelPostedEvent
from post.nodes.node_delivery_orchestrator.handlers.handler_parcel_sent import (
    HandlerParcelSent,
)
from post.nodes.node_delivery_orchestrator.models import ModelParcelAccepted

pytestmark = pytest.mark.unit

DECLARED_EVENTS = (ModelParcelAccepted,)
ROUTED_INTENTS = {"courier.send"}


def sample_events() -> tuple[ModelParcelPostedEvent, ...]:
    """Give one message for each routing entry; fill in what your logic looks at."""
    return (ModelParcelPostedEvent(),)


@pytest.mark.asyncio
async def test_answers_with_events_and_intents_alone() -> None:
    """Ids are copied from the envelope; only what the contract declares comes out."""
    for event in sample_events():
        envelope: ModelEventEnvelope[ModelParcelPostedEvent] = ModelEventEnvelope(
            payload=event, correlation_id=uuid4()
        )
        output = await HandlerParcelSent().handle(envelope)
        assert output.input_envelope_id == envelope.envelope_id
        assert output.correlation_id == envelope.correlation_id
        assert output.result is None
        assert output.projections == ()
        assert output.handler_id == "HandlerParcelSent"
        assert isinstance(output.events, tuple)
        assert isinstance(output.intents, tuple)
        assert all(isinstance(emitted, DECLARED_EVENTS) for emitted in output.events)
        assert all(isinstance(intent, ModelIntent) for intent in output.intents)
        assert {intent.intent_type for intent in output.intents} <= ROUTED_INTENTS


def test_framework_refuses_a_result() -> None:
    """An orchestrator emits events and intents; results are for compute nodes."""
    with pytest.raises(ModelOnexError, match="cannot set result"):
        ModelHandlerOutput[str](
            input_envelope_id=uuid4(),
            correlation_id=uuid4(),
            handler_id="HandlerParcelSent",
            node_kind=EnumNodeKind.ORCHESTRATOR,
            result="refused",
        )


def test_framework_refuses_projections() -> None:
    """An orchestrator emits events and intents; projections are for reducers."""
    with pytest.raises(ModelOnexError, match="cannot emit projections"):
        ModelHandlerOutput[None](
            input_envelope_id=uuid4(),
            correlation_id=uuid4(),
            handler_id="HandlerParcelSent",
            node_kind=EnumNodeKind.ORCHESTRATOR,
            projections=("refused",),
        )


# Your own tests of HandlerParcelSent go below; regenerating keeps them.
