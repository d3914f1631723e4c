"""The right-hand side: what flows out of each cell, in sweeps over cells and faces that never race.

`residual` reads as the table of contents: states and ghosts, gradients, fluxes, balances.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.compiled import parallel_kernel, pointwise, prange
from breachflow.numerics.space.discretization import Scheme
from breachflow.numerics.space.fluxes import fluxes
from breachflow.numerics.space.layout import Boundary, Cells, Faces, Layout
from breachflow.numerics.space.reconstruction import gradients
from breachflow.numerics.space.rows import load_conserved, load_primitive, store_primitive
from breachflow.physics.boundary import beyond
from breachflow.physics.gas import Gas, primitive_of
from breachflow.vectors import load


class Workspace(NamedTuple):
    """Arrays that every evaluation of the right-hand side writes again."""

    primitive: Floats
    """(n_cells + n_boundary, nvar) density, velocity, pressure; ghosts last."""
    gradient: Floats
    """(n_cells, nvar * dimension)"""
    flux: Floats
    """(n_faces, nvar) flux times area."""


def make_workspace(layout: Layout) -> Workspace:
    """Arrays for a layout."""
    n, nvar, dimension = layout.n_cells, layout.n_variables, len(layout.axes)
    n_faces, n_boundary = len(layout.faces.area), len(layout.boundary.kind)
    return Workspace(
        np.empty((n + n_boundary, nvar)), np.zeros((n, nvar * dimension)), np.zeros((n_faces, nvar))
    )


def residual(
    conserved: Floats, layout: Layout, scheme: Scheme, gas: Gas, work: Workspace, out_residual: Floats
) -> None:
    """Net outflow of mass, momentum and energy from every cell, less sources: dU/dt = -residual/volume."""
    axes, cells, faces, boundary = layout
    states(conserved, faces, boundary, axes, gas, work.primitive)
    if scheme.order == 2:
        gradients(work.primitive, cells, axes, work.gradient)
    fluxes(work.primitive, work.gradient, faces, boundary, axes, scheme, gas, work.flux)
    balances(work.primitive, work.flux, cells, faces, axes, out_residual)


@parallel_kernel
def states(
    conserved: Any, faces: Faces, boundary: Boundary, axes: tuple[int, ...], gas: Gas, out_primitive: Any
) -> None:
    """Primitive states of the cells, and of the ghost cells behind the boundary."""
    n_cells = len(conserved)
    n_boundary = len(boundary.kind)
    first = len(faces.area) - n_boundary
    for cell in prange(n_cells):
        store_primitive(primitive_of(load_conserved(conserved, cell, axes), gas), out_primitive, cell)
    for b in prange(n_boundary):
        inside = load_primitive(out_primitive, faces.left[first + b], axes)
        ghost = beyond(boundary.kind[b], inside, load(faces.normal, first + b, 0, axes))
        store_primitive(ghost, out_primitive, n_cells + b)


@parallel_kernel
def balances(
    primitive: Any, flux: Any, cells: Cells, faces: Faces, axes: tuple[int, ...], out_residual: Any
) -> None:
    """Net outflow of each cell."""
    for cell in prange(len(cells.volume)):
        pressure = primitive[cell, len(axes) + 1]
        net_outflow(flux, cells, faces, cell, pressure, axes, out_residual)


@pointwise
def net_outflow(
    flux: Any, cells: Cells, faces: Faces, cell: int, pressure: float, axes: tuple[int, ...], out_outflow: Any
) -> None:
    """Sum of the outward fluxes of a cell, less its sources."""
    for variable in range(len(axes) + 2):
        out_outflow[cell, variable] = 0.0
    for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
        face = cells.faces[k]
        sign = 1.0 if faces.left[face] == cell else -1.0
        for variable in range(len(axes) + 2):
            out_outflow[cell, variable] += sign * flux[face, variable]
    subtract_sources(out_outflow, cells, cell, pressure, axes)


@pointwise
def subtract_sources(outflow: Any, cells: Cells, cell: int, pressure: float, axes: tuple[int, ...]) -> None:
    """Take off the push of the pressure on the cell's plane area (y), and the cell's forcing."""
    outflow[cell, 2] -= pressure * cells.source_area[cell]
    if len(cells.forcing) > 0:
        for variable in range(len(axes) + 2):
            outflow[cell, variable] -= cells.forcing[cell, variable]
