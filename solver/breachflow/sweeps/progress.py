"""The progress of a sweep, as its watchers are told it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from breachflow.words import counted


class SweepProgress(NamedTuple):
    """The state of a sweep after one of its solutions has ended."""

    points: int
    """Points in total."""
    done: int
    """Points that have an answer or have failed."""
    running: int
    """Solutions that are being computed or wait at a worker."""
    elapsed: float
    """Time since the sweep began, s."""
    remaining: float | None
    """Estimated time to the end, s; None if nothing is known yet."""
    note: str
    """A line about a solution that failed or did not converge, or about the ledger; empty otherwise."""


SweepWatcher: TypeAlias = Callable[[SweepProgress], None]
"""A function that is called each time a solution has ended."""


def others_text(count: int, kind: str = "flow") -> str:
    """Why solutions of a ledger do not count; empty where there are none.

    >>> others_text(6)
    '6 solved flows in the ledger are of another case or of another version of Breachflow, and do not count'
    """
    if not count:
        return ""
    verbs = ("is", "does") if count == 1 else ("are", "do")
    solved = counted(count, f"solved {kind}")
    return (
        f"{solved} in the ledger {verbs[0]} of another case or of another version of Breachflow, "
        f"and {verbs[1]} not count"
    )
