"""Boundaries: what each behavior does to the gas, face by face. Normals point out of the gas.

The kinds of boundary that a case may name, with their keys, are in `case/boundaries.py`; each maps to one of
the behaviors here. Adding a behavior: a function for its flux and an entry in `BEHAVIORS`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from math import sqrt
from typing import Final, NamedTuple

from breachflow.compiled import pointwise
from breachflow.physics.euler import flux_euler
from breachflow.physics.flux import numerical_flux
from breachflow.physics.gas import Conserved, Gas, Primitive, sound_speed
from breachflow.physics.viscous import CellSide
from breachflow.physics.wall import WallState, reflected
from breachflow.vectors import Vector, combine, dot


@pointwise
def mirror_image(state: Primitive, normal: Vector) -> Primitive:
    """The state on the far side of an impermeable plane."""
    velocity = combine(1.0, state.velocity, -2.0 * dot(state.velocity, normal), normal)
    return Primitive(state.density, velocity, state.pressure)


@pointwise
def boundary_wall(
    inside: Primitive, _outside: Primitive, normal: Vector, _scheme: int, gas: Gas
) -> Conserved:
    """Pressure of the gas brought to rest against the wall.

    The exact solution of the Riemann problem with the mirrored state: a shock where the gas approaches
    at Mach number m, a rarefaction down to vacuum where it recedes (Toro 2009, sections 4.2 and 6.3.3).
    """
    gamma = gas.gamma
    m = dot(inside.velocity, normal) / sound_speed(inside, gas)
    if m > 0.0:
        half = 0.25 * (gamma + 1.0) * m
        ratio = 1.0 + gamma * m * (half + sqrt(1.0 + half * half))
    else:
        ratio = max(1.0 + 0.5 * (gamma - 1.0) * m, 0.0) ** (2.0 * gamma / (gamma - 1.0))
    return Conserved(0.0, combine(ratio * inside.pressure, normal, 0.0, normal), 0.0)


@pointwise
def entering_speed(invariant: float, impedance: float, rest: Primitive, gas: Gas) -> float:
    """Normal speed u <= 0 of entering gas, at most sonic: p(u) + impedance u equals the outgoing invariant.

    p(u) is the isentropic pressure of gas drawn from rest. Newton's method starts at the limit of slow flow;
    three steps leave a relative error of 1e-11 at Mach 0.5.
    """
    sound = sound_speed(rest, gas)
    fastest = -sound * sqrt(2.0 / (gas.gamma + 1.0))
    speed = max((invariant - rest.pressure) / impedance, fastest)
    for _ in range(3):
        cooling = 1.0 - 0.5 * (gas.gamma - 1.0) * (speed / sound) ** 2
        density = rest.density * cooling ** (1.0 / (gas.gamma - 1.0))
        pressure = rest.pressure * cooling ** (gas.gamma / (gas.gamma - 1.0))
        error = pressure + impedance * speed - invariant
        speed = min(max(speed - error / (impedance - density * speed), fastest), 0.0)
    return speed


@pointwise
def shock_pressure(mach: float, gas: Gas) -> float:
    """Pressure behind over ahead of a normal shock of the given Mach number (NACA 1135, eq. 93)."""
    return (2.0 * gas.gamma * mach * mach - (gas.gamma - 1.0)) / (gas.gamma + 1.0)


@pointwise
def boundary_opening(inside: Primitive, rest: Primitive, normal: Vector, _scheme: int, gas: Gas) -> Conserved:
    """Opening to a large room in which the gas is at rest: a cabin, or the surroundings of the plume.

    The outgoing sound wave carries the invariant p + Z u, with Z = density times sound speed. If it is below
    the room's pressure, gas enters normal to the face with the room's total pressure and temperature. This
    loses no total pressure, however slow the inflow; a ghost state at rest would lose a part proportional to
    the Mach number. The inflow does not depend on the entropy inside, which drifts in a slow cabin.
    Otherwise gas leaves through a wave that brings it to the room's pressure, at least invariant/(1 + gamma):
    there the wave carries the largest flux and the opening is choked. The flux is continuous between inflow
    and outflow. A supersonic stream leaves as it is while the room's pressure cannot drive a normal shock
    into it.
    """
    sound = sound_speed(inside, gas)
    leaving = dot(inside.velocity, normal)
    if leaving >= sound and rest.pressure <= shock_pressure(leaving / sound, gas) * inside.pressure:
        return flux_euler(inside, normal, gas)
    impedance = inside.density * sound
    invariant = inside.pressure + impedance * leaving
    if invariant > rest.pressure:
        pressure = max(rest.pressure, invariant / (1.0 + gas.gamma))
        density = inside.density * (pressure / inside.pressure) ** (1.0 / gas.gamma)
        speed = (invariant - pressure) / impedance
        velocity = combine(1.0, inside.velocity, speed - leaving, normal)
        return flux_euler(Primitive(density, velocity, pressure), normal, gas)
    speed = entering_speed(invariant, impedance, rest, gas)
    cooling = 1.0 - 0.5 * (gas.gamma - 1.0) * (speed / sound_speed(rest, gas)) ** 2
    density = rest.density * cooling ** (1.0 / (gas.gamma - 1.0))
    pressure = rest.pressure * cooling ** (gas.gamma / (gas.gamma - 1.0))
    return flux_euler(Primitive(density, combine(speed, normal, 0.0, normal), pressure), normal, gas)


@pointwise
def boundary_vacuum(
    inside: Primitive, _outside: Primitive, normal: Vector, _scheme: int, gas: Gas
) -> Conserved:
    """Flux into a vacuum: the exact solution of the Riemann problem (Toro 2009, section 4.6.2)."""
    k = 2.0 / (gas.gamma - 1.0)
    speed, sound = dot(inside.velocity, normal), sound_speed(inside, gas)
    if speed >= sound:
        return flux_euler(inside, normal, gas)
    sonic = max((2.0 * sound + (gas.gamma - 1.0) * speed) / (gas.gamma + 1.0), 0.0)
    density = inside.density * (sonic / sound) ** k
    pressure = inside.pressure * (sonic / sound) ** (k * gas.gamma)
    velocity = combine(1.0, inside.velocity, sonic - speed, normal)
    return flux_euler(Primitive(density, velocity, pressure), normal, gas)


@pointwise
def boundary_extrapolate(
    inside: Primitive, _outside: Primitive, normal: Vector, _scheme: int, gas: Gas
) -> Conserved:
    """Flux of the state inside, taken to continue outside: right where all waves leave."""
    return flux_euler(inside, normal, gas)


@pointwise
def boundary_riemann(
    inside: Primitive, outside: Primitive, normal: Vector, scheme: int, gas: Gas
) -> Conserved:
    """Numerical flux against the prescribed state outside."""
    return numerical_flux(scheme, inside, outside, normal, gas)


class BoundaryBehavior(NamedTuple):
    """Behavior of a boundary toward the gas beside it."""

    flux: Callable[[Primitive, Primitive, Vector, int, Gas], Conserved]
    """Flux per unit area out of the gas: (inside, outside, normal, code of the numerical flux, gas)."""
    passes_mass: bool = True
    """Whether gas may pass."""
    mirrors: bool = False
    """Whether the ghost cell is a reflection of the cell inside; otherwise it is a copy."""
    counts_in_gradients: bool = False
    """Whether the ghost cell is one of the neighbors from which the gradient inside is computed."""
    is_limited: bool = False
    """Whether the gradient is limited toward the face; a copy behind it gives no jump to limit by."""
    is_viscous: bool = False
    """Whether the gas has a viscous stress at the face."""
    shears: bool = False
    """Whether the boundary exerts a shear stress: gas sticks to it, or slips with friction."""
    conducts: bool = False
    """Whether the boundary has a temperature of its own and heat passes."""


_WALL: Final = BoundaryBehavior(
    boundary_wall,
    passes_mass=False,
    mirrors=True,
    counts_in_gradients=True,
    is_limited=True,
    is_viscous=True,
)

BEHAVIORS: Final = {
    "wall": _WALL,
    "isothermal_wall": _WALL._replace(shears=True, conducts=True),
    "adiabatic_wall": _WALL._replace(shears=True),
    "opening": BoundaryBehavior(boundary_opening),
    "vacuum": BoundaryBehavior(boundary_vacuum),
    "extrapolate": BoundaryBehavior(boundary_extrapolate),
    "room": BoundaryBehavior(boundary_riemann),
    "riemann": BoundaryBehavior(boundary_riemann, is_viscous=True, shears=True, conducts=True),
}
"""Behaviors by name, in the order of their codes. A wall without friction, a plane of symmetry and an axis
have one behavior."""

BehaviorCode: Final[type[IntEnum]] = IntEnum("BehaviorCode", [name.upper() for name in BEHAVIORS], start=0)  # type: ignore[misc]
"""Codes of the behaviors, by which compiled code chooses."""

MIRRORS: Final = tuple(behavior.mirrors for behavior in BEHAVIORS.values())
SHEARS: Final = tuple(behavior.shears for behavior in BEHAVIORS.values())
CONDUCTS: Final = tuple(behavior.conducts for behavior in BEHAVIORS.values())
IS_VISCOUS: Final = tuple(behavior.is_viscous for behavior in BEHAVIORS.values())
"""Attributes of the behaviors by code, as compiled code takes them."""


@pointwise
def ghost_state(behavior: int, inside: CellSide, wall: WallState, normal: Vector) -> Primitive:
    """State of the ghost cell behind a face of the behavior with this code."""
    if not MIRRORS[behavior]:
        return inside.state
    if SHEARS[behavior]:
        return reflected(inside, wall, normal, CONDUCTS[behavior])
    return mirror_image(inside.state, normal)
