"""The parts of a result, as they are written and read. All numbers in SI units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

LAW: Final = "law_"
"""The names of discharge coefficients by a law, instead of by computation, begin with this."""


@dataclass(frozen=True)
class Quantity:
    """One number, flag or text of the summary."""

    value: float | int | bool | str
    unit: str
    """Empty, or "1" for a number without a dimension."""
    description: str


Summary: TypeAlias = Mapping[str, Quantity]
"""The numbers of a run by name."""


def was_stopped(summary: Summary) -> bool:
    """Whether a run was stopped before its end."""
    stopped, converged = summary.get("stopped"), summary.get("converged")
    return bool(stopped and stopped.value) and not (converged and converged.value is True)


@dataclass(frozen=True)
class Field:
    """A scalar or a vector on each cell."""

    values: NDArray[Any]
    """(n_cells,) or (n_cells, 3); a plane vector (n_cells, 2) gets a third component of 0 when written."""
    unit: str
    description: str


@dataclass(frozen=True)
class Column:
    """A quantity at each iteration or time of a run."""

    values: NDArray[Any]
    """(n_rows,)."""
    unit: str
    description: str


@dataclass(frozen=True)
class Snapshot:
    """The fields at one time."""

    time: float
    """s."""
    fields: Mapping[str, Field]


class CellTopology(NamedTuple):
    """The cells by their corners: those of cell i are points[offsets[i]:offsets[i + 1]]."""

    offsets: NDArray[Any]
    """(n_cells + 1,) start of each cell in `points`."""
    points: NDArray[Any]
    """(n_corners,) numbers of points."""
    types: NDArray[Any]
    """(n_cells,) VTK cell type codes."""


@dataclass(frozen=True)
class Patch:
    """The boundary faces of one name."""

    kind: str
    """The kind of its boundary condition, as a case names it: "wall", "axis", "reservoir", ..."""
    faces: NDArray[Any]
    """(n_faces, 2) numbers of the two points of each face; the owner cell lies to the left of the edge.

    In space (n_faces, 4), counterclockwise from outside, -1 behind the third point of a triangle.
    """


FACE_SHAPES: Final = ((2,), (4,))
"""Shapes of a face of a patch: in the plane, in space."""


def are_faces(faces: NDArray[Any], n_points: int) -> bool:
    """Whether rows of points (n_faces, 2 or 4) name points of a mesh that has so many."""
    named = np.where(faces[:, 3:] == -1, 0, faces[:, 3:])
    rows = np.concatenate([faces[:, :3], named], axis=1)
    return not rows.size or bool(rows.min() >= 0 and rows.max() < n_points)


@dataclass(frozen=True)
class ResultData:
    """The content of a result file."""

    points: NDArray[Any]
    """(n_points, 2 or 3) coordinates, m."""
    cell_offsets: NDArray[Any]
    """(n_cells + 1,) start of each cell in `cell_points`."""
    cell_points: NDArray[Any]
    """(n_corners,) numbers of points."""
    cell_types: NDArray[Any]
    """(n_cells,) VTK cell type codes."""
    fields: Mapping[str, Field]
    summary: Mapping[str, Quantity]
    history: Mapping[str, Column]
    case_text: str
    """The case as given."""
    case_completed: str
    """The case with every default written out."""
    provenance: Mapping[str, str | int | float | bool]
    probes: Mapping[str, Mapping[str, Column]] = field(default_factory=dict)
    patches: Mapping[str, Patch] = field(default_factory=dict)
    """The boundary faces of the mesh by the name of their patch."""

    @property
    def n_cells(self) -> int:
        """The number of cells of the mesh."""
        return len(self.cell_offsets) - 1


HOLE_ENTRY: Final = "hole"
"""The entry of the provenance: center, direction, begin and end of the bore along it, m, as eight numbers."""


class HolePlace(NamedTuple):
    """The place of a hole in space."""

    center: NDArray[Any]
    """(3,) m"""
    direction: NDArray[Any]
    """(3,) unit vector from the cabin to space."""
    begin: float
    """Place along the direction at which the bore begins, m."""
    end: float

    @property
    def text(self) -> str:
        """The entry of the provenance."""
        return " ".join(repr(float(one)) for one in (*self.center, *self.direction, self.begin, self.end))


def hole_place(provenance: Mapping[str, str | int | float | bool]) -> HolePlace | None:
    """The place of the hole; None of a result in the plane, and where the entry is none.

    >>> hole_place({"hole": "0 0 0 1 0 0 0.0 0.002"}).end
    0.002
    """
    try:
        numbers = np.array([float(one) for one in str(provenance.get(HOLE_ENTRY, "")).split()])
    except ValueError:
        return None
    is_place = len(numbers) == 8 and bool(np.isfinite(numbers).all())
    if not is_place or abs(np.linalg.norm(numbers[3:6]) - 1.0) > 1e-6 or numbers[7] < numbers[6]:
        return None
    return HolePlace(numbers[:3], numbers[3:6], float(numbers[6]), float(numbers[7]))
