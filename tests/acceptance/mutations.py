"""The ways in which the sample project is broken, and the check that has to see each of them.

Every mutation names the one check that must refuse it, and a text that must be in the refusal: a check that fails for
another reason, such as a module that no longer imports, proves nothing. An edit whose text is not in its file is an
error, so the table cannot rot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

type Edit = Callable[[Path], None]

_NODES = "src/ferry/nodes"
_BOOKING = "node_booking_orchestrator"
_BOARDING = "node_boarding_orchestrator"
_LUGGAGE = "node_luggage_orchestrator"
_DELAY = "node_delay_orchestrator"
_TICKET = "node_ticket_orchestrator"
_REQUESTED = f"{_NODES}/{_BOOKING}/handlers/handler_booking_requested.py"
_CLOSED = f"{_NODES}/{_BOOKING}/handlers/handler_boarding_closed.py"
_ARRIVED = f"{_NODES}/{_BOARDING}/handlers/handler_passenger_arrived.py"
_STOWING = f"{_NODES}/{_LUGGAGE}/handlers/handler_luggage_handed_in.py"
_ANNOUNCED = f"{_NODES}/{_DELAY}/handlers/handler_delay_announced.py"
_CHECK = f"{_NODES}/{_TICKET}/handlers/handler_ticket_check.py"
_STOWED = f"{_NODES}/{_LUGGAGE}/models/model_luggage_stowed.py"
_REQUESTED_TEST = f"tests/nodes/{_BOOKING}/test_handler_booking_requested.py"
_READY = "events=(ModelCrossingReady(crossing_id=envelope.payload.crossing_id),)"


def _contract(node: str) -> str:
    return f"{_NODES}/{node}/contract.yaml"


@dataclass(frozen=True)
class Mutation:
    """One way to break the sample.

    `promises` changes what the case promises for nodes, by their folders; `case` changes the case itself.
    """

    name: str
    check: str
    says: str
    edits: tuple[Edit, ...] = ()
    promises: dict[str, dict[str, Any]] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)


def replace(path: str, old: str, new: str) -> Edit:
    """Put `new` in the place of the first `old`."""

    def edit(root: Path) -> None:
        file = root / path
        text = file.read_text(encoding="utf-8")
        if old not in text:
            message = f"{path} does not hold {old!r}"
            raise LookupError(message)
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def rename(path: str, old: str, new: str) -> Edit:
    """Put `new` in the place of every `old`."""

    def edit(root: Path) -> None:
        replace(path, old, new)(root)
        file = root / path
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    return edit


def create(path: str, text: str) -> Edit:
    """Add a file that was not there."""

    def edit(root: Path) -> None:
        with (root / path).open("x", encoding="utf-8") as file:
            file.write(text)

    return edit


def delete(path: str) -> Edit:
    """Take a file away."""
    return lambda root: (root / path).unlink()


def _broken(check: str, says: str, name: str, *edits: Edit) -> Mutation:
    return Mutation(name, check, says, edits)


def _promised(check: str, says: str, name: str, node: str, **promises: Any) -> Mutation:
    return Mutation(name, check, says, promises={node: promises})


def _excused(check: str, says: str, name: str, *edits: Edit, **case: Any) -> Mutation:
    return Mutation(name, check, says, edits, case=case)


def _without_routing(check: str, node: str) -> Mutation:
    edit = replace(_contract(node), "handler_routing:", "unused:")
    return _broken(f"{check}:{node}", "routes to no handler", "no entry leads to the handlers", edit)


MUTATIONS = (
    # pytest
    _broken(
        "pytest",
        "skipped",
        "a test is skipped",
        replace(_REQUESTED_TEST, "@pytest.mark.unit", '@pytest.mark.skip("x")'),
    ),
    _broken(
        "pytest",
        "expected to fail",
        "a test is expected to fail",
        replace(_REQUESTED_TEST, "@pytest.mark.unit", "@pytest.mark.xfail(strict=False)"),
    ),
    _broken(
        "pytest",
        "skipped",
        "a test module skips itself",
        replace(
            _REQUESTED_TEST, "@pytest.mark.unit", 'pytest.skip("x", allow_module_level=True)\n\n\n@pytest.mark.unit'
        ),
    ),
    _broken(
        "pytest",
        "left out",
        "the project leaves a test out",
        replace("pyproject.toml", "asyncio_mode", "addopts = \"-k 'not booking_requested'\"\nasyncio_mode"),
    ),
    _broken(
        "pytest",
        "TESTS_FAILED",
        "a test fails",
        replace(_REQUESTED_TEST, "assert output.result is None", "assert output.result"),
    ),
    _broken(
        "pytest",
        "TESTS_FAILED",
        "asynchronous tests are not awaited",
        replace("pyproject.toml", 'asyncio_mode = "auto"', ""),
    ),
    _broken(
        "pytest",
        "INTERRUPTED",
        "a mark is not declared",
        replace("pyproject.toml", 'markers = ["unit:', 'markers = ["x:'),
    ),
    _broken("pytest", "no test of HandlerBookingRequested", "a handler has no test", delete(_REQUESTED_TEST)),
    _broken("pytest", "no contract test", "a contract has no test", delete(f"tests/nodes/{_DELAY}/test_contract.py")),
    # mypy
    _broken(
        "mypy",
        'expected "tuple[Any, ...]"',
        "events are a list",
        replace(_CLOSED, _READY, "events=[ModelCrossingReady(crossing_id=envelope.payload.crossing_id)]"),
    ),
    _broken("mypy", "[name-defined]", "a name is undefined", replace(_CLOSED, "self.handler_id", "own_name")),
    _broken(
        "mypy",
        "[type-arg]",
        "an output has no type argument",
        replace(_CLOSED, "ModelHandlerOutput[None]", "ModelHandlerOutput"),
    ),
    _broken(
        "mypy",
        "[call-arg]",
        "a result is returned",
        replace(_CLOSED, _READY, f"{_READY}, result=1"),
    ),
    # ruff
    _broken(
        "ruff",
        "F401",
        "an import is unused",
        replace(_CLOSED, "from uuid import uuid4", "import json\nfrom uuid import uuid4"),
    ),
    _broken(
        "ruff",
        "I001",
        "imports are out of order",
        replace(
            _CLOSED,
            "from typing import TYPE_CHECKING\nfrom uuid import uuid4",
            "from uuid import uuid4\nfrom typing import TYPE_CHECKING",
        ),
    ),
    _broken("ruff", "F821", "a name is undefined", replace(_CLOSED, "self.handler_id", "own_name")),
    _broken(
        "ruff-format",
        "would be reformatted",
        "a file is not formatted",
        replace(_CLOSED, 'return "HandlerBoardingClosed"', 'return  "HandlerBoardingClosed"'),
    ),
    _broken(
        "ruff-format",
        "would be reformatted",
        "the project wants shorter lines",
        replace("pyproject.toml", "line-length = 100", "line-length = 79"),
    ),
    _broken(
        "ruff-strong",
        "D102",
        "a method has no docstring",
        replace(_CLOSED, '        """Announce the crossing."""\n', ""),
    ),
    _broken(
        "ruff-strong",
        "S101",
        "an assertion stands in the package",
        replace(_STOWING, "        return", "        assert request\n        return"),
    ),
    _broken(
        "ruff-strong",
        "RUF022",
        "__all__ is not sorted",
        replace(
            f"{_NODES}/{_BOOKING}/handlers/__init__.py",
            '"HandlerBoardingClosed", "HandlerBookingRequested"',
            '"HandlerBookingRequested", "HandlerBoardingClosed"',
        ),
    ),
    _excused(
        "ruff-strong", "D102 is excused, and nothing breaks it", "a rule is excused for nothing", excused_rules=["D102"]
    ),
    _excused(
        "ruff-strong",
        "D102",
        "another rule is excused",
        replace(_CLOSED, '        """Announce the crossing."""\n', ""),
        replace(_STOWING, "        return", "        assert request\n        return"),
        excused_rules=["S101"],
    ),
    _excused(
        "ruff-strong",
        "D102",
        "another file was there beforehand",
        replace(_CLOSED, '        """Announce the crossing."""\n', ""),
        untouched=[_STOWING],
    ),
    # onex validate
    _broken(
        "validate",
        "contract",
        "another YAML lies beside the contract",
        create(f"{_NODES}/{_BOOKING}/metadata.yaml", 'version: "1.0.0"\n'),
    ),
    _broken(
        "validate",
        "Model",
        "a model has no prefix",
        create(
            "src/ferry/models/events/booking.py",
            '"""A booking."""\n\nfrom pydantic import BaseModel\n\n\nclass Booking(BaseModel):\n    """A booking."""\n',
        ),
    ),
    _broken(
        "validate",
        "booking_id",
        "an id is a string",
        replace(f"{_NODES}/{_BOOKING}/models/model_booking_refused.py", "booking_id: UUID", "booking_id: str"),
    ),
    _broken(
        "validate",
        "contract_version",
        "the contract has no version",
        replace(_contract(_BOOKING), "contract_version", "version_of_contract"),
    ),
    _excused(
        "validate",
        "is said to refuse (node_type), and passes",
        "a check is excused that passes",
        excused_checks={"validate": "node_type"},
    ),
    _excused(
        "validate",
        "booking_id",
        "a check refuses for a reason that is not excused",
        replace(f"{_NODES}/{_BOOKING}/models/model_booking_refused.py", "booking_id: UUID", "booking_id: str"),
        replace(_contract(_DELAY), "ORCHESTRATOR_GENERIC", "Orchestrator"),
        excused_checks={"validate": "Invalid node_type 'Orchestrator'"},
    ),
    _excused(
        f"handlers:{_BOOKING}",
        "own_name",
        "a check is excused that breaks down",
        replace(_CLOSED, "self.handler_id", "own_name"),
        excused_checks={f"handlers:{_BOOKING}": "own_name"},
    ),
    # The node
    _broken(
        f"node:{_BOOKING}",
        "code of its own",
        "the node has a method",
        replace(
            f"{_NODES}/{_BOOKING}/node.py",
            "    def __init__",
            '    async def process(self, _: object) -> None:\n        """Hide."""\n\n    def __init__',
        ),
    ),
    _broken(
        f"node:{_BOOKING}",
        "code of its own",
        "the node keeps state",
        replace(
            f"{_NODES}/{_BOOKING}/node.py",
            "super().__init__(container)",
            "super().__init__(container)\n        self.seen = 0",
        ),
    ),
    _broken(
        f"node:{_BOOKING}",
        "is no NodeOrchestrator",
        "the node is of another kind",
        replace(f"{_NODES}/{_BOOKING}/node.py", "import NodeOrchestrator", "import NodeCompute as NodeOrchestrator"),
    ),
    _broken(
        f"node:{_BOOKING}",
        "has no class",
        "the node is called otherwise",
        replace(f"{_NODES}/{_BOOKING}/node.py", "class NodeBookingOrchestrator", "class NodeBooking"),
        replace(
            f"{_NODES}/{_BOOKING}/__init__.py",
            "from ferry.nodes.node_booking_orchestrator.node import NodeBookingOrchestrator",
            "",
        ),
    ),
    # Exports
    _broken(
        f"exports:{_BOARDING}",
        "__all__ lacks HandlerPassengerArrived",
        "a handler is not passed on",
        replace(
            f"{_NODES}/{_BOARDING}/handlers/__init__.py",
            '__all__ = ["HandlerPassengerArrived"]',
            "__all__: list[str] = []",
        ),
    ),
    _broken(
        f"exports:{_BOOKING}",
        "__all__ lacks ModelBookingRefused",
        "a model is not passed on",
        replace(f"{_NODES}/{_BOOKING}/models/__init__.py", '    "ModelBookingRefused",\n', ""),
    ),
    _broken(
        f"exports:{_LUGGAGE}",
        "__all__ lacks HandlerLuggageHandedIn",
        "a module declares no exports",
        replace(_STOWING, '__all__ = ["HandlerLuggageHandedIn"]', ""),
    ),
    _broken(
        f"exports:{_LUGGAGE}",
        "promises HandlerLost",
        "an export leads nowhere",
        replace(
            f"{_NODES}/{_LUGGAGE}/handlers/__init__.py",
            '"HandlerLuggageHandedIn"]',
            '"HandlerLost", "HandlerLuggageHandedIn"]',
        ),
    ),
    _broken(
        f"exports:{_DELAY}",
        "has no __init__.py",
        "a package has no __init__.py",
        delete(f"{_NODES}/{_DELAY}/handlers/__init__.py"),
    ),
    # Models
    _broken(
        f"models:{_LUGGAGE}",
        "no module of ferry has it",
        "a definition has no model",
        replace(_contract(_LUGGAGE), "  ModelLuggageStowed:\n", "  ModelLuggageLost:\n"),
    ),
    _broken(
        f"models:{_LUGGAGE}",
        ".weight: breaks ge: 0, and is accepted",
        "a limit is too wide",
        replace(_STOWED, "ge=0", "ge=-9"),
    ),
    _broken(
        f"models:{_LUGGAGE}",
        ".labels: breaks max_length: 3, and is accepted",
        "a list has no limit",
        replace(_STOWED, ", max_length=3", ""),
    ),
    _broken(
        f"models:{_LUGGAGE}",
        ".labels.0: breaks pattern: ^[A-Z]+$, and is accepted",
        "an item has no pattern",
        replace(_STOWED, '(pattern="^[A-Z]+$")', "()"),
    ),
    _broken(
        f"models:{_LUGGAGE}",
        ".deck: is none of the values, and is accepted",
        "a choice is none",
        replace(_STOWED, 'Literal["upper", "lower"]', "str"),
    ),
    _broken(
        f"models:{_LUGGAGE}",
        ".luggage_id: is left out, and is accepted",
        "a required field has a default",
        replace(_STOWED, "luggage_id: UUID", 'luggage_id: UUID = UUID("12345678-1234-4678-9234-567812345678")'),
    ),
    _broken(
        f"models:{_LUGGAGE}",
        ".luggage_id: is no uuid, and is accepted",
        "a type is too wide",
        replace(_STOWED, "luggage_id: UUID", "luggage_id: UUID | str"),
    ),
    _broken(
        f"models:{_LUGGAGE}",
        ".deck: is null, and is accepted",
        "a field may be null",
        replace(_STOWED, 'Literal["upper", "lower"]', 'Literal["upper", "lower"] | None'),
    ),
    _broken(
        f"models:{_LUGGAGE}",
        ".weight: is 1.0 by default",
        "a default is another",
        replace(_STOWED, "default=0.0", "default=1.0"),
    ),
    _broken(
        f"models:{_LUGGAGE}",
        "is a field of nobody, and is accepted",
        "unknown fields are dropped",
        replace(_STOWED, 'extra="forbid"', 'extra="ignore"'),
    ),
    # Declared events
    _broken(
        f"events:{_BOOKING}",
        "no module of ferry defines it",
        "a declared event has no class",
        replace(_contract(_BOOKING), '"ModelBookingRefused"]', '"ModelBookingLost"]'),
    ),
    _broken(
        f"events:{_DELAY}",
        "no sample of ModelDelayPublished",
        "an event that nothing satisfies",
        replace(
            f"{_NODES}/{_DELAY}/models/model_delay_published.py",
            "    minutes: int",
            "    minutes: int = Field(ge=9, le=1)",
        ),
        replace(
            f"{_NODES}/{_DELAY}/models/model_delay_published.py",
            "BaseModel, ConfigDict",
            "BaseModel, ConfigDict, Field",
        ),
    ),
    _without_routing("events", _DELAY),
    # Registration
    _broken(
        f"registration:{_BOOKING}",
        "registers no node_booking_orchestrator",
        "the node is not registered",
        replace("pyproject.toml", "node_booking_orchestrator =", "node_booking ="),
    ),
    _broken(
        f"registration:{_BOOKING}",
        "NodeBooking'",
        "the entry point names no class",
        replace("pyproject.toml", "node:NodeBookingOrchestrator", "node:NodeBooking"),
    ),
    _broken(
        f"registration:{_BOOKING}",
        "the command line takes",
        "the entry point is another node's",
        replace(
            "pyproject.toml",
            "ferry.nodes.node_booking_orchestrator.node:NodeBookingOrchestrator",
            "ferry.nodes.node_luggage_orchestrator",
        ),
    ),
    _broken(
        f"registration:{_BOARDING}",
        "discovery",
        "two contracts have one name",
        replace(_contract(_BOARDING), f'name: "{_BOARDING}"', f'name: "{_BOOKING}"'),
    ),
    # Handlers
    _broken(
        f"handlers:{_BOOKING}",
        "unexpected keyword argument 'result'",
        "a result is returned",
        replace(_CLOSED, _READY, f"{_READY}, result=1"),
    ),
    _broken(
        f"handlers:{_BOOKING}",
        "events that are no models",
        "an event is a dictionary",
        replace(_CLOSED, _READY, 'events=({"event_type": "CrossingReady"},)'),
    ),
    _broken(f"handlers:{_BOOKING}", "own_name", "a name is undefined", replace(_CLOSED, "self.handler_id", "own_name")),
    _broken(
        f"handlers:{_BOOKING}",
        "calls itself 'handler-boarding-closed'",
        "the handler's id is in kebab case",
        replace(_CLOSED, 'return "HandlerBoardingClosed"', 'return "handler-boarding-closed"'),
    ),
    _broken(
        f"handlers:{_BOOKING}",
        "does not copy the ids",
        "the envelope's id is made up",
        replace(_CLOSED, "input_envelope_id=envelope.envelope_id", "input_envelope_id=uuid4()"),
    ),
    _broken(
        f"handlers:{_BOOKING}",
        "does not copy the ids",
        "the correlation id is made up",
        replace(_CLOSED, "envelope.correlation_id or uuid4()", "uuid4()"),
    ),
    _broken(
        f"handlers:{_BOOKING}",
        "correlation_id",
        "an envelope without correlation id is not answered",
        replace(_CLOSED, "envelope.correlation_id or uuid4()", "envelope.correlation_id"),
    ),
    _broken(
        f"handlers:{_BOOKING}",
        "is not the message's",
        "an event breaks the trace",
        replace(_REQUESTED, "correlation_id=correlation_id, booking_id", "correlation_id=uuid4(), booking_id"),
    ),
    _broken(
        f"handlers:{_BOOKING}",
        "none of its output_events",
        "an event is not the entry's",
        replace(_contract(_BOOKING), '["ModelCrossingReady"]', '["ModelBookingRefused"]'),
    ),
    _broken(
        f"handlers:{_BOOKING}",
        "no topic is declared",
        "an event is not published",
        replace(
            _contract(_BOOKING), '  - topic: "onex.evt.ferry.crossing-ready.v1"\n    event_type: "CrossingReady"\n', ""
        ),
    ),
    _broken(f"handlers:{_BOOKING}", "emits no event", "a handler stays silent", replace(_CLOSED, _READY, "events=()")),
    _broken(
        f"handlers:{_BOOKING}",
        "emits no intent",
        "a declared intent is not emitted",
        replace(_REQUESTED, "            intents=(\n", "            intents=()\n            and (\n"),
    ),
    _broken(
        f"handlers:{_BOOKING}",
        "intents that are no ModelIntent",
        "an intent is a dictionary",
        replace(_REQUESTED, "                ModelIntent(", "                dict("),
    ),
    _broken(
        f"handlers:{_BOOKING}",
        "does not route",
        "an intent is not routed",
        replace(_contract(_BOOKING), '"fare.charge": ', '"fare.refund": '),
    ),
    _broken(
        f"handlers:{_BOOKING}",
        "none of its output_intents",
        "an intent is not the entry's",
        replace(_contract(_BOOKING), 'output_intents: ["fare.charge"]', "output_intents: []"),
    ),
    _broken(
        f"handlers:{_BOARDING}",
        "NoneType",
        "an optional field is taken for granted",
        replace(_ARRIVED, "seat=event.seat", "seat=event.seat + 0"),
    ),
    _broken(
        f"handlers:{_BOARDING}",
        "for a bare event",
        "the two forms of a dual handler differ",
        replace(_ARRIVED, "events=(self.decide(request.payload),)", "events=(self.decide(request.payload),) * 2"),
    ),
    _broken(
        f"handlers:{_LUGGAGE}",
        "in a list",
        "events are returned in a list",
        replace(
            _STOWING,
            "return ModelLuggageStowed(luggage_id=request.luggage_id)",
            "return [ModelLuggageStowed(luggage_id=request.luggage_id)]",
        ),
    ),
    _broken(
        f"handlers:{_LUGGAGE}",
        "different events",
        "the answer depends on the past",
        replace(
            _STOWING,
            "        return ModelLuggageStowed",
            "        self.__class__.seen = not getattr(self, 'seen', False)\n        if not self.seen:\n            return None\n        return ModelLuggageStowed",
        ),
    ),
    _broken(
        f"handlers:{_DELAY}",
        "no ModelHandlerOutput",
        "a template handler returns no output",
        replace(_ANNOUNCED, "return ModelHandlerOutput.for_orchestrator", "return dict"),
    ),
    _promised(
        f"handlers:{_BOOKING}",
        "is said to emit no event, and does",
        "silence is promised and not kept",
        _BOOKING,
        silent_handlers=["HandlerBoardingClosed"],
    ),
    _promised(
        f"handlers:{_BOOKING}",
        "is said to emit no intent, and does",
        "silence of intents is promised and not kept",
        _BOOKING,
        silent_intents=["HandlerBookingRequested"],
    ),
    _broken(
        f"handlers:{_TICKET}",
        "KeyError",
        "the shape of a message is taken for granted",
        replace(_CHECK, "len(envelope.payload)", 'len(str(envelope.payload["sample"]))'),
    ),
    _without_routing("handlers", _TICKET),
    # Routing
    _broken(
        f"routing:{_BOOKING}",
        "not found",
        "the handler's id is in kebab case",
        replace(_CLOSED, 'return "HandlerBoardingClosed"', 'return "handler-boarding-closed"'),
    ),
    _broken(
        f"routing:{_BOARDING}",
        "message_types",
        "the handler takes other messages",
        replace(_ARRIVED, 'return {"ModelPassengerArrivedEvent"}', 'return {"PassengerArrived"}'),
    ),
    _broken(
        f"routing:{_BOARDING}",
        "ProtocolMessageHandler",
        "the handler has no category",
        replace(_ARRIVED, "def category", "def kind"),
    ),
    _broken(
        f"routing:{_BOARDING}",
        "ONEX_CORE_005",
        "the handler takes intents",
        replace(_ARRIVED, "return EnumMessageCategory.EVENT", "return EnumMessageCategory.INTENT"),
    ),
    _broken(
        f"routing:{_TICKET}",
        "nothing leads to HandlerTicketCheck by operation_match",
        "an entry has no operation",
        replace(_contract(_TICKET), '    - operation: "ticket.check"\n      handler:', "    - handler:"),
    ),
    _broken(
        f"routing:{_TICKET}",
        "message_types",
        "the handler takes another operation",
        replace(_CHECK, '{"ticket.check"}', '{"ticket.sell"}'),
    ),
    _broken(
        f"routing:{_BOOKING}",
        "nothing leads to HandlerBookingRequested by payload_type_match",
        "an entry has no event model",
        replace(
            _contract(_BOOKING),
            '    - event_model:\n        name: "ModelBookingRequestedEvent"\n        module: "ferry.models.events"\n      handler:',
            "    - handler:",
        ),
    ),
    _without_routing("routing", _BOARDING),
    # Contract models
    _broken(
        f"contract-models:{_BOOKING}",
        "ModelHandlerRoutingSubcontract",
        "the routing has no version",
        replace(_contract(_BOOKING), "handler_routing:\n  version: {major: 1, minor: 0, patch: 0}", "handler_routing:"),
    ),
    _broken(
        f"contract-models:{_BOOKING}",
        "ModelContractOrchestrator",
        "the node's version is a string",
        replace(_contract(_BOOKING), "node_version: {major: 1, minor: 0, patch: 0}", 'node_version: "1.0.0"'),
    ),
    _broken(
        f"contract-models:{_BOOKING}",
        "single_operation_max_ms",
        "no time limit is given",
        replace(_contract(_BOOKING), "performance:\n  single_operation_max_ms: 30000\n", ""),
    ),
    _broken(
        f"contract-models:{_BOOKING}",
        "ModelEventBusSubcontract",
        "a topic holds a placeholder",
        replace(_contract(_BOOKING), '  publish_topics:\n    - "onex', '  publish_topics:\n    - "{env}.onex'),
    ),
    _broken(
        f"contract-models:{_BOOKING}",
        "ModelContractWorkflowDefinition",
        "the workflow runs in a circle",
        replace(_contract(_BOOKING), "depends_on: []", 'depends_on: ["charge_fare"]'),
    ),
    _broken(
        f"contract-models:{_BOOKING}",
        "failure_recovery_strategy",
        "a strategy is unknown",
        replace(_contract(_BOOKING), '"RETRY"', '"pray"'),
    ),
    # RuntimeLocal
    _broken(
        f"runtime-local:{_BOARDING}",
        "ended as",
        "the input model is not the first event's",
        replace(
            _contract(_BOARDING),
            'input_model:\n  name: "ModelPassengerArrivedEvent"\n  module: "ferry.models.events"',
            'input_model:\n  name: "ModelOrchestratorInput"\n  module: "omnibase_core.models.orchestrator"',
        ),
    ),
    _broken(
        f"runtime-local:{_LUGGAGE}",
        "was not published on",
        "the event goes to another topic",
        replace(
            _contract(_LUGGAGE),
            '    event_type: "LuggageStowed"',
            '    event_type: "LuggageLost"\n  - topic: "onex.evt.ferry.luggage-stored.v1"\n    event_type: "LuggageStowed"',
        ),
    ),
    _broken(
        f"runtime-local:{_BOARDING}",
        "ended as",
        "the parameter has a name of its own",
        rename(_ARRIVED, "request", "passenger"),
    ),
    _broken(
        f"bare-run:{_LUGGAGE}",
        "ended as",
        "the runtime cannot fill a field",
        replace(
            "src/ferry/models/events/model_luggage_handed_in_event.py",
            "    luggage_id: UUID",
            "    luggage_id: UUID\n    weight: int = Field(ge=1)",
        ),
    ),
    _without_routing("runtime-local", _BOARDING),
    _without_routing("bare-run", _LUGGAGE),
    # Infra
    _broken(
        f"infra:{_BOOKING}",
        "routes were registered",
        "entries have neither topic nor event type",
        *(
            edit
            for event in ("booking-requested", "boarding-closed")
            for edit in (
                replace(_contract(_BOOKING), f'      topic: "onex.evt.ferry.{event}.v1"\n', ""),
                replace(_contract(_BOOKING), f'      event_type: "ferry.{event}"\n', ""),
            )
        ),
    ),
    _broken(
        f"infra:{_BOOKING}",
        "holds a placeholder",
        "topics hold a placeholder",
        *(
            replace(_contract(_BOOKING), '"onex.evt.ferry.booking-requested', '"{env}.onex.evt.ferry.booking-requested')
            for _ in range(2)
        ),
    ),
    _broken(
        f"infra:{_BOOKING}",
        "wiring: failed",
        "the category contradicts the topic",
        replace(_contract(_BOOKING), "      output_events:", "      message_category: COMMAND\n      output_events:"),
    ),
    _broken(
        f"infra:{_BOARDING}",
        "not subscribed to",
        "the node listens to nothing",
        replace(_contract(_BOARDING), "event_bus:", "unused:"),
    ),
    _broken(
        f"infra:{_BOARDING}",
        "clerk",
        "the handler cannot be built",
        replace(
            _ARRIVED,
            "    @property\n    def handler_id",
            '    def __init__(self, gate: str = "", *, clerk: str) -> None:\n        """Never built."""\n\n    @property\n    def handler_id',
        ),
    ),
    _broken(
        f"infra:{_BOOKING}",
        "would be published on",
        "a declared event has no topic",
        replace(_contract(_BOOKING), '    event_type: "BookingRefused"', '    event_type: "BookingLost"'),
    ),
    _broken(
        f"infra:{_LUGGAGE}",
        "landed on onex.evt.ferry.luggage-lost.v1",
        "the event names a topic of its own",
        replace(
            f"{_NODES}/{_LUGGAGE}/models/model_luggage_stowed.py",
            "    luggage_id: UUID",
            '    luggage_id: UUID\n    topic: str = "onex.evt.ferry.luggage-lost.v1"',
        ),
        replace(_contract(_LUGGAGE), "publish_topics:", 'publish_topics:\n    - "onex.evt.ferry.luggage-lost.v1"'),
        replace(
            _contract(_LUGGAGE),
            "published_events:",
            'published_events:\n  - topic: "onex.evt.ferry.luggage-lost.v1"\n    event_type: "LuggageLost"',
        ),
    ),
    _broken(
        f"infra:{_LUGGAGE}",
        "the runtime publishes []",
        "a second event gets lost",
        replace(
            _STOWING,
            "return ModelLuggageStowed(luggage_id=request.luggage_id)",
            "return (ModelLuggageStowed(luggage_id=request.luggage_id),) * 2",
        ),
    ),
    _broken(
        f"infra:{_BOOKING}",
        "executed were []",
        "an intent is lost on the way",
        replace(
            _REQUESTED,
            "    async def handle(",
            '    async def handle_async(self, envelope):  # noqa: D102\n        return (await self.handle(envelope)).model_copy(update={"intents": ()})\n\n    async def handle(',
        ),
    ),
    _broken(
        f"infra:{_BOOKING}",
        "dispatch ended as",
        "the handler fails under the runtime alone",
        replace(
            _CLOSED,
            "    async def handle(",
            "    async def handle_async(self, envelope):\n        raise OSError\n\n    async def handle(",
        ),
    ),
    _broken(
        f"infra:{_BOOKING}",
        "with other values",
        "an event's values change on the way",
        replace(
            _CLOSED,
            "    async def handle(",
            "    async def handle_async(self, envelope):\n"
            "        output = await self.handle(envelope)\n"
            "        events = (ModelCrossingReady(crossing_id=uuid4()),)\n"
            '        return output.model_copy(update={"events": events})\n\n'
            "    async def handle(",
        ),
    ),
    _broken(
        f"infra:{_BOARDING}",
        "not subscribed to",
        "the entry's topic is another one",
        replace(
            _contract(_BOARDING),
            'topic: "onex.evt.ferry.passenger-arrived.v1"',
            'topic: "onex.evt.ferry.passenger-came.v1"',
        ),
    ),
    _without_routing("infra", _BOARDING),
    _broken(
        f"infra:{_TICKET}",
        "dispatch ended as",
        "the envelope of a mapping is not declared",
        replace(_CHECK, "envelope: ModelEventEnvelope[dict[str, object]]", "envelope"),
    ),
    _broken(
        f"infra:{_TICKET}",
        "No dispatcher registered",
        "an entry without a model has no event type",
        replace(_contract(_TICKET), '      event_type: "ferry.ticket-check"\n', ""),
    ),
    _broken(
        f"infra:{_TICKET}",
        "with other values",
        "what the mapping holds is lost on the way",
        replace(
            _CHECK,
            "    async def handle(",
            "    async def handle_async(self, envelope: ModelEventEnvelope[object]):\n"
            '        return await self.handle(envelope.model_copy(update={"payload": {"one": 1, "two": 2}}))\n\n'
            "    async def handle(",
        ),
    ),
    _broken(
        f"infra:{_BOARDING}",
        "not announced",
        "the event's topic is another one",
        replace(
            _contract(_BOARDING),
            '  - topic: "onex.evt.ferry.passenger-boarded.v1"',
            '  - topic: "onex.evt.ferry.passenger-aboard.v1"',
        ),
    ),
)
