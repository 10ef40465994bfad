"""Holds the models against the contract's `definitions`, on the real pydantic.

A valid payload is accepted and comes back as it was; then each thing that the contract says of a field is violated
once, and refused for that reason, at that field. What is to be refused is read from the contract alone.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from judging.case import Node
from judging.events import defined_in
from judging.refused import Refused, refuse_any
from judging.samples import filled, sample

# The spellings of JSON Schema, and that of the framework's contracts.
_SPELLINGS = {
    "minimum": "ge",
    "exclusiveMinimum": "gt",
    "maximum": "le",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "min_items": "min_length",
    "minItems": "min_length",
    "minProperties": "min_length",
    "maxLength": "max_length",
    "max_items": "max_length",
    "maxItems": "max_length",
    "maxProperties": "max_length",
    "regex": "pattern",
}
_TYPES = {
    "str": "string",
    "int": "integer",
    "number": "float",
    "bool": "boolean",
    "timedelta": "duration",
    "list": "array",
    "map": "object",
    "dict": "object",
}
_FORMATS = {
    "uuid": "uuid",
    "date-time": "datetime",
    "datetime": "datetime",
    "date": "date",
    "duration": "duration",
    "decimal": "decimal",
    "binary": "bytes",
    "byte": "bytes",
}
# How pydantic says that a constraint is broken.
_BROKEN = {
    "ge": ("greater_than_equal",),
    "gt": ("greater_than",),
    "le": ("less_than_equal",),
    "lt": ("less_than",),
    "multiple_of": ("multiple_of",),
    "min_length": ("string_too_short", "bytes_too_short", "too_short"),
    "max_length": ("string_too_long", "bytes_too_long", "too_long"),
    "pattern": ("string_pattern_mismatch",),
}
# What no value of a type can be read from, in JSON.
_STRANGE: dict[str, Any] = {
    "string": 5,
    "integer": "seven",
    "float": "seven",
    "boolean": "perhaps",
    "uuid": "no uuid",
    "datetime": "no time",
    "date": "no date",
    "duration": "no time",
    "decimal": "no number",
    "bytes": 5,
    "array": "no list",
    "object": "no mapping",
}


@dataclass(frozen=True)
class Violation:
    """A value that a part of a payload must not have."""

    what: str
    value: Any
    # The kinds of errors that it may be refused with; any, where there are none.
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    """What a contract says of a field, an item, a key or a value, in one spelling."""

    kind: str | None
    said: Mapping[str, Any]

    @classmethod
    def of(cls, said: Any) -> Schema:
        """The schema of a mapping, or of the name of a type alone."""
        if not isinstance(said, Mapping):
            return cls(_TYPES.get(said, said), {})
        plain = dict(said)
        for key in ("anyOf", "oneOf"):
            for alternative in plain.pop(key, ()):
                null = alternative.get("type") in ("null", None) and "$ref" not in alternative
                plain |= {"nullable": True} if null and "ref" not in alternative else alternative
        kind = plain.get("type")
        if isinstance(kind, list):
            plain["nullable"] = "null" in kind or None in kind
            kind = next(one for one in kind if one not in ("null", None))
        if kind == "string":
            kind = _FORMATS.get(plain.get("format", ""), kind)
        for spelling, name in _SPELLINGS.items():
            value = plain.pop(spelling, None)
            if value is not None and not isinstance(value, bool):
                plain[name] = value
        return cls(_TYPES.get(kind, kind), plain)

    @property
    def nullable(self) -> bool:
        """Whether null is among its values."""
        return bool(self.said.get("nullable")) or None in self.said.get("enum", ())

    def part(self, *keys: str) -> Schema | None:
        """The schema of its items, keys or values."""
        found = (self.said[key] for key in keys if key in self.said and not isinstance(self.said[key], bool))
        part = next(found, None)
        return None if part is None else Schema.of(part)


def check_models(node: Node) -> str:
    """Every model that `definitions` give accepts what is valid, and refuses each violation."""
    definitions = node.contract.get("definitions") or {}
    complaints, models, tried = list[str](), list[type[BaseModel]](), 0
    for key, definition in definitions.items():
        model = _model(node, definition.get("name") or key)
        models.append(model)
        for complaint in _trials(model, definition):
            tried += 1
            if complaint:
                complaints.append(f"{model.__name__}{complaint}")
    refuse_any(complaints)
    waiting = [model for model in models if "model_rebuild" in inspect.getsource(inspect.getmodule(model))]
    refuse_any(complaint for model in waiting if (complaint := _alone(model)))
    return f"{len(definitions)} models, {tried} trials" + (f", {len(waiting)} in circles" if waiting else "")


def _alone(model: type[BaseModel]) -> str:
    """What is wrong with a model whose module is imported before any other: models that hold each other wait."""
    code = f"from {model.__module__} import {model.__name__} as M; M.model_json_schema(); assert M.__pydantic_complete__"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-B", "-c", code], env=environment, capture_output=True, text=True, check=False)
    return f"{model.__name__} is not whole when its module comes first: {done.stderr}" if done.returncode else ""


def _model(node: Node, name: str) -> type[BaseModel]:
    found = sorted(defined_in(node, name), key=lambda found: f".{node.folder}." not in found.__module__)
    if not found:
        message = f"the contract defines {name}, and no module of {node.package} has it"
        raise Refused(message)
    return found[0]


def _trials(model: type[BaseModel], definition: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with each trial; nothing where all is well."""
    whole = filled(model)
    payload = whole.model_dump(mode="json")
    for value in (whole, sample(model, full=False)):
        yield _round_trip(model, value)
    fields = definition.get("properties") or {}
    required = set(definition.get("required") or ())
    required |= {name for name, field in fields.items() if isinstance(field, Mapping) and field.get("required") is True}
    for name in sorted(required):
        without = {key: value for key, value in payload.items() if key != name}
        yield _refusal(model, without, (name,), Violation("is left out", None, ("missing",)))
    unknown = payload | {"a_field_of_nobody": 1}
    if _forbids_more(definition):
        stranger = Violation("is a field of nobody", 1, ("extra_forbidden",))
        yield _refusal(model, unknown, ("a_field_of_nobody",), stranger)
    else:
        yield "" if _accepts(model, unknown) else ": a field of nobody is refused"
    for name, field in fields.items():
        schema = Schema.of(field)
        yield from _defaults(model, payload, name, schema)
        for place, violation in _violations(schema, payload[name]):
            yield _refusal(model, payload | {name: violation.value}, (name, *place), violation)


def _forbids_more(definition: Mapping[str, Any]) -> bool:
    if "extra" in definition:
        return definition["extra"] == "forbid"
    return definition.get("additionalProperties") is not True


def _round_trip(model: type[BaseModel], value: BaseModel) -> str:
    text = value.model_dump_json()
    again = model.model_validate_json(text)
    return "" if again == value and again.model_dump_json() == text else f": {text} does not come back as it was"


def _accepts(model: type[BaseModel], payload: Mapping[str, Any]) -> bool:
    try:
        model.model_validate_json(json.dumps(payload))
    except ValidationError:
        return False
    return True


def _refusal(
    model: type[BaseModel], payload: Mapping[str, Any], place: tuple[str | int, ...], violation: Violation
) -> str:
    """Nothing, if the payload is refused at that place for the reason that is meant."""
    shown = ".".join(str(part) for part in place)
    try:
        model.model_validate_json(json.dumps(payload))
    except ValidationError as error:
        kinds = {found["type"] for found in error.errors() if found["loc"][: len(place)] == place}
        meant = kinds & set(violation.kinds) if violation.kinds else kinds
        return "" if meant else f".{shown}: {violation.what}, and is refused for something else: {error}"
    return f".{shown}: {violation.what}, and is accepted: {violation.value!r}"


def _defaults(model: type[BaseModel], payload: Mapping[str, Any], name: str, schema: Schema) -> Iterator[str]:
    """A field that is left out has the default of the contract."""
    if "default" not in schema.said:
        return
    wanted = schema.said["default"]
    without = {key: value for key, value in payload.items() if key != name}
    got = model.model_validate_json(json.dumps(without)).model_dump(mode="json")[name]
    yield "" if _same(got, wanted) else f".{name}: is {got!r} by default, and the contract says {wanted!r}"


def _same(got: Any, wanted: Any) -> bool:
    """Whether a default in JSON is that of YAML, where numbers and times have several spellings."""
    if isinstance(wanted, (date, datetime)):
        wanted = wanted.isoformat()
    for read in (lambda value: value, str, Decimal, lambda text: datetime.fromisoformat(str(text)), _seconds):
        try:
            if read(got) == read(wanted):
                return True
        except (ArithmeticError, TypeError, ValueError):
            continue
    return False


def _seconds(value: Any) -> float:
    """The seconds of a number, or of a duration such as PT1M30S."""
    if not isinstance(value, str):
        return float(value)
    found = re.fullmatch(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?", value)
    if found is None:
        raise ValueError(value)
    sign, *parts = found.groups()
    total = sum(float(part or 0) * unit for part, unit in zip(parts, (86400, 3600, 60, 1), strict=True))
    return -total if sign else total


def _violations(schema: Schema, value: Any) -> Iterator[tuple[tuple[str | int, ...], Violation]]:
    """Every value in the place of `value` that the schema speaks against, and where that is seen."""
    if not schema.nullable and schema.kind != "any":
        yield (), Violation("is null", None)
    if "enum" in schema.said:
        yield (), Violation("is none of the values", "a value of nobody", ("literal_error", "enum", "bool_parsing"))
        return
    if "enum_class" in schema.said:
        yield (), Violation("is no member", "a value of nobody", ("enum", "literal_error"))
        return
    if schema.kind in _STRANGE:
        yield (), Violation(f"is no {schema.kind}", _STRANGE[schema.kind])
    for name in [name for name in _BROKEN if name in schema.said]:
        for broken in _breaking(schema, name, value):
            yield (), Violation(f"breaks {name}: {schema.said[name]}", broken, _BROKEN[name])
    yield from _inner(schema, value)


def _inner(schema: Schema, value: Any) -> Iterator[tuple[tuple[str | int, ...], Violation]]:
    """The violations of what a list or a mapping holds."""
    if isinstance(value, list) and value:
        items = schema.part("item_type", "items")
        for place, violation in _violations(items, value[0]) if items else ():
            yield (0, *place), Violation(violation.what, [violation.value, *value[1:]], violation.kinds)
    if isinstance(value, dict) and value and schema.kind == "object":
        first, *_ = value
        values = schema.part("value_type", "additionalProperties")
        for place, violation in _violations(values, value[first]) if values else ():
            yield (first, *place), Violation(violation.what, value | {first: violation.value}, violation.kinds)
        keys = schema.part("key_type")
        rest = {key: inside for key, inside in value.items() if key != first}
        for _, violation in _violations(keys, first) if keys else ():
            if isinstance(violation.value, str):
                yield (violation.value,), Violation(violation.what, rest | {violation.value: value[first]})


def _breaking(schema: Schema, name: str, value: Any) -> Iterator[Any]:
    """A value that breaks one constraint; none where nothing can."""
    limit = schema.said[name]
    match name:
        case "ge" | "gt" | "le" | "lt":
            yield _beyond(schema.kind, limit, _STEPS[name])
        case "multiple_of":
            step = Decimal(str(limit))
            if schema.kind != "integer":
                yield _number(schema.kind, step / 2)
            elif step > 1:
                yield int(step) + 1
        case "min_length" if limit > 0:
            yield _of_length(value, limit - 1)
        case "max_length":
            yield _of_length(value, limit + 1)
        case "pattern":
            short, long = schema.said.get("min_length", 0), schema.said.get("max_length", 64)
            texts = (text[:long].ljust(short, text[-1:] or "~") for text in ("~", "", "A", "a", "0", "no match at all"))
            yield from [text for text in texts if short <= len(text) and not re.search(_python(limit), text)][:1]


_STEPS = {"ge": -1, "gt": 0, "le": 1, "lt": 0}


def _python(pattern: str) -> str:
    """The pattern as Python's own `re` takes it: `\\z` of Rust is `\\Z` there."""
    return pattern.replace("\\z", "\\Z")


def _beyond(kind: str | None, limit: Any, step: int) -> Any:
    """The value that is a step away from a limit."""
    moves: dict[str, Callable[[], Any]] = {
        "date": lambda: (date.fromisoformat(str(limit)) + timedelta(days=step)).isoformat(),
        "datetime": lambda: (datetime.fromisoformat(str(limit)) + timedelta(seconds=step)).isoformat(),
    }
    if kind in moves:
        return moves[kind]()
    return _number(kind, Decimal(str(limit)) + step)


def _number(kind: str | None, number: Decimal) -> Any:
    """A number as JSON carries it to a field of that type."""
    if kind == "decimal":
        return str(number)
    return int(number) if number == number.to_integral_value() else float(number)


def _of_length(value: Any, length: int) -> Any:
    """As much of the value as is asked for, repeated where there is too little."""
    if isinstance(value, str):
        return (value or "x").ljust(length, "x")[:length]
    if isinstance(value, list):
        return [*value, *(value[-1:] * length)][:length]
    keys = [*value, *(f"{key}{index}" for key in list(value)[:1] for index in range(length))]
    return {key: value.get(key, next(iter(value.values()), None)) for key in keys[:length]}
