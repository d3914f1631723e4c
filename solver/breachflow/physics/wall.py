"""Walls with friction: slip, temperature jump, viscous flux. Normals point out of the gas.

The derivative along the normal at the wall is weighted so that a parabola through the wall's value, the
cell's value and the cell's own derivative is met (weight 2). Slip and jump are solved with the same formula,
implicitly: they go to no slip where the mean free path is short, and to perfect slip where the gas is thin.
"""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

from breachflow.compiled import pointwise
from breachflow.physics.gas import Conserved, Gas, Primitive, conductivity_of, viscosity_at
from breachflow.physics.viscous import CellSide, viscous_traction
from breachflow.vectors import Vector, add_outer, combine, dot, times

PARABOLA: Final = 2.0
"""Weight of the one-sided difference; with it a parabola is met."""

LINEAR: Final = 1.0
"""The same without the cell's own derivative: for ghost states and the Jacobian."""

LEAST_JUMP: Final = 0.2
"""Gas at the wall keeps at least this fraction of the lower of its own temperature and the wall's."""

LEAST_GHOST_TEMPERATURE: Final = 0.1
"""Least temperature of a ghost cell over that of the cell inside."""


class WallState(NamedTuple):
    """What a wall prescribes."""

    velocity: Vector
    temperature: float
    slip: float
    """Slip coefficient: slip over (mean free path times shear); 0 where the gas sticks."""
    jump: float
    """Coefficient of the temperature jump."""


class WallFace(NamedTuple):
    """A face of the boundary, as friction sees it."""

    normal: Vector
    inverse_radius: float
    shears: bool
    """Whether the boundary exerts a shear stress."""
    conducts: bool
    """Whether heat passes."""


class WallGas(NamedTuple):
    """The gas right at a wall."""

    velocity: Vector
    temperature: float
    velocity_slope: Vector
    """Derivative of the velocity along the normal."""
    temperature_slope: float


@pointwise
def one_sided_weight(order: int) -> float:
    """Weight of the one-sided difference at walls, by the order of the scheme."""
    return PARABOLA if order == 2 else LINEAR


@pointwise
def free_path(temperature: float, viscosity: float, pressure: float) -> float:
    """l = mu v0/p with the most probable speed v0 = sqrt(2 T)."""
    return viscosity * sqrt(2.0 * temperature) / pressure


@pointwise
def free_path_at_wall(inside: CellSide, gas: Gas) -> float:
    """l with the temperature that the cell's gradient reaches at the face: slip is of second order then."""
    temperature = inside.temperature
    reached = temperature + dot(inside.temperature_gradient, inside.to_face)
    reached = min(max(reached, LEAST_JUMP * temperature), temperature / LEAST_JUMP)
    return free_path(reached, viscosity_at(reached, gas), inside.state.pressure)


@pointwise
def gas_at_wall(inside: CellSide, wall: WallState, normal: Vector, path: float, weight: float) -> WallGas:
    """Velocity and temperature of the gas at a wall, and their derivatives along the normal.

    Slip u_s - u_w = -sigma l du/dn and jump T_s - T_w = -zeta l dT/dn, with l = mu sqrt(2 T)/p, `path`
    (Sharipov 2004, J. Phys. Chem. Ref. Data 33, eqs. for sigma_P and zeta_T).
    """
    state, temperature = inside.state, inside.temperature
    distance = dot(inside.to_face, normal)
    own = times(inside.velocity_gradient, normal)
    foot = combine(1.0, times(inside.velocity_gradient, inside.to_face), -distance, own)
    relative = combine(1.0, combine(1.0, state.velocity, 1.0, foot), -1.0, wall.velocity)
    fall = combine(weight / distance, relative, weight - 1.0, own)
    along = combine(1.0, fall, -dot(fall, normal), normal)
    slip = wall.slip * path / (1.0 + weight * wall.slip * path / distance)
    velocity = combine(1.0, wall.velocity, slip, along)
    velocity_slope = combine(1.0 - weight, own, -weight / distance, combine(1.0, relative, -slip, along))
    own_slope = dot(inside.temperature_gradient, normal)
    above = (
        temperature
        + dot(inside.temperature_gradient, inside.to_face)
        - distance * own_slope
        - wall.temperature
    )
    jump = wall.jump * path / (1.0 + weight * wall.jump * path / distance)
    reached = wall.temperature + jump * (weight * above / distance + (weight - 1.0) * own_slope)
    reached = max(reached, LEAST_JUMP * min(temperature, wall.temperature))
    slope = (1.0 - weight) * own_slope - weight / distance * (above + wall.temperature - reached)
    return WallGas(velocity, reached, velocity_slope, slope)


@pointwise
def wall_traction(inside: CellSide, at_wall: WallGas, face: WallFace, viscosity: float) -> Vector:
    """Viscous stress of the gas on the wall, with the viscosity of the gas there."""
    own = times(inside.velocity_gradient, face.normal)
    correction = combine(1.0, at_wall.velocity_slope, -1.0, own)
    gradient = add_outer(inside.velocity_gradient, correction, face.normal)
    return viscous_traction(gradient, at_wall.velocity[1] * face.inverse_radius, viscosity, face.normal)


@pointwise
def insulated(wall: WallState, beside: CellSide) -> WallState:
    """The wall as it is where no heat passes: as warm as the gas beside it, without a jump."""
    return WallState(wall.velocity, beside.temperature, wall.slip, 0.0)


@pointwise
def viscous_wall_flux(
    inside: CellSide, wall: WallState, face: WallFace, weight: float, gas: Gas
) -> Conserved:
    """Viscous flux per unit area into a wall, a plane of symmetry or a given state.

    Gas that slides along a wall takes its friction into the wall as heat. A wall that takes no heat takes the
    work of its own motion alone. Without shear only the normal stress is left.
    """
    normal = face.normal
    if not face.conducts:
        wall = insulated(wall, inside)
    at_wall = gas_at_wall(inside, wall, normal, free_path_at_wall(inside, gas), weight)
    viscosity = viscosity_at(at_wall.temperature, gas)
    traction = wall_traction(inside, at_wall, face, viscosity)
    if not face.shears:
        traction = combine(dot(traction, normal), normal, 0.0, normal)
    if face.conducts:
        heat = conductivity_of(viscosity, gas) * at_wall.temperature_slope
        return Conserved(0.0, traction, dot(at_wall.velocity, traction) + heat)
    return Conserved(0.0, traction, dot(wall.velocity, traction))


@pointwise
def reflected(inside: CellSide, wall: WallState, normal: Vector, conducts: bool) -> Primitive:
    """The state behind a wall whose mean with that inside is the gas right at the wall."""
    state, temperature = inside.state, inside.temperature
    if not conducts:
        wall = insulated(wall, inside)
    path = free_path(temperature, inside.viscosity, state.pressure)
    at_wall = gas_at_wall(inside, wall, normal, path, LINEAR)
    beyond = max(2.0 * at_wall.temperature - temperature, LEAST_GHOST_TEMPERATURE * temperature)
    velocity = combine(2.0, at_wall.velocity, -1.0, state.velocity)
    return Primitive(state.pressure / beyond, velocity, state.pressure)
