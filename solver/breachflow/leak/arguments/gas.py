"""The gas of an estimate: its name, its numbers or the gases that it is mixed of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from breachflow.constants import SPECIES, Species, custom_species
from breachflow.errors import OutOfRange
from breachflow.leak.arguments.values import (
    ArgumentError,
    Quantified,
    escaped_braces,
    read_number,
    read_value,
)
from breachflow.theory.gases.mixture import mixture_species
from breachflow.theory.gases.names import suggested_gas
from breachflow.units import Dimension
from breachflow.words import allowed, suggested

GasArgument: TypeAlias = str | Species | Mapping[str, Quantified]
"""A name of `constants.SPECIES`, a gas, the numbers of one (gamma, molar_mass and, if known, viscosity and
name), mole fractions by names of gases, or the text of such a table in TOML."""

GAS_KEYS: Final = ("gamma", "molar_mass", "viscosity", "viscosity_exponent", "prandtl", "name")
GAS_NUMBERS: Final = {"viscosity_exponent": (0.5, 1.5), "prandtl": (0.1, 2.0)}
"""Least and largest values of the plain numbers that a gas may have, as in a case."""

CUSTOM_GAS: Final = '{ gamma = 1.4, molar_mass = "28.97 g/mol" }'
MIXTURE: Final = "{ nitrogen = 0.79, oxygen = 0.21 }"
"""Examples for messages."""
LARGEST_GAMMA: Final = 1.67
"""Largest gamma accepted: 5/3 as people write it."""


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
        return read_value("gas", value, dimension)
    except ArgumentError as error:
        told = error.spelled(lambda _, given: f"{key} = {_written(given)}")
        raise _gas_error(told, None) from error


def _gas_number(key: str, value: object) -> float:
    try:
        return read_number("gas", value, "a number, without quotes or unit")
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


def _gas_error(text: str, gas: object) -> ArgumentError:
    """The error that a gas is wrong; `gas` is what was given, or None where the text says it."""
    return ArgumentError(f"{{gas}}: {escaped_braces(text)}", {"gas": gas})
