"""A plane through a result in space, as a result in the plane: pictures are drawn from it as from any other.

Each cell that the plane crosses leaves a polygon, and each boundary face a line. Of a plane of symmetry, on
which the mesh ends, these are the faces of its cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Bools, Floats, Indices
from breachflow.mesh.geometry.space import area_vectors
from breachflow.mesh.shapes import shape_blocks
from breachflow.results import Result
from breachflow.results.data import CellTopology, Field, Patch, Snapshot
from breachflow.results.result import Snapshots

POLYGON: Final = 7
"""VTK's code."""

FLAT: Final = 1e-7
"""Distance from the plane, over the size of the mesh, up to which a point lies on it."""


SHIFTED: Final = 1e-9
"""Distance of the middle of a hole from the zero of a coordinate, m, that passes as none."""


class CutPlane(NamedTuple):
    """A plane with its two axes, unit vectors (3,), and the point (3,), m, where both are 0."""

    origin: Floats
    along: Floats
    up: Floats

    @property
    def normal(self) -> Floats:
        """(3,) unit vector across the plane."""
        return np.cross(self.along, self.up)

    def flat(self, vectors: Floats) -> Floats:
        """Vectors (..., 3) by their components along both axes and across."""
        return np.asarray(vectors @ np.column_stack([self.along, self.up, self.normal]))

    @property
    def labels(self) -> tuple[str, str]:
        """Names of both axes: those of the coordinates where they lie along them."""
        return self._label(self.along), self._label(self.up)

    def _label(self, axis: Floats) -> str:
        shifted = abs(float(self.origin @ axis)) > SHIFTED
        return axis_name(axis) + (" from the middle of the hole" if shifted else "")


def axis_name(direction: Floats) -> str:
    """The coordinate along a unit vector (3,), or a word.

    >>> axis_name(np.array([0.0, -1.0, 0.0])), axis_name(np.array([0.6, 0.8, 0.0]))
    ('-y', 'distance')
    """
    widest = int(np.argmax(np.abs(direction)))
    if abs(direction[widest]) < 1.0 - FLAT:
        return "distance"
    return f"{'-' if direction[widest] < 0.0 else ''}{'xyz'[widest]}"


@dataclass(frozen=True, repr=False, eq=False)
class PlaneCut(Result):
    """A result in space on one plane."""

    plane: CutPlane
    of: Result
    """The result in space."""
    numbers: Indices
    """(n_cells,) the cell of the result in space that each polygon belongs to."""


class Crossings(NamedTuple):
    """Where a plane crosses the edges of a mesh."""

    beyond: Floats
    """(n_points,) distance of each point from the plane, none 0."""
    on_plane: Bools
    """(n_points,) whether a point lies on it."""
    edges: Indices
    """(n,) codes of edges, in ascending order."""
    points: Floats
    """(n_points + n, 2) both coordinates of each point of the mesh, then of each crossing."""

    def key(self, first: Indices, second: Indices) -> Indices:
        """Number in `points` of the crossing of each edge (n,); -1 where the plane does not cross it."""
        crosses = self.beyond[first] * self.beyond[second] < 0.0
        count = len(self.beyond)
        code = np.searchsorted(self.edges, _codes(first, second, count))
        at_end = np.where(self.on_plane[first], first, np.where(self.on_plane[second], second, count + code))
        return np.where(crosses, at_end, -1)


def cut(result: Result, plane: CutPlane) -> PlaneCut | None:
    """The result on a plane; None where it crosses no cell."""
    crossings = _crossings(result, plane)
    cells, corners = _cell_corners(result, crossings)
    cells, corners = _around(crossings.points, cells, corners)
    kept, counts = np.unique(cells, return_counts=True)
    kept = kept[counts >= 3]
    chosen = np.isin(cells, kept)
    cells, corners = cells[chosen], corners[chosen]
    if not len(kept):
        return None
    segments = {name: _segments(result, patch, crossings, plane) for name, patch in result.patches.items()}
    used = np.unique(np.concatenate([corners, *(lines.ravel() for lines in segments.values())]))
    offsets = np.concatenate([[0], np.cumsum(counts[counts >= 3])])
    flat = crossings.points[used]
    values = {one.name: getattr(result, one.name) for one in fields(Result)}
    values |= {
        "points": np.column_stack([flat, np.zeros(len(flat))]),
        "cells": CellTopology(offsets, np.searchsorted(used, corners), np.full(len(kept), POLYGON)),
        "patches": {
            name: Patch(result.patches[name].kind, np.searchsorted(used, lines))
            for name, lines in segments.items()
        },
        "steady_fields": _flat_fields(result.steady_fields, kept, plane),
        "snapshots": _flat_snapshots(result.snapshots, kept, plane),
    }
    return PlaneCut(**values, plane=plane, of=result, numbers=kept)


def _flat_fields(found: Mapping[str, Field], cells: Indices, plane: CutPlane) -> dict[str, Field]:
    """The fields of some cells; vectors by their components in the plane and across it."""
    chosen = {name: replace(field, values=np.asarray(field.values)[cells]) for name, field in found.items()}
    return {
        name: replace(field, values=plane.flat(field.values)) if field.values.ndim == 2 else field
        for name, field in chosen.items()
    }


def _flat_snapshots(snapshots: Snapshots, cells: Indices, plane: CutPlane) -> Snapshots:
    def read(number: int) -> Snapshot:
        one = snapshots[number]
        return Snapshot(one.time, _flat_fields(one.fields, cells, plane))

    return Snapshots(range(len(snapshots)), read, "a plane")


def _codes(first: Indices, second: Indices, count: int) -> Indices:
    """A number for each edge, the same in both directions."""
    return np.asarray(np.minimum(first, second) * count + np.maximum(first, second))


def _crossings(result: Result, plane: CutPlane) -> Crossings:
    points = np.asarray(result.points, dtype=np.float64)
    distance = (points - plane.origin) @ plane.normal
    nearest = FLAT * float(np.ptp(points, axis=0).max())
    on_plane = np.abs(distance) <= nearest
    outward = -1.0 if not (distance < -nearest).any() else 1.0  # of a plane at the end of the mesh
    beyond = np.where(on_plane, outward * nearest, distance)
    ends = _edges(result)
    ends = ends[beyond[ends[:, 0]] * beyond[ends[:, 1]] < 0.0]
    edges, first = np.unique(_codes(ends[:, 0], ends[:, 1], len(points)), return_index=True)
    a, b = ends[first].T
    part = (beyond[a] / (beyond[a] - beyond[b]))[:, None]
    places = np.concatenate([points, (1.0 - part) * points[a] + part * points[b]])
    flat = plane.flat(places - plane.origin)[:, :2]
    flat[np.abs(flat) <= nearest] = 0.0  # on another plane of symmetry, which has no outline
    return Crossings(beyond, on_plane, edges, flat)


def _edges(result: Result) -> Indices:
    """(n, 2) points of the edges of all cells."""
    blocks = shape_blocks(result.cells.offsets, result.cells.points)
    found = [block.rows(tuple(edge[:2] for edge in block.shape.edges)).reshape(-1, 2) for block in blocks]
    return np.concatenate([np.zeros((0, 2), dtype=np.int64), *found])


def _cell_corners(result: Result, crossings: Crossings) -> tuple[Indices, Indices]:
    """Cells and the crossings on them, pair by pair, each once."""
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    for block in shape_blocks(result.cells.offsets, result.cells.points):
        ends = block.rows(tuple(edge[:2] for edge in block.shape.edges))
        keys = crossings.key(ends[..., 0], ends[..., 1])
        cells = np.broadcast_to(block.cells[:, None], keys.shape)
        pairs.append(np.column_stack([cells[keys >= 0], keys[keys >= 0]]))
    cells, keys = np.unique(np.concatenate(pairs), axis=0).T
    return cells, keys


def _around(points: Floats, cells: Indices, corners: Indices) -> tuple[Indices, Indices]:
    """The pairs with the corners of each cell counterclockwise about their middle."""
    _, place = np.unique(cells, return_inverse=True)
    count = np.bincount(place)
    middle = np.column_stack([np.bincount(place, axis) / count for axis in points[corners].T])
    offset = points[corners] - middle[place]
    order = np.lexsort((np.arctan2(offset[:, 1], offset[:, 0]), cells))
    return cells[order], corners[order]


def _segments(result: Result, patch: Patch, crossings: Crossings, plane: CutPlane) -> Indices:
    """(n, 2) crossings at the ends of the lines that the faces of a patch leave; the gas lies on the left."""
    faces = np.asarray(patch.faces, dtype=np.int64)
    if faces.ndim != 2 or faces.shape[1] != 4:
        return np.zeros((0, 2), dtype=np.int64)
    last = np.where(faces[:, 3] < 0, faces[:, 0], faces[:, 3])
    around = np.column_stack([faces[:, :3], last])
    keys = np.sort(crossings.key(around, np.roll(around, -1, axis=1)), axis=1)
    ends = keys[:, -2:]
    kept = (ends[:, 0] >= 0) & (ends[:, 0] != ends[:, 1])
    ends = ends[kept]
    outward = plane.flat(area_vectors(np.asarray(result.points, dtype=np.float64), faces[kept]))
    step = crossings.points[ends[:, 1]] - crossings.points[ends[:, 0]]
    wrong = step[:, 0] * outward[:, 1] - step[:, 1] * outward[:, 0] > 0.0
    return np.asarray(np.where(wrong[:, None], ends[:, ::-1], ends))


def on_plane(cut_result: PlaneCut, places: Mapping[str, tuple[float, ...]], within: float) -> dict[str, Any]:
    """Coordinates in the plane of the places (x, y, z), m, that lie in it to within a distance, m."""
    found: dict[str, NDArray[Any]] = {
        name: cut_result.plane.flat(np.asarray(place) - cut_result.plane.origin)
        for name, place in places.items()
    }
    return {name: tuple(place[:2].tolist()) for name, place in found.items() if abs(place[2]) <= within}
