"""The arguments of `breachflow.infer`, checked and read."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from breachflow.constants import Species
from breachflow.inference.answer.answer import Assumed
from breachflow.inference.fit.posterior import EXPONENTS
from breachflow.inference.fit.problem import Prior
from breachflow.inference.fit.setup import FedPressure, FitOptions, has_wave
from breachflow.inference.question import InferQuestion
from breachflow.inference.quiet import quiet_noise
from breachflow.inference.record.arrays import SI_UNITS
from breachflow.inference.record.given import record_given
from breachflow.inference.record.headings import ColumnChoice
from breachflow.inference.record.record import PressureRecord, filled
from breachflow.inference.record.select import TimeArgument, cut, snapped, time_in
from breachflow.inference.record.supply import FedMass, read_supply
from breachflow.leak.arguments.gas import GasArgument, read_gas
from breachflow.leak.arguments.values import (
    ArgumentError,
    Quantified,
    escaped_braces,
    read_number,
    read_value,
)
from breachflow.leak.reserve.arguments import HOUR
from breachflow.leak.reserve.cabin import (
    DEFAULT_LIMIT,
    DEFAULT_TEMPERATURE,
    STATION_WANDER,
    is_open_station,
)
from breachflow.units import Dimension, UnitError, read_quantity
from breachflow.units.deviation import with_deviation

VOLUME_UNCERTAINTY: Final = 0.1
"""Relative, where none is given: cabins are known to 10 or 20 %."""
PERIOD: Final = "92.9 min"
"""Of the orbit of the ISS."""
WEIGHT: Final = "1 +- 0.25"
"""Of a temperature sensor: it sees one place, with a lag."""
LARGEST_BACKGROUND: Final = "1 mmHg/s"
"""More is no drift of a cabin without a leak."""
MOST_OF_PRESSURE: Final = 0.5
"""By which a rate without a leak may change the pressure of a record: laws of leaks need some of it."""
LARGEST_WEIGHT: Final = 1e3
"""Of a temperature sensor, in size."""
NONE: Final = "none"
ANY: Final = "any"
EXPONENT_ENDS: Final = (0.5, 2.5)
"""Of an exponent that is given."""


class InferArguments(NamedTuple):
    """The arguments of `breachflow.infer` as they were given; None where one was not."""

    times: Any
    """A path too, of a file."""
    pressures: Any = None
    temperatures: Any = None
    units: tuple[str, str, str] = SI_UNITS
    volume: Quantified | None = None
    volume_uncertainty: float | None = None
    gas: GasArgument = "air"
    temperature: Quantified | None = None
    from_time: TimeArgument | None = None
    to_time: TimeArgument | None = None
    exclude: Sequence[Any] = ()
    step: Any = None
    known: Any = None
    temperature_weight: str | float | None = None
    period: Quantified | None = None
    exponent: str | float = ANY
    background: str | None = None
    until: Quantified | None = None
    wander: Quantified | None = None
    noise_from: Any = None
    length: Quantified | None = None
    depth: Quantified | None = None
    pressure_column: str | None = None
    """Of a file."""
    temperature_column: str | None = None


def read_question(given: InferArguments) -> InferQuestion:
    """The record, and what is asked of it.

    Raises ArgumentError where an argument cannot be read or contradicts another, RecordError where a file
    cannot be read.
    """
    choice = ColumnChoice(given.pressure_column, given.temperature_column)
    whole = record_given(given.times, given.pressures, given.temperatures, given.units, choice)
    first = None if given.from_time is None else time_in(whole, "from_time", given.from_time)
    last = None if given.to_time is None else time_in(whole, "to_time", given.to_time)
    excluded = _stretches(whole, given.exclude)
    record = cut(whole, first, last, excluded)
    weight, gas = _weight(given.temperature_weight), read_gas(given.gas)
    if weight == Prior(0.0, 0.0):
        record = replace(record, temperatures=None)
    assumed = _assumed(given, record, gas)
    options = FitOptions(
        wander=_wander(given, assumed.volume),
        temperature_weight=weight,
        period=assumed.period,
        background=_background(given.background, record),
        exponents=_exponents(given.exponent),
        jumps=tuple(sorted({snapped(record, time_in(record, "step", one)) for one in _several(given.step)})),
        supply=_supply(given, record, assumed, gas),
    )
    wander_given = given.wander is not None or given.noise_from is not None
    counted = cut(whole, first, last, ())
    return InferQuestion(record, counted, excluded, options, gas, assumed, wander_given)


def _stretches(record: PressureRecord, given: Sequence[Any]) -> tuple[tuple[float, float], ...]:
    """Stretches to leave out, s. Raises ArgumentError where one ends before it begins."""
    pairs = [given] if len(given) == 2 and not isinstance(given[0], (tuple, list)) else list(given)
    found = []
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise ArgumentError("{exclude}: must be two times, or a list of pairs of them", {"exclude": None})
        begin, end = (time_in(record, "exclude", one) for one in pair)
        if end < begin:
            raise ArgumentError(
                f"{{exclude}}: ends before it begins: {pair[0]} to {pair[1]}", {"exclude": None}
            )
        found.append((begin, end))
    return tuple(found)


def _several(step: Any) -> list[TimeArgument]:
    """The times of steps: one or several."""
    if step is None:
        return []
    return list(step) if isinstance(step, (tuple, list)) else [step]


def _assumed(given: InferArguments, record: PressureRecord, gas: Species) -> Assumed:
    """What is given, and what is taken by default. Raises ArgumentError where a value cannot be read."""
    uncertainty = given.volume_uncertainty
    if (
        uncertainty is not None
        and not 0.0 <= read_number("volume_uncertainty", uncertainty, "a number") <= 1.0
    ):
        message = "{volume_uncertainty}: must be relative, at least 0 and at most 1"
        raise ArgumentError(message, {"volume_uncertainty": uncertainty})
    if given.volume is None and uncertainty is not None:
        raise ArgumentError(
            "{volume_uncertainty} needs {volume}", {"volume_uncertainty": uncertainty, "volume": None}
        )
    period = _period(given.period)
    return Assumed(
        gas=gas.name,
        volume=None if given.volume is None else read_value("volume", given.volume, Dimension.VOLUME),
        volume_uncertainty=VOLUME_UNCERTAINTY if uncertainty is None else float(uncertainty),
        volume_uncertainty_given=uncertainty is not None,
        temperature=_temperature(given.temperature, record),
        temperature_given=given.temperature is not None or record.temperatures is not None,
        limit=read_value("until", DEFAULT_LIMIT if given.until is None else given.until, Dimension.PRESSURE),
        limit_given=given.until is not None,
        period=period if has_wave(record, period) else None,
        crack=_crack(given.length, given.depth),
    )


def _temperature(given: Quantified | None, record: PressureRecord) -> float:
    """Mean temperature of the gas, K: as given, by the sensor, or by default."""
    if given is None and record.temperatures is not None:
        return float(np.mean(filled(record.times, record.temperatures)))
    return read_value("temperature", DEFAULT_TEMPERATURE if given is None else given, Dimension.TEMPERATURE)


def _period(given: Quantified | None) -> float | None:
    if isinstance(given, str) and given.strip().lower() == NONE:
        return None
    return read_value("period", PERIOD if given is None else given, Dimension.TIME)


def _crack(length: Quantified | None, depth: Quantified | None) -> tuple[float, float] | None:
    if length is None and depth is None:
        return None
    if length is None or depth is None:
        one, other = ("length", "depth") if depth is None else ("depth", "length")
        raise ArgumentError(
            f"{{{one}}} needs {{{other}}} too: both are those of a crack", dict.fromkeys((one, other))
        )
    return read_value("length", length, Dimension.LENGTH), read_value("depth", depth, Dimension.LENGTH)


def _exponents(given: str | float) -> tuple[float, ...]:
    """The grid, or the one that is given. Raises ArgumentError where it is none."""
    if isinstance(given, str) and given.strip().lower() == ANY:
        return EXPONENTS
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = math.nan
    low, high = EXPONENT_ENDS
    if not low <= value <= high:
        raise ArgumentError(
            f"{{exponent}}: must be any, or a number from {low:g} to {high:g}", {"exponent": given}
        )
    return (value,)


def _weight(given: str | float | None) -> Prior:
    """The weight of a temperature sensor; 0 of one that is not to be used."""
    if given is None:
        given = WEIGHT
    if isinstance(given, str) and given.strip().lower() == NONE:
        return Prior(0.0, 0.0)
    value, deviation = with_deviation(str(given))
    try:
        found = Prior(float(value), float(deviation or 0.0))
    except ValueError:
        found = Prior(math.nan, math.nan)
    if not abs(found.mean) + abs(found.deviation) <= LARGEST_WEIGHT:
        message = (
            f'{{temperature_weight}}: must be a number up to {LARGEST_WEIGHT:g} such as "1 +- 0.25", or none'
        )
        raise ArgumentError(message, {"temperature_weight": given})
    return found


def _background(given: str | None, record: PressureRecord) -> Prior:
    """Rate of fall without a leak, Pa/s. Raises ArgumentError where it cannot be read."""
    if given is None:
        return Prior(0.0, 0.0)
    value, deviation = with_deviation(given)
    try:
        spread = 0.0 if deviation is None else read_quantity(deviation, Dimension.PRESSURE_RATE)
        mean = read_quantity(value, Dimension.PRESSURE_RATE)
    except UnitError as error:
        raise ArgumentError(f"{{background}} {escaped_braces(str(error))}", {"background": given}) from error
    if not abs(mean) + abs(spread) <= read_quantity(LARGEST_BACKGROUND, Dimension.PRESSURE_RATE):
        message = f"{{background}}: must be at most {LARGEST_BACKGROUND} in size"
        raise ArgumentError(message, {"background": given})
    if len(record) and abs(mean) * record.length > MOST_OF_PRESSURE * float(record.pressures.min()):
        message = f"{{background}}: is more than {MOST_OF_PRESSURE:g} of the pressure over the record"
        raise ArgumentError(message, {"background": given})
    return Prior(mean, spread)


def _wander(given: InferArguments, volume: float | None) -> float:
    """The random walk, Pa per root of a second: as given, by a quiet record, or by the volume."""
    if given.wander is not None and given.noise_from is not None:
        message = "{wander} and {noise_from} both say how far the air wanders: give one of them"
        raise ArgumentError(message, dict.fromkeys(("wander", "noise_from")))
    if given.wander is not None:
        return read_value("wander", given.wander, Dimension.PRESSURE, may_be_zero=True) / math.sqrt(HOUR)
    if given.noise_from is not None:
        return quiet_noise(given.noise_from, given.units).wander
    return STATION_WANDER if is_open_station(volume) else 0.0


def _supply(
    given: InferArguments, record: PressureRecord, assumed: Assumed, gas: Species
) -> FedPressure | None:
    """The gas that was let in. Raises ArgumentError without a volume."""
    if given.known is None:
        return None
    if assumed.volume is None:
        raise ArgumentError(
            "{known} needs {volume}: by how much gas raises the pressure", dict.fromkeys(("known", "volume"))
        )
    if isinstance(given.known, (str, os.PathLike)):
        fed = read_supply(Path(given.known), record)
    else:
        fed = FedMass(*(np.asarray(values, dtype=np.float64) for values in given.known))
    rises = fed.masses * gas.specific_gas_constant * assumed.temperature / assumed.volume
    return FedPressure(fed.times, rises, assumed.volume_uncertainty)
