"""Adiabatic flow with friction in a duct of constant section (Fanno flow); needs no numpy.

Symbols: M Mach number, 4 f L/D friction length (f the Fanning friction factor, a quarter of Darcy's; L the
length, D the hydraulic diameter), index * where the flow would be sonic. Equations: A. H. Shapiro, "The
Dynamics and Thermodynamics of Compressible Fluid Flow", vol. 1, 1953, chapter 6. f is taken as constant.
"""

from __future__ import annotations

import math

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_gamma, require_positive
from breachflow.theory.roots import bisect, bisect_above
from breachflow.theory.streams.nozzle import area_ratio, critical_pressure_ratio


def fanno_length(mach: float, gamma: float) -> float:
    """4 f L*/D from M to M = 1: (1 - M^2)/(gamma M^2) + (gamma+1)/(2 gamma) ln(m), dimensionless.

    m = (gamma+1) M^2/(2 + (gamma-1) M^2) is the square of the speed over the sonic speed (Shapiro 1953,
    chapter 6). Valid for M > 0, sub- and supersonic, 1 < gamma <= 5/3; raises OutOfRange otherwise.
    Published: 1.0691 at M = 0.5, 0.3050 at M = 2, gamma = 1.4 (Shapiro 1953, table B.4).

    >>> round(fanno_length(0.5, 1.4), 4), round(fanno_length(2.0, 1.4), 4)
    (1.0691, 0.305)
    """
    require_gamma(gamma)
    require_positive("Mach number", mach)
    square = mach * mach
    speed = (gamma + 1.0) * square / (2.0 + (gamma - 1.0) * square)
    # m - 1, which is small near M = 1, and -1 at small M.
    excess = 2.0 * (square - 1.0) / (2.0 + (gamma - 1.0) * square)
    logarithm = math.log(speed) if speed < 0.5 else math.log1p(excess)
    return (1.0 - square) / (gamma * square) + (gamma + 1.0) / (2.0 * gamma) * logarithm


def fanno_mach(friction_length: float, gamma: float, supersonic: bool) -> float:
    """M at which 4 f L*/D has the given value, on one branch, by bisection to machine accuracy.

    Subsonic: any value from 0 on; supersonic: below the limit for M -> infinity,
    (gamma+1)/(2 gamma) ln((gamma+1)/(gamma-1)) - 1/gamma, 0.8215 at gamma = 1.4 (Shapiro 1953, chapter 6).
    Raises OutOfRange for other values, and unless 1 < gamma <= 5/3.

    >>> [round(fanno_mach(fanno_length(mach, 1.4), 1.4, mach > 1), 12) for mach in (0.5, 2.0)]
    [0.5, 2.0]
    """
    require_gamma(gamma)
    limit = _longest_supersonic(gamma) if supersonic else math.inf
    if not 0.0 <= friction_length < limit:
        raise OutOfRange(f"friction length 4fL/D = {friction_length:g} must lie in [0, {limit:.6g})")
    if supersonic:
        return bisect_above(lambda mach: fanno_length(mach, gamma) - friction_length, 1.0, 2.0)
    bottom = 0.5
    while fanno_length(bottom, gamma) < friction_length:
        bottom *= 0.5
    return bisect(lambda mach: friction_length - fanno_length(mach, gamma), bottom, 1.0)


def fanno_choked_flow(friction_length: float, gamma: float) -> float:
    """Mass flow of a duct with a rounded (isentropic) inlet and a choked exit over p0 A G/sqrt(R T0).

    A*/A at the Mach number of the inlet, `fanno_mach(4 f L/D)`: 1 without friction. Dimensionless. Valid for
    4 f L/D >= 0 and 1 < gamma <= 5/3, raises OutOfRange otherwise; for outside pressures up to
    `fanno_choking_pressure_ratio`.
    Computed independently at gamma = 1.4:

    >>> [round(fanno_choked_flow(length, 1.4), 5) for length in (0.1, 1.0, 10.0)]
    [0.95171, 0.75559, 0.39117]
    """
    return 1.0 / area_ratio(fanno_mach(friction_length, gamma, supersonic=False), gamma)


def fanno_choking_pressure_ratio(friction_length: float, gamma: float) -> float:
    """Largest p_outside/p0 at which the exit of the duct is choked: the pressure of its sonic exit.

    The stagnation temperature, and so the sonic speed and T*, are those of a nozzle. The mass flow is then
    proportional to the exit's pressure, which is r* times `fanno_choked_flow`. Raises OutOfRange outside the
    range of that.

    >>> round(fanno_choking_pressure_ratio(1.0, 1.4), 6)
    0.399164
    """
    return critical_pressure_ratio(gamma) * fanno_choked_flow(friction_length, gamma)


def _longest_supersonic(gamma: float) -> float:
    """Limit of 4 f L*/D for M to infinity."""
    return (gamma + 1.0) / (2.0 * gamma) * math.log((gamma + 1.0) / (gamma - 1.0)) - 1.0 / gamma
