"""The right-hand side: what flows out of each cell, in sweeps over cells and faces that never race.

`residual` reads as the table of contents: states and ghosts, gradients, fluxes, balances.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from breachflow.compiled import parallel_kernel, prange
from breachflow.mesh.mesh import Floats
from breachflow.numerics.layout import Boundary, Cells, Faces, Layout
from breachflow.numerics.reconstruction import Limiting, face_state, gradients
from breachflow.numerics.records import load_conserved, load_primitive, store_conserved, store_primitive
from breachflow.physics.boundary import boundary_flux, is_impermeable, mirrored
from breachflow.physics.flux import numerical_flux
from breachflow.physics.gas import Gas, primitive_of
from breachflow.physics.limiter import Limiter
from breachflow.vectors import combine, load

UNLIMITED = int(Limiter.NONE)


class Scheme(NamedTuple):
    """Choices of the discretization, as codes."""

    flux: int
    limiter: int
    order: int
    noise: float = 0.1
    """Jumps below this share of the local value are not limited: keeps steady runs from stalling."""


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
        if is_impermeable(boundary.kind[b]):
            inside = mirrored(inside, load(faces.normal, first + b, 0, axes))
        store_primitive(inside, out_primitive, n_cells + b)


@parallel_kernel
def fluxes(
    primitive: Any, gradient: Any, faces: Faces, boundary: Boundary, axes: tuple[int, ...], scheme: Scheme,
    gas: Gas, out_flux: Any,
) -> None:  # fmt: skip
    """Flux times area through every face, from its owner to its neighbor."""
    n_boundary = len(boundary.kind)
    first = len(faces.area) - n_boundary
    limiting, unlimited = Limiting(scheme.limiter, scheme.noise), Limiting(UNLIMITED, scheme.noise)
    for face in prange(first):
        left, right = faces.left[face], faces.right[face]
        here, there = load_primitive(primitive, left, axes), load_primitive(primitive, right, axes)
        inner, outer = here, there
        if scheme.order == 2:
            arm, back_arm = load(faces.left_arm, face, 0, axes), load(faces.right_arm, face, 0, axes)
            reach = combine(1.0, arm, -1.0, back_arm)
            back_reach = combine(-1.0, reach, 0.0, reach)
            inner = face_state(here, there, gradient, left, arm, reach, axes, limiting, gas)
            outer = face_state(there, here, gradient, right, back_arm, back_reach, axes, limiting, gas)
        flux = numerical_flux(scheme.flux, inner, outer, load(faces.normal, face, 0, axes), gas)
        store_conserved(flux, faces.area[face], out_flux, face)
    for b in prange(n_boundary):
        face = first + b
        here = load_primitive(primitive, faces.left[face], axes)
        if scheme.order == 2:
            there = load_primitive(primitive, faces.right[face], axes)
            arm = load(faces.left_arm, face, 0, axes)
            reach = combine(1.0, arm, -1.0, load(faces.right_arm, face, 0, axes))
            how = limiting if is_impermeable(boundary.kind[b]) else unlimited
            here = face_state(here, there, gradient, faces.left[face], arm, reach, axes, how, gas)
        outside = load_primitive(boundary.state, b, axes)
        normal = load(faces.normal, face, 0, axes)
        flux = boundary_flux(boundary.kind[b], scheme.flux, here, normal, outside, gas)
        store_conserved(flux, faces.area[face], out_flux, face)


@parallel_kernel
def balances(
    primitive: Any, flux: Any, cells: Cells, faces: Faces, axes: tuple[int, ...], out_residual: Any
) -> None:
    """Sum of the outward fluxes of each cell, less the push of its pressure on its plane area (y)."""
    for cell in prange(len(cells.volume)):
        for variable in range(len(axes) + 2):
            out_residual[cell, variable] = 0.0
        for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
            face = cells.faces[k]
            sign = 1.0 if faces.left[face] == cell else -1.0
            for variable in range(len(axes) + 2):
                out_residual[cell, variable] += sign * flux[face, variable]
        out_residual[cell, 2] -= primitive[cell, len(axes) + 1] * cells.source_area[cell]
        if len(cells.forcing) > 0:
            for variable in range(len(axes) + 2):
                out_residual[cell, variable] -= cells.forcing[cell, variable]
