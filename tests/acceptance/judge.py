"""Judges generated projects by what the framework really does with them: `judge.py CASES.json`.

Prints `PASS|FAIL case check detail` for each check as it ends, the failures in full after that, and a closing
`N passed, M failed`. Exits with 1 when a check failed, with 2 when the cases could not be read.

README.md, beside this file, tells what CASES.json holds.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, help="CASES.json")
    add_options(parser)
    return parser.parse_args(arguments)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what can be said about judging, whatever is judged."""
    parser.add_argument("--workers", type=int, default=2, help="how many checks run at a time (default: 2)")
    parser.add_argument("--only", default="", help="run only the checks whose name contains this text")
    parser.add_argument("--timings", action="store_true", help="add the seconds that each check took, and all of them")


def silence_the_framework() -> None:
    """Logs and deprecation notes of the framework would bury the verdicts. The tests of a case get theirs back."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def start() -> None:
    """Set up a process that judges.

    Judging must not leave bytecode in a project, neither by us nor by the tools that we start; and this file's folder
    leaves the import path, so that no project imports from it.
    """
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != HERE]


def mypy_cache() -> Path:
    """Where mypy's caches are kept from one run to the next."""
    home = os.environ.get("ONEX_ACCEPTANCE_HOME") or HERE.parents[1] / "target" / "acceptance"
    return Path(home).resolve() / "mypy"


def jobs_of(cases: Sequence[Case], cache: Path) -> Iterator[Job]:
    """Every check of every case, those that the case excuses held to their excuse."""
    excuses = {(case.name, check): says for case in cases for check, says in case.excused_checks.items()}
    for job in _checks(cases, cache):
        says = excuses.pop((job.case, job.check), None)
        yield job if says is None else replace(job, run=partial(refuses, job.run, says))
    refuse_any(f"case {case}: there is no check {check} that could be excused" for case, check in excuses)


def _checks(cases: Sequence[Case], cache: Path) -> Iterator[Job]:
    """The checks themselves; those that take long, and run one at a time, come first."""
    for case in cases:
        yield Job(case.name, "mypy", partial(tools.check_mypy, case, cache), lane="mypy", limit=600)
    for case in cases:
        yield Job(case.name, "pytest", partial(in_case, case, tools.check_pytest, importable=False), limit=300)
        for name, check in PROJECT_CHECKS.items():
            yield Job(case.name, name, partial(check, case))
        for node in case.nodes:
            for name, node_check in checks_of(node):
                yield Job(case.name, f"{name}:{node.folder}", partial(in_node, case, node, node_check))


def checks_of(node: Node) -> Iterator[tuple[str, Callable[[Node], str]]]:
    """The checks that a node's style and its promises call for."""
    yield "node", routing.check_node
    yield "exports", exports.check_exports
    yield "events", events.check_events
    yield "models", models.check_models
    if node.registered:
        yield "registration", registration.check_registration
    yield "handlers", direct.check_handlers
    if node.style in {"envelope", "dual"}:
        yield "routing", routing.check_routing
    if node.contract_models:
        yield "contract-models", contracts.check_contract_models
    if node.runtime_local:
        yield "runtime-local", runtime_local.check_runtime_local
    if node.bare_run:
        yield "bare-run", runtime_local.check_bare_run
    if node.infra:
        yield "infra", infra.check_infra


def in_case(case: Case, check: Callable[[Case], str], *, importable: bool) -> str:
    """Run a check inside the project. pytest has to find the package by the project's own settings."""
    tools.enter(case, importable=importable)
    return check(case)


def in_node(case: Case, node: Node, check: Callable[[Node], str]) -> str:
    """Run a check that imports the node."""
    tools.enter(case, importable=True)
    return check(node)


def report(outcomes: Iterator[Outcome], *, timings: bool) -> int:
    """Print every outcome as it comes, then the failures in full; return how many there were."""
    passed, failures, started = 0, list[Outcome](), time.monotonic()
    for outcome in outcomes:
        took = f" [{outcome.seconds:.1f} s]" if timings else ""
        verdict = "PASS" if outcome.passed else "FAIL"
        print(f"{verdict} {outcome.case} {outcome.check} {outcome.detail}{took}", flush=True)
        passed += outcome.passed
        if not outcome.passed:
            failures.append(outcome)
    for outcome in failures:
        print(f"\n=== {outcome.case} {outcome.check} ===\n{outcome.report}")
    if timings:
        print(f"\nall checks together: {time.monotonic() - started:.1f} s")
    print(f"\n{passed} passed, {len(failures)} failed", flush=True)
    return len(failures)


def main(arguments: Sequence[str]) -> int:
    """Judge, and return the exit code."""
    options = parse_arguments(arguments)
    return judge(options.cases, options)


def judge(path: Path, options: argparse.Namespace) -> int:
    """Judge the cases at `path`, and return the exit code."""
    try:
        jobs = [job for job in jobs_of(read_cases(path), mypy_cache()) if options.only in job.check]
    except (OSError, ValueError, KeyError, Refused) as error:
        print(f"judge: {path}: {error}", file=sys.stderr)
        return 2
    if not jobs:
        print(f"judge: no check is named like {options.only!r}", file=sys.stderr)
        return 2
    return 1 if report(run_jobs(jobs, options.workers), timings=options.timings) else 0


# The framework is imported here, once, for all the checks that are forked off later: it takes seconds. It is imported
# after the switches above have been set.
silence_the_framework()
from judging import (  # noqa: E402
    contracts,
    direct,
    events,
    exports,
    infra,
    models,
    registration,
    routing,
    runtime_local,
    tools,
)
from judging.case import Case, Node, read_cases  # noqa: E402
from judging.refused import Refused, refuse_any, refuses  # noqa: E402
from judging.workers import Job, Outcome, run_jobs  # noqa: E402

PROJECT_CHECKS: dict[str, Callable[[Case], str]] = {
    "ruff": tools.check_ruff,
    "ruff-format": tools.check_ruff_format,
    "ruff-strong": tools.check_ruff_strong,
    "validate": tools.check_validate,
}

if __name__ == "__main__":
    start()
    sys.exit(main(sys.argv[1:]))
