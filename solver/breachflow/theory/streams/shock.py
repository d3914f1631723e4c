"""Plane shocks in a calorically perfect gas, normal and oblique; needs no numpy.

Symbols: M Mach number ahead, theta angle between the shock and the flow ahead, delta deflection of the
flow, all angles in radians. Equations: NACA Report 1135 (1953).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_gamma
from breachflow.theory.roots import bisect


class Shock(NamedTuple):
    """The gas behind a shock; each ratio is the value behind over the value ahead."""

    angle: float
    """Radians, between the shock and the flow ahead; pi/2 is a normal shock."""
    deflection: float
    """Angle by which the shock turns the flow, radians."""
    mach: float
    """Mach number behind."""
    pressure_ratio: float
    density_ratio: float
    temperature_ratio: float
    stagnation_pressure_ratio: float


def normal_shock(mach: float, gamma: float) -> Shock:
    """p2/p1, rho2/rho1, T2/T1, p02/p01 and M2 of a normal shock (NACA 1135, eqs. 93-99).

    p2/p1 = (2 gamma M^2 - (gamma-1))/(gamma+1), rho2/rho1 = (gamma+1) M^2/((gamma-1) M^2 + 2),
    T2/T1 = p2/p1 rho1/rho2, p02/p01 = (p2/p1)^(-1/(gamma-1)) (rho2/rho1)^(gamma/(gamma-1)),
    M2^2 = ((gamma-1) M^2 + 2)/(2 gamma M^2 - (gamma-1)). Valid for M >= 1, 1 < gamma <= 5/3;
    raises OutOfRange otherwise. Published: NACA 1135, table II, M = 2.

    >>> [round(value, 4) for value in normal_shock(2.0, 1.4)[2:]]
    [0.5774, 4.5, 2.6667, 1.6875, 0.7209]
    """
    return shock_at_angle(mach, 0.5 * math.pi, gamma)


def oblique_shock(mach: float, deflection: float, gamma: float, *, strong: bool = False) -> Shock:
    """The shock that turns a stream of Mach number M by delta: a normal shock of Mach number M sin(theta).

    M2 sin(theta - delta) is the Mach number behind that normal shock (NACA 1135, eqs. 128-137). Raises
    OutOfRange outside the range of `shock_angle`. A wedge of 10 degrees at M = 2, gamma = 1.4, computed
    independently:

    >>> shock = oblique_shock(2.0, math.radians(10.0), 1.4)
    >>> round(math.degrees(shock.angle), 5), round(shock.pressure_ratio, 6)
    (39.31393, 1.706579)
    """
    return shock_at_angle(mach, shock_angle(mach, deflection, gamma, strong=strong), gamma)


def shock_at_angle(mach: float, angle: float, gamma: float) -> Shock:
    """The jump across a shock at the angle theta to a stream of Mach number M.

    Raises OutOfRange outside the range of `deflection_angle`.
    By hand at M = 2, theta = 45 degrees, gamma = 1.4, where M^2 sin^2(theta) = 2: p2/p1 = 5.2/2.4.

    >>> round(shock_at_angle(2.0, math.radians(45.0), 1.4).pressure_ratio, 6)
    2.166667
    """
    deflection = deflection_angle(mach, angle, gamma)
    square = (mach * math.sin(angle)) ** 2
    pressure = (2.0 * gamma * square - (gamma - 1.0)) / (gamma + 1.0)
    density = (gamma + 1.0) * square / ((gamma - 1.0) * square + 2.0)
    normal = math.sqrt(((gamma - 1.0) * square + 2.0) / (2.0 * gamma * square - (gamma - 1.0)))
    stagnation = pressure ** (-1.0 / (gamma - 1.0)) * density ** (gamma / (gamma - 1.0))
    behind = normal / math.sin(angle - deflection)
    return Shock(angle, deflection, behind, pressure, density, pressure / density, stagnation)


def shock_angle(mach: float, deflection: float, gamma: float, *, strong: bool = False) -> float:
    """theta(M, delta), radians, the inverse of `deflection_angle` on its weak or its strong branch.

    Valid for M > 1, 0 <= delta <= `largest_deflection` (beyond it the shock is detached), 1 < gamma <= 5/3;
    raises OutOfRange otherwise. At delta = 0 the weak shock is the Mach wave, the strong one normal.

    >>> [round(math.degrees(shock_angle(2.0, 0.0, 1.4, strong=strong)), 9) for strong in (False, True)]
    [30.0, 90.0]
    """
    largest = largest_deflection(mach, gamma)
    if not 0.0 <= deflection <= largest:
        raise OutOfRange(
            f"a shock attached to a corner turns a stream of Mach number {mach:g} by 0 to"
            f" {math.degrees(largest):.4f} degrees, not by {math.degrees(deflection):.4f}"
        )
    peak = detachment_angle(mach, gamma)
    if strong:
        return bisect(lambda angle: deflection - deflection_angle(mach, angle, gamma), peak, 0.5 * math.pi)
    return bisect(
        lambda angle: deflection_angle(mach, angle, gamma) - deflection, math.asin(1.0 / mach), peak
    )


def deflection_angle(mach: float, angle: float, gamma: float) -> float:
    """delta: tan(delta) = 2 cot(theta) (M^2 sin^2(theta) - 1)/(M^2 (gamma + cos(2 theta)) + 2), radians.

    NACA 1135, eq. 139. Valid between the Mach wave and the normal shock, arcsin(1/M) <= theta <= pi/2, for M
    >= 1 and 1 < gamma <= 5/3; raises OutOfRange otherwise. By hand at M = 2, theta = 45 degrees, gamma = 1.4:
    arctan(2/7.6).

    >>> round(math.degrees(deflection_angle(2.0, math.radians(45.0), 1.4)), 4)
    14.7436
    """
    require_gamma(gamma)
    _require_mach(mach)
    wave = math.asin(1.0 / mach)
    if not wave - 1e-12 <= angle <= 0.5 * math.pi + 1e-12:
        raise OutOfRange(
            f"shock angle {math.degrees(angle):.4f} degrees must lie between the Mach wave at"
            f" {math.degrees(wave):.4f} degrees and 90"
        )
    normal_square = (mach * math.sin(angle)) ** 2
    numerator = 2.0 * (normal_square - 1.0) * math.cos(angle) / math.sin(angle)
    return math.atan(numerator / (mach * mach * (gamma + math.cos(2.0 * angle)) + 2.0))


def detachment_angle(mach: float, gamma: float) -> float:
    """theta of the largest deflection, radians (NACA 1135, eq. 168); M > 1, 1 < gamma <= 5/3.

    Raises OutOfRange outside that range.

    sin^2(theta) = ((gamma+1) M^2 - 4 + sqrt((gamma+1)((gamma+1) M^4 + 8 (gamma-1) M^2 + 16)))/(4 gamma M^2).

    >>> round(math.degrees(detachment_angle(2.0, 1.4)), 2)
    64.67
    """
    require_gamma(gamma)
    _require_mach(mach)
    square, g = mach * mach, gamma + 1.0
    root = math.sqrt(g * (g * square * square + 8.0 * (gamma - 1.0) * square + 16.0))
    sine_square = (g * square - 4.0 + root) / (4.0 * gamma * square)
    return math.asin(math.sqrt(min(sine_square, 1.0)))


def largest_deflection(mach: float, gamma: float) -> float:
    """Largest delta of an attached shock, radians; M >= 1, 1 < gamma <= 5/3.

    Raises OutOfRange outside that range. Published: 22.97 degrees at M = 2, gamma = 1.4 (NACA 1135, chart 2).

    >>> round(math.degrees(largest_deflection(2.0, 1.4)), 2)
    22.97
    """
    return deflection_angle(mach, detachment_angle(mach, gamma), gamma)


def _require_mach(mach: float) -> None:
    """Raises OutOfRange for M < 1."""
    if not (math.isfinite(mach) and mach >= 1.0):
        raise OutOfRange(f"Mach number {mach:g}: a shock needs a stream of at least 1")
