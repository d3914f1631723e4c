"""Liquids with their numbers, each with its source.

>>> LIQUIDS["water"].vapor_pressure
2339.0
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Freezing(NamedTuple):
    """Numbers by which a liquid cools and freezes as it boils in a vacuum."""

    heat_capacity: float
    """c_p of the liquid, J/(kg K)."""
    triple_temperature: float
    """K."""
    latent_heat: float
    """Of evaporation at the triple point, J/kg."""
    fusion_heat: float
    """Of fusion, J/kg."""


class Liquid(NamedTuple):
    """A liquid at `TEMPERATURE`."""

    name: str
    density: float
    """kg/m3."""
    vapor_pressure: float
    """Pa."""
    viscosity: float | None = None
    """Pa s; None where it is not known."""
    freezing: Freezing | None = None
    """None where its numbers are not known."""


TEMPERATURE: Final = 293.15
"""K, at which the numbers of `LIQUIDS` hold."""

# Water: IAPWS-95 (Wagner and Pruss 2002), viscosity IAPWS 2008, fusion Feistel and Wagner 2006.
# Ammonia, saturated: Tillner-Roth, Harms-Watzky and Baehr 1993, viscosity Fenghour et al. 1995, fusion
# Overstreet and Giauque 1937.
# Isooctane (2,2,4-trimethylpentane): Luning Prak et al., J. Chem. Eng. Data 59 (2014), density and viscosity;
# vapor pressure Willingham et al. 1945. Coolants of Russian vehicles are said to be like it: not verified.
LIQUIDS: Final = {
    liquid.name: liquid
    for liquid in (
        Liquid("water", 998.2, 2339.0, 1.0016e-3, Freezing(4184.0, 273.16, 2.5009e6, 0.3336e6)),
        Liquid("ammonia", 610.2, 857.5e3, 0.14e-3, Freezing(4745.0, 195.5, 1.484e6, 0.3323e6)),
        Liquid("isooctane", 691.8, 5.15e3, 0.53e-3),
    )
}
"""The liquids by name, at `TEMPERATURE`."""
