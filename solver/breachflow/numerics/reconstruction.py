"""From cell values to states at faces: least-squares gradients, limited face by face, never negative."""

from __future__ import annotations

from typing import Any, NamedTuple

from breachflow.compiled import parallel_kernel, pointwise, prange
from breachflow.numerics.layout import Cells
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
def slope(gradient: Any, cell: int, variable: int, arm: Vector, axes: tuple[int, ...]) -> float:
    """Change of a variable along an arm, by the cell's gradient."""
    return dot(load(gradient, cell, variable * len(axes), axes), arm)


@pointwise
def velocity_slope(gradient: Any, cell: int, arm: Vector, axes: tuple[int, ...]) -> Vector:
    """Change of the velocity along an arm, by the cell's gradient."""
    if len(axes) == 2:
        return (slope(gradient, cell, 1, arm, axes), slope(gradient, cell, 2, arm, axes))
    return (
        slope(gradient, cell, 1, arm, axes),
        slope(gradient, cell, 2, arm, axes),
        slope(gradient, cell, 3, arm, axes),
    )


@pointwise
def scalar_change(
    limiting: Limiting, jump: float, upwind: float, change: float, scale: float, value: float
) -> float:
    """Limited change of a scalar from cell to face, never below its least share of the cell's value."""
    noise = (limiting.noise * scale) ** 2
    factor = limiter_factor(limiting.limiter, upwind * jump, upwind * upwind, jump * jump, noise)
    return max(factor * change, (LEAST_FACE_SHARE - 1.0) * value)


@pointwise
def face_state(
    own: Primitive, other: Primitive, gradient: Any, cell: int, arm: Vector, reach: Vector,
    axes: tuple[int, ...], limiting: Limiting, gas: Gas,
) -> Primitive:  # fmt: skip
    """State that a cell sees at the end of `arm`, limited against the neighbor at the end of `reach`."""
    n = len(axes) + 1
    jump = other.density - own.density
    upwind = 2.0 * slope(gradient, cell, 0, reach, axes) - jump
    change = slope(gradient, cell, 0, arm, axes)
    density = own.density + scalar_change(limiting, jump, upwind, change, own.density, own.density)
    jump = other.pressure - own.pressure
    upwind = 2.0 * slope(gradient, cell, n, reach, axes) - jump
    change = slope(gradient, cell, n, arm, axes)
    pressure = own.pressure + scalar_change(limiting, jump, upwind, change, own.pressure, own.pressure)
    kick = combine(1.0, other.velocity, -1.0, own.velocity)
    back = combine(2.0, velocity_slope(gradient, cell, reach, axes), -1.0, kick)
    noise = limiting.noise**2 * (gas.gamma * own.pressure / own.density)
    factor = limiter_factor(limiting.limiter, dot(back, kick), dot(back, back), dot(kick, kick), noise)
    velocity = combine(1.0, own.velocity, factor, velocity_slope(gradient, cell, arm, axes))
    return Primitive(density, velocity, pressure)
