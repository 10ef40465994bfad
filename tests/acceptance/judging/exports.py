"""Holds a node's folder together as a Python package: `__init__.py` files, `__all__`, and what they re-export."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from judging.case import Node
from judging.refused import refuse_any, require

# The packages that exist to gather the classes of their modules.
_GATHERING = ("handlers", "models")


def check_exports(node: Node) -> str:
    """Every module declares what it exports, and `handlers` and `models` pass all of it on."""
    folder = node.contract_path.parent
    modules = sorted(path for path in folder.rglob("*.py") if path.name != "__init__.py")
    refuse_any(complaint for path in modules for complaint in _complaints(node, path))
    handlers = importlib.import_module(f"{node.package}.nodes.{node.folder}.handlers")
    for entry in node.entries:
        passed_on = getattr(handlers, entry.handler.name, None) is entry.handler.load()
        require(passed_on, f"{handlers.__name__} does not pass {entry.handler.name} on")
    return f"{len(modules)} modules"


def no_entries(node: Node) -> str:
    """What there is to say of a node that routes no message: it must have no handlers either."""
    folder = node.contract_path.parent / "handlers"
    handlers = sorted(path.name for path in folder.rglob("*.py") if path.name != "__init__.py")
    require(not handlers, f"{node.contract_path} routes to no handler, and there are {', '.join(handlers)}")
    return "no entries"


def _complaints(node: Node, path: Path) -> Iterator[str]:
    module = importlib.import_module(_dotted(node, path.with_suffix("")))
    public = _public_classes(module)
    missing = sorted(public - _exported(module))
    if missing:
        yield f"{module.__name__}: __all__ lacks {', '.join(missing)}"
    if not path.with_name("__init__.py").is_file():
        yield f"{path.parent}: has no __init__.py"
    elif path.parent.name in _GATHERING:
        package = importlib.import_module(_dotted(node, path.parent))
        lost = sorted(public - _exported(package))
        if lost:
            yield f"{package.__name__}: __all__ lacks {', '.join(lost)}"
        yield from _dangling(package)


def _dotted(node: Node, path: Path) -> str:
    return ".".join(path.relative_to(node.package_folder.parent).parts)


def _exported(module: ModuleType) -> set[str]:
    return set(getattr(module, "__all__", ()))


def _public_classes(module: ModuleType) -> set[str]:
    """The classes that the module itself defines."""

    def is_own(value: Any) -> bool:
        return inspect.isclass(value) and value.__module__ == module.__name__ and not value.__name__.startswith("_")

    return {name for name, _ in inspect.getmembers(module, is_own)}


def _dangling(package: ModuleType) -> Iterator[str]:
    for name in sorted(_exported(package)):
        if not hasattr(package, name):
            yield f"{package.__name__}: __all__ promises {name}, which is not there"
