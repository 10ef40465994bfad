"""Builds an instance of any event model from its fields alone, so that every generated model can be dispatched.

A *full* sample fills optional fields and gives each collection an element; a *bare* one gives only what is required.
Handlers see both: the full one reaches the happy path, the bare one finds what trips over an absent value.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from judging.entries import Entry
from judging.refused import Refused

# What arrives at a handler: an instance of its entry's event model, or a mapping where the entry has none.
type Message = BaseModel | dict[str, Any]

_DEPTH = 6
_NUMERIC = ("ge", "gt", "le", "lt", "multiple_of")
_MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_PLAIN: dict[type, Any] = {
    bool: True,
    bytes: b"sample",
    date: _MOMENT.date(),
    datetime: _MOMENT,
    object: "sample",
    Path: Path("sample"),
    time: _MOMENT.timetz(),
    timedelta: timedelta(seconds=90),
    type(None): None,
    UUID: UUID("12345678-1234-4678-9234-567812345678"),
}


def message(entry: Entry, *, full: bool) -> Message:
    """A message that the entry takes; where it names no model, a mapping of no known shape, or an empty one."""
    if entry.event_model is None:
        return {"sample": "sample"} if full else {}
    event: BaseModel = sample(entry.event_model.load(), full=full)
    return event


def as_json(event: Message) -> dict[str, Any]:
    """The form in which a broker carries a message."""
    return event if isinstance(event, dict) else event.model_dump(mode="json")


def sample[M: BaseModel](model: type[M], *, full: bool, depth: int = 0) -> M:
    """An instance of `model` that its own validation accepts."""
    values = {
        name: _field_value(field, full=full, depth=depth)
        for name, field in model.model_fields.items()
        if field.is_required() or (full and field.default_factory is None)
    }
    try:
        return model.model_validate(values, by_alias=True, by_name=True)
    except ValidationError as error:
        if not full:
            message = f"no sample of {model.__name__} could be built: {error}"
            raise Refused(message) from error
        # An optional field may carry a rule that no type tells of: the required ones alone must still do.
        required = {name: value for name, value in values.items() if model.model_fields[name].is_required()}
        try:
            return model.model_validate(required, by_alias=True, by_name=True)
        except ValidationError:
            return model.model_construct(**values)


def filled[M: BaseModel](model: type[M]) -> M:
    """An instance with every field given, those with defaults as well."""
    values = {name: _field_value(field, full=True, depth=0) for name, field in model.model_fields.items()}
    return model.model_validate(values, by_alias=True, by_name=True)


def _field_value(field: FieldInfo, *, full: bool, depth: int) -> Any:
    return _value(field.annotation, _Limits.of(field.metadata), full=full, depth=depth)


@dataclass(frozen=True)
class _Limits:
    """The constraints on a value, gathered from all the forms in which pydantic keeps them."""

    found: Mapping[str, Any]

    @classmethod
    def of(cls, metadata: Iterable[object]) -> _Limits:
        found: dict[str, Any] = {}
        names = ("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "pattern")
        for item in _flat(metadata):
            for name in names:
                value = getattr(item, name, None)
                if value is not None:
                    found[name] = value
        return cls(found)

    def with_more(self, metadata: Iterable[object]) -> _Limits:
        return _Limits({**self.found, **_Limits.of(metadata).found})

    def get(self, name: str, default: Any = None) -> Any:
        return self.found.get(name, default)


def _flat(metadata: Iterable[object]) -> Iterable[object]:
    for item in metadata:
        if isinstance(item, FieldInfo):
            yield from _flat(item.metadata)
        else:
            yield item


def _value(annotation: Any, limits: _Limits, *, full: bool, depth: int) -> Any:
    """A value of the annotated type."""
    if isinstance(annotation, typing.TypeAliasType):
        return _value(annotation.__value__, limits, full=full, depth=depth)
    if isinstance(annotation, TypeVar):
        return _value(annotation.__bound__ or object, limits, full=full, depth=depth)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner, *metadata = arguments
        return _value(inner, limits.with_more(metadata), full=full, depth=depth)
    if origin in (Union, types.UnionType):
        return _choice(arguments, limits, full=full, depth=depth)
    if origin is Literal:
        return arguments[0]
    if annotation is Any:
        return "sample"
    if origin is not None or annotation in (list, set, frozenset, tuple, dict):
        return _collection(origin or annotation, arguments, limits, full=full, depth=depth)
    return _scalar(annotation, limits, full=full, depth=depth)


def _choice(alternatives: Sequence[Any], limits: _Limits, *, full: bool, depth: int) -> Any:
    nullable = type(None) in alternatives
    if nullable and (not full or depth >= _DEPTH):
        return None
    first = next(item for item in alternatives if item is not type(None))
    return _value(first, limits, full=full, depth=depth)


def _collection(origin: Any, arguments: Sequence[Any], limits: _Limits, *, full: bool, depth: int) -> Any:
    nothing = _Limits({})
    size = max(int(limits.get("min_length", 0)), 1 if full and depth < _DEPTH else 0)
    if "max_length" in limits.found:
        size = min(size, int(limits.get("max_length")))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, value = arguments or (str, str)
        keys = _distinct(key, size, full=full, depth=depth)
        return {item: _value(value, nothing, full=full, depth=depth + 1) for item in keys}
    if origin is tuple and arguments and arguments[-1] is not Ellipsis:
        return tuple(_value(item, nothing, full=full, depth=depth + 1) for item in arguments if item != ())
    element = arguments[0] if arguments else str
    return TypeAdapter(origin[element, ...] if origin is tuple else origin).validate_python(
        _distinct(element, size, full=full, depth=depth)
    )


def _distinct(element: Any, size: int, *, full: bool, depth: int) -> list[Any]:
    """As many values as asked for; different ones where the type is one of which we can make more."""
    values = [_value(element, _Limits({}), full=full, depth=depth + 1) for _ in range(size)]
    match values:
        case [UUID(), *_]:
            return [UUID(int=value.int + index) for index, value in enumerate(values)]
        case [str(), *_] if element is str:
            return [f"{value}{index or ''}" for index, value in enumerate(values)]
        case [int(), *_] if element is int:
            return [value + index for index, value in enumerate(values)]
        case _:
            return values


def _scalar(annotation: Any, limits: _Limits, *, full: bool, depth: int) -> Any:
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if annotation is str:
        return _text(limits)
    if annotation in (int, float, Decimal):
        return _exactly(annotation, _number(limits, whole=annotation is int))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return sample(annotation, full=full, depth=depth + 1)
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        hints, nothing = typing.get_type_hints(annotation), _Limits({})
        names = [field.name for field in dataclasses.fields(annotation)]
        return annotation(**{name: _value(hints[name], nothing, full=full, depth=depth + 1) for name in names})
    message = f"the judge knows no sample value of type {annotation!r}"
    raise Refused(message)


def _number(limits: _Limits, *, whole: bool) -> Fraction:
    """A number within the limits, where there is one; fractions, since no limit may be lost to rounding."""
    found = {name: Fraction(str(limits.get(name))) for name in _NUMERIC if limits.get(name) is not None}
    step = found.get("multiple_of", Fraction(1) if whole else Fraction(1, 2))
    low, high = found.get("ge", found.get("gt")), found.get("le", found.get("lt"))
    if low is not None:
        value = -(-low // step) * step
        if "gt" in found and value <= low:
            value += step
        too_high = high is not None and (value > high or (value == high and "le" not in found))
        return (low + high) / 2 if high is not None and too_high and not whole else value
    if high is not None:
        value = min(high // step * step, 7 * step)
        return value - step if "lt" in found and value >= high else value
    return 7 * step


def _exactly(kind: Any, number: Fraction) -> Any:
    """The number as an int, a float or a Decimal."""
    return Decimal(number.numerator) / Decimal(number.denominator) if kind is Decimal else kind(number)


def _text(limits: _Limits) -> str:
    shortest, longest = int(limits.get("min_length", 0)), limits.get("max_length")
    pattern = limits.get("pattern")
    if pattern is not None:
        source = pattern if isinstance(pattern, str) else pattern.pattern
        return _matching(source, shortest)
    text = "sample".ljust(shortest, "x")
    return text if longest is None else text[: int(longest)]


def _matching(pattern: str, shortest: int) -> str:
    """A text that the pattern accepts. Only ever approximate: the model's validation has the last word."""
    parser = getattr(re, "_parser")  # noqa: B009 - private, so mypy does not know it; no public parser exists.
    for repeats in (1, shortest, 2, 0):
        text = _from_tokens(parser.parse(pattern), repeats)
        if len(text) >= shortest and re.search(pattern, text):
            return text
    return "sample".ljust(shortest, "x")


def _from_tokens(tokens: Iterable[Any], repeats: int) -> str:
    return "".join(_from_token(str(kind).lower(), argument, repeats) for kind, argument in tokens)


def _from_token(kind: str, argument: Any, repeats: int) -> str:
    match kind:
        case "literal":
            return chr(argument)
        case "in":
            return _from_set(argument)
        case "any":
            return "a"
        case "max_repeat" | "min_repeat":
            low, high, inner = argument
            return _from_tokens(inner, repeats) * min(max(int(low), repeats), int(high))
        case "subpattern":
            return _from_tokens(argument[3], repeats)
        case "branch":
            return _from_tokens(argument[1][0], repeats)
        case _:  # Anchors and look-arounds give no text of their own.
            return ""


def _from_set(items: Sequence[Any]) -> str:
    kinds = {"category_digit": "1", "category_word": "a", "category_space": " "}
    if items and str(items[0][0]).lower() == "negate":
        barred = {_from_set([item]) for item in items[1:]}
        return next(character for character in "mz5-_ " if character not in barred)
    kind, argument = items[0]
    match str(kind).lower():
        case "literal":
            return chr(argument)
        case "range":
            return chr(argument[0])
        case _:
            return kinds.get(str(argument).lower(), "a")
