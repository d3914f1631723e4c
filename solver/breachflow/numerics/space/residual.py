"""The residual: net outflow of mass, momentum and energy from every cell, in loops without races.

`residual` is the table of contents: states and ghost states, gradients, fluxes, balances.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import CellRows, FaceRows, GhostedRows, GradientRows, StateRows, ThermalRows
from breachflow.compiled import parallel_kernel, pointwise, prange
from breachflow.numerics.space.discretization import Discretization
from breachflow.numerics.space.fluxes import fluxes
from breachflow.numerics.space.layout import Boundary, Cells, Faces, Layout
from breachflow.numerics.space.reconstruction import gradients, thermal
from breachflow.numerics.space.rows import (
    THERMAL_COLUMNS,
    VISCOSITY_COLUMN,
    load_conserved,
    load_primitive,
    load_velocity_gradient,
    load_wall,
    store_primitive,
)
from breachflow.physics.boundary import ghost_state
from breachflow.physics.gas import Gas, primitive_of
from breachflow.physics.viscous import hoop_stress, thin_layer
from breachflow.vectors import Vector, load


class Workspace(NamedTuple):
    """Arrays that every evaluation of the residual overwrites."""

    primitive: GhostedRows
    """(n_cells + n_ghosts, nvar) density, velocity, pressure."""
    gradient: GradientRows
    """(n_cells, nvar * dimension)"""
    thermal: ThermalRows
    """(n_cells, 4) temperature gradient and viscosity; no rows in inviscid flow."""
    flux: FaceRows
    """(n_faces, nvar) flux times area."""


def make_workspace(layout: Layout, viscous: bool = False) -> Workspace:
    """Arrays for a layout, of viscous or inviscid flow."""
    n, nvar, dimension = layout.n_cells, layout.n_variables, len(layout.axes)
    n_faces, n_ghosts = len(layout.faces.area), len(layout.boundary.behavior)
    return Workspace(
        primitive=np.empty((n + n_ghosts, nvar)),
        gradient=np.zeros((n, nvar * dimension)),
        thermal=np.zeros((n if viscous else 0, THERMAL_COLUMNS)),
        flux=np.zeros((n_faces, nvar)),
    )


def residual(
    conserved: CellRows, discretization: Discretization, work: Workspace, out_residual: CellRows
) -> None:
    """Net outflow of mass, momentum and energy from every cell, less sources: dU/dt = -residual/volume."""
    layout, scheme, gas = discretization
    states(conserved, discretization, work.primitive)
    if scheme.order == 2:
        gradients(work.primitive, layout, work.gradient)
    if gas.viscosity > 0.0:
        thermal(work.primitive, discretization, work.thermal)
    fluxes(work.primitive, work.gradient, work.thermal, discretization, work.flux)
    balances(work.primitive, work.flux, layout, out_residual)
    if gas.viscosity > 0.0:
        hoop_stresses(work.primitive, work.gradient, work.thermal, layout, out_residual)


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
        beside = thin_layer(inside, load(faces.left_to_face, first + b, 0, axes), gas)
        normal = load(faces.normal, first + b, 0, axes)
        ghost = ghost_state(boundary.behavior[b], beside, load_wall(boundary, b, axes), normal)
        store_primitive(ghost, out_primitive, n_cells + b)


@parallel_kernel
def balances(primitive: GhostedRows, flux: FaceRows, layout: Layout, out_residual: CellRows) -> None:
    """Net outflow of each cell, less its sources."""
    axes, cells, faces, _ = layout
    cells, faces = Cells(*cells), Faces(*faces)
    for cell in prange(len(cells.volume)):
        sum_fluxes(flux, cells, faces, cell, axes, out_residual)
        subtract_sources(out_residual, cells, cell, primitive[cell, len(axes) + 1], axes)


@parallel_kernel
def hoop_stresses(
    primitive: GhostedRows, gradient: GradientRows, thermal: ThermalRows, layout: Layout,
    out_residual: CellRows,
) -> None:  # fmt: skip
    """Add the viscous stress around the axis to the outflow of radial momentum."""
    axes, cells = layout.axes, Cells(*layout.cells)
    for cell in prange(len(cells.volume)):
        velocity = load(primitive, cell, 1, axes)
        add_hoop_stress(velocity, gradient, thermal, cells, cell, axes, out_residual)


@pointwise
def add_hoop_stress(
    velocity: Vector, gradient: StateRows, thermal: StateRows, cells: Cells, cell: int,
    axes: tuple[int, ...], out_outflow: StateRows,
) -> None:  # fmt: skip
    """Add a cell's viscous stress around the axis to its outflow of radial momentum."""
    stress = hoop_stress(
        velocity,
        load_velocity_gradient(gradient, cell, 0, axes),
        cells.inverse_radius[cell],
        thermal[cell, VISCOSITY_COLUMN],
    )
    out_outflow[cell, 2] += stress * cells.source_area[cell]


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
