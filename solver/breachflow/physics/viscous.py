"""Friction and heat conduction: the viscous flux through a face between two cells, and the stress in a cell.

A Newtonian gas without bulk viscosity (Stokes' hypothesis), Fourier's law with a constant Prandtl number.
"""

from __future__ import annotations

from typing import NamedTuple

from breachflow.compiled import pointwise
from breachflow.physics.gas import (
    Conserved,
    Gas,
    Primitive,
    conductivity_of,
    temperature_of,
    viscosity_at,
)
from breachflow.vectors import (
    Matrix,
    Vector,
    add_outer,
    combine,
    dot,
    mean,
    square,
    times,
    trace,
    transposed_times,
)


class CellSide(NamedTuple):
    """The gas of a cell beside a face, with its gradients: what friction and conduction need."""

    state: Primitive
    """State at the cell's center."""
    velocity_gradient: Matrix
    """Row i is the gradient of component i."""
    temperature: float
    temperature_gradient: Vector
    viscosity: float
    to_face: Vector
    """From the center of the cell to the center of the face."""


@pointwise
def thin_layer(state: Primitive, to_face: Vector, gas: Gas) -> CellSide:
    """A cell beside a face without gradients: what the Jacobian and ghost states know of it."""
    zero = combine(0.0, to_face, 0.0, to_face)
    temperature = temperature_of(state)
    return CellSide(state, square(zero), temperature, zero, viscosity_at(temperature, gas), to_face)


@pointwise
def viscous_traction(
    velocity_gradient: Matrix, radial_rate: float, viscosity: float, normal: Vector
) -> Vector:
    """The viscous stress on a plane, tau n; tau = mu (grad u + grad u^T - 2/3 div u).

    `radial_rate` is v/r of an axisymmetric flow, which belongs to div u; 0 in the plane and in space.
    """
    divergence = trace(velocity_gradient) + radial_rate
    shear = combine(1.0, times(velocity_gradient, normal), 1.0, transposed_times(velocity_gradient, normal))
    return combine(viscosity, shear, -2.0 / 3.0 * viscosity * divergence, normal)


@pointwise
def viscous_flux(
    left: CellSide, right: CellSide, normal: Vector, inverse_radius: float, gas: Gas
) -> Conserved:
    """Viscous flux per unit area through a face, (0, tau n, u . tau n + k dT/dn); a residual subtracts it.

    The gradient at the face is the mean of both cells', corrected along the normal by the jump between both
    linear reconstructions (Nishikawa, AIAA 2010-5093, with his alpha = 1). On a regular mesh this is the
    difference of neighbors; without gradients it is the thin-layer approximation.
    """
    inverse = 1.0 / dot(combine(1.0, left.to_face, -1.0, right.to_face), normal)
    to_left = combine(1.0, left.state.velocity, 1.0, times(left.velocity_gradient, left.to_face))
    to_right = combine(1.0, right.state.velocity, 1.0, times(right.velocity_gradient, right.to_face))
    velocity = combine(0.5, to_left, 0.5, to_right)
    jump = combine(inverse, to_right, -inverse, to_left)
    gradient = add_outer(mean(left.velocity_gradient, right.velocity_gradient), jump, normal)
    slope = combine(0.5, left.temperature_gradient, 0.5, right.temperature_gradient)
    left_temperature = left.temperature + dot(left.temperature_gradient, left.to_face)
    right_temperature = right.temperature + dot(right.temperature_gradient, right.to_face)
    heating = dot(slope, normal) + inverse * (right_temperature - left_temperature)
    viscosity = 0.5 * (left.viscosity + right.viscosity)
    traction = viscous_traction(gradient, velocity[1] * inverse_radius, viscosity, normal)
    return Conserved(0.0, traction, dot(velocity, traction) + conductivity_of(viscosity, gas) * heating)


@pointwise
def diffusivity(state: Primitive, gas: Gas) -> float:
    """The larger of the diffusivities of momentum, 4/3 mu/rho, and of heat, gamma mu/(Pr rho)."""
    kinematic = viscosity_at(temperature_of(state), gas) / state.density
    return max(4.0 / 3.0, gas.gamma / gas.prandtl) * kinematic


@pointwise
def hoop_stress(
    velocity: Vector, velocity_gradient: Matrix, inverse_radius: float, viscosity: float
) -> float:
    """The viscous stress around the axis, mu (2 v/r - 2/3 div u), with the radius along the second axis."""
    rate = velocity[1] * inverse_radius
    return viscosity * (2.0 * rate - 2.0 / 3.0 * (trace(velocity_gradient) + rate))
