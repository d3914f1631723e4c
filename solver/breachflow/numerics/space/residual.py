"""The residual: net outflow of mass, momentum and energy from every cell, in loops without races.

`residual` is the table of contents: states and ghost states, gradients, fluxes, balances.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import CellRows, FaceRows, GhostedRows, GradientRows, StateRows
from breachflow.compiled import parallel_kernel, pointwise, prange
from breachflow.numerics.space.discretization import Discretization
from breachflow.numerics.space.fluxes import fluxes
from breachflow.numerics.space.layout import Boundary, Cells, Faces, Layout
from breachflow.numerics.space.reconstruction import gradients
from breachflow.numerics.space.rows import load_conserved, load_primitive, store_primitive
from breachflow.physics.boundary import ghost_state
from breachflow.physics.gas import Gas, primitive_of
from breachflow.vectors import load


class Workspace(NamedTuple):
    """Arrays that every evaluation of the residual overwrites."""

    primitive: GhostedRows
    """(n_cells + n_ghosts, nvar) density, velocity, pressure."""
    gradient: GradientRows
    """(n_cells, nvar * dimension)"""
    flux: FaceRows
    """(n_faces, nvar) flux times area."""


def make_workspace(layout: Layout) -> Workspace:
    """Arrays for a layout."""
    n, nvar, dimension = layout.n_cells, layout.n_variables, len(layout.axes)
    n_faces, n_ghosts = len(layout.faces.area), len(layout.boundary.behavior)
    return Workspace(
        np.empty((n + n_ghosts, nvar)), np.zeros((n, nvar * dimension)), np.zeros((n_faces, nvar))
    )


def residual(
    conserved: CellRows, discretization: Discretization, work: Workspace, out_residual: CellRows
) -> None:
    """Net outflow of mass, momentum and energy from every cell, less sources: dU/dt = -residual/volume."""
    layout, scheme, _ = discretization
    states(conserved, discretization, work.primitive)
    if scheme.order == 2:
        gradients(work.primitive, layout, work.gradient)
    fluxes(work.primitive, work.gradient, discretization, work.flux)
    balances(work.primitive, work.flux, layout, out_residual)


@parallel_kernel
def states(conserved: CellRows, discretization: Discretization, out_primitive: GhostedRows) -> None:
    """Primitive states of the cells, and of the ghost cells behind the boundary."""
    (axes, _, faces, boundary), _, gas = discretization
    faces, boundary, gas = Faces(*faces), Boundary(*boundary), Gas(*gas)
    n_cells = len(conserved)
    n_ghosts = len(boundary.behavior)
    first = len(faces.area) - n_ghosts
    for cell in prange(n_cells):
        store_primitive(primitive_of(load_conserved(conserved, cell, axes), gas), out_primitive, cell)
    for b in prange(n_ghosts):
        inside = load_primitive(out_primitive, faces.left[first + b], axes)
        ghost = ghost_state(boundary.mirrors[b], inside, load(faces.normal, first + b, 0, axes))
        store_primitive(ghost, out_primitive, n_cells + b)


@parallel_kernel
def balances(primitive: GhostedRows, flux: FaceRows, layout: Layout, out_residual: CellRows) -> None:
    """Net outflow of each cell, less its sources."""
    axes, cells, faces, _ = layout
    cells, faces = Cells(*cells), Faces(*faces)
    for cell in prange(len(cells.volume)):
        sum_fluxes(flux, cells, faces, cell, axes, out_residual)
        subtract_sources(out_residual, cells, cell, primitive[cell, len(axes) + 1], axes)


@pointwise
def sum_fluxes(
    flux: FaceRows, cells: Cells, faces: Faces, cell: int, axes: tuple[int, ...], out_outflow: StateRows
) -> None:
    """Sum of the outward fluxes of a cell."""
    for variable in range(len(axes) + 2):
        out_outflow[cell, variable] = 0.0
    for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
        face = cells.faces[k]
        sign = 1.0 if faces.left[face] == cell else -1.0
        for variable in range(len(axes) + 2):
            out_outflow[cell, variable] += sign * flux[face, variable]


@pointwise
def subtract_sources(
    outflow: StateRows, cells: Cells, cell: int, pressure: float, axes: tuple[int, ...]
) -> None:
    """Subtract a cell's sources: pressure times plane area in the radial momentum, and its forcing."""
    outflow[cell, 2] -= pressure * cells.source_area[cell]
    if len(cells.forcing) > 0:
        for variable in range(len(axes) + 2):
            outflow[cell, variable] -= cells.forcing[cell, variable]
