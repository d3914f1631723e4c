"""Meshes, exact averages and errors for the convergence studies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from breachflow.mesh import Mesh
from breachflow.numerics.explicit.floor import Floor
from breachflow.numerics.explicit.stepper import ExplicitStepper
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.layout import Layout
from flow_setup import AIR, Floats, conserved, primitive, take_cycles

PrimitiveAt = Callable[[Floats], Floats]
NO_FLOOR = Floor(1e-13, 1e-13)


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
    """Conserved averages (n_cells, 4) of exact primitive states: three Gauss points a triangle."""
    cells, corners = fan(mesh)
    edge = corners[:, 1:] - corners[:, :1]
    area = 0.5 * (edge[:, 0, 0] * edge[:, 1, 1] - edge[:, 0, 1] * edge[:, 1, 0])
    total, volume = np.zeros((mesh.n_cells, 4)), np.zeros(mesh.n_cells)
    for weights in ((4, 1, 1), (1, 4, 1), (1, 1, 4)):
        place = np.einsum("k,nkd->nd", np.array(weights) / 6.0, corners)
        share = area / 3.0 * (place[:, 1] if axisymmetric else 1.0)
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
