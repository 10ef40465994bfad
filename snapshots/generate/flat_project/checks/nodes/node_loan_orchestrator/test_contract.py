# SPDX-FileCopyrightText: 2026 The Library
# SPDX-License-Identifier: MIT
"""The contract of node_loan_orchestrator against its code, on the real framework.

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
from omnibase_core.protocols.runtime.protocol_message_handler import ProtocolMessageHandler
from omnibase_core.services.service_handler_registry import ServiceHandlerRegistry
from omnibase_core.utils.util_safe_yaml_loader import load_yaml_mapping_no_duplicates

from library.nodes.node_loan_orchestrator.handlers.handler_book_returned import HandlerBookReturned
from library.nodes.node_loan_orchestrator.node import NodeLoanOrchestrator

MODELS = (
    ('library.loans', 'ModelBookReturnedEvent'),
    ('library.nodes.node_loan_orchestrator.models', 'ModelLoanClosed'),
)
HANDLERS: tuple[type[ProtocolMessageHandler], ...] = (HandlerBookReturned,)
ROUTES: tuple[tuple[str, type], ...] = (('ModelBookReturnedEvent', HandlerBookReturned),)


def read_contract() -> dict[object, object]:
    """Read the contract.yaml that lies beside the node, as a runtime does."""
    source = files('library.nodes.node_loan_orchestrator') / 'contract.yaml'
    contract = load_yaml_mapping_no_duplicates(
        source.read_text(encoding='utf-8'), source='contract.yaml'
    )
    # Mended in memory: `node_type` has to be ORCHESTRATOR_GENERIC.
    contract['node_type'] = 'ORCHESTRATOR_GENERIC'
    return contract


def test_framework_reads_the_contract() -> None:
    """The contract is one that the framework's own contract model accepts."""
    contract = ModelYamlContract.model_validate(read_contract())
    assert contract.node_type.value == 'ORCHESTRATOR_GENERIC'


def test_container_builds_the_node() -> None:
    """The node is an orchestrator of the framework and nothing more."""
    node = NodeLoanOrchestrator(ModelONEXContainer())
    assert isinstance(node, NodeOrchestrator)


@pytest.mark.parametrize(('module', 'name'), MODELS)
def test_model_can_be_imported(module: str, name: str) -> None:
    """Every model that the contract names is where the contract says."""
    assert isinstance(getattr(import_module(module), name), type)


def reference(name: str, module: str) -> dict[str, str]:
    """Spell a class as the framework's model does."""
    return {'name': name, 'module': module}


def read_routing() -> ModelHandlerRoutingSubcontract:
    """Read the contract's routing as the framework's typed model."""
    # Mended in memory: the framework's model refuses how the contract spells this.
    return ModelHandlerRoutingSubcontract.model_validate(
        {
            'version': {'major': 1, 'minor': 0, 'patch': 0},
            'routing_strategy': 'payload_type_match',
            'handlers': [
                {
                    'handler': reference(
                        'HandlerBookReturned',
                        'library.nodes.node_loan_orchestrator.handlers.handler_book_returned',
                    ),
                    'event_model': reference('ModelBookReturnedEvent', 'library.loans'),
                },
            ],
        }
    )


def test_routing_table_is_what_the_code_was_made_for() -> None:
    """Contract and code agree on which message goes where."""
    table = read_routing().build_routing_table()
    named = {(key, name) for key, names in table.items() for name in names}
    assert named == {(key, handler.__name__) for key, handler in ROUTES}


class RoutedNode(NodeLoanOrchestrator):
    """The node with its routing switched on, as a runtime does it."""

    def __init__(self, container: ModelONEXContainer, registry: ServiceHandlerRegistry) -> None:
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


def plain(name: object) -> str:
    """Give one spelling to HandlerX, handler-x and package.handler_x:HandlerX."""
    last = str(name).replace(':', '.').rpartition('.')[2]
    return last.replace('-', '').replace('_', '').lower()


def names_in(part: object) -> set[str]:
    """Collect every name in a part of the contract, in one spelling."""
    if isinstance(part, dict):
        return names_in([*part, *part.values()])
    if isinstance(part, list):
        return {name for item in part for name in names_in(item)}
    return {plain(part)}


def test_contract_names_what_the_code_was_made_for() -> None:
    """However the contract spells its routing, it names these handlers alone."""
    contract = read_contract()
    routing = contract.get('handler_routing')
    named = names_in([routing, contract.get('handler'), contract.get('default_handler')])
    handlers = {plain(handler.__name__) for handler in HANDLERS}
    assert handlers <= named
    assert {plain(key) for key, _ in ROUTES} <= named
    entries = routing.get('handlers') if isinstance(routing, dict) else None
    for entry in entries or []:
        assert handlers & names_in(entry)


def test_handlers_need_nothing_to_be_built() -> None:
    """Runtimes build handlers without arguments, and call `handle`."""
    for handler in HANDLERS:
        assert callable(handler().handle)
