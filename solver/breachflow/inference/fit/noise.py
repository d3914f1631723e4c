"""Models of the noise of bins: a memory and a white share, each on a grid, and a wander beside them.

Noise: s^2 (C + share W) + R, with C = (tau / (2 bin)) exp(-|dt|/tau), so that its step from bin to bin is 1;
W the white variance of a bin, which is 1 by its readings; R the wander, a random walk of a given size.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.fit.problem import FitProblem

MEMORIES: Final = 8
"""Of the noise, even in the logarithm, from a bin to a third of the record."""
SHORTEST: Final = 1.0 / 300.0
"""Least memory beside the length of the record."""
LONGEST: Final = 1.0 / 3.0
"""A longer memory cannot be told from a leak, and belongs to the wander, which is given."""
WHITE_SHARES: Final = (0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Of the white variance beside the correlated."""


class NoisePoint(NamedTuple):
    """One model of the noise."""

    memory: float
    """tau beside the length of the record; 0 of white noise alone."""
    white: float
    """Share of the white variance."""
    log_prior: float
    """Logarithm of its weight before the record."""


class Walked(NamedTuple):
    """Turns after which the variance of the noise is 1 and that of the wander is diagonal."""

    turns: Floats
    """(n_points, n_bins, n_bins)"""
    variances: Floats
    """(n_points, n_bins) of the wander."""


class NoiseGrid(NamedTuple):
    """All models of the noise, each as a turn of the bins after which its variance is diagonal."""

    points: tuple[NoisePoint, ...]
    turns: Floats
    """(n_points, n_bins, n_bins): the rows turn bins that were weighed by the roots of their readings."""
    log_determinants: Floats
    """(n_points,) log|C + share W|, but for a constant."""
    roots: Floats
    """(n_bins,) of the readings of each bin beside those of the median bin."""
    walked: Walked | None
    """Turns that make the wander diagonal too; None without one."""


def noise_grid(problem: FitProblem) -> NoiseGrid:
    """White noise alone, and every memory with every white share.

    The prior of a memory is tau^-1/2 in its logarithm: Jeffreys' of a memory well within the record, whose
    information grows as the number of memories that the record holds. Of memories shorter than a bin, which
    look white, down to the distance of readings it stays as at the bin: what is known of the memory before
    the record must not hang on how long its bins are.
    """
    counts, times = problem.bins.counts, problem.times
    roots = np.sqrt(counts / np.median(counts))
    width, apart = 1.0 / len(times), np.abs(times[:, None] - times[None, :])
    shortest, shares = max(width, SHORTEST), np.array(WHITE_SHARES)
    memories = np.geomspace(shortest, LONGEST, MEMORIES)
    points = [NoisePoint(0.0, 1.0, -0.5 * np.log(shortest) + np.log(_white_points(memories, counts)))]
    turns, determinants = [np.eye(len(times))[None]], [np.zeros(1)]
    for memory in memories:
        covariance = memory / (2.0 * width) * np.exp(-apart / memory) * np.outer(roots, roots)
        values, vectors = np.linalg.eigh(covariance)
        totals = np.maximum(values, 0.0) + shares[:, None]
        turns.append(vectors.T / np.sqrt(totals)[:, :, None])
        determinants.append(np.log(totals).sum(axis=1))
        points += [NoisePoint(float(memory), share, -0.5 * float(np.log(memory))) for share in WHITE_SHARES]
    joined = np.concatenate(turns)
    return NoiseGrid(
        tuple(points), joined, np.concatenate(determinants), roots, _walked(problem, joined, roots)
    )


def _white_points(memories: Floats, counts: Floats) -> float:
    """For how many points of the grid white noise stands: itself, and memories too short for the bins.

    `memories` are those of the grid, `counts` (n_bins,) the readings of each bin.
    """
    step = np.log(memories[1] / memories[0])
    below = np.log(memories[0] * counts.sum()) - 0.5 * step
    return float(1.0 + len(WHITE_SHARES) * max(below, 0.0) / step)


def _walked(problem: FitProblem, turns: Floats, roots: Floats) -> Walked | None:
    """The wander, a random walk from the first bin on, beside every noise; None without one."""
    if problem.wander == 0.0:
        return None
    walk = (
        problem.wander**2
        * np.minimum(problem.times[:, None], problem.times[None, :])
        * np.outer(roots, roots)
    )
    values, vectors = np.linalg.eigh(turns @ walk @ turns.swapaxes(-1, -2))
    return Walked(vectors.swapaxes(-1, -2) @ turns, np.maximum(values, 0.0))
