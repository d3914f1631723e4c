"""The choked or subsonic flow of a gas that is not perfect, over that of a perfect one; no numpy.

Equation of state: D. Y. Peng and D. B. Robinson, Ind. Eng. Chem. Fundam. 15 (1976) 59. In units of the
critical point (pressure p_c, temperature T_c, molar volume R_u T_c/p_c), equations 4 to 18 there:

    p = T/(v - b) - a(T)/(v^2 + 2 b v - b^2),   b = 0.07780,
    a = 0.45724 (1 + k (1 - sqrt(T)))^2,        k = 0.37464 + 1.54226 w - 0.26992 w^2,

w the acentric factor. With c_v of the perfect gas constant, c_v(T, v) = c_v0 + T a'' I, I = the integral of
dv/(v^2 + 2 b v - b^2) from v to infinity. Along an isentrope dT/dp = T (dv/dT)_p/c_p, dh = v dp, and the
mass flux rho sqrt(2 (h0 - h)) is largest at the throat. Molecules of one phase: no condensation.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.roots import bisect
from breachflow.theory.streams.nozzle import mass_flux

COVOLUME: Final = 0.07780
ATTRACTION: Final = 0.45724

STEPS: Final = 40
"""Steps along the isentrope; with twice as many the ratio of the flows changes by less than 1e-4."""
NEWTON_STEPS: Final = 12
"""Each doubles the digits of the volume, of which the first are those of a perfect gas."""
LOWEST: Final = 0.3
"""p/p0 at which the isentrope ends: throats of gases lie at 0.45 to 0.65."""


class RealGas(NamedTuple):
    """What the equation of state takes of a gas."""

    acentric_factor: float
    heat_capacity_ratio: float
    """gamma at low pressure and the temperature at rest."""


class _Point(NamedTuple):
    """Temperature and molar volume in units of the critical point."""

    temperature: float
    volume: float


def compressibility(gas: RealGas, pressure: float, temperature: float) -> float:
    """Z = p v/(R T) at reduced pressure and temperature: the root of the gas, the largest one.

    Oxygen at 295 K and 50 bar: 0.959; the reference equation (Schmidt and Wagner 1985) gives 0.970. Xenon at
    300 K and 50 bar: 0.639; 0.664.

    >>> round(compressibility(RealGas(0.0222, 1.4), 0.9909, 1.9082), 3)
    0.959
    >>> round(compressibility(RealGas(0.0036, 5 / 3), 0.8559, 1.0354), 3)
    0.638
    """
    perfect = temperature / pressure
    return _volume(gas, pressure, temperature) / perfect


def flow_over_perfect(
    gas: RealGas, pressure: float, temperature: float, pressure_ratio: float, gamma: float
) -> float:
    """Isentropic mass flux of the gas over that of a perfect gas of `gamma`, dimensionless.

    `pressure` and `temperature` at rest are reduced; 0 <= `pressure_ratio` < 1. Hydrogen at 288.15 K and 700
    bar (T = 8.69, p = 54): 0.949; the reference equation of Leachman et al. (2009) gives 0.921. Nitrogen at
    295 K and 300 bar: 1.071, by Span et al. (2000) 1.065. Raises OutOfRange where the isentrope leaves the
    range in which the equation describes a gas.

    >>> round(flow_over_perfect(RealGas(-0.219, 1.405), 54.01, 8.694, 0.0, 1.405), 3)
    0.949
    >>> round(flow_over_perfect(RealGas(0.0372, 1.4), 8.834, 2.338, 0.0, 1.4), 2)
    1.07
    >>> round(flow_over_perfect(RealGas(0.0, 1.4), 1e-4, 2.0, 0.5, 1.4), 3)
    1.0
    """
    perfect = pressure / math.sqrt(temperature) * mass_flux(pressure_ratio, gamma)
    return _largest_flux(gas, pressure, temperature, max(pressure_ratio, LOWEST)) / perfect


def vapor_pressure(acentric_factor: float, temperature: float) -> float:
    """Reduced vapor pressure at a reduced temperature, at most 1; infinite above the critical temperature.

    log10 p = 7/3 (1 + w) (1 - 1/T), exact at T = 1 and, by the definition of w (K. S. Pitzer 1955), at 0.7;
    within 10 % for T >= 0.6. Water at 373.15 K (T = 0.5767): 1.013 bar.

    >>> round(vapor_pressure(0.3443, 0.57665) * 220.64, 2)
    1.1
    """
    if temperature >= 1.0:
        return math.inf
    return math.pow(10.0, 7.0 / 3.0 * (1.0 + acentric_factor) * (1.0 - 1.0 / temperature))


def _largest_flux(gas: RealGas, pressure: float, temperature: float, end: float) -> float:
    """Largest mass flux on the isentrope from rest to `end` times the pressure."""
    step = math.log(end) / STEPS
    point = _Point(temperature, _volume(gas, pressure, temperature))
    work, fluxes = 0.0, [0.0]
    for _ in range(STEPS):
        middle = _moved(gas, point, pressure, 0.5 * step)
        half = pressure * math.exp(0.5 * step)
        slope, volume = _temperature_slope(gas, middle), middle.volume
        following = pressure * math.exp(step)
        hot = point.temperature + slope * (following - pressure)
        after = _Point(hot, _volume(gas, following, hot))
        # Simpson's rule for the work in ln p.
        work -= step / 6.0 * (pressure * point.volume + 4.0 * half * volume + following * after.volume)
        point, pressure = after, following
        fluxes.append(math.sqrt(2.0 * work) / point.volume)
    return _top(fluxes)


def _top(values: list[float]) -> float:
    """The largest value, or the top of the parabola through it and its neighbors."""
    k = max(range(len(values)), key=values.__getitem__)
    if k in (0, len(values) - 1):
        return values[k]
    low, top, high = values[k - 1 : k + 2]
    return top + 0.125 * (high - low) ** 2 / (2.0 * top - low - high)


def _moved(gas: RealGas, point: _Point, pressure: float, step: float) -> _Point:
    """The point on the isentrope after a step in ln p, by the slope at its start."""
    following = pressure * math.exp(step)
    hot = point.temperature + _temperature_slope(gas, point) * (following - pressure)
    return _Point(hot, _volume(gas, following, hot))


def _temperature_slope(gas: RealGas, point: _Point) -> float:
    """dT/dp at constant entropy, T (dv/dT)_p/c_p. Raises OutOfRange where the gas would not be stable."""
    hot, volume = point
    b, root = COVOLUME, math.sqrt(2.0)
    well = volume * volume + 2.0 * b * volume - b * b
    a, first, second = _attraction(gas, hot)
    by_temperature = 1.0 / (volume - b) - first / well
    by_volume = -hot / (volume - b) ** 2 + 2.0 * a * (volume + b) / well**2
    if not by_volume < 0.0:
        raise OutOfRange("the isentrope of the real gas leaves the states of a gas")
    integral = math.log((volume + (1.0 + root) * b) / (volume + (1.0 - root) * b)) / (2.0 * root * b)
    heat = 1.0 / (gas.heat_capacity_ratio - 1.0) + hot * second * integral
    return -hot * by_temperature / by_volume / (heat - hot * by_temperature**2 / by_volume)


def _attraction(gas: RealGas, temperature: float) -> tuple[float, float, float]:
    """a and its first and second derivative with respect to temperature."""
    w, root = gas.acentric_factor, math.sqrt(temperature)
    k = 0.37464 + 1.54226 * w - 0.26992 * w * w
    base = max(1.0 + k * (1.0 - root), 0.0)
    if base == 0.0:  # Above T = 13.5 for w = 0; the formula would let the attraction grow again.
        return 0.0, 0.0, 0.0
    return (
        ATTRACTION * base * base,
        -ATTRACTION * k * base / root,
        0.5 * ATTRACTION * k * (1.0 + k) / (temperature * root),
    )


def _volume(gas: RealGas, pressure: float, temperature: float) -> float:
    """The molar volume of the gas: Z^3 - (1-B) Z^2 + (A - 3 B^2 - 2 B) Z - (A B - B^2 - B^3) = 0.

    The largest root, which is the only one of a dense fluid.
    """
    a = _attraction(gas, temperature)[0] * pressure / temperature**2
    b = COVOLUME * pressure / temperature
    slope_at_rest = a - 3.0 * b * b - 2.0 * b

    def cubic(z: float) -> float:
        return ((z - 1.0 + b) * z + slope_at_rest) * z - a * b + b * b + b**3

    high, inflection = 1.0 + b + a, (1.0 - b) / 3.0
    valley = inflection + math.sqrt(max(inflection**2 - slope_at_rest / 3.0, 0.0))
    if cubic(valley) > 0.0:
        return bisect(cubic, b, high) * temperature / pressure
    z = high
    for _ in range(NEWTON_STEPS):  # The cubic is convex above its valley: each step stays above the root.
        z -= cubic(z) / ((3.0 * z - 2.0 + 2.0 * b) * z + slope_at_rest)
    return z * temperature / pressure
