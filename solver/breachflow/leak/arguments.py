"""The arguments of an estimate, checked and read: text with a unit, or numbers in SI units."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from numbers import Real
from pathlib import Path
from typing import Final, TypeAlias

from breachflow.constants import SPECIES, Species, custom_species
from breachflow.errors import UsageError
from breachflow.leak.breach import VACUUM, Breach, LeakState, Section
from breachflow.leak.estimate import Choice, Drain
from breachflow.leak.laws import NAMES, Law
from breachflow.units import Dimension, UnitError, read_quantity, si_unit
from breachflow.words import allowed, suggested

Quantified: TypeAlias = str | float
"""A quantity: text with a unit, such as "2 mm", or a number in SI units."""

GasArgument: TypeAlias = str | Species | Mapping[str, Quantified]
"""A name of `constants.SPECIES`, a gas, or the numbers of one: gamma, molar_mass and, if known, viscosity."""

LawArgument: TypeAlias = str | os.PathLike[str] | Law
"""A name of `laws.NAMES`, the table of a sweep with a fitted law, or a law."""

GAS_KEYS: Final = ("gamma", "molar_mass", "viscosity")
LARGEST_GAMMA: Final = 1.6667
"""Largest gamma accepted: 5/3 as people write it."""


class ArgumentError(UsageError):
    """An argument of `estimate` is missing or wrong; the text of the error is for callers in Python."""

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


def read_breach(
    diameter: Quantified | None,
    width: Quantified | None,
    length: Quantified | None,
    wall_thickness: Quantified,
    edge_radius: Quantified,
) -> Breach:
    """A round hole, or a slit of a width and a length.

    Raises ArgumentError where the arguments are not those of one or the other.
    """
    depth = _length("wall_thickness", wall_thickness, may_be_zero=True)
    edge = _length("edge_radius", edge_radius, may_be_zero=True)
    if diameter is not None and width is None and length is None:
        return Breach(Section.ROUND, _length("diameter", diameter), depth, None, edge)
    if diameter is None and width is not None and length is not None:
        size, along = _length("width", width), _length("length", length)
        return Breach(Section.SLIT, size, depth, along, edge)
    message = "say how large the hole is: {diameter} (round), or {width} and {length} (slit)"
    raise ArgumentError(message, dict.fromkeys(("diameter", "width", "length")))


def read_state(
    gas: GasArgument, pressure: Quantified, temperature: Quantified, outside: Quantified
) -> LeakState:
    """The gas at rest inside, and the pressure outside.

    Raises ArgumentError where a value cannot be read, or where the pressure outside is above that inside.
    """
    inside = _read("pressure", pressure, Dimension.PRESSURE)
    kelvins = _read("temperature", temperature, Dimension.TEMPERATURE)
    outside_pressure = 0.0
    if not (isinstance(outside, str) and outside.strip() == VACUUM):
        outside_pressure = _read("outside", outside, Dimension.PRESSURE, may_be_zero=True)
    if outside_pressure > inside:
        message = "{outside}: must not be above {pressure}: gas flows outwards"
        raise ArgumentError(message, {"outside": outside, "pressure": pressure})
    return LeakState(read_gas(gas), inside, kelvins, outside_pressure)


def read_gas(gas: GasArgument) -> Species:
    """The gas of a name or of a table of its numbers.

    Raises ArgumentError where the name or a key is not known, or a number is out of range.

    >>> round(read_gas({"gamma": 1.3, "molar_mass": "30 g/mol"}).specific_gas_constant, 6)  # 8.31446/0.03
    277.148754
    """
    if isinstance(gas, Species):
        return gas
    if isinstance(gas, Mapping):
        return _custom_gas(gas)
    if gas not in SPECIES:
        raise ArgumentError(f"{{gas}}: {allowed(SPECIES)}{suggested(str(gas), SPECIES)}", {"gas": gas})
    return SPECIES[gas]


def read_choice(law: LawArgument | None, discharge_coefficient: float | None) -> Choice:
    """The law or the coefficient for the flow; the best estimate if neither is given.

    Raises ArgumentError where both are given or one cannot be read, and ResultError where a file has no law.
    """
    if law is not None and discharge_coefficient is not None:
        message = "{law} and {discharge_coefficient} both say how much flows: give one of them"
        raise ArgumentError(message, dict.fromkeys(("law", "discharge_coefficient")))
    if discharge_coefficient is not None and not 0.0 < discharge_coefficient <= 1.0:
        message = "{discharge_coefficient}: must be above 0 and at most 1"
        raise ArgumentError(message, {"discharge_coefficient": discharge_coefficient})
    return Choice(None if law is None else _law(law), discharge_coefficient)


def read_drain(
    volume: Quantified | None, until: Quantified | None, pressure: Quantified, state: LeakState
) -> Drain | None:
    """Volume that empties, and the pressure of its end; None without a volume.

    `pressure` is the argument that `state` was read from: the message names it.
    Raises ArgumentError where a value cannot be read, or where the pressure never comes to `until`.
    """
    if volume is None:
        if until is not None:
            message = "{until} needs {volume}: how much gas there is to lose"
            raise ArgumentError(message, dict.fromkeys(("until", "volume")))
        return None
    cubic_meters = _read("volume", volume, Dimension.VOLUME)
    if until is None:
        return Drain(cubic_meters)
    end = _read("until", until, Dimension.PRESSURE)
    if not state.outside_pressure < end <= state.pressure:
        message = "{until}: must be above {outside} and not above {pressure}"
        raise ArgumentError(message, {"until": until, "outside": None, "pressure": pressure})
    return Drain(cubic_meters, end)


def _law(law: LawArgument) -> str | Law:
    """A name of the table of laws, or the law in a file, whose packages are imported here alone."""
    if isinstance(law, Law) or law in NAMES:
        return law if isinstance(law, Law) else str(law)
    if not Path(law).is_file():
        near = suggested(str(law), NAMES)
        message = f"{{law}}: no law of {{list}} and no file; the table.h5 of a sweep may be given{near}"
        raise ArgumentError(message, {"law": os.fspath(law), "list": None})
    from breachflow.leak.fitted.law_file import leak_law

    return leak_law(law)


def _custom_gas(numbers: Mapping[str, Quantified]) -> Species:
    """A gas by its numbers. Raises ArgumentError where one is missing, unknown or out of range."""
    unknown = [key for key in numbers if key not in GAS_KEYS]
    missing = [key for key in GAS_KEYS[:2] if key not in numbers]
    if unknown or missing:
        wrong = f"unknown {unknown[0]}{suggested(unknown[0], GAS_KEYS)}" if unknown else f"no {missing[0]}"
        raise ArgumentError(f"{{gas}}: {_escaped(wrong)}; {allowed(GAS_KEYS)}", {"gas": dict(numbers)})
    gamma = _number("gas", numbers["gamma"], "a number")
    if not 1.0 < gamma <= LARGEST_GAMMA:
        raise ArgumentError(f"{{gas}}: gamma = {gamma:g} must be above 1 and at most 5/3", {"gas": None})
    molar_mass = _read("gas", numbers["molar_mass"], Dimension.MOLAR_MASS)
    viscosity = numbers.get("viscosity")
    known = None if viscosity is None else _read("gas", viscosity, Dimension.VISCOSITY)
    return custom_species(gamma, molar_mass, known)


def _length(name: str, value: Quantified, *, may_be_zero: bool = False) -> float:
    """A length in m. Raises ArgumentError where it cannot be read."""
    return _read(name, value, Dimension.LENGTH, may_be_zero=may_be_zero)


def _read(name: str, value: Quantified, dimension: Dimension, *, may_be_zero: bool = False) -> float:
    """The value in SI units. Raises ArgumentError where it is none, or has the wrong sign."""
    if isinstance(value, str):
        try:
            number = read_quantity(value, dimension)
        except UnitError as error:
            raise ArgumentError(f"{{{name}}} {_escaped(str(error))}", {name: value}) from error
    else:
        number = _number(
            name, value, f"a {dimension} as text with a unit, or a number in {si_unit(dimension)}"
        )
    if number > 0.0 or (may_be_zero and number == 0.0):
        return number
    least = "0 K" if dimension is Dimension.TEMPERATURE else "0"
    bound = "must not be below 0" if may_be_zero else f"must be above {least}"
    raise ArgumentError(f"{{{name}}}: {bound}", {name: value})


def _number(name: str, value: object, wanted: str) -> float:
    """A finite number. Raises ArgumentError where the value is none."""
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise ArgumentError(f"{{{name}}}: must be {wanted}", {name: value})
    return float(value)


def _as_keyword(name: str, value: object) -> str:
    """An argument as a caller in Python writes it, or what else a message names."""
    if value is None:
        return "`breachflow estimate --list`" if name == "list" else name
    return f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value!r}"


def _escaped(text: str) -> str:
    """The text with its braces doubled, so that it may stand in a message."""
    return text.replace("{", "{{").replace("}", "}}")
