"""Fluxes through all faces: interior faces in blocks for the vector unit, boundary faces one by one.

A block has a row for each number of its faces and a column for each face. Its transpose reads like an array
of states, so that the same pointwise functions serve blocks and single faces.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import FaceRows, FactorRows, GhostedRows, GradientRows, StateRows
from breachflow.compiled import chosen_by_code, parallel_kernel, pointwise, prange
from breachflow.numerics.space.discretization import UNLIMITED, Discretization, Scheme
from breachflow.numerics.space.layout import Boundary, Cells, Faces, Layout, interior_faces
from breachflow.numerics.space.reconstruction import (
    Limiting,
    change_along,
    face_value,
    limiting_at_boundary,
)
from breachflow.numerics.space.rows import (
    CellArrays,
    load_face,
    load_primitive,
    load_side,
    load_wall,
    store_conserved,
    store_primitive,
    thermal_columns,
    variable_columns,
)
from breachflow.physics.euler import mix
from breachflow.physics.face import (
    Face,
    Side,
    boundary_face_flux,
    face_flux,
    viscous_boundary_flux,
    viscous_face_flux,
)
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Gas, Primitive
from breachflow.physics.wall import one_sided_weight
from breachflow.simd import LANES, fetch_ahead, gather
from breachflow.vectors import combine, dot, load, store

PREFETCH_DISTANCE: Final = 2 * LANES
"""Faces ahead whose cells are prefetched: the latency of memory is that of about two blocks."""


HLLC: Final = int(NumericalFlux["HLLC"])
HLLE: Final = int(NumericalFlux["HLLE"])

COMPRESSED: Final = 0.1
"""Compression of a cell from which a part of a softened flux is HLLE's; see `mark_shocks`."""

SHOCK: Final = 0.5
"""Compression from which all of it is. A normal shock between two cells has 0.1 at a Mach number of 1.13, and
0.5 at 1.8."""


class Columns(NamedTuple):
    """First columns of what a transposed block holds."""

    left: int
    right: int
    left_gradient: int
    right_gradient: int
    normal: int
    left_to_face: int
    right_to_face: int
    area: int
    inverse_radius: int
    viscous: int
    softened: int
    end: int


class FaceRange(NamedTuple):
    """Faces from `begin` up to, but without, `end`."""

    begin: int
    end: int


@parallel_kernel
def fluxes(
    primitive: GhostedRows, gradient: GradientRows, held: FactorRows, discretization: Discretization,
    out_flux: FaceRows,
) -> None:  # fmt: skip
    """Flux times area through every face, from its owner to its neighbor.

    Where `held` has rows, they are the limiter's factors of the interior faces, and no others are computed.
    The viscous flux of a block comes first: it needs the states of the cells, which the reconstruction
    replaces by those at the face.
    """
    (axes, cells, faces, boundary), scheme, gas = discretization
    cells, faces, boundary = Cells(*cells), Faces(*faces), Boundary(*boundary)
    scheme, gas = Scheme(*scheme), Gas(*gas)
    inside = len(faces.area) - len(boundary.behavior)
    for number in prange((inside + LANES - 1) // LANES):
        begin = number * LANES
        block = np.empty((columns_of(axes).end, LANES))
        is_viscous = gas.viscosity > 0.0
        with_gradients = is_viscous or scheme.order == 2
        load_block(primitive, gradient, faces, FaceRange(begin, inside), axes, with_gradients, block)
        if is_viscous:
            viscous_flux_of_block(block.T, axes, gas)
        is_softened = False
        if scheme.order == 2 and scheme.softens_shocks:
            is_softened = mark_shocks(block.T, axes, gas)
        elif len(faces.softening) > 0:
            is_softened = load_softening(faces, FaceRange(begin, inside), axes, block)
        if scheme.order == 2 and len(held) > 0:
            scale_gradients(held, FaceRange(begin, inside), axes, block)
            reconstruct_block(block.T, axes, Limiting(UNLIMITED, 0.0), gas)
        elif scheme.order == 2:
            reconstruct_block(block.T, axes, Limiting(scheme.limiter, scheme.limiter_threshold), gas)
        if scheme.slow_jump < 1.0:
            narrow_jumps(block.T, faces, FaceRange(begin, inside), axes, scheme.slow_jump, gas)
        if len(faces.damping) > 0:
            if not is_viscous:
                block[columns_of(axes).viscous : columns_of(axes).softened] = 0.0
            add_drag(block.T, faces, FaceRange(begin, inside), axes, gas)
        if is_softened:
            softened_flux_of_block(block.T, axes, gas)
        else:
            flux_of_block(scheme.flux, block.T, axes, gas)
        if is_viscous or len(faces.damping) > 0:
            subtract_viscous_rows(block, axes)
        for lane in range(min(LANES, inside - begin)):
            for variable in range(len(axes) + 2):
                out_flux[begin + lane, variable] = block[variable, lane]
    for b in prange(len(boundary.behavior)):
        here = Discretization(Layout(axes, cells, faces, boundary), scheme, gas)
        flux_of_boundary_face(primitive, gradient, here, b, out_flux)
        if gas.viscosity > 0.0:
            subtract_viscous_flux(primitive, gradient, here, b, out_flux)


@pointwise
def columns_of(axes: tuple[int, ...]) -> Columns:
    """First columns of the numbers of a block."""
    n, nvar = len(axes), len(axes) + 2
    gradients, width = 2 * nvar, variable_columns(axes) + thermal_columns(axes)
    normal = gradients + 2 * width
    area = normal + 3 * n
    viscous = area + 2
    return Columns(
        0, nvar, gradients, gradients + width, normal, normal + n, normal + 2 * n, area, area + 1,
        viscous, viscous + n + 1, viscous + n + 2,
    )  # fmt: skip


@pointwise
def load_block(
    primitive: GhostedRows, gradient: GradientRows, faces: Faces, span: FaceRange, axes: tuple[int, ...],
    with_gradients: bool, out_block: StateRows,
) -> None:  # fmt: skip
    """A block (columns, LANES) of interior faces from `span.begin` on, with the cells on both sides.

    Lanes beyond the last interior face repeat it. The loop that calls this hands its threads the faces alone:
    with the arrays of a whole layout it is 10 % slower.
    """
    begin, end = span
    at = columns_of(axes)
    left, right = np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    for lane in range(LANES):
        ahead = faces.right[min(begin + lane + PREFETCH_DISTANCE, end - 1)]
        fetch_ahead(primitive, ahead)
        fetch_ahead(gradient, ahead)
        face = min(begin + lane, end - 1)
        left[lane], right[lane] = faces.left[face], faces.right[face]
        load_geometry(faces, face, axes, lane, out_block)
    gather(primitive, left, at.right, out_block, at.left)
    gather(primitive, right, at.right, out_block, at.right)
    if with_gradients:
        gather(gradient, left, gradient.shape[1], out_block, at.left_gradient)
        gather(gradient, right, gradient.shape[1], out_block, at.right_gradient)


@pointwise
def load_geometry(faces: Faces, face: int, axes: tuple[int, ...], lane: int, out_block: StateRows) -> None:
    """The geometry of a face in a lane of a block."""
    at = columns_of(axes)
    out_block[at.area, lane] = faces.area[face]
    out_block[at.inverse_radius, lane] = faces.inverse_radius[face]
    for axis in range(len(axes)):
        out_block[at.normal + axis, lane] = faces.normal[face, axis]
        out_block[at.left_to_face + axis, lane] = faces.left_to_face[face, axis]
        out_block[at.right_to_face + axis, lane] = faces.right_to_face[face, axis]


@pointwise
def viscous_flux_of_block(block: StateRows, axes: tuple[int, ...], gas: Gas) -> None:
    """Viscous flux times area of a transposed block's faces (LANES, columns)."""
    at = columns_of(axes)
    for lane in range(LANES):
        left = load_side(
            CellArrays(block, block, (at.left, at.left_gradient)),
            lane, load(block, lane, at.left_to_face, axes), axes,
        )  # fmt: skip
        right = load_side(
            CellArrays(block, block, (at.right, at.right_gradient)),
            lane, load(block, lane, at.right_to_face, axes), axes,
        )  # fmt: skip
        area = block[lane, at.area]
        face = Face(area, load(block, lane, at.normal, axes), block[lane, at.inverse_radius])
        flux = viscous_face_flux(left, right, face, gas)
        store(combine(area, flux.momentum, 0.0, flux.momentum), block, lane, at.viscous)
        block[lane, at.viscous + len(axes)] = area * flux.energy


@pointwise
def subtract_viscous_rows(block: StateRows, axes: tuple[int, ...]) -> None:
    """Subtract the viscous flux of a block (columns, LANES) from the convective one in its first rows."""
    for variable in range(len(axes) + 1):
        for lane in range(LANES):
            block[variable + 1, lane] -= block[columns_of(axes).viscous + variable, lane]


@pointwise
def scale_gradients(held: FactorRows, span: FaceRange, axes: tuple[int, ...], out_block: StateRows) -> None:
    """Multiply the gradients of a block (columns, LANES) by the held factors of the limiter."""
    at, n = columns_of(axes), len(axes)
    for variable in range(n + 2):
        kind = min(variable, 1) + variable // (n + 1)
        for lane in range(LANES):
            face = min(span.begin + lane, span.end - 1)
            for axis in range(n):
                out_block[at.left_gradient + variable * n + axis, lane] *= held[face, kind]
                out_block[at.right_gradient + variable * n + axis, lane] *= held[face, kind + 3]


@pointwise
def reconstruct_block(block: StateRows, axes: tuple[int, ...], limiting: Limiting, gas: Gas) -> None:
    """Replace the states of a transposed block's cells (LANES, columns) by their limited face values."""
    at = columns_of(axes)
    for lane in range(LANES):
        left, right = load_primitive(block, lane, axes, at.left), load_primitive(block, lane, axes, at.right)
        left_to_face = load(block, lane, at.left_to_face, axes)
        right_to_face = load(block, lane, at.right_to_face, axes)
        to_neighbor = combine(1.0, left_to_face, -1.0, right_to_face)
        change = change_along(block, lane, left_to_face, axes, at.left_gradient)
        jump = change_along(block, lane, to_neighbor, axes, at.left_gradient)
        store_primitive(face_value(left, right, change, jump, limiting, gas), block, lane, at.left)
        to_neighbor = combine(1.0, right_to_face, -1.0, left_to_face)
        change = change_along(block, lane, right_to_face, axes, at.right_gradient)
        jump = change_along(block, lane, to_neighbor, axes, at.right_gradient)
        store_primitive(face_value(right, left, change, jump, limiting, gas), block, lane, at.right)


@pointwise
def narrow_jumps(
    block: StateRows, faces: Faces, span: FaceRange, axes: tuple[int, ...], least: float, gas: Gas
) -> None:
    """Narrow the jumps of normal velocities at the faces of a transposed block (LANES, columns).

    What is left of a jump is its part M, the larger Mach number of both sides, or the part `least`; where
    slow gas is damped, or the flux softened, no less than the part that is.
    """
    at = columns_of(axes)
    for lane in range(LANES):
        left, right = load_primitive(block, lane, axes, at.left), load_primitive(block, lane, axes, at.right)
        normal = load(block, lane, at.normal, axes)
        part = min(max(sqrt(max(mach_square(left, gas), mach_square(right, gas))), least), 1.0)
        if len(faces.damping) > 0:
            part = max(part, faces.damping[min(span.begin + lane, span.end - 1)])
        if len(faces.softening) > 0:
            part = max(part, faces.softening[min(span.begin + lane, span.end - 1)])
        shift = 0.5 * (1.0 - part) * dot(combine(1.0, right.velocity, -1.0, left.velocity), normal)
        store(combine(1.0, left.velocity, shift, normal), block, lane, at.left + 1)
        store(combine(1.0, right.velocity, -shift, normal), block, lane, at.right + 1)


@pointwise
def add_drag(block: StateRows, faces: Faces, span: FaceRange, axes: tuple[int, ...], gas: Gas) -> None:
    """Add the drag of a transposed block's faces (LANES, columns) and its work to their viscous flux.

    It is the damped part of rho c/2 of the cabin's gas at rest times the jump of the velocity along the face.
    """
    at, impedance = columns_of(axes), 0.5 * sqrt(gas.gamma)
    for lane in range(LANES):
        drag = block[lane, at.area] * impedance * faces.damping[min(span.begin + lane, span.end - 1)]
        left, right = load(block, lane, at.left + 1, axes), load(block, lane, at.right + 1, axes)
        normal = load(block, lane, at.normal, axes)
        jump = combine(1.0, right, -1.0, left)
        along = combine(drag, jump, -drag * dot(jump, normal), normal)
        momentum = load(block, lane, at.viscous, axes)
        store(combine(1.0, momentum, 1.0, along), block, lane, at.viscous)
        block[lane, at.viscous + len(axes)] += 0.5 * (dot(along, left) + dot(along, right))


@pointwise
def mach_square(state: Primitive, gas: Gas) -> float:
    """The square of the Mach number."""
    return dot(state.velocity, state.velocity) * state.density / (gas.gamma * state.pressure)


@pointwise
def load_lane(block: StateRows, lane: int, axes: tuple[int, ...]) -> tuple[Side, Side, Face]:
    """Both sides of a transposed block's face, and the face itself, (LANES, columns)."""
    at = columns_of(axes)
    left = Side(load_primitive(block, lane, axes, at.left))
    right = Side(load_primitive(block, lane, axes, at.right))
    return left, right, Face(block[lane, at.area], load(block, lane, at.normal, axes), 0.0)


def _flux_of_lanes(scheme: int) -> Callable[[StateRows, tuple[int, ...], Gas], None]:
    """The loop over a block's faces for one numerical flux: with a constant code it vectorizes."""

    @pointwise
    def flux_of_lanes(block: StateRows, axes: tuple[int, ...], gas: Gas) -> None:
        for lane in range(LANES):
            left, right, face = load_lane(block, lane, axes)
            store_conserved(face_flux(left, right, face, scheme, gas), face.area, block, lane)

    return flux_of_lanes


flux_of_block: Callable[[int, StateRows, tuple[int, ...], Gas], None] = chosen_by_code(
    [_flux_of_lanes(int(code)) for code in NumericalFlux]
)
"""Flux times area of a transposed block's faces, in its first columns: (code, block, axes, gas)."""


@pointwise
def mark_shocks(block: StateRows, axes: tuple[int, ...], gas: Gas) -> bool:
    """Note HLLE's part of the flux at a transposed block's faces (LANES, columns); whether there is any.

    It grows from 0 to 1 with the larger compression of both sides: the velocity that converges on a cell,
    by its gradients, over the distance of the two centers, in speeds of sound.
    """
    at, largest = columns_of(axes), 0.0
    for lane in range(LANES):
        to_face = load(block, lane, at.left_to_face, axes)
        path = combine(1.0, to_face, -1.0, load(block, lane, at.right_to_face, axes))
        left = compression(load_primitive(block, lane, axes, at.left), block, lane, at.left_gradient, axes)
        right = compression(load_primitive(block, lane, axes, at.right), block, lane, at.right_gradient, axes)
        found = sqrt(dot(path, path) * max(left, right) / gas.gamma)
        part = min(max((found - COMPRESSED) / (SHOCK - COMPRESSED), 0.0), 1.0)
        block[lane, at.softened] = part
        largest = max(largest, part)
    return largest > 0.0


@pointwise
def load_softening(faces: Faces, span: FaceRange, axes: tuple[int, ...], out_block: StateRows) -> bool:
    """Note HLLE's part of the flux at a block's faces (columns, LANES); whether there is any."""
    at, largest = columns_of(axes), 0.0
    for lane in range(LANES):
        part = faces.softening[min(span.begin + lane, span.end - 1)]
        out_block[at.softened, lane] = part
        largest = max(largest, part)
    return largest > 0.0


@pointwise
def compression(state: Primitive, block: StateRows, lane: int, first: int, axes: tuple[int, ...]) -> float:
    """Square of the velocity that converges on a cell, per length, over gamma times that of its sound."""
    n, divergence = len(axes), 0.0
    for axis in range(n):
        divergence += block[lane, first + n + axis * (n + 1)]
    return min(divergence, 0.0) ** 2 * state.density / state.pressure


@pointwise
def softened_flux_of_block(block: StateRows, axes: tuple[int, ...], gas: Gas) -> None:
    """Flux times area of a transposed block's faces, in its first columns: of HLLC, and its part of HLLE."""
    at = columns_of(axes)
    for lane in range(LANES):
        left, right, face = load_lane(block, lane, axes)
        part = block[lane, at.softened]
        flux = mix(
            1.0 - part, face_flux(left, right, face, HLLC, gas),
            part, face_flux(left, right, face, HLLE, gas),
        )  # fmt: skip
        store_conserved(flux, face.area, block, lane)


@pointwise
def flux_of_boundary_face(
    primitive: GhostedRows, gradient: GradientRows, discretization: Discretization, number: int,
    out_flux: FaceRows,
) -> None:  # fmt: skip
    """Flux times area through the boundary face of this number."""
    (axes, _, faces, boundary), scheme, gas = discretization
    at = interior_faces(discretization.layout) + number
    cell = faces.left[at]
    state = load_primitive(primitive, cell, axes)
    if scheme.order == 2:
        ghost = load_primitive(primitive, faces.right[at], axes)
        to_face = load(faces.left_to_face, at, 0, axes)
        to_neighbor = combine(1.0, to_face, -1.0, load(faces.right_to_face, at, 0, axes))
        change = change_along(gradient, cell, to_face, axes)
        jump = change_along(gradient, cell, to_neighbor, axes)
        limiting = limiting_at_boundary(boundary, number, scheme)
        state = face_value(state, ghost, change, jump, limiting, gas)
    outside, face = load_primitive(boundary.state, number, axes), load_face(faces, at, axes)
    flux = boundary_face_flux(boundary.behavior[number], Side(state), outside, face, scheme.flux, gas)
    store_conserved(flux, face.area, out_flux, at)


@pointwise
def subtract_viscous_flux(
    primitive: GhostedRows, gradient: GradientRows, discretization: Discretization,
    number: int, out_flux: FaceRows,
) -> None:  # fmt: skip
    """Subtract the viscous flux times area through the boundary face of this number."""
    (axes, _, faces, boundary), scheme, gas = discretization
    at = interior_faces(discretization.layout) + number
    face = load_face(faces, at, axes)
    weight = one_sided_weight(scheme.order)
    arrays = CellArrays(primitive, gradient, (0, 0))
    inside = load_side(arrays, faces.left[at], load(faces.left_to_face, at, 0, axes), axes)
    wall = load_wall(boundary, number, axes)
    flux = viscous_boundary_flux(boundary.behavior[number], inside, wall, face, weight, gas)
    for axis in range(len(axes)):
        out_flux[at, axis + 1] -= face.area * flux.momentum[axis]
    out_flux[at, len(axes) + 1] -= face.area * flux.energy
