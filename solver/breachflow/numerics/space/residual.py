"""The residual: net outflow of mass, momentum and energy from every cell, in loops without races.

`residual` is the table of contents: states and ghost states, gradients, fluxes, balances.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import (
    CellRows,
    CellScalars,
    FaceRows,
    FactorRows,
    GhostedRows,
    GhostedScalars,
    GradientRows,
    StateRows,
)
from breachflow.compiled import parallel_kernel, pointwise, prange
from breachflow.numerics.space.discretization import Discretization
from breachflow.numerics.space.fluxes import fluxes
from breachflow.numerics.space.layout import Boundary, Cells, Faces, Layout
from breachflow.numerics.space.reconstruction import FACTORS, gradients
from breachflow.numerics.space.rows import (
    load_conserved,
    load_primitive,
    load_velocity_gradient,
    load_wall,
    store_primitive,
    variable_columns,
)
from breachflow.physics.boundary import ghost_state
from breachflow.physics.gas import Gas, primitive_of, temperature_of, viscosity_at
from breachflow.physics.viscous import hoop_stress, thin_layer
from breachflow.vectors import Vector, load


class Workspace(NamedTuple):
    """Arrays that every evaluation of the residual overwrites."""

    primitive: GhostedRows
    """(n_cells + n_ghosts, nvar) density, velocity, pressure."""
    gradient: GradientRows
    """(n_cells, nvar * dimension), and dimension + 2 more columns in laminar flow."""
    temperature: GhostedScalars
    """(n_cells + n_ghosts,); no entries in inviscid flow."""
    viscosity: CellScalars
    """(n_cells,); no entries in inviscid flow."""
    flux: FaceRows
    """(n_faces, nvar) flux times area."""
    held: FactorRows
    """(n_interior, 6) factors of the limiter that are held; no rows while the limiter acts."""


def make_workspace(layout: Layout, viscous: bool = False) -> Workspace:
    """Arrays for a layout, of viscous or inviscid flow."""
    n, nvar, dimension = layout.n_cells, layout.n_variables, len(layout.axes)
    n_faces, n_ghosts = len(layout.faces.area), len(layout.boundary.behavior)
    return Workspace(
        primitive=np.empty((n + n_ghosts, nvar)),
        gradient=np.zeros((n, nvar * dimension + (dimension + 2 if viscous else 0))),
        temperature=np.empty(n + n_ghosts if viscous else 0),
        viscosity=np.empty(n if viscous else 0),
        flux=np.zeros((n_faces, nvar)),
        held=np.zeros((0, FACTORS), np.float32),
    )


def residual(
    conserved: CellRows, discretization: Discretization, work: Workspace, out_residual: CellRows
) -> None:
    """Net outflow of mass, momentum and energy from every cell, less sources: dU/dt = -residual/volume."""
    layout, scheme, gas = discretization
    states(conserved, discretization, work.primitive)
    if gas.viscosity > 0.0:
        temperatures(work.primitive, layout, gas, work.temperature, work.viscosity)
    if scheme.order == 2 or gas.viscosity > 0.0:
        gradients(work.primitive, work.temperature, work.viscosity, discretization, work.gradient)
    fluxes(work.primitive, work.gradient, work.held, discretization, work.flux)
    balances(work.primitive, work.gradient, work.flux, discretization, out_residual)


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
def temperatures(
    primitive: GhostedRows, layout: Layout, gas: Gas, out_temperature: GhostedScalars,
    out_viscosity: CellScalars,
) -> None:  # fmt: skip
    """Temperatures of all cells and ghost cells, and the viscosities of the cells.

    Into arrays of their own: such loops vectorize.
    """
    axes, gas = layout.axes, Gas(*gas)
    for cell in prange(len(out_temperature)):
        out_temperature[cell] = temperature_of(load_primitive(primitive, cell, axes))
    for cell in prange(len(out_viscosity)):
        out_viscosity[cell] = viscosity_at(out_temperature[cell], gas)


@parallel_kernel
def balances(
    primitive: GhostedRows, gradient: GradientRows, flux: FaceRows, discretization: Discretization,
    out_residual: CellRows,
) -> None:  # fmt: skip
    """Net outflow of each cell, less its sources."""
    (axes, cells, faces, _), _, gas = discretization
    cells, faces, gas = Cells(*cells), Faces(*faces), Gas(*gas)
    for cell in prange(len(cells.volume)):
        sum_fluxes(flux, cells, faces, cell, axes, out_residual)
        subtract_sources(out_residual, cells, cell, primitive[cell, len(axes) + 1], axes)
        if gas.viscosity > 0.0 and cells.source_area[cell] > 0.0:
            add_hoop_stress(load(primitive, cell, 1, axes), gradient, cells, cell, axes, out_residual)


@pointwise
def add_hoop_stress(
    velocity: Vector, gradient: StateRows, cells: Cells, cell: int, axes: tuple[int, ...],
    out_outflow: StateRows,
) -> None:  # fmt: skip
    """Add a cell's viscous stress around the axis to its outflow of radial momentum."""
    stress = hoop_stress(
        velocity,
        load_velocity_gradient(gradient, cell, 0, axes),
        cells.inverse_radius[cell],
        gradient[cell, variable_columns(axes) + len(axes) + 1],
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
