"""Mass flows in the units in which leaks are measured: of mass, and of pressure times volume by time."""

from __future__ import annotations

from typing import Final

from breachflow.constants import GAS_CONSTANT
from breachflow.units.read import UnitError, read_quantity
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


def read_leak_rate(text: str, molar_mass: float | None) -> float:
    """A mass flow, kg/s, of a text such as "5 g/h" or "12 sccm at 0 degC".

    The molar mass, kg/mol, is that of the gas; None where the gas is not known. Raises UnitError where the
    text is no mass flow, or one of pressure times volume without its temperature or gas.

    >>> round(1e6 * read_leak_rate("1 sccm at 0 degC", 28.9644e-3) * 60.0, 3)
    1.292
    """
    flow, _, at = text.strip().partition(" at ")
    number, _, unit = (" ".join(flow.split())).partition(" ")
    if unit not in THROUGHPUT_UNITS:
        return read_quantity(text, Dimension.MASS_FLOW)
    if not at:
        raise UnitError(f'"{unit}" refers to a temperature; write e.g. "{unit} at 0 degC"')
    kelvins = read_quantity(at, Dimension.TEMPERATURE)
    if kelvins <= 0.0:
        raise UnitError(f'"{unit}" refers to a temperature above 0 K, not {at}')
    if molar_mass is None:
        raise UnitError(f'needs the name of the gas: "{unit}" counts molecules')
    pascals = read_quantity(f"{number} Pa", Dimension.PRESSURE)
    return pascals * THROUGHPUT_UNITS[unit] * molar_mass / (GAS_CONSTANT * kelvins)
