"""Linear reconstruction: least-squares gradients, limited face by face, to positive states at the faces."""

from __future__ import annotations

from typing import Final, NamedTuple

from breachflow.arrays import CellScalars, GhostedRows, GhostedScalars, GradientRows, StateRows
from breachflow.compiled import parallel_kernel, pointwise, prange
from breachflow.numerics.space.discretization import UNLIMITED, Discretization, Scheme
from breachflow.numerics.space.layout import Boundary, Cells
from breachflow.numerics.space.rows import variable_columns
from breachflow.physics.gas import Gas, Primitive
from breachflow.physics.limiter import limiter_factor
from breachflow.simd import Stencil, differentiate
from breachflow.vectors import Vector, combine, dot, load

LEAST_FACE_FRACTION: Final = 0.1
"""Density and pressure at a face are at least this fraction of the cell's own."""


class Limiting(NamedTuple):
    """Limiting of the gradient toward one face."""

    limiter: int
    """Code of `Limiter`."""
    threshold: float
    """Jumps below this fraction of the local density, pressure or sound speed are not limited."""


@parallel_kernel
def gradients(
    primitive: GhostedRows, temperature: GhostedScalars, viscosity: CellScalars,
    discretization: Discretization, out_gradient: GradientRows,
) -> None:  # fmt: skip
    """Least-squares gradients of the primitive variables, not limited; zero at first order.

    In laminar flow also of the temperature, and this and the viscosity after it. It is not made of those of
    pressure and density: where the densities of neighbors differ by decades, that is noise over a small
    number.
    """
    (axes, cells, _, _), scheme, _ = discretization
    cells, scheme = Cells(*cells), Scheme(*scheme)
    last = variable_columns(axes) + len(axes)
    for cell in prange(len(cells.volume)):
        begin = cells.stencil_offsets[cell]
        end = cells.stencil_offsets[cell + 1] if scheme.order == 2 else begin
        stencil = Stencil(cells.stencil, cells.weights, begin, end)
        differentiate(primitive, temperature, cell, stencil, axes, out_gradient)
        if len(temperature) > 0:
            out_gradient[cell, last], out_gradient[cell, last + 1] = temperature[cell], viscosity[cell]


@pointwise
def limiting_at_boundary(boundary: Boundary, number: int, scheme: Scheme) -> Limiting:
    """Limiting of the gradient toward a boundary face."""
    limiter = scheme.limiter if boundary.is_limited[number] else UNLIMITED
    return Limiting(limiter, scheme.limiter_threshold)


@pointwise
def change_along(
    gradient: StateRows, row: int, path: Vector, axes: tuple[int, ...], first: int = 0
) -> Primitive:
    """Change of all variables along a path, by the gradient in a row's columns from `first` on."""
    density = derivative(gradient, row, first, path, axes)
    pressure = derivative(gradient, row, first + (len(axes) + 1) * len(axes), path, axes)
    u = derivative(gradient, row, first + len(axes), path, axes)
    v = derivative(gradient, row, first + 2 * len(axes), path, axes)
    if len(axes) == 2:
        return Primitive(density, (u, v), pressure)
    w = derivative(gradient, row, first + 3 * len(axes), path, axes)
    return Primitive(density, (u, v, w), pressure)


@pointwise
def derivative(gradient: StateRows, row: int, first: int, path: Vector, axes: tuple[int, ...]) -> float:
    """Change of one variable along a path, by its gradient in a row's columns from `first` on."""
    return dot(load(gradient, row, first, axes), path)


@pointwise
def face_scalar(
    limiting: Limiting, own: float, other: float, change: float, extrapolated_jump: float
) -> float:
    """Density or pressure at a face, from the gradient's change up to it and up to the other center."""
    jump = other - own
    upwind = 2.0 * extrapolated_jump - jump
    threshold = (limiting.threshold * own) ** 2
    factor = limiter_factor(limiting.limiter, upwind * jump, upwind * upwind, jump * jump, threshold)
    return own + max(factor * change, (LEAST_FACE_FRACTION - 1.0) * own)


@pointwise
def face_velocity(
    limiting: Limiting, own: Primitive, other: Primitive, change: Primitive, extrapolated_jump: Primitive,
    gas: Gas,
) -> Vector:  # fmt: skip
    """Velocity at a face. Its jumps are measured by the sound speed; all squares are times the density."""
    jump = combine(1.0, other.velocity, -1.0, own.velocity)
    upwind = combine(2.0, extrapolated_jump.velocity, -1.0, jump)
    threshold = limiting.threshold**2 * gas.gamma * own.pressure
    factor = limiter_factor(
        limiting.limiter,
        own.density * dot(upwind, jump),
        own.density * dot(upwind, upwind),
        own.density * dot(jump, jump),
        threshold,
    )
    return combine(1.0, own.velocity, factor, change.velocity)


@pointwise
def face_value(
    own: Primitive, other: Primitive, change: Primitive, extrapolated_jump: Primitive, limiting: Limiting,
    gas: Gas,
) -> Primitive:  # fmt: skip
    """State of a cell at one of its faces, limited against the neighbor there.

    `change` and `extrapolated_jump` are the changes by the cell's gradient up to the face and up to the
    neighbor's center.
    """
    return Primitive(
        face_scalar(limiting, own.density, other.density, change.density, extrapolated_jump.density),
        face_velocity(limiting, own, other, change, extrapolated_jump, gas),
        face_scalar(limiting, own.pressure, other.pressure, change.pressure, extrapolated_jump.pressure),
    )
