"""The arguments of a reserve time, checked and read: which of the three ways they take."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Final, NamedTuple

from breachflow.leak.arguments.gas import GasArgument, read_gas
from breachflow.leak.arguments.measured import is_mass_flow, read_mass_flow
from breachflow.leak.arguments.values import ArgumentError, Quantified, read_value
from breachflow.leak.reserve.cabin import (
    DEFAULT_LIMIT,
    DEFAULT_TEMPERATURE,
    DEFAULT_UNIT,
    SHOWN_UNITS,
    Evidence,
    KnownHole,
    LeakingCabin,
    MeasuredRate,
    TwoReadings,
)
from breachflow.units import Dimension, read_quantity
from breachflow.units.deviation import unit_of, with_deviation

WAYS: Final = {
    "rate": ("rate", "pressure"),
    "readings": ("from_pressure", "to_pressure", "after"),
    "hole": ("diameter", "pressure", "volume"),
}
"""What each way to know a leak takes."""

HOUR: Final = 3600.0
"""s; the time for which a wander is stated."""

LEADING: Final = {
    "rate": "rate",
    "from_pressure": "readings",
    "to_pressure": "readings",
    "after": "readings",
    "resolution": "readings",
    "wander": "readings",
    "diameter": "hole",
    "discharge_coefficient": "hole",
}
"""The way that an argument belongs to."""


class ReserveArguments(NamedTuple):
    """The arguments of `breachflow.reserve` as they were given; None where one was not."""

    rate: Quantified | None
    pressure: Quantified | None
    from_pressure: Quantified | None
    to_pressure: Quantified | None
    after: Quantified | None
    resolution: Quantified | None
    wander: Quantified | None
    diameter: Quantified | None
    discharge_coefficient: float | None
    until: Quantified | None
    volume: Quantified | None
    temperature: Quantified | None
    gas: GasArgument
    feed: Quantified | None


def read_question(given: ReserveArguments) -> tuple[LeakingCabin, Evidence]:
    """The cabin, and what is known of its leak.

    Raises ArgumentError where arguments are missing, contradict each other or cannot be read.
    """
    way = _way(given)
    cabin = _cabin(given)
    evidence: Evidence
    if way == "rate":
        evidence = _measured_rate(given, cabin)
    elif way == "readings":
        evidence = _two_readings(given)
    else:
        evidence = _known_hole(given)
    _require_above_limit(given, cabin, evidence.pressure)
    return cabin, evidence


def _way(given: ReserveArguments) -> str:
    """The way that the arguments take. Raises ArgumentError unless they take one, and all that it needs."""
    leading = [name for name in LEADING if getattr(given, name) is not None]
    ways = list(dict.fromkeys(LEADING[name] for name in leading))
    if not ways:
        message = (
            "say what is known of the leak: {rate} and {pressure}, or {from_pressure}, {to_pressure} and"
            " {after}, or {diameter}, {volume} and {pressure}"
        )
        raise ArgumentError(message, dict.fromkeys(name for names in WAYS.values() for name in names))
    if len(ways) > 1:
        one, other = (next(name for name in leading if LEADING[name] == way) for way in ways[:2])
        message = f"{{{one}}} and {{{other}}} are two ways to know the leak: give one of them"
        raise ArgumentError(message, dict.fromkeys((one, other)))
    if ways[0] == "readings" and given.pressure is not None:
        message = "{pressure} and {to_pressure} both are the pressure now: give one of them"
        raise ArgumentError(message, dict.fromkeys(("pressure", "to_pressure")))
    for name in WAYS[ways[0]]:
        if getattr(given, name) is None:
            raise ArgumentError(f"{{{leading[0]}}} needs {{{name}}} too", dict.fromkeys((leading[0], name)))
    return ways[0]


def _cabin(given: ReserveArguments) -> LeakingCabin:
    """Raises ArgumentError where a value cannot be read, or where a feed has no volume to fill."""
    gas = read_gas(given.gas)
    kelvins = given.temperature
    if given.feed is not None and given.volume is None:
        message = "{feed} needs {volume}: how fast it raises the pressure"
        raise ArgumentError(message, dict.fromkeys(("feed", "volume")))
    return LeakingCabin(
        gas=gas,
        temperature=read_value(
            "temperature", DEFAULT_TEMPERATURE if kelvins is None else kelvins, Dimension.TEMPERATURE
        ),
        temperature_given=kelvins is not None,
        volume=None if given.volume is None else read_value("volume", given.volume, Dimension.VOLUME),
        feed=0.0 if given.feed is None else read_mass_flow("feed", given.feed, gas, may_be_zero=True),
        limit=read_value("until", DEFAULT_LIMIT if given.until is None else given.until, Dimension.PRESSURE),
        limit_given=given.until is not None,
        pressure_unit=shown_unit(given.pressure, given.to_pressure, given.until),
    )


def shown_unit(*pressures: Quantified | None) -> str:
    """The unit of the first pressure that is written in one of `SHOWN_UNITS`."""
    units = (unit_of(pressure) for pressure in pressures if isinstance(pressure, str))
    return next((unit for unit in units if unit in SHOWN_UNITS), DEFAULT_UNIT)


def _measured_rate(given: ReserveArguments, cabin: LeakingCabin) -> MeasuredRate:
    """Raises ArgumentError where the rate or the pressure cannot be read."""
    rate = given.rate
    assert rate is not None
    assert given.pressure is not None
    pressure = read_value("pressure", given.pressure, Dimension.PRESSURE)
    if not isinstance(rate, str):
        return MeasuredRate(pressure, read_value("rate", rate, Dimension.PRESSURE_RATE), None)
    value, deviation = with_deviation(rate)
    spread = None if deviation is None else _falling(deviation, cabin, given)
    return MeasuredRate(pressure, _falling(value, cabin, given), spread)


def _falling(text: str, cabin: LeakingCabin, given: ReserveArguments) -> float:
    """A rate of fall, Pa/s, of a text that is one, or a mass flow out of a known volume.

    Raises ArgumentError where it is neither, or not above 0.
    """
    if not is_mass_flow(text):
        if text.lstrip().startswith("-"):
            plain = text.strip().lstrip("-").strip()
            message = f'{{rate}}: must be above 0: it says how fast the pressure falls; write "{plain}"'
            raise ArgumentError(message, {"rate": given.rate})
        return _named("rate", given.rate, text, Dimension.PRESSURE_RATE)
    if cabin.volume is None:
        message = "{rate} is a mass flow, which needs {volume}: how fast the pressure falls by it"
        raise ArgumentError(message, {"rate": given.rate, "volume": None})
    return cabin.pressure_rate(read_mass_flow("rate", text, cabin.gas))


def _named(name: str, whole: object, text: str, dimension: Dimension) -> float:
    """The value of a text that is a part of the argument `whole`, which the message shows."""
    try:
        return read_value(name, text, dimension)
    except ArgumentError as error:
        raise ArgumentError(error.message, {name: whole}) from error


def _two_readings(given: ReserveArguments) -> TwoReadings:
    """Raises ArgumentError where a value cannot be read, or where the pressure rises."""
    before, now, after = given.from_pressure, given.to_pressure, given.after
    assert before is not None
    assert now is not None
    assert after is not None
    first = read_value("from_pressure", before, Dimension.PRESSURE)
    second = read_value("to_pressure", now, Dimension.PRESSURE)
    elapsed = read_value("after", after, Dimension.TIME)
    if second > first:
        message = (
            "{to_pressure}: the pressure has risen from {from_pressure}: no fall to go on with (did the gas"
            " warm, is there a feed, or are the readings exchanged?)"
        )
        raise ArgumentError(message, {"to_pressure": now, "from_pressure": before})
    step, wander = given.resolution, _wander(given)
    if step is not None:
        resolution = read_value("resolution", step, Dimension.PRESSURE)
        return TwoReadings(first, second, elapsed, resolution, resolution_given=True, wander=wander)
    if second == first and not (isinstance(before, str) and isinstance(now, str)):
        message = (
            "{to_pressure} is the same as {from_pressure}: give {resolution}, and the time for which it holds"
        )
        raise ArgumentError(message, dict.fromkeys(("to_pressure", "from_pressure", "resolution")))
    return TwoReadings(first, second, elapsed, _written_step(before, now), False, wander)


def _wander(given: ReserveArguments) -> float | None:
    """The wander, Pa per root of a second, of that in an hour; None without one.

    Raises ArgumentError where it cannot be read.
    """
    if given.wander is None:
        return None
    hourly = read_value("wander", given.wander, Dimension.PRESSURE, may_be_zero=True)
    return hourly / math.sqrt(HOUR)


def _written_step(*readings: Quantified) -> float | None:
    """The finest step of the readings, Pa, by the digits that they are written with; None of bare numbers.

    >>> round(_written_step("760 mmHg", "758.5 mmHg"), 3)
    13.332
    """
    steps = [_step(text) for text in readings if isinstance(text, str)]
    return min(steps, default=None)


def _step(text: str) -> float:
    """The step of the last digit of a pressure that is written as text, Pa."""
    number = re.match(r"\s*([-+.0-9]+([eE][-+]?[0-9]+)?)", text)
    assert number is not None, "the text was read as a quantity before"
    exponent = Decimal(number[1]).as_tuple().exponent
    return read_quantity(f"1e{exponent} {unit_of(text)}", Dimension.PRESSURE)


def _known_hole(given: ReserveArguments) -> KnownHole:
    """Raises ArgumentError where a value cannot be read."""
    coefficient = given.discharge_coefficient
    if coefficient is not None and not 0.0 < coefficient <= 1.0:
        message = "{discharge_coefficient}: must be above 0 and at most 1"
        raise ArgumentError(message, {"discharge_coefficient": coefficient})
    assert given.pressure is not None
    assert given.diameter is not None
    pressure = read_value("pressure", given.pressure, Dimension.PRESSURE)
    return KnownHole(pressure, read_value("diameter", given.diameter, Dimension.LENGTH), coefficient)


def _require_above_limit(given: ReserveArguments, cabin: LeakingCabin, pressure: float) -> None:
    """Raises ArgumentError where the pressure is at the limit already, or below it."""
    if pressure > cabin.limit:
        return
    name = "pressure" if given.to_pressure is None else "to_pressure"
    if given.until is None:
        message = f"{{{name}}}: the limit of {DEFAULT_LIMIT}, taken without {{until}}, is reached already"
        raise ArgumentError(message, {name: getattr(given, name), "until": None})
    message = f"{{until}}: must be below {{{name}}}, or the limit is reached already"
    raise ArgumentError(message, {"until": given.until, name: getattr(given, name)})
