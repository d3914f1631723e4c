"""Supersonic flow past a circular cone at no incidence (Taylor and Maccoll 1933); needs no numpy.

G. I. Taylor and J. W. Maccoll, Proc. Royal Soc. A 139 (1933) 278. Behind a conical shock the state depends
on the polar angle theta alone. With the radial and polar velocities u and v over the largest speed,

    du/dtheta = v,   dv/dtheta = (v^2 u - a^2 (2 u + v cot(theta)))/(a^2 - v^2),
    a^2 = (gamma-1)/2 (1 - u^2 - v^2),

from the oblique shock, where v < 0, down to the cone, where v = 0. As dv/dtheta < 0 throughout, v is taken as
the independent variable: then the last step lands on the cone. Angles in radians.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_gamma
from breachflow.theory.roots import bisect, maximum
from breachflow.theory.streams.nozzle import pressure_ratio_from_mach
from breachflow.theory.streams.shock import Shock, shock_at_angle

MACH_RANGE: Final = (1.05, 20.0)
SMALLEST_HALF_ANGLE: Final = math.radians(2.0)
"""The shock of a more slender cone is so close to the Mach wave that more steps would be needed."""

STEPS: Final = 200
"""Number of steps. They give half-angles to 2e-7 rad or better from 2 degrees on, against four times as many
steps."""


class Cone(NamedTuple):
    """The shock of a cone, and the gas on the surface of the cone."""

    shock_angle: float
    """Angle of the shock to the axis, radians."""
    mach: float
    """Mach number on the surface."""
    pressure_ratio: float
    """Pressure on the surface over that of the free stream."""
    stagnation_pressure_ratio: float
    """Stagnation pressure behind the shock over that ahead of it."""


class _Velocity(NamedTuple):
    """The radial velocity at a polar angle."""

    polar_angle: float
    """Radians."""
    radial: float
    """u, over the largest speed."""


def cone(mach: float, half_angle: float, gamma: float, steps: int = STEPS) -> Cone:
    """Attached (weak) conical shock and surface state at a free-stream Mach number and a half-angle.

    Integrated in `steps` steps of the fourth-order Runge-Kutta method. Valid for 1.05 <= M <= 20, from 2
    degrees to `largest_half_angle`, 1 < gamma <= 5/3; raises OutOfRange otherwise. Ten degrees at M = 2,
    gamma = 1.4, computed independently:

    >>> flow = cone(2.0, math.radians(10.0), 1.4)
    >>> round(math.degrees(flow.shock_angle), 5), round(flow.mach, 6)
    (31.20609, 1.834028)
    """
    peak, largest = _detachment(mach, gamma, steps)
    if not SMALLEST_HALF_ANGLE <= half_angle <= largest:
        raise OutOfRange(
            f"at Mach number {mach:g} the shock of a cone is attached and computed for half-angles of"
            f" {math.degrees(SMALLEST_HALF_ANGLE):g} to {math.degrees(largest):.4f} degrees,"
            f" not {math.degrees(half_angle):.4f}"
        )
    angle = bisect(
        lambda shock: _surface(mach, shock, gamma, steps)[1].polar_angle - half_angle,
        math.asin(1.0 / mach),
        peak,
    )
    shock, surface = _surface(mach, angle, gamma, steps)
    square = surface.radial**2
    number = math.sqrt(2.0 / (gamma - 1.0) * square / (1.0 - square))
    compression = pressure_ratio_from_mach(number, gamma) / pressure_ratio_from_mach(shock.mach, gamma)
    return Cone(angle, number, shock.pressure_ratio * compression, shock.stagnation_pressure_ratio)


def largest_half_angle(mach: float, gamma: float) -> float:
    """Half-angle beyond which the shock is detached, radians; 1.05 <= M <= 20, 1 < gamma <= 5/3.

    Raises OutOfRange outside that range.

    >>> round(math.degrees(largest_half_angle(2.0, 1.4)), 2)
    40.69
    """
    return _detachment(mach, gamma, STEPS)[1]


def _detachment(mach: float, gamma: float, steps: int) -> tuple[float, float]:
    """Shock angle and half-angle of the cone at which the shock detaches, by golden section."""
    require_gamma(gamma)
    low, high = MACH_RANGE
    if not low <= mach <= high:
        raise OutOfRange(f"the flow past a cone is computed for {low:g} <= M <= {high:g}, not M = {mach:g}")
    return maximum(
        lambda shock: _surface(mach, shock, gamma, steps)[1].polar_angle,
        math.asin(1.0 / mach),
        0.5 * math.pi,
    )


def _surface(mach: float, shock_angle: float, gamma: float, steps: int) -> tuple[Shock, _Velocity]:
    """The shock at this angle, and the polar angle behind it where the flow is radial: the cone's surface.

    v = v_shock (1 - t^4)^2 in equal steps of t from 0 to 1: steps of v are small at both ends, as a slender
    cone needs.
    """
    shock = shock_at_angle(mach, shock_angle, gamma)
    speed = 1.0 / math.sqrt(1.0 + 2.0 / ((gamma - 1.0) * shock.mach**2))
    polar = -speed * math.sin(shock_angle - shock.deflection)
    here = _Velocity(shock_angle, speed * math.cos(shock_angle - shock.deflection))
    step = 1.0 / steps
    for i in range(steps):
        here = _advance(here, i * step, step, polar, gamma)
    return shock, here


def _advance(here: _Velocity, t: float, step: float, polar: float, gamma: float) -> _Velocity:
    """One step of Runge and Kutta's classical method."""
    half = 0.5 * step
    first = _slope(here, t, polar, gamma)
    second = _slope(_moved(here, first, half), t + half, polar, gamma)
    third = _slope(_moved(here, second, half), t + half, polar, gamma)
    fourth = _slope(_moved(here, third, step), t + step, polar, gamma)
    mean = [(a + 2.0 * (b + c) + d) / 6.0 for a, b, c, d in zip(first, second, third, fourth, strict=True)]
    return _moved(here, _Velocity(*mean), step)


def _moved(here: _Velocity, slope: _Velocity, step: float) -> _Velocity:
    """The state after a step along a slope."""
    return _Velocity(here.polar_angle + step * slope.polar_angle, here.radial + step * slope.radial)


def _slope(here: _Velocity, t: float, polar: float, gamma: float) -> _Velocity:
    """d theta/dt and du/dt at t, with `polar` the polar velocity behind the shock."""
    angle, u = here
    rest = 1.0 - t**4
    v, dv = polar * rest * rest, -8.0 * polar * rest * t**3
    sound = 0.5 * (gamma - 1.0) * (1.0 - u * u - v * v)
    turn = dv * (sound - v * v) / (v * v * u - sound * (2.0 * u + v / math.tan(angle)))
    return _Velocity(turn, v * turn)
