"""The stream function of a steady flow: between two of its lines flows the same part of the gas."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, diags
from scipy.sparse.linalg import spsolve

from breachflow.arrays import Floats
from breachflow.report.result.scene import Scene

REGULAR: Final = 1e-12
"""Added to the diagonal, over its mean: fixes the constant that the flux leaves free."""


def stream_function(scene: Scene) -> tuple[Floats, NDArray[np.int64]]:
    """(n_points,) the mass flow between the axis and each point over that of the hole, and the points known.

    Along each edge of a cell the function grows by the mass flux through it, per radian for a round hole
    (Stokes's stream function, Batchelor 1967, section 2.2). Least squares over the edges of the cells in the
    window, each weighed by its inverse flux area. Points outside have nan. Steady flow only.
    """
    result, hole = scene.result, scene.hole
    assert hole is not None
    first, second, cell = _edges(scene)
    a, b = result.points[first, :2], result.points[second, :2]
    radius = 0.5 * np.abs(a[:, 1] + b[:, 1]) if hole.is_round else np.ones(len(a))
    flux = np.asarray(result.field("density"))[cell, None] * np.asarray(result.field("velocity"))[cell, :2]
    growth = radius * (flux[:, 0] * (b[:, 1] - a[:, 1]) - flux[:, 1] * (b[:, 0] - a[:, 0]))
    known, place = np.unique(np.concatenate([first, second]), return_inverse=True)
    length = np.linalg.norm(b - a, axis=1)
    weight = 1.0 / (length * (np.maximum(radius, length) if hole.is_round else 1.0))
    values = np.full(len(result.points), np.nan)
    values[known] = _fitted(place.reshape(2, -1), weight / weight.mean(), growth, len(known))
    return _over_hole(scene, values, known), known


def _edges(scene: Scene) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """First and second point of each edge of each cell in the window, and the cell."""
    cells = scene.result.cells
    count = np.diff(cells.offsets)
    following = np.arange(len(cells.points)) + 1
    following[cells.offsets[1:] - 1] = cells.offsets[:-1]
    cell = np.repeat(np.arange(len(count)), count)
    kept = scene.shown(scene.window)[cell]
    corners = np.asarray(cells.points, dtype=np.int64)
    return corners[kept], corners[following][kept], cell[kept]


def _fitted(ends: NDArray[np.int64], weight: Floats, growth: Floats, count: int) -> Floats:
    """(count,) values whose differences along the edges, (2, n), come nearest to `growth`, (n,)."""
    edge = np.arange(len(growth))
    ones = np.ones(len(edge))
    matrix = coo_matrix(
        (np.concatenate([-ones, ones]), (np.tile(edge, 2), ends.reshape(-1))), (len(edge), count)
    ).tocsr()
    weighed = matrix.T @ diags(weight)
    normal = (weighed @ matrix).tocsc()
    normal += REGULAR * normal.diagonal().mean() * diags(np.ones(count))
    return np.asarray(spsolve(normal.tocsc(), weighed @ growth))


def _over_hole(scene: Scene, values: Floats, known: NDArray[np.int64]) -> Floats:
    """The values less that of the axis, over their difference between edge and axis."""
    hole, points = scene.hole, scene.result.points[:, :2]
    assert hole is not None
    ends = [np.array([hole.plane, 0.0]), hole.edge_point(1.0)]
    axis, edge = (values[known[np.argmin(np.linalg.norm(points[known] - end, axis=1))]] for end in ends)
    return np.asarray((values - axis) / (edge - axis))
