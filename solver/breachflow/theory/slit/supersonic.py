"""The slit's supersonic jet: the series in Chaplygin's modes that fits the lip's fan and the jet's edge.

psi = 2 theta/pi + sum_n a_n Z_n(tau) sin 2 n theta, Z_n normalized to 1 at sonic speed; `free_streamline`
derives mass flow and reaction from the a_n. F. I. Frankl 1947; K. G. Guderley, "Theorie schallnaher
Stroemungen", Springer 1957.

psi = 1 is required on the lip's Prandtl-Meyer fan theta = pi/2 - nu and on the edge of the jet nu = nu_b,
nu_b <= theta <= pi/2 - nu_b. No condition holds on theta = nu, the last characteristic that reaches the sonic
line. The a_n follow by least squares. The tail of the series is spanned by its known singularities on the
sonic line. On the axis theta ~ psi^3 (Meyer's throat), so a_n ~ n^(-4/3). At the lip a_n ~ (-1)^n n^(-7/3).
Where the fan meets the jet's edge psi has a kink, which runs along characteristics back to the sonic line at
theta = pi/2 - 2 k nu_b; there a_n ~ n^(-11/6) times the sine or cosine.

numpy is imported by the functions that need it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_gamma
from breachflow.theory.slit.chaplygin import (
    ACCELERATED,
    hodograph_speed,
    mode,
    require_slit_gamma,
    subsonic_discharge_coefficient,
)
from breachflow.theory.streams.nozzle import (
    choked_mass_flux,
    critical_pressure_ratio,
    mach_from_prandtl_meyer_angle,
    mach_from_pressure_ratio,
    mass_flux,
    prandtl_meyer_angle,
    pressure_ratio_from_mach,
    thrust_ratio,
)

if TYPE_CHECKING:
    from breachflow.arrays import Floats

CHOKING_ANGLE: Final = math.pi / 4.0
"""Prandtl-Meyer angle of the jet's edge above which the outside pressure no longer changes the mass flow."""

SHORT_EDGE: Final = 0.07
"""Distance of the edge's angle from `CHOKING_ANGLE`, radians, at which the edge is too short to resolve."""

THIN_LAYER: Final = 0.02
"""r* - r below which the supersonic layer is too thin to resolve."""
LAYER_STENCIL: Final = (2.0 * THIN_LAYER, THIN_LAYER, 0.0, -THIN_LAYER, -2.0 * THIN_LAYER)

MARCH_START: Final = 0.2
"""tau/tau* where the march of the slopes begins."""

AXIS_EXPONENTS: Final = (4 / 3, 8 / 3, 10 / 3)
LIP_EXPONENTS: Final = (7 / 3, 3.0, 11 / 3)
KINK_EXPONENTS: Final = (11 / 6, 5 / 2)
"""Falling powers of n in the tails, from the singularities on the axis, at the lip and at the kinks."""
MAX_KINKS: Final = 6
"""Kinks whose tails are taken along, at most."""


class SeriesResolution(NamedTuple):
    """Resolution of the solution, which decides its accuracy."""

    terms: int = 800
    """Terms of the series."""
    edge_points: int = 800
    """Points on the fan, and as many on the jet's edge, where psi = 1 is required."""
    riccati_steps: int = 2000
    """Steps from tau*/5 to tau*."""
    free_terms: int = 15
    """Amplitudes that are free; the later ones are combinations of the tails."""


STANDARD: Final = SeriesResolution()


class Outflow(NamedTuple):
    """Coefficients of the jet, dimensionless."""

    discharge_coefficient: float
    reaction_coefficient: float
    """Thrust over p0 A."""


class HodographModes(NamedTuple):
    """Slopes and values of the modes from tau*/5 to tau*."""

    tau: Floats
    """Shape (steps + 1,)."""
    slopes: Floats
    """s_n, shape (steps + 1, terms)."""
    log_values: Floats
    """log Z_n, 0 at tau*, shape (steps + 1, terms)."""


class HodographSeries(NamedTuple):
    """A solution psi = 2 theta/pi + sum a_n Z_n sin 2 n theta."""

    amplitudes: Floats
    """a_n, shape (terms,)."""
    march: HodographModes


def choking_pressure_ratio(gamma: float) -> float:
    """r at which the edge of the jet has turned by 45 degrees: at and below it the mass flow is constant.

    p/p0 at nu(M) = pi/4 (Frankl 1947); 1 < gamma <= 5/3, raises OutOfRange otherwise.

    >>> round(choking_pressure_ratio(1.4), 6), round(choking_pressure_ratio(5 / 3), 5)
    (0.038906, 0.01714)
    """
    require_gamma(gamma)
    return pressure_ratio_from_mach(mach_from_prandtl_meyer_angle(CHOKING_ANGLE, gamma), gamma)


def supersonic_outflow(
    pressure_ratio: float, gamma: float, resolution: SeriesResolution = STANDARD
) -> Outflow:
    """C_d and reaction of the supersonic jet, 0 <= r < r*, 1.05 <= gamma <= 5/3; errors below 1e-5.

    Near both ends of the range the coefficients are interpolated. Next to choking the deficits of C_d and of
    reaction + r fall with the cube of the angle that the edge still lacks (found in the solutions). Next to
    r*, where the series converges most slowly, mass flow and reaction are smooth and follow a polynomial
    through Chaplygin's jets and solutions below. Raises OutOfRange outside the range.

    Choked, gamma = 1.4: C_d 0.84926, reaction 1.10085 into vacuum.

    >>> [round(value, 4) for value in supersonic_outflow(0.0, 1.4)]
    [0.8493, 1.1008]
    """
    critical = critical_pressure_ratio(gamma)
    if not 0.0 <= pressure_ratio < critical:
        raise OutOfRange(f"the jet is supersonic for 0 <= r < {critical:.6g}, not r = {pressure_ratio:g}")
    require_slit_gamma(gamma)
    flow = force = 0.0
    for weight, place in neighbors(pressure_ratio, gamma, LAYER_STENCIL):
        found = _subsonic_outflow(place, gamma) if place >= critical else _outflow(place, gamma, resolution)
        flow += weight * found.discharge_coefficient
        force += weight * (found.reaction_coefficient + place)
    return Outflow(flow, force - pressure_ratio)


def neighbors(ratio: float, gamma: float, stencil: Sequence[float]) -> list[tuple[float, float]]:
    """Weights and pressure ratios of the jets between which the one at 0 <= r < r* is interpolated.

    The jet itself inside the range; next to r* jets at the distances `stencil` from r*; next to choking the
    choked jet and a nearby one. Raises OutOfRange unless 0 <= r <= 1 and 1 < gamma <= 5/3.

    >>> neighbors(0.3, 1.4, LAYER_STENCIL)
    [(1.0, 0.3)]
    """
    critical, choking = critical_pressure_ratio(gamma), choking_pressure_ratio(gamma)
    if ratio > critical - THIN_LAYER:
        weights = lagrange_weights(ratio - critical, stencil)
        return [(weight, critical + step) for weight, step in zip(weights, stencil, strict=True)]
    lacking = CHOKING_ANGLE - edge_angle(ratio, gamma)
    if lacking == 0.0:
        return [(1.0, choking)]
    if lacking >= SHORT_EDGE:
        return [(1.0, ratio)]
    weight = (lacking / SHORT_EDGE) ** 3
    near = pressure_ratio_from_mach(mach_from_prandtl_meyer_angle(CHOKING_ANGLE - SHORT_EDGE, gamma), gamma)
    return [(1.0 - weight, choking), (weight, near)]


def edge_angle(pressure_ratio: float, gamma: float) -> float:
    """nu_b of the jet's edge in radians, at most pi/4, beyond which it has no influence; 0 <= r <= r*.

    Raises OutOfRange unless 0 <= r <= 1 and 1 < gamma <= 5/3.

    >>> edge_angle(0.0, 1.4) == CHOKING_ANGLE, round(edge_angle(0.1278, 1.4), 2)  # NACA 1135: 26.38 degrees
    (True, 0.46)
    """
    if pressure_ratio <= choking_pressure_ratio(gamma):
        return CHOKING_ANGLE
    return prandtl_meyer_angle(max(mach_from_pressure_ratio(pressure_ratio, gamma), 1.0), gamma)


def lagrange_weights(place: float, nodes: Sequence[float]) -> list[float]:
    """Weights of the values at `nodes` in the interpolating polynomial's value at `place`.

    >>> lagrange_weights(3.0, (0.0, 1.0, 2.0))
    [1.0, -3.0, 3.0]
    """
    return [math.prod((place - other) / (node - other) for other in nodes if other != node) for node in nodes]


def _subsonic_outflow(ratio: float, gamma: float) -> Outflow:
    """Chaplygin's jet, its mass flow over the choked one: that, not C_d, is smooth through r*."""
    flow = subsonic_discharge_coefficient(ratio, gamma)
    return Outflow(flow * mass_flux(ratio, gamma) / choked_mass_flux(gamma), thrust_ratio(ratio, gamma, flow))


def _outflow(ratio: float, gamma: float, resolution: SeriesResolution) -> Outflow:
    """C_d and reaction by the series and equations (*) and (**) of `free_streamline`."""
    series = solve(ratio, gamma, resolution)
    weights = width_weights(resolution.terms)
    mean_cosine = 2.0 / math.pi + float(weights @ series.amplitudes)
    opening = 2.0 / math.pi + float((weights * (1.0 + 2.0 * series.march.slopes[-1])) @ series.amplitudes)
    critical = critical_pressure_ratio(gamma)
    return Outflow(1.0 / opening, critical - ratio + gamma * critical * mean_cosine / opening)


def width_weights(terms: int) -> Floats:
    """(-1)^(n+1) 2n/(4 n^2 - 1) of equation (*), shape (terms,).

    It is the integral of cos theta d(sin 2 n theta) over 90 degrees.

    >>> [round(float(weight), 4) for weight in width_weights(2)]  # 2/3 and -4/15
    [0.6667, -0.2667]
    """
    n = _orders(terms)
    sign: Floats = 2.0 * (n % 2.0) - 1.0
    return sign * 2.0 * n / (4.0 * n * n - 1.0)


def solve(ratio: float, gamma: float, resolution: SeriesResolution = STANDARD) -> HodographSeries:
    """The amplitudes for 0 <= r < r*, by least squares; below choking those of the choked jet.

    Raises OutOfRange unless 0 <= r <= 1 and 1 < gamma <= 5/3. psi rises from the axis to the wall; the first
    amplitude is positive and well below Chaplygin's 2/pi.

    >>> bool(0.0 < solve(0.0, 1.4).amplitudes[0] < 2.0 / math.pi)
    True
    """
    import numpy as np

    ratio = max(ratio, choking_pressure_ratio(gamma))
    angle_b = edge_angle(ratio, gamma)
    march = march_slopes(gamma, resolution)
    n = _orders(resolution.terms)
    tau, modes = _march_modes(ratio, gamma, march.slopes[-1], resolution)
    angle = _flow_angle(tau, gamma)
    # The point on theta = nu itself is left out: the truncated tails converge most slowly there.
    values = [(modes * np.sin(2.0 * np.outer(angle, n)))[:-1]]
    wanted = [1.0 - 2.0 * angle[:-1] / math.pi]
    if CHOKING_ANGLE - angle_b > 1e-9:
        angle = np.linspace(angle_b, 0.5 * math.pi - angle_b, resolution.edge_points)[1:]
        values.append(modes[-1] * np.sin(2.0 * np.outer(angle, n)))
        wanted.append(1.0 - 2.0 * angle / math.pi)
    basis = _tail_basis(angle_b, resolution)
    system, right = np.vstack(values) @ basis, np.concatenate(wanted)
    return HodographSeries(basis @ np.linalg.lstsq(system, right, rcond=1e-13)[0], march)


def march_slopes(gamma: float, resolution: SeriesResolution = STANDARD) -> HodographModes:
    """s_n and log Z_n from tau*/5 to tau*: Chaplygin's equation as Riccati's, by Runge-Kutta 4.

    ds/dlog(tau) = ((2n)^2 (1 - (2 beta+1) tau)/4 - beta tau s)/(1 - tau) - s^2. Errors of the initial slopes
    decay, so the first modes start from their series and all others from the asymptotic slope.

    >>> round(float(march_slopes(1.4).slopes[-1, 3]) / mode(8, 1 / 6, 1.4).slope, 9)
    1.0
    """
    import numpy as np

    beta, sonic = 1.0 / (gamma - 1.0), (gamma - 1.0) / (gamma + 1.0)
    n = _orders(resolution.terms)

    def rate(position: float, slope: Floats) -> Floats:
        tau = math.exp(position)
        stiffness = n * n * (1.0 - (2.0 * beta + 1.0) * tau)
        return (stiffness - beta * tau * slope) / (1.0 - tau) - slope * slope

    position, h = math.log(MARCH_START * sonic), -math.log(MARCH_START) / resolution.riccati_steps
    slope = n * math.sqrt((1.0 - MARCH_START) / (1.0 - MARCH_START * sonic))
    slope[:ACCELERATED] = [mode(2 * k, MARCH_START * sonic, gamma).slope for k in range(1, ACCELERATED + 1)]
    slopes, logs = [slope], [np.zeros(resolution.terms)]
    for _ in range(resolution.riccati_steps):
        k1 = rate(position, slope)
        k2 = rate(position + 0.5 * h, slope + 0.5 * h * k1)
        k3 = rate(position + 0.5 * h, slope + 0.5 * h * k2)
        k4 = rate(position + h, slope + h * k3)
        logs.append(logs[-1] + h * slope + h * h / 6.0 * (k1 + k2 + k3))
        slope = slope + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        slopes.append(slope)
        position += h
    tau = sonic * MARCH_START ** np.linspace(1.0, 0.0, resolution.riccati_steps + 1)
    return HodographModes(tau, np.array(slopes), np.array(logs) - logs[-1])


def _orders(terms: int) -> Floats:
    """n = 1, 2, ..., shape (terms,)."""
    import numpy as np

    return np.arange(1.0, terms + 1.0)


def _march_modes(
    ratio: float, gamma: float, slopes: Floats, resolution: SeriesResolution
) -> tuple[Floats, Floats]:
    """tau, shape (points + 1,), and Z_n(tau), shape (points + 1, terms), from tau* to the jet's edge.

    By Runge-Kutta 4 with about 15 steps a period of the last term.
    """
    import numpy as np

    sonic, edge = (gamma - 1.0) / (gamma + 1.0), hodograph_speed(ratio, gamma)
    n, points = _orders(resolution.terms), resolution.edge_points
    every = max(1, math.ceil(30.0 * resolution.terms * edge_angle(ratio, gamma) / math.pi / points))
    h = (edge - sonic) / (points * every)
    value, rate = np.ones(resolution.terms), slopes / sonic
    kept = [value]
    for j in range(points * every):
        t = sonic + j * h
        start, middle, end = (_chaplygin(x, gamma, n) for x in (t, t + 0.5 * h, t + h))
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
    return sonic + (edge - sonic) * np.linspace(0.0, 1.0, points + 1), np.array(kept)


def _chaplygin(tau: float, gamma: float, n: Floats) -> tuple[Floats, float]:
    """Coefficients (A_n, B) of Z'' = A_n Z - B Z'."""
    beta = 1.0 / (gamma - 1.0)
    stiffness = (1.0 - (2.0 * beta + 1.0) * tau) / (tau * tau * (1.0 - tau))
    return n * n * stiffness, (1.0 + (beta - 1.0) * tau) / (tau * (1.0 - tau))


def _flow_angle(tau: Floats, gamma: float) -> Floats:
    """theta = pi/2 - nu(tau) on the lip's fan."""
    import numpy as np

    mach = np.sqrt(2.0 / (gamma - 1.0) * tau / (1.0 - tau))
    return np.array([0.5 * math.pi - prandtl_meyer_angle(max(float(m), 1.0), gamma) for m in mach])


def _tail_basis(angle_b: float, resolution: SeriesResolution) -> Floats:
    """Columns: each of the first terms alone, then the tails; shape (terms, columns)."""
    import numpy as np

    n, first = _orders(resolution.terms), resolution.free_terms
    sign, scaled = 1.0 - 2.0 * (n % 2.0), n / first
    columns = [scaled**-p for p in AXIS_EXPONENTS] + [sign * scaled**-p for p in LIP_EXPONENTS]
    for k in range(1, MAX_KINKS + 1):
        kink = 0.5 * math.pi - 2.0 * k * angle_b
        if kink <= 1e-3:
            break
        for p in KINK_EXPONENTS:
            columns += [np.cos(2.0 * n * kink) * scaled**-p, np.sin(2.0 * n * kink) * scaled**-p]
    # The series ends smoothly: a sharp cut would make it oscillate.
    tails = np.stack(columns, axis=1) * np.exp(-((2.2 * n / resolution.terms) ** 6))[:, None]
    tails[:first] = 0.0
    return np.hstack([np.eye(resolution.terms, first), tails])
