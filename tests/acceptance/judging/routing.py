"""Instantiates the node and routes through its handler registry, as `NodeOrchestrator.route_to_handlers` does it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any

from omnibase_core.models.container.model_onex_container import ModelONEXContainer
from omnibase_core.models.contracts.subcontracts.model_handler_routing_subcontract import (
    ModelHandlerRoutingSubcontract,
)
from omnibase_core.nodes import NodeOrchestrator
from omnibase_core.protocols.runtime.protocol_message_handler import ProtocolMessageHandler
from omnibase_core.services.service_handler_registry import ServiceHandlerRegistry

from judging.case import Node
from judging.exports import no_entries
from judging.refused import Refused, require


def check_node(node: Node) -> str:
    """The node is a thin shell over NodeOrchestrator that a container can build."""
    node_class = node.load_class()
    require(
        isinstance(node_class(ModelONEXContainer()), NodeOrchestrator), f"{node_class.__name__} is no NodeOrchestrator"
    )
    extra = _statements_beyond_a_shell(node_class)
    require(not extra, f"{node_class.__name__} has code of its own: {extra}")
    return str(node_class.__name__)


def _statements_beyond_a_shell(node_class: type) -> list[str]:
    """What the class does besides handing its container to the constructor above."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(node_class))).body
    found = []
    for statement in _body(definition):
        constructor = isinstance(statement, ast.FunctionDef) and statement.name == "__init__"
        found += _body(statement) if constructor else [statement]
    return [text for text in map(ast.unparse, found) if text not in {"super().__init__(container)", "pass"}]


def _body(definition: Any) -> list[ast.stmt]:
    """The statements of a class or function, less its docstring."""
    return list(definition.body[1:] if ast.get_docstring(definition) is not None else definition.body)


def check_routing(node: Node) -> str:
    """What the contract routes by reaches an instance of each entry's handler class through a frozen registry."""
    if not node.entries:
        return no_entries(node)
    registry = ServiceHandlerRegistry()
    handlers = {entry.handler.name: entry.handler.load()() for entry in node.entries}
    for name, handler in handlers.items():
        require(isinstance(handler, ProtocolMessageHandler), f"{name} does not satisfy ProtocolMessageHandler")
        registry.register_handler(handler)
    registry.freeze()
    built = node.load_class()(ModelONEXContainer())
    built._init_handler_routing(ModelHandlerRoutingSubcontract.model_validate(node.routing), registry)
    complaints = built.validate_handler_routing()
    require(not complaints, "\n".join(map(str, complaints)))
    strategy = node.routing["routing_strategy"]
    for entry in node.entries:
        key, name = entry.key(strategy), entry.handler.name
        if key is None:
            message = f"nothing leads to {name} by {strategy}"
            raise Refused(message)
        expected = handlers[name]
        found = built.route_to_handlers(key, expected.category)
        require(expected in found, f"{key} is routed to {found}, not to {name}")
        taken = key if entry.event_model is None else entry.event_model.name
        require(taken in expected.message_types, f"{name} does not list {taken} among its message_types")
    return f"{len(node.entries)} routes"
