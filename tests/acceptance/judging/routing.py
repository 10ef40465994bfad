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
from judging.refused import require


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
    """Each routing entry's event model reaches an instance of its handler class through a frozen registry."""
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
    if node.routing.get("routing_strategy") != "payload_type_match":
        return f"{len(handlers)} handlers registered"
    for entry in node.entries:
        model, expected = entry.incoming().__name__, handlers[entry.handler.name]
        found = built.route_to_handlers(model, expected.category)
        require(expected in found, f"{model} is routed to {found}, not to {entry.handler.name}")
        require(model in expected.message_types, f"{entry.handler.name} does not list {model} among its message_types")
    return f"{len(node.entries)} routes"
