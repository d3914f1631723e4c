"""Means of readings over equal stretches of time: what the fit sees of a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from breachflow.arrays import Floats, Indices

MOST_BINS: Final = 60
"""What is known of a slope sits in the low frequencies: more bins change nothing."""


@dataclass(frozen=True)
class Bins:
    """Means over stretches of time, in the order of time; none reaches across a mark."""

    times: Floats
    """(n_bins,) mean times of the readings, s."""
    spreads: Floats
    """(n_bins,) variances of the times of the readings within each bin, s2."""
    counts: Floats
    """(n_bins,) numbers of readings."""
    members: Indices
    """(n_readings,) bin of each reading."""

    def mean(self, values: Floats) -> Floats:
        """(n_bins,) means of values of readings."""
        sums = np.bincount(self.members, weights=values, minlength=len(self.counts))
        return np.asarray(sums / self.counts)


def bins_of(times: Floats, marks: tuple[float, ...] = (), most: int = MOST_BINS) -> Bins:
    """Bins of readings at these times, s, which rise; a reading at a mark belongs to what follows it."""
    edges = np.linspace(times[0], times[-1], min(most, len(times)) + 1)[1:-1]
    if len(times) <= most:
        places = np.arange(len(times))
    else:
        places = np.searchsorted(np.unique(np.concatenate([edges, marks])), times, side="right")
    _, members = np.unique(places, return_inverse=True)
    counts = np.bincount(members).astype(float)
    middles = np.bincount(members, weights=times) / counts
    spreads = np.bincount(members, weights=(times - middles[members]) ** 2) / counts
    return Bins(middles, spreads, counts, members.astype(np.int64))
