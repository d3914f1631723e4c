"""What is fitted: bins of a record, columns that are linear, and what is known of them before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.fit.bins import Bins
from breachflow.inference.fit.law import FallLaw, Marks

MOST_PASSES: Final = 20
"""Of the least squares; four to six are usual."""
SETTLED: Final = 1e-9
"""Of the step in units of the parameters, at which they end."""
EXACT: Final = 1e-9
"""Deviation, beside 1, of what is known exactly."""
LEAST_DEVIATION: Final = 1e-12
"""Of the residuals beside the pressure: a record without any noise still has weights."""


class Prior(NamedTuple):
    """What is known of an unknown before the record: normal, or nothing where the deviation is infinite."""

    mean: float = 0.0
    deviation: float = np.inf

    @property
    def precision(self) -> float:
        """One over the variance; of a number that is known exactly, one that no record moves."""
        return 1.0 / max(self.deviation, EXACT) ** 2


@dataclass(frozen=True)
class FitProblem:
    """The bins of one record in units of its own: pressures by their mean, times by the length."""

    bins: Bins
    times: Floats
    """(n_bins,) from 0 to 1."""
    pressures: Floats
    """(n_bins,)"""
    columns: Floats
    """(n_bins, n_columns): what adds to the pressure linearly."""
    priors: tuple[Prior, ...]
    """Of the columns."""
    temperature: Floats | None
    """(n_bins,) (T - mean)/mean of the sensor."""
    temperature_weight: Prior
    wander: float
    """Standard deviation of the random walk after the length of the record."""
    gauge: float
    """Standard deviation of the fall over the record by the steps of a gauge that hardly moves."""
    marks: Marks
    length: float
    """Of the record, s: the unit of times."""
    scale: float
    """Mean pressure, Pa: the unit of pressures."""

    @property
    def unknowns(self) -> int:
        """How many there are."""
        return len(self.all_priors(FallLaw(1.0, self.marks)))

    def all_priors(self, law: FallLaw) -> list[Prior]:
        """Of all unknowns: those of the law, the weight of the temperature, the columns."""
        weights = [] if self.temperature is None else [self.temperature_weight]
        return [Prior()] * law.unknowns + weights + list(self.priors)


@dataclass(frozen=True)
class Linearized:
    """A law at its least squares: y = columns times unknowns + noise."""

    law: FallLaw
    values: Floats
    """(n_unknowns,) at which it was linearized."""
    columns: Floats
    """(n_bins, n_unknowns)"""
    target: Floats
    """(n_bins,)"""
    residuals: Floats
    """(n_bins,) of the least squares."""


def linearized(problem: FitProblem, exponent: float) -> Linearized:
    """Least squares by Gauss and Newton, bins weighed by their readings, what is known before as readings."""
    law = FallLaw(exponent, problem.marks)
    priors = problem.all_priors(law)
    known = np.isfinite([prior.deviation for prior in priors])
    means = np.array([prior.mean for prior in priors])
    values = _guess(problem, law, means)
    weights = np.sqrt(problem.bins.counts / problem.bins.counts.mean())
    for _ in range(MOST_PASSES):
        found, columns = _model(problem, law, values)
        residuals = problem.pressures - found
        deviation = max(float(np.std(residuals)), LEAST_DEVIATION)
        extra = np.diag([deviation * prior.precision**0.5 for prior in priors])[known]
        left = np.vstack([weights[:, None] * columns, extra])
        right = np.concatenate([weights * residuals, extra @ (means - values)])
        step = _solved(left, right)
        values = values + step
        if np.max(np.abs(step)) < SETTLED:
            break
    found, columns = _model(problem, law, values)
    residuals = problem.pressures - found
    return Linearized(law, values, columns, residuals + columns @ values, residuals)


def _guess(problem: FitProblem, law: FallLaw, means: Floats) -> Floats:
    """(n_unknowns,) by the first and the last bins; jumps by the bins beside them."""
    times, pressures = problem.times, problem.pressures
    values = means.copy()
    edge = max(1, len(times) // 10)
    first, last = pressures[:edge].mean(), pressures[-edge:].mean()
    jumps = 0.0
    for index, time in enumerate(problem.marks.jumps):
        place = int(np.clip(np.searchsorted(times, time), 1, len(times) - 1))
        values[2 + index] = pressures[place] - pressures[place - 1]
        jumps += values[2 + index]
    span = times[-edge:].mean() - times[:edge].mean()
    ratio = np.clip((last - jumps) / first, 0.05, 20.0)
    values[0], values[1] = first, -np.log(ratio) / span
    values[2 + len(problem.marks.jumps) : law.unknowns] = 0.0
    return values


def _model(problem: FitProblem, law: FallLaw, values: Floats) -> tuple[Floats, Floats]:
    """Means over bins (n_bins,) and their derivatives (n_bins, n_unknowns)."""
    count = law.unknowns
    pressures, slopes, curvature = law.with_curvature(values[:count], problem.times)
    pressures = pressures + 0.5 * problem.bins.spreads / problem.length**2 * curvature
    parts = [slopes]
    if problem.temperature is not None:
        factor = 1.0 + values[count] * problem.temperature
        parts = [slopes * factor[:, None], (pressures * problem.temperature)[:, None]]
        pressures = pressures * factor
    linear = values[len(values) - problem.columns.shape[1] :]
    return pressures + problem.columns @ linear, np.hstack([*parts, problem.columns])


def _solved(left: Floats, right: Floats) -> Floats:
    """(n_unknowns,) least squares, each column in units of its own size."""
    sizes = np.sqrt(np.sum(left**2, axis=0))
    sizes[sizes == 0.0] = 1.0
    found = np.linalg.lstsq(left / sizes, right, rcond=1e-12)[0]
    return np.asarray(found / sizes)
