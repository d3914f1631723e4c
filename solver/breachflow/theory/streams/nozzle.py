"""Ideal (isentropic, quasi-one-dimensional) flow of a calorically perfect gas; needs no numpy.

Symbols: gamma heat-capacity ratio, R specific gas constant, r = p_outside/p0 pressure ratio,
r* critical pressure ratio, M Mach number, index 0 stagnation, * sonic.
Equations: NACA Report 1135 (1953), "Equations, Tables, and Charts for Compressible Flow".
"""

from __future__ import annotations

import math
from typing import NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_gamma, require_positive, require_pressure_ratio
from breachflow.theory.roots import bisect, bisect_above


class Throat(NamedTuple):
    """Gas in the narrowest section of the ideal stream: sonic if choked, else at the outside pressure."""

    pressure: float
    """Pa."""
    temperature: float
    """K."""
    density: float
    """kg/m3."""
    speed: float
    """m/s."""
    mach: float


def critical_pressure_ratio(gamma: float) -> float:
    """r* = (2/(gamma+1))^(gamma/(gamma-1)), dimensionless (NACA 1135, eq. 44 with M = 1).

    Valid for 1 < gamma <= 5/3; raises OutOfRange otherwise. Published: 0.5283 at gamma = 1.4 (NACA 1135,
    table I, M = 1).

    >>> round(critical_pressure_ratio(1.4), 6)
    0.528282
    """
    require_gamma(gamma)
    return float((2.0 / (gamma + 1.0)) ** (gamma / (gamma - 1.0)))


def choked_mass_flux(gamma: float) -> float:
    """G = sqrt(gamma) (2/(gamma+1))^((gamma+1)/(2(gamma-1))), in units of p0/sqrt(R T0).

    The largest mass flow per area that an isentropic one-dimensional flow can carry. Valid for
    1 < gamma <= 5/3; raises OutOfRange otherwise. By hand: sqrt(1.4) 125/216 at 1.4, sqrt(5/3) 9/16 at 5/3.

    >>> round(choked_mass_flux(1.4), 6), round(choked_mass_flux(5 / 3), 6)
    (0.684731, 0.726184)
    """
    require_gamma(gamma)
    return math.sqrt(gamma) * float((2.0 / (gamma + 1.0)) ** ((gamma + 1.0) / (2.0 * (gamma - 1.0))))


def mass_flux(pressure_ratio: float, gamma: float) -> float:
    """phi(r), isentropic mass flow per area in units of p0/sqrt(R T0), into an outside pressure of r p0.

    r >= r*: phi = sqrt(2 gamma/(gamma-1) (r^(2/gamma) - r^((gamma+1)/gamma)))
    (de Saint-Venant and Wantzel 1839); r < r*: G (choked). Valid for 0 <= r <= 1, 1 < gamma <= 5/3;
    raises OutOfRange otherwise.

    >>> round(mass_flux(0.8, 1.4), 6)
    0.560661
    >>> mass_flux(0.0, 1.4) == mass_flux(0.4, 1.4) == choked_mass_flux(1.4)
    True
    """
    require_pressure_ratio(pressure_ratio)
    if pressure_ratio <= critical_pressure_ratio(gamma):
        return choked_mass_flux(gamma)
    power = pressure_ratio ** (2.0 / gamma) - pressure_ratio ** ((gamma + 1.0) / gamma)
    return math.sqrt(2.0 * gamma / (gamma - 1.0) * max(power, 0.0))


def ideal_mass_flow(
    area: float,
    pressure: float,
    temperature: float,
    gamma: float,
    specific_gas_constant: float,
    outside_pressure: float = 0.0,
) -> float:
    """A p0/sqrt(R T0) phi(p_outside/p0), kg/s: the denominator of every discharge coefficient here.

    Area in m2; pressure in Pa and temperature in K of the gas at rest inside; R in J/(kg K). Raises
    OutOfRange where a value is not positive, and outside the range of `mass_flux`. Worked example: dry air at
    101325 Pa, 293.15 K chokes at 239.17 kg/(m2 s), computed independently as rho* a* = 0.763418 kg/m3 x
    313.29 m/s.

    >>> round(ideal_mass_flow(1.0, 101325.0, 293.15, 1.4, 8.31446261815324 / 28.9644e-3), 2)
    239.17
    """
    for name, value in (("area", area), ("pressure", pressure), ("temperature", temperature)):
        require_positive(name, value)
    require_positive("specific gas constant", specific_gas_constant)
    flux = mass_flux(outside_pressure / pressure, gamma)
    return area * pressure / math.sqrt(specific_gas_constant * temperature) * flux


def throat_state(
    pressure: float,
    temperature: float,
    gamma: float,
    specific_gas_constant: float,
    outside_pressure: float = 0.0,
) -> Throat:
    """Isentropic state where the ideal stream is narrowest: sonic for r <= r*, at p_outside above it.

    T = T0 r_t^((gamma-1)/gamma), rho = p/(R T), u = sqrt(2 gamma R (T0 - T)/(gamma-1)) with
    r_t = max(r, r*); SI units. Raises OutOfRange where a value is not positive, and outside the range of
    `mass_flux`. Published (NACA 1135, table I, M = 1):
    T*/T0 = 0.8333, p*/p0 = 0.5283.

    >>> state = throat_state(101325.0, 293.15, 1.4, 287.05)
    >>> round(state.temperature / 293.15, 4), round(state.pressure / 101325.0, 4), round(state.speed, 2)
    (0.8333, 0.5283, 313.33)
    """
    for name, value in (("pressure", pressure), ("temperature", temperature)):
        require_positive(name, value)
    require_positive("specific gas constant", specific_gas_constant)
    require_pressure_ratio(outside_pressure / pressure)
    ratio = max(outside_pressure / pressure, critical_pressure_ratio(gamma))
    local = temperature * ratio ** ((gamma - 1.0) / gamma)
    speed = math.sqrt(2.0 * gamma * specific_gas_constant * max(temperature - local, 0.0) / (gamma - 1.0))
    sound = math.sqrt(gamma * specific_gas_constant * local)
    density = ratio * pressure / (specific_gas_constant * local)
    return Throat(ratio * pressure, local, density, speed, speed / sound)


def thrust_ratio(pressure_ratio: float, gamma: float, discharge_coefficient: float = 1.0) -> float:
    """Net thrust over p0 A of a uniform parallel stream of cross-section C_d A at the narrowest place.

    r <= r*: C_d ((1+gamma) r* - r), a uniform sonic exit; r > r*: C_d phi(r)^2 r^(-1/gamma), its momentum
    (the momentum balance of Jobson 1955, Proc. Inst. Mech. Engrs 169, 767). Dimensionless; raises OutOfRange
    outside the range of `mass_flux`. Exact for C_d = 1 (a short convergent nozzle). For a thin plate the jet
    is taken as uniform: against the exact reaction of a slit into vacuum, 1.10085 at gamma = 1.4 and
    C_d = 0.84926, the formula is 2 % low.

    >>> round(thrust_ratio(0.0, 1.4), 5)
    1.26788
    """
    critical = critical_pressure_ratio(gamma)
    require_pressure_ratio(pressure_ratio)
    if pressure_ratio <= critical:
        return discharge_coefficient * ((1.0 + gamma) * critical - pressure_ratio)
    return float(
        discharge_coefficient * mass_flux(pressure_ratio, gamma) ** 2 * pressure_ratio ** (-1.0 / gamma)
    )


def pressure_ratio_from_mach(mach: float, gamma: float) -> float:
    """p/p0 = (1 + (gamma-1)/2 M^2)^(-gamma/(gamma-1)) (NACA 1135, eq. 44); M >= 0.

    Raises OutOfRange for other M, and unless 1 < gamma <= 5/3.

    Published: 0.1278 at M = 2, gamma = 1.4 (NACA 1135, table II).

    >>> round(pressure_ratio_from_mach(2.0, 1.4), 4)
    0.1278
    """
    require_gamma(gamma)
    if not mach >= 0.0:
        raise OutOfRange(f"Mach number {mach:g} must not be negative")
    return float((1.0 + 0.5 * (gamma - 1.0) * mach * mach) ** (-gamma / (gamma - 1.0)))


def mach_from_pressure_ratio(pressure_ratio: float, gamma: float) -> float:
    """M = sqrt(2/(gamma-1) ((p/p0)^(-(gamma-1)/gamma) - 1)), the inverse of the above.

    Valid for 0 < p/p0 <= 1, 1 < gamma <= 5/3; raises OutOfRange otherwise.

    >>> round(mach_from_pressure_ratio(pressure_ratio_from_mach(2.0, 1.4), 1.4), 12)
    2.0
    """
    require_gamma(gamma)
    require_pressure_ratio(pressure_ratio)
    require_positive("pressure ratio", pressure_ratio)
    return math.sqrt(2.0 / (gamma - 1.0) * (pressure_ratio ** (-(gamma - 1.0) / gamma) - 1.0))


def area_ratio(mach: float, gamma: float) -> float:
    """A/A* = 1/M (2/(gamma+1) (1 + (gamma-1)/2 M^2))^((gamma+1)/(2(gamma-1))) (NACA 1135, eq. 80); M > 0.

    Raises OutOfRange for other M, and unless 1 < gamma <= 5/3. Published: 1.6875 at M = 2, gamma = 1.4 (NACA
    1135, table II).

    >>> round(area_ratio(2.0, 1.4), 4)
    1.6875
    """
    require_gamma(gamma)
    require_positive("Mach number", mach)
    base = 2.0 / (gamma + 1.0) * (1.0 + 0.5 * (gamma - 1.0) * mach * mach)
    return float(base ** ((gamma + 1.0) / (2.0 * (gamma - 1.0))) / mach)


def mach_from_area_ratio(ratio: float, gamma: float, supersonic: bool) -> float:
    """Mach number at A/A* on the sub- or supersonic branch, by bisection to machine accuracy; A/A* >= 1.

    Raises OutOfRange for other A/A*, and unless 1 < gamma <= 5/3. A spherical source (A ~ r^2) at r = 1.5 r*:
    2.328172 supersonic, 0.268487 subsonic, gamma = 1.4.

    >>> [round(mach_from_area_ratio(2.25, 1.4, supersonic), 6) for supersonic in (True, False)]
    [2.328172, 0.268487]
    """
    if not (math.isfinite(ratio) and ratio >= 1.0):
        raise OutOfRange(f"area ratio A/A* = {ratio:g} must be finite and at least 1")
    if not supersonic:
        return bisect(lambda mach: ratio - area_ratio(mach, gamma), 0.25 / ratio, 1.0)
    return bisect_above(lambda mach: area_ratio(mach, gamma) - ratio, 1.0, 2.0)


def prandtl_meyer_angle(mach: float, gamma: float) -> float:
    """nu(M), radians: k atan(sqrt(M^2-1)/k) - atan(sqrt(M^2-1)), k^2 = (gamma+1)/(gamma-1); M >= 1.

    Th. Meyer 1908. Raises OutOfRange for M < 1, and unless 1 < gamma <= 5/3. Published: 26.38 degrees at M =
    2, gamma = 1.4 (NACA 1135, table II).

    >>> round(math.degrees(prandtl_meyer_angle(2.0, 1.4)), 2)
    26.38
    """
    require_gamma(gamma)
    if not mach >= 1.0:
        raise OutOfRange(f"Mach number {mach:g}: a Prandtl-Meyer expansion needs at least 1")
    scale = math.sqrt((gamma + 1.0) / (gamma - 1.0))
    root = math.sqrt(mach * mach - 1.0)
    return scale * math.atan(root / scale) - math.atan(root)


def mach_from_prandtl_meyer_angle(angle: float, gamma: float) -> float:
    """Inverse of `prandtl_meyer_angle`, angle in radians, 0 <= angle < pi/2 (sqrt((gamma+1)/(gamma-1)) - 1).

    Raises OutOfRange for other angles, and unless 1 < gamma <= 5/3.

    >>> round(mach_from_prandtl_meyer_angle(math.radians(45.0), 1.4), 6)
    2.764452
    """
    require_gamma(gamma)
    largest = 0.5 * math.pi * (math.sqrt((gamma + 1.0) / (gamma - 1.0)) - 1.0)
    if not 0.0 <= angle < largest:
        raise OutOfRange(f"Prandtl-Meyer angle {angle:g} rad must lie in [0, {largest:.6g})")
    return bisect_above(lambda mach: prandtl_meyer_angle(mach, gamma) - angle, 1.0, 2.0)
