"""Expansibility: mass flow of a gas through an orifice over that of a liquid of the same density; no numpy.

mdot = C A eps sqrt(2 rho1 (p1 - p2)/(1 - B^4)), with r = p2/p1, B = d/D the diameter of the orifice over that
of the pipe, and C the coefficient at constant density; eps is 1 for a liquid. For a hole in a large wall B =
0 and p1 = p0.
"""

from __future__ import annotations

import math
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.theory.coefficient import Coefficient
from breachflow.theory.ranges import require_gamma, require_pressure_ratio
from breachflow.theory.slit.free_streamline import INCOMPRESSIBLE, discharge_coefficient
from breachflow.theory.streams.nozzle import mass_flux

ISO_RANGE: Final = (0.8, 1.0)
"""Range of r."""
ISO_DIAMETER_RANGE: Final = (0.0, 0.75)
"""Range of B. Orifices of the standard have B >= 0.1; below, the formula hardly depends on B."""


def iso_expansibility(pressure_ratio: float, gamma: float, diameter_ratio: float = 0.0) -> Coefficient:
    """eps = 1 - (0.351 + 0.256 B^4 + 0.93 B^8) (1 - r^(1/gamma)), sharp round orifice; 0.8 <= r <= 1.

    ISO 5167-2:2003, 5.3.2.2 and 5.3.3.2: relative uncertainty 3.5 (1 - r)/gamma per cent. 0 <= B <= 0.75,
    1 < gamma <= 5/3; raises OutOfRange otherwise. Below r = 0.8 it was not measured, and its straight line
    has no choking.

    Air, B = 0.0222/0.0739, 100 to 99 kPa (worked example of the library fluids: 0.997474):

    >>> round(iso_expansibility(0.99, 1.4, 0.0222 / 0.0739).value, 6)
    0.997474
    """
    require_gamma(gamma)
    for name, value, (low, high) in (
        ("r", pressure_ratio, ISO_RANGE),
        ("B", diameter_ratio, ISO_DIAMETER_RANGE),
    ):
        if not low <= value <= high:
            raise OutOfRange(f"{name} = {value:g}: ISO 5167-2 holds for {low:g} <= {name} <= {high:g}")
    slope = 0.351 + 0.256 * diameter_ratio**4 + 0.93 * diameter_ratio**8
    value = 1.0 - slope * (1.0 - pressure_ratio ** (1.0 / gamma))
    return Coefficient(value, 0.035 * (1.0 - pressure_ratio) / gamma * value)


def slit_expansibility(pressure_ratio: float, gamma: float) -> float:
    """The exact eps of a slit in a large thin wall, 0 <= r < 1, 1.05 <= gamma <= 5/3.

    eps = C_d(r) phi(r)/(C_i sqrt(2 (1 - r))), C_i = pi/(pi+2), phi of `nozzle.mass_flux`, C_d of
    `free_streamline` with its accuracy. Raises OutOfRange outside the range. By hand from
    the published 0.6516801 at r = 0.8, gamma = 1.4: 0.6516801 x 0.560661/(0.6110155 x 0.632456).

    >>> round(slit_expansibility(0.8, 1.4), 4)
    0.9455
    """
    require_pressure_ratio(pressure_ratio)
    if pressure_ratio == 1.0:
        raise OutOfRange("r = 1: nothing flows, and expansibility is the limit 1")
    flux = mass_flux(pressure_ratio, gamma) / math.sqrt(2.0 * (1.0 - pressure_ratio))
    return discharge_coefficient(pressure_ratio, gamma) * flux / INCOMPRESSIBLE
