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
from breachflow.mesh.geometry.space import area_vectors, face_middles
from breachflow.mesh.shapes import shape_blocks
from breachflow.results.data import Column, Field
from breachflow.results.exchange import cell_centers
from breachflow.results.export.columns import component_columns

if TYPE_CHECKING:
    from breachflow.results.result import Result

POINTS: Final = 201
"""Points on a line if none are asked for."""

ROUNDING: Final = 1e-9
"""Part of an edge by which a point may lie outside of a cell and still be in it: rounding of coordinates."""


BENT: Final = 0.02
"""The same in space, where no cell holds the point: two beside a bent face may both leave a gap there."""


class Line(NamedTuple):
    """A straight line with evenly spread points, both ends included."""

    start: tuple[float, ...]
    """x and y, m, in space z too."""
    end: tuple[float, ...]
    points: int = POINTS


class _Stencil(NamedTuple):
    """Cells and weights from which a field at a point is interpolated."""

    cells: AnyInts
    """The cell that holds the point, then its neighbors."""
    weights: Floats
    """(neighbors + mirrors,) of the differences from the first."""
    mirrors: Floats
    """(mirrors, dimension) unit normals of the walls, planes and axes that mirror the cell."""

    def value(self, values: NDArray[Any]) -> NDArray[Any]:
        """A field, (n_cells,) or (n_cells, 3), at the point: () or (3,)."""
        first = values[self.cells[0]]
        mirrored = np.repeat(first[None], len(self.mirrors), axis=0).astype(np.float64)
        if values.ndim == 2:
            axes = self.mirrors.shape[1]
            mirrored[:, :axes] -= 2.0 * (self.mirrors @ first[:axes])[:, None] * self.mirrors
        others = np.concatenate([values[self.cells[1:]], mirrored])
        known = np.concatenate([first[None], others])
        guess = first + self.weights @ (others - first)
        return np.asarray(np.clip(guess, known.min(axis=0), known.max(axis=0)))


def line_columns(result: Result, fields: Mapping[str, Field], line: Line) -> dict[str, Column]:
    """The distance from the start of a line, its coordinates and the fields, (points,) each; NaN without gas.

    A value follows the plane through the values of the cell that holds the point and of that cell's neighbors
    (least squares), but never leaves their range, as at a probe. Raises UsageError where no point of the line
    lies in the gas, or its ends have not as many coordinates as the mesh.
    """
    dimension = 3 if result.is_in_space else 2
    if {len(line.start), len(line.end)} != {dimension}:
        where = "space: give x, y and z" if dimension == 3 else "a plane: give x and y"
        raise UsageError(f"the result lies in {where} of both ends of the line")
    places = np.linspace(line.start, line.end, line.points)
    cells = _HeldCells(result, dimension)
    stencils = [cells.stencil_at(place) for place in places]
    if not any(stencils):
        ends = " to ".join(f"({', '.join(f'{x:g} m' for x in end)})" for end in (line.start, line.end))
        raise UsageError(f"no point of the line from {ends} lies in the gas")
    distance = np.linalg.norm(places - places[0], axis=1)
    columns = {"distance": Column(distance, "m", "from the start of the line")}
    axes = zip("xyz"[:dimension], places.T, strict=True)
    columns |= {axis: Column(values, "m", f"{axis} of the point") for axis, values in axes}
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


class _CellFaces(NamedTuple):
    """The faces of all cells, cell by cell: in the plane their edges. Each face inside is there twice."""

    offsets: AnyInts
    """(n_cells + 1,) start of each cell."""
    corners: AnyInts
    """(n, 2 or 4) points of each face, -1 behind the third of a triangle."""
    start: Floats
    """(n, dimension) a point on it, m."""
    normal: Floats
    """(n, dimension) outward unit normal."""
    size: Floats
    """(n,) its length, or the root of its area, m."""


def _faces_in_plane(result: Result) -> _CellFaces:
    offsets, corners = (np.asarray(part, dtype=np.int64) for part in result.cells[:2])
    following = np.arange(1, len(corners) + 1)
    following[offsets[1:] - 1] = offsets[:-1]
    start = np.asarray(result.points[corners, :2])
    edge = start[following] - start
    length = np.linalg.norm(edge, axis=1)
    normal = np.column_stack([edge[:, 1], -edge[:, 0]]) / length[:, None]
    return _CellFaces(offsets, np.column_stack([corners, corners[following]]), start, normal, length)


def _faces_in_space(result: Result) -> _CellFaces:
    points = np.asarray(result.points, dtype=np.float64)
    rows, cells = [], []
    for block in shape_blocks(result.cells.offsets, result.cells.points):
        faces = block.rows(block.shape.face_rows)
        rows.append(faces.reshape(-1, faces.shape[-1]))
        cells.append(np.repeat(block.cells, faces.shape[1]))
    order = np.argsort(np.concatenate(cells), kind="stable")
    corners = np.concatenate(rows)[order]
    counts = np.bincount(np.concatenate(cells), minlength=result.n_cells)
    area = area_vectors(points, corners)
    size = np.linalg.norm(area, axis=1)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    return _CellFaces(offsets, corners, face_middles(points, corners), area / size[:, None], np.sqrt(size))


@dataclass(frozen=True)
class _HeldCells:
    """The cells of a result, by which points they hold and what lies beside them."""

    result: Result
    dimension: int

    @cached_property
    def _faces(self) -> _CellFaces:
        return _faces_in_space(self.result) if self.dimension == 3 else _faces_in_plane(self.result)

    @cached_property
    def _center(self) -> Floats:
        return cell_centers(self.result)[:, : self.dimension]

    @cached_property
    def _boxes(self) -> tuple[Floats, Floats]:
        """(n_cells, dimension) lowest and highest coordinates of each cell, m."""
        cells = self.result.cells
        corners, first = self.result.points[cells.points, : self.dimension], cells.offsets[:-1]
        return np.minimum.reduceat(corners, first), np.maximum.reduceat(corners, first)

    @cached_property
    def _keys(self) -> tuple[AnyInts, AnyInts]:
        """(n,) a number for each face, the same from both sides, and those of the faces that mirror."""
        viscous, width = _is_viscous(self.result), self._faces.corners.shape[1]
        kinds = {name for name, table in KINDS.items() if _is_mirror(table, viscous)}
        walls = [np.asarray(patch.faces) for patch in self.result.patches.values() if patch.kind in kinds]
        walls = [faces.reshape(-1, width) for faces in walls if faces.size % width == 0]
        rows = np.concatenate([self._faces.corners, *walls])
        keys = np.unique(np.sort(rows, axis=1), axis=0, return_inverse=True)[1].reshape(-1)
        count = len(self._faces.corners)
        return keys[:count], keys[count:]

    @cached_property
    def _across(self) -> AnyInts:
        """(n,) the cell on the other side of each face; -1 at the boundary."""
        cell = np.repeat(np.arange(self.result.n_cells), np.diff(self._faces.offsets))
        keys = self._keys[0]
        order = np.argsort(keys, kind="stable")
        twin = np.flatnonzero(np.diff(keys[order]) == 0)
        across = np.full(len(cell), -1)
        across[order[twin]], across[order[twin + 1]] = cell[order[twin + 1]], cell[order[twin]]
        return across

    @cached_property
    def _mirrors(self) -> Bools:
        """(n,) whether gas meets its mirror image behind a face: a wall, a plane or an axis."""
        return np.isin(*self._keys)

    def stencil_at(self, place: Floats) -> _Stencil | None:
        """The stencil of a point, (dimension,) m; None where no cell holds it."""
        low, high = self._boxes
        margin = ROUNDING * (high - low)
        near = ((place >= low - margin) & (place <= high + margin)).all(axis=1)
        beyond = {cell: self._beyond(cell, place) for cell in np.flatnonzero(near).tolist()}
        cell = next((cell for cell, distance in beyond.items() if distance <= ROUNDING), None)
        if cell is None and beyond and self.dimension == 3 and min(beyond.values()) <= BENT:
            cell = min(beyond, key=lambda one: beyond[one])
        return None if cell is None else self._stencil(cell, place)

    def _beyond(self, cell: int, place: Floats) -> float:
        """The largest distance of a point beyond a face of a cell, over the size of the face."""
        faces = slice(self._faces.offsets[cell], self._faces.offsets[cell + 1])
        distance = ((place - self._faces.start[faces]) * self._faces.normal[faces]).sum(axis=1)
        return float((distance / self._faces.size[faces]).max())

    def _stencil(self, cell: int, place: Floats) -> _Stencil:
        faces = np.arange(self._faces.offsets[cell], self._faces.offsets[cell + 1])
        neighbors = self._across[faces][self._across[faces] >= 0]
        walls = faces[self._mirrors[faces]]
        normals, center = self._faces.normal[walls], self._center[cell]
        behind = 2.0 * ((self._faces.start[walls] - center) * normals).sum(axis=1, keepdims=True) * normals
        offsets = np.concatenate([self._center[neighbors] - center, behind])
        # Least squares, the nearer neighbors weighing more; with too few of them the slope of least size.
        nearness = 1.0 / np.linalg.norm(offsets, axis=1)[:, None]
        weights = (place - center) @ np.linalg.pinv(nearness * offsets) * nearness[:, 0]
        return _Stencil(np.concatenate([[cell], neighbors]), weights, normals)
