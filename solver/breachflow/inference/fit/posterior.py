"""The posterior on a grid of exponents and models of the noise: no sampling, no seed.

Without a wander the size s of the noise is integrated out: each point of the grid is a Student t. With one, s
is on the grid too, and each point is normal. The weight of a point is its restricted likelihood (Patterson
and Thompson 1971): -1/2 log|C| - 1/2 log|X' C^-1 X| - (N - P)/2 log S, or -S/2 where s is on the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.fit.noise import NoiseGrid, noise_grid
from breachflow.inference.fit.one_thread import on_one_thread
from breachflow.inference.fit.problem import FitProblem, Linearized, linearized

EXPONENTS: Final = tuple(0.75 + 0.125 * step for step in range(13))
"""Of the law; they reach beyond 1 and 2, since a truth on the edge lies outside of every interval."""
FINER, REACH = 13, 4.0
"""Points of a finer grid, and how many deviations it reaches to both sides."""
LEAST_SPREAD: Final = 0.5
"""Deviation of the exponent beside the step of the grid, above which sums over the grid are right: a normal
distribution keeps its deviation to 7 %, wherever its middle lies between the points."""
LARGEST_AT_END: Final = 1e-3
"""Share of the first or last exponent of a finer grid above which it does not hold the whole distribution."""
LEAST_BEND: Final = 1e-3
"""Of the evidence over three exponents."""
MOST_REFINEMENTS: Final = 6
"""Two are usual."""
KEPT: Final = 0.1
"""Models of the noise below this share of the best of their exponent are dropped."""
PASSES: Final = 3
"""Of the variance, which the weight of what is known before depends on."""
LEAST_SIZE, LARGEST_SIZE = 1e-3, 3.0
"""Of the variance, beside that without a wander."""
LEAST_VARIANCE: Final = 1e-24
"""Beside the mean square of the bins: a record without noise still has weights."""


@dataclass(frozen=True)
class Posterior:
    """Weighted parts, one for each exponent, model and size of the noise: Student t's, or normal."""

    problem: FitProblem
    exponents: Floats
    """(n_exponents,)"""
    fits: tuple[Linearized, ...]
    """Of each exponent."""
    grid: NoiseGrid
    """(n_noises,) models of the noise: the second place of parts (n_exponents, n_noises, n_sizes)."""
    evidence: Floats
    """(n_exponents, n_noises, n_sizes) logarithms of the weights, before any was dropped."""
    weights: Floats
    """(n_exponents, n_noises, n_sizes); their sum is 1."""
    centers: Floats
    """(n_exponents, n_noises, n_sizes, n_unknowns)"""
    covariances: Floats
    """(n_exponents, n_noises, n_sizes, n_unknowns, n_unknowns)"""
    variances: Floats
    """(n_exponents, n_noises, n_sizes): s^2."""
    wanders: Floats
    """(n_sizes,) squares of the factors of the given wander; 0 without one."""
    freedom: float
    """Degrees of freedom of each part; infinite of normal ones."""

    @property
    def exponent_weights(self) -> Floats:
        """(n_exponents,) probabilities of the exponents."""
        return np.asarray(self.weights.sum(axis=(1, 2)))

    @property
    def exponent_evidence(self) -> Floats:
        """(n_exponents,) logarithms of their weights."""
        top = self.evidence.max(axis=(1, 2))
        return np.asarray(top + np.log(np.exp(self.evidence - top[:, None, None]).sum(axis=(1, 2))))

    @property
    def log_evidence(self) -> float:
        """Logarithm of the mean likelihood over the grid, but for a constant of the record."""
        return _log_sum(self.evidence) - float(np.log(self.evidence.size))


class _Known(NamedTuple):
    """What is known of the unknowns before the record."""

    means: Floats
    precisions: Floats
    """0 of an unknown of which nothing is known."""


class _Parts(NamedTuple):
    """Of each part of the posterior: see `Posterior`."""

    evidence: Floats
    centers: Floats
    covariances: Floats
    variances: Floats


class Effort(NamedTuple):
    """How fine the grid is beside a wander."""

    sizes: int = 24
    """Sizes of the noise."""
    factors: tuple[float, ...] = (2.0 / 3.0, 1.0, 1.5)
    """Of the given wander, known to half of itself: real stations had 0.08 to 0.18 mmHg in an hour."""


FULL: Final = Effort()
QUICK: Final = Effort(8, (1.0,))
"""For a look at many places of a change."""


@on_one_thread
def posterior(problem: FitProblem, exponents: tuple[float, ...] = EXPONENTS) -> Posterior:
    """The posterior of a problem; the exponents are alike before the record.

    Where the record knows the exponent better than the step of the grid, the grid is made finer about it: a
    truth between two of its points would lie outside of the interval of every other number.
    """
    noises = noise_grid(problem)
    found = posterior_on(problem, exponents, noises)
    for _ in range(MOST_REFINEMENTS):
        finer = _finer(found, exponents)
        if finer is None:
            break
        found = posterior_on(problem, finer, noises)
    return found


def posterior_on(problem: FitProblem, exponents: tuple[float, ...], noises: NoiseGrid) -> Posterior:
    """The posterior on given exponents."""
    return posterior_of(problem, tuple(linearized(problem, exponent) for exponent in exponents), noises)


def _finer(found: Posterior, allowed: tuple[float, ...]) -> tuple[float, ...] | None:
    """Exponents about the best one, for a normal distribution through it and its neighbors.

    None where the grid is fine enough and holds all of it, or where the best is at an end of what is allowed.
    """
    n, weights = found.exponents, found.exponent_weights
    best, step = int(np.argmax(weights)), float(n[1] - n[0]) if len(n) > 1 else 0.0
    low, high = allowed[0] + 0.5 * step, allowed[-1] - 0.5 * step
    if len(n) < 3 or not low < n[best] < high:
        return None
    middle, deviation = _normal_about(found, best, step)
    beyond = [weight for weight, cut in ((weights[0], n[0] > low), (weights[-1], n[-1] < high)) if cut]
    if deviation > LEAST_SPREAD * step and max(beyond, default=0.0) < LARGEST_AT_END:
        return None
    finer = middle + np.linspace(-REACH, REACH, FINER) * deviation
    return tuple(finer[(finer > allowed[0]) & (finer < allowed[-1])].tolist())


def _normal_about(found: Posterior, best: int, step: float) -> tuple[float, float]:
    """Middle and deviation of a normal distribution through the best exponent and its neighbors."""
    n = found.exponents
    if not 0 < best < len(n) - 1:  # the grid has slid off: go after it
        return float(n[best]), FINER / (4.0 * REACH) * step
    before, top, after = found.exponent_evidence[best - 1 : best + 2]
    bend = max(2.0 * top - before - after, LEAST_BEND)
    return float(n[best] + 0.5 * step * (after - before) / bend), float(step / np.sqrt(bend))


def posterior_of(
    problem: FitProblem, fits: tuple[Linearized, ...], grid: NoiseGrid, effort: Effort = FULL
) -> Posterior:
    """The posterior of laws that were linearized, over models of the noise."""
    data = np.stack([np.column_stack([fit.columns, fit.target]) for fit in fits]) * grid.roots[:, None]
    priors = problem.all_priors(fits[0].law)
    known = _Known(
        np.array([prior.mean for prior in priors]), np.array([prior.precision for prior in priors])
    )
    freedom = float(len(problem.times) - np.sum(known.precisions == 0.0))
    parts, wanders = _with_free_size(grid, data, known, freedom), np.zeros(1)
    if grid.walked is not None:
        turned = np.matmul(grid.walked.turns, data[:, None])
        sizes = _sizes(parts.variances, effort)
        parts, wanders = _with_wander(grid, turned, known, sizes), sizes.wander
        freedom = np.inf
    parts.covariances[..., 1, 1] += problem.gauge**2
    evidence = parts.evidence + np.array([point.log_prior for point in grid.points])[:, None]
    return Posterior(
        problem=problem,
        exponents=np.array([fit.law.exponent for fit in fits]),
        fits=fits,
        grid=grid,
        evidence=evidence,
        weights=_kept(evidence),
        centers=parts.centers,
        covariances=parts.covariances,
        variances=parts.variances,
        wanders=wanders,
        freedom=freedom,
    )


def _with_free_size(grid: NoiseGrid, data: Floats, known: _Known, freedom: float) -> _Parts:
    """Parts whose size of the noise is integrated out; one size each.

    What is known before has a variance of its own: its weight is that beside s^2, which is found in passes.
    """
    turned = np.matmul(grid.turns[None], data[:, None])
    moments = np.matmul(turned.swapaxes(-1, -2), turned)
    whole = moments[..., -1, -1]
    variances = np.zeros(moments.shape[:2])
    for _ in range(PASSES + 1):
        solved = _solved(moments, known, variances)
        variances = np.maximum(solved.misfit, LEAST_VARIANCE * whole) / freedom
    count = data.shape[1] - len(known.means)
    evidence = -0.5 * (grid.log_determinants + solved.log_normal + count * np.log(variances))
    covariances = variances[..., None, None] * solved.inverse
    return _Parts(
        evidence[:, :, None], solved.center[:, :, None], covariances[:, :, None], variances[:, :, None]
    )


class _Sizes(NamedTuple):
    """The grid beside a wander: each size of the noise with each factor of the wander."""

    noise: Floats
    """(n_noises, n_sizes) s^2."""
    wander: Floats
    """(n_sizes,) squares of the factors."""


def _sizes(without: Floats, effort: Effort) -> _Sizes:
    """Sizes by the variances (n_exponents, n_noises, 1) that explain the record without a wander."""
    sizes = np.geomspace(LEAST_SIZE, LARGEST_SIZE, effort.sizes) * without.min(axis=0)
    return _Sizes(np.tile(sizes, len(effort.factors)), np.repeat(np.square(effort.factors), effort.sizes))


def _with_wander(grid: NoiseGrid, turned: Floats, known: _Known, sizes: _Sizes) -> _Parts:
    """Parts on a grid of sizes too: beside a wander the size of the noise does not integrate out."""
    assert grid.walked is not None
    totals = sizes.wander[:, None] * grid.walked.variances[:, None, :] + sizes.noise[:, :, None]
    moments = np.einsum("enip,nsi,eniq->enspq", turned, 1.0 / totals, turned, optimize=True)
    solved = _solved(moments, known, np.ones(sizes.noise.shape))
    determinants = grid.log_determinants[:, None] + np.log(totals).sum(axis=-1)
    evidence = -0.5 * (determinants + solved.log_normal + solved.misfit)
    alike = _alike(evidence, sizes.wander)
    return _Parts(alike, solved.center, solved.inverse, np.broadcast_to(sizes.noise, evidence.shape))


def _alike(evidence: Floats, factors: Floats) -> Floats:
    """(n_exponents, n_noises, n_sizes) evidence by which each factor of the wander stays as probable.

    The wander is given: a record hardly tells a random walk from noise whose memory is near its length.
    """
    alike = evidence.copy()
    totals = {factor: _log_sum(evidence[:, :, factors == factor]) for factor in np.unique(factors)}
    mean = _log_sum(np.array(list(totals.values()))) - np.log(len(totals))
    for factor, total in totals.items():
        alike[:, :, factors == factor] += mean - total
    return alike


def _log_sum(logarithms: Floats) -> float:
    """Logarithm of the sum of numbers of which these are the logarithms."""
    top = float(logarithms.max())
    return top + float(np.log(np.exp(logarithms - top).sum()))


class _Solved(NamedTuple):
    """Normal equations of each part, solved."""

    center: Floats
    """(..., n_unknowns)"""
    inverse: Floats
    """(..., n_unknowns, n_unknowns) of the normal matrix."""
    log_normal: Floats
    """(...,) log of its determinant."""
    misfit: Floats
    """(...,) weighed squares of the residuals, and of what was known before."""


def _solved(moments: Floats, known: _Known, variances: Floats) -> _Solved:
    """The normal equations of moments (..., n + 1, n + 1); what is known counts by the variance (...,)."""
    sizes = np.sqrt(np.maximum(np.diagonal(moments, axis1=-2, axis2=-1)[..., :-1], 1e-300))
    normal = moments[..., :-1, :-1] / (sizes[..., :, None] * sizes[..., None, :])
    right, before = moments[..., :-1, -1] / sizes, known.means * sizes
    added = variances[..., None] * known.precisions / sizes**2
    inverse = np.linalg.inv(normal + added[..., None] * np.eye(len(known.means)))
    center = np.matmul(inverse, (right + added * before)[..., None])[..., 0]
    fitted = np.matmul(normal, center[..., None])[..., 0]
    misfit = moments[..., -1, -1] + np.sum(center * (fitted - 2.0 * right), axis=-1)
    misfit = misfit + np.sum(added * (center - before) ** 2, axis=-1)
    log_normal = 2.0 * np.log(sizes).sum(axis=-1) - np.linalg.slogdet(inverse)[1]
    scales = sizes[..., :, None] * sizes[..., None, :]
    return _Solved(center / sizes, inverse / scales, log_normal, misfit)


def _kept(evidence: Floats) -> Floats:
    """(n_exponents, n_noises, n_sizes) weights; what is dropped of an exponent leaves its total as it is."""
    weights = np.exp(evidence - evidence.max())
    totals = weights.sum(axis=(1, 2), keepdims=True)
    of_noise = weights.sum(axis=2, keepdims=True)
    weights = np.where(of_noise < KEPT * of_noise.max(axis=1, keepdims=True), 0.0, weights)
    left = weights.sum(axis=(1, 2), keepdims=True)
    weights = weights * np.divide(totals, left, out=np.zeros_like(left), where=left > 0.0)
    return np.asarray(weights / weights.sum())
