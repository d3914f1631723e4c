"""What a sweep tells about itself while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias


class SweepProgress(NamedTuple):
    """A sweep after something has happened."""

    points: int
    done: int
    """Points that are over, with an answer or without."""
    running: int
    """Flows that are being solved, or wait at a worker."""
    elapsed: float
    """s."""
    remaining: float | None
    """Estimate, s."""
    note: str
    """Something worth a line of its own; empty as a rule."""


SweepWatcher: TypeAlias = Callable[[SweepProgress], None]
