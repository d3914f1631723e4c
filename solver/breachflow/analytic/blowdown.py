"""Emptying of a volume through a hole at constant discharge coefficient; SI units, no numpy.

While choked, tau = V/(C_d A G sqrt(R T0)), with V the volume, C_d A the effective area, G the choked mass
flux coefficient, R the specific gas constant; the gas is well mixed. Two limits: walls keep the gas at
T0 (isothermal, slow leaks), or exchange no heat (adiabatic, fast ones).
"""

from __future__ import annotations

import math

from breachflow.analytic.nozzle import choked_mass_flux, require_gamma, require_positive
from breachflow.errors import OutOfRange


def time_constant(
    volume: float, effective_area: float, temperature: float, gamma: float, specific_gas_constant: float
) -> float:
    """tau in s: V m3, C_d A m2, T0 K at the start, R J/(kg K). Valid while choked.

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

    >>> round(isothermal_pressure(0.693147, 1.0), 6)
    0.5
    """
    _require_time(time, tau)
    return math.exp(-time / tau)


def adiabatic_pressure(time: float, tau: float, gamma: float) -> float:
    """p/p(0) = (1 + (gamma-1)/2 t/tau)^(-2 gamma/(gamma-1)), choked, no heat exchange; t >= 0.

    >>> round(adiabatic_pressure(0.520448, 1.0, 1.4), 6)
    0.5
    """
    _require_time(time, tau)
    require_gamma(gamma)
    return float((1.0 + 0.5 * (gamma - 1.0) * time / tau) ** (-2.0 * gamma / (gamma - 1.0)))


def isothermal_time(pressure_ratio: float, tau: float) -> float:
    """t = -tau ln(p/p(0)), the inverse of `isothermal_pressure`; 0 < p/p(0) <= 1.

    >>> round(isothermal_time(0.5, 1.0), 6)
    0.693147
    """
    _require_fall(pressure_ratio)
    return -tau * math.log(pressure_ratio)


def adiabatic_time(pressure_ratio: float, tau: float, gamma: float) -> float:
    """Inverse of `adiabatic_pressure`; 0 < p/p(0) <= 1.

    >>> round(adiabatic_time(0.5, 1.0, 1.4), 6)
    0.520448
    """
    _require_fall(pressure_ratio)
    require_gamma(gamma)
    return float(2.0 * tau / (gamma - 1.0) * (pressure_ratio ** (-(gamma - 1.0) / (2.0 * gamma)) - 1.0))


def pressure_rate(mass_flow: float, volume: float, temperature: float, specific_gas_constant: float) -> float:
    """dp/dt = -mdot R T0/V, Pa/s, isothermal (times gamma: adiabatic); any positive values.

    Worked example: 53.7 kg/day out of 1005 m3 at 295 K is 1.41 mmHg/h.

    >>> round(pressure_rate(53.7 / 86400, 1005.0, 295.0, 287.05) * 3600 / 133.322, 2)
    -1.41
    """
    require_positive("volume", volume)
    require_positive("temperature", temperature)
    return -mass_flow * specific_gas_constant * temperature / volume


def _require_time(time: float, tau: float) -> None:
    require_positive("time constant", tau)
    if not time >= 0.0:
        raise OutOfRange(f"time {time:g} s must not be negative")


def _require_fall(pressure_ratio: float) -> None:
    if not 0.0 < pressure_ratio <= 1.0:
        raise OutOfRange(f"p/p(0) = {pressure_ratio:g} must lie in (0, 1]")
