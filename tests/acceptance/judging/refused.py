"""The one way in which a check says no."""

from __future__ import annotations

from collections.abc import Callable, Iterable


class Refused(Exception):
    """A generated project does not hold what was promised; the message says which promise."""


def require(holds: object, complaint: str) -> None:
    """Refuse with `complaint` unless `holds`. Not `assert`: that vanishes under -O and carries no message."""
    if not holds:
        raise Refused(complaint)


def refuse_any(complaints: Iterable[str]) -> None:
    """Refuse with all complaints at once, so that one run shows everything that is wrong."""
    found = list(complaints)
    if found:
        raise Refused("\n".join(found))


def refuses(check: Callable[[], str], says: str) -> str:
    """Hold an excused check to its excuse: it has to refuse, and every complaint of it has to hold the words `says`.

    A check that breaks down, or that passes, or that has anything else to complain of, is no longer excused.
    """
    try:
        detail = check()
    except Refused as refusal:
        refuse_any(line for line in str(refusal).splitlines() if says not in line)
        return f"refuses, as it is said to: {says}"
    message = f"is said to refuse ({says}), and passes: {detail}"
    raise Refused(message)
