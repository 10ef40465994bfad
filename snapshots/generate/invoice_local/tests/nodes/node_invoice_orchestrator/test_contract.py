"""The contract of node_invoice_orchestrator against its code, on the real framework.

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
from omnibase_core.utils.util_safe_yaml_loader import load_yaml_mapping_no_duplicates

from billing.nodes.node_invoice_orchestrator.handlers.handler_delivery_made import (
    HandlerDeliveryMade,
)
from billing.nodes.node_invoice_orchestrator.node import NodeInvoiceOrchestrator

pytestmark = pytest.mark.unit

MODELS = (
    ("billing.models.events.model_delivery_made_event", "ModelDeliveryMadeEvent"),
    ("billing.nodes.node_invoice_orchestrator.models", "ModelInvoiceOpened"),
)
HANDLERS: tuple[type, ...] = (HandlerDeliveryMade,)
ROUTES: tuple[tuple[str, type], ...] = (
    ("ModelDeliveryMadeEvent", HandlerDeliveryMade),
)


def read_contract() -> dict[object, object]:
    """Read the contract.yaml that lies beside the node, as a runtime does."""
    source = files("billing.nodes.node_invoice_orchestrator") / "contract.yaml"
    return load_yaml_mapping_no_duplicates(
        source.read_text(encoding="utf-8"), source="contract.yaml"
    )


def test_framework_reads_the_contract() -> None:
    """The contract is one that the framework's own contract model accepts."""
    contract = ModelYamlContract.model_validate(read_contract())
    assert contract.node_type.value == "ORCHESTRATOR_GENERIC"


def test_container_builds_the_node() -> None:
    """The node is an orchestrator of the framework and nothing more."""
    node = NodeInvoiceOrchestrator(ModelONEXContainer())
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


def test_handlers_need_nothing_to_be_built() -> None:
    """Runtimes build handlers without arguments, and call `handle`."""
    for handler in HANDLERS:
        assert callable(handler().handle)
