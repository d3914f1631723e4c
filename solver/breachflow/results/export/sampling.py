"""The fields of a result along a straight line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import AnyInts, Bools, Floats
from breachflow.case.boundaries import KINDS, BoundaryTable, Wall
from breachflow.errors import ResultError, UsageError
from breachflow.results.data import Column, Field
from breachflow.results.exchange import cell_centers
from breachflow.results.export.columns import component_columns

if TYPE_CHECKING:
    from breachflow.results.result import Result

POINTS: Final = 201
"""Points on a line if none are asked for."""

ROUNDING: Final = 1e-9
"""Part of an edge by which a point may lie outside of a cell and still be in it: rounding of coordinates."""


class Line(NamedTuple):
    """A straight line with evenly spread points, both ends included."""

    start: tuple[float, float]
    """x and y, m."""
    end: tuple[float, float]
    points: int = POINTS


class _Stencil(NamedTuple):
    """Cells and weights from which a field at a point is interpolated."""

    cells: AnyInts
    """The cell that holds the point, then its neighbors."""
    weights: Floats
    """(neighbors + mirrors,) of the differences from the first."""
    mirrors: Floats
    """(mirrors, 2) unit normals of the walls, planes and axes behind which the cell sees itself mirrored."""

    def value(self, values: NDArray[Any]) -> NDArray[Any]:
        """A field, (n_cells,) or (n_cells, 3), at the point: () or (3,)."""
        first = values[self.cells[0]]
        mirrored = np.repeat(first[None], len(self.mirrors), axis=0).astype(np.float64)
        if values.ndim == 2:
            mirrored[:, :2] -= 2.0 * (self.mirrors @ first[:2])[:, None] * self.mirrors
        others = np.concatenate([values[self.cells[1:]], mirrored])
        known = np.concatenate([first[None], others])
        guess = first + self.weights @ (others - first)
        return np.asarray(np.clip(guess, known.min(axis=0), known.max(axis=0)))


def line_columns(result: Result, fields: Mapping[str, Field], line: Line) -> dict[str, Column]:
    """The distance from the start of a line, x, y, and the fields, (points,) each; NaN where there is no gas.

    A value follows the plane through the values of the cell that holds the point and of that cell's neighbors
    (least squares), but never leaves their range, as at a probe. Raises UsageError where no point of the line
    lies in the gas, and of a result in space.
    """
    if result.is_in_space:
        raise UsageError(
            "a result in space has no line yet: ParaView opens it; --fields and --vtu give all cells"
        )
    places = np.linspace(line.start, line.end, line.points)
    cells = _PlaneCells(result)
    stencils = [cells.stencil_at(place) for place in places]
    if not any(stencils):
        ends = " to ".join(f"({x:g} m, {y:g} m)" for x, y in (line.start, line.end))
        raise UsageError(f"no point of the line from {ends} lies in the gas")
    distance = np.linalg.norm(places - places[0], axis=1)
    columns = {"distance": Column(distance, "m", "from the start of the line")}
    columns |= {axis: Column(places[:, i], "m", f"{axis} of the point") for i, axis in enumerate("xy")}
    for name, field in fields.items():
        missing = np.full(field.values.shape[1:], np.nan)
        values = [missing if one is None else one.value(field.values) for one in stencils]
        columns |= component_columns(name, Field(np.array(values), field.unit, field.description))
    return columns


def _is_viscous(result: Result) -> bool:
    """Whether friction acts at the walls; not where this version cannot read the case."""
    try:
        return result.case.flow.is_viscous
    except ResultError:
        return False


def _is_mirror(table: type[BoundaryTable], viscous: bool) -> bool:
    """Whether gas meets its mirror image behind a boundary: not behind a wall with friction."""
    laminar = table.laminar_behavior if viscous else ""
    return (laminar or table.behavior) == Wall.behavior


@dataclass(frozen=True)
class _PlaneCells:
    """The cells of a result with their edges: edge i goes from corner i of all corners to the next one."""

    result: Result

    @cached_property
    def _offsets(self) -> AnyInts:
        return np.asarray(self.result.cells.offsets, dtype=np.int64)

    @cached_property
    def _following(self) -> AnyInts:
        """(n_corners,) the corner that follows on each one in its cell."""
        following = np.arange(1, len(self.result.cells.points) + 1)
        following[self._offsets[1:] - 1] = self._offsets[:-1]
        return following

    @cached_property
    def _start(self) -> Floats:
        """(n_corners, 2) where each edge begins, m."""
        return self.result.points[self.result.cells.points, :2]

    @cached_property
    def _edge(self) -> Floats:
        """(n_corners, 2) from the beginning to the end of each edge, m."""
        return self._start[self._following] - self._start

    @cached_property
    def _center(self) -> Floats:
        return cell_centers(self.result)[:, :2]

    @cached_property
    def _boxes(self) -> tuple[Floats, Floats]:
        """(n_cells, 2) lowest and highest coordinates of each cell, m."""
        first = self._offsets[:-1]
        return np.minimum.reduceat(self._start, first), np.maximum.reduceat(self._start, first)

    @cached_property
    def _keys(self) -> AnyInts:
        """(n_corners,) a number for each edge, the same from both sides."""
        points = np.asarray(self.result.cells.points, dtype=np.int64)
        return self._key(np.column_stack([points, points[self._following]]))

    def _key(self, ends: AnyInts) -> AnyInts:
        """(n,) numbers of edges by their two points, (n, 2)."""
        return np.asarray(ends.min(axis=1) * len(self.result.points) + ends.max(axis=1), dtype=np.int64)

    @cached_property
    def _across(self) -> AnyInts:
        """(n_corners,) the cell on the other side of each edge; -1 at the boundary."""
        cell = np.repeat(np.arange(self.result.n_cells), np.diff(self._offsets))
        order = np.argsort(self._keys, kind="stable")
        twin = np.flatnonzero(np.diff(self._keys[order]) == 0)
        across = np.full(len(cell), -1)
        across[order[twin]], across[order[twin + 1]] = cell[order[twin + 1]], cell[order[twin]]
        return across

    @cached_property
    def _mirrors(self) -> Bools:
        """(n_corners,) whether gas meets its mirror image behind an edge: a wall, a plane or an axis."""
        viscous = _is_viscous(self.result)
        kinds = {name for name, table in KINDS.items() if _is_mirror(table, viscous)}
        faces = [patch.faces for patch in self.result.patches.values() if patch.kind in kinds]
        walls = self._key(np.concatenate([np.empty((0, 2), dtype=np.int64), *faces]))
        return np.isin(self._keys, walls)

    def stencil_at(self, place: Floats) -> _Stencil | None:
        """The stencil of a point, (2,) m; None where no cell holds it."""
        low, high = self._boxes
        margin = ROUNDING * (high - low)
        near = ((place >= low - margin) & (place <= high + margin)).all(axis=1)
        found = (cell for cell in np.flatnonzero(near).tolist() if self._holds(cell, place))
        cell = next(found, None)
        return None if cell is None else self._stencil(cell, place)

    def _holds(self, cell: int, place: Floats) -> bool:
        edges = slice(self._offsets[cell], self._offsets[cell + 1])
        edge, to_place = self._edge[edges], place - self._start[edges]
        area = edge[:, 0] * to_place[:, 1] - edge[:, 1] * to_place[:, 0]
        return bool((area >= -ROUNDING * (edge**2).sum(axis=1)).all())

    def _stencil(self, cell: int, place: Floats) -> _Stencil:
        edges = np.arange(self._offsets[cell], self._offsets[cell + 1])
        neighbors = self._across[edges][self._across[edges] >= 0]
        walls = edges[self._mirrors[edges]]
        outward = np.column_stack([self._edge[walls, 1], -self._edge[walls, 0]])
        normals = outward / np.linalg.norm(outward, axis=1, keepdims=True)
        center = self._center[cell]
        behind = 2.0 * ((self._start[walls] - center) * normals).sum(axis=1, keepdims=True) * normals
        offsets = np.concatenate([self._center[neighbors] - center, behind])
        # Least squares, the nearer neighbors weighing more; with too few of them the slope of least size.
        nearness = 1.0 / np.linalg.norm(offsets, axis=1)[:, None]
        weights = (place - center) @ np.linalg.pinv(nearness * offsets) * nearness[:, 0]
        return _Stencil(np.concatenate([[cell], neighbors]), weights, normals)
