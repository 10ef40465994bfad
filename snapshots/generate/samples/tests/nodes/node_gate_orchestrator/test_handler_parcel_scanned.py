"""Tests of HandlerParcelScanned, which answers ModelParcelScanned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from omnibase_core.enums.enum_node_kind import EnumNodeKind
from omnibase_core.enums.enum_workflow_status import EnumWorkflowStatus
from omnibase_core.errors.model_onex_error import ModelOnexError
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope
from omnibase_core.models.primitives.model_semver import ModelSemVer
from pydantic import BaseModel

from gate.models import ModelParcelScanned
from gate.nodes.node_gate_orchestrator.handlers.handler_parcel_scanned import (
    HandlerParcelScanned,
)
from gate.nodes.node_gate_orchestrator.models import ModelParcelLetThrough

pytestmark = pytest.mark.unit

DECLARED_EVENTS = (ModelParcelLetThrough,)


def unvalidated[T](kind: type[T], **fields: object) -> T:
    """Make something of which not all fields are known; better make a real one."""
    if issubclass(kind, BaseModel):
        return kind.model_construct(None, **fields)
    made = object.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


def sample_events() -> tuple[ModelParcelScanned, ...]:
    """Give one message for each routing entry; fill in what your logic looks at."""
    return (
        ModelParcelScanned(
            code="AAA-1111",
            shelf="aaaaaaaaa",
            workflow=next(iter(EnumWorkflowStatus)),
            seen_by={"sample1": 1, "sample2": 1},
            seal=b"sample",
            weights=(Decimal(2),),
            shelves={uuid4(): "x"},
            version=unvalidated(ModelSemVer),
            due=datetime.now(UTC).date(),
            ready=datetime.now(UTC),
            wait=timedelta(seconds=2.5) + timedelta(microseconds=1),
            price=Decimal(13),
            labels=("fragile",),
        ),
    )


@pytest.mark.asyncio
async def test_answers_with_events_and_intents_alone() -> None:
    """Ids are copied from the envelope; only what the contract declares comes out."""
    for event in sample_events():
        envelope: ModelEventEnvelope[ModelParcelScanned] = ModelEventEnvelope(
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
