"""Mass flows in the units in which leaks are measured: of mass, and of pressure times volume by time."""

from __future__ import annotations

from typing import Final

from breachflow.constants import GAS_CONSTANT
from breachflow.units.table import UNITS, Dimension

STANDARD_TEMPERATURE: Final = 273.15
"""K; 0 degC, to which sccm and slm refer in SEMI E12. Makers of instruments also use 20, 21.1 and 25 degC."""

_ATMOSPHERE: Final = 101325.0

THROUGHPUT_UNITS: Final[dict[str, float]] = {
    "Pa m3/s": 1.0,
    "mbar L/s": 0.1,
    "torr L/s": _ATMOSPHERE / 760.0 * 1e-3,
    "atm cm3/s": _ATMOSPHERE * 1e-6,
    "sccm": _ATMOSPHERE * 1e-6 / 60.0,
    "slm": _ATMOSPHERE * 1e-3 / 60.0,
}
"""Pa m3/s in each unit of pressure times volume by time, at the temperature that the unit refers to."""

LEAK_RATE_UNITS: Final = (*UNITS[Dimension.MASS_FLOW], *THROUGHPUT_UNITS)
"""The units that `leak_rate` knows."""


def leak_rate(
    mass_flow: float, unit: str, molar_mass: float, temperature: float = STANDARD_TEMPERATURE
) -> float:
    """A mass flow, kg/s, of a gas of this molar mass, kg/mol, in one of `LEAK_RATE_UNITS`.

    A unit of pressure times volume refers to a temperature, K: the number q = m R T/M (ideal gas) grows with
    it. State it beside the number. A unit of mass does not depend on gas and temperature.

    Standard cubic centimeters of air at 0 degC weigh 1.2922 mg each.

    >>> round(leak_rate(1.2922e-6 / 60.0, "sccm", 28.9644e-3), 4)
    1.0
    >>> round(leak_rate(1e-3, "kg/day", 28.9644e-3), 1)
    86.4
    """
    if unit in THROUGHPUT_UNITS:
        return mass_flow * GAS_CONSTANT * temperature / molar_mass / THROUGHPUT_UNITS[unit]
    return mass_flow / float(UNITS[Dimension.MASS_FLOW][unit])
