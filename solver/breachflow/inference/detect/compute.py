"""The smallest leak that a record shows, and how long a record shows a leak; no numpy.

A record is taken for one with a leak where its slope falls below -z_a sd_b, which a record without one does
with the probability a. A leak whose slope is (z_a + z_b) sd_b is missed with the probability b. Its mass flow
is that slope times V/(R T).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import Final

from breachflow.constants import SECONDS_PER_DAY
from breachflow.inference.detect.answer import Detection, SensorNoise
from breachflow.inference.detect.arguments import DetectQuestion
from breachflow.inference.sensor import Sensor
from breachflow.leak.breach import LeakState
from breachflow.leak.inverse.size import equivalent_hole
from breachflow.leak.real_gas import real_gas_caution
from breachflow.leak.reserve.cabin import WANDER_TEXT, is_open_station
from breachflow.theory.emptying.slope import length_for, slope_deviation

LONGEST: Final = 36500.0 * SECONDS_PER_DAY
"""s; no record is longer."""

LARGE_FALL: Final = 0.05
"""Share of the pressure by which a leak falls in a record, above which its slope is not that of a line."""

FEW_READINGS: Final = 10
"""Readings of a record below which the formula, which is that of many, is rough."""


def detection_of(question: DetectQuestion) -> Detection:
    """The smallest leaks for each volume and length.

    Raises OutOfRange where the best estimate has no answer for the gas.
    """
    limit = _limit(question)
    noise = question.sensor.noise
    rates = tuple(limit * slope_deviation(length, noise) for length in question.lengths)
    flows = tuple(tuple(rate * capacity for rate in rates) for capacity in _capacities(question))
    leaks = _leaks(question)
    return Detection(
        volumes=question.volumes,
        lengths=question.lengths,
        smallest=flows,
        smallest_kg_per_day=tuple(tuple(SECONDS_PER_DAY * flow for flow in row) for row in flows),
        smallest_pressure_rate=rates,
        equivalent_diameter=tuple(tuple(_holes(question, row)) for row in flows),
        leak=None if leaks is None else tuple(flow for flow, _ in leaks),
        leak_pressure_rate=None if leaks is None else tuple(rate for _, rate in leaks),
        length_needed=None if leaks is None else tuple(_needed(question, rate) for _, rate in leaks),
        false_alarm=question.false_alarm,
        miss=question.miss,
        noise=sensor_record(question.sensor),
        dithered=tuple(noise.is_dithered(length) for length in question.lengths),
        gas=question.gas.name,
        pressure=question.pressure,
        pressure_given=question.pressure_given,
        temperature=question.temperature,
        temperature_given=question.temperature_given,
        warnings=tuple(_warnings(question, rates)),
        pressure_unit=question.pressure_unit,
    )


def sensor_record(sensor: Sensor) -> SensorNoise:
    """The noise as an answer tells it."""
    noise = sensor.noise
    return SensorNoise(
        noise.correlated, noise.time, noise.step, noise.every, sensor.hourly_wander, sensor.is_default
    )


def _limit(question: DetectQuestion) -> float:
    """Standard deviations of the slope in the smallest leak that is seen: z_a + z_b."""
    normal = NormalDist()
    return -normal.inv_cdf(question.false_alarm) - normal.inv_cdf(question.miss)


def _capacities(question: DetectQuestion) -> Iterator[float]:
    """V/(R T) of each volume: mass flow by rate of the pressure, kg/Pa."""
    for volume in question.volumes:
        yield volume / (question.gas.specific_gas_constant * question.temperature)


def _leaks(question: DetectQuestion) -> list[tuple[float, float]] | None:
    """The leak that is asked about, in each volume: mass flow, kg/s, and rate of the pressure, Pa/s."""
    leak = question.leak
    if leak is None:
        return None
    if question.leak_is_flow:
        return [(leak, leak / capacity) for capacity in _capacities(question)]
    return [(leak * capacity, leak) for capacity in _capacities(question)]


def _needed(question: DetectQuestion, rate: float) -> float | None:
    """Length of the record that shows a rate, s: some readings at least; None if above `LONGEST`."""
    noise = question.sensor.noise
    least = FEW_READINGS * noise.every if noise.step else 0.0
    length = max(length_for(rate / _limit(question), noise, LONGEST), least)
    return length if length <= LONGEST else None


def _holes(question: DetectQuestion, flows: Sequence[float]) -> Iterator[float | None]:
    """Diameter of a thin round hole with each flow, m."""
    state = LeakState(question.gas, question.pressure, question.temperature)
    for flow in flows:
        yield equivalent_hole(state, flow)


def _warnings(question: DetectQuestion, rates: Sequence[float]) -> Iterator[str]:
    """Cautions on the noise, on short and on long records, and on the gas."""
    noise, falls = question.sensor.noise, list(zip(question.lengths, rates, strict=True))
    if noise.wander == 0.0 and is_open_station(question.volumes[-1]):
        yield (
            f"{question.volumes[-1]:.6g} m3: the air of an open station wanders by {WANDER_TEXT} in an hour,"
            f' which is not counted here: --wander "{WANDER_TEXT}" counts it.'
        )
    if noise.step and question.lengths[0] < FEW_READINGS * noise.every:
        yield f"a record of fewer than {FEW_READINGS} readings is judged roughly."
    if any(length * rate > LARGE_FALL * question.pressure for length, rate in falls):
        yield (
            f"where the smallest leak falls by more than {100 * LARGE_FALL:g} % of {question.pressure:.6g} Pa"
            " in the record, its slope changes on the way."
        )
    if caution := real_gas_caution(LeakState(question.gas, question.pressure, question.temperature)):
        yield f"{caution}."
