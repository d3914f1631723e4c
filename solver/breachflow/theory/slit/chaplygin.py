"""Chaplygin's equation for plane gas flow in the hodograph, and his subsonic jet from a slit; no numpy.

A stream function psi (0 on the axis, 1 on the wall and the jet's edge) obeys a linear equation in the flow
angle theta and tau = (q/q_max)^2 = 1 - (p/p0)^((gamma-1)/gamma), q the speed; modes Z_n(tau) sin 2 n theta:

    4 tau^2 (1 - tau) Z'' + 4 tau (1 + (beta-1) tau) Z' - (2n)^2 (1 - (2 beta+1) tau) Z = 0,

beta = 1/(gamma-1); s_n = tau Z_n'/Z_n. Sonic speed is tau* = (gamma-1)/(gamma+1).
S. A. Chaplygin, "On gas jets", Moscow 1904 (NACA TM 1063, 1944).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.streams.nozzle import critical_pressure_ratio

ACCELERATED = 20
"""Modes that the accelerated alternating sum needs for ten digits."""


class ChaplyginMode(NamedTuple):
    """One regular mode of Chaplygin's equation at one speed."""

    slope: float
    """s = tau Z'/Z."""
    log_growth: float
    """log(Z/tau^n), 0 at tau = 0."""


def require_slit_gamma(gamma: float) -> None:
    """Raise OutOfRange unless 1.05 <= gamma <= 5/3, where the theory of the slit was verified."""
    if not 1.05 <= gamma <= 5.0 / 3.0 + 1e-9:
        raise OutOfRange(f"the slit solution was verified for 1.05 <= gamma <= 5/3, not {gamma:g}")


def hodograph_speed(pressure_ratio: float, gamma: float) -> float:
    """tau = 1 - (p/p0)^((gamma-1)/gamma), dimensionless; 0 <= p/p0 <= 1, not checked.

    At sonic speed (gamma-1)/(gamma+1):

    >>> round(hodograph_speed(0.5282818, 1.4), 7)
    0.1666667
    """
    return float(-math.expm1((gamma - 1.0) / gamma * math.log(pressure_ratio))) if pressure_ratio else 1.0


def mode(order: int, tau: float, gamma: float) -> ChaplyginMode:
    """The mode of even order m = 2n; 0 <= tau <= tau*, 2 <= m <= 40.

    Z = tau^(m/2) F(a, b; m+1; tau), a + b = m - beta, a b = -beta m (m+1)/2 (Chaplygin 1904), summed after
    Pfaff's transformation (1-tau)^(-b) F(c-a, b; c; tau/(tau-1)). Cancellation limits the accuracy to 1e-9 at
    m = 40; above 80 nothing is left of it.

    >>> mode(8, 0.0, 1.4).slope  # incompressible: m/2
    4.0
    """
    beta = 1.0 / (gamma - 1.0)
    total, product = order - beta, -0.5 * beta * order * (order + 1)
    spread = math.sqrt(total * total - 4.0 * product)
    b, c = 0.5 * (total - spread), order + 1.0
    a = c - 0.5 * (total + spread)
    z = tau / (tau - 1.0)
    term = value = 1.0
    slope = 0.0
    for k in range(1000):
        term *= (a + k) * (b + k) / ((c + k) * (k + 1)) * z
        value += term
        slope += (k + 1) * term
        if abs(term) * (k + 1) < 1e-18 * abs(value):
            break
    steepness = 0.5 * order + (b * tau + slope / value) / (1.0 - tau)
    return ChaplyginMode(steepness, math.log(value) - b * math.log1p(-tau))


def subsonic_discharge_coefficient(pressure_ratio: float, gamma: float) -> float:
    """Chaplygin's C_d (= contraction coefficient), r* <= r <= 1, 1.05 <= gamma <= 5/3; 10 digits.

    With psi = 1 on the jet's edge, a_n Z_n = 2/(n pi), and the half-width of the slit (`free_streamline`,
    equation (*)) becomes 1/C_d = 1 + (8/pi) sum (-1)^(n+1) s_n/(4 n^2 - 1). Raises OutOfRange outside the
    range.

    >>> [round(subsonic_discharge_coefficient(r, gamma), 7) for r, gamma in ((0.9, 1.4), (0.6, 5 / 3))]
    [0.6295051, 0.6962677]
    """
    critical = critical_pressure_ratio(gamma)
    if not critical * (1.0 - 1e-12) <= pressure_ratio <= 1.0:
        raise OutOfRange(f"Chaplygin's series holds for {critical:.6g} <= r <= 1, not r = {pressure_ratio:g}")
    require_slit_gamma(gamma)
    tau = hodograph_speed(pressure_ratio, gamma)
    terms = [mode(2 * n, tau, gamma).slope / (4 * n * n - 1) for n in range(1, ACCELERATED + 1)]
    return 1.0 / (1.0 + 8.0 / math.pi * alternating_sum(terms))


def alternating_sum(terms: list[float]) -> float:
    """Sum of (-1)^k terms[k] to infinity (Cohen, Rodriguez Villegas, Zagier 2000, algorithm 1).

    The error falls as 5.8^-n for smoothly falling terms.

    >>> round(alternating_sum([1.0 / (k + 1) for k in range(20)]) - math.log(2.0), 13)
    0.0
    """
    n = len(terms)
    d = (3.0 + math.sqrt(8.0)) ** n
    d = 0.5 * (d + 1.0 / d)
    b, c, total = -1.0, -d, 0.0
    for k, term in enumerate(terms):
        c = b - c
        total += c * term
        b *= (k + n) * (k - n) / ((k + 0.5) * (k + 1))
    return total / d
