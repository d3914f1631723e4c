"""Geometry of a result's mesh for pictures: the hole, the walls, cells as polygons and triangles."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats, Indices
from breachflow.case.boundaries import KINDS
from breachflow.case.orifice import RoundOrifice
from breachflow.errors import ResultError
from breachflow.results import Result

WALL_KINDS: Final = frozenset(kind for kind, table in KINDS.items() if not (table.passes or table.mirrors))
"""Kinds of the boundary conditions of solid walls."""

NEAR: Final = 0.05
"""Largest distance between the stated edge of a hole and the nearest wall point, over the opening."""

FLAT: Final = 1e-9
"""Distance from the axis, over the height of the mesh, up to which a point lies on the axis."""


class Hole(NamedTuple):
    """The hole of a result's case; lengths in m."""

    size: float
    """Diameter or width."""
    plane: float
    """x of the upstream face."""
    wall_thickness: float
    edge: float
    """Leg of the chamfer or radius of the rounding of the upstream edge."""
    is_round: bool
    lean: float = 0.0
    """Change of y along x of the bore's middle, in space."""

    def edge_point(self, side: float) -> Floats:
        """(2,) end of the upstream edge, where the bore begins; m. `side` is the sign of y."""
        return np.array([self.plane + self.edge, side * 0.5 * self.size])


def hole_of(result: Result) -> Hole | None:
    """The hole of the result's case; None where the case has none or this version cannot read the case."""
    try:
        orifice = result.case.orifice
    except ResultError:
        return None
    if orifice is None:
        return None
    is_round = isinstance(orifice, RoundOrifice)
    edge = max(orifice.chamfer, orifice.rounding)
    return Hole(orifice.diameter, orifice.plane, orifice.wall_thickness, edge, is_round)


def has_edge(walls: Floats, hole: Hole) -> bool:
    """Whether a wall point lies where the case says that the edge of the hole is.

    `walls` has the shape (n_faces, 2, 2), m. An imported mesh may have its hole elsewhere.
    """
    points = walls.reshape(-1, 2)
    distances = [np.linalg.norm(points - hole.edge_point(side), axis=1) for side in (1.0, -1.0)]
    return bool(np.min(distances, initial=np.inf) <= NEAR * hole.size)


def bore_ends(walls: Floats, hole: Hole) -> list[float]:
    """Find where the bore begins and ends, x in m, at a wall (n_faces, 2, 2); it may lead in -x too."""
    points = np.column_stack([walls[..., 0].ravel(), np.abs(walls[..., 1]).ravel()])
    lengths = {hole.edge, -hole.edge, hole.wall_thickness, -hole.wall_thickness}
    places = sorted(hole.plane + length for length in lengths)
    lips = np.column_stack([places, np.full(len(places), 0.5 * hole.size)])
    gap = np.linalg.norm(points[:, None] - lips, axis=2).min(axis=0, initial=np.inf)
    return [x for x, distance in zip(places, gap, strict=True) if distance <= NEAR * hole.size]


def walls_of(result: Result) -> Floats:
    """(n_faces, 2, 2) end points of the faces of all walls, m; the gas is on the left of each face."""
    return _faces_of(result, [patch.faces for patch in result.patches.values() if patch.kind in WALL_KINDS])


def wall_faces(result: Result) -> Indices:
    """(n_faces, 4) points of the faces of all walls of a result in space."""
    walls = [np.asarray(patch.faces) for patch in result.patches.values() if patch.kind in WALL_KINDS]
    return np.concatenate([np.zeros((0, 4), dtype=np.int64), *walls])


def outline_of(result: Result) -> Floats:
    """(n_faces, 2, 2) end points of all boundary faces, m; the gas is on the left of each face."""
    return _faces_of(result, [patch.faces for patch in result.patches.values()])


def _faces_of(result: Result, faces: list[NDArray[Any]]) -> Floats:
    return result.points[np.concatenate([np.empty((0, 2), dtype=np.int64), *faces]), :2]


def solids_behind(walls: Floats, hole: Hole) -> Floats:
    """(n, 4, 2) quadrilaterals, m, from walls outward to the largest |y| of all walls.

    Only faces with the gas on the side of the hole's middle have one. Together they fill a plate with a hole.
    """
    if not len(walls):
        return np.empty((0, 4, 2))
    middle = hole.lean * (walls[:, :, 0] - hole.plane)
    side = np.sign((walls[:, :, 1] - middle).sum(axis=1))
    outward = side * (walls[:, 1, 0] - walls[:, 0, 0]) < 0.0
    near, far = walls[outward], walls[outward][:, ::-1].copy()
    far[:, :, 1] = side[outward, None] * np.abs(walls[:, :, 1]).max()
    return np.concatenate([near, far], axis=1)


def is_half(result: Result) -> bool:
    """Whether the mesh ends at y = 0: on the axis or on a plane of symmetry."""
    y = result.points[:, 1]
    return bool(y.min() > -FLAT * np.ptp(y))


def polygons_of(result: Result) -> list[Floats]:
    """(n_corners, 2) corners of each cell, m."""
    return np.split(result.points[result.cells.points, :2], result.cells.offsets[1:-1])


def triangles_of(result: Result) -> NDArray[np.int64]:
    """(n_triangles, 3) points of the triangles into which the cells are cut, each from its first corner."""
    offsets = result.cells.offsets
    count = np.diff(offsets) - 2
    cell = np.repeat(np.arange(len(count)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    start = offsets[cell]
    chosen = np.column_stack([start, start + within + 1, start + within + 2])
    return np.asarray(result.cells.points[chosen], dtype=np.int64)


def values_at_points(result: Result, values: Floats) -> Floats:
    """(n_points,) means of the values, (n_cells,), over the cells around each point."""
    corners, count = result.cells.points, np.diff(result.cells.offsets)
    total = np.bincount(corners, np.repeat(values, count), len(result.points))
    return np.asarray(total / np.maximum(np.bincount(corners, minlength=len(result.points)), 1))
