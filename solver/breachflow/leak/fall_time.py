"""Time in which the pressure of a leaking volume falls, for any law of the mass flow; no numpy at import.

For a constant discharge coefficient there are closed forms (`theory.emptying.blowdown`). The flow through a
crack falls with the square of the pressure instead, and a small hole goes from one law to another as the
pressure falls.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.leak.breach import LeakState
from breachflow.theory.quadrature import gauss_points
from breachflow.theory.ranges import require_positive

PANELS: Final = 6
"""Panels of eight Gauss points each: relative error 1e-5, with the kink where choking ends."""


def fall_time(
    state: LeakState, until: float, volume: float, mass_flow: Callable[[LeakState], float], adiabatic: bool
) -> float:
    """Time in s from the state's pressure to `until` Pa in `volume` m3, above the outside pressure.

    t = int V dp/(n R T mdot(p, T)). Isothermal: n = 1, T = T0 (walls that hold the temperature: slow leaks);
    adiabatic: n = gamma, T = T0 (p/p0)^((gamma-1)/gamma) (no heat from the walls: fast leaks). The gas is
    well mixed; `mass_flow` gives kg/s for a state. With p = p_outside + (p0 - p_outside) exp(2 x) the
    integrand is smooth where the flow ends as sqrt(p - p_outside). Raises OutOfRange unless p_outside < until
    <= p0 and the volume is positive, and where `mass_flow` does.

    Worked example (`blowdown`): C_d 0.83, 2 mm, 1005 m3, 295 K, 760 to 490 mmHg: 235.8 h isothermally.

    >>> from breachflow.theory.streams import nozzle
    >>> from breachflow.constants import SPECIES
    >>> air = SPECIES["air"]._replace(molar_mass=8.31446261815324 / 287.05)
    >>> def flow(state: LeakState) -> float:
    ...     p, T = state.pressure, state.temperature
    ...     return 0.83 * nozzle.ideal_mass_flow(math.pi * 1e-6, p, T, 1.4, 287.05)
    >>> round(fall_time(LeakState(air, 760.0, 295.0), 490.0, 1005.0, flow, adiabatic=False) / 3600, 1)
    235.8
    """
    require_positive("volume", volume)
    start, outside = state.pressure, state.outside_pressure
    if not outside < until <= start:
        raise OutOfRange(
            f"the pressure falls from {start:g} Pa towards {outside:g} Pa outside; it never is {until:g} Pa"
        )
    gamma, constant = state.gas.heat_capacity_ratio, state.gas.specific_gas_constant
    exponent, heat = ((gamma - 1.0) / gamma, gamma) if adiabatic else (0.0, 1.0)
    end = 0.5 * math.log((until - outside) / (start - outside))
    total = 0.0
    for x, weight in gauss_points(end, 0.0, PANELS):
        above = (start - outside) * math.exp(2.0 * x)
        pressure = outside + above
        temperature = state.temperature * (pressure / start) ** exponent
        flow = mass_flow(state._replace(pressure=pressure, temperature=temperature))
        total += weight * 2.0 * above * volume / (heat * constant * temperature * flow)
    return total
