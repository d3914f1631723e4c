"""The Jacobian of the first-order residual in block rows: the matrix of the preconditioner.

Blocks are differences of the pointwise fluxes, so that every numerical flux and every boundary behavior has
its Jacobian without a second formula. Unknowns and equations are scaled (see `scale_and_rate`).
"""

from __future__ import annotations

from math import prod, sqrt
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Blocks, CellRows, CellScalars, StateRows
from breachflow.compiled import kernel, parallel_kernel, pointwise, prange
from breachflow.numerics.implicit.block_matrix import BlockMatrix, FacePositions
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.fluxes import (
    FaceRange,
    add_drag,
    columns_of,
    flux_of_block,
    load_geometry,
    load_softening,
    narrow_jumps,
    softened_flux_of_block,
    subtract_viscous_rows,
    viscous_flux_of_block,
)
from breachflow.numerics.space.layout import Boundary, Cells, Faces, Layout, center_distance, interior_faces
from breachflow.numerics.space.rows import (
    load_conserved,
    load_face,
    load_primitive,
    load_wall,
    store_conserved,
    store_primitive,
    variable_columns,
)
from breachflow.physics.euler import mix
from breachflow.physics.face import (
    Side,
    boundary_face_flux,
    viscous_boundary_flux,
)
from breachflow.physics.gas import (
    Conserved,
    Gas,
    Primitive,
    primitive_of,
    sound_speed,
    temperature_of,
    total_energy,
    viscosity_at,
)
from breachflow.physics.viscous import diffusivity, hoop_stress, thin_layer
from breachflow.physics.wall import LINEAR
from breachflow.simd import LANES, gather
from breachflow.vectors import dot, load, shifted

DIFFERENCE: Final = 1e-7
"""Relative step of the differences: a few times the root of the rounding error."""


class Scaling(NamedTuple):
    """Scales that make the linear problem of a pseudo-time step dimensionless."""

    scale: CellRows
    """(n_cells, nvar) magnitude of each unknown."""
    rate: CellScalars
    """(n_cells,) volume per time that waves carry through each cell's faces."""
    cfl: CellScalars
    """(n_cells,) each cell's pseudo-time step over its explicit one, volume / rate."""


class FaceJacobians(NamedTuple):
    """Derivatives (n_faces, nvar, nvar), by columns, of each face's flux times area by the scaled states."""

    left: Blocks
    """Derivatives by the state of the left cell."""
    right: Blocks
    """Derivatives by the state of the right cell; no numbers for boundary faces."""


def make_face_jacobians(
    layout: Layout, dtype: type[np.floating[Any]] = np.float32, memory: NDArray[Any] | None = None
) -> FaceJacobians:
    """Arrays for a layout, in the given precision; in the `memory` of another array where that is enough."""
    shape = (2, len(layout.faces.area), layout.n_variables, layout.n_variables)
    size = prod(shape) * np.dtype(dtype).itemsize
    if memory is None or memory.nbytes < size:
        return FaceJacobians(*np.zeros(shape, dtype))
    return FaceJacobians(*memory.reshape(-1).view(np.uint8)[:size].view(dtype).reshape(shape))


@pointwise
def perturbed(state: Conserved, variable: int, step: float, axes: tuple[int, ...]) -> Conserved:
    """The state with one of its variables changed by a step."""
    return Conserved(
        state.density + step if variable == 0 else state.density,
        shifted(state.momentum, variable - 1, step),
        state.energy + step if variable == len(axes) + 1 else state.energy,
    )


@parallel_kernel
def face_jacobians(
    conserved: CellRows, scale: CellRows, discretization: Discretization, out_left: Blocks, out_right: Blocks
) -> None:
    """Derivatives of every face's convective flux times area by both states; see `FaceJacobians`.

    Interior faces in blocks, as in `numerics.space.fluxes`. Step 0 of a loop is the flux itself; every other
    step changes one variable of one side. So the flux is called at one place in the code, which keeps the
    kernel small and quick to compile.
    """
    (axes, _, faces, boundary), scheme, gas = discretization
    faces, boundary = Faces(*faces), Boundary(*boundary)
    scheme, gas = Scheme(*scheme), Gas(*gas)
    n_variables = len(axes) + 2
    n_ghosts = len(boundary.behavior)
    first = len(faces.area) - n_ghosts
    for number in prange((first + LANES - 1) // LANES):
        span = FaceRange(number * LANES, first)
        block = np.empty((columns_of(axes).end + 5 * n_variables, LANES))
        load_unknowns(conserved, scale, faces, span, axes, block)
        for step in range(2 * n_variables + 1):
            perturb_block(block.T, step, axes, gas)
            if scheme.slow_jump < 1.0:
                narrow_jumps(block.T, faces, span, axes, scheme.slow_jump, gas)
            if len(faces.damping) > 0:
                block[columns_of(axes).viscous : columns_of(axes).end] = 0.0
                add_drag(block.T, faces, span, axes, gas)
            if len(faces.softening) > 0 and load_softening(faces, span, axes, block):
                softened_flux_of_block(block.T, axes, gas)
            else:
                flux_of_block(scheme.flux, block.T, axes, gas)
            if len(faces.damping) > 0:
                subtract_viscous_rows(block, axes)
            if step == 0:
                keep_base(block, 0, axes)
            else:
                out = out_left if step <= n_variables else out_right
                store_differences(block, span, axes, step, out)
    for b in prange(n_ghosts):
        left = faces.left[first + b]
        face = load_face(faces, first + b, axes)
        outside = load_primitive(boundary.state, b, axes)
        base = no_flux(axes)
        for step in range(n_variables + 1):
            here = load_conserved(conserved, left, axes)
            if step > 0:
                here = perturbed(here, step - 1, DIFFERENCE * scale[left, step - 1], axes)
            inner = Side(primitive_of(here, gas))
            flux = boundary_face_flux(boundary.behavior[b], inner, outside, face, scheme.flux, gas)
            if step == 0:
                base = flux
            else:
                store_difference(flux, base, face.area / DIFFERENCE, out_left, first + b, step - 1)


@parallel_kernel
def subtract_viscous_jacobians(
    conserved: CellRows, scale: CellRows, discretization: Discretization, out_left: Blocks, out_right: Blocks
) -> None:
    """Subtract the derivatives of every face's viscous flux times area, taken without gradients (thin layer).

    A kernel of its own: in `face_jacobians`, friction would slow inviscid runs by a third.
    """
    (axes, cells, faces, boundary), scheme, gas = discretization
    cells, faces, boundary = Cells(*cells), Faces(*faces), Boundary(*boundary)
    scheme, gas = Scheme(*scheme), Gas(*gas)
    n_variables = len(axes) + 2
    first = len(faces.area) - len(boundary.behavior)
    for number in prange((first + LANES - 1) // LANES):
        span = FaceRange(number * LANES, first)
        block = np.empty((columns_of(axes).end + 5 * n_variables, LANES))
        block[columns_of(axes).left_gradient : columns_of(axes).normal] = 0.0
        load_unknowns(conserved, scale, faces, span, axes, block)
        for step in range(2 * n_variables + 1):
            perturb_block(block.T, step, axes, gas)
            thin_layers_of_block(block.T, axes, gas)
            viscous_flux_of_block(block.T, axes, gas)
            if step == 0:
                keep_base(block, columns_of(axes).viscous - 1, axes)
            else:
                out = out_left if step <= n_variables else out_right
                subtract_differences(block, span, axes, step, out)
    for b in prange(len(boundary.behavior)):
        whole = Discretization(Layout(axes, cells, faces, boundary), scheme, gas)
        left = faces.left[first + b]
        factor = -faces.area[first + b] / DIFFERENCE
        base = no_flux(axes)
        for step in range(n_variables + 1):
            here = load_conserved(conserved, left, axes)
            if step > 0:
                here = perturbed(here, step - 1, DIFFERENCE * scale[left, step - 1], axes)
            flux = thin_layer_boundary_flux(primitive_of(here, gas), whole, b)
            if step == 0:
                base = flux
            else:
                add_difference(flux, base, factor, out_left, first + b, step - 1)


@pointwise
def load_unknowns(
    conserved: CellRows, scale: CellRows, faces: Faces, span: FaceRange, axes: tuple[int, ...],
    out_block: StateRows,
) -> None:  # fmt: skip
    """Geometry of a block's faces; behind its columns, unknowns and scales of the cells on both sides.

    Lanes beyond the last interior face repeat it.
    """
    at, n_variables = columns_of(axes), len(axes) + 2
    left, right = np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    for lane in range(LANES):
        face = min(span.begin + lane, span.end - 1)
        left[lane], right[lane] = faces.left[face], faces.right[face]
        load_geometry(faces, face, axes, lane, out_block)
    gather(conserved, left, n_variables, out_block, at.end)
    gather(conserved, right, n_variables, out_block, at.end + n_variables)
    gather(scale, left, n_variables, out_block, at.end + 2 * n_variables)
    gather(scale, right, n_variables, out_block, at.end + 3 * n_variables)


@pointwise
def perturb_block(block: StateRows, step: int, axes: tuple[int, ...], gas: Gas) -> None:
    """Primitive states on both sides of a transposed block's faces, one unknown of one side changed."""
    at, n_variables = columns_of(axes), len(axes) + 2
    for lane in range(LANES):
        here = load_conserved(block, lane, axes, at.end)
        there = load_conserved(block, lane, axes, at.end + n_variables)
        for variable in range(n_variables):
            change = DIFFERENCE * block[lane, at.end + 2 * n_variables + variable]
            here = perturbed(here, variable, change if step == variable + 1 else 0.0, axes)
            change = DIFFERENCE * block[lane, at.end + 3 * n_variables + variable]
            there = perturbed(there, variable, change if step == variable + 1 + n_variables else 0.0, axes)
        store_primitive(primitive_of(here, gas), block, lane, at.left)
        store_primitive(primitive_of(there, gas), block, lane, at.right)


@pointwise
def keep_base(block: StateRows, first: int, axes: tuple[int, ...]) -> None:
    """Keep the flux in the rows of a block (columns, LANES) from `first` on in its last rows."""
    base = columns_of(axes).end + 4 * (len(axes) + 2)
    for i in range(len(axes) + 2):
        for lane in range(LANES):
            block[base + i, lane] = block[first + i, lane]


@pointwise
def store_differences(
    block: StateRows, span: FaceRange, axes: tuple[int, ...], step: int, out: Blocks
) -> None:
    """Write the differences of a block's flux from its base: a column of each face's matrix."""
    n_variables = len(axes) + 2
    base, variable = columns_of(axes).end + 4 * n_variables, (step - 1) % n_variables
    for lane in range(min(LANES, span.end - span.begin)):
        for i in range(n_variables):
            out[span.begin + lane, variable, i] = (block[i, lane] - block[base + i, lane]) / DIFFERENCE


@pointwise
def subtract_differences(
    block: StateRows, span: FaceRange, axes: tuple[int, ...], step: int, out: Blocks
) -> None:
    """Subtract those of its viscous flux, which carries no mass."""
    first, n_variables = columns_of(axes).viscous - 1, len(axes) + 2
    base, variable = columns_of(axes).end + 4 * n_variables, (step - 1) % n_variables
    for lane in range(min(LANES, span.end - span.begin)):
        for i in range(1, n_variables):
            change = (block[first + i, lane] - block[base + i, lane]) / DIFFERENCE
            out[span.begin + lane, variable, i] -= change


@pointwise
def thin_layers_of_block(block: StateRows, axes: tuple[int, ...], gas: Gas) -> None:
    """Temperatures and viscosities on both sides of a transposed block's faces; such loops vectorize."""
    at, last = columns_of(axes), variable_columns(axes) + len(axes)
    for lane in range(LANES):
        left = temperature_of(load_primitive(block, lane, axes, at.left))
        right = temperature_of(load_primitive(block, lane, axes, at.right))
        block[lane, at.left_gradient + last] = left
        block[lane, at.right_gradient + last] = right
    for lane in range(LANES):
        left, right = block[lane, at.left_gradient + last], block[lane, at.right_gradient + last]
        block[lane, at.left_gradient + last + 1] = viscosity_at(left, gas)
        block[lane, at.right_gradient + last + 1] = viscosity_at(right, gas)


@pointwise
def thin_layer_boundary_flux(inside: Primitive, discretization: Discretization, b: int) -> Conserved:
    """Viscous flux per unit area through a boundary face, without gradients."""
    (axes, _, faces, boundary), _, gas = discretization
    number = interior_faces(discretization.layout) + b
    beside = thin_layer(inside, load(faces.left_to_face, number, 0, axes), gas)
    wall, face = load_wall(boundary, b, axes), load_face(faces, number, axes)
    return viscous_boundary_flux(boundary.behavior[b], beside, wall, face, LINEAR, gas)


@pointwise
def no_flux(axes: tuple[int, ...]) -> Conserved:
    """Zero flux: gives a loop's first value its type."""
    if len(axes) == 2:
        return Conserved(0.0, (0.0, 0.0), 0.0)
    return Conserved(0.0, (0.0, 0.0, 0.0), 0.0)


@pointwise
def store_difference(
    flux: Conserved, base: Conserved, factor: float, out: Blocks, face: int, variable: int
) -> None:
    """Write factor * (flux - base) as a column of a face's block."""
    store_conserved(mix(1.0, flux, -1.0, base), factor, out[face], variable)


@pointwise
def add_difference(
    flux: Conserved, base: Conserved, factor: float, out: Blocks, face: int, variable: int
) -> None:
    """Add factor * (flux - base) to a column of a face's block."""
    out[face, variable, 0] += factor * (flux.density - base.density)
    for axis in range(len(flux.momentum)):
        out[face, variable, axis + 1] += factor * (flux.momentum[axis] - base.momentum[axis])
    out[face, variable, len(flux.momentum) + 1] += factor * (flux.energy - base.energy)


@parallel_kernel
def scale_and_rate(
    conserved: CellRows, discretization: Discretization, out_scale: CellRows, out_rate: CellScalars
) -> None:
    """Scale of each unknown, and of each cell's exchange with its neighbors (volume per time).

    The scales are the cell's own density, density times (speed + sound speed), and total energy, so that thin
    gas in a plume is solved to the same relative accuracy as the cabin. The rate is the volume that the waves
    sweep through the cell's faces per time: volume / rate is the explicit time step.
    """
    (axes, cells, faces, _), _, gas = discretization
    cells, faces, gas = Cells(*cells), Faces(*faces), Gas(*gas)
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
        if gas.viscosity > 0.0:
            rate += viscous_rate(diffusivity(state, gas), cells, faces, cell, axes)
        out_rate[cell] = rate


@pointwise
def viscous_rate(diffusivity: float, cells: Cells, faces: Faces, cell: int, axes: tuple[int, ...]) -> float:
    """Volume per time that friction and conduction exchange through a cell's faces."""
    rate = 0.0
    for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
        face = cells.faces[k]
        rate += diffusivity * faces.area[face] / center_distance(faces, face, axes)
    return rate


@kernel
def assemble(
    conserved: CellRows, scaling: Scaling, derivatives: FaceJacobians, discretization: Discretization,
    positions: FacePositions, matrix: BlockMatrix,
) -> None:  # fmt: skip
    """Fill the matrix: 1/cfl of each cell on the diagonal plus the scaled Jacobian, rows times the density.

    The density weights a cell's equations, so that traces of gas do not dominate the linear residual.
    """
    (axes, cells, faces, _), _, gas = discretization
    scale, rate, cfl = scaling
    for k in range(matrix.offsets[len(cells.volume)]):
        for j in range(len(axes) + 2):
            for i in range(len(axes) + 2):
                matrix.blocks[k, j, i] = 0.0
    for face in range(len(faces.area)):
        left = faces.left[face]
        add_block(matrix, matrix.diagonal[left], derivatives.left, face, 1.0, left, scaling)
        if face < len(positions.left_right):
            right = faces.right[face]
            add_block(matrix, positions.left_right[face], derivatives.right, face, 1.0, left, scaling)
            add_block(matrix, positions.right_left[face], derivatives.left, face, -1.0, right, scaling)
            add_block(matrix, matrix.diagonal[right], derivatives.right, face, -1.0, right, scaling)
    for cell in range(len(cells.volume)):
        here = load_conserved(conserved, cell, axes)
        before = radial_push(primitive_of(here, gas), cells.inverse_radius[cell], gas)
        push = scale[cell, 0] * cells.source_area[cell] / (scale[cell, 2] * rate[cell] * DIFFERENCE)
        for variable in range(len(axes) + 2):
            matrix.blocks[matrix.diagonal[cell], variable, variable] += scale[cell, 0] / cfl[cell]
            moved = perturbed(here, variable, DIFFERENCE * scale[cell, variable], axes)
            change = radial_push(primitive_of(moved, gas), cells.inverse_radius[cell], gas) - before
            matrix.blocks[matrix.diagonal[cell], variable, 2] -= push * change


@pointwise
def radial_push(state: Primitive, inverse_radius: float, gas: Gas) -> float:
    """What pushes a cell outward from the axis: its pressure, less the viscous stress around the axis."""
    if gas.viscosity == 0.0:
        return state.pressure
    cell = thin_layer(state, state.velocity, gas)
    stress = hoop_stress(state.velocity, cell.velocity_gradient, inverse_radius, cell.viscosity)
    return state.pressure - stress


@pointwise
def add_block(
    matrix: BlockMatrix, position: int, source: Blocks, face: int, sign: float, row: int, scaling: Scaling
) -> None:
    """Add a face's block to the matrix, its rows scaled as the equations of the cell `row`."""
    scale, rate = scaling.scale, scaling.rate
    for i in range(source.shape[1]):
        factor = sign * scale[row, 0] / (scale[row, i] * rate[row])
        for j in range(source.shape[1]):
            matrix.blocks[position, j, i] += factor * source[face, j, i]


@parallel_kernel
def move(conserved: CellRows, vector: CellRows, scale: CellRows, step: float, out_moved: CellRows) -> None:
    """out_moved = conserved + step * scale * vector."""
    for cell in prange(conserved.shape[0]):
        for variable in range(conserved.shape[1]):
            out_moved[cell, variable] = (
                conserved[cell, variable] + step * scale[cell, variable] * vector[cell, variable]
            )


@parallel_kernel
def difference(
    moved_residual: CellRows, residual_here: CellRows, vector: CellRows, scaling: Scaling, step: float,
    out_product: CellRows,
) -> None:  # fmt: skip
    """Scaled difference of two residuals over a step, plus the pseudo-time term, times the density."""
    scale, rate, cfl = scaling
    for cell in prange(vector.shape[0]):
        weight, shift = scale[cell, 0] / (step * rate[cell]), scale[cell, 0] / cfl[cell]
        for variable in range(vector.shape[1]):
            change = weight / scale[cell, variable]
            change *= moved_residual[cell, variable] - residual_here[cell, variable]
            out_product[cell, variable] = change + shift * vector[cell, variable]
