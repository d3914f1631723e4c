"""Geometry of polygons in the plane."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import AnyInts, Floats
from breachflow.mesh.ragged import next_in_row, row_of_value


class Moments(NamedTuple):
    """Integrals of 1, x, y, x y, y^2 over each cell (n_cells,), with coordinates relative to `origin`."""

    origin: Floats
    """(n_cells, 2) mean of the corners of each cell."""
    area: Floats
    x: Floats
    y: Floats
    xy: Floats
    yy: Floats


def signed_areas(points: Floats, offsets: AnyInts, corners: AnyInts) -> Floats:
    """The area of each cell (n_cells,) by the shoelace formula, positive counterclockwise.

    It is taken about the first corner of the cell, which avoids cancellation.
    """
    start = points[corners[offsets[:-1]]]
    local = points[corners] - np.repeat(start, np.diff(offsets), axis=0)
    after = local[next_in_row(offsets)]
    cross = local[:, 0] * after[:, 1] - after[:, 0] * local[:, 1]
    areas: Floats = 0.5 * np.add.reduceat(cross, offsets[:-1])
    return areas


def edge_normals(points: Floats, edges: AnyInts) -> Floats:
    """The normal of each edge (n, 2), to the right of it and as long as it, (n, 2)."""
    ends = points[edges]
    edge = ends[:, 1] - ends[:, 0]
    return np.column_stack([edge[:, 1], -edge[:, 0]])


def edge_lengths(points: Floats, edges: AnyInts) -> Floats:
    """The length of each edge (n, 2), (n,)."""
    ends = points[edges]
    return np.asarray(np.hypot(*(ends[:, 1] - ends[:, 0]).T))


def polygon_moments(points: Floats, offsets: AnyInts, corners: AnyInts) -> Moments:
    """Integrate around each cell by Green's theorem, about the mean of its corners to keep the digits."""
    starts = offsets[:-1]
    here = points[corners]
    origin = np.add.reduceat(here, starts, axis=0) / np.diff(offsets)[:, None]
    local = here - origin[row_of_value(offsets)]
    after = local[next_in_row(offsets)]
    (x, y), (u, v) = local.T, after.T
    cross = x * v - u * y

    def integral(values: Floats, divisor: float) -> Floats:
        total: Floats = np.add.reduceat(cross * values, starts) / divisor
        return total

    return Moments(
        origin=origin,
        area=integral(np.ones_like(cross), 2.0),
        x=integral(x + u, 6.0),
        y=integral(y + v, 6.0),
        xy=integral(x * v + 2.0 * x * y + 2.0 * u * v + u * y, 24.0),
        yy=integral(y * y + y * v + v * v, 12.0),
    )
