"""Units and spellings that are understood, though not accepted: what a message tells a person to write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

from breachflow.units.table import OFFSETS, UNITS, Dimension

SPELLINGS: Final[dict[Dimension, dict[str, str]]] = {
    Dimension.PRESSURE: {
        "pascal": "1 Pa",
        "N/m2": "1 Pa",
        "N/mm2": "1 MPa",
        "Torr": "1 torr",
        "micron": "1 mTorr",
        "bara": "1 bar",
        "mbara": "1 mbar",
        "cmHg": "10 mmHg",
        "cmH2O": "10 mmH2O",
        "mH2O": "1000 mmH2O",
        "ftH2O": "12 inH2O",
        "inAq": "1 inH2O",
        "inWC": "1 inH2O",
        "kgf/cm2": "98.0665 kPa",
        "at": "98.0665 kPa",
        "atmosphere": "1 atm",
    },
    Dimension.TEMPERATURE: {
        "kelvin": "1 K",
        "degK": "1 K",
        "°K": "1 K",
        "C": "1 degC",
        "°C": "1 degC",
        "celsius": "1 degC",
        "F": "1 degF",
        "°F": "1 degF",
        "fahrenheit": "1 degF",
    },
    Dimension.LENGTH: {
        "meter": "1 m",
        "metre": "1 m",
        "micron": "1 um",
        "inch": "1 in",
        "inches": "1 in",
        '"': "1 in",
        "thou": "1 mil",
        "foot": "1 ft",
        "feet": "1 ft",
        "yd": "3 ft",
        "yard": "3 ft",
    },
    Dimension.TIME: {
        "sec": "1 s",
        "second": "1 s",
        "minute": "1 min",
        "hr": "1 h",
        "hour": "1 h",
        "d": "1 day",
        "week": "7 day",
    },
    Dimension.VELOCITY: {"kph": "1 km/h", "mph": "1.609344 km/h", "fps": "1 ft/s"},
    Dimension.MOLAR_MASS: {"lb/lbmol": "1 g/mol", "g/mole": "1 g/mol"},
    Dimension.VISCOSITY: {
        "N s/m2": "1 Pa s",
        "kg/(m s)": "1 Pa s",
        "kg/m/s": "1 Pa s",
        "P": "0.1 Pa s",
        "poise": "0.1 Pa s",
    },
    Dimension.MASS: {"kilogram": "1 kg", "gram": "1 g", "lbm": "1 lb", "pound": "1 lb", "t": "1000 kg"},
    Dimension.MASS_FLOW: {
        "kg/hr": "1 kg/h",
        "kg/d": "1 kg/day",
        "g/hr": "1 g/h",
        "g/day": "0.001 kg/day",
        "g/d": "0.001 kg/day",
        "g/min": "60 g/h",
        "kg/min": "60 kg/h",
        "lb/s": "3600 lb/h",
        "lb/min": "60 lb/h",
        "lb/hr": "1 lb/h",
        "lb/d": "1 lb/day",
        "lbm/s": "3600 lb/h",
        "lbm/h": "1 lb/h",
        "lbm/day": "1 lb/day",
    },
    Dimension.VOLUME: {
        "liter": "1 L",
        "litre": "1 L",
        "dm3": "1 L",
        "cc": "1 cm3",
        "ccm": "1 cm3",
        "mm3": "0.001 cm3",
        "cubic meter": "1 m3",
        "cubic metre": "1 m3",
        "cu ft": "1 ft3",
        "cubic foot": "1 ft3",
        "cubic feet": "1 ft3",
    },
    Dimension.AREA: {
        "square meter": "1 m2",
        "square metre": "1 m2",
        "sq in": "1 in2",
        "square inch": "1 in2",
        "square inches": "1 in2",
        "sq ft": "1 ft2",
        "square foot": "1 ft2",
        "square feet": "1 ft2",
    },
    Dimension.PRESSURE_RATE: {
        "Pa/min": "60 Pa/h",
        "kPa/day": "10 mbar/day",
        "mbar/s": "100 Pa/s",
        "mbar/min": "60 mbar/h",
        "mbar/hr": "1 mbar/h",
        "mbar/hour": "1 mbar/h",
        "bar/h": "100 kPa/h",
        "hPa/h": "1 mbar/h",
        "hPa/day": "1 mbar/day",
        "mmHg/minute": "1 mmHg/min",
        "mmHg/hr": "1 mmHg/h",
        "mmHg/hour": "1 mmHg/h",
        "mmHg/d": "1 mmHg/day",
        "psi/s": "60 psia/min",
        "psi/min": "1 psia/min",
        "psi/h": "1 psia/h",
        "psi/hr": "1 psia/h",
        "psi/hour": "1 psia/h",
        "psi/day": "1 psia/day",
        "psi/d": "1 psia/day",
        "psia/hr": "1 psia/h",
        "psia/hour": "1 psia/h",
        "psia/d": "1 psia/day",
    },
    Dimension.VOLUME_FLOW: {"liter/s": "1 L/s", "litre/s": "1 L/s", "lpm": "1 L/min", "m3/hr": "1 m3/h"},
    Dimension.HEAT_CONDUCTANCE: {"watt/kelvin": "1 W/K", "W/degC": "1 W/K"},
    Dimension.GROWTH_RATE: {
        "mm/hr": "1 mm/h",
        "mm/d": "1 mm/day",
        "um/d": "1 um/day",
        "micron/day": "1 um/day",
    },
    Dimension.DENSITY: {"g/mL": "1 g/cm3", "g/ml": "1 g/cm3", "g/cc": "1 g/cm3", "kg/dm3": "1 kg/L"},
    Dimension.ANGLE: {"°": "1 deg", "degree": "1 deg", "radian": "1 rad"},
}
"""The quantity that one of each is; no two of a dimension differ in case alone unless they are equal."""

ADVICE: Final = {
    "psi": "gauge or absolute? write psia (a gauge pressure needs the ambient pressure added)",
    "psig": "gauge pressures are not accepted: add the ambient pressure and write psia",
    "barg": "gauge pressures are not accepted: add the ambient pressure and write bar",
    "mbarg": "gauge pressures are not accepted: add the ambient pressure and write mbar",
    "kPag": "gauge pressures are not accepted: add the ambient pressure and write kPa",
    "gal": "a gallon is 3.785411784 L (US) or 4.54609 L (imperial)",
}
"""Units of which the number alone does not say the quantity, and what to do."""

_SYMBOLS: Final = {"p": -12, "n": -9, "u": -6, "m": -3, "c": -2, "d": -1, "h": 2, "k": 3, "M": 6, "G": 9}
_WORDS: Final = ("pico", "nano", "micro", "milli", "centi", "deci", "hecto", "kilo", "mega", "giga")

PREFIXES: Final = _SYMBOLS | dict(zip(_WORDS, _SYMBOLS.values(), strict=True))
"""Power of ten of each prefix of the SI, as its symbol and as its word."""

WITH_PREFIX: Final[dict[Dimension, tuple[str, ...]]] = {
    Dimension.PRESSURE: ("Pa", "pascal", "bar", "torr", "Torr"),
    Dimension.TEMPERATURE: ("K", "kelvin"),
    Dimension.LENGTH: ("m", "meter", "metre"),
    Dimension.TIME: ("s", "sec", "second"),
    Dimension.VELOCITY: ("m/s",),
    Dimension.MOLAR_MASS: ("g/mol",),
    Dimension.VISCOSITY: ("Pa s", "P", "poise"),
    Dimension.MASS: ("g",),
    Dimension.MASS_FLOW: ("g/s", "g/h"),
    Dimension.VOLUME: ("L", "liter", "litre"),
    Dimension.AREA: (),
    Dimension.PRESSURE_RATE: (),
    Dimension.VOLUME_FLOW: ("L/s", "L/min"),
    Dimension.HEAT_CONDUCTANCE: ("W/K",),
    Dimension.GROWTH_RATE: ("m/s",),
    Dimension.DENSITY: (),
    Dimension.ANGLE: ("rad",),
}
"""Units and spellings that a prefix may stand before."""


class _Spelling(NamedTuple):
    """A unit as a person may write it: so many of an accepted unit."""

    text: str
    factor: Decimal
    accepted: str

    def with_number(self, number: str) -> str:
        same = self.factor == 1
        return f"{number if same else plain(Decimal(number) * self.factor)} {self.accepted}"


def meanings(number: str, unit: str, dimension: Dimension) -> list[str]:
    """What a number with this unit may mean, written as it is accepted; no two are the same quantity.

    Spaces, a plural and the case of letters do not count. So a unit may mean two things.

    >>> meanings("50", "Torr", Dimension.PRESSURE)
    ['50 torr']
    >>> meanings("5", "nm", Dimension.LENGTH)
    ['0.005 um']
    >>> meanings("5", "Mm", Dimension.LENGTH)
    ['5 mm', '5000000 m']
    """
    named, prefixed = _named(dimension), _prefixed(dimension)
    exact = [spelling for spelling in prefixed if spelling.text == _normal(unit)]
    found = [*_alike(unit, named), *exact] or _alike(unit, prefixed)
    values = {
        (it.factor * UNITS[dimension][it.accepted], OFFSETS.get(it.accepted)): it for it in reversed(found)
    }
    return [it.with_number(number) for it in reversed(values.values())]


def _alike(unit: str, spellings: Sequence[_Spelling]) -> list[_Spelling]:
    wanted = {_folded(unit), _folded(unit).removesuffix("s")}
    return [spelling for spelling in spellings if _folded(spelling.text) in wanted]


def _folded(unit: str) -> str:
    return _normal(unit).lower()


def _normal(unit: str) -> str:
    """The unit with plain letters and digits, a u for the Greek letter, and no sign between factors."""
    letters = unicodedata.normalize("NFKC", unit).replace("\N{GREEK SMALL LETTER MU}", "u")
    return re.sub(r"[\s.*^\N{MIDDLE DOT}]", "", letters)


@cache
def _named(dimension: Dimension) -> tuple[_Spelling, ...]:
    accepted = [_Spelling(unit, Decimal(1), unit) for unit in UNITS[dimension]]
    others = [(text, *quantity.split(" ", 1)) for text, quantity in SPELLINGS[dimension].items()]
    return (*accepted, *(_Spelling(text, Decimal(number), unit) for text, number, unit in others))


@cache
def _prefixed(dimension: Dimension) -> tuple[_Spelling, ...]:
    """Every unit and spelling that takes a prefix, with each prefix, in the nearest accepted unit."""
    named = [spelling for spelling in _named(dimension) if spelling.text in WITH_PREFIX[dimension]]
    return tuple(
        _Spelling(_normal(prefix + spelling.text), *_nearest_unit(spelling, power, dimension))
        for spelling in named
        for prefix, power in PREFIXES.items()
    )


def _nearest_unit(spelling: _Spelling, power: int, dimension: Dimension) -> tuple[Decimal, str]:
    units = UNITS[dimension]
    value = spelling.factor.scaleb(power) * units[spelling.accepted]
    ratios = [((value / factor).normalize(), unit) for unit, factor in units.items() if unit not in OFFSETS]
    return min(ratios, key=lambda ratio: (len(ratio[0].as_tuple().digits), abs(ratio[0].adjusted())))


def plain(number: Decimal) -> str:
    """A number without trailing zeros, with an exponent where it is very large or small."""
    number = number.normalize()
    return f"{number:f}" if -6 <= number.adjusted() <= 9 else f"{number:e}"
