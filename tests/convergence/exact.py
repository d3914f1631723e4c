"""Meshes, exact averages and errors for the convergence studies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import factorial, sqrt

import numpy as np
from numpy.typing import NDArray

from breachflow.mesh import Mesh
from breachflow.mesh.metric import cell_middles
from breachflow.numerics.explicit.floor import Floor
from breachflow.numerics.explicit.stepper import ExplicitStepper
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.layout import Layout
from flow_setup import AIR, Floats, conserved, primitive, take_cycles

PrimitiveAt = Callable[[Floats], Floats]
NO_FLOOR = Floor(1e-13, 1e-13)


def simplices(mesh: Mesh) -> tuple[NDArray[np.int64], Floats]:
    """The numbers of the cells, and corners (n, dimension + 1, dimension), of pieces that fill the cells.

    In the plane triangles about the first corner of each cell; in space tetrahedra from its middle to the
    triangles about the middle of each face.
    """
    if mesh.dimension == 2:
        return fan(mesh)
    cells, pieces = [], []
    rows, middles = mesh.face_corners, cell_middles(mesh)
    used = (rows >= 0)[..., None]
    centers = np.where(used, mesh.points[rows], 0.0).sum(axis=1) / used.sum(axis=1)
    for side in (0, 1):
        for k in range(4):
            some = np.flatnonzero((mesh.face_cells[:, side] >= 0) & (rows[:, k] >= 0))
            after = rows[some, (k + 1) % 4]
            ends = rows[some, k], np.where(after < 0, rows[some, 0], after)
            cells.append(mesh.face_cells[some, side].astype(np.int64))
            corners = middles[cells[-1]], centers[some], *(mesh.points[end] for end in ends)
            pieces.append(np.stack(corners, axis=1))
    return np.concatenate(cells), np.concatenate(pieces)


def fan(mesh: Mesh) -> tuple[NDArray[np.int64], Floats]:
    """Triangles about the first corner of each cell: numbers of the cells, and corners (n, 3, 2)."""
    cells, triangles = [], []
    counts = np.diff(mesh.cell_offsets)
    for k in range(1, counts.max() - 1):
        some = np.flatnonzero(counts > k + 1)
        first = mesh.cell_offsets[some]
        cells.append(some)
        triangles.append(np.stack([mesh.cell_points[first + i] for i in (0, k, k + 1)], axis=1))
    return np.concatenate(cells), mesh.points[np.concatenate(triangles)]


def cell_averages(mesh: Mesh, state: PrimitiveAt, axisymmetric: bool = False) -> Floats:
    """Conserved averages (n_cells, dimension + 2) of exact primitive states, by Gauss points in simplices.

    The points of the rule of second degree lie on the lines from the middle to the corners (Hammer and Stroud
    1956, Math. Tables Aids Comput. 10).
    """
    cells, corners = simplices(mesh)
    d = mesh.dimension
    size = np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1])) / factorial(d)
    near = (d + 2 - sqrt(d + 2)) / ((d + 1) * (d + 2))
    total, volume = np.zeros((mesh.n_cells, d + 2)), np.zeros(mesh.n_cells)
    for corner in range(d + 1):
        weights = np.full(d + 1, near)
        weights[corner] = 1.0 - d * near
        place = np.einsum("k,nkd->nd", weights, corners)
        share = size / (d + 1) * (place[:, 1] if axisymmetric else 1.0)
        np.add.at(total, cells, share[:, None] * conserved(state(place)))
        np.add.at(volume, cells, share)
    return total / volume[:, None]


def march(layout: Layout, states: Floats, end: float, scheme: Scheme, cfl: float = 0.8) -> Floats:
    """The conserved states at the end time."""
    states = states.copy()
    stepper = ExplicitStepper(Discretization(layout, scheme, AIR), NO_FLOOR, cfl)
    reached = take_cycles(stepper, states, end)
    assert abs(reached - end) <= 1e-9 * end
    return states


def mean_errors(layout: Layout, found: Floats, exact: Floats) -> Floats:
    """L1 errors of density, velocity components and pressure, weighted by volume."""
    volume = layout.cells.volume
    difference = np.abs(primitive(found) - primitive(exact))
    return volume @ difference / volume.sum()


def orders(errors: Sequence[float], refinement: float = 2.0) -> list[float]:
    """Observed order between each two successive meshes."""
    return [float(np.log(a / b) / np.log(refinement)) for a, b in pairwise(errors)]
