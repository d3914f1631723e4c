"""The Jacobian of the first-order right-hand side, in block rows: the preconditioner's matrix.

Blocks come from differences of the pointwise fluxes themselves, so that every flux and every boundary
kind has its own Jacobian without a second formula. Unknowns and equations are scaled (see `Scaling`).
"""

from __future__ import annotations

from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Ints
from breachflow.compiled import kernel, parallel_kernel, pointwise, prange
from breachflow.numerics.space.layout import Boundary, Cells, Faces, Layout
from breachflow.numerics.space.rows import load_conserved, load_primitive, store_conserved
from breachflow.physics.boundary import boundary_flux
from breachflow.physics.euler import mix
from breachflow.physics.face import numerical_flux
from breachflow.physics.gas import Conserved, Gas, primitive_of, sound_speed, total_energy
from breachflow.vectors import dot, load, shifted

DIFFERENCE = 1e-7
"""Relative step of the differences: the root of the rounding error, with a margin."""


class BlockMatrix(NamedTuple):
    """A square matrix of small dense blocks in compressed rows, columns ascending in each row."""

    offsets: Ints
    columns: Ints
    diagonal: Ints
    """Position of each row's diagonal block."""
    blocks: NDArray[Any]
    """(n_blocks, nvar, nvar), each by columns."""


class FacePositions(NamedTuple):
    """Where the blocks of each interior face stand in the matrix."""

    left_right: Ints
    right_left: Ints


def make_face_blocks(layout: Layout, kind: Any = np.float32) -> tuple[NDArray[Any], NDArray[Any]]:
    """Room for the derivatives of every face's flux by the states left and right of it."""
    shape = (len(layout.faces.area), layout.n_variables, layout.n_variables)
    return np.zeros(shape, kind), np.zeros(shape, kind)


@pointwise
def perturbed(state: Conserved, variable: int, step: float, axes: tuple[int, ...]) -> Conserved:
    """The state with one of its variables moved by a step."""
    if variable == 0:
        return Conserved(state.density + step, state.momentum, state.energy)
    if variable == len(axes) + 1:
        return Conserved(state.density, state.momentum, state.energy + step)
    return Conserved(state.density, shifted(state.momentum, variable - 1, step), state.energy)


@parallel_kernel
def face_jacobians(
    conserved: Any, scale: Any, faces: Faces, boundary: Boundary, axes: tuple[int, ...], flux_scheme: int,
    gas: Gas, out_left: Any, out_right: Any,
) -> None:  # fmt: skip
    """Derivatives (n_faces, nvar, nvar), by columns, of flux times area by the scaled states on both sides.

    Step 0 of each face's loop is the flux itself, the others move one variable of one side: one place
    in the code calls the flux, which keeps the kernel small and quick to compile.
    """
    n_variables = len(axes) + 2
    n_boundary = len(boundary.kind)
    first = len(faces.area) - n_boundary
    for face in prange(first):
        left, right = faces.left[face], faces.right[face]
        normal = load(faces.normal, face, 0, axes)
        base = no_flux(axes)
        for step in range(2 * n_variables + 1):
            here, there = load_conserved(conserved, left, axes), load_conserved(conserved, right, axes)
            variable = (step - 1) % n_variables
            if 1 <= step <= n_variables:
                here = perturbed(here, variable, DIFFERENCE * scale[left, variable], axes)
            if step > n_variables:
                there = perturbed(there, variable, DIFFERENCE * scale[right, variable], axes)
            flux = numerical_flux(flux_scheme, primitive_of(here, gas), primitive_of(there, gas), normal, gas)
            if step == 0:
                base = flux
            elif step <= n_variables:
                store_difference(flux, base, faces.area[face] / DIFFERENCE, out_left, face, variable)
            else:
                store_difference(flux, base, faces.area[face] / DIFFERENCE, out_right, face, variable)
    for b in prange(n_boundary):
        face = first + b
        left = faces.left[face]
        normal = load(faces.normal, face, 0, axes)
        outside = load_primitive(boundary.state, b, axes)
        base = no_flux(axes)
        for step in range(n_variables + 1):
            here = load_conserved(conserved, left, axes)
            if step > 0:
                here = perturbed(here, step - 1, DIFFERENCE * scale[left, step - 1], axes)
            flux = boundary_flux(boundary.kind[b], flux_scheme, primitive_of(here, gas), normal, outside, gas)
            if step == 0:
                base = flux
            else:
                store_difference(flux, base, faces.area[face] / DIFFERENCE, out_left, face, step - 1)


@pointwise
def no_flux(axes: tuple[int, ...]) -> Conserved:
    """No flux: gives the loops' first value its type."""
    if len(axes) == 2:
        return Conserved(0.0, (0.0, 0.0), 0.0)
    return Conserved(0.0, (0.0, 0.0, 0.0), 0.0)


@pointwise
def store_difference(
    flux: Conserved, base: Conserved, factor: float, out: Any, face: int, variable: int
) -> None:
    """Write factor * (flux - base) as a column of a face's block."""
    store_conserved(mix(1.0, flux, -1.0, base), factor, out[face], variable)


@parallel_kernel
def scale_and_rate(
    conserved: Any, cells: Cells, faces: Faces, axes: tuple[int, ...], gas: Gas, out_scale: Any, out_rate: Any
) -> None:
    """Scale of each unknown, and of each cell's exchange with its neighbors (volume per time).

    Unknowns are measured against density, density times (speed + sound speed), and total energy of their
    own cell: the plume's last traces of gas are solved as carefully as the cabin. The rate is the volume
    swept by the waves through the cell's faces, so that volume / rate is the explicit time step.
    """
    for cell in prange(len(cells.volume)):
        state = primitive_of(load_conserved(conserved, cell, axes), gas)
        sound = sound_speed(state, gas)
        momentum = state.density * (sqrt(dot(state.velocity, state.velocity)) + sound)
        for variable in range(len(axes) + 2):
            out_scale[cell, variable] = momentum
        out_scale[cell, 0] = state.density
        out_scale[cell, len(axes) + 1] = total_energy(state, gas)
        rate = 0.0
        for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
            face = cells.faces[k]
            speed = abs(dot(state.velocity, load(faces.normal, face, 0, axes)))
            rate += 0.5 * faces.area[face] * (speed + sound)
        out_rate[cell] = rate


@kernel
def assemble(
    conserved: Any, scale: Any, rate: Any, cfl: Any, left_blocks: Any, right_blocks: Any, cells: Cells,
    faces: Faces, positions: FacePositions, axes: tuple[int, ...], gas: Gas, matrix: BlockMatrix,
) -> None:  # fmt: skip
    """Fill the matrix: 1/cfl (per cell) on the diagonal plus the scaled Jacobian, rows times the density.

    Rows are weighted by their cell's density, lest traces of gas drown the rest in the linear problem.
    """
    for k in range(matrix.offsets[len(cells.volume)]):
        for j in range(len(axes) + 2):
            for i in range(len(axes) + 2):
                matrix.blocks[k, j, i] = 0.0
    for face in range(len(faces.area)):
        left = faces.left[face]
        add_block(matrix, matrix.diagonal[left], left_blocks, face, 1.0, left, scale, rate)
        if face < len(positions.left_right):
            right = faces.right[face]
            add_block(matrix, positions.left_right[face], right_blocks, face, 1.0, left, scale, rate)
            add_block(matrix, positions.right_left[face], left_blocks, face, -1.0, right, scale, rate)
            add_block(matrix, matrix.diagonal[right], right_blocks, face, -1.0, right, scale, rate)
    for cell in range(len(cells.volume)):
        here = load_conserved(conserved, cell, axes)
        pressure = primitive_of(here, gas).pressure
        push = scale[cell, 0] * cells.source_area[cell] / (scale[cell, 2] * rate[cell] * DIFFERENCE)
        for variable in range(len(axes) + 2):
            matrix.blocks[matrix.diagonal[cell], variable, variable] += scale[cell, 0] / cfl[cell]
            moved = perturbed(here, variable, DIFFERENCE * scale[cell, variable], axes)
            change = primitive_of(moved, gas).pressure - pressure
            matrix.blocks[matrix.diagonal[cell], variable, 2] -= push * change


@pointwise
def add_block(
    matrix: BlockMatrix, position: int, source: Any, face: int, sign: float, row: int, scale: Any, rate: Any
) -> None:
    """Add a face's block to the matrix, its rows scaled as the equations of the given cell."""
    for i in range(source.shape[1]):
        factor = sign * scale[row, 0] / (scale[row, i] * rate[row])
        for j in range(source.shape[1]):
            matrix.blocks[position, j, i] += factor * source[face, j, i]
