"""Linear reconstruction: least-squares gradients, limited face by face, to positive states at the faces."""

from __future__ import annotations

from typing import Final, NamedTuple

from breachflow.arrays import GhostedRows, GradientRows, StateRows, ThermalRows
from breachflow.compiled import parallel_kernel, pointwise, prange
from breachflow.numerics.space.discretization import UNLIMITED, Discretization, Scheme
from breachflow.numerics.space.layout import Boundary, Cells, Layout
from breachflow.numerics.space.rows import VISCOSITY_COLUMN, load_primitive
from breachflow.physics.gas import Gas, Primitive, temperature_of, viscosity_at
from breachflow.physics.limiter import limiter_factor
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
def gradients(primitive: GhostedRows, layout: Layout, out_gradient: GradientRows) -> None:
    """Least-squares gradients of the primitive variables, not limited."""
    axes, cells = layout.axes, Cells(*layout.cells)
    for cell in prange(len(cells.volume)):
        for entry in range((len(axes) + 2) * len(axes)):
            out_gradient[cell, entry] = 0.0
        for k in range(cells.stencil_offsets[cell], cells.stencil_offsets[cell + 1]):
            other = cells.stencil[k]
            for variable in range(len(axes) + 2):
                jump = primitive[other, variable] - primitive[cell, variable]
                for axis in range(len(axes)):
                    out_gradient[cell, variable * len(axes) + axis] += cells.weights[k, axis] * jump


@parallel_kernel
def thermal(primitive: GhostedRows, discretization: Discretization, out_thermal: ThermalRows) -> None:
    """Least-squares gradient of the temperature, and the viscosity, of every cell.

    Not from the gradients of pressure and density: where the densities of neighbors differ by decades, that
    is noise over a small number.
    """
    (axes, cells, _, _), scheme, gas = discretization
    cells, scheme, gas = Cells(*cells), Scheme(*scheme), Gas(*gas)
    for cell in prange(len(cells.volume)):
        own = temperature_of(load_primitive(primitive, cell, axes))
        out_thermal[cell, VISCOSITY_COLUMN] = viscosity_at(own, gas)
        for axis in range(len(axes)):
            out_thermal[cell, axis] = 0.0
        if scheme.order == 2:
            for k in range(cells.stencil_offsets[cell], cells.stencil_offsets[cell + 1]):
                jump = temperature_of(load_primitive(primitive, cells.stencil[k], axes)) - own
                for axis in range(len(axes)):
                    out_thermal[cell, axis] += cells.weights[k, axis] * jump


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
