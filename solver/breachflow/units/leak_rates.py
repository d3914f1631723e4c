"""Mass flows in the units in which leaks are measured: of mass, and of pressure times volume by time."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import Final, NamedTuple

from breachflow.constants import GAS_CONSTANT, KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.units.read import UnitError, read_quantity
from breachflow.units.table import UNITS, Dimension
from breachflow.words import plus_minus

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


class LeakUnit(NamedTuple):
    """A unit in which a leak rate is shown."""

    quantity: str
    """The quantity that it counts."""
    factor: float
    """Units for each SI unit of that quantity."""
    name: str


SHOWN_UNITS: Final = (
    LeakUnit("mass_flow", SECONDS_PER_DAY, "kg/day"),
    LeakUnit("mass_flow", 1e3, "g/s"),
    LeakUnit("mass_flow", SECONDS_PER_DAY / KILOGRAMS_PER_POUND, "lb/day"),
    LeakUnit("throughput", 1.0, "Pa m3/s"),
    LeakUnit("standard_throughput", 1.0 / THROUGHPUT_UNITS["sccm"], "sccm"),
)
"""The first one leads; the others stand in brackets behind it."""


def leak_rate_text(
    rates: Mapping[str, float], uncertainty: float = nan, refers_to: Mapping[str, str] | None = None,
    per: str = "",
) -> str:  # fmt: skip
    """A leak rate in all units in which it is shown, as far as the quantities that they count are given.

    `rates` are the quantities of `SHOWN_UNITS` in SI units, `uncertainty` is relative (nan where it is not
    known), `refers_to` the temperature to which a quantity of pressure times volume refers, in words, and
    `per` stands behind every unit.

    >>> leak_rate_text({"mass_flow": 6.15e-4, "throughput": 51.8}, 0.011, {"throughput": " at 293.15 K"})
    '53.1 ± 0.6 kg/day (0.615 ± 0.007 g/s, 117.1 ± 1.3 lb/day, 51.8 ± 0.6 Pa m3/s at 293.15 K)'
    """
    first, *others = (
        _in_unit(rates[unit.quantity], unit, uncertainty) + per + (refers_to or {}).get(unit.quantity, "")
        for unit in SHOWN_UNITS
        if unit.quantity in rates
    )
    return f"{first} ({', '.join(others)})"


def _in_unit(rate: float, unit: LeakUnit, uncertainty: float) -> str:
    value = unit.factor * rate
    return f"{plus_minus(value, abs(value) * uncertainty)} {unit.name}"


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
