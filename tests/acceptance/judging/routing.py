"""Instantiates the node and routes through its handler registry, as `NodeOrchestrator.route_to_handlers` does it."""

from __future__ import annotations

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
    own = sorted(name for name in vars(node_class) if not name.startswith("__"))
    built = node_class(ModelONEXContainer())
    require(isinstance(built, NodeOrchestrator), f"{node_class.__name__} is no NodeOrchestrator")
    require(not [name for name in own if callable(vars(node_class)[name])], f"the node has methods of its own: {own}")
    return node_class.__name__


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
