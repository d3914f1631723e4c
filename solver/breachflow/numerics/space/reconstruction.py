"""From cell values to states at faces: least-squares gradients, limited face by face, never negative."""

from __future__ import annotations

from typing import Any, NamedTuple

from breachflow.compiled import parallel_kernel, pointwise, prange
from breachflow.numerics.space.layout import Cells
from breachflow.physics.gas import Gas, Primitive
from breachflow.physics.limiter import limiter_factor
from breachflow.vectors import Vector, combine, dot, load

LEAST_FACE_SHARE = 0.1
"""Density and pressure at a face are at least this share of the cell's own."""


class Limiting(NamedTuple):
    """How gradients are limited."""

    limiter: int
    """`Limiter` code."""
    noise: float
    """Jumps below this share of the local density, pressure or sound speed are not limited."""


@parallel_kernel
def gradients(primitive: Any, cells: Cells, axes: tuple[int, ...], out_gradient: Any) -> None:
    """Least-squares gradients of the primitive variables."""
    for cell in prange(len(cells.volume)):
        for entry in range((len(axes) + 2) * len(axes)):
            out_gradient[cell, entry] = 0.0
        for k in range(cells.stencil_offsets[cell], cells.stencil_offsets[cell + 1]):
            other = cells.stencil[k]
            for variable in range(len(axes) + 2):
                jump = primitive[other, variable] - primitive[cell, variable]
                for axis in range(len(axes)):
                    out_gradient[cell, variable * len(axes) + axis] += cells.weights[k, axis] * jump


@pointwise
def slope(gradient: Any, row: int, first: int, variable: int, arm: Vector, axes: tuple[int, ...]) -> float:
    """Change of a variable along an arm, by the gradient in a row's columns from `first` on."""
    return dot(load(gradient, row, first + variable * len(axes), axes), arm)


@pointwise
def change_along(gradient: Any, row: int, arm: Vector, axes: tuple[int, ...], first: int = 0) -> Primitive:
    """Change of all variables along an arm, by the gradient in a row's columns from `first` on."""
    density = slope(gradient, row, first, 0, arm, axes)
    pressure = slope(gradient, row, first, len(axes) + 1, arm, axes)
    u, v = slope(gradient, row, first, 1, arm, axes), slope(gradient, row, first, 2, arm, axes)
    if len(axes) == 2:
        return Primitive(density, (u, v), pressure)
    return Primitive(density, (u, v, slope(gradient, row, first, 3, arm, axes)), pressure)


@pointwise
def scalar_at_face(limiting: Limiting, own: float, other: float, change: float, reach: float) -> float:
    """Density or pressure at a face, from the gradient's change up to it and up to the other center."""
    jump = other - own
    upwind = 2.0 * reach - jump
    noise = (limiting.noise * own) ** 2
    factor = limiter_factor(limiting.limiter, upwind * jump, upwind * upwind, jump * jump, noise)
    return own + max(factor * change, (LEAST_FACE_SHARE - 1.0) * own)


@pointwise
def velocity_at_face(
    limiting: Limiting, own: Primitive, other: Primitive, change: Primitive, reach: Primitive, gas: Gas
) -> Vector:
    """Velocity at a face. Its jumps are measured by the sound speed, all multiplied by the density."""
    jump = combine(1.0, other.velocity, -1.0, own.velocity)
    upwind = combine(2.0, reach.velocity, -1.0, jump)
    noise = limiting.noise**2 * gas.gamma * own.pressure
    factor = limiter_factor(
        limiting.limiter,
        own.density * dot(upwind, jump),
        own.density * dot(upwind, upwind),
        own.density * dot(jump, jump),
        noise,
    )
    return combine(1.0, own.velocity, factor, change.velocity)


@pointwise
def face_state(
    own: Primitive, other: Primitive, change: Primitive, reach: Primitive, limiting: Limiting, gas: Gas
) -> Primitive:
    """State that a cell sees at a face, limited against its neighbor.

    `change` and `reach` are what its gradient says of the way to the face and to the neighbor's center.
    """
    return Primitive(
        scalar_at_face(limiting, own.density, other.density, change.density, reach.density),
        velocity_at_face(limiting, own, other, change, reach, gas),
        scalar_at_face(limiting, own.pressure, other.pressure, change.pressure, reach.pressure),
    )
