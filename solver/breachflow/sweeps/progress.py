"""The progress of a sweep, as its watchers are told it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias


class SweepProgress(NamedTuple):
    """The state of a sweep after one of its solutions has ended."""

    points: int
    """Points in total."""
    done: int
    """Points that have an answer or have failed."""
    running: int
    """Flows that are being solved or wait at a worker."""
    elapsed: float
    """Time since the sweep began, s."""
    remaining: float | None
    """Estimated time to the end, s; None if nothing is known yet."""
    note: str
    """A line about a solution that failed or did not converge; empty otherwise."""


SweepWatcher: TypeAlias = Callable[[SweepProgress], None]
"""A function that is called each time a solution has ended."""
