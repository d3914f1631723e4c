"""Emptying of a volume through a hole at constant discharge coefficient; SI units, no numpy.

While choked, tau = V/(C_d A G sqrt(R T0)), with V the volume, C_d A the effective area, G the choked mass
flux coefficient, R the specific gas constant; the gas is well mixed. There are two limits: the walls keep
the gas at T0 (isothermal, slow leaks), or exchange no heat (adiabatic, fast leaks).

Into an ambient pressure p_b, the hole is choked down to p = p_b/r* and subsonic from there. With
w^2 = 1 - (p_b/p)^((gamma-1)/gamma), the speed over the largest possible one, the time left is elementary:

    t/tau = F sqrt(2 gamma/(gamma-1)) G int_0^w (1 - s^2)^(-e) ds,                                  (*)

isothermal e = gamma/(gamma-1), F = 1; adiabatic e = gamma/(gamma-1) - 1/2 and
F = (p_b/p(0))^(-(gamma-1)/(2 gamma))/gamma, tau at the starting temperature. C_d is constant through
both phases. The volume reaches p_b, w = 0, after a finite time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_gamma, require_positive
from breachflow.theory.roots import bisect
from breachflow.theory.streams.nozzle import choked_mass_flux, critical_pressure_ratio


class Phases(NamedTuple):
    """Durations of the two parts of a fall towards an ambient pressure, s."""

    choked: float
    subsonic: float

    @property
    def total(self) -> float:
        """Sum of both durations, s."""
        return self.choked + self.subsonic


def time_constant(
    volume: float, effective_area: float, temperature: float, gamma: float, specific_gas_constant: float
) -> float:
    """tau in s: V in m3, C_d A in m2, T0 in K at the start, R in J/(kg K). Valid while choked.

    Raises OutOfRange where a value is not positive, and unless 1 < gamma <= 5/3.

    Worked example: 1005 m3, 2 mm hole at C_d = 0.83, 295 K: 760 to 490 mmHg takes 235.8 h isothermally.

    >>> area = 0.83 * math.pi * 1e-6
    >>> round(time_constant(1005.0, area, 295.0, 1.4, 287.05) * math.log(760 / 490) / 3600, 1)
    235.8
    """
    require_positive("volume", volume)
    require_positive("effective area", effective_area)
    require_positive("temperature", temperature)
    speed = math.sqrt(specific_gas_constant * temperature)
    return volume / (effective_area * choked_mass_flux(gamma) * speed)


def isothermal_pressure(time: float, tau: float) -> float:
    """p/p(0) = exp(-t/tau), choked, constant temperature; t >= 0 and tau in s.

    Raises OutOfRange unless t >= 0 and tau > 0.

    >>> round(isothermal_pressure(0.693147, 1.0), 6)
    0.5
    """
    _require_time(time, tau)
    return math.exp(-time / tau)


def adiabatic_pressure(time: float, tau: float, gamma: float) -> float:
    """p/p(0) = (1 + (gamma-1)/2 t/tau)^(-2 gamma/(gamma-1)), choked, no heat exchange; t >= 0.

    Raises OutOfRange unless t >= 0, tau > 0 and 1 < gamma <= 5/3.

    >>> round(adiabatic_pressure(0.520448, 1.0, 1.4), 6)
    0.5
    """
    _require_time(time, tau)
    require_gamma(gamma)
    return float((1.0 + 0.5 * (gamma - 1.0) * time / tau) ** (-2.0 * gamma / (gamma - 1.0)))


def isothermal_time(pressure_ratio: float, tau: float) -> float:
    """t = -tau ln(p/p(0)), the inverse of `isothermal_pressure`; 0 < p/p(0) <= 1.

    Raises OutOfRange outside that range.

    >>> round(isothermal_time(0.5, 1.0), 6)
    0.693147
    """
    _require_fall(pressure_ratio)
    return -tau * math.log(pressure_ratio)


def adiabatic_time(pressure_ratio: float, tau: float, gamma: float) -> float:
    """Inverse of `adiabatic_pressure`; 0 < p/p(0) <= 1, 1 < gamma <= 5/3.

    Raises OutOfRange outside these ranges.

    >>> round(adiabatic_time(0.5, 1.0, 1.4), 6)
    0.520448
    """
    _require_fall(pressure_ratio)
    require_gamma(gamma)
    return float(2.0 * tau / (gamma - 1.0) * (pressure_ratio ** (-(gamma - 1.0) / (2.0 * gamma)) - 1.0))


def isothermal_fall(start: float, end: float, tau: float, gamma: float) -> Phases:
    """Times from p(0) = start p_b down to end p_b at constant temperature; 1 <= end <= start, tau in s.

    Choked tau ln(p(0)/p), subsonic by (*). Raises OutOfRange unless 1 <= end <= start and 1 < gamma <= 5/3.

    >>> [round(time, 6) for time in isothermal_fall(3.0, 1.001, 1.0, 1.4)]
    [0.460487, 0.894069]
    """
    choked_end = _choked_end(start, end, gamma)
    remaining = _remaining(gamma, gamma / (gamma - 1.0))
    subsonic = remaining(min(start, _onset(gamma))) - remaining(min(end, _onset(gamma)))
    return Phases(isothermal_time(choked_end / start, tau), tau * subsonic)


def adiabatic_fall(start: float, end: float, tau: float, gamma: float) -> Phases:
    """Times from p(0) = start p_b down to end p_b without heat exchange; tau at the starting temperature.

    Raises OutOfRange outside the range of `isothermal_fall`.

    >>> [round(time, 6) for time in adiabatic_fall(3.0, 1.001, 1.0, 1.4)]
    [0.339979, 0.721144]
    """
    choked_end = _choked_end(start, end, gamma)
    remaining = _remaining(gamma, gamma / (gamma - 1.0) - 0.5)
    subsonic = remaining(min(start, _onset(gamma))) - remaining(min(end, _onset(gamma)))
    return Phases(adiabatic_time(choked_end / start, tau, gamma), tau * _cooling(start, gamma) * subsonic)


def isothermal_pressure_over_ambient(time: float, start: float, tau: float, gamma: float) -> float:
    """p/p_b after a time from p(0) = start p_b, constant temperature, the inverse of `isothermal_fall`.

    t >= 0 and tau in s; 1 once the pressure has fallen to p_b. Raises OutOfRange unless t >= 0, tau > 0,
    start >= 1 and 1 < gamma <= 5/3.

    >>> round(isothermal_pressure_over_ambient(0.460487 + 0.894069, 3.0, 1.0, 1.4), 6)
    1.001
    """
    _require_time(time, tau)
    choked = isothermal_fall(start, _choked_end(start, 1.0, gamma), tau, gamma).choked
    if time <= choked:
        return start * isothermal_pressure(time, tau)
    remaining = _remaining(gamma, gamma / (gamma - 1.0))
    return _pressure_left(remaining, start, (time - choked) / tau, gamma)


def adiabatic_pressure_over_ambient(time: float, start: float, tau: float, gamma: float) -> float:
    """p/p_b after a time from p(0) = start p_b without heat exchange, the inverse of `adiabatic_fall`.

    Raises OutOfRange outside the range of `isothermal_pressure_over_ambient`.

    >>> round(adiabatic_pressure_over_ambient(0.339979 + 0.721144, 3.0, 1.0, 1.4), 6)
    1.001
    """
    _require_time(time, tau)
    choked = adiabatic_fall(start, _choked_end(start, 1.0, gamma), tau, gamma).choked
    if time <= choked:
        return start * adiabatic_pressure(time, tau, gamma)
    remaining = _remaining(gamma, gamma / (gamma - 1.0) - 0.5)
    return _pressure_left(remaining, start, (time - choked) / (tau * _cooling(start, gamma)), gamma)


def pressure_rate(mass_flow: float, volume: float, temperature: float, specific_gas_constant: float) -> float:
    """dp/dt = -mdot R T0/V, Pa/s, isothermal; gamma times as much if adiabatic.

    mdot in kg/s, V in m3, T0 in K, R in J/(kg K). Raises OutOfRange unless V and T0 are positive.

    Worked example: 53.7 kg/day out of 1005 m3 at 295 K is 1.41 mmHg/h.

    >>> round(pressure_rate(53.7 / 86400, 1005.0, 295.0, 287.05) * 3600 / 133.322, 2)
    -1.41
    """
    require_positive("volume", volume)
    require_positive("temperature", temperature)
    return -mass_flow * specific_gas_constant * temperature / volume


def _require_time(time: float, tau: float) -> None:
    """Raises OutOfRange unless tau > 0 and t >= 0."""
    require_positive("time constant", tau)
    if not time >= 0.0:
        raise OutOfRange(f"time {time:g} s must not be negative")


def _require_fall(pressure_ratio: float) -> None:
    """Raises OutOfRange unless 0 < p/p(0) <= 1."""
    if not 0.0 < pressure_ratio <= 1.0:
        raise OutOfRange(f"p/p(0) = {pressure_ratio:g} must lie in (0, 1]")


def _onset(gamma: float) -> float:
    """p/p_b below which the hole is no longer choked."""
    return 1.0 / critical_pressure_ratio(gamma)


def _choked_end(start: float, end: float, gamma: float) -> float:
    """p/p_b where the choked part of the fall ends."""
    if not 1.0 <= end <= start < math.inf:
        raise OutOfRange(f"from {start:g} p_b to {end:g} p_b: it takes 1 <= end <= start")
    return min(start, max(end, _onset(gamma)))


def _cooling(start: float, gamma: float) -> float:
    """F of (*) where no heat is exchanged."""
    return float(start ** ((gamma - 1.0) / (2.0 * gamma)) / gamma)


def _remaining(gamma: float, exponent: float) -> Callable[[float], float]:
    """Time left until p_b, over tau F, as a function of p/p_b, subsonic: (*)."""
    scale = math.sqrt(2.0 * gamma / (gamma - 1.0)) * choked_mass_flux(gamma)

    def time(pressure: float) -> float:
        square = -math.expm1(-(gamma - 1.0) / gamma * math.log(pressure))
        return scale * math.sqrt(square) * _power_integral(square, exponent)

    return time


def _power_integral(square: float, exponent: float) -> float:
    """1/w int_0^w (1 - s^2)^(-e) ds with w^2 <= 1/4, by its binomial series to rounding."""
    total, term, k = 0.0, 1.0, 0
    while term > 1e-17 * total:
        total += term / (2 * k + 1)
        term *= (exponent + k) / (k + 1) * square
        k += 1
    return total


def _pressure_left(remaining: Callable[[float], float], start: float, elapsed: float, gamma: float) -> float:
    """p/p_b when the time `elapsed`, over tau F, of the subsonic part has passed."""
    onset = min(start, _onset(gamma))
    left = remaining(onset) - elapsed
    return bisect(lambda pressure: remaining(pressure) - left, 1.0, onset) if left > 0.0 else 1.0
