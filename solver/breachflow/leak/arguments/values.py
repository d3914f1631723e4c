"""Values of arguments: text with a unit, or numbers in SI units; and what is wrong with one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Final, TypeAlias

from breachflow.errors import UsageError
from breachflow.units import Dimension, UnitError, read_quantity, si_unit

Quantified: TypeAlias = str | float
"""A quantity: text with a unit, such as "2 mm", or a number in SI units."""

RANGES: Final = {
    Dimension.PRESSURE: ("1e-15 Pa", "1e6 MPa"),
    Dimension.PRESSURE_RATE: ("1e-15 Pa/s", "1e12 Pa/s"),
    Dimension.TEMPERATURE: ("1e-6 K", "1e6 K"),
    Dimension.LENGTH: ("1e-12 m", "1000 m"),
    Dimension.ANGLE: ("1e-9 deg", "70 deg"),
    Dimension.TIME: ("1e-9 s", "36500 day"),
    Dimension.VOLUME: ("1e-12 m3", "1e15 m3"),
    Dimension.MOLAR_MASS: ("1 g/mol", "400 g/mol"),
    Dimension.MASS: ("1e-12 kg", "1e12 kg"),
    Dimension.DENSITY: ("1e-3 kg/m3", "1e5 kg/m3"),
    Dimension.MASS_FLOW: ("1e-24 kg/s", "1e12 kg/s"),
    Dimension.VISCOSITY: ("1e-12 Pa s", "1 Pa s"),
}
"""Least and largest values that are taken, as in a case; beyond them a misprint is likelier than a leak."""


class ArgumentError(UsageError):
    """An argument of a function is missing or wrong; the text of the error is for callers in Python."""

    def __init__(self, message: str, arguments: Mapping[str, object]) -> None:
        """
        Args:
            message: What is wrong, with the names of arguments in braces.
            arguments: The value of each argument that the message names; None to name it without a value.
        """
        self.message = message
        self.arguments = arguments
        super().__init__(self.spelled(_as_keyword))

    def spelled(self, spell: Callable[[str, object], str]) -> str:
        """The message with every argument written as `spell(name, value)`, such as an option of a command."""
        return self.message.format_map({name: spell(name, value) for name, value in self.arguments.items()})


def read_value(name: str, value: Quantified, dimension: Dimension, *, may_be_zero: bool = False) -> float:
    """The value in SI units. Raises ArgumentError where it is none, or has the wrong sign.

    >>> read_value("diameter", "2 mm", Dimension.LENGTH)
    0.002
    """
    if isinstance(value, str):
        try:
            number = read_quantity(value, dimension)
        except UnitError as error:
            raise ArgumentError(f"{{{name}}} {escaped_braces(str(error))}", {name: value}) from error
    else:
        number = read_number(
            name, value, f"a {dimension} as text with a unit, or a number in {si_unit(dimension)}"
        )
    low, high = RANGES[dimension]
    if may_be_zero and 0.0 <= number < read_quantity(low, dimension):
        return 0.0
    if number <= 0.0:
        least = "0 K" if dimension is Dimension.TEMPERATURE else "0"
        bound = "must not be below 0" if may_be_zero else f"must be above {least}"
        raise ArgumentError(f"{{{name}}}: {bound}", {name: value})
    if not read_quantity(low, dimension) <= number <= read_quantity(high, dimension):
        raise ArgumentError(f"{{{name}}}: must be at least {low} and at most {high}", {name: value})
    return number


def read_number(name: str, value: object, wanted: str) -> float:
    """A finite number. Raises ArgumentError where the value is none."""
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise ArgumentError(f"{{{name}}}: must be {wanted}", {name: value})
    return float(value)


def escaped_braces(text: str) -> str:
    """The text with its braces doubled, so that it may stand in a message."""
    return text.replace("{", "{{").replace("}", "}}")


def _as_keyword(name: str, value: object) -> str:
    """An argument as a caller in Python writes it, or what else a message names."""
    if value is None:
        return "`breachflow estimate --list`" if name == "list" else name
    return f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value!r}"
