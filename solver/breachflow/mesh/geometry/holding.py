"""Which cell of a mesh holds a point: the one whose faces all have it on their inner side."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.arrays import AnyInts, Floats, Ints
from breachflow.mesh.geometry.space import area_vectors, face_middles
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.metric import cell_middles
from breachflow.mesh.shapes import SHAPES

CANDIDATES: Final = 12
"""Cells with the nearest centers, among which the cell that holds a point is looked for."""


def holding_cells(mesh: Mesh, points: Floats) -> Ints:
    """The cell (n,) that holds each point (n, dimension), m; of one outside the mesh, the cell next to it."""
    from scipy.spatial import cKDTree

    count = min(CANDIDATES, mesh.n_cells)
    cells = cKDTree(cell_middles(mesh)).query(points, count)[1].reshape(len(points), count)
    outside = np.column_stack([distance_outside(mesh, cells[:, k], points) for k in range(count)])
    return np.asarray(cells[np.arange(len(points)), np.argmin(outside, axis=1)], dtype=np.int32)


def distance_outside(mesh: Mesh, cells: AnyInts, points: Floats) -> Floats:
    """The largest distance (n,), m, of each point (n, dimension) beyond a face of a cell (n,).

    It is negative within the cell. A bent face counts as the plane through its middle.
    """
    return (
        _outside_solids(mesh, cells, points)
        if mesh.dimension == 3
        else _outside_polygons(mesh, cells, points)
    )


def _outside_polygons(mesh: Mesh, cells: AnyInts, points: Floats) -> Floats:
    first, counts = mesh.cell_offsets[cells], np.diff(mesh.cell_offsets)[cells]
    largest = np.full(len(points), -np.inf)
    for corner in range(int(counts.max())):
        begin = mesh.points[mesh.cell_points[first + corner % counts]]
        edge = mesh.points[mesh.cell_points[first + (corner + 1) % counts]] - begin
        offset = points - begin
        beyond = edge[:, 1] * offset[:, 0] - edge[:, 0] * offset[:, 1]
        largest = np.maximum(largest, beyond / np.hypot(edge[:, 0], edge[:, 1]))
    return largest


def _outside_solids(mesh: Mesh, cells: AnyInts, points: Floats) -> Floats:
    first, counts = mesh.cell_offsets[cells].astype(np.int64), np.diff(mesh.cell_offsets)[cells]
    largest = np.full(len(points), -np.inf)
    for count in np.unique(counts).tolist():
        chosen = np.flatnonzero(counts == count)
        for row in SHAPES[count].face_rows:
            faces = np.where(row < 0, -1, mesh.cell_points[first[chosen, None] + row])
            area = area_vectors(mesh.points, faces)
            offset = points[chosen] - face_middles(mesh.points, faces)
            beyond = np.sum(offset * area, axis=1) / np.linalg.norm(area, axis=1)
            largest[chosen] = np.maximum(largest[chosen], beyond)
    return largest
