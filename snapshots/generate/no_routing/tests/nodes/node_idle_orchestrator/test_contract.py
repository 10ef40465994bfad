"""The contract of node_idle_orchestrator against its code, on the real framework.

Generated from contract.yaml: regenerating rewrites this file.
"""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files

import pytest
from omnibase_core.models.container.model_onex_container import ModelONEXContainer
from omnibase_core.models.contracts.model_yaml_contract import ModelYamlContract
from omnibase_core.nodes import NodeOrchestrator
from omnibase_core.utils.util_safe_yaml_loader import load_yaml_mapping_no_duplicates

from idle.nodes.node_idle_orchestrator.node import NodeIdleOrchestrator

pytestmark = pytest.mark.unit

MODELS = (
    ("idle.nodes.node_idle_orchestrator.models", "ModelIdleInput"),
    ("omnibase_core.models.orchestrator", "ModelOrchestratorOutput"),
)


def read_contract() -> dict[object, object]:
    """Read the contract.yaml that lies beside the node, as a runtime does."""
    source = files("idle.nodes.node_idle_orchestrator") / "contract.yaml"
    return load_yaml_mapping_no_duplicates(
        source.read_text(encoding="utf-8"), source="contract.yaml"
    )


def test_framework_reads_the_contract() -> None:
    """The contract is one that the framework's own contract model accepts."""
    contract = ModelYamlContract.model_validate(read_contract())
    assert contract.node_type.value == "ORCHESTRATOR_GENERIC"


def test_container_builds_the_node() -> None:
    """The node is an orchestrator of the framework and nothing more."""
    node = NodeIdleOrchestrator(ModelONEXContainer())
    assert isinstance(node, NodeOrchestrator)


@pytest.mark.parametrize(("module", "name"), MODELS)
def test_model_can_be_imported(module: str, name: str) -> None:
    """Every model that the contract names is where the contract says."""
    assert isinstance(getattr(import_module(module), name), type)
