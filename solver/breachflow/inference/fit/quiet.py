"""How far the air wanders without a leak: the random walk of a quiet record."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.inference.record.record import PressureRecord, RecordError

HOUR: Final = 3600.0
"""s."""
SHORTEST_LAG: Final = 1.5 * HOUR
"""Times apart from which the walk is read; closer, the noise of the gauge and the orbit count more."""
LAGS: Final = 8
"""Times apart that are looked at."""
LEAST_LENGTH: Final = 4.0 * SHORTEST_LAG * 1.25
"""Of a quiet record, s: a quarter of it is the longest lag."""
STEPS_PER_LAG: Final = 8
"""Points within the shortest lag, to which readings are averaged."""


def wander_of(quiet: PressureRecord) -> float:
    """Median over lags h of sd(p(t + h) - p(t))/sqrt(h) of a detrended record, Pa per root of a second.

    Lags are from 1.5 h to a quarter of the record. Raises RecordError where it is too short.

    >>> import numpy as np
    >>> steps = np.random.default_rng(1).standard_normal(2000)
    >>> walk = PressureRecord("walk", 600.0 * np.arange(2000), 1e5 + np.cumsum(steps))
    >>> abs(wander_of(walk) * np.sqrt(600.0) - 1.0) < 0.15
    True
    """
    if quiet.length < LEAST_LENGTH:
        raise RecordError(
            f"{quiet.name}: lasts {quiet.length / HOUR:.3g} h; a wander is read from at least"
            f" {LEAST_LENGTH / HOUR:.3g} h"
        )
    step = SHORTEST_LAG / STEPS_PER_LAG
    edges = np.arange(quiet.times[0], quiet.times[-1], step)
    places = np.searchsorted(edges, quiet.times, side="right") - 1
    counts = np.bincount(places, minlength=len(edges))
    sums = np.bincount(places, weights=quiet.pressures, minlength=len(edges))
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    middles = edges + 0.5 * step
    there = np.isfinite(means)
    means = means - np.polyval(np.polyfit(middles[there] - middles[0], means[there], 1), middles - middles[0])
    lags = np.unique(np.geomspace(STEPS_PER_LAG, len(edges) / 4.0, LAGS).astype(int))
    found = [float(np.nanstd(means[lag:] - means[:-lag]) / np.sqrt(lag * step)) for lag in lags]
    return float(np.median(found))
