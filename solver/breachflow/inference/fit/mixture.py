"""Weighted Student t's or normals of one number: its distribution and its quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.fit.posterior import Posterior

BISECTIONS: Final = 50
"""Each halves the range: the last is below any digit that is shown."""
REACH: Final = 12.0
"""Scales beside the outermost centers within which quantiles are looked for; more where tails are heavy."""
NEGLIGIBLE: Final = 1e-4
"""Total weight of the smallest parts, which are left out."""
GROUPS: Final = 24
"""Parts of an exponent, into which more of them are joined."""


@dataclass(frozen=True)
class Mixture:
    """Weighted parts."""

    weights: Floats
    """(n_parts,); their sum is 1."""
    centers: Floats
    """(n_parts,)"""
    scales: Floats
    """(n_parts,)"""
    freedom: float
    """Degrees of freedom of each part."""

    @property
    def mean(self) -> float:
        """Of the number."""
        return float(self.weights @ self.centers)

    @property
    def deviation(self) -> float:
        """Half of its 68 % interval: one standard deviation where it is normal."""
        low, high = self.quantiles((0.16, 0.84))
        return float(0.5 * (high - low))

    def below(self, values: Floats | float) -> Floats:
        """(n_values,) probability that the number is below each value."""
        away = (np.atleast_1d(values)[:, None] - self.centers) / self.scales
        return np.asarray(distribution(away, self.freedom) @ self.weights)

    def quantiles(self, shares: tuple[float, ...]) -> Floats:
        """(n_shares,) values below which the number is with these probabilities."""
        wanted = np.array(shares)
        reach = REACH * (1.0 + 60.0 / self.freedom**2)
        low = np.full(len(shares), float(np.min(self.centers - reach * self.scales)))
        high = np.full(len(shares), float(np.max(self.centers + reach * self.scales)))
        for _ in range(BISECTIONS):
            middle = 0.5 * (low + high)
            is_below = self.below(middle) < wanted
            low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
        return np.asarray(0.5 * (low + high))


def distribution(away: Floats, freedom: float) -> Floats:
    """Probabilities below numbers of any shape: of Student's t, or normal where the freedom is infinite."""
    from scipy.special import ndtr, stdtr

    return np.asarray(ndtr(away) if np.isinf(freedom) else stdtr(freedom, away))


class Parts:
    """The parts of a posterior that count: numbers that are linear in its unknowns become mixtures."""

    def __init__(self, found: Posterior) -> None:
        flat = found.weights.ravel()
        order = np.argsort(-flat, kind="stable")
        needed = int(np.searchsorted(np.cumsum(flat[order]), 1.0 - NEGLIGIBLE)) + 1
        kept = np.sort(order[:needed])
        unknowns = found.centers.shape[-1]
        self.weights = flat[kept] / flat[kept].sum()
        self.exponent = np.unravel_index(kept, found.weights.shape)[0]
        """(n_parts,) places of their exponents."""
        self.centers = found.centers.reshape(-1, unknowns)[kept]
        self.covariances = found.covariances.reshape(-1, unknowns, unknowns)[kept]
        self.freedom = found.freedom
        if np.isinf(self.freedom):
            self._join()

    def _join(self) -> None:
        """Join normal parts of one exponent whose rates are as uncertain; their means and variances stay."""
        groups = []
        for place in np.unique(self.exponent):
            here = np.flatnonzero(self.exponent == place)
            here = here[np.argsort(self.covariances[here, 1, 1], kind="stable")]
            shares = np.cumsum(self.weights[here]) / self.weights[here].sum()
            ends = np.unique(np.searchsorted(shares, np.linspace(0.0, 1.0, GROUPS + 1)[1:-1]) + 1)
            groups += [group for group in np.split(here, ends) if len(group)]
        self.exponent = np.array([self.exponent[group[0]] for group in groups])
        joined = [
            _joined(self.weights[group], self.centers[group], self.covariances[group]) for group in groups
        ]
        self.weights = np.array([weight for weight, _, _ in joined])
        self.centers = np.stack([center for _, center, _ in joined])
        self.covariances = np.stack([covariance for _, _, covariance in joined])

    def of(self, vectors: Floats, constants: Floats) -> Mixture:
        """The number constants + vectors . unknowns, of (n_exponents,) and (n_exponents, n_unknowns)."""
        along = vectors[self.exponent]
        centers = constants[self.exponent] + np.sum(along * self.centers, axis=1)
        variances = np.einsum("pi,pij,pj->p", along, self.covariances, along)
        return Mixture(self.weights, centers, np.sqrt(np.maximum(variances, 1e-300)), self.freedom)

    def unknown(self, index: int, factor: float = 1.0) -> Mixture:
        """An unknown times a factor."""
        count = int(self.exponent.max()) + 1
        vectors = np.zeros((count, self.centers.shape[1]))
        vectors[:, index] = factor
        return self.of(vectors, np.zeros(count))


def _joined(weights: Floats, centers: Floats, covariances: Floats) -> tuple[float, Floats, Floats]:
    """Weight, center (n_unknowns,) and covariance (n_unknowns, n_unknowns) of normal parts together."""
    total = float(weights.sum())
    share = weights / total
    center = share @ centers
    away = centers - center
    covariance = np.einsum("p,pij->ij", share, covariances) + np.einsum("p,pi,pj->ij", share, away, away)
    return total, center, covariance
