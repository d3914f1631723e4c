"""What two leak rates tell of a repair, and how long to wait for more; no numpy."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from breachflow.constants import SECONDS_PER_DAY
from breachflow.inference.repair.answer import LeakMeasurement, Repair
from breachflow.inference.repair.arguments import Rate, RepairQuestion
from breachflow.inference.repair.verdict import RepairVerdict
from breachflow.theory.emptying.repaired import deviation_needed, probability_fell, residual_upper
from breachflow.theory.emptying.slope import length_for

SHARES: Final = (0.5, 0.75, 0.9)
"""Shares by which the leak may have fallen."""

SURE: Final = 0.95

LONGEST: Final = 36500.0 * SECONDS_PER_DAY
"""s; no record is longer."""

LARGE_STEP: Final = 1.05
"""Ratio of the pressures above which the law by which they are compared counts."""

_HOLE, _CRACK = 1.0, 2.0


class FallEvidence(NamedTuple):
    """What is known of the fall of a leak."""

    fell: Mapping[str, float]
    """Probability that it fell by a share or more, for each of `SHARES`."""
    grew: float
    """Probability that it is larger than before."""
    upper: float
    """What is left at most (95 %), in the unit of the rates."""


def of_normal_rates(question: RepairQuestion) -> FallEvidence:
    """The evidence of two rates that are normal and independent."""
    before, after = question.before[:2], question.after[:2]
    return FallEvidence(
        {f"{share:g}": probability_fell(before, after, share) for share in SHARES},
        1.0 - probability_fell(before, after, 0.0),
        residual_upper(after, SURE),
    )


def repair_of(question: RepairQuestion, evidence: FallEvidence) -> Repair:
    """What the evidence tells.

    >>> from breachflow import repair
    >>> repair(before="1.7 +- 0.1 kg/day", after="1.9 +- 0.05 kg/day").verdict
    'worse'
    """
    needed, after = _record_needed(question), question.after
    flow, rate = _in_both(question, evidence.upper)
    return Repair(
        verdict=str(_verdict(question, evidence)),
        before=_measurement(question, question.before),
        after=_measurement(question, question.after),
        probability_fell=dict(evidence.fell),
        probability_grew=evidence.grew,
        deviations_above_nothing=after.value / after.deviation,
        residual_upper=flow,
        residual_upper_kg_per_day=None if flow is None else flow * SECONDS_PER_DAY,
        residual_upper_pressure_rate=rate,
        planned=question.planned,
        record_needed=needed,
        wait=_wait(question, needed),
        left=question.left,
        pressure=None if question.pressures is None else question.pressures[0],
        exponent=question.exponent,
        record=question.record,
        at=question.at,
        since=question.since,
        gas=question.gas.name,
        temperature=question.temperature,
        temperature_given=question.temperature_given,
        volume=question.volume,
        warnings=tuple(_warnings(question)),
        pressure_unit=question.pressure_unit,
    )


def _verdict(question: RepairQuestion, evidence: FallEvidence) -> RepairVerdict:
    grew = evidence.grew
    if evidence.fell[f"{SHARES[0]:g}"] > SURE:
        is_planned = question.planned is None or evidence.upper < question.planned
        return RepairVerdict.WORKED if is_planned else RepairVerdict.PARTLY
    if grew > SURE:
        return RepairVerdict.WORSE
    if 0.0 < _deviation_needed(question) < question.after.deviation:
        return RepairVerdict.TOO_EARLY
    return RepairVerdict.PARTLY if grew < 1.0 - SURE else RepairVerdict.NO_CHANGE


def _deviation_needed(question: RepairQuestion) -> float:
    """Standard deviation of the rate after that shows a fall by half, in the unit of the rates."""
    return deviation_needed(question.before[:2], SHARES[0], question.left, SURE)


def _record_needed(question: RepairQuestion) -> float | None:
    """Length of the record that shows a fall by half, s; None where it is not known, or there is none."""
    return _length_of(question, _deviation_needed(question))


def _length_of(question: RepairQuestion, deviation: float) -> float | None:
    """Length of a record after the repair whose rate has a standard deviation, in the unit of the rates."""
    capacity = question.capacity if question.after.is_flow else 1.0
    if question.sensor is None or capacity is None or deviation == 0.0:
        return None
    length = length_for(deviation / (capacity * question.scale), question.sensor.noise, LONGEST)
    return length if math.isfinite(length) else None


def _wait(question: RepairQuestion, needed: float | None) -> float | None:
    """Time until the record is long enough, s, by its length so far, or by its standard deviation."""
    if needed is None:
        return None
    so_far = question.since
    if so_far is None:
        so_far = _length_of(question, question.after.deviation)
    return None if so_far is None else max(needed - so_far, 0.0)


def _in_both(question: RepairQuestion, value: float) -> tuple[float | None, float | None]:
    """A rate in the unit of the question as mass flow, kg/s, and as rate of the pressure, Pa/s."""
    if not question.after.is_flow:
        return None, value
    return value, None if question.capacity is None else value / question.capacity


def _measurement(question: RepairQuestion, rate: Rate) -> LeakMeasurement:
    flow, pressure_rate = _in_both(question, rate.value)
    flow_deviation, pressure_deviation = _in_both(question, rate.deviation)
    return LeakMeasurement(flow, flow_deviation, pressure_rate, pressure_deviation)


def _warnings(question: RepairQuestion) -> Iterator[str]:
    """Cautions on the law between two pressures, and on a rate before that is not known well enough."""
    if question.pressures is not None and question.record is None:
        ratio = question.pressures[0] / question.pressures[1]
        if not 1.0 / LARGE_STEP < ratio < LARGE_STEP:
            factors = (f"{ratio**exponent:.3g}" for exponent in (_HOLE, _CRACK))
            yield (
                "the pressures differ: the rate after counts {} times at that before by the law of a hole, {}"
                " times by that of a crack.".format(*factors)
            )
    if _deviation_needed(question) == 0.0:
        yield "the rate before is not known well enough: no record after the repair shows a fall by half."
