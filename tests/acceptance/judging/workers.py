"""Runs checks, each in a forked process, a few at a time.

Importing the framework takes seconds, and every case calls its package `myapp`: so the parent imports the framework
once, and each check runs in a fork of it that has never seen another case. Threads are avoided on purpose: a fork of a
process with threads may hang.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from judging.refused import Refused


@dataclass(frozen=True)
class Job:
    """A check of a case, not yet run. Jobs of the same non-empty lane never run at the same time."""

    case: str
    check: str
    run: Callable[[], str]
    lane: str = ""
    limit: float = 120.0


@dataclass(frozen=True)
class Outcome:
    """What became of a job: `detail` in a line, `report` in full."""

    case: str
    check: str
    passed: bool
    detail: str
    report: str
    seconds: float


@dataclass
class _Running:
    job: Job
    process: int
    started: float
    verdict: IO[bytes]
    output: IO[bytes]


def run_jobs(jobs: Sequence[Job], workers: int) -> Iterator[Outcome]:
    """Yield an outcome for every job, in the order in which they finish."""
    waiting, running = list(jobs), list[_Running]()
    try:
        while waiting or running:
            busy = {entry.job.lane for entry in running if entry.job.lane}
            ready = next((job for job in waiting if job.lane not in busy), None)
            if ready is not None and len(running) < workers:
                waiting.remove(ready)
                running.append(_start(ready))
                continue
            finished = [entry for entry in running if _has_ended(entry)]
            for entry in finished:
                running.remove(entry)
                yield _outcome(entry)
            if not finished:
                time.sleep(0.01)
    finally:
        for entry in running:
            _kill(entry)


def _start(job: Job) -> _Running:
    verdict, output = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process == 0:
        _be_the_child(job, verdict, output)
    return _Running(job, process, time.monotonic(), verdict, output)


def _be_the_child(job: Job, verdict: IO[bytes], output: IO[bytes]) -> None:
    """Run the check and leave without any of the parent's cleaning up."""
    os.setsid()
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(output.fileno(), 1)
    os.dup2(output.fileno(), 2)
    try:
        detail = job.run()
        answer = {"passed": True, "report": detail}
    except Refused as refusal:
        answer = {"passed": False, "report": str(refusal)}
    except BaseException as error:  # SystemExit too: a check that exits has not passed.
        told = "".join(traceback.format_exception_only(error)).strip()
        answer = {"passed": False, "report": f"{told}\n{traceback.format_exc()}"}
    sys.stdout.flush()
    sys.stderr.flush()
    verdict.write(json.dumps(answer).encode())
    verdict.flush()
    os._exit(0)


def _has_ended(entry: _Running) -> bool:
    if os.waitpid(entry.process, os.WNOHANG)[0] == entry.process:
        return True
    if time.monotonic() - entry.started > entry.job.limit:
        _kill(entry)
        return True
    return False


def _kill(entry: _Running) -> None:
    """End the child and what it started: it leads a process group of its own."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(entry.process, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(entry.process, 0)


def _outcome(entry: _Running) -> Outcome:
    seconds = time.monotonic() - entry.started
    answer, output = _read(entry.verdict), _read(entry.output)
    if answer:
        told = json.loads(answer)
        passed, report = bool(told["passed"]), str(told["report"])
    else:
        passed, report = False, f"the check died or took more than {entry.job.limit:.0f} s"
    detail = report.strip().splitlines()[0] if report.strip() else ""
    if not passed and output.strip():
        report += f"\n--- its output ---\n{output[-4000:]}"
    return Outcome(entry.job.case, entry.job.check, passed, detail, report, seconds)


def _read(stream: IO[bytes]) -> str:
    with stream:
        stream.seek(0)
        return stream.read().decode(errors="replace")
