"""Tests of HandlerDeliveryMade, which answers ModelDeliveryMadeEvent."""

from __future__ import annotations

from uuid import uuid4

import pytest
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.errors.model_onex_error import ModelOnexError
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput

from billing.models.events.model_delivery_made_event import ModelDeliveryMadeEvent
from billing.nodes.node_invoice_orchestrator.handlers.handler_delivery_made import (
    HandlerDeliveryMade,
)
from billing.nodes.node_invoice_orchestrator.models import ModelInvoiceOpened

pytestmark = pytest.mark.unit

DECLARED_EVENTS = (ModelInvoiceOpened,)


def sample_events() -> tuple[ModelDeliveryMadeEvent, ...]:
    """Give one message for each routing entry; fill in what your logic looks at."""
    return (ModelDeliveryMadeEvent(),)


@pytest.mark.asyncio
async def test_answers_with_a_declared_event() -> None:
    """What comes out is an event that the contract declares, or nothing."""
    for event in sample_events():
        answer = await HandlerDeliveryMade().handle(event)
        assert isinstance(answer, DECLARED_EVENTS)


def test_framework_refuses_a_result() -> None:
    """An orchestrator emits events and intents; results are for compute nodes."""
    with pytest.raises(ModelOnexError, match="cannot set result"):
        ModelHandlerOutput[str](
            input_envelope_id=uuid4(),
            correlation_id=uuid4(),
            handler_id="HandlerDeliveryMade",
            node_kind=EnumNodeKind.ORCHESTRATOR,
            result="refused",
        )


def test_framework_refuses_projections() -> None:
    """An orchestrator emits events and intents; projections are for reducers."""
    with pytest.raises(ModelOnexError, match="cannot emit projections"):
        ModelHandlerOutput[None](
            input_envelope_id=uuid4(),
            correlation_id=uuid4(),
            handler_id="HandlerDeliveryMade",
            node_kind=EnumNodeKind.ORCHESTRATOR,
            projections=("refused",),
        )


# Your own tests of HandlerDeliveryMade go below; regenerating keeps them.
