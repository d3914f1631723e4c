"""Interpolation between scattered points by kriging, with an estimate of its error.

Values v at places x_i (coordinates from 0 to 1) are a linear trend plus deviations that correlate as
k(d) = (1 + sqrt(3) d) exp(-sqrt(3) d) (Matern 3/2), plus noise of variance n. d is the distance after each
coordinate is divided by a length. With P the rows p(x) = (1, x) and A = [[K + n I, P], [P', 0]]:

    (w, m) = A^-1 (k(x), p(x)),   value w.v,   spread^2 = 1 + n - (k(x), p(x)).(w, m)

(universal kriging: N. Cressie, Statistics for Spatial Data (1993), 3.4). Let B be the block of A^-1 that
belongs to K. The error at points I that are left out is (B_II)^-1 (B v)_I, and the squares of its spreads are
the diagonal of (B_II)^-1 (O. Dubrule, Math. Geol. 15 (1983) 687). No second fit is needed.

Choices, measured on leaks. Matern 5/2 and 7/2 are no better, since flows that choke have kinks, and their
spreads are too small. The error of the Gaussian correlation is 2 to 5 times larger. Without noise, mesh
errors of points that lie close together become steep slopes. On a grid, the neighbors of a point in its row
predict it too well when it is left out alone, so whole rows are left out as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats
from breachflow.errors import OutOfRange

PointIndices: TypeAlias = NDArray[np.int64]
"""(n,) indices of points."""

LENGTHS: Final = (0.125, 0.25, 0.5, 1.0, 2.0)
"""Lengths tried for each coordinate. Beyond 2, values hardly change and rounding errors hide the spread."""

NOISES: Final = (1e-9, 1e-5, 1e-3, 1e-2)
"""Variances tried for the noise. The smallest one only limits rounding errors of points close together."""

TINY: Final = 1e-30
"""Lower limit of squares that rounding errors could make 0 or negative."""

TOUCHING: Final = 1e-12
"""Squared distance below which a place counts as a point."""

ROUNDS: Final = 3
"""Rounds of the search over all lengths and the noise."""

SEARCHED_WITH: Final = 200
"""Largest number of points in the search, which inverts a matrix of this size about a hundred times."""


class Design(NamedTuple):
    """The places of the points, and the rows of points that are left out together."""

    places: Floats
    """(n_points, n_coordinates), each coordinate from 0 to 1."""
    trend: Floats
    """P, (n_points, n_coordinates + 1): the rows (1, x)."""
    rows: tuple[PointIndices, ...]
    """Points that share a coordinate: the rows of a grid. Empty where the points are scattered."""

    def part(self, chosen: PointIndices) -> Design:
        """The design of some of the points. Raises OutOfRange as `design`."""
        return design(self.places[chosen])


class Correlation(NamedTuple):
    """The correlation of the values at two places."""

    lengths: Floats
    """(n_coordinates,) the length by which each coordinate is divided."""
    noise: float
    """Variance n of the noise."""

    def between(self, differences: Floats) -> Floats:
        """k (...) for differences of coordinates (..., n_coordinates)."""
        distance = math.sqrt(3.0) * np.sqrt(np.sum((differences / self.lengths) ** 2, axis=-1))
        correlation: Floats = (1.0 + distance) * np.exp(-distance)
        return correlation


class Interpolated(NamedTuple):
    """The interpolated value at one place."""

    value: float
    spread: float
    """Relative size of the error, larger far from all points; `LeftOutErrors` gives its scale."""


class LeftOutErrors(NamedTuple):
    """Errors at points that are left out: (n_points,) each alone, followed by the points of each row."""

    errors: Floats
    spreads: Floats

    @property
    def largest(self) -> float:
        """The largest error over its spread."""
        return float(np.max(np.abs(self.errors) / self.spreads))

    @property
    def improbability(self) -> float:
        """-2 log of the probability density per error, for normal errors of the spreads times one scale."""
        square = float(np.mean((self.errors / self.spreads) ** 2))
        return math.log(max(square, TINY)) + 2.0 * float(np.mean(np.log(self.spreads)))


@dataclass(frozen=True, eq=False)
class Interpolant:
    """The interpolating function through the values at the places of a design."""

    design: Design
    values: Floats
    """(n_points,)"""
    correlation: Correlation

    def at(self, place: Floats) -> Interpolated:
        """The value and the spread at a place (n_coordinates,)."""
        near = np.concatenate([self.correlation.between(place - self.design.places), [1.0], place])
        weights = self._inverse @ near
        spread = math.sqrt(max(1.0 - float(near @ weights), 0.0) + self.correlation.noise)
        return Interpolated(float(weights[: len(self.values)] @ self.values), spread)

    def nearness(self, place: Floats) -> Floats:
        """(n_points,) inverse fourth powers of the distances of a place (n_coordinates,), normalized to 1."""
        distance = np.sum((place - self.design.places) ** 2, axis=-1)
        near = (distance + TOUCHING) ** -2.0
        normalized: Floats = near / np.sum(near)
        return normalized

    @cached_property
    def left_out_errors(self) -> LeftOutErrors:
        """The errors at points that are left out, from one inverse matrix (O. Dubrule 1983)."""
        count = len(self.values)
        block = self._inverse[:count, :count]
        dual, diagonal = block @ self.values, np.diag(block)
        errors, squares = [dual / diagonal], [1.0 / diagonal]
        for rows in self.design.rows:
            covariance = np.linalg.inv(block[np.ix_(rows, rows)])
            errors.append(covariance @ dual[rows])
            squares.append(np.diag(covariance))
        return LeftOutErrors(np.concatenate(errors), np.sqrt(np.maximum(np.concatenate(squares), TINY)))

    @cached_property
    def _inverse(self) -> Floats:
        """A^-1, (n_points + n_coordinates + 1) squared."""
        places, trend = self.design.places, self.design.trend
        count, terms = trend.shape
        system = np.zeros((count + terms, count + terms))
        system[:count, :count] = self.correlation.between(places[:, None] - places)
        system[:count, :count] += self.correlation.noise * np.eye(count)
        system[:count, count:], system[count:, :count] = trend, trend.T
        inverse: Floats = np.linalg.inv(system)
        return inverse


def design(places: Floats) -> Design:
    """The design of `places` (n_points, n_coordinates).

    Raises OutOfRange where the trend is not determined without some point: its error would not be known.
    """
    trend = np.column_stack([np.ones(len(places)), places])
    for row in range(len(places)):
        if not _rest_has_trend(trend, np.array([row])):
            raise OutOfRange("all points but one lie on a line or in a plane: add points beside it")
    rows = tuple(rows for rows in _grid_rows(places) if _rest_has_trend(trend, rows))
    return Design(places, trend, rows)


def chosen_correlation(design: Design, values: Floats) -> Correlation:
    """The correlation for which the errors of left-out points are most probable; `values` (n_points,).

    The lengths and the noise are varied one after the other, always in the same order. A choice by the sum of
    squared errors made the errors a tenth larger and the noise too large.
    """
    if len(values) > SEARCHED_WITH:
        chosen = np.sort(np.random.default_rng(0).permutation(len(values))[:SEARCHED_WITH])
        design, values = design.part(chosen), values[chosen]

    def improbability(correlation: Correlation) -> float:
        return Interpolant(design, values, correlation).left_out_errors.improbability

    dimensions = design.places.shape[1]
    best = min((Correlation(np.full(dimensions, a), n) for a in LENGTHS for n in NOISES), key=improbability)
    for _ in range(ROUNDS):
        before = best
        for column in range(dimensions):
            best = min(_with_lengths(best, column), key=improbability)
        best = min((best._replace(noise=noise) for noise in NOISES), key=improbability)
        if best.noise == before.noise and np.array_equal(best.lengths, before.lengths):
            break
    return best


def _with_lengths(correlation: Correlation, column: int) -> Iterator[Correlation]:
    for length in LENGTHS:
        lengths = correlation.lengths.copy()
        lengths[column] = length
        yield correlation._replace(lengths=lengths)


def _grid_rows(places: Floats) -> Iterator[PointIndices]:
    """Points that share a value of one coordinate."""
    for column in places.T:
        for value in np.unique(column):
            rows = np.flatnonzero(column == value)
            if len(rows) > 1:
                yield rows


def _rest_has_trend(trend: Floats, left_out: PointIndices) -> bool:
    """Whether the other points determine the linear trend."""
    rest = np.delete(trend, left_out, axis=0)
    return bool(np.linalg.matrix_rank(rest) == trend.shape[1])
