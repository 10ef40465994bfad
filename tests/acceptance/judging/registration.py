"""Finds a node as the framework finds an installed one: through the project's `onex.nodes` entry point.

The project is not installed for it. What an installer would leave on the import path, a `.dist-info` folder with the
entry points of pyproject.toml, is written into a scratch folder, and the framework's own look-ups do the rest.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from omnibase_core.cli.cli_node import _resolve_packaged_contract
from omnibase_infra.runtime.auto_wiring.discovery import discover_contracts

from judging.case import Node
from judging.refused import require

_GROUP = "onex.nodes"
_DISTRIBUTION = "acceptance-project"


def check_registration(node: Node) -> str:
    """Infra's discovery and the command line both find the node's contract by the entry point of its name."""
    points = _entry_points(node.case_root / "pyproject.toml")
    require(node.folder in points, f"pyproject.toml registers no {node.folder} under {_GROUP}, only {sorted(points)}")
    with tempfile.TemporaryDirectory() as site:
        _install(Path(site), points)
        found = _resolve_packaged_contract(node.folder)
        require(found == node.contract_path, f"the command line takes {node.folder} for {found}")
        os.environ["ONEX_ACTIVE_RUNTIME_PACKAGES"] = _DISTRIBUTION
        manifest = discover_contracts()
    require(not manifest.errors, f"discovery: {[(error.entry_point_name, error.error) for error in manifest.errors]}")
    names = {contract.name: contract.contract_path for contract in manifest.contracts}
    require(names.get(node.folder) == node.contract_path, f"discovery found {names}, skipped {manifest.skips}")
    return points[node.folder]


def _entry_points(pyproject: Path) -> dict[str, str]:
    """The project's nodes, in the standard's spelling or in Poetry's."""
    document: dict[str, Any] = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    standard = document.get("project", {}).get("entry-points", {})
    poetry = document.get("tool", {}).get("poetry", {}).get("plugins", {})
    return dict(standard.get(_GROUP, {})) | dict(poetry.get(_GROUP, {}))


def _install(site: Path, points: dict[str, str]) -> None:
    """Write what an installer would, and put it where metadata is looked for."""
    folder = site / f"{_DISTRIBUTION.replace('-', '_')}-0.0.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {_DISTRIBUTION}\nVersion: 0.0.0\n", encoding="utf-8"
    )
    lines = [f"[{_GROUP}]", *(f"{name} = {value}" for name, value in points.items())]
    (folder / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.path.insert(0, str(site))
    importlib.invalidate_caches()
