"""The planar slit in a thin wall: exact inviscid discharge coefficients by the hodograph method.

A stream function psi (0 on the axis, 1 on the wall and the jet's edge) obeys Chaplygin's linear equation
in the flow angle theta and tau = (q/q_max)^2 = 1 - (p/p0)^((gamma-1)/gamma), q the speed:

    psi = 2 theta/pi + sum_n a_n Z_n(tau) sin 2 n theta,
    4 tau^2 (1 - tau) Z'' + 4 tau (1 + (beta-1) tau) Z' - (2n)^2 (1 - (2 beta+1) tau) Z = 0,

beta = 1/(gamma-1), Z_n normalized to 1 at sonic speed, tau* = (gamma-1)/(gamma+1); s_n = tau Z_n'/Z_n.
Integrating dy = (rho0/(rho q)) (sin theta 2 tau psi_tau + cos theta psi_theta) dtheta over one speed from
the axis to the lip gives the slit's half-width and with it

    1/C_d = 2/pi + sum_n a_n (-1)^(n+1) 2n/(4 n^2 - 1) (1 + 2 s_n).                                   (*)

Subsonic jet: S. A. Chaplygin, "On gas jets", Moscow 1904 (NACA TM 1063, 1944). Supersonic jet:
F. I. Frankl 1947; K. G. Guderley, "Theorie schallnaher Stroemungen", Springer 1957. C_d is the mass flow over
the isentropic one through the whole slit at the same pressure ratio r (choked where r < r*).

The subsonic side needs no numpy; the supersonic solution imports it when called.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from breachflow.analytic.nozzle import (
    critical_pressure_ratio,
    mach_from_prandtl_meyer_angle,
    mach_from_pressure_ratio,
    prandtl_meyer_angle,
    pressure_ratio_from_mach,
    require_gamma,
    require_pressure_ratio,
)
from breachflow.errors import OutOfRange

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

INCOMPRESSIBLE: Final = math.pi / (math.pi + 2.0)
"""0.6110155: contraction of a plane jet of constant density (Kirchhoff 1869)."""

CHOKING_ANGLE: Final = math.pi / 4.0
"""Prandtl-Meyer angle of the jet's edge beyond which the outside no longer acts on the mass flow."""

FREE_TERMS: Final = 15
TERMS: Final = 400
JET_POINTS: Final = 400
RICCATI_STEPS: Final = 1000
SHORT_EDGE: Final = 1.2
"""With these the supersonic C_d is within 2e-5 of the values published to five digits; see the tests."""

TABLE: Final = (
    (0.810884, -0.009564, 0.000217),
    (0.051272, -0.001320, -0.000059),
    (-0.012867, 0.001723, -0.000030),
    (0.001305, -0.000426, 0.000036),
    (-0.000364, 0.000136, -0.000011),
    (-0.000127, 0.000014, 0.000010),
    (-0.000112, -0.000009, 0.000012),
)
"""Chebyshev coefficients (row: pressure ratio, column: gamma) of the supersonic solution."""

TABLE_GAMMA: Final = (1.1, 5.0 / 3.0)
TABLE_ERROR: Final = 3e-4

AXIS_EXPONENTS: Final = (4 / 3, 8 / 3, 10 / 3)
LIP_EXPONENTS: Final = (7 / 3, 3.0, 11 / 3)
KINK_EXPONENTS: Final = (11 / 6, 5 / 2)
MAX_KINKS: Final = 6


def discharge_coefficient(pressure_ratio: float, gamma: float) -> float:
    """Exact C_d of a thin slit at any r = p_outside/p0 in [0, 1]; dimensionless; 1 < gamma <= 5/3.

    Chaplygin's series at and above r* (10 digits), Frankl and Guderley below (2e-5).

    >>> round(discharge_coefficient(0.8, 1.4), 7)
    0.6516801
    """
    require_pressure_ratio(pressure_ratio)
    if pressure_ratio >= critical_pressure_ratio(gamma):
        return subsonic_discharge_coefficient(pressure_ratio, gamma)
    return supersonic_discharge_coefficient(pressure_ratio, gamma)


def choking_pressure_ratio(gamma: float) -> float:
    """r at which the edge of the jet has turned by 45 degrees: below, mass flow no longer changes.

    p/p0 at nu(M) = pi/4 (Frankl 1947); 1.05 <= gamma <= 5/3.

    >>> round(choking_pressure_ratio(1.4), 6), round(choking_pressure_ratio(5 / 3), 5)
    (0.038906, 0.01714)
    """
    require_gamma(gamma)
    return pressure_ratio_from_mach(mach_from_prandtl_meyer_angle(CHOKING_ANGLE, gamma), gamma)


def subsonic_discharge_coefficient(pressure_ratio: float, gamma: float) -> float:
    """Chaplygin's C_d (= contraction coefficient), r* <= r <= 1, 1.05 <= gamma <= 5/3; 10 digits.

    Here a_n Z_n = 2/(n pi) and (*) becomes 1/C_d = 1 + (8/pi) sum (-1)^(n+1) s_n/(4 n^2 - 1).

    >>> [round(subsonic_discharge_coefficient(r, gamma), 7) for r, gamma in ((0.9, 1.4), (0.6, 5 / 3))]
    [0.6295051, 0.6962677]
    """
    critical = critical_pressure_ratio(gamma)
    if not critical * (1.0 - 1e-12) <= pressure_ratio <= 1.0:
        raise OutOfRange(f"Chaplygin's series holds for {critical:.6g} <= r <= 1, not r = {pressure_ratio:g}")
    _require_gamma(gamma)
    tau = 1.0 - pressure_ratio ** ((gamma - 1.0) / gamma)
    terms = [mode_slope(2 * n, tau, gamma) / (4 * n * n - 1) for n in range(1, 21)]
    return 1.0 / (1.0 + 8.0 / math.pi * alternating_sum(terms))


def tabulated_discharge_coefficient(pressure_ratio: float, gamma: float) -> float:
    """`discharge_coefficient` at once and without numpy, 0 <= r <= 1; below r*, 1.1 <= gamma <= 5/3.

    At and above r* it is Chaplygin's series itself; below, a Chebyshev fit to the supersonic solution, in
    r between r* and choking and in gamma, which is off by at most 3e-4 (2.0e-4 at 200 random points).

    >>> [round(tabulated_discharge_coefficient(r, 1.4), 3) for r in (0.0, 0.3)]
    [0.849, 0.819]
    """
    require_pressure_ratio(pressure_ratio)
    critical = critical_pressure_ratio(gamma)
    if pressure_ratio >= critical:
        return subsonic_discharge_coefficient(pressure_ratio, gamma)
    low, high = TABLE_GAMMA
    if not low <= gamma <= high + 1e-9:
        raise OutOfRange(f"the table of the slit holds for {low:g} <= gamma <= 5/3, not {gamma:g}")
    choking = choking_pressure_ratio(gamma)
    depth = min((critical - pressure_ratio) / (critical - choking), 1.0)
    y = 2.0 * (gamma - low) / (high - low) - 1.0
    rows = [row[0] + row[1] * y + row[2] * (2.0 * y * y - 1.0) for row in TABLE]
    return sum(c * math.cos(k * math.acos(2.0 * depth - 1.0)) for k, c in enumerate(rows))


def mode_slope(order: int, tau: float, gamma: float) -> float:
    """s = tau Z'/Z of the mode of even order m = 2n; 0 <= tau <= tau*, 2 <= m <= 40.

    Z = tau^(m/2) F(a, b; m+1; tau), a + b = m - beta, a b = -beta m (m+1)/2 (Chaplygin 1904), summed after
    Pfaff's transformation (1-tau)^(-b) F(c-a, b; c; tau/(tau-1)), which still
    cancels: 1e-9 at m = 40, useless above 80.

    >>> mode_slope(8, 0.0, 1.4)  # incompressible: m/2
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
    return 0.5 * order + (b * tau + slope / value) / (1.0 - tau)


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


def supersonic_discharge_coefficient(pressure_ratio: float, gamma: float) -> float:
    """Frankl's and Guderley's C_d, 0 <= r < r*, 1.05 <= gamma <= 5/3.

    Error below 2e-5, within 0.003 of r* below 8e-5.

    psi = 1 on the lip's Prandtl-Meyer fan theta = pi/2 - nu and on the edge of the jet nu = nu_b,
    nu_b <= theta <= pi/2 - nu_b; nothing on theta = nu, the last characteristic that reaches the sonic line.
    The a_n follow by least squares. The tail of the series is spanned by its known singularities on the
    sonic line: on the axis theta ~ psi^3 (Meyer's throat), a_n ~ n^(-4/3); at the lip
    a_n ~ (-1)^n n^(-7/3); where the fan meets the jet's edge psi has a kink, which runs along characteristics
    back to the sonic line at theta = pi/2 - 2 k nu_b, a_n ~ n^(-11/6) times the sine or cosine there.

    Choked, gamma = 1.4: 0.84926 (0.8493 to four digits).

    >>> round(supersonic_discharge_coefficient(0.0, 1.4), 4)
    0.8493
    """
    critical = critical_pressure_ratio(gamma)
    if not 0.0 <= pressure_ratio < critical:
        raise OutOfRange(f"the jet is supersonic for 0 <= r < {critical:.6g}, not r = {pressure_ratio:g}")
    _require_gamma(gamma)
    choking = choking_pressure_ratio(gamma)
    if pressure_ratio >= SHORT_EDGE * choking:
        return _supersonic(pressure_ratio, gamma)
    choked = _supersonic(choking, gamma)
    # Next to choking the jet's edge is too short to be resolved; C_d leaves its flat maximum as a parabola.
    share = max(pressure_ratio - choking, 0.0) / ((SHORT_EDGE - 1.0) * choking)
    return choked + share**2 * (_supersonic(SHORT_EDGE * choking, gamma) - choked) if share > 0.0 else choked


def _supersonic(ratio: float, gamma: float) -> float:
    import numpy as np

    edge_angle = min(prandtl_meyer_angle(mach_from_pressure_ratio(ratio, gamma), gamma), CHOKING_ANGLE)
    slopes = _sonic_slopes(gamma)
    tau, modes = _march_modes(ratio, gamma, slopes, edge_angle)
    angle = _flow_angle(tau, gamma)
    # The points on theta = nu itself are left out: there the cut tails converge last.
    values = [(modes * np.sin(2.0 * np.outer(angle, _orders())))[:-1]]
    wanted = [1.0 - 2.0 * angle[:-1] / math.pi]
    if CHOKING_ANGLE - edge_angle > 1e-9:
        angle = np.linspace(edge_angle, 0.5 * math.pi - edge_angle, JET_POINTS)[1:]
        values.append(modes[-1] * np.sin(2.0 * np.outer(angle, _orders())))
        wanted.append(1.0 - 2.0 * angle / math.pi)
    basis = _tail_basis(edge_angle)
    system, right = np.vstack(values) @ basis, np.concatenate(wanted)
    amplitudes = basis @ np.linalg.lstsq(system, right, rcond=1e-13)[0]
    return 1.0 / (2.0 / math.pi + float(_width_terms(slopes) @ amplitudes))


def _width_terms(slopes: Floats) -> Floats:
    """(-1)^(n+1) 2n/(4 n^2 - 1) (1 + 2 s_n) of equation (*)."""
    n = _orders()
    sign: Floats = 2.0 * (n % 2.0) - 1.0
    return sign * 2.0 * n / (4.0 * n * n - 1.0) * (1.0 + 2.0 * slopes)


def _require_gamma(gamma: float) -> None:
    if not 1.05 <= gamma <= 5.0 / 3.0 + 1e-9:
        raise OutOfRange(f"the slit solution was verified for 1.05 <= gamma <= 5/3, not {gamma:g}")


def _orders() -> Floats:
    import numpy as np

    return np.arange(1.0, TERMS + 1.0)


def _sonic_slopes(gamma: float) -> Floats:
    """s_n at tau*: the series up to 2n = 40, beyond it Chaplygin's equation as Riccati's, from tau*/5 on.

    ds/dlog(tau) = ((2n)^2 (1 - (2 beta+1) tau)/4 - beta tau s)/(1 - tau) - s^2, which forgets its start.
    """
    import numpy as np

    beta, sonic = 1.0 / (gamma - 1.0), (gamma - 1.0) / (gamma + 1.0)
    known = [mode_slope(order, sonic, gamma) for order in range(2, 42, 2)]
    m = 2.0 * _orders()[20:]

    def rate(position: float, slope: Floats) -> Floats:
        tau = math.exp(position)
        stiffness = 0.25 * m * m * (1.0 - (2.0 * beta + 1.0) * tau)
        return (stiffness - beta * tau * slope) / (1.0 - tau) - slope * slope

    position, h = math.log(0.2 * sonic), math.log(5.0) / RICCATI_STEPS
    slope = 0.5 * m * math.sqrt((1.0 - 0.2) / (1.0 - 0.2 * sonic))
    for _ in range(RICCATI_STEPS):
        k1 = rate(position, slope)
        k2 = rate(position + 0.5 * h, slope + 0.5 * h * k1)
        k3 = rate(position + 0.5 * h, slope + 0.5 * h * k2)
        k4 = rate(position + h, slope + h * k3)
        slope = slope + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        position += h
    return np.concatenate([known, slope])


def _march_modes(ratio: float, gamma: float, slopes: Floats, edge_angle: float) -> tuple[Floats, Floats]:
    """Z_n(tau) from tau* to the jet's edge by Runge-Kutta 4, about 15 steps a period of the last term."""
    import numpy as np

    sonic, edge = (gamma - 1.0) / (gamma + 1.0), 1.0 - ratio ** ((gamma - 1.0) / gamma)
    every = max(1, math.ceil(30.0 * TERMS * edge_angle / math.pi / JET_POINTS))
    steps = JET_POINTS * every
    h = (edge - sonic) / steps
    value, rate = np.ones(TERMS), slopes / sonic
    kept = [value]
    for j in range(steps):
        t = sonic + j * h
        start, middle, end = (_chaplygin(x, gamma) for x in (t, t + 0.5 * h, t + h))
        k1 = start[0] * value - start[1] * rate
        r2 = rate + 0.5 * h * k1
        k2 = middle[0] * (value + 0.5 * h * rate) - middle[1] * r2
        r3 = rate + 0.5 * h * k2
        k3 = middle[0] * (value + 0.5 * h * r2) - middle[1] * r3
        r4 = rate + h * k3
        k4 = end[0] * (value + h * r3) - end[1] * r4
        value = value + h / 6.0 * (rate + 2.0 * r2 + 2.0 * r3 + r4)
        rate = rate + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        if (j + 1) % every == 0:
            kept.append(value)
    return sonic + (edge - sonic) * np.linspace(0.0, 1.0, JET_POINTS + 1), np.array(kept)


def _chaplygin(tau: float, gamma: float) -> tuple[Floats, float]:
    """Coefficients (A_n, B) of Z'' = A_n Z - B Z'."""
    beta = 1.0 / (gamma - 1.0)
    stiffness = (1.0 - (2.0 * beta + 1.0) * tau) / (tau * tau * (1.0 - tau))
    return _orders() ** 2 * stiffness, (1.0 + (beta - 1.0) * tau) / (tau * (1.0 - tau))


def _flow_angle(tau: Floats, gamma: float) -> Floats:
    """theta = pi/2 - nu(tau) on the lip's fan."""
    import numpy as np

    mach = np.sqrt(2.0 / (gamma - 1.0) * tau / (1.0 - tau))
    return np.array([0.5 * math.pi - prandtl_meyer_angle(max(float(m), 1.0), gamma) for m in mach])


def _tail_basis(edge_angle: float) -> Floats:
    """Columns: each of the first terms alone, then the tails named in `supersonic_discharge_coefficient`."""
    import numpy as np

    n = _orders()
    sign = 1.0 - 2.0 * (n % 2.0)
    scaled = n / FREE_TERMS
    columns = [scaled**-p for p in AXIS_EXPONENTS] + [sign * scaled**-p for p in LIP_EXPONENTS]
    for k in range(1, MAX_KINKS + 1):
        kink = 0.5 * math.pi - 2.0 * k * edge_angle
        if kink <= 1e-3:
            break
        for p in KINK_EXPONENTS:
            columns += [np.cos(2.0 * n * kink) * scaled**-p, np.sin(2.0 * n * kink) * scaled**-p]
    # A smooth end of the series instead of a cut, which would ring.
    tails = np.stack(columns, axis=1) * np.exp(-((2.2 * n / TERMS) ** 6))[:, None]
    tails[:FREE_TERMS] = 0.0
    return np.hstack([np.eye(TERMS, FREE_TERMS), tails])
