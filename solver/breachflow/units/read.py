"""Quantities in a case: a number, a space and a unit of the table, and nothing else."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from typing import Final

from breachflow.errors import CaseError
from breachflow.units.spellings import ADVICE, meanings, plain
from breachflow.units.table import OFFSETS, UNITS, Dimension


class UnitError(CaseError, ValueError):
    """A text is not a quantity of the dimension asked for; the message begins where the text ends."""


# Units in which a value is written back; powers of ten only, so that reading returns the same float.
_WRITTEN: Final[dict[Dimension, tuple[str, ...]]] = {
    Dimension.PRESSURE: ("Pa", "kPa", "MPa"),
    Dimension.TEMPERATURE: ("K",),
    Dimension.LENGTH: ("um", "mm", "m"),
    Dimension.TIME: ("us", "ms", "s"),
    Dimension.VELOCITY: ("m/s",),
    Dimension.MOLAR_MASS: ("g/mol",),
    Dimension.VISCOSITY: ("Pa s",),
    Dimension.MASS: ("kg",),
    Dimension.MASS_FLOW: ("kg/s",),
    Dimension.VOLUME: ("m3",),
    Dimension.AREA: ("mm2", "m2"),
    Dimension.PRESSURE_RATE: ("Pa/s",),
    Dimension.VOLUME_FLOW: ("m3/s",),
    Dimension.HEAT_CONDUCTANCE: ("W/K",),
    Dimension.GROWTH_RATE: ("m/s",),
    Dimension.DENSITY: ("kg/m3",),
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
        raise UnitError(f"has no unit; {one_of(dimension)}")
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
    return f"{plain(exact / UNITS[dimension][unit])} {unit}"


def time_text(seconds: float) -> str:
    """A time in the unit that suits it, with four digits.

    >>> time_text(1.2345678e-5), time_text(0.002)
    ('12.35 us', '2 ms')
    """
    return write_quantity(float(f"{seconds:.4g}"), Dimension.TIME)


def one_of(dimension: Dimension) -> str:
    """The units of a dimension as a phrase.

    >>> one_of(Dimension.TEMPERATURE)
    'a temperature is in K, degC or degF'
    """
    *most, last = UNITS[dimension]
    return f"{_article(dimension)} {dimension} is in {', '.join(most)} or {last}"


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
        exact = (number + OFFSETS.get(unit, 0)) * UNITS[dimension][unit]
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
    if re.match(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(?![0-9,])", text):
        or_point = f', or "{with_point}" if it is a decimal point' if with_point.count(".") == 1 else ""
        return f'has a comma; write "{text.replace(",", "")}"{or_point}'
    if with_point != text and with_point.count(".") == 1:
        return f'has a comma; write a decimal point: "{with_point}"'
    if re.match(r"[+-]?[0-9]", text):
        return f"is not one plain number, a space and a unit; {example}"
    return f"does not begin with a number; {example}"


def _why_not_unit(number: str, unit: str, dimension: Dimension) -> str:
    if re.match(r'[^\w°℃℉"]|_|[eE][+-]?[0-9]', unit):
        return _why_no_number(number + unit, dimension)
    if unit in ADVICE:
        return f'the unit "{unit}" is not accepted; {ADVICE[unit]}'
    for other, units in UNITS.items():
        if unit in units:
            return f"is {_article(other)} {other}, not {_article(dimension)} {dimension}; {one_of(dimension)}"
    written = " or ".join(f'"{text}"' for text in meanings(number, unit, dimension))
    if written:
        return f'the unit "{unit}" is not accepted; write {written}'
    return f'unknown unit "{unit}"; {one_of(dimension)}'


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _usual(dimension: Dimension) -> str:
    return _WRITTEN[dimension][1 if len(_WRITTEN[dimension]) > 1 else 0]


def _written_unit(exact: Decimal, dimension: Dimension) -> str:
    candidates = _WRITTEN[dimension]
    if exact == 0:
        return _WRITTEN_ZERO.get(dimension, candidates[0])
    fitting = [unit for unit in candidates if abs(exact) >= UNITS[dimension][unit]]
    return fitting[-1] if fitting else candidates[0]
