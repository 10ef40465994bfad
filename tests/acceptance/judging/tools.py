"""pytest, mypy, ruff and the framework's own validator, over a generated project with that project's settings."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from omnibase_core.cli.cli_commands import cli

from judging.case import Case
from judging.refused import Refused, refuse_any, require

# Everything that ruff knows, less what generated code cannot or should not satisfy.
_UNREASONABLE = {
    "COM812": "the formatter's own business",
    "CPY001": "the project's choice; an SPDX header does not count for it",
    "E501": "module names of nodes are long, and no formatter breaks an import path",
    "FIX": "a stub says what is to be done",
    "I": "depends on the project's settings, and is checked with them",
    "Q": "the project's choice of quotes",
    "TC001": "runtimes resolve a handler's annotations, so its event models have to be there at run time",
    "TD": "a stub says what is to be done, with no author and no ticket",
}
_IN_TESTS = ("D1", "INP", "PLR2004", "S101")


def check_pytest(case: Case) -> str:
    """The project's tests pass, none is skipped, and every handler and contract has one."""
    logging.disable(logging.NOTSET)
    if case.installed:
        sys.path.insert(0, str(case.source_root))
    record = _TestRecord(case.root)
    code = pytest.main(["-q", "-p", "no:cacheprovider", "--strict-markers", case.tests], plugins=[record])
    require(code == pytest.ExitCode.OK, f"pytest ended with {pytest.ExitCode(code).name}: {record.summary()}")
    refuse_any((*record.complaints(), *_untested(case, record.passed_in)))
    return record.summary()


@dataclass
class _TestRecord:
    """A pytest plugin that counts: an exit code of 0 is also given to tests that did not run."""

    root: Path
    passed_in: Counter[Path] = field(default_factory=Counter)
    unrun: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test as passed only when its body ran and nothing was expected to fail."""
        if report.skipped or hasattr(report, "wasxfail"):
            self.unrun.append(report.nodeid)
        elif report.when == "call" and report.passed:
            self.passed_in[Path(report.nodeid.split("::")[0])] += 1

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """What the project's own options leave out has not run either."""
        self.unrun.extend(item.nodeid for item in items)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that skips itself at import shows up nowhere else."""
        if report.skipped:
            self.unrun.append(report.nodeid)

    def pytest_warning_recorded(self, warning_message: object) -> None:
        """Unknown marks, tests that are never awaited and the like; but not that our own imports precede pytest's."""
        category = getattr(warning_message, "category", Warning)
        ours = issubclass(category, pytest.PytestAssertRewriteWarning)
        if issubclass(category, pytest.PytestWarning) and not ours:
            self.warnings.append(str(getattr(warning_message, "message", category)))

    def summary(self) -> str:
        """How many tests there were."""
        return f"{self.passed_in.total()} tests passed"

    def complaints(self) -> Iterable[str]:
        """What an exit code does not tell."""
        if not self.passed_in:
            yield "no test ran"
        yield from (f"skipped, left out or expected to fail: {name}" for name in self.unrun)
        yield from (f"pytest warns: {text}" for text in self.warnings)


def _untested(case: Case, passed_in: Counter[Path]) -> Iterable[str]:
    """Name the handlers and contracts for which no test passed. A test's file tells what it is for."""
    for node in case.nodes:
        for entry in node.entries:
            module = entry.handler.module.rsplit(".", 1)[-1]
            found = [path for path in passed_in if path.stem == f"test_{module}"]
            own = [path for path in found if node.folder in path.parts]
            if not (own or found) and entry.handler.name not in node.excused_tests:
                yield f"{node.folder}: no test of {entry.handler.name} (a file test_{module}.py) passed"
        contract_tests = [path for path in passed_in if node.folder in str(path) and "contract" in path.stem]
        if not contract_tests and "contract" not in node.excused_tests:
            yield f"{node.folder}: no contract test (a file with 'contract' in its name) passed"


def check_mypy(case: Case, cache_home: Path) -> str:
    """mypy --strict accepts package and tests.

    Projects with the same settings share a cache, which saves 20 seconds each; with different settings mypy would
    throw it away each time. Paths are absolute: mypy takes a file for unchanged that has the relative path, the size
    and the second of one that it knows, and generated projects look alike.
    """
    cache = cache_home / hashlib.sha256(_mypy_settings(case.root).encode()).hexdigest()[:16]
    cache.mkdir(parents=True, exist_ok=True)
    command = ["-m", "mypy", "--strict", "--explicit-package-bases", "--no-error-summary", "--no-color-output"]
    environment = {"MYPYPATH": os.pathsep.join((str(case.source_root), str(case.root)))}
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        output = _run(case, [*command, "--cache-dir", str(cache), *case.judged_paths], environment)
    require(not output, output)
    return "strict"


def _mypy_settings(root: Path) -> str:
    """The text of the project's mypy settings, wherever mypy takes them from."""
    pyproject = root / "pyproject.toml"
    tables = tomllib.loads(pyproject.read_text(encoding="utf-8")).get("tool", {}) if pyproject.is_file() else {}
    others = (root / name for name in ("mypy.ini", ".mypy.ini", "setup.cfg"))
    return repr([tables.get("mypy"), tables.get("pydantic-mypy")]) + "".join(
        path.read_text(encoding="utf-8") for path in others if path.is_file()
    )


def check_ruff(case: Case) -> str:
    """Ruff accepts the project by the project's own settings, import order included."""
    output = _ruff(case, ["check", "--output-format", "concise", "--extend-select", "I"])
    require(not output, output)
    return "own settings"


def check_ruff_format(case: Case) -> str:
    """The formatter, by the project's own settings, would change nothing."""
    output = _ruff(case, ["format", "--diff"])
    files = [line.removeprefix("--- ") for line in output.splitlines() if line.startswith("--- ")]
    refuse_any(f"{file} would be reformatted" for file in files)
    require(not output, output)
    return "own settings"


def check_ruff_strong(case: Case) -> str:
    """All of ruff's rules but the unreasonable, whatever the project asks for.

    What the project held beforehand, and still holds unchanged, is not ours to judge. Pydantic evaluates annotations at
    run time, which ruff cannot know unless it is told.
    """
    ignored = list(_UNREASONABLE)
    tests = Path(case.tests).as_posix()
    per_file = "{" + f'"**/{tests}/**" = {list(_IN_TESTS)!r}' + "}"
    output = _ruff(
        case,
        [
            *("check", "--isolated", "--output-format", "concise", "--target-version", "py312"),
            *("--select", "ALL", "--ignore", ",".join(ignored)),
            *("--config", f"lint.per-file-ignores = {per_file}"),
            *("--config", f"extend-exclude = {[str(case.root / path) for path in case.untouched]!r}"),
            *("--config", 'lint.pydocstyle.convention = "google"'),
            *("--config", 'lint.flake8-type-checking.runtime-evaluated-base-classes = ["pydantic.BaseModel"]'),
        ],
    )
    refuse_any(_beyond_excuses(output.splitlines(), case.excused_rules))
    return f"ALL less {len(ignored) + len(case.excused_rules)}"


def _beyond_excuses(findings: Sequence[str], excused: Sequence[str]) -> Iterable[str]:
    """The findings that no excuse covers, and the excuses that cover nothing."""
    for finding in findings:
        if not any(f" {rule} " in finding for rule in excused):
            yield finding
    for rule in excused:
        if not any(f" {rule} " in finding for finding in findings):
            yield f"{rule} is excused, and nothing breaks it"


def _ruff(case: Case, arguments: Sequence[str]) -> str:
    return _run(case, ["-m", "ruff", *arguments, "--no-cache", "--quiet", *case.judged_paths])


def _run(case: Case, arguments: Sequence[str], environment: dict[str, str] | None = None) -> str:
    """Run a tool of this environment in the project; what it said, and nothing at all when it was content."""
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=case.root,
        env=os.environ | (environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return (ran.stdout.strip() or f"exit code {ran.returncode}") if ran.returncode else ""


def check_validate(case: Case) -> str:
    """`onex validate --strict` accepts the package, and has looked at it.

    It is run on a relative path, since it leaves out files below folders of certain names, and passes when none is
    left.
    """
    os.chdir(case.source_root)
    result = CliRunner().invoke(cli, ["--verbose", "validate", "--strict", case.package])
    if result.exit_code != 0:
        refuse_any(_issues(result.output))
        raise Refused(result.output)
    processed = dict(re.findall(r"\] ([\w-]+)\n\s+Files processed: (\d+)", result.output))
    for validator, least in (("contracts", len(case.nodes)), ("patterns", len(case.nodes)), ("architecture", 1)):
        seen = int(processed.get(validator, 0))
        require(seen >= least, f"the validator {validator} looked at {seen} files, expected at least {least}")
    return ", ".join(f"{count} {name}" for name, count in processed.items())


def _issues(output: str) -> Iterable[str]:
    """What the validators complain of, each complaint in one line; how many they keep to themselves is one, too."""
    blocks = re.split(r"^  \[(?=PASS|FAIL)", output.partition("\nValidation failures detected")[0], flags=re.MULTILINE)
    for block in blocks[1:]:
        verdict, validator, said = re.split(r"\] |\n", block, maxsplit=2)
        if verdict == "FAIL":
            issues = re.split(r"^\s+(?:- |(?=\.\.\. and ))", said, flags=re.MULTILINE)[1:]
            yield from (f"{validator}: {' '.join(issue.split())}" for issue in issues or [said])


def enter(case: Case, *, importable: bool) -> None:
    """Make this (forked) process one that has only ever known the case."""
    clashes = [name for name in (case.package, "tests") if name in sys.modules]
    require(not clashes, f"the judge itself has imported {clashes}")
    os.chdir(case.root)
    if importable:
        sys.path.insert(0, str(case.source_root))
