"""Calls handlers without any runtime, to learn what each runtime then has to deliver.

The runtimes drop in silence what they cannot use (dict events, fan-out tuples), with status success. So no check asks a
runtime whether all went well: it compares what came out with what the handler itself returns.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope
from omnibase_core.models.reducer.model_intent import ModelIntent
from pydantic import BaseModel

from judging.case import Node
from judging.entries import Entry
from judging.exports import no_entries
from judging.refused import refuse_any, require
from judging.samples import Message, message


@dataclass(frozen=True)
class Emission:
    """What a handler returned. Values that differ from call to call (new ids, times) are left out of `stable`."""

    events: tuple[BaseModel, ...]
    intents: tuple[ModelIntent, ...]
    stable: tuple[dict[str, Any], ...]

    @property
    def event_classes(self) -> list[str]:
        """The class names of the events, in order."""
        return [type(event).__name__ for event in self.events]

    @property
    def intent_types(self) -> list[str]:
        """The types by which the intents are routed: those of the payloads."""
        return [intent.payload.intent_type for intent in self.intents]


def check_handlers(node: Node) -> str:
    """Every handler does its entry's work when called directly, whatever the event leaves out."""
    if not node.entries:
        return no_entries(node)
    emitted = 0
    for entry in node.entries:
        for full in (True, False):
            event = message(entry, full=full)
            emission = emission_of(node, entry, event)
            refuse_any(_complaints(node, entry, emission, full=full))
            emitted += len(emission.events)
        if node.style in {"envelope", "dual"}:
            _answer_uncorrelated(entry)
    return f"{len(node.entries)} handlers, {emitted} events"


def _answer_uncorrelated(entry: Entry) -> None:
    """An envelope need not carry a correlation id; the output has to, so the handler has to make one up."""
    envelope: ModelEventEnvelope[Any] = ModelEventEnvelope(payload=message(entry, full=True), correlation_id=None)
    output = _result(entry.handler.load()().handle(envelope))
    name = entry.handler.name
    require(isinstance(output, ModelHandlerOutput), f"{name} has no output for an envelope without correlation id")


def emission_of(node: Node, entry: Entry, event: Message) -> Emission:
    """Call the entry's handler twice with `event`, in each form that its style takes, and hold the answers together."""
    first, second = (_call(node, entry, event) for _ in range(2))
    name = entry.handler.name
    same = [type(item) for item in first[0]] == [type(item) for item in second[0]]
    require(same, f"{name} returns different events for one and the same input")
    if node.style == "dual":
        bare = _events_of(_result(entry.handler.load()().handle(event)), name)
        as_bare, as_enveloped = ([type(item).__name__ for item in items] for items in (bare, first[0]))
        require(as_bare == as_enveloped, f"{name}: {as_bare} for a bare event, {as_enveloped} for an envelope")
    stable = (_what_stays(*pair) for pair in zip(first[0], second[0], strict=True))
    return Emission(first[0], first[1], tuple(stable))


def _what_stays(first: BaseModel, second: BaseModel) -> dict[str, Any]:
    left, right = first.model_dump(mode="json"), second.model_dump(mode="json")
    return {key: value for key, value in left.items() if right[key] == value}


def _call(node: Node, entry: Entry, event: Message) -> tuple[tuple[BaseModel, ...], tuple[ModelIntent, ...]]:
    handler, name = entry.handler.load()(), entry.handler.name
    given = getattr(event, "correlation_id", None)
    if node.style == "definition-b":
        events = _events_of(_result(handler.handle(event)), name)
        _require_traced(name, {given}, events)
        return events, ()
    envelope_id, correlation_id = uuid4(), uuid4()
    if node.style == "template":
        result = _result(handler.handle(event, input_envelope_id=envelope_id, correlation_id=correlation_id))
    else:
        envelope: ModelEventEnvelope[Any] = ModelEventEnvelope(
            payload=event, correlation_id=correlation_id, envelope_id=envelope_id
        )
        result = _result(handler.handle(envelope))
    require(isinstance(result, ModelHandlerOutput), f"{name} returns {type(result).__name__}, no ModelHandlerOutput")
    require(result.handler_id == name, f"{name} calls itself {result.handler_id!r}")
    ids = (result.input_envelope_id, result.correlation_id)
    require(ids == (envelope_id, correlation_id), f"{name} does not copy the ids of the message that it answers")
    require(result.result is None and not result.projections, f"{name} returns a result or projections")
    strangers = [intent for intent in result.intents if not isinstance(intent, ModelIntent)]
    require(not strangers, f"{name} returns intents that are no ModelIntent: {strangers!r}")
    events = _events_of(result.events, name)
    _require_traced(name, {given, correlation_id}, (*events, *(intent.payload for intent in result.intents)))
    return events, tuple(result.intents)


def _require_traced(handler: str, known: set[UUID | None], emitted: Iterable[object]) -> None:
    """Whatever has a field for the correlation id has to carry it on, and not one that was made up afresh."""
    allowed = {str(correlation_id) for correlation_id in known}
    for item in emitted:
        if hasattr(item, "correlation_id"):
            carried = str(item.correlation_id) in allowed
            require(carried, f"{handler} gives {type(item).__name__} a correlation_id that is not the message's")


def _result(returned: object) -> Any:
    """What a handler returned, awaited when it is asynchronous."""

    async def wait() -> object:
        return await returned  # type: ignore[misc]

    return asyncio.run(wait()) if inspect.isawaitable(returned) else returned


def _events_of(returned: object, handler: str) -> tuple[BaseModel, ...]:
    require(not isinstance(returned, list), f"{handler} returns its events in a list, not in a tuple")
    events: Sequence[object]
    match returned:
        case None:
            events = ()
        case tuple():
            events = returned
        case _:
            events = (returned,)
    models = tuple(event for event in events if isinstance(event, BaseModel))
    require(len(models) == len(events), f"{handler} returns events that are no models: {events!r}")
    return models


def _complaints(node: Node, entry: Entry, emission: Emission, *, full: bool) -> list[str]:
    name, found = entry.handler.name, []
    for event_class in emission.event_classes:
        if event_class not in entry.output_events:
            found.append(f"{name} emits {event_class}, which is none of its output_events")
        if node.topic_of_event and node.destination(event_class) is None:
            found.append(f"{name} emits {event_class}, for which no topic is declared")
    for intent_type in emission.intent_types:
        if intent_type not in node.intent_table:
            found.append(f"{name} emits intent {intent_type}, which the contract does not route")
        if entry.output_intents is not None and intent_type not in entry.output_intents:
            found.append(f"{name} emits intent {intent_type}, which is none of its output_intents")
    if full:
        found += _silence(name, "event", entry.output_events, emission.events, node.silent_handlers)
        if node.style != "definition-b":
            intents = entry.output_intents or ()
            found += _silence(name, "intent", intents, emission.intents, node.silent_intents)
    return found


def _silence(
    handler: str, what: str, declared: Sequence[str], emitted: Sequence[object], excused: Sequence[str]
) -> list[str]:
    """A handler that emits nothing is a stub that does nothing, unless the case says so; then it must be true."""
    if handler in excused:
        return [f"{handler} is said to emit no {what}, and does"] if emitted else []
    return [f"{handler} emits no {what}, though it declares {', '.join(declared)}"] if declared and not emitted else []
