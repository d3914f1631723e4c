"""The mesh of a result as pictures need it: outlines of cells, values at corners, walls."""

from __future__ import annotations

import tomllib
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.results import Result
from breachflow.units import Dimension, read_quantity

NEAR: Final = 0.05
"""Openings between the stated edge of a hole and a corner of the mesh, at most."""


class Hole(NamedTuple):
    """Where the case of a result says that its hole is; all in m."""

    size: float
    """Diameter or width."""
    plane: float
    """x of the upstream face."""
    wall_thickness: float
    edge: float
    """Leg of the chamfer or radius of the rounding."""
    is_round: bool


def hole_of(result: Result) -> Hole | None:
    """The hole of a result; None where its case has none, or says it in words this program does not know."""
    try:
        table = tomllib.loads(result.case_completed)["orifice"]
        is_round = table["shape"] == "round"
        size = _length(table, "diameter" if is_round else "width")
        edge = max(_length(table, "chamfer"), _length(table, "rounding"))
        return Hole(size, _length(table, "plane"), _length(table, "wall_thickness"), edge, is_round)
    except (KeyError, TypeError, ValueError):
        return None


def _length(table: dict[str, Any], key: str) -> float:
    return read_quantity(str(table[key]), Dimension.LENGTH)


def corners_of(result: Result) -> list[NDArray[np.float64]]:
    """(corners, 2) of each cell, m."""
    return np.split(result.points[result.cells.points, :2], result.cells.offsets[1:-1])


def triangles_of(result: Result) -> NDArray[np.int64]:
    """(triangles, 3) corners: each cell cut from its first corner."""
    offsets = result.cells.offsets
    count = np.diff(offsets) - 2
    cell = np.repeat(np.arange(len(count)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    start = offsets[cell]
    chosen = np.column_stack([start, start + within + 1, start + within + 2])
    return np.asarray(result.cells.points[chosen], dtype=np.int64)


def values_at_corners(result: Result, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_points,) means of the cells about each corner."""
    corners, count = result.cells.points, np.diff(result.cells.offsets)
    total = np.bincount(corners, np.repeat(values, count), len(result.points))
    return np.asarray(total / np.maximum(np.bincount(corners, minlength=len(result.points)), 1))


def outline_of(result: Result) -> NDArray[np.int64]:
    """(edges, 2) corners of the edges that belong to one cell alone."""
    corners, offsets = result.cells.points, result.cells.offsets
    following = np.roll(corners, -1)
    following[offsets[1:] - 1] = corners[offsets[:-1]]
    edges = np.sort(np.column_stack([corners, following]), axis=1)
    single, count = np.unique(edges, axis=0, return_counts=True)
    return np.asarray(single[count == 1], dtype=np.int64)


def is_half(result: Result) -> bool:
    """Whether the mesh is one side of an axis, or of a plane of symmetry, at y = 0."""
    y = result.points[:, 1]
    return bool(y.min() > -1e-9 * np.ptp(y))


def walls_of(result: Result, hole: Hole) -> list[NDArray[np.float64]]:
    """The wall on each side of the hole as lines (n, 2) from the cabin's side to the outside, m.

    Results do not keep the names of boundaries: the wall is what leads from the edge of the hole, either way,
    to where the mesh is widest. None where the mesh has no corner where the case says that the edge is.
    """
    edges = _off_the_axis(result) if is_half(result) else outline_of(result)
    sides = (1.0,) if is_half(result) else (1.0, -1.0)
    found = [_wall(result.points[:, :2], edges, hole, side) for side in sides]
    return [wall for wall in found if wall is not None]


def _off_the_axis(result: Result) -> NDArray[np.int64]:
    edges, y = outline_of(result), result.points[:, 1]
    return edges[(y[edges] > 1e-9 * np.ptp(y)).any(axis=1)]


def _wall(
    points: NDArray[np.float64], edges: NDArray[np.int64], hole: Hole, side: float
) -> NDArray[np.float64] | None:
    named = np.unique(edges)
    stated = np.array([hole.plane + hole.edge, side * 0.5 * hole.size])
    distance = np.linalg.norm(points[named] - stated, axis=1)
    lip = int(named[np.argmin(distance)])
    if distance.min() > NEAR * hole.size:
        return None
    neighbors = _neighbors(edges)
    ways = [_widest(points[_walk(neighbors, lip, first)], side) for first in neighbors[lip][:2]]
    ways.sort(key=lambda way: float(way[-1, 0]))
    return np.concatenate([ways[0][:0:-1], ways[1]] if len(ways) == 2 else ways)


def _neighbors(edges: NDArray[np.int64]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for first, second in edges.tolist():
        found.setdefault(first, []).append(second)
        found.setdefault(second, []).append(first)
    return found


def _walk(neighbors: dict[int, list[int]], start: int, first: int) -> list[int]:
    """Corners along the outline, until it ends or comes back."""
    way = [start, first]
    seen = {start, first}
    while ahead := [corner for corner in neighbors[way[-1]] if corner not in seen]:
        way.append(ahead[0])
        seen.add(ahead[0])
    return way


def _widest(way: NDArray[np.float64], side: float) -> NDArray[np.float64]:
    """The way up to where it is first farthest from the axis."""
    height = side * way[:, 1]
    return way[: int(np.argmax(height >= height.max() - 1e-6 * np.ptp(height))) + 1]
