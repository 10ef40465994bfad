"""The contract against the code.

Generated from contract.yaml: regenerating rewrites this file.
"""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files

import pytest
from omnibase_core.models.container.model_onex_container import ModelONEXContainer
from omnibase_core.models.contracts.model_yaml_contract import ModelYamlContract
from omnibase_core.models.contracts.subcontracts import ModelHandlerRoutingSubcontract
from omnibase_core.nodes import NodeOrchestrator
from omnibase_core.protocols.runtime.protocol_message_handler import (
    ProtocolMessageHandler,
)
from omnibase_core.services.service_handler_registry import ServiceHandlerRegistry
from omnibase_core.utils.util_safe_yaml_loader import load_yaml_mapping_no_duplicates

from post.nodes.node_delivery_orchestrator.handlers.handler_letter_posted import (
    HandlerLetterPosted,
)
from post.nodes.node_delivery_orchestrator.handlers.handler_parcel_arrived import (
    HandlerParcelArrived,
)
from post.nodes.node_delivery_orchestrator.node import NodeDeliveryOrchestrator

pytestmark = pytest.mark.unit

MODELS = (
    ("post.models.events", "ModelLetterPostedEvent"),
    ("post.models.events", "ModelParcelArrivedEvent"),
    ("post.nodes.node_delivery_orchestrator.models", "ModelCourierSendIntentPayload"),
    ("post.nodes.node_delivery_orchestrator.models", "ModelParcelAccepted"),
    ("post.nodes.node_delivery_orchestrator.models", "ModelParcelDelivered"),
    ("post.nodes.node_delivery_orchestrator.models", "ModelParcelReturned"),
)
HANDLERS: tuple[type[ProtocolMessageHandler], ...] = (
    HandlerLetterPosted,
    HandlerParcelArrived,
)
ROUTES: tuple[tuple[str, type], ...] = (
    ("ModelLetterPostedEvent", HandlerLetterPosted),
    ("ModelParcelArrivedEvent", HandlerParcelArrived),
)


def read_contract() -> dict[object, object]:
    """Read the contract.yaml that lies beside the node, as a runtime does."""
    source = files("post.nodes.node_delivery_orchestrator") / "contract.yaml"
    return load_yaml_mapping_no_duplicates(
        source.read_text(encoding="utf-8"), source="contract.yaml"
    )


def test_framework_reads_the_contract() -> None:
    """The contract is one that the framework's own contract model accepts."""
    contract = ModelYamlContract.model_validate(read_contract())
    assert contract.node_type.value == "ORCHESTRATOR_GENERIC"


def test_container_builds_the_node() -> None:
    """The node is an orchestrator of the framework and nothing more."""
    node = NodeDeliveryOrchestrator(ModelONEXContainer())
    assert isinstance(node, NodeOrchestrator)


@pytest.mark.parametrize(("module", "name"), MODELS)
def test_model_can_be_imported(module: str, name: str) -> None:
    """Every model that the contract names is where the contract says."""
    assert isinstance(getattr(import_module(module), name), type)


def read_routing() -> ModelHandlerRoutingSubcontract:
    """Read the contract's routing as the framework's typed model."""
    routing = read_contract()["handler_routing"]
    assert isinstance(routing, dict)
    return ModelHandlerRoutingSubcontract.model_validate(routing)


def test_routing_table_is_what_the_code_was_made_for() -> None:
    """Contract and code agree on which message goes where."""
    table = read_routing().build_routing_table()
    named = {(key, name) for key, names in table.items() for name in names}
    assert named == {(key, handler.__name__) for key, handler in ROUTES}


class RoutedNode(NodeDeliveryOrchestrator):
    """The node with its routing switched on, as a runtime does it."""

    def __init__(
        self, container: ModelONEXContainer, registry: ServiceHandlerRegistry
    ) -> None:
        """Route through the given registry."""
        super().__init__(container)
        self._init_handler_routing(read_routing(), registry)


def test_every_message_reaches_its_handler() -> None:
    """The node routes each message to the handler that registered for it."""
    registry = ServiceHandlerRegistry()
    handlers: dict[type, ProtocolMessageHandler] = {item: item() for item in HANDLERS}
    for handler in handlers.values():
        assert isinstance(handler, ProtocolMessageHandler)
        registry.register_handler(handler)
    registry.freeze()
    node = RoutedNode(ModelONEXContainer(), registry)
    assert node.validate_handler_routing() == []
    for key, handler_class in ROUTES:
        handler = handlers[handler_class]
        assert handler in node.route_to_handlers(key, handler.category)


def test_handlers_need_nothing_to_be_built() -> None:
    """Runtimes build handlers without arguments, and call `handle`."""
    for handler in HANDLERS:
        assert callable(handler().handle)
