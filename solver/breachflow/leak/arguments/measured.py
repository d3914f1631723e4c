"""Measured flows as arguments: a mass flow or a rate of the pressure, with its standard deviation."""

from __future__ import annotations

from collections.abc import Callable

from breachflow.constants import Species
from breachflow.leak.arguments.values import ArgumentError, Quantified, escaped_braces, read_value
from breachflow.units import THROUGHPUT_UNITS, UNITS, Dimension, UnitError, read_leak_rate
from breachflow.units.deviation import unit_of, with_deviation
from breachflow.units.spellings import meanings


def measured(value: Quantified, read: Callable[[Quantified], float]) -> tuple[float, float | None]:
    """A value and its standard deviation, both by `read`; None where it has none.

    Raises ArgumentError, which shows the whole value, where `read` does.

    >>> measured("1.6 +- 0.3 kg/day", lambda text: float(str(text).split()[0]))
    (1.6, 0.3)
    """
    if not isinstance(value, str):
        return read(value), None
    text, deviation = with_deviation(value)
    try:
        return read(text), None if deviation is None else read(deviation)
    except ArgumentError as error:
        raise ArgumentError(error.message, dict.fromkeys(error.arguments, value)) from error


def is_mass_flow(text: str) -> bool:
    """Whether the unit is one of mass flow, or one that a message about mass flows knows."""
    unit = unit_of(text.partition(" at ")[0])
    if unit in UNITS[Dimension.MASS_FLOW] or unit in THROUGHPUT_UNITS:
        return True
    known = unit in UNITS[Dimension.PRESSURE_RATE] or bool(meanings("1", unit, Dimension.PRESSURE_RATE))
    return not known and bool(unit) and bool(meanings("1", unit, Dimension.MASS_FLOW))


def read_mass_flow(name: str, value: Quantified, gas: Species, *, may_be_zero: bool = False) -> float:
    """A mass flow, kg/s. Raises ArgumentError where the value is none, or has the wrong sign."""
    if not isinstance(value, str) or (" at " not in value and unit_of(value) not in THROUGHPUT_UNITS):
        return read_value(name, value, Dimension.MASS_FLOW, may_be_zero=may_be_zero)
    try:
        flow = read_leak_rate(value, gas.molar_mass)
    except UnitError as error:
        raise ArgumentError(f"{{{name}}} {escaped_braces(str(error))}", {name: value}) from error
    if not flow > 0.0:
        raise ArgumentError(f"{{{name}}}: must be above 0", {name: value})
    return flow
