"""Looks at every event that a routing entry declares, also at those that its handler does not emit (yet)."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from judging.case import Node
from judging.entries import Entry
from judging.exports import no_entries
from judging.refused import Refused
from judging.samples import sample


def check_events(node: Node) -> str:
    """Every declared event has a class whose instances can be built, with optional fields and without."""
    if not node.entries:
        return no_entries(node)
    events = declared_events(node)
    for event_class in events.values():
        for full in (True, False):
            sample(event_class, full=full)
    return f"{len(events)} events"


def declared_events(node: Node) -> dict[str, Any]:
    """The classes of all output events, by name."""
    return {name: _find(node, entry, name) for entry in node.entries for name in entry.output_events}


def _find(node: Node, entry: Entry, name: str) -> Any:
    """A contract gives an output event's name alone: look where the handler looks, then in the node, then anywhere."""
    known = getattr(importlib.import_module(entry.handler.module), name, None)
    if known is not None:
        return known
    found = sorted(defined_in(node, name), key=lambda found: f".{node.folder}." not in found.__module__)
    if not found:
        message = f"{entry.handler.name} declares {name}, and no module of {node.package} defines it"
        raise Refused(message)
    return found[0]


def defined_in(node: Node, name: str) -> Iterator[Any]:
    """The models of that name, in whichever module of the package."""
    package = importlib.import_module(node.package)
    for info in pkgutil.walk_packages(package.__path__, f"{node.package}.", onerror=lambda _: None):
        if info.name.endswith(".__main__"):
            continue
        # A module that cannot be imported defines nothing, and whatever needs it says so elsewhere.
        with contextlib.suppress(Exception):
            value = getattr(importlib.import_module(info.name), name, None)
            if inspect.isclass(value) and issubclass(value, BaseModel) and value.__module__ == info.name:
                yield value
