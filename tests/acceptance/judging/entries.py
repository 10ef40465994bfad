"""The routing entries of a contract, in every spelling that the generator takes, read as it reads them.

The framework's models know one spelling. Older contracts have others, and they say less: an entry may name a class
without its module, and the module then follows from the class's name and from the node's place.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from judging.refused import Refused, require


@dataclass(frozen=True)
class ClassReference:
    """A class that the contract names, by module and name."""

    module: str
    name: str

    def load(self) -> Any:
        """Import the module and take the class out of it."""
        found = getattr(importlib.import_module(self.module), self.name, None)
        require(isinstance(found, type), f"{self.module} has no class {self.name}")
        return found

    def as_mapping(self) -> dict[str, str]:
        """The framework's own spelling."""
        return {"name": self.name, "module": self.module}


@dataclass(frozen=True)
class Entry:
    """One routing entry: which message goes to which handler. Without an event model, the message is a mapping."""

    handler: ClassReference
    event_model: ClassReference | None = None
    operation: str | None = None
    topic: str = ""
    event_type: str | None = None
    output_events: tuple[str, ...] = ()
    output_intents: tuple[str, ...] | None = None

    def key(self, strategy: str) -> str | None:
        """What the framework's routing table files the entry under."""
        model = None if self.event_model is None else self.event_model.name
        keys = {"payload_type_match": model, "operation_match": self.operation, "topic_pattern": self.event_type}
        require(strategy in keys, f"the judge knows no routing strategy {strategy}")
        return keys[strategy]


def read_entries(contract: Mapping[str, Any], node: str, topics: tuple[str, ...] = ()) -> tuple[Entry, ...]:
    """The entries of a node whose package is `node`; those without a topic take that of their place in `topics`."""
    reader = _Reader(contract, node)
    return tuple(
        reader.entry(raw, "".join(topics[index : index + 1])) for index, raw in enumerate(_raw_entries(contract))
    )


def normalized_routing(contract: Mapping[str, Any], node: str) -> dict[str, Any]:
    """`handler_routing` in the spelling of the framework's model, as the generated contract test mends it in memory."""
    section = dict(contract.get("handler_routing") or {})
    section.setdefault("version", {"major": 1, "minor": 0, "patch": 0})
    section.setdefault("routing_strategy", "payload_type_match")
    entries = zip(_raw_entries(contract), read_entries(contract, node), strict=True)
    section["handlers"] = [_normalized(raw, entry) for raw, entry in entries]
    return section


def _normalized(raw: Any, entry: Entry) -> dict[str, Any]:
    spelt = {
        "handler": entry.handler.as_mapping(),
        "event_model": None if entry.event_model is None else entry.event_model.as_mapping(),
        "operation": entry.operation,
    }
    return (raw if isinstance(raw, dict) else {}) | spelt


def _raw_entries(contract: Mapping[str, Any]) -> list[Any]:
    """The list of entries; where it is empty, the one handler that the contract names elsewhere."""
    section = contract.get("handler_routing") or {}
    if section.get("handlers"):
        return list(section["handlers"])
    if contract.get("handler"):
        block = contract["handler"]
        return [{"handler": block, "event_model": block.get("input_model") if isinstance(block, dict) else None}]
    default = section.get("default_handler") or contract.get("default_handler")
    return [{"handler_key": default}] if default else []


@dataclass(frozen=True)
class _Reader:
    contract: Mapping[str, Any]
    node: str

    def entry(self, raw: Any, positional_topic: str) -> Entry:
        """An entry; a bare text is a handler that is called for everything."""
        raw = {"handler": raw} if isinstance(raw, str) else raw
        require(isinstance(raw, dict), f"a routing entry is no mapping: {raw!r}")
        intents = raw.get("output_intents")
        model, operation = self._message(raw)
        return Entry(
            handler=self._handler(raw),
            event_model=model,
            operation=operation,
            topic=raw.get("topic") or raw.get("subscribe_topic") or positional_topic,
            event_type=raw.get("event_type"),
            output_events=tuple(_parts(event)[1] for event in raw.get("output_events") or ()),
            output_intents=None if intents is None else tuple(intents),
        )

    def _handler(self, raw: Mapping[str, Any]) -> ClassReference:
        """`handler`, else `handler_class` with `handler_module`, else `handler_key`."""
        for key in ("handler", "handler_class", "handler_key"):
            if raw.get(key):
                module, name = _parts(raw[key])
                break
        else:
            message = f"a routing entry names no handler: {raw!r}"
            raise Refused(message)
        if key == "handler_class":
            module = raw.get("handler_module") or module
        if key == "handler_key" and module is None and not name[0].isupper():
            name = "".join(word.capitalize() for word in _snake(name).split("_"))
        return ClassReference(self._absolute(module) or f"{self.node}.handlers.{_handler_module(name)}", name)

    def _message(self, raw: Mapping[str, Any]) -> tuple[ClassReference | None, str | None]:
        """Event model and operation; a `routing_key` stands for the one when it is written as classes are."""
        model, operation, key = raw.get("event_model"), raw.get("operation"), raw.get("routing_key")
        if key and re.search(r"(^|[.:])[A-Z]\w*[a-z]\w*$", key):
            model = model or key
        elif key:
            operation = operation or key
        return (None if model is None else self._model(model)), operation

    def _model(self, value: object) -> ClassReference:
        module, name = _parts(value)
        return ClassReference(self._absolute(module) or self._home_of(name), name)

    def _home_of(self, name: str) -> str:
        """Where a model lives that is named alone: where the contract names it in full, else in the node's models."""
        full = (_parts(value) for value in self._named_models())
        found = next((module for module, other in full if other == name and module is not None), None)
        return self._absolute(found) or f"{self.node}.models"

    def _named_models(self) -> Iterator[object]:
        for raw in _raw_entries(self.contract):
            if isinstance(raw, dict) and raw.get("event_model"):
                yield raw["event_model"]
        yield from filter(None, (self.contract.get("input_model"), self.contract.get("output_model")))
        for key, definition in (self.contract.get("definitions") or {}).items():
            if isinstance(definition, dict) and definition.get("module"):
                yield {"name": definition.get("name") or key, "module": definition["module"]}

    def _absolute(self, module: str | None) -> str | None:
        """A module with a dot in front lies below the node."""
        return f"{self.node}{module}" if module is not None and module.startswith(".") else module


def _parts(value: object) -> tuple[str | None, str]:
    """Module, if any, and name: of a mapping, of `pkg.mod.Class`, `pkg.mod:Class`, `folder/file.py:Class` or `Class`."""
    match value:
        case dict():
            name = next((value[key] for key in ("name", "class", "class_name") if value.get(key)), None)
            return (value["module"], str(name)) if value.get("module") else _parts(name)
        case str(text) if ":" in text:
            path, name = text.rsplit(":", 1)
            return _module_of(path), name
        case str(text) if "." in text:
            module, name = text.rsplit(".", 1)
            return module, name
        case str(name) if name:
            return None, name
        case _:
            message = f"{value!r} names no class"
            raise Refused(message)


def _module_of(path: str) -> str:
    """A path with slashes, or a single word, is a file below the node; anything else is a module already."""
    file = path.removesuffix(".py")
    if file == path and "." in path and "/" not in path:
        return path
    return "." + file.removeprefix("./").replace("/", ".")


def _handler_module(class_name: str) -> str:
    snake = _snake(class_name)
    return snake if snake == "handler" or snake.startswith("handler_") else f"handler_{snake}"


def _snake(name: str) -> str:
    """Snake case; an acronym is one word, and digits stay with the letters before them."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"\W+|_+", "_", words).strip("_").lower()
