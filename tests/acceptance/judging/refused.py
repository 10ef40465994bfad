"""The one way in which a check says no."""

from __future__ import annotations

from collections.abc import Iterable


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
