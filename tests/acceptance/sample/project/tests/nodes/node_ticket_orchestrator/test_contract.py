"""The contract of node_ticket_orchestrator is one that the framework reads."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from omnibase_core.models.contracts.model_yaml_contract import ModelYamlContract

import ferry.nodes.node_ticket_orchestrator as node


@pytest.mark.unit
def test_the_contract_is_valid() -> None:
    path = Path(node.__file__).with_name("contract.yaml")
    ModelYamlContract.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
