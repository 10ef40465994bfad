"""Tests of HandlerSaleCancelled, which answers ModelSaleCancelledEvent."""

from __future__ import annotations

from uuid import uuid4

import pytest
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.errors.model_onex_error import ModelOnexError
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope
from omnibase_core.models.reducer.model_intent import ModelIntent

from shop.models.events import ModelSaleCancelledEvent
from shop.nodes.node_till_orchestrator.handlers.handler_sale_cancelled import (
    HandlerSaleCancelled,
)
from shop.nodes.node_till_orchestrator.models import ModelSaleRefunded

pytestmark = pytest.mark.unit

DECLARED_EVENTS = (ModelSaleRefunded,)
ROUTED_INTENTS = {"payment.refund"}


def sample_events() -> tuple[ModelSaleCancelledEvent, ...]:
    """Give one message for each routing entry; fill in what your logic looks at."""
    return (ModelSaleCancelledEvent(sale_id=uuid4(), items=()),)


@pytest.mark.asyncio
async def test_answers_an_envelope_with_events_and_intents_alone() -> None:
    """Ids are copied from the envelope, and only what the contract declares comes out."""
    for event in sample_events():
        envelope: ModelEventEnvelope[ModelSaleCancelledEvent] = ModelEventEnvelope(
            payload=event, correlation_id=uuid4()
        )
        output = await HandlerSaleCancelled().handle(envelope)
        assert output.input_envelope_id == envelope.envelope_id
        assert output.correlation_id == envelope.correlation_id
        assert output.result is None
        assert output.projections == ()
        assert output.handler_id == "HandlerSaleCancelled"
        assert isinstance(output.events, tuple)
        assert isinstance(output.intents, tuple)
        assert all(isinstance(emitted, DECLARED_EVENTS) for emitted in output.events)
        assert all(isinstance(intent, ModelIntent) for intent in output.intents)
        assert {intent.intent_type for intent in output.intents} <= ROUTED_INTENTS


@pytest.mark.asyncio
async def test_answers_a_bare_event_with_events_alone() -> None:
    """A runtime without envelopes gets the event, or a tuple where there are none or several."""
    for event in sample_events():
        answer = await HandlerSaleCancelled().handle(event)
        emitted = answer if isinstance(answer, tuple) else (answer,)
        assert all(isinstance(item, DECLARED_EVENTS) for item in emitted)


def test_framework_refuses_a_result() -> None:
    """An orchestrator emits events and intents; results are for compute nodes."""
    with pytest.raises(ModelOnexError, match="cannot set result"):
        ModelHandlerOutput[str](
            input_envelope_id=uuid4(),
            correlation_id=uuid4(),
            handler_id="HandlerSaleCancelled",
            node_kind=EnumNodeKind.ORCHESTRATOR,
            result="refused",
        )


def test_framework_refuses_projections() -> None:
    """An orchestrator emits events and intents; projections are for reducers."""
    with pytest.raises(ModelOnexError, match="cannot emit projections"):
        ModelHandlerOutput[None](
            input_envelope_id=uuid4(),
            correlation_id=uuid4(),
            handler_id="HandlerSaleCancelled",
            node_kind=EnumNodeKind.ORCHESTRATOR,
            projections=("refused",),
        )


# Your own tests of HandlerSaleCancelled go below; regenerating keeps them.
