"""Holds a contract against the framework's own contract models.

No one shape of file satisfies all of them (the runtimes read `published_events`, the strict model wants it renamed, and
the two workflow models disagree on ids), so some are shown a converted copy. The conversions are spelt out here: they
are the whole distance between a generated contract and the strictest reading of it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from omnibase_core.models.contracts.model_contract_orchestrator import ModelContractOrchestrator
from omnibase_core.models.contracts.model_contract_workflow_definition import ModelContractWorkflowDefinition
from omnibase_core.models.contracts.model_yaml_contract import ModelYamlContract
from omnibase_core.models.contracts.subcontracts.model_event_bus_subcontract import ModelEventBusSubcontract
from omnibase_core.models.contracts.subcontracts.model_handler_routing_subcontract import (
    ModelHandlerRoutingSubcontract,
)
from omnibase_core.models.contracts.subcontracts.model_workflow_definition import ModelWorkflowDefinition
from omnibase_core.normalization import compose_normalization_pipeline

from judging.case import Node
from judging.refused import refuse_any

_VERSION = {"major": 1, "minor": 0, "patch": 0}


def check_contract_models(node: Node) -> str:
    """All of the framework's contract models accept the node's contract; the complaints of all are collected."""
    readings: dict[str, Callable[[], object]] = {
        "ModelYamlContract": lambda: ModelYamlContract.model_validate(node.contract),
        "ModelHandlerRoutingSubcontract": lambda: _read_routing(node),
        "ModelEventBusSubcontract": lambda: ModelEventBusSubcontract.model_validate(node.contract["event_bus"]),
        "ModelContractOrchestrator": lambda: ModelContractOrchestrator.model_validate(_normalized(node)),
    }
    workflow = (node.contract.get("workflow_coordination") or {}).get("workflow_definition")
    if workflow:
        readings |= {
            "ModelContractWorkflowDefinition": lambda: ModelContractWorkflowDefinition.model_validate(workflow),
            "ModelWorkflowDefinition": lambda: ModelWorkflowDefinition.model_validate(
                _runtime_workflow(node, workflow)
            ),
        }
    complaints = []
    for model, read in readings.items():
        try:
            read()
        except Exception as error:  # noqa: BLE001 - each model raises errors of its own kind; all of them are a no.
            complaints.append(f"{model}: {error}")
    refuse_any(complaints)
    return f"{len(readings)} models"


def _read_routing(node: Node) -> None:
    """The file itself has to carry `version`: `node.routing`, which mends that in memory, would hide its absence."""
    routing = ModelHandlerRoutingSubcontract.model_validate(node.contract["handler_routing"])
    table = routing.build_routing_table()
    handlers = {handler for targets in table.values() for handler in targets}
    missing = {entry.handler.name for entry in node.entries} - handlers
    refuse_any(f"the routing table never reaches {name}" for name in sorted(missing))


def _normalized(node: Node) -> dict[str, Any]:
    normalized = dict(compose_normalization_pipeline(copy.deepcopy(node.contract)))
    normalized["yaml_published_events"] = normalized.pop("published_events")
    return normalized


def _runtime_workflow(node: Node, workflow: dict[str, Any]) -> dict[str, Any]:
    """The graph as the runtime's model wants it: ids are UUIDs, and every part carries a version."""

    def identify(step: str) -> str:
        return str(uuid5(NAMESPACE_URL, f"{node.contract['name']}/{step}"))

    converted = copy.deepcopy(workflow)
    parts = [converted, *(converted[key] for key in ("workflow_metadata", "execution_graph", "coordination_rules"))]
    steps = converted["execution_graph"]["nodes"]
    for part in (*parts, *steps):
        part["version"] = _VERSION
    for step in steps:
        step["dependencies"] = [identify(name) for name in step.get("depends_on", ())]
        step["node_id"] = identify(step["node_id"])
        step["node_requirements"] = step.get("step_config", {})
    rules = converted["coordination_rules"]
    if "failure_recovery_strategy" in rules:
        rules["failure_recovery_strategy"] = rules["failure_recovery_strategy"].upper()
    return converted
