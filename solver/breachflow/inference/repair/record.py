"""A repair in the middle of a pressure record: one fit of both sides, whose opening changes at a known time.

Both rates come from one posterior, at one pressure and by one law, so that what they share, such as the
exponent and the noise, counts once. A fall by x is a linear number of it, (1 - x) k1 - k2.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from breachflow.inference.arguments import InferArguments, read_question
from breachflow.inference.fit.mixture import Mixture, Parts
from breachflow.inference.fit.posterior import Posterior, posterior
from breachflow.inference.fit.rates import pressure_rate
from breachflow.inference.fit.setup import problem_of
from breachflow.inference.question import InferQuestion
from breachflow.inference.record.record import PressureRecord, RecordError
from breachflow.inference.record.select import time_in, time_text
from breachflow.inference.repair.arguments import (
    Rate,
    RepairArguments,
    RepairQuestion,
    ToldOfRecord,
    read_planned,
    read_share,
)
from breachflow.inference.repair.compute import SHARES, SURE, FallEvidence
from breachflow.inference.sensor import Sensor
from breachflow.theory.emptying.slope import SlopeNoise

LEAST_READINGS: Final = 8
"""On each side of a repair."""

AFTER: Final = (0,)
"""The change by the repair."""


def read_record_repair(given: RepairArguments, told: ToldOfRecord) -> tuple[RepairQuestion, FallEvidence]:
    """The rates before and after in a record, and what its posterior tells of them.

    Raises ArgumentError where an argument is wrong, and RecordError where the record cannot be read, is
    frozen, steps, or has too few readings on a side.
    """
    question, gate = _question(given, told).through_gate()
    record, options = question.record, question.options
    if gate.verdict is not None:
        raise RecordError(f"{record.name}: {gate.refusal}")
    at = time_in(record, "at", told.at)
    _require_both_sides(record, at)
    problem = problem_of(record, options, (at,))
    if len(problem.times) - problem.unknowns < LEAST_READINGS // 2:
        raise RecordError(f"{record.name}: has too few readings for {problem.unknowns} unknowns; read longer")
    found = posterior(problem, options.exponents)
    return _read(given, question, found, at)


def _question(given: RepairArguments, told: ToldOfRecord) -> InferQuestion:
    """The record and how it is fitted. Raises ArgumentError or RecordError."""
    times, pressures = told.record if isinstance(told.record, tuple) else (told.record, None)
    return read_question(
        InferArguments(
            times=times,
            pressures=pressures,
            volume=given.volume,
            gas=given.gas,
            temperature=given.temperature,
            from_time=told.from_time,
            to_time=told.to_time,
            exclude=told.exclude or (),
            step=told.step,
            known=told.known,
            temperature_weight=told.temperature_weight,
            period=told.period,
            exponent="any" if given.exponent is None else given.exponent,
            background=told.background,
            wander=given.sensor.wander,
            noise_from=told.noise_from,
        )
    )


def _require_both_sides(record: PressureRecord, at: float) -> None:
    """Raises RecordError where a side of the repair has too few readings."""
    before = int(np.sum(record.times < at))
    for count, side in ((before, "before"), (len(record) - before, "after")):
        if count < LEAST_READINGS:
            raise RecordError(
                f"{record.name}: has {count} readings {side} {time_text(record, at)}, the time of the repair;"
                f" at least {LEAST_READINGS} are needed"
            )


def _read(
    given: RepairArguments, question: InferQuestion, found: Posterior, at: float
) -> tuple[RepairQuestion, FallEvidence]:
    """Both rates at the pressure of the start, and the probabilities of their posterior."""
    parts, assumed = Parts(found), question.assumed
    before, after = pressure_rate(found, parts), pressure_rate(found, parts, 0.0, AFTER)
    if not float(before.mean) > 0.0:
        raise RecordError(f"{question.record.name}: the pressure does not fall before the repair: no leak")
    capacity = None
    if assumed.volume is not None:
        capacity = assumed.volume / (question.gas.specific_gas_constant * assumed.temperature)
    size = 1.0 if capacity is None else capacity
    since = float(question.record.times[-1]) - at
    start = float(np.array([fit.values[0] for fit in found.fits]) @ found.exponent_weights)
    rates = [Rate(size * one.mean, size * one.deviation, capacity is not None) for one in (before, after)]
    asked = RepairQuestion(
        before=rates[0],
        after=rates[1],
        scale=1.0,
        pressures=(start * found.problem.scale,) * 2,
        exponent=None,
        planned=read_planned(given, question.gas, capacity, capacity is not None),
        since=since,
        left=read_share(given.left),
        sensor=Sensor(_noise_after(after, question.options.wander, since), False),
        gas=question.gas,
        temperature=assumed.temperature,
        temperature_given=assumed.temperature_given,
        volume=assumed.volume,
        pressure_unit=question.record.unit,
        record=question.record.name,
        at=at - float(question.record.times[0]),
    )
    return asked, _evidence(found, parts, size)


def _noise_after(after: Mixture, wander: float, since: float) -> SlopeNoise:
    """The noise whose slope has the deviation of the rate after: the wander, and the rest as white noise."""
    rest = max(after.deviation**2 - wander**2 / since, 0.0)
    return SlopeNoise(white=math.sqrt(rest * since**3 / 12.0), every=1.0, wander=wander)


def _evidence(found: Posterior, parts: Parts, size: float) -> FallEvidence:
    """Probabilities of falls, and what is left at most, in the unit of the rates."""
    after = pressure_rate(found, parts, 0.0, AFTER)
    negative = float(after.below(0.0)[0])
    upper = float(after.quantiles((negative + SURE * (1.0 - negative),))[0])
    return FallEvidence(
        {f"{share:g}": _fell(found, parts, share) for share in SHARES},
        1.0 - _fell(found, parts, 0.0),
        size * max(upper, 0.0),
    )


def _fell(found: Posterior, parts: Parts, share: float) -> float:
    """Probability that (1 - share) k1 - k2 is not below 0."""
    first = 2 + len(found.problem.marks.jumps)
    vectors = np.zeros((len(found.exponents), found.centers.shape[-1]))
    vectors[:, 1], vectors[:, first] = -share, -1.0  # k2 = k1 + the change
    return 1.0 - float(parts.of(vectors, np.zeros(len(vectors))).below(0.0)[0])
