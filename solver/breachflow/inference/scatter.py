"""Whether the readings scatter as the fitted noise says: residuals and their correlation, against draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.basis import InferBasis
from breachflow.inference.curves import BAND, CurveBand, law_curves
from breachflow.inference.fit.one_thread import on_one_thread
from breachflow.inference.fit.posterior import Posterior

DRAWS: Final = 400
"""Of residuals by the fitted noise: the ends of a 90 % band are then known to a tenth of its width."""
SEED: Final = 20
"""Of the draws: equal records give equal pictures."""
LONGEST_LAG: Final = 0.5
"""Beside the length of the record."""
FEWEST_PAIRS: Final = 6
"""Of residuals, from which a correlation is."""


@dataclass(frozen=True)
class Scatter:
    """Residuals of means of readings, and their correlation."""

    times: Floats
    """(n_bins,) s from the first reading that counts."""
    residuals: Floats
    """(n_bins,) Pa."""
    expected: CurveBand
    """(n_bins,) Pa: of residuals of the fitted noise, 90 % at each time."""
    lags: Floats
    """(n_lags,) s"""
    correlation: Floats
    """(n_lags,) of the residuals."""
    expected_correlation: CurveBand
    """(n_lags,) of residuals of the fitted noise."""


@on_one_thread
def scatter_of(basis: InferBasis) -> Scatter | None:
    """The scatter of an answer; None where nothing was fitted."""
    curves = law_curves(basis)
    if curves is None or basis.changes is None:
        return None
    found = basis.changes.posterior
    residuals = curves.means - curves.fitted
    drawn = _drawn(found) * found.problem.scale
    lags, pairs = _pairs(found.problem.times)
    return Scatter(
        times=curves.times,
        residuals=residuals,
        expected=CurveBand(*np.quantile(drawn, BAND, axis=0)),
        lags=lags * found.problem.length,
        correlation=_correlation(residuals[None], pairs)[0],
        expected_correlation=CurveBand(*np.quantile(_correlation(drawn, pairs), BAND, axis=0)),
    )


def _pairs(times: Floats) -> tuple[Floats, Floats]:
    """Lags (n_lags,), and weights (n_lags, n_bins, n_bins) of pairs that are so far apart; their sum is 1."""
    width = float(np.median(np.diff(times)))
    classes = np.rint(np.abs(times[:, None] - times[None, :]) / width)
    lags = np.arange(1, int(LONGEST_LAG / width) + 1)
    found = np.array([classes == lag for lag in lags], dtype=float).reshape(-1, len(times), len(times))
    counts = found.sum(axis=(1, 2))
    kept = counts >= 2 * FEWEST_PAIRS
    return lags[kept] * width, found[kept] / counts[kept, None, None]


def _correlation(residuals: Floats, pairs: Floats) -> Floats:
    """(n_rows, n_lags) of residuals (n_rows, n_bins)."""
    products = np.einsum("ri,lij,rj->rl", residuals, pairs, residuals, optimize=True)
    squares = np.maximum(np.mean(residuals**2, axis=1), 1e-300)
    return np.asarray(products / squares[:, None])


def _drawn(found: Posterior) -> Floats:
    """(n_draws, n_bins) residuals of noise drawn from the posterior, each fitted by the law of its part."""
    generator = np.random.default_rng(SEED)
    counts = generator.multinomial(DRAWS, found.weights.ravel() / found.weights.sum())
    rows = [
        _residuals(found, np.unravel_index(place, found.weights.shape), int(counts[place]), generator)
        for place in np.flatnonzero(counts)
    ]
    return np.concatenate(rows)


def _residuals(
    found: Posterior, place: tuple[np.intp, ...], count: int, generator: np.random.Generator
) -> Floats:
    """(count, n_bins) residuals of one part of the posterior: its noise, fitted by its law."""
    exponent, noise, size = map(int, place)
    problem, fit = found.problem, found.fits[exponent]
    covariance = _covariance(found, exponent, noise, size)
    priors = problem.all_priors(fit.law)
    precisions = np.array([prior.precision for prior in priors])
    columns = fit.columns
    roots = np.linalg.cholesky(covariance)
    white = np.linalg.solve(roots, columns)
    scales = np.sqrt(np.maximum(np.sum(white**2, axis=0) + precisions, 1e-300))
    normal = (white.T @ white + np.diag(precisions)) / np.outer(scales, scales)
    drawn = generator.standard_normal((count, len(problem.times)))
    errors = np.where(precisions > 0.0, 1.0 / np.sqrt(np.maximum(precisions, 1e-300)), 0.0)
    known = generator.standard_normal((count, len(priors))) * errors
    noises = drawn @ roots.T + known @ columns.T
    right = (np.linalg.solve(roots, noises.T).T @ white) / scales
    unknowns = np.linalg.solve(normal, right.T).T / scales
    return np.asarray(noises - unknowns @ columns.T)


def _covariance(found: Posterior, exponent: int, noise: int, size: int) -> Floats:
    """(n_bins, n_bins) of the noise and the wander of one part, beside the square of the scale."""
    problem, point = found.problem, found.grid.points[noise]
    times, counts = problem.times, problem.bins.counts
    shape = np.diag(point.white * np.median(counts) / counts)
    if point.memory > 0.0:
        apart = np.abs(times[:, None] - times[None, :])
        shape = shape + 0.5 * point.memory * len(times) * np.exp(-apart / point.memory)
    walk = problem.wander**2 * np.minimum(times[:, None], times[None, :])
    return np.asarray(found.variances[exponent, noise, size] * shape + found.wanders[size] * walk)
