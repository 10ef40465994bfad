"""Judges the judge: `selftest.py`.

A sound sample project has to pass every check; each of `mutations.MUTATIONS` breaks it in one way, and the check that
is meant for that has to refuse it, for the reason meant. A check without a mutation is a failure too, so none can be
added that cannot fail. Then the machinery is tried: checks that die, hang or exit, and CASES.json files with mistakes.

Prints a line for each trial and a closing `N passed, M failed`; exits with 1 when one failed.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, create_model

import judge
from collect import collect
from judging.case import read_cases
from judging.entries import ClassReference, Entry, normalized_routing, read_entries
from judging.refused import Refused, require
from judging.samples import sample
from judging.workers import Job, Outcome, run_jobs
from mutations import MUTATIONS, Edit, Mutation, replace

SAMPLE = judge.HERE / "sample"
_CASE = "selftest"
_BEFORE = "src/ferry/models/__init__.py"


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
    yield from _excuses(scratch)
    yield from _spellings()
    yield from _samples()
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
        cases = _write_cases(scratch / f"case-{number}", root, mutation.promises, **mutation.case)
        (job,) = (job for job in _jobs(cases) if job.check == mutation.check)
        jobs.append(Job(name, job.check, job.run, job.lane, job.limit))
    for outcome in run_jobs(jobs, 2):
        yield outcome.case, _complaint(outcome, expected[outcome.case].says)


def _complaint(outcome: Outcome, says: str) -> str:
    if outcome.passed:
        return f"the check passes: {outcome.detail}"
    return "" if says in outcome.report else f"refused, but {says!r} is not in: {outcome.report}"


def _excuses(scratch: Path) -> Iterator[tuple[str, str]]:
    """What is excused, and is so, passes."""
    handler = "src/ferry/nodes/node_booking_orchestrator/handlers/handler_boarding_closed.py"
    contract = "src/ferry/nodes/node_delay_orchestrator/contract.yaml"
    bare = replace(handler, '        """Announce the crossing."""\n', "")
    trials: dict[str, tuple[str, Edit, dict[str, Any]]] = {
        "a rule that is broken": ("ruff-strong", bare, {"excused_rules": ["D102"]}),
        "a file that was there beforehand": ("ruff-strong", bare, {"untouched": [handler]}),
        "a check that refuses": (
            "validate",
            replace(contract, "ORCHESTRATOR_GENERIC", "Orchestrator"),
            {"excused_checks": {"validate": "Invalid node_type 'Orchestrator'"}},
        ),
    }
    jobs = []
    for number, (name, (check, edit, case)) in enumerate(trials.items()):
        root = scratch / f"excused-{number}"
        shutil.copytree(SAMPLE / "project", root)
        edit(root)
        cases = _write_cases(scratch / f"excuse-{number}", root, {}, **case)
        jobs += [dataclasses.replace(job, case=name) for job in _jobs(cases) if job.check == check]
    for outcome in run_jobs(jobs, 2):
        yield f"excused: {outcome.case}", "" if outcome.passed else outcome.report


def _spellings() -> Iterator[tuple[str, str]]:
    """All spellings of a routing entry are read as one and the same."""
    handler = ClassReference("ferry.nodes.node_x.handlers.handler_ferry_left", "HandlerFerryLeft")
    model = ClassReference("ferry.nodes.node_x.models", "ModelFerryLeft")
    full = ClassReference("ferry.models.events", "ModelFerryLeft")
    by_model, by_name = Entry(handler, model), Entry(handler)
    named, path = handler.as_mapping(), f"{handler.module}.{handler.name}"
    spelt: dict[str, tuple[Any, Entry]] = {
        "mappings": ({"handler": named, "event_model": full.as_mapping()}, Entry(handler, full)),
        "mappings with class": ({"handler": {"class": handler.name, "module": handler.module}}, by_name),
        "a mapping without module": ({"handler": {"name": path}}, by_name),
        "flat": ({"handler_class": handler.name, "handler_module": handler.module}, by_name),
        "flat, without module": ({"handler_class": handler.name}, by_name),
        "a key": ({"handler_key": "handler-ferry-left"}, by_name),
        "a key that is a class": ({"handler_key": handler.name}, by_name),
        "a dotted text": ({"handler": path}, by_name),
        "a text with a colon": ({"handler": f"{handler.module}:{handler.name}"}, by_name),
        "a path below the node": ({"handler": f"handlers/handler_ferry_left.py:{handler.name}"}, by_name),
        "a text alone": (path, by_name),
        "a model alone": ({"handler": named, "event_model": model.name}, by_model),
        "a model as routing key": ({"handler": named, "routing_key": model.name}, by_model),
        "an operation as routing key": (
            {"handler": named, "routing_key": "ferry.leave"},
            Entry(handler, None, "ferry.leave"),
        ),
        "a dotted event": (
            {"handler": named, "output_events": ["a.ModelB"]},
            Entry(handler, output_events=("ModelB",)),
        ),
    }
    for name, (raw, expected) in spelt.items():
        contract = {"handler_routing": {"handlers": [raw]}}
        yield f"spelling: {name}", _differs(contract, (expected,))
    single = {"handler": named | {"input_model": full.as_mapping()}}
    yield "spelling: one handler at the top", _differs(single, (Entry(handler, full),))
    yield (
        "spelling: a default handler",
        _differs({"default_handler": f"handlers/handler_ferry_left:{handler.name}"}, (by_name,)),
    )
    known = {
        "handler_routing": {"handlers": [{"handler": named, "event_model": model.name}]},
        "input_model": full.as_mapping(),
    }
    yield "spelling: a model named in full elsewhere", _differs(known, (Entry(handler, full),))
    yield "spelling: no routing", _differs({"name": "node_x"}, ())


def _differs(contract: dict[str, Any], expected: tuple[Entry, ...]) -> str:
    """What is wrong with how a contract is read, and with how its routing is spelt for the framework."""
    found = read_entries(contract, "ferry.nodes.node_x")
    again = read_entries({"handler_routing": normalized_routing(contract, "ferry.nodes.node_x")}, "elsewhere")
    return "" if found == expected == again else f"read as {found}, then as {again}"


def _samples() -> Iterator[tuple[str, str]]:
    """Numbers are found within limits of any kind."""
    limits: dict[str, tuple[type, dict[str, Any]]] = {
        "a Decimal above zero": (Decimal, {"gt": Decimal(0)}),
        "a Decimal with decimal steps": (Decimal, {"ge": Decimal("0.07"), "multiple_of": Decimal("0.05")}),
        "a Decimal in a narrow gap": (Decimal, {"gt": Decimal("0.1"), "lt": Decimal("0.2")}),
        "a Decimal below": (Decimal, {"lt": Decimal("-3.5")}),
        "a float with steps": (float, {"gt": 0.3, "multiple_of": 0.1}),
        "an int between": (int, {"gt": 2, "lt": 4}),
    }
    for name, (kind, bounds) in limits.items():
        annotation: Any = Annotated[kind, Field(**bounds)]
        model = create_model("ModelLimited", value=(annotation, ...))
        try:
            sample(model, full=False)
        except Refused as refusal:
            yield f"sample: {name}", str(refusal)
        else:
            yield f"sample: {name}", ""


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
        "2 for an excuse of nothing": (
            [_write_cases(scratch / "lost", SAMPLE / "project", {}, excused_checks={"lint": "x"})],
            2,
        ),
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
        "an excuse without words": ("needs words", {"excused_checks": {"mypy": ""}}),
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
        "a case that says what is found out": ("'untouched' is not", about | {"untouched": []}, ("ferry",)),
        "a step without arguments": ("'arguments'", about | {"steps": [{}]}, ("ferry",)),
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
        # Two files that were there beforehand, of which one has been changed since.
        for path, text in (
            (_BEFORE, (SAMPLE / "project" / _BEFORE).read_bytes()),
            ("src/ferry/nodes/__init__.py", b""),
        ):
            before = home / "cases" / "ferry" / "project" / path
            before.parent.mkdir(parents=True)
            before.write_bytes(text)
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
    right = case.name == "ferry" and case.root == (home / "ferry").resolve() and case.untouched == (_BEFORE,)
    return "" if right else f"it became {case}"


if __name__ == "__main__":
    judge.start()
    sys.exit(main())
