"""What a run costs: one model of memory and time, for `check` and for the plan of a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from breachflow.case.schema import Case

BYTES_OF_PROGRAM: Final = 250_000_000

BYTES_PER_CELL: Final = 2400
"""Peak memory of a steady run over the cells of all its meshes: 1840 measured, and a third to spare."""

SECONDS_PER_CELL: Final = {"vacuum": 2e-4, "outside": 6e-4}
"""Processor time of a flow over its finest mesh's cells, s: into vacuum, and against gas outside."""

STARTED_FRACTION: Final = 0.6
"""Of that time, where a flow starts from its neighbors."""

NESTED: Final = 4.0 / 3.0
"""Cells of all meshes of a grid sequence over those of the finest."""


def run_memory(cells: float) -> int:
    """Return the peak memory of a run with so many cells on all its meshes together, bytes."""
    return int(BYTES_OF_PROGRAM + BYTES_PER_CELL * cells)


def run_seconds(case: Case, cells: int, has_neighbors: bool = False) -> float:
    """Return the time of a steady run with so many cells on its finest mesh, s; 0 of a transient run."""
    if case.run.mode != "steady":
        return 0.0
    outside = "outside" if case.outside_pressure else "vacuum"
    fraction = STARTED_FRACTION if has_neighbors else 1.0
    return fraction * SECONDS_PER_CELL[outside] * cells
