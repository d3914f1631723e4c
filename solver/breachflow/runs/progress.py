"""Progress of a run, as its watcher sees it."""

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
    """Meshes of the grid sequence."""
    cells: int
    """Cells of the present mesh."""
    iteration: int
    """Iterations, or cycles of time steps, on the present mesh."""
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
    """A message on a separate line: the ending of a mesh."""


Watcher: TypeAlias = Callable[[Progress], None]
StopRequest: TypeAlias = Callable[[], str | None]
"""Returns the reason to stop now (a signal, a stop file, the clock), or None."""
