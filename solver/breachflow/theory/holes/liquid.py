"""A liquid that leaks through a sharp hole into vacuum: bounds of its flow, and times to drain; no numpy.

Bernoulli: mdot = C A sqrt(2 rho (p - p_out)). Three outlets bound the flow:

    at most   C = 1, p_out = 0: no liquid leaves faster than by the whole pressure through the whole area;
    expected  C = 0.61, p_out = 0: a free jet. It passes a thin wall in microseconds and does not boil in it;
    at least  C = 0.61, p_out = p_sat: it boils at the contraction, where the pressure is that of its vapor.

The last is cavitating flow, C_d = C sqrt((p - p_sat)/(p - p_out)): W. H. Nurick, J. Fluids Eng. 98 (1976)
681. The contraction of a plane jet is pi/(pi + 2) = 0.611 (Kirchhoff 1869); round sharp holes have 0.596 to
0.62 (ISO 5167-2:2003, beta -> 0: 0.596). It needs p > p_sat: a liquid that boils before the hole flows in two
phases, by other laws.
"""

from __future__ import annotations

import math
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_positive

CONTRACTION: Final = 0.61
"""Coefficient of a sharp hole at a Reynolds number above some 10 000."""


def most_flow(area: float, density: float, pressure: float) -> float:
    """Upper bound of the mass flow, kg/s: A sqrt(2 rho p); m2, kg/m3, Pa.

    Raises OutOfRange unless all are positive.

    0.8 mm, 692 kg/m3 at 1 bar: 21.3 kg/h.

    >>> round(most_flow(0.25 * math.pi * 0.8e-3**2, 692.0, 1e5) * 3600, 2)
    21.29
    """
    require_positive("area", area)
    require_positive("density", density)
    require_positive("pressure", pressure)
    return area * math.sqrt(2.0 * density * pressure)


def jet_flow(area: float, density: float, pressure: float) -> float:
    """Expected mass flow, kg/s, of a jet that stays liquid: 0.61 A sqrt(2 rho p).

    Raises OutOfRange unless all are positive.

    >>> round(jet_flow(0.25 * math.pi * 0.8e-3**2, 692.0, 1e5) * 3600, 2)
    12.99
    """
    return CONTRACTION * most_flow(area, density, pressure)


def cavitating_flow(area: float, density: float, pressure: float, vapor_pressure: float) -> float:
    """Lower bound of the mass flow, kg/s: 0.61 A sqrt(2 rho (p - p_sat)).

    Raises OutOfRange unless all are positive and the pressure is above that of the vapor.

    >>> round(cavitating_flow(0.25 * math.pi * 0.8e-3**2, 692.0, 1e5, 5.15e3) * 3600, 2)
    12.65
    """
    require_positive("vapor pressure", vapor_pressure)
    if not pressure > vapor_pressure:
        raise OutOfRange(
            f"at {pressure:g} Pa, not above its vapor pressure of {vapor_pressure:g} Pa, the liquid boils "
            "before the hole: two phases flow, by other laws"
        )
    return jet_flow(area, density, pressure - vapor_pressure)


def drain_time(volume: float, volume_flow: float, gas_volume: float, exponent: float) -> float:
    """Time, s, in which a volume of liquid, m3, leaves by the gas behind it, whose pressure falls meanwhile.

    The gas of volume V0 expands by p ~ V^-n, and the flow q0 = mdot/rho at the start falls with sqrt(p):
    t = V0/q0 ((1 + v/V0)^(n/2 + 1) - 1)/(n/2 + 1). n = 1 keeps its temperature, n = gamma exchanges no heat,
    and n = 0 is a constant pressure, v/q0. Raises OutOfRange unless all are positive; n may be 0.

    As much liquid as gas at constant temperature: 2/3 (2^1.5 - 1) = 1.219 times as long as at constant p.

    >>> round(drain_time(1.0, 1.0, 1.0, 1.0), 4), round(drain_time(1.0, 1.0, 1.0, 0.0), 4)
    (1.219, 1.0)
    """
    require_positive("volume", volume)
    require_positive("volume flow", volume_flow)
    require_positive("gas volume", gas_volume)
    if not exponent >= 0.0:
        raise OutOfRange(f"exponent {exponent:g} must not be negative")
    power = 0.5 * exponent + 1.0
    return gas_volume / volume_flow * math.expm1(power * math.log1p(volume / gas_volume)) / power


def volume_until(pressure_ratio: float, gas_volume: float, exponent: float) -> float:
    """Volume, m3, that has left when the gas behind the liquid has fallen to p/p0, by p ~ V^-n.

    Raises OutOfRange unless 0 < p/p0 <= 1 and the others are positive.

    >>> volume_until(0.5, 3.0, 1.0)
    3.0
    """
    require_positive("gas volume", gas_volume)
    require_positive("exponent", exponent)
    if not 0.0 < pressure_ratio <= 1.0:
        raise OutOfRange(f"p/p0 = {pressure_ratio:g} must lie in (0, 1]")
    return gas_volume * math.expm1(-math.log(pressure_ratio) / exponent)


def cooled_share(heat_capacity: float, cooling: float, latent_heat: float) -> float:
    """Share of a liquid that evaporates where it cools by `cooling`, K: c_p dT/L; J/(kg K), J/kg.

    Raises OutOfRange unless capacity and heat are positive.

    Water from 20 degC to its triple point: 3.3 %.

    >>> round(cooled_share(4184.0, 19.99, 2.5009e6), 4)
    0.0334
    """
    require_positive("heat capacity", heat_capacity)
    require_positive("latent heat", latent_heat)
    return heat_capacity * max(cooling, 0.0) / latent_heat


def frozen_share(fusion_heat: float, latent_heat: float) -> float:
    """Share of a liquid at its triple point that evaporates while the rest freezes: L_f/(L_v + L_f).

    Raises OutOfRange unless both are positive.

    Water: 0.3336/(2.5009 + 0.3336).

    >>> round(frozen_share(0.3336e6, 2.5009e6), 4)
    0.1177
    """
    require_positive("fusion heat", fusion_heat)
    require_positive("latent heat", latent_heat)
    return fusion_heat / (latent_heat + fusion_heat)
