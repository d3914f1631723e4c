"""What a record can tell at best: to one who knows its noise exactly, and nothing of its exponent.

It shares no code with `breachflow.inference`: generalized least squares of the true law about the truth.
Rounding counts as white noise.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from worlds import HOUR, MMHG, ORBIT, Readings, World, falling

MOST: Final = 400
"""Readings; of more every second, third and so on counts, with as much less white noise."""
STEP: Final = 1e-4
"""Of the exponent and the logarithm of the rate, for differences."""
AMPLITUDE, WEIGHT = 0.3, 0.25
"""Deviations before the record: of an orbit, mmHg, and of the weight of the temperature."""


class Bound(NamedTuple):
    """Of one record."""

    half_width: float
    """Of a 90 % interval of the rate, over the rate."""
    known_law: float
    """The same to one who knows the exponent too."""
    told: float
    """Probability that the law is told: that P(n < 1.25), or P(n > 1.6), is above 0.9."""


def bound(one: World) -> Bound:
    """The bound of a world."""
    assert one.noise is not None
    every = -(-len(one.times) // MOST)
    times = one.times[::every]
    columns, precisions = _columns(one, times, every)
    noise = one.noise
    apart = np.abs(times[:, None] - times[None, :])
    covariance = noise.deviation**2 * np.exp(-apart / noise.memory)
    covariance += np.eye(len(times)) * (noise.white**2 + noise.resolution**2 / 12.0) / every
    covariance += (one.wander / MMHG) ** 2 * np.minimum(times[:, None], times[None, :]) / HOUR
    known = columns.T @ np.linalg.solve(covariance, columns) + np.diag(precisions)
    free = np.linalg.inv(known)
    law_known = np.linalg.inv(np.delete(np.delete(known, 2, 0), 2, 1))
    margin = 0.25 if one.exponent == 1.0 else 0.4
    told = float(ndtr(margin / np.sqrt(free[2, 2]) - ndtri(0.9)))
    return Bound(*(1.645 * float(np.sqrt(one[1, 1])) for one in (free, law_known)), told)


def _columns(one: World, times: Readings, every: int) -> tuple[NDArray[np.float64], list[float]]:
    """Derivatives by the start, the logarithm of the rate, the exponent, the temperature and the orbit."""
    start, log_rate = one.start / MMHG, np.log(one.rate)

    def law(more_rate: float = 0.0, more_exponent: float = 0.0) -> Readings:
        return start * falling(times, float(np.exp(log_rate + more_rate)), one.exponent + more_exponent)

    half = 0.5 / STEP
    columns = [law() / start, half * (law(STEP) - law(-STEP)), half * (law(0.0, STEP) - law(0.0, -STEP))]
    precisions = [0.0, 0.0, 0.0]
    if one.temperatures is not None:
        away = one.temperatures / one.temperatures.mean() - 1.0
        phase = 2.0 * np.pi * times / ORBIT
        columns += [start * away[::every], np.cos(phase), np.sin(phase)]
        precisions += [WEIGHT**-2, AMPLITUDE**-2, AMPLITUDE**-2]
    return np.column_stack(columns), precisions
