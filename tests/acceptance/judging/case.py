"""CASES.json as typed values, and what a node's contract says in the terms that the checks need.

Unknown keys are refused: a misspelt `runtime_locale` would otherwise switch a check off without anyone noticing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from judging.entries import ClassReference, Entry, normalized_routing, read_entries
from judging.refused import require

STYLES = ("envelope", "dual", "definition-b", "template")


@dataclass(frozen=True)
class Node:
    """A node of a case, with the promises that are made for it."""

    case_root: Path
    package: str
    package_folder: Path
    folder: str
    style: str
    contract_models: bool = False
    runtime_local: bool = False
    bare_run: bool = False
    infra: bool = False
    registered: bool = True
    silent_handlers: tuple[str, ...] = ()
    silent_intents: tuple[str, ...] = ()
    excused_tests: tuple[str, ...] = ()

    @property
    def contract_path(self) -> Path:
        """Where the node's contract lies."""
        return self.package_folder / "nodes" / self.folder / "contract.yaml"

    @property
    def class_name(self) -> str:
        """The node class is called as its folder, in PascalCase."""
        return "".join(part.capitalize() for part in self.folder.split("_"))

    def load_class(self) -> Any:
        """The node's class."""
        return ClassReference(f"{self.module}.node", self.class_name).load()

    @cached_property
    def contract(self) -> dict[str, Any]:
        """The contract as the framework itself reads it."""
        value = yaml.safe_load(self.contract_path.read_text(encoding="utf-8"))
        require(isinstance(value, dict), f"{self.contract_path} is no mapping")
        return dict(value)

    @property
    def module(self) -> str:
        """The node's own package."""
        return f"{self.package}.nodes.{self.folder}"

    @property
    def routing(self) -> dict[str, Any]:
        """The handler_routing section, in the spelling of the framework's model."""
        return normalized_routing(self.contract, self.module)

    @cached_property
    def subscribe_topics(self) -> tuple[str, ...]:
        """The topics that the node consumes."""
        return self._bus_topics("subscribe_topics")

    @cached_property
    def publish_topics(self) -> tuple[str, ...]:
        """The topics that the node produces to."""
        return self._bus_topics("publish_topics")

    def _bus_topics(self, key: str) -> tuple[str, ...]:
        bus = self.contract.get("event_bus") or {}
        return tuple(bus.get(key) or ())

    @cached_property
    def topic_of_event(self) -> dict[str, str]:
        """Topics by the class name that `published_events` stands for: event_type plus `Model`."""
        published = self.contract.get("published_events") or []
        return {f"Model{event['event_type'].removeprefix('Model')}": event["topic"] for event in published}

    @property
    def intent_table(self) -> dict[str, str]:
        """Which intent goes to which effect node."""
        consumption = self.contract.get("intent_consumption") or {}
        return dict(consumption.get("intent_routing_table") or {})

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The routing entries, topics resolved as the runtimes resolve them."""
        return read_entries(self.contract, self.module, self.subscribe_topics)

    def destination(self, event_class: str) -> str | None:
        """Where an emitted event belongs: its published topic, or the topic of the entry that takes it in."""
        if event_class in self.topic_of_event:
            return self.topic_of_event[event_class]
        for entry in self.entries:
            if entry.event_model is not None and entry.event_model.name == event_class:
                return entry.topic
        return None


@dataclass(frozen=True)
class Case:
    """A generated project, and the nodes in it."""

    name: str
    root: Path
    package: str
    layout: str
    nodes: tuple[Node, ...]
    tests: str = "tests"
    installed: bool = False
    excused_rules: tuple[str, ...] = ()
    excused_checks: Mapping[str, str] = field(default_factory=dict)
    untouched: tuple[str, ...] = ()

    @property
    def source_root(self) -> Path:
        """The folder from which the package is imported."""
        return self.root / "src" if self.layout == "src" else self.root

    @property
    def package_folder(self) -> Path:
        """The package's own folder."""
        return self.source_root / self.package

    @property
    def judged_paths(self) -> tuple[str, ...]:
        """What linters and type checkers look at: package and tests, as absolute paths."""
        return str(self.package_folder), str(self.root / self.tests)


@dataclass
class _Keys:
    """Takes known keys out of a JSON object, and complains of what is left."""

    where: str
    values: dict[str, Any]
    taken: set[str] = field(default_factory=set)

    def take(self, key: str, kind: type, default: Any = None) -> Any:
        self.taken.add(key)
        if key not in self.values:
            require(default is not None, f"{self.where}: key {key!r} is missing")
            return default
        value = self.values[key]
        require(isinstance(value, kind), f"{self.where}: {key!r} is no {kind.__name__}")
        return tuple(value) if kind is list else value

    def finish(self) -> None:
        unknown = sorted(set(self.values) - self.taken)
        require(not unknown, f"{self.where}: unknown keys {', '.join(unknown)}")


def read_cases(path: Path) -> list[Case]:
    """Read CASES.json; whatever is wrong with it ends the run, since a check that is lost passes."""
    document = json.loads(path.read_text(encoding="utf-8"))
    cases = [_case(_Keys(f"case {number}", raw)) for number, raw in enumerate(document["cases"])]
    names = [case.name for case in cases]
    require(cases, f"{path} holds no case")
    require(len(set(names)) == len(names), f"{path}: two cases of one name")
    return cases


def _case(keys: _Keys) -> Case:
    keys.where = f"case {keys.take('name', str)}"
    root = Path(keys.take("root", str)).resolve()
    package, layout = keys.take("package", str), keys.take("layout", str)
    require(layout in {"src", "flat"}, f"{keys.where}: layout {layout!r} is neither src nor flat")
    folder = (root / "src" if layout == "src" else root) / package
    require(folder.is_dir(), f"{keys.where}: there is no package at {folder}")
    raw_nodes = keys.take("nodes", list)
    require(raw_nodes, f"{keys.where}: has no nodes")
    case = Case(
        name=keys.take("name", str),
        root=root,
        package=package,
        layout=layout,
        nodes=tuple(_node(_Keys(keys.where, raw), root, package, folder) for raw in raw_nodes),
        tests=keys.take("tests", str, "tests"),
        installed=keys.take("installed", bool, default=False),
        excused_rules=keys.take("excused_rules", list, ()),
        excused_checks=keys.take("excused_checks", dict, {}),
        untouched=keys.take("untouched", list, ()),
    )
    keys.finish()
    words = all(isinstance(says, str) and says for says in case.excused_checks.values())
    require(words, f"{keys.where}: an excused check needs words of its refusal")
    return case


def _node(keys: _Keys, root: Path, package: str, package_folder: Path) -> Node:
    folder, style = keys.take("folder", str), keys.take("style", str)
    keys.where = f"{keys.where}, {folder}"
    require(style in STYLES, f"{keys.where}: unknown style {style!r}")
    node = Node(
        case_root=root,
        package=package,
        package_folder=package_folder,
        folder=folder,
        style=style,
        contract_models=keys.take("contract_models", bool, default=False),
        runtime_local=keys.take("runtime_local", bool, default=False),
        bare_run=keys.take("bare_run", bool, default=False),
        infra=keys.take("infra", bool, default=False),
        registered=keys.take("registered", bool, default=True),
        silent_handlers=keys.take("silent_handlers", list, ()),
        silent_intents=keys.take("silent_intents", list, ()),
        excused_tests=keys.take("excused_tests", list, ()),
    )
    keys.finish()
    runs_there = {"runtime_local": ("dual", "definition-b"), "infra": STYLES[:3]}
    for promise, able in runs_there.items():
        kept = not getattr(node, promise) or style in able
        require(kept, f"{keys.where}: {style} handlers do not run under {promise}")
    require(not node.bare_run or node.runtime_local, f"{keys.where}: bare_run is a kind of runtime_local")
    require(node.contract_path.is_file(), f"{keys.where}: there is no {node.contract_path}")
    return node
