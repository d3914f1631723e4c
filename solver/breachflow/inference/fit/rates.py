"""Numbers that people want of a posterior, as distributions: rates, flows, times to a limit, exponents."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.fit.mixture import Mixture, Parts, distribution
from breachflow.inference.fit.posterior import Posterior
from breachflow.inference.fit.problem import Linearized

VOLUMES: Final = 31
"""Points of the distribution of the volume."""
TABLE: Final = 801
"""Points of a table of a distribution."""
LONGEST: Final = 1e12
"""Lengths of the record after which a limit counts as never reached."""


def fractional_rate(found: Posterior, parts: Parts, after: tuple[int, ...] = ()) -> Mixture:
    """Share of the gas that leaks in a second at the start, 1/s, after the changes of these places too."""
    vectors = _rate_vectors(found, after) / found.problem.length
    return parts.of(vectors, np.zeros(len(vectors)))


def pressure_rate(found: Posterior, parts: Parts, share: float = 0.0, after: tuple[int, ...] = ()) -> Mixture:
    """Rate of fall by the leak, Pa/s, at the pressure that the law had at a share of the record."""
    vectors = _rate_vectors(found, after) * found.problem.scale / found.problem.length
    for index, fit in enumerate(found.fits):
        count = fit.law.unknowns
        start = fit.values[0]
        here = fit.law.pressure(fit.values[:count], np.array([share]))[0][0] + _fed_until(found, share)
        vectors[index] *= start * max(here / start, 1e-6) ** fit.law.exponent
    return parts.of(vectors, np.zeros(len(vectors)))


def by_volume(mixture: Mixture, uncertainty: float, shares: tuple[float, ...]) -> Floats:
    """(n_shares,) quantiles of a number times a lognormal factor of median 1 and this uncertainty."""
    if uncertainty == 0.0:
        return mixture.quantiles(shares)
    ends = mixture.quantiles((1e-6, 1.0 - 1e-6))
    values = np.linspace(ends[0], ends[1], TABLE)
    below = mixture.below(values)
    nodes, weights = np.polynomial.hermite_e.hermegauss(VOLUMES)
    factors, weights = np.exp(uncertainty * nodes), weights / weights.sum()
    wanted = np.array(shares)
    reach = float(factors.max())
    low = np.full(len(shares), min(ends[0] / reach, ends[0] * reach))
    high = np.full(len(shares), max(ends[1] / reach, ends[1] * reach))
    for _ in range(60):
        middle = 0.5 * (low + high)
        total = np.interp(middle[:, None] / factors, values, below, left=0.0, right=1.0) @ weights
        low, high = np.where(total < wanted, middle, low), np.where(total < wanted, high, middle)
    return np.asarray(0.5 * (low + high))


def time_to(found: Posterior, parts: Parts, limit: float, shares: tuple[float, ...]) -> Floats:
    """(n_shares,) quantiles of the time from the start of the record until a pressure, Pa; inf where never.

    By the law and the opening at the end of the record. P(T < t) is that of k > h/(t - t_s), with h the time
    by the law at k = 1: linear in the unknowns at each t, so that slow leaks have the right long tail.
    """
    wanted = np.array(shares)
    low = np.full(len(shares), np.log(1e-9))
    high = np.full(len(shares), np.log(LONGEST))
    ends = [_end(fit, limit / found.problem.scale) for fit in found.fits]
    for _ in range(50):
        middle = 0.5 * (low + high)
        reached = np.array([_reached(ends, parts, time) for time in np.exp(middle)])
        low, high = np.where(reached < wanted, middle, low), np.where(reached < wanted, high, middle)
    times = np.where(high > np.log(0.9 * LONGEST), np.inf, ends[0].time + np.exp(0.5 * (low + high)))
    return np.asarray(times * found.problem.length)


def exponent_quantiles(found: Posterior, shares: tuple[float, ...]) -> Floats:
    """(n_shares,) quantiles of the exponent, its weight spread evenly over each step of the grid."""
    if len(found.exponents) == 1:
        return np.full(len(shares), found.exponents[0])
    edges, below = _exponent_table(found)
    return np.asarray(np.interp(np.array(shares), below, edges))


def exponent_below(found: Posterior, value: float) -> float:
    """Probability that the exponent is below a value."""
    if len(found.exponents) == 1:
        return float(found.exponents[0] < value)
    edges, below = _exponent_table(found)
    return float(np.interp(value, edges, below))


def _exponent_table(found: Posterior) -> tuple[Floats, Floats]:
    """Edges of the steps of the exponent, and the probability below each."""
    half = 0.5 * (found.exponents[1] - found.exponents[0])
    edges = np.concatenate([[found.exponents[0] - half], found.exponents + half])
    return edges, np.concatenate([[0.0], np.cumsum(found.exponent_weights)])


def _rate_vectors(found: Posterior, after: tuple[int, ...]) -> Floats:
    """(n_exponents, n_unknowns) that give k, with the changes of these places."""
    first = 2 + len(found.problem.marks.jumps)
    vectors = np.zeros((len(found.exponents), found.centers.shape[-1]))
    vectors[:, 1] = 1.0
    for place in after:
        vectors[:, first + place] = 1.0
    return vectors


def _fed_until(found: Posterior, share: float) -> float:
    return sum(rise for time, rise in found.problem.marks.fed if time <= share)


class _End(NamedTuple):
    """The law from its last mark on: k - h/t, linear in the unknowns at each time t."""

    time: float
    """Of the mark, beside the length of the record."""
    rate: float
    """k."""
    rate_slope: Floats
    """(n_unknowns,)"""
    needed: float
    """h: time by the law until the limit at k = 1."""
    needed_slope: Floats
    """(n_unknowns,)"""
    values: Floats
    """(n_unknowns,) at which both are linearized."""


def _end(fit: Linearized, limit: float) -> _End:
    """The end of a law, with a limit in units of its pressures."""
    n, count = fit.law.exponent, fit.law.unknowns
    last = fit.law.pieces(fit.values[:count])[-1]
    ratio = last.pressure / limit
    rate = last.conductance * last.pressure ** (n - 1.0)
    slope = last.conductance_slope * last.pressure ** (n - 1.0)
    slope = slope + (n - 1.0) * rate / last.pressure * last.pressure_slope
    needed = np.log(ratio) if n == 1.0 else (ratio ** (n - 1.0) - 1.0) / (n - 1.0)
    rest = np.zeros(len(fit.values) - count)
    needed_slope = ratio ** (n - 1.0) / last.pressure * last.pressure_slope
    return _End(
        float(last.time),
        float(rate),
        np.concatenate([slope, rest]),
        float(needed),
        np.concatenate([needed_slope, rest]),
        fit.values,
    )


def _reached(ends: list[_End], parts: Parts, time: float) -> float:
    """Probability that the limit is reached within a time after the last mark."""
    vectors = np.stack([end.rate_slope - end.needed_slope / time for end in ends])
    constants = np.array([end.rate - end.needed / time - end.rate_slope @ end.values for end in ends])
    constants = constants + np.array([end.needed_slope @ end.values / time for end in ends])
    mixture = parts.of(vectors, constants)
    return float(distribution(mixture.centers / mixture.scales, mixture.freedom) @ mixture.weights)
