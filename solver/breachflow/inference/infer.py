"""From a question to the answer: gate, posterior, changes, verdict, numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from breachflow.inference.answer.answer import (
    FoundNoise,
    Inference,
    LeakChange,
    LeakPart,
    StraightLine,
)
from breachflow.inference.answer.cautions import cautions
from breachflow.inference.answer.least_squares import straight_line
from breachflow.inference.answer.sizes import crack_of, hole_of
from breachflow.inference.answer.values import InferVerdict, Interval90
from breachflow.inference.answer.verdict import Judged, judged, law_of
from breachflow.inference.basis import InferBasis
from breachflow.inference.fit.change import Changes, change, with_changes
from breachflow.inference.fit.mixture import Mixture, Parts
from breachflow.inference.fit.posterior import Posterior, posterior
from breachflow.inference.fit.rates import (
    by_volume,
    exponent_quantiles,
    fractional_rate,
    pressure_rate,
    time_to,
)
from breachflow.inference.fit.setup import problem_of
from breachflow.inference.question import InferQuestion
from breachflow.inference.record.gate import LEAST_BINS, Passed
from breachflow.inference.record.record import PressureRecord
from breachflow.inference.record.select import gaps, unusual_moves
from breachflow.leak.breach import LeakState

NINETY: Final = (0.5, 0.05, 0.95)
"""The median and the ends of a 90 % interval."""
UPPER: Final = 0.95
"""Of an upper limit."""
LEAST_FREEDOM: Final = 3
"""Readings more than unknowns, below which nothing is fitted."""
TOLD: Final = (InferVerdict.LEAK, InferVerdict.CHANGED)
"""Verdicts with a size."""
LONGEST_WAIT: Final = 1e4
"""Lengths of the record beyond which no longer one is asked for."""


def infer_question(question: InferQuestion) -> Inference:
    """The answer to a question."""
    fitted, gate = question.through_gate()
    if gate.verdict is not None:
        return _blank(question, gate, Judged(InferVerdict(gate.verdict), gate.reason))
    question, options = fitted, fitted.options
    problem = problem_of(question.record, options)
    unknowns = problem.unknowns
    if len(problem.times) < LEAST_BINS or len(problem.times) - unknowns < LEAST_FREEDOM:
        reason = f"{len(problem.times)} stretches with readings for {unknowns} unknowns; read longer"
        return _blank(question, gate, Judged(InferVerdict.TOO_SHORT, reason))
    plain = posterior(problem, options.exponents)
    return _answer(question, gate, with_changes(question.record, options, plain))


def _blank(question: InferQuestion, gate: Passed, found: Judged) -> Inference:
    """The answer without numbers."""
    record = gate.record
    rate, error = straight_line(record) if len(record) > 2 else (0.0, 0.0)
    return Inference(
        verdict=str(found.verdict),
        reason=found.reason,
        least_squares=StraightLine(rate, error, None) if len(record) > 2 else None,
        readings=len(question.record),
        gaps=gaps(record.times),
        length=record.length,
        start=_start(question),
        pressure=float(record.pressures[0]),
        assumed=question.assumed,
        caution=record.notes,
        pressure_unit=record.unit,
        unit_factor=record.unit_factor,
        name=record.name,
        basis=InferBasis(question),
    )


def _answer(question: InferQuestion, gate: Passed, changes: Changes) -> Inference:
    """The answer of a posterior."""
    found, assumed = changes.posterior, question.assumed
    parts = Parts(found)
    rate = fractional_rate(found, parts)
    falls = pressure_rate(found, parts)
    verdict = judged(changes, parts, rate)
    told = verdict.verdict in TOLD
    flow = _mass_flow(question, falls)
    state = LeakState(question.gas, _pressure(found), assumed.temperature)
    upper, upper_falls = _upper(question, falls)
    parts_of_changes = tuple(_change(question, changes, parts, place) for place in range(len(changes.times)))
    line = straight_line(question.record)
    inference = replace(
        _blank(question, gate, verdict),
        law=str(law_of(found)) if told else None,
        fractional_rate=_interval(rate),
        pressure_rate=_interval(falls),
        mass_flow=flow,
        equivalent_diameter=hole_of(state, flow) if told else None,
        crack_opening=crack_of(state, flow, assumed.crack) if told else None,
        exponent=Interval90(*map(float, exponent_quantiles(found, NINETY))),
        exponent_probability=tuple(
            (float(n), float(weight))
            for n, weight in zip(found.exponents, found.exponent_weights, strict=True)
        ),
        time_to_limit=_time(question, found, parts) if told else None,
        upper_limit=upper,
        upper_pressure_rate=upper_falls,
        decides_after=_decides_after(question, falls)
        if verdict.verdict is InferVerdict.NO_LEAK_SHOWN
        else None,
        change=max(parts_of_changes, key=_size, default=None),
        changes=parts_of_changes,
        change_strength=changes.strength,
        noise=_noise(question, gate, found),
        temperature_weight=_weight(found, parts),
        least_squares=StraightLine(*line, falls.deviation / line[1] if line[1] > 0.0 else None),
        used=len(question.record),
        pressure=_pressure(found),
        basis=InferBasis(question, changes),
    )
    return replace(inference, caution=(*inference.caution, *cautions(inference, question)))


def _start(question: InferQuestion) -> datetime | None:
    """Instant of the first reading; None of a record without dates."""
    origin = question.record.origin
    return None if origin is None else origin + timedelta(seconds=float(question.record.times[0]))


def _interval(number: Mixture) -> Interval90:
    return Interval90(*map(float, number.quantiles(NINETY)))


def _pressure(found: Posterior) -> float:
    """Pressure of the law at the start, Pa, over all exponents."""
    starts = np.array([fit.values[0] for fit in found.fits])
    return float(starts @ found.exponent_weights) * found.problem.scale


def _mass_flow(question: InferQuestion, falls: Mixture) -> Interval90 | None:
    """kg/s by rates of the pressure, Pa/s; None without a volume."""
    factor = _mass(question)
    if factor is None:
        return None
    flows = factor * by_volume(falls, question.assumed.volume_uncertainty, NINETY)
    return Interval90(*map(float, flows))


def _mass(question: InferQuestion) -> float | None:
    """V/(R T): kg/s in 1 Pa/s; None without a volume."""
    assumed = question.assumed
    if assumed.volume is None:
        return None
    return assumed.volume / (question.gas.specific_gas_constant * assumed.temperature)


def _upper(question: InferQuestion, falls: Mixture) -> tuple[float | None, float]:
    """95 % upper limit of a leak, kg/s, and as a rate of the pressure, Pa/s: of rates not below 0."""
    negative = float(falls.below(0.0)[0])
    share = negative + UPPER * (1.0 - negative)
    highest = float(falls.quantiles((share,))[0])
    factor = _mass(question)
    if factor is None:
        return None, highest
    return factor * float(by_volume(falls, question.assumed.volume_uncertainty, (share,))[0]), highest


def _time(question: InferQuestion, found: Posterior, parts: Parts) -> Interval90 | None:
    """Time to the limit from the first reading, s; None where the record is below it."""
    limit = question.assumed.limit
    if limit >= float(question.record.pressures[-1]):
        return None
    times = time_to(found, parts, limit, NINETY)
    return Interval90(*(float(time) if np.isfinite(time) else None for time in times))


def _decides_after(question: InferQuestion, falls: Mixture) -> float | None:
    """Length of a record, s, whose interval at the median would not hold 0; None where the median is no leak.

    The noise of a rate shrinks as the length to the power -3/2, its wander as its root.
    """
    middle, low, high = falls.quantiles(NINETY)
    length = question.record.length
    wander = question.options.wander**2 / length
    half = (0.5 * (high - low) / 1.645) ** 2
    rest = max(half - wander, 0.0)
    if middle <= 0.0:
        return None
    for factor in np.geomspace(1.0, LONGEST_WAIT, 400):
        if 1.645**2 * (rest / factor**3 + wander / factor) < middle**2:
            return float(factor * length)
    return None


def _size(one: LeakChange) -> float:
    """By how much a change changed the leak, beside the leak before."""
    before, after = one.before.fractional_rate.median, one.after.fractional_rate.median
    return 0.0 if before is None or after is None else abs(after - before)


def _change(question: InferQuestion, changes: Changes, parts: Parts, place: int) -> LeakChange:
    """What is said of one change."""
    found = changes.posterior
    grew = 1.0 - float(change(found, parts, place).below(0.0)[0])
    share = found.problem.marks.changes[place]
    before, after = tuple(range(place)), tuple(range(place + 1))
    start = float(question.record.times[0])
    low, high = changes.intervals[place]
    return LeakChange(
        time=changes.times[place] - start,
        low=low - start,
        high=high - start,
        probability_grew=grew,
        before=_part(question, found, parts, before, share),
        after=_part(question, found, parts, after, share),
    )


def _part(
    question: InferQuestion, found: Posterior, parts: Parts, changes: tuple[int, ...], share: float
) -> LeakPart:
    """The leak after these changes, at the pressure at a share of the record."""
    falls = pressure_rate(found, parts, share, changes)
    return LeakPart(
        fractional_rate=_interval(fractional_rate(found, parts, changes)),
        pressure_rate=_interval(falls),
        mass_flow=_mass_flow(question, falls),
    )


def _noise(question: InferQuestion, gate: Passed, found: Posterior) -> FoundNoise:
    """What the readings scatter by: means over the models of the noise.

    The noise of a mean with a memory shorter than its bin looks white; a reading has no more than it shows.
    """
    problem, weights = found.problem, found.weights.sum(axis=(0, 2))
    memories = np.array([noise.memory for noise in found.grid.points])
    whites = np.array([noise.white for noise in found.grid.points])
    sizes = found.weights.sum(axis=0)
    variances = (found.weights * found.variances).sum(axis=0).sum(axis=1) / np.maximum(
        sizes.sum(axis=1), 1e-300
    )
    correlated = variances * memories * len(problem.times) / 2.0
    white = variances * whites * float(np.median(problem.bins.counts))
    has = memories > 0.0
    share = float(weights[has].sum())
    memory = np.exp(float(weights[has] @ np.log(memories[has])) / share) if share > 0.5 else 0.0
    return FoundNoise(
        standard_deviation=float(np.sqrt(weights @ correlated)) * problem.scale,
        time=float(memory) * problem.length,
        white=min(float(np.sqrt(weights @ white)) * problem.scale, _scatter(question.record)),
        wander=question.options.wander * 60.0,
        wander_given=question.wander_given,
        resolution=gate.resolution,
    )


def _scatter(record: PressureRecord) -> float:
    """Standard deviation, Pa, by which readings scatter about their neighbors: the white noise and more."""
    return float(np.sqrt(0.5 * np.mean(unusual_moves(record) ** 2)))


def _weight(found: Posterior, parts: Parts) -> Interval90 | None:
    """Weight of the temperature."""
    if found.problem.temperature is None:
        return None
    return _interval(parts.unknown(found.fits[0].law.unknowns))
