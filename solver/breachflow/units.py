"""Quantities in a case: a number, a space and a unit from a small table, and nothing else.

A general units package does not serve here: it reads "14,7 psi" as 147 psi and "20 C" as a charge.
"""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Final

from breachflow.errors import CaseError
from breachflow.words import nearest


class UnitError(CaseError, ValueError):
    """A text is not a quantity of the dimension asked for; the message begins where the text ends."""


class Dimension(StrEnum):
    """What a quantity measures; the value is the word used in messages."""

    PRESSURE = "pressure"
    TEMPERATURE = "temperature"
    LENGTH = "length"
    TIME = "time"
    VELOCITY = "velocity"
    MOLAR_MASS = "molar mass"
    VISCOSITY = "viscosity"
    MASS_FLOW = "mass flow"
    VOLUME = "volume"
    ANGLE = "angle"


# Exact by definition: inch and pound (1959), standard gravity, standard atmosphere (CGPM 1954).
# Conventional millimeter of mercury: 13595.1 kg/m3 x 9.80665 m/s2 x 1 mm (BS 350: 2004).
_INCH: Final = Decimal("0.0254")
_POUND: Final = Decimal("0.45359237")
_ATMOSPHERE: Final = Decimal(101325)
_DAY: Final = Decimal(86400)
_DEGREE: Final = Decimal("0.01745329251994329576923690768488612713")

UNITS: Final[dict[Dimension, dict[str, Decimal]]] = {
    Dimension.PRESSURE: {
        "Pa": Decimal(1),
        "hPa": Decimal(100),
        "kPa": Decimal(1000),
        "MPa": Decimal(1000000),
        "bar": Decimal(100000),
        "mbar": Decimal(100),
        "atm": _ATMOSPHERE,
        "mmHg": Decimal("133.322387415"),
        "torr": _ATMOSPHERE / 760,
        "psia": _POUND * Decimal("9.80665") / _INCH**2,
    },
    Dimension.TEMPERATURE: {"K": Decimal(1), "degC": Decimal(1)},
    Dimension.LENGTH: {
        "m": Decimal(1),
        "cm": Decimal("0.01"),
        "mm": Decimal("0.001"),
        "um": Decimal("0.000001"),
        "in": _INCH,
        "ft": 12 * _INCH,
    },
    Dimension.TIME: {
        "s": Decimal(1),
        "ms": Decimal("0.001"),
        "us": Decimal("0.000001"),
        "min": Decimal(60),
        "h": Decimal(3600),
        "day": _DAY,
    },
    Dimension.VELOCITY: {"m/s": Decimal(1), "km/s": Decimal(1000)},
    Dimension.MOLAR_MASS: {"kg/mol": Decimal(1), "g/mol": Decimal("0.001")},
    Dimension.VISCOSITY: {"Pa s": Decimal(1), "mPa s": Decimal("0.001"), "uPa s": Decimal("0.000001")},
    Dimension.MASS_FLOW: {
        "kg/s": Decimal(1),
        "g/s": Decimal("0.001"),
        "kg/day": 1 / _DAY,
        "lb/day": _POUND / _DAY,
    },
    Dimension.VOLUME: {"m3": Decimal(1), "L": Decimal("0.001"), "ft3": (12 * _INCH) ** 3},
    Dimension.ANGLE: {"rad": Decimal(1), "deg": _DEGREE},
}
"""Factor of each unit to SI, by dimension."""

_OFFSETS: Final = {"degC": Decimal("273.15")}

_ADVICE: Final = {
    "psi": "gauge or absolute? write psia (a gauge pressure needs the ambient pressure added)",
    "psig": "gauge pressures are not accepted: add the ambient pressure and write psia",
    "barg": "gauge pressures are not accepted: add the ambient pressure and write bar",
    "C": "write degC",
    "°C": "write degC",
    "F": "degrees Fahrenheit are not accepted: write K or degC",
    "°F": "degrees Fahrenheit are not accepted: write K or degC",
    "degF": "degrees Fahrenheit are not accepted: write K or degC",
    "µm": "write um",
    "μm": "write um",
    "micron": "write um",
    "nm": "write um (1 nm is 0.001 um)",
    "inch": "write in",
    '"': "write in",
    "µs": "write us",
    "μs": "write us",
    "sec": "write s",
    "hour": "write h",
    "d": "write day",
    "l": "write L",
    "m^3": "write m3",
    "m³": "write m3",
    "Pa*s": "write Pa s",
    "Pa.s": "write Pa s",
    "Pa·s": "write Pa s",
    "kg/(m s)": "write Pa s",
}

# Units in which a value is written back; powers of ten only, so that reading returns the same float.
_WRITTEN: Final[dict[Dimension, tuple[str, ...]]] = {
    Dimension.PRESSURE: ("Pa", "kPa", "MPa"),
    Dimension.TEMPERATURE: ("K",),
    Dimension.LENGTH: ("um", "mm", "m"),
    Dimension.TIME: ("us", "ms", "s"),
    Dimension.VELOCITY: ("m/s",),
    Dimension.MOLAR_MASS: ("g/mol",),
    Dimension.VISCOSITY: ("Pa s",),
    Dimension.MASS_FLOW: ("kg/s",),
    Dimension.VOLUME: ("m3",),
    Dimension.ANGLE: ("rad",),
}
_WRITTEN_ZERO: Final = {Dimension.LENGTH: "mm", Dimension.TIME: "s"}

_NUMBER: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_QUANTITY: Final = re.compile(rf"({_NUMBER})(\s*)([^\d\s].*)?")
_LONGEST: Final = 80


def read_quantity(text: str, dimension: Dimension) -> float:
    """The value in SI units of a text such as "101.325 kPa", correctly rounded.

    Raises UnitError where the text is no quantity of the dimension.

    >>> read_quantity("101.325 kPa", Dimension.PRESSURE)
    101325.0
    >>> read_quantity("20 degC", Dimension.TEMPERATURE)
    293.15
    """
    stripped = text.strip()
    if len(stripped) > _LONGEST:
        raise UnitError("is too long for a number and a unit")
    match = _QUANTITY.fullmatch(stripped)
    if match is None:
        raise UnitError(_why_no_number(stripped, dimension))
    number, space, unit = match[1], match[2], " ".join((match[3] or "").split())
    if not unit:
        raise UnitError(f'has no unit; {one_of(dimension)}; write e.g. "{number} {_usual(dimension)}"')
    if unit not in UNITS[dimension]:
        raise UnitError(_why_not_unit(number, unit, dimension))
    if not space:
        raise UnitError(f'needs a space between number and unit; write "{number} {unit}"')
    return _in_si(Decimal(number), unit, dimension)


def write_quantity(value: float, dimension: Dimension) -> str:
    """The text of a value in SI units; `read_quantity` turns it into exactly this value again.

    >>> write_quantity(0.002, Dimension.LENGTH)
    '2 mm'
    """
    exact = Decimal(repr(float(value)))
    unit = _written_unit(exact, dimension)
    return f"{_plain(exact / UNITS[dimension][unit])} {unit}"


def one_of(dimension: Dimension) -> str:
    """The units of a dimension as a phrase.

    >>> one_of(Dimension.TEMPERATURE)
    'a temperature is in K or degC'
    """
    *most, last = UNITS[dimension]
    article = "an" if dimension[0] in "aeiou" else "a"
    return f"{article} {dimension} is in {', '.join(most)} or {last}"


def si_unit(dimension: Dimension) -> str:
    """The SI unit of a dimension, in which values are held.

    >>> si_unit(Dimension.MOLAR_MASS)
    'kg/mol'
    """
    return next(unit for unit, factor in UNITS[dimension].items() if factor == 1)


def quantity_pattern(dimension: Dimension) -> str:
    """A regular expression of the texts that `read_quantity` accepts, for the JSON schema."""
    units = "|".join(re.escape(unit).replace("\\ ", r"\s+") for unit in UNITS[dimension])
    return rf"^\s*{_NUMBER}\s+(?:{units})\s*$"


def _in_si(number: Decimal, unit: str, dimension: Dimension) -> float:
    with localcontext() as context:
        context.prec = 2 * _LONGEST
        exact = number * UNITS[dimension][unit] + _OFFSETS.get(unit, Decimal(0))
    value = float(exact)
    if value in (float("inf"), float("-inf")):
        raise UnitError("is too large to be represented")
    if value == 0.0 and exact != 0:
        raise UnitError("is too close to zero to be represented")
    return value + 0.0  # "-0 m" becomes 0.0


def _why_no_number(text: str, dimension: Dimension) -> str:
    example = f'write e.g. "2 {_usual(dimension)}"'
    if not text:
        return f"is empty; {example}"
    if re.match(r"[+-]?(nan|inf)", text, re.IGNORECASE):
        return "is not a finite number"
    with_point = re.sub(r"([0-9]),([0-9])", r"\1.\2", text)
    if with_point != text and with_point.count(".") == 1:
        return f'has a comma; write a decimal point: "{with_point}"'
    if re.match(r"[+-]?[0-9]", text):
        return f"is not one plain number, a space and a unit; {example}"
    return f"does not begin with a number; {example}"


def _why_not_unit(number: str, unit: str, dimension: Dimension) -> str:
    if re.match(r'[^\w°"]|_|[eE][+-]?[0-9]', unit):
        return _why_no_number(number + unit, dimension)
    if unit in _ADVICE:
        return f'the unit "{unit}" is not accepted; {_ADVICE[unit]}'
    for other, units in UNITS.items():
        if unit in units:
            return f"is a {other}, not a {dimension}; {one_of(dimension)}"
    near = _near_unit(unit, dimension)
    suggestion = f'; did you mean "{number} {near}"?' if near else ""
    return f'unknown unit "{unit}"; {one_of(dimension)}{suggestion}'


def _near_unit(unit: str, dimension: Dimension) -> str | None:
    lower = {known.lower(): known for known in UNITS[dimension]}
    singular = unit.lower().removesuffix("s")
    for candidate in (unit.lower(), singular, unit.lower().replace(" ", "")):
        if candidate in lower:
            return lower[candidate]
    return nearest(unit, UNITS[dimension], likeness=0.5)


def _usual(dimension: Dimension) -> str:
    return _WRITTEN[dimension][1 if len(_WRITTEN[dimension]) > 1 else 0]


def _written_unit(exact: Decimal, dimension: Dimension) -> str:
    candidates = _WRITTEN[dimension]
    if exact == 0:
        return _WRITTEN_ZERO.get(dimension, candidates[0])
    fitting = [unit for unit in candidates if abs(exact) >= UNITS[dimension][unit]]
    return fitting[-1] if fitting else candidates[0]


def _plain(number: Decimal) -> str:
    number = number.normalize()
    if -6 <= number.adjusted() <= 9:
        return f"{number:f}"
    return f"{number:e}"
