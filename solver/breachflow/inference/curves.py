"""Curves of an answer for its pictures: the fitted law over the record, and distributions of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.basis import InferBasis
from breachflow.inference.fit.mixture import Mixture, Parts
from breachflow.inference.fit.posterior import Posterior
from breachflow.inference.fit.problem import Linearized
from breachflow.inference.fit.rates import pressure_rate
from breachflow.inference.fit.setup import NOTHING, fed_rises

INSTANTS: Final = 41
"""At which the law is drawn, beside both sides of each mark."""
BESIDE: Final = 1e-6
"""Of the record: how far before a mark the law is drawn."""
BAND: Final = (0.05, 0.5, 0.95)
"""The ends of a 90 % band and its middle."""
POINTS: Final = 241
"""Of a density."""
BETWEEN: Final = 15
"""Exponents within a step of the grid, over which a density is spread."""
TAILS: Final = (0.002, 0.998)
"""Probabilities between which a density is drawn."""


class CurveBand(NamedTuple):
    """A curve with its 90 % band."""

    low: Floats
    middle: Floats
    high: Floats


class Density(NamedTuple):
    """How probable each value of a number is."""

    values: Floats
    """(n,)"""
    heights: Floats
    """(n,) probability in a unit of the number."""


@dataclass(frozen=True)
class LawCurves:
    """The fit over the record; times are s from its first reading that counts."""

    times: Floats
    """(n_bins,) of the means of readings."""
    means: Floats
    """(n_bins,) Pa, of readings."""
    fitted: Floats
    """(n_bins,) Pa, with the temperature and the wave."""
    law_times: Floats
    """(n_times,)"""
    law: CurveBand
    """(n_times,) Pa: the leak, what was let in and the background; neither temperature nor wave."""


def law_curves(basis: InferBasis) -> LawCurves | None:
    """The fitted law over the record; None where nothing was fitted."""
    if basis.changes is None:
        return None
    found = basis.changes.posterior
    problem, parts = found.problem, Parts(found)
    shares, record = _shares(found), basis.question.record
    rises = np.zeros(len(record))
    if basis.question.options.supply is not None:
        rises = fed_rises(basis.question.options.supply, record.times)
    fed = problem.bins.mean(rises)
    ends = [_law_at(basis, parts, place) for place in shares]
    low, middle, high = problem.scale * np.array(ends).T
    return LawCurves(
        times=problem.times * problem.length,
        means=problem.bins.mean(record.pressures),
        fitted=problem.scale * _fitted(found, parts) + fed,
        law_times=shares * problem.length,
        law=CurveBand(low, middle, high),
    )


def rate_density(basis: InferBasis) -> Density | None:
    """Of the rate of fall by the leak, Pa/s, at the start; None where nothing was fitted."""
    if basis.changes is None:
        return None
    found = basis.changes.posterior
    parts = Parts(found)
    return _density(_between(found, parts, pressure_rate(found, parts)))


def exponent_density(basis: InferBasis) -> Density | None:
    """Of the exponent, even over each step of the grid; None where it was given or nothing was fitted."""
    if basis.changes is None or len(basis.changes.posterior.exponents) == 1:
        return None
    found = basis.changes.posterior
    step = float(found.exponents[1] - found.exponents[0])
    return Density(found.exponents, found.exponent_weights / step)


def _between(found: Posterior, parts: Parts, number: Mixture) -> Mixture:
    """The number with each exponent spread evenly over its step: no peak for each point of the grid."""
    places = np.unique(parts.exponent)
    if len(places) < 2:
        return number
    means = [
        np.average(number.centers[parts.exponent == place], weights=number.weights[parts.exponent == place])
        for place in places
    ]
    slopes = np.gradient(np.array(means), found.exponents[places])
    step = float(found.exponents[1] - found.exponents[0])
    moves = step * (np.arange(BETWEEN) + 0.5 - 0.5 * BETWEEN) / BETWEEN
    along = slopes[np.searchsorted(places, parts.exponent)]
    return Mixture(
        np.tile(number.weights / BETWEEN, BETWEEN),
        np.ravel(number.centers + np.outer(moves, along)),
        np.tile(number.scales, BETWEEN),
        number.freedom,
    )


def _density(number: Mixture) -> Density:
    low, high = map(float, number.quantiles(TAILS))
    edges = np.linspace(low, high, POINTS + 1)
    return Density(0.5 * (edges[1:] + edges[:-1]), np.diff(number.below(edges)) / np.diff(edges))


def _fitted(found: Posterior, parts: Parts) -> Floats:
    """(n_bins,) means of the fit beside the scale, without what was fed."""
    columns = np.stack([fit.columns for fit in found.fits])
    constants = np.stack([fit.target for fit in found.fits]) - found.problem.pressures
    # target = pressures - fitted + columns . values, so that -constants is the fit at values of zero
    return np.array([parts.of(columns[:, row], -constants[:, row]).mean for row in range(columns.shape[1])])


def _shares(found: Posterior) -> Floats:
    """(n_times,) shares of the record at which the law is drawn: both sides of each mark too."""
    marks = found.problem.marks
    sides = [side for time in (*marks.jumps, *marks.changes) for side in (time - BESIDE, time)]
    return np.unique(np.concatenate([np.linspace(0.0, 1.0, INSTANTS), sides]))


def _law_at(basis: InferBasis, parts: Parts, share: float) -> Floats:
    """(3,) ends and middle of the pressure of the law beside the scale."""
    assert basis.changes is not None
    found = basis.changes.posterior
    more, fed = _linear_at(basis, share)
    rows = [_row(fit, share, more) for fit in found.fits]
    constants = np.array([constant for constant, _ in rows]) + fed
    return parts.of(np.stack([vector for _, vector in rows]), constants).quantiles(BAND)


def _row(fit: Linearized, share: float, more: Floats) -> tuple[float, Floats]:
    """The law at a share of the record: a constant, and (n_unknowns,) by which it depends on the unknowns."""
    count = fit.law.unknowns
    pressures, slopes = fit.law.pressure(fit.values[:count], np.array([share]))
    vector = more.copy()
    vector[:count] = slopes[0]
    return float(pressures[0] - slopes[0] @ fit.values[:count]), vector


def _linear_at(basis: InferBasis, share: float) -> tuple[Floats, float]:
    """(n_unknowns,) of the background and the fed gas at a share of the record; the pressure that was fed."""
    assert basis.changes is not None
    problem, options = basis.changes.posterior.problem, basis.question.options
    more, fed, last = np.zeros(problem.unknowns), 0.0, problem.unknowns - 1
    if options.supply is not None:
        start = basis.question.record.times[0]
        rises = fed_rises(options.supply, np.array([start, start + share * problem.length]))
        fed = more[last] = float(rises[1]) / problem.scale
        last -= 1
    if options.background != NOTHING:
        more[last] = -share
    return more, fed
