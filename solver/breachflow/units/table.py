"""Every unit that is accepted, with its factor to SI."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal, TypeAlias

LengthUnit: TypeAlias = Literal["m", "cm", "mm", "um", "in"]
"""Units of the coordinates of a file, as cases name them."""


class Dimension(StrEnum):
    """What a quantity measures; the value is the word used in messages."""

    PRESSURE = "pressure"
    TEMPERATURE = "temperature"
    LENGTH = "length"
    TIME = "time"
    VELOCITY = "velocity"
    MOLAR_MASS = "molar mass"
    VISCOSITY = "viscosity"
    MASS = "mass"
    MASS_FLOW = "mass flow"
    VOLUME = "volume"
    AREA = "area"
    PRESSURE_RATE = "pressure rate"
    VOLUME_FLOW = "volume flow"
    HEAT_CONDUCTANCE = "heat conductance"
    GROWTH_RATE = "growth rate"
    DENSITY = "density"
    ANGLE = "angle"


# Exact by definition: inch and pound (1959), standard gravity, standard atmosphere (CGPM 1954).
# Conventional columns: mercury of 13595.1 kg/m3, water of 1000 kg/m3, 9.80665 m/s2 (BS 350: 2004).
_INCH: Final = Decimal("0.0254")
_FOOT: Final = 12 * _INCH
_POUND: Final = Decimal("0.45359237")
_GRAVITY: Final = Decimal("9.80665")
_ATMOSPHERE: Final = Decimal(101325)
_TORR: Final = _ATMOSPHERE / 760
_MERCURY: Final = Decimal("133.322387415")
_PSI: Final = _POUND * _GRAVITY / _INCH**2
_HOUR: Final = Decimal(3600)
_DAY: Final = Decimal(86400)
_FAHRENHEIT: Final = Decimal(5) / 9
_DEGREE: Final = Decimal("0.01745329251994329576923690768488612713")
_MILLI: Final = Decimal("0.001")
_MICRO: Final = Decimal("0.000001")

UNITS: Final[dict[Dimension, dict[str, Decimal]]] = {
    Dimension.PRESSURE: {
        "Pa": Decimal(1),
        "mPa": _MILLI,
        "hPa": Decimal(100),
        "kPa": Decimal(1000),
        "MPa": Decimal(1000000),
        "bar": Decimal(100000),
        "mbar": Decimal(100),
        "atm": _ATMOSPHERE,
        "torr": _TORR,
        "mTorr": _MILLI * _TORR,
        "mmHg": _MERCURY,
        "inHg": Decimal("25.4") * _MERCURY,
        "mmH2O": _GRAVITY,
        "inH2O": Decimal("25.4") * _GRAVITY,
        "psia": _PSI,
    },
    Dimension.TEMPERATURE: {"K": Decimal(1), "degC": Decimal(1), "degF": _FAHRENHEIT},
    Dimension.LENGTH: {
        "m": Decimal(1),
        "dm": Decimal("0.1"),
        "cm": Decimal("0.01"),
        "mm": _MILLI,
        "um": _MICRO,
        "ft": _FOOT,
        "in": _INCH,
        "mil": _MILLI * _INCH,
    },
    Dimension.TIME: {
        "s": Decimal(1),
        "ms": _MILLI,
        "us": _MICRO,
        "min": Decimal(60),
        "h": _HOUR,
        "day": _DAY,
    },
    Dimension.VELOCITY: {
        "m/s": Decimal(1),
        "km/s": Decimal(1000),
        "km/h": 1000 / _HOUR,
        "ft/s": _FOOT,
    },
    Dimension.MOLAR_MASS: {"kg/mol": Decimal(1), "g/mol": _MILLI, "kg/kmol": _MILLI},
    Dimension.VISCOSITY: {
        "Pa s": Decimal(1),
        "mPa s": _MILLI,
        "uPa s": _MICRO,
        "cP": _MILLI,
        "uP": Decimal("0.0000001"),
    },
    Dimension.MASS: {"kg": Decimal(1), "g": _MILLI, "lb": _POUND},
    Dimension.MASS_FLOW: {
        "kg/s": Decimal(1),
        "g/s": _MILLI,
        "mg/s": _MICRO,
        "kg/h": 1 / _HOUR,
        "g/h": _MILLI / _HOUR,
        "kg/day": 1 / _DAY,
        "lb/h": _POUND / _HOUR,
        "lb/day": _POUND / _DAY,
    },
    Dimension.VOLUME: {
        "m3": Decimal(1),
        "cm3": _MICRO,
        "L": _MILLI,
        "mL": _MICRO,
        "ft3": _FOOT**3,
        "in3": _INCH**3,
    },
    Dimension.AREA: {
        "m2": Decimal(1),
        "cm2": Decimal("0.0001"),
        "mm2": _MICRO,
        "ft2": _FOOT**2,
        "in2": _INCH**2,
    },
    Dimension.PRESSURE_RATE: {
        "Pa/s": Decimal(1),
        "Pa/h": 1 / _HOUR,
        "kPa/h": 1000 / _HOUR,
        "mbar/h": 100 / _HOUR,
        "mbar/day": 100 / _DAY,
        "mmHg/s": _MERCURY,
        "mmHg/min": _MERCURY / 60,
        "mmHg/h": _MERCURY / _HOUR,
        "mmHg/day": _MERCURY / _DAY,
        "psia/min": _PSI / 60,
        "psia/h": _PSI / _HOUR,
        "psia/day": _PSI / _DAY,
    },
    Dimension.VOLUME_FLOW: {"m3/s": Decimal(1), "m3/h": 1 / _HOUR, "L/s": _MILLI, "L/min": _MILLI / 60},
    Dimension.HEAT_CONDUCTANCE: {"W/K": Decimal(1), "kW/K": Decimal(1000)},
    Dimension.GROWTH_RATE: {
        "m/s": Decimal(1),
        "mm/h": _MILLI / _HOUR,
        "mm/day": _MILLI / _DAY,
        "um/h": _MICRO / _HOUR,
        "um/day": _MICRO / _DAY,
    },
    Dimension.DENSITY: {
        "kg/m3": Decimal(1),
        "g/cm3": Decimal(1000),
        "kg/L": Decimal(1000),
        "lb/ft3": _POUND / _FOOT**3,
    },
    Dimension.ANGLE: {"rad": Decimal(1), "deg": _DEGREE},
}
"""Factor of each unit to SI, by dimension."""

OFFSETS: Final = {"degC": Decimal("273.15"), "degF": Decimal("459.67")}
"""What is added to a temperature, in its own degrees, before it is multiplied by its factor."""

PASCALS_PER_MMHG: Final = float(UNITS[Dimension.PRESSURE]["mmHg"])
"""Pa in a millimeter of mercury."""
