"""Wires a node as production does: discovery, dispatch engine, result applier, intent executor; the bus records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from omnibase_core.enums.enum_dispatch_status import EnumDispatchStatus
from omnibase_core.models.dispatch.model_dispatch_result import ModelDispatchResult
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope
from omnibase_infra.runtime.auto_wiring.discovery import discover_contracts_from_paths
from omnibase_infra.runtime.auto_wiring.handler_wiring import wire_from_manifest
from omnibase_infra.runtime.event_bus_subcontract_wiring import load_published_events_map
from omnibase_infra.runtime.message_dispatch_engine import MessageDispatchEngine
from omnibase_infra.runtime.service_dispatch_result_applier import DispatchResultApplier
from omnibase_infra.runtime.service_intent_executor import IntentExecutor
from omnibase_infra.runtime.service_intent_routing_loader import load_intent_routing_table
from pydantic import BaseModel

from judging.case import Node
from judging.direct import Emission, emission_of
from judging.entries import Entry
from judging.events import declared_events
from judging.refused import refuse_any, require
from judging.samples import Message, as_json, message, sample

# The applier sends whatever it knows no topic for to its fallback, without a word. A topic that no contract names, in
# place of the terminal event's, makes that visible.
_NOWHERE = "onex.evt.acceptance.no-topic-was-declared.v1"


@dataclass
class _RecordingBus:
    published: list[tuple[str, BaseModel]] = field(default_factory=list)

    async def publish_envelope(self, envelope: Any, topic: str, key: bytes | None = None) -> None:
        self.published.append((topic, envelope.payload))


@dataclass
class _RecordingEffect:
    """Stands for the effect node that an intent type is routed to."""

    intent_type: str
    executed: list[tuple[str, str]]

    async def execute(self, payload: Any, *, correlation_id: UUID | None = None) -> None:
        self.executed.append((self.intent_type, payload.intent_type))


@dataclass(frozen=True)
class _Message:
    """One way in which an entry's event can arrive."""

    entry: Entry
    label: str
    payload: Message
    event_type: str | None
    expected: Emission


def check_infra(node: Node) -> str:
    """Each entry's event, dispatched on its topic, yields exactly what its handler returns, and that lands in place."""
    require(node.entries, f"{node.contract_path} routes to no handler")
    refuse_any(_undeliverable(node))
    messages = list(_messages(node))
    return asyncio.run(_dispatch_all(node, messages))


def _undeliverable(node: Node) -> Iterator[str]:
    """Topics on which nothing would come or go: the engine takes any text for a topic, a broker does not."""
    consumed, produced = [entry.topic for entry in node.entries], node.topic_of_event.values()
    for topic in dict.fromkeys((*node.subscribe_topics, *consumed, *produced)):
        if "{" in topic:
            yield f"{topic} holds a placeholder, which nothing fills in"
    yield from (f"{topic} is routed, but not subscribed to" for topic in consumed if topic not in node.subscribe_topics)
    yield from (f"{topic} is published on, but not announced" for topic in produced if topic not in node.publish_topics)


def _messages(node: Node) -> Iterator[_Message]:
    """A typed event with and without optional fields, and the JSON form of it that a broker would carry."""
    for entry in node.entries:
        require(entry.topic, f"no topic leads to {entry.handler.name}")
        for label, full in (("full", True), ("bare", False)):
            event = message(entry, full=full)
            expected = emission_of(node, entry, event)
            yield _Message(entry, label, event, entry.event_type, expected)
            if full and entry.event_type is not None and entry.event_model is not None:
                yield _Message(entry, "full, as JSON", as_json(event), entry.event_type, expected)


async def _dispatch_all(node: Node, messages: list[_Message]) -> str:
    manifest = discover_contracts_from_paths([node.contract_path])
    require(not manifest.errors, f"discovery: {manifest.errors}")
    require(len(manifest.contracts) == 1, "discovery found no contract")
    engine = MessageDispatchEngine()
    report = await wire_from_manifest(manifest, engine)
    engine.freeze()
    result = report.results[0]
    require(result.outcome.value == "wired", f"wiring: {result.outcome.value}: {result.reason}")
    require(not report.quarantined_handlers, f"quarantined: {report.quarantined_handlers}")
    require(not result.skipped_handlers, f"skipped: {result.skipped_handlers}")
    routes = len(result.routes_registered)
    require(routes >= len(node.entries), f"{routes} routes were registered for {len(node.entries)} entries")
    complaints = [complaint for message in messages for complaint in await _dispatch(node, engine, message)]
    refuse_any([*complaints, *[complaint async for complaint in _misplaced(node)]])
    return f"{routes} routes, {len(messages)} messages"


async def _dispatch(node: Node, engine: MessageDispatchEngine, message: _Message) -> list[str]:
    name = f"{message.entry.handler.name} ({message.label})"
    envelope: ModelEventEnvelope[Any] = ModelEventEnvelope(
        payload=message.payload, correlation_id=uuid4(), event_type=message.event_type
    )
    result = await engine.dispatch(message.entry.topic, envelope)
    if result.status.value != "success":
        return [f"{name}: dispatch ended as {result.status.value}: {result.error_message}"]
    strangers = [event for event in result.output_events if not isinstance(event, BaseModel)]
    if strangers:
        return [f"{name}: output events that are no models: {strangers!r}"]
    bus, executed = await _apply(node, result)
    return [f"{name}: {complaint}" for complaint in _differences(node, message.expected, bus, executed)]


async def _apply(node: Node, result: ModelDispatchResult) -> tuple[_RecordingBus, list[tuple[str, str]]]:
    """Publish a result's events and execute its intents, as the node's contract tells."""
    bus, executed = _RecordingBus(), list[tuple[str, str]]()
    executor = IntentExecutor(container=None)  # type: ignore[arg-type]
    for intent_type in load_intent_routing_table(node.contract_path):
        executor.register_handler(intent_type, _RecordingEffect(intent_type, executed))
    applier = DispatchResultApplier(
        event_bus=bus,  # type: ignore[arg-type]
        output_topic=_NOWHERE,
        output_topic_map=load_published_events_map(node.contract_path),
        intent_executor=executor,
    )
    await applier.apply(result)
    return bus, executed


async def _misplaced(node: Node) -> AsyncIterator[str]:
    """The declared events that would land in no place of theirs, were a handler to emit them."""
    for name, event_class in declared_events(node).items():
        result = ModelDispatchResult(
            status=EnumDispatchStatus.SUCCESS,
            topic=node.entries[0].topic,
            started_at=datetime.now(UTC),
            correlation_id=uuid4(),
            output_events=[sample(event_class, full=False)],
        )
        bus, _ = await _apply(node, result)
        landed = [topic for topic, _ in bus.published]
        if node.topic_of_event.get(name) is None or landed != [node.topic_of_event[name]]:
            yield f"{name} is declared as an output, and would be published on {landed}"


def _differences(node: Node, expected: Emission, bus: _RecordingBus, executed: list[tuple[str, str]]) -> Iterator[str]:
    """What was lost, changed, added or sent to a wrong place on the way."""
    wanted, got = sorted(expected.event_classes), sorted(type(event).__name__ for _, event in bus.published)
    if wanted != got:
        yield f"the handler returns {wanted}, the runtime publishes {got}"
    for topic, event in bus.published:
        event_class = type(event).__name__
        if topic != node.topic_of_event.get(event_class):
            yield f"{event_class} landed on {topic}, declared is {node.topic_of_event.get(event_class)}"
        dumped = event.model_dump(mode="json").items()
        candidates = zip(expected.event_classes, expected.stable, strict=True)
        if not any(name == event_class and stable.items() <= dumped for name, stable in candidates):
            yield f"{event_class} was published with other values than the handler gave it"
    if sorted(executed) != sorted((name, name) for name in expected.intent_types):
        yield f"the handler returns intents {expected.intent_types}, executed were {executed}"
