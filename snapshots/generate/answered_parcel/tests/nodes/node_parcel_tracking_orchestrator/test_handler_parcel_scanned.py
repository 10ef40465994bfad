"""Tests of HandlerParcelScanned, which answers ModelParcelScannedEvent."""

from __future__ import annotations

from uuid import uuid4

import pytest
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.errors.model_onex_error import ModelOnexError
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

from parcels.models.events import ModelParcelScannedEvent
from parcels.nodes.node_parcel_tracking_orchestrator.handlers.handler_parcel_scanned import (
    HandlerParcelScanned,
)
from parcels.nodes.node_parcel_tracking_orchestrator.models import (
    ModelParcelLocated,
    ModelParcelLost,
)

pytestmark = pytest.mark.unit

DECLARED_EVENTS = (ModelParcelLocated, ModelParcelLost)


def sample_events() -> tuple[ModelParcelScannedEvent, ...]:
    """Give one message for each routing entry; fill in what your logic looks at."""
    return (ModelParcelScannedEvent(parcel_id=uuid4(), station_id=uuid4()),)


@pytest.mark.asyncio
async def test_answers_an_envelope_with_events_and_intents_alone() -> None:
    """Ids are copied from the envelope, and only what the contract declares comes out."""
    for event in sample_events():
        envelope: ModelEventEnvelope[ModelParcelScannedEvent] = ModelEventEnvelope(
            payload=event, correlation_id=uuid4()
        )
        output = await HandlerParcelScanned().handle(envelope)
        assert output.input_envelope_id == envelope.envelope_id
        assert output.correlation_id == envelope.correlation_id
        assert output.result is None
        assert output.projections == ()
        assert output.handler_id == "HandlerParcelScanned"
        assert isinstance(output.events, tuple)
        assert isinstance(output.intents, tuple)
        assert all(isinstance(emitted, DECLARED_EVENTS) for emitted in output.events)
        assert output.intents == ()


@pytest.mark.asyncio
async def test_answers_a_bare_event_with_events_alone() -> None:
    """A runtime without envelopes gets the event, or a tuple where there are none or several."""
    for event in sample_events():
        answer = await HandlerParcelScanned().handle(event)
        emitted = answer if isinstance(answer, tuple) else (answer,)
        assert all(isinstance(item, DECLARED_EVENTS) for item in emitted)


def test_framework_refuses_a_result() -> None:
    """An orchestrator emits events and intents; results are for compute nodes."""
    with pytest.raises(ModelOnexError, match="cannot set result"):
        ModelHandlerOutput[str](
            input_envelope_id=uuid4(),
            correlation_id=uuid4(),
            handler_id="HandlerParcelScanned",
            node_kind=EnumNodeKind.ORCHESTRATOR,
            result="refused",
        )


def test_framework_refuses_projections() -> None:
    """An orchestrator emits events and intents; projections are for reducers."""
    with pytest.raises(ModelOnexError, match="cannot emit projections"):
        ModelHandlerOutput[None](
            input_envelope_id=uuid4(),
            correlation_id=uuid4(),
            handler_id="HandlerParcelScanned",
            node_kind=EnumNodeKind.ORCHESTRATOR,
            projections=("refused",),
        )


# Your own tests of HandlerParcelScanned go below; regenerating keeps them.
