"""Judges the generated projects under `snapshots/generate/`: `collect.py [case ...]`.

Each is described by `tests/cases/<case>/case.json`. Both folders are read both ways, so that neither a case without a
tree nor a tree without a case goes unnoticed. What is judged are copies: a tree of the repository stays as it is.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import judge
from judging.refused import Refused, refuse_any, require

_REPOSITORY = judge.HERE.parents[1]
CASES = _REPOSITORY / "tests" / "cases"
TREES = _REPOSITORY / "snapshots" / "generate"
# What the generator is asked to do is for the Rust test that makes the tree; the rest is for the judge.
_OURS = ("about", "steps")
# What is found out here, and so cannot be said there.
_FOUND = ("name", "root", "untouched")


def main(arguments: Sequence[str]) -> int:
    """Collect the cases, judge them, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="case", help="judge only this case (default: all)")
    judge.add_options(parser)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "CASES.json"
        try:
            path.write_text(json.dumps({"cases": list(collect(Path(scratch), options.cases))}), encoding="utf-8")
        except (OSError, ValueError, Refused) as error:
            print(f"FAIL collect {error}\n\n0 passed, 1 failed")
            return 2
        return judge.judge(path, options)


def collect(scratch: Path, wanted: Sequence[str] = (), cases: Path = CASES, trees: Path = TREES) -> Iterator[Any]:
    """The cases as the judge wants them, each rooted in a copy of its tree."""
    described = {path.parent.name for path in cases.glob("*/case.json")}
    generated = {path.name for path in trees.iterdir()} if trees.is_dir() else set()
    refuse_any(
        [
            *(f"{cases / name} has no tree at {trees / name}" for name in sorted(described - generated)),
            *(f"{trees / name} has no {cases / name / 'case.json'}" for name in sorted(generated - described)),
            *(f"there is no case {name}" for name in wanted if name not in described),
        ]
    )
    require(described, f"{cases} holds no case")
    for name in wanted or sorted(described):
        root = scratch / name
        shutil.copytree(trees / name, root, symlinks=True)
        known = {"name": name, "root": str(root), "untouched": list(_untouched(cases / name / "project", root))}
        yield _promises(cases / name) | known


def _untouched(before: Path, root: Path) -> Iterator[str]:
    """The Python files that the project had beforehand, and that are as they were."""
    for path in sorted(before.rglob("*.py")):
        now = root / path.relative_to(before)
        if now.is_file() and now.read_bytes() == path.read_bytes():
            yield path.relative_to(before).as_posix()


def _promises(folder: Path) -> dict[str, Any]:
    """What case.json says to the judge."""
    path = folder / "case.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    require(isinstance(document, dict), f"{path} is no object")
    require(isinstance(document.get("about"), str), f"{path}: 'about' has to say in a sentence what the case shows")
    steps = document.get("steps")
    require(isinstance(steps, list) and steps, f"{path}: 'steps' has to list what the generator is called with")
    for number, step in enumerate(steps):
        _check_step(folder, f"{path}: step {number}", step)
    refuse_any(f"{path}: {key!r} is not for a case to say" for key in _FOUND if key in document)
    return {key: value for key, value in document.items() if key not in _OURS}


def _check_step(folder: Path, where: str, step: Any) -> None:
    """Steps belong to the Rust test that plays them, which refuses unknown keys; here only what they name is looked at."""
    if not isinstance(step, dict) or not {"arguments", "edits", "run"} & set(step):
        message = f"{where}: needs 'arguments', 'edits' or 'run'"
        raise Refused(message)
    contract = step.get("contract")
    require(contract is None or (folder / str(contract)).is_file(), f"{where}: there is no {contract} beside case.json")


if __name__ == "__main__":
    judge.start()
    sys.exit(main(sys.argv[1:]))
