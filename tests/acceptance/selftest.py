"""Judges the judge: `selftest.py`.

A sound sample project has to pass every check; each of `mutations.MUTATIONS` breaks it in one way, and the check that
is meant for that has to refuse it, for the reason meant. A check without a mutation is a failure too, so none can be
added that cannot fail. Then the machinery is tried: checks that die, hang or exit, and CASES.json files with mistakes.

Prints a line for each trial and a closing `N passed, M failed`; exits with 1 when one failed.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import judge
from collect import collect
from judging.case import read_cases
from judging.refused import Refused, require
from judging.workers import Job, Outcome, run_jobs
from mutations import MUTATIONS, Mutation

SAMPLE = judge.HERE / "sample"
_CASE = "selftest"


def main() -> int:
    """Run every trial, and return the exit code."""
    failures = passed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name, complaint in _trials(Path(scratch)):
            failures += bool(complaint)
            passed += not complaint
            print(f"{'FAIL' if complaint else 'PASS'} {_CASE} {name}", flush=True)
            if complaint:
                print(f"     {complaint}", flush=True)
    print(f"\n{passed} passed, {failures} failed", flush=True)
    return 1 if failures else 0


def _trials(scratch: Path) -> Iterator[tuple[str, str]]:
    """The name of each trial, and what is wrong with its outcome."""
    sound = list(_jobs(_write_cases(scratch / "sound", SAMPLE / "project", {})))
    yield from ((outcome.check, "" if outcome.passed else outcome.report) for outcome in run_jobs(sound, 2))
    yield from _broken_samples(scratch)
    hit = {mutation.check.split(":")[0] for mutation in MUTATIONS}
    for check in sorted({job.check.split(":")[0] for job in sound}):
        yield f"{check}: can fail", "" if check in hit else "no mutation is meant for this check"
    yield from _machinery(scratch)
    yield from _mistaken_cases(scratch)
    yield from _collecting(scratch)


def _write_cases(folder: Path, root: Path, promises: dict[str, dict[str, Any]], **more: Any) -> Path:
    """A CASES.json for the sample at `root`."""
    case = json.loads((SAMPLE / "case.json").read_text(encoding="utf-8"))
    case |= {"name": _CASE, "root": str(root), **more}
    for node in case["nodes"]:
        node |= promises.get(node["folder"], {})
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "CASES.json"
    path.write_text(json.dumps({"cases": [case]}), encoding="utf-8")
    return path


def _jobs(cases: Path) -> Iterator[Job]:
    return judge.jobs_of(read_cases(cases), judge.mypy_cache())


def _broken_samples(scratch: Path) -> Iterator[tuple[str, str]]:
    jobs, expected = list[Job](), dict[str, Mutation]()
    for number, mutation in enumerate(MUTATIONS):
        name = f"{mutation.check}: {mutation.name}"
        expected[name] = mutation
        root = scratch / f"mutation-{number}"
        shutil.copytree(SAMPLE / "project", root)
        for edit in mutation.edits:
            edit(root)
        cases = _write_cases(scratch / f"case-{number}", root, mutation.promises)
        (job,) = (job for job in _jobs(cases) if job.check == mutation.check)
        jobs.append(Job(name, job.check, job.run, job.lane, job.limit))
    for outcome in run_jobs(jobs, 2):
        yield outcome.case, _complaint(outcome, expected[outcome.case].says)


def _complaint(outcome: Outcome, says: str) -> str:
    if outcome.passed:
        return f"the check passes: {outcome.detail}"
    return "" if says in outcome.report else f"refused, but {says!r} is not in: {outcome.report}"


def _machinery(scratch: Path) -> Iterator[tuple[str, str]]:
    """Whatever a check does but to return a line, it has not passed; and the exit code tells."""

    def refuse() -> str:
        require(holds=False, complaint="no")
        return "went on"

    trials: dict[str, tuple[Callable[[], str], str]] = {
        "a check that refuses": (refuse, "no"),
        "a check that dies": (partial(os._exit, 0), "died"),
        "a check that exits with 0": (partial(sys.exit, 0), "SystemExit"),
        "a check that hangs": (partial(time.sleep, 60), "took more than"),  # type: ignore[dict-item]
        "a check that kills its process group": (partial(os.killpg, 0, 9), "died"),  # type: ignore[dict-item]
    }
    jobs = [Job(name, "machinery", run, limit=1) for name, (run, _) in trials.items()]
    for outcome in run_jobs(jobs, len(jobs)):
        yield f"machinery: {outcome.case}", _complaint(outcome, trials[outcome.case][1])
    unformatted = scratch / "unformatted"
    shutil.copytree(SAMPLE / "project", unformatted)
    (unformatted / "src" / "ferry" / "__init__.py").write_text("x  = 1\n", encoding="utf-8")
    lost = scratch / "lost.json"
    runs: dict[str, tuple[list[object], int]] = {
        "0 for a sound project": ([_write_cases(scratch / "zero", SAMPLE / "project", {}), "--only", "ruff-format"], 0),
        "1 for a broken one": ([_write_cases(scratch / "one", unformatted, {}), "--only", "ruff-format"], 1),
        "2 without cases": ([lost], 2),
        "2 without checks": ([_write_cases(scratch / "two", SAMPLE / "project", {}), "--only", "no such check"], 2),
    }
    # In forks, as the judge prints: its words are the forks' output, and only the code comes back.
    forked = [Job(name, "exit code", partial(_exit_code, arguments)) for name, (arguments, _) in runs.items()]
    for outcome in run_jobs(forked, 2):
        code = runs[outcome.case][1]
        right = outcome.passed and outcome.detail == str(code)
        yield f"exit code {outcome.case}", "" if right else outcome.report


def _exit_code(arguments: Iterable[object]) -> str:
    return str(judge.main([str(argument) for argument in arguments]))


def _mistaken_cases(scratch: Path) -> Iterator[tuple[str, str]]:
    """A promise that is misspelt or cannot be kept must not switch a check off."""
    project, node = SAMPLE / "project", "node_delay_orchestrator"
    mistakes: dict[str, tuple[str, dict[str, Any]]] = {
        "a misspelt promise": ("unknown keys", {"promises": {node: {"infrared": True}}}),
        "a misspelt key": ("unknown keys", {"excused_rulez": []}),
        "a promise of the wrong type": ("'infra' is no bool", {"promises": {node: {"infra": "yes"}}}),
        "an unknown style": ("unknown style", {"promises": {node: {"style": "seed"}}}),
        "a promise that the style cannot keep": ("do not run under", {"promises": {node: {"infra": True}}}),
        "a node that is not there": ("there is no", {"promises": {node: {"folder": "node_lost"}}}),
        "a package that is not there": ("there is no package", {"package": "lost"}),
        "no nodes": ("has no nodes", {"nodes": []}),
    }
    for number, (name, (says, changes)) in enumerate(mistakes.items()):
        more = dict(changes)
        cases = _write_cases(scratch / f"mistake-{number}", project, more.pop("promises", {}), **more)
        try:
            read_cases(cases)
        except Refused as refusal:
            yield f"CASES.json: {name}", "" if says in str(refusal) else str(refusal)
        else:
            yield f"CASES.json: {name}", "it is accepted"


def _collecting(scratch: Path) -> Iterator[tuple[str, str]]:
    """A folder that is forgotten, on either side, ends the run; so does a step that cannot be taken."""
    described = json.loads((SAMPLE / "case.json").read_text(encoding="utf-8"))
    about = {"about": "A sample.", "steps": [{"contract": "contract.yaml", "arguments": ["--yes"]}]}
    mistakes: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
        "a sound case": ("", about, ("ferry",)),
        "a case without a tree": ("has no tree", about, ()),
        "a tree without a case": ("other has no", about, ("ferry", "other")),
        "a case without steps": ("'steps'", {"about": "A sample."}, ("ferry",)),
        "a case that tells nothing": ("'about'", {"steps": about["steps"]}, ("ferry",)),
        "a step without arguments": ("'arguments'", about | {"steps": [{}]}, ("ferry",)),
        "a step with an unknown key": ("unknown keys", about | {"steps": [{"arguments": [], "x": 1}]}, ("ferry",)),
        "a contract that is not there": (
            "there is no lost.yaml",
            about | {"steps": [{"arguments": [], "contract": "lost.yaml"}]},
            ("ferry",),
        ),
    }
    for number, (name, (says, head, trees)) in enumerate(mistakes.items()):
        home = scratch / f"collecting-{number}"
        (home / "cases" / "ferry").mkdir(parents=True)
        (home / "cases" / "ferry" / "contract.yaml").touch()
        (home / "cases" / "ferry" / "case.json").write_text(json.dumps(head | described), encoding="utf-8")
        for tree in trees:
            shutil.copytree(SAMPLE / "project", home / "trees" / tree)
        yield f"collecting: {name}", _collected(home, says)


def _collected(home: Path, says: str) -> str:
    """What is wrong with how a collection ended: with cases that the judge reads, or with a refusal that `says` why."""
    try:
        found = list(collect(home, (), home / "cases", home / "trees"))
    except Refused as refusal:
        return "" if says and says in str(refusal) else str(refusal)
    if says:
        return "it is accepted"
    path = home / "CASES.json"
    path.write_text(json.dumps({"cases": found}), encoding="utf-8")
    (case,) = read_cases(path)
    return "" if case.name == "ferry" and case.root == (home / "ferry").resolve() else f"it became {case}"


if __name__ == "__main__":
    judge.start()
    sys.exit(main())
