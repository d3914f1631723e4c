"""Linear reconstruction: least-squares gradients, limited face by face, to positive states at the faces."""

from __future__ import annotations

from typing import Final, NamedTuple

from breachflow.arrays import CellScalars, FactorRows, GhostedRows, GhostedScalars, GradientRows, StateRows
from breachflow.compiled import parallel_kernel, pointwise, prange
from breachflow.numerics.space.discretization import UNLIMITED, Discretization, Scheme
from breachflow.numerics.space.layout import Boundary, Cells, Faces
from breachflow.numerics.space.rows import load_primitive, variable_columns
from breachflow.physics.gas import Gas, Primitive, temperature_of
from breachflow.physics.limiter import limiter_factor
from breachflow.simd import Stencil, differentiate
from breachflow.vectors import Vector, combine, dot, load

LEAST_FACE_FRACTION: Final = 0.1
"""Density and pressure at a face are at least this fraction of the cell's own."""

FACTORS: Final = 6
"""Factors of the limiter at an interior face: of density, velocity and pressure, from both sides."""


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

    Where the scheme has an `enthalpy_band`, only a part of them in a cell whose total enthalpy is off. In
    laminar flow also of the temperature, and this and the viscosity after it. It is not made of those of
    pressure and density: where the densities of neighbors differ by decades, that is noise over a small
    number.
    """
    (axes, cells, _, _), scheme, gas = discretization
    cells, scheme, gas = Cells(*cells), Scheme(*scheme), Gas(*gas)
    last = variable_columns(axes) + len(axes)
    for cell in prange(len(cells.volume)):
        begin = cells.stencil_offsets[cell]
        end = cells.stencil_offsets[cell + 1] if scheme.order == 2 else begin
        stencil = Stencil(cells.stencil, cells.weights, begin, end)
        differentiate(primitive, temperature, cell, stencil, axes, out_gradient)
        if scheme.enthalpy_band > 0.0:
            part = trusted_part(load_primitive(primitive, cell, axes), scheme.enthalpy_band, gas)
            for entry in range(variable_columns(axes)):
                out_gradient[cell, entry] *= part
        if len(temperature) > 0:
            out_gradient[cell, last], out_gradient[cell, last + 1] = temperature[cell], viscosity[cell]


@pointwise
def trusted_part(state: Primitive, band: float, gas: Gas) -> float:
    """Part of a cell's gradient that is kept: 1 at the total enthalpy of gas at rest, half `band` off it."""
    speed_square = dot(state.velocity, state.velocity)
    enthalpy = temperature_of(state) + 0.5 * (gas.gamma - 1.0) / gas.gamma * speed_square
    deviation = (enthalpy - 1.0) / band
    return 1.0 / (1.0 + deviation * deviation)


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
def scalar_factor(limiting: Limiting, own: float, other: float, extrapolated_jump: float) -> float:
    """Factor by which the limiter takes the gradient of density or pressure toward a face."""
    jump = other - own
    upwind = 2.0 * extrapolated_jump - jump
    threshold = (limiting.threshold * own) ** 2
    return limiter_factor(limiting.limiter, upwind * jump, upwind * upwind, jump * jump, threshold)


@pointwise
def velocity_factor(
    limiting: Limiting, own: Primitive, other: Primitive, extrapolated_jump: Primitive, gas: Gas
) -> float:
    """That factor of the velocity. Jumps are measured by the sound speed; all squares are times density."""
    jump = combine(1.0, other.velocity, -1.0, own.velocity)
    upwind = combine(2.0, extrapolated_jump.velocity, -1.0, jump)
    threshold = limiting.threshold**2 * gas.gamma * own.pressure
    return limiter_factor(
        limiting.limiter,
        own.density * dot(upwind, jump),
        own.density * dot(upwind, upwind),
        own.density * dot(jump, jump),
        threshold,
    )


@pointwise
def face_factors(
    own: Primitive, other: Primitive, extrapolated_jump: Primitive, limiting: Limiting, gas: Gas
) -> tuple[float, float, float]:
    """The limiter's factors of density, velocity and pressure toward a face.

    `extrapolated_jump` is the change by the cell's gradient up to the neighbor's center.
    """
    return (
        scalar_factor(limiting, own.density, other.density, extrapolated_jump.density),
        velocity_factor(limiting, own, other, extrapolated_jump, gas),
        scalar_factor(limiting, own.pressure, other.pressure, extrapolated_jump.pressure),
    )


@pointwise
def positive(own: float, change: float) -> float:
    """Density or pressure at a face; at least `LEAST_FACE_FRACTION` of the cell's own."""
    return own + max(change, (LEAST_FACE_FRACTION - 1.0) * own)


@pointwise
def face_value(
    own: Primitive, other: Primitive, change: Primitive, extrapolated_jump: Primitive, limiting: Limiting,
    gas: Gas,
) -> Primitive:  # fmt: skip
    """State of a cell at one of its faces, limited against the neighbor there.

    `change` and `extrapolated_jump` are the changes by the cell's gradient up to the face and up to the
    neighbor's center.
    """
    density, velocity, pressure = face_factors(own, other, extrapolated_jump, limiting, gas)
    return Primitive(
        positive(own.density, density * change.density),
        combine(1.0, own.velocity, velocity, change.velocity),
        positive(own.pressure, pressure * change.pressure),
    )


@parallel_kernel
def limiter_factors(
    primitive: GhostedRows, gradient: GradientRows, discretization: Discretization, out_factors: FactorRows
) -> None:
    """The limiter's factors of density, velocity and pressure at every interior face.

    The first three are those of its left cell, the others those of its right cell.
    """
    (axes, _, faces, _), scheme, gas = discretization
    faces, scheme, gas = Faces(*faces), Scheme(*scheme), Gas(*gas)
    for face in prange(len(out_factors)):
        left, right = faces.left[face], faces.right[face]
        to_face = load(faces.left_to_face, face, 0, axes)
        to_right = combine(1.0, to_face, -1.0, load(faces.right_to_face, face, 0, axes))
        limiting = Limiting(scheme.limiter, scheme.limiter_threshold)
        inner, outer = load_primitive(primitive, left, axes), load_primitive(primitive, right, axes)
        jump = change_along(gradient, left, to_right, axes)
        first = face_factors(inner, outer, jump, limiting, gas)
        jump = change_along(gradient, right, combine(-1.0, to_right, 0.0, to_right), axes)
        second = face_factors(outer, inner, jump, limiting, gas)
        for kind in range(3):
            out_factors[face, kind], out_factors[face, kind + 3] = first[kind], second[kind]
