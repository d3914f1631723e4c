"""Fluxes through all faces: inside in blocks that the vector unit works on, at the boundary one by one.

A block holds one column for each number of its faces. Its rows read like rows of any other array, so that the
same pointwise functions serve blocks and single faces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from breachflow.compiled import chosen_by_code, parallel_kernel, pointwise, prange
from breachflow.numerics.space.discretization import UNLIMITED, Scheme
from breachflow.numerics.space.layout import Boundary, Faces
from breachflow.numerics.space.reconstruction import Limiting, change_along, face_state
from breachflow.numerics.space.rows import load_primitive, store_conserved, store_primitive
from breachflow.physics.boundary import boundary_flux, is_impermeable
from breachflow.physics.face import numerical_flux
from breachflow.physics.fluxes import NAMES
from breachflow.physics.gas import Gas
from breachflow.simd import LANES, fetch_ahead, gather
from breachflow.vectors import combine, load

AHEAD = 2 * LANES
"""Faces ahead whose cells are asked for: the memory's delay is that of about two blocks."""


class Columns(NamedTuple):
    """First columns of what a block holds."""

    left: int
    right: int
    left_gradient: int
    right_gradient: int
    normal: int
    left_arm: int
    right_arm: int
    area: int
    end: int


@parallel_kernel
def fluxes(
    primitive: Any, gradient: Any, faces: Faces, boundary: Boundary, axes: tuple[int, ...], scheme: Scheme,
    gas: Gas, out_flux: Any,
) -> None:  # fmt: skip
    """Flux times area through every face, from its owner to its neighbor."""
    inside = len(faces.area) - len(boundary.kind)
    for number in prange((inside + LANES - 1) // LANES):
        begin = number * LANES
        block = np.empty((columns_of(axes).end, LANES))
        load_block(primitive, gradient, faces, begin, inside, axes, scheme.order, block)
        if scheme.order == 2:
            reconstruct_block(block.T, axes, Limiting(scheme.limiter, scheme.noise), gas)
        flux_of_block(scheme.flux, block.T, axes, gas)
        for lane in range(min(LANES, inside - begin)):
            for variable in range(len(axes) + 2):
                out_flux[begin + lane, variable] = block[variable, lane]
    for b in prange(len(boundary.kind)):
        flux_of_boundary_face(primitive, gradient, faces, boundary, b, axes, scheme, gas, out_flux)


@pointwise
def columns_of(axes: tuple[int, ...]) -> Columns:
    """Where the numbers of a block lie."""
    n, nvar = len(axes), len(axes) + 2
    gradients = 2 * nvar
    normal = gradients + 2 * n * nvar
    end = normal + 3 * n + 1
    return Columns(0, nvar, gradients, gradients + n * nvar, normal, normal + n, normal + 2 * n, end - 1, end)


@pointwise
def load_block(
    primitive: Any, gradient: Any, faces: Faces, begin: int, end: int, axes: tuple[int, ...], order: int,
    out_block: Any,
) -> None:  # fmt: skip
    """A block of faces from `begin` on (lanes beyond `end` repeat the last), with the cells on both sides."""
    at = columns_of(axes)
    left, right = np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    for lane in range(LANES):
        ahead = faces.right[min(begin + lane + AHEAD, end - 1)]
        fetch_ahead(primitive, ahead)
        fetch_ahead(gradient, ahead)
        face = min(begin + lane, end - 1)
        left[lane], right[lane] = faces.left[face], faces.right[face]
        out_block[at.area, lane] = faces.area[face]
        for axis in range(len(axes)):
            out_block[at.normal + axis, lane] = faces.normal[face, axis]
            out_block[at.left_arm + axis, lane] = faces.left_arm[face, axis]
            out_block[at.right_arm + axis, lane] = faces.right_arm[face, axis]
    gather(primitive, left, at.right, out_block, at.left)
    gather(primitive, right, at.right, out_block, at.right)
    if order == 2:
        gather(gradient, left, at.right * len(axes), out_block, at.left_gradient)
        gather(gradient, right, at.right * len(axes), out_block, at.right_gradient)


@pointwise
def reconstruct_block(block: Any, axes: tuple[int, ...], limiting: Limiting, gas: Gas) -> None:
    """States of a block's cells (LANES, columns) replaced by those at its faces, limited."""
    at = columns_of(axes)
    for lane in range(LANES):
        here, there = load_primitive(block, lane, axes, at.left), load_primitive(block, lane, axes, at.right)
        arm, back_arm = load(block, lane, at.left_arm, axes), load(block, lane, at.right_arm, axes)
        way = combine(1.0, arm, -1.0, back_arm)
        change = change_along(block, lane, arm, axes, at.left_gradient)
        reach = change_along(block, lane, way, axes, at.left_gradient)
        store_primitive(face_state(here, there, change, reach, limiting, gas), block, lane, at.left)
        way = combine(1.0, back_arm, -1.0, arm)
        change = change_along(block, lane, back_arm, axes, at.right_gradient)
        reach = change_along(block, lane, way, axes, at.right_gradient)
        store_primitive(face_state(there, here, change, reach, limiting, gas), block, lane, at.right)


def _flux_of_lanes(code: int) -> Callable[..., None]:
    """The loop over a block's faces for one numerical flux: with a constant code it vectorizes."""

    @pointwise
    def flux_of_lanes(block: Any, axes: tuple[int, ...], gas: Gas) -> None:
        at = columns_of(axes)
        for lane in range(LANES):
            here = load_primitive(block, lane, axes, at.left)
            there = load_primitive(block, lane, axes, at.right)
            flux = numerical_flux(code, here, there, load(block, lane, at.normal, axes), gas)
            store_conserved(flux, block[lane, at.area], block, lane)

    return flux_of_lanes


flux_of_block = chosen_by_code([_flux_of_lanes(code) for code in range(len(NAMES))])
"""Flux times area of a block's faces (LANES, columns) in its first columns: (code, block, axes, gas)."""


@pointwise
def flux_of_boundary_face(
    primitive: Any, gradient: Any, faces: Faces, boundary: Boundary, number: int, axes: tuple[int, ...],
    scheme: Scheme, gas: Gas, out_flux: Any,
) -> None:  # fmt: skip
    """Flux times area through a face of the boundary."""
    face = len(faces.area) - len(boundary.kind) + number
    cell, kind = faces.left[face], boundary.kind[number]
    here = load_primitive(primitive, cell, axes)
    if scheme.order == 2:
        there = load_primitive(primitive, faces.right[face], axes)
        arm = load(faces.left_arm, face, 0, axes)
        way = combine(1.0, arm, -1.0, load(faces.right_arm, face, 0, axes))
        change, reach = change_along(gradient, cell, arm, axes), change_along(gradient, cell, way, axes)
        here = face_state(here, there, change, reach, limiting_at(face, faces, boundary, scheme), gas)
    outside, normal = load_primitive(boundary.state, number, axes), load(faces.normal, face, 0, axes)
    flux = boundary_flux(kind, scheme.flux, here, normal, outside, gas)
    store_conserved(flux, faces.area[face], out_flux, face)


@pointwise
def limiting_at(face: int, faces: Faces, boundary: Boundary, scheme: Scheme) -> Limiting:
    """Gradients are limited but at a boundary that gas may pass: behind it is no neighbor to compare with."""
    b = face - (len(faces.area) - len(boundary.kind))
    if b >= 0 and not is_impermeable(boundary.kind[b]):
        return Limiting(UNLIMITED, scheme.noise)
    return Limiting(scheme.limiter, scheme.noise)
