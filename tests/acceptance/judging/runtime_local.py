"""Runs a node end to end under RuntimeLocal, which is what `onex node` starts: core alone, in memory."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from omnibase_core.enums.enum_workflow_result import EnumWorkflowResult
from omnibase_core.event_bus.event_bus_inmemory import EventBusInmemory
from omnibase_core.runtime.runtime_local import RuntimeLocal

from judging.case import Node
from judging.direct import emission_of
from judging.entries import Entry
from judging.refused import require
from judging.samples import Message, as_json, message

_SECONDS = 5


def check_runtime_local(node: Node) -> str:
    """With a payload given, the run completes and the event that the handler decides on is on its topic."""
    entry = _first_entry(node)
    event = message(entry, full=True)
    emission = emission_of(node, entry, event)
    require(emission.events, f"{entry.handler.name} emits nothing that could end the run")
    published = _run(node, event)
    for event_class, expected in zip(emission.event_classes, emission.stable, strict=True):
        topic = node.destination(event_class)
        arrived = [payload for where, payload in published if where == topic]
        require(arrived, f"{event_class} was not published on {topic}, only {[where for where, _ in published]}")
        there = any(expected.items() <= payload.items() for payload in arrived)
        require(there, f"what was published on {topic} is no {event_class}: {arrived}")
    return f"completed, {', '.join(emission.event_classes)} published"


def check_bare_run(node: Node) -> str:
    """Without a payload the runtime fills the event's fields by itself, so `onex node NAME` works as it stands."""
    first = _first_entry(node).output_events[0]
    published = _run(node, None)
    topics = [where for where, _ in published]
    require(node.destination(first) in topics, f"{first} was not published on {node.destination(first)}: {topics}")
    return f"completed, {first} published"


def _first_entry(node: Node) -> Entry:
    """The entry whose message starts the run."""
    require(node.entries, f"{node.contract_path} routes to no handler")
    return node.entries[0]


def _run(node: Node, event: Message | None) -> list[tuple[str, dict[str, Any]]]:
    """Run the node to its end, and return what was published, payloads taken out of their envelopes."""
    os.environ.pop("ONEX_MULTI_EVENT_PUBLISH_SEAM", None)
    published: list[tuple[str, dict[str, Any]]] = []
    publish = EventBusInmemory.publish

    async def record(
        bus: EventBusInmemory, topic: str, key: bytes | None, value: bytes, *rest: Any, **more: Any
    ) -> None:
        message = json.loads(value)
        published.append((topic, message["payload"] if "envelope_id" in message else message))
        await publish(bus, topic, key, value, *rest, **more)

    EventBusInmemory.publish = record  # type: ignore[assignment, method-assign]
    with tempfile.TemporaryDirectory() as scratch:
        given = Path(scratch) / "payload.json"
        if event is not None:
            given.write_text(json.dumps(as_json(event)), encoding="utf-8")
        runtime = RuntimeLocal(
            node.contract_path,
            state_root=Path(scratch),
            input_path=None if event is None else given,
            timeout=_SECONDS,
        )
        result = runtime.run()
    completed = result is EnumWorkflowResult.COMPLETED
    require(completed, f"the run ended as {result.value}: {runtime.last_error or published}")
    return published
