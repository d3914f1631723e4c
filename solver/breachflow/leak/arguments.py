"""The arguments of an estimate, checked and read: text with a unit, or numbers in SI units."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from numbers import Real
from pathlib import Path
from typing import Final, TypeAlias

from breachflow.constants import SPECIES, Species, custom_species
from breachflow.errors import OutOfRange, UsageError
from breachflow.leak.breach import VACUUM, Breach, LeakState, Section
from breachflow.leak.estimate import Choice, Drain
from breachflow.leak.laws import NAMES, Law
from breachflow.theory.gases.mixture import mixture_species
from breachflow.theory.gases.names import suggested_gas
from breachflow.units import Dimension, UnitError, read_quantity, si_unit
from breachflow.words import allowed, suggested

Quantified: TypeAlias = str | float
"""A quantity: text with a unit, such as "2 mm", or a number in SI units."""

GasArgument: TypeAlias = str | Species | Mapping[str, Quantified]
"""A name of `constants.SPECIES`, a gas, the numbers of one (gamma, molar_mass and, if known, viscosity and
name), mole fractions by names of gases, or the text of such a table in TOML."""

LawArgument: TypeAlias = str | os.PathLike[str] | Law
"""A name of `laws.NAMES`, the table of a sweep with a fitted law, or a law."""

RANGES: Final = {
    Dimension.PRESSURE: ("1e-15 Pa", "1e6 MPa"),
    Dimension.TEMPERATURE: ("1e-6 K", "1e6 K"),
    Dimension.LENGTH: ("1e-12 m", "1000 m"),
    Dimension.VOLUME: ("1e-12 m3", "1e15 m3"),
    Dimension.MOLAR_MASS: ("1 g/mol", "400 g/mol"),
    Dimension.VISCOSITY: ("1e-12 Pa s", "1 Pa s"),
}
"""Least and largest values that are taken, as in a case; beyond them a misprint is likelier than a leak."""

GAS_KEYS: Final = ("gamma", "molar_mass", "viscosity", "viscosity_exponent", "prandtl", "name")
GAS_NUMBERS: Final = {"viscosity_exponent": (0.5, 1.5), "prandtl": (0.1, 2.0)}
"""Least and largest values of the plain numbers that a gas may have, as in a case."""

CUSTOM_GAS: Final = '{ gamma = 1.4, molar_mass = "28.97 g/mol" }'
MIXTURE: Final = "{ nitrogen = 0.79, oxygen = 0.21 }"
"""Examples for messages."""
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
    if isinstance(gas, str) and gas.lstrip().startswith("{"):
        return read_gas(_table(gas))
    if isinstance(gas, Mapping):
        return _mixture(gas) if any(name in SPECIES for name in gas) else _custom_gas(gas)
    if gas not in SPECIES:
        tables = f"or a table {CUSTOM_GAS} or a mixture {MIXTURE}"
        raise _gas_error(f"{allowed(SPECIES)} {tables}{suggested_gas(str(gas))}", gas)
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


def _table(text: str) -> dict[str, Quantified]:
    """A table in TOML on one line. Raises ArgumentError where it is none."""
    import tomllib

    try:
        return dict(tomllib.loads(f"gas = {text}")["gas"])
    except tomllib.TOMLDecodeError as error:
        raise _gas_error(f"is no table; write e.g. {CUSTOM_GAS} or {MIXTURE}", text) from error


def _mixture(fractions: Mapping[str, Quantified]) -> Species:
    """A mixture by mole. Raises ArgumentError where a gas is unknown or the fractions do not add up to 1."""
    for name in fractions:
        if name not in SPECIES:
            raise _gas_error(f'unknown gas "{name}"; {allowed(SPECIES)}{suggested_gas(name)}', None)
    shares = {name: _gas_number(name, share) for name, share in fractions.items()}
    try:
        return mixture_species(shares)
    except OutOfRange as error:
        raise _gas_error(str(error), None) from error


def _custom_gas(numbers: Mapping[str, Quantified]) -> Species:
    """A gas by its numbers. Raises ArgumentError where one is missing, unknown or out of range."""
    unknown = [key for key in numbers if key not in GAS_KEYS]
    missing = [key for key in GAS_KEYS[:2] if key not in numbers]
    if unknown or missing:
        wrong = f'unknown key "{unknown[0]}"' if unknown else f"no {missing[0]}"
        near = "" if not unknown else suggested(unknown[0], GAS_KEYS) or suggested_gas(unknown[0])
        raise _gas_error(f"{wrong}; {allowed(GAS_KEYS)}{near}", None)
    gamma = _gas_number("gamma", numbers["gamma"])
    if not 1.0 < gamma <= LARGEST_GAMMA:
        raise _gas_error(f"gamma = {gamma:g} must be above 1 and at most 5/3", None)
    name = numbers.get("name", "custom")
    if not (isinstance(name, str) and name.isprintable() and name):
        raise _gas_error("name must be a text of one line", None)
    molar_mass = _of_gas("molar_mass", numbers["molar_mass"], Dimension.MOLAR_MASS)
    viscosity = numbers.get("viscosity")
    known = None if viscosity is None else _of_gas("viscosity", viscosity, Dimension.VISCOSITY)
    plain = [_bounded(key, numbers[key]) if key in numbers else None for key in GAS_NUMBERS]
    if known is None and plain[0] is not None:
        raise _gas_error("viscosity_exponent is of no use without viscosity; give viscosity too", None)
    return custom_species(gamma, molar_mass, known, name, *plain)


def _of_gas(key: str, value: Quantified, dimension: Dimension) -> float:
    """A quantity of a gas. Raises ArgumentError, which names its key."""
    try:
        return _read("gas", value, dimension)
    except ArgumentError as error:
        told = error.spelled(lambda _, given: f"{key} = {_written(given)}")
        raise _gas_error(told, None) from error


def _gas_number(key: str, value: object) -> float:
    try:
        return _number("gas", value, "a number, without quotes or unit")
    except ArgumentError as error:
        text = f"{key} = {_written(value)} must be a number, without quotes or unit"
        raise _gas_error(text, None) from error


def _bounded(key: str, value: object) -> float:
    """One of `GAS_NUMBERS`. Raises ArgumentError where it is out of its range."""
    number, (least, most) = _gas_number(key, value), GAS_NUMBERS[key]
    if not least <= number <= most:
        raise _gas_error(f"{key} = {number:g} must be at least {least:g} and at most {most:g}", None)
    return number


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


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


def _gas_error(text: str, gas: object) -> ArgumentError:
    """The error that a gas is wrong; `gas` is what was given, or None where the text says it."""
    return ArgumentError(f"{{gas}}: {_escaped(text)}", {"gas": gas})


def _escaped(text: str) -> str:
    """The text with its braces doubled, so that it may stand in a message."""
    return text.replace("{", "{{").replace("}", "}}")
