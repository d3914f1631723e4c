"""What a run tells whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Progress:
    """The state of a run after one iteration (steady) or a batch of time steps (transient)."""

    level: int
    """Mesh of the grid sequence, 1 = coarsest."""
    levels: int
    cells: int
    iteration: int
    time: float | None
    """s; None in a steady run."""
    residual: float
    """Drop of the residual since the start of this level; in a transient run relative to its start."""
    mass_flow: float
    """kg/s (kg/s per m of a slit without length)."""
    discharge_coefficient: float
    elapsed: float
    """s since the run began."""
    remaining: float | None
    """s to go, estimated; None where nothing can be said yet."""
    note: str = ""
    """Something worth a line of its own: a level that ended, a fallback that was taken."""


Watcher: TypeAlias = Callable[[Progress], None]
StopRequest: TypeAlias = Callable[[], str | None]
"""Returns the reason to stop now (a signal, a stop file, the clock), or None."""
