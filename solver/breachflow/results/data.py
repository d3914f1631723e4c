"""What a result consists of, before it is written and after it is read. All numbers in SI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from numpy.typing import NDArray

LAW: Final = "law_"
"""How the names of discharge coefficients begin that are not computed but come from a law."""


@dataclass(frozen=True)
class Quantity:
    """One number (or flag, or word) of the summary."""

    value: float | int | bool | str
    unit: str
    """Empty or "1" for a pure number."""
    description: str


Summary: TypeAlias = Mapping[str, Quantity]
"""The numbers of a run by name."""


@dataclass(frozen=True)
class Field:
    """One value, or one vector, per cell."""

    values: NDArray[Any]
    """(n_cells,) or (n_cells, 3); a plane vector (n_cells, 2) is padded when written."""
    unit: str
    description: str


@dataclass(frozen=True)
class Column:
    """One quantity along the iterations or the time of a run."""

    values: NDArray[Any]
    unit: str
    description: str


@dataclass(frozen=True)
class Snapshot:
    """The fields at one time."""

    time: float
    """s."""
    fields: Mapping[str, Field]


class CellTopology(NamedTuple):
    """Cells by their corners: cell i has the corners points[offsets[i]:offsets[i + 1]]."""

    offsets: NDArray[Any]
    """(n_cells + 1,)."""
    points: NDArray[Any]
    types: NDArray[Any]
    """(n_cells,) VTK cell type codes."""


@dataclass(frozen=True)
class Patch:
    """The boundary faces of one name."""

    kind: str
    """The kind of its boundary condition, as a case names it: "wall", "axis", "reservoir", ..."""
    faces: NDArray[Any]
    """(n_faces, 2) numbers of the two points of each face; the owner cell lies to the left of the edge."""


@dataclass(frozen=True)
class ResultData:
    """Everything that goes into one result file."""

    points: NDArray[Any]
    """(n_points, 2 or 3) coordinates, m."""
    cell_offsets: NDArray[Any]
    cell_points: NDArray[Any]
    cell_types: NDArray[Any]
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
        return len(self.cell_offsets) - 1
