"""Interpolation between scattered points by kriging, which says how far off it may be.

Values v at places x_i (coordinates from 0 to 1) are a linear trend plus deviations that correlate as
k(d) = (1 + sqrt(3) d) exp(-sqrt(3) d) (Matern 3/2), d the distance after each coordinate is divided by a
length, plus noise of the variance n. With P the rows p(x) = (1, x) and A = [[K + n I, P], [P', 0]]:

    (w, m) = A^-1 (k(x), p(x)),   value w.v,   spread^2 = 1 + n - (k(x), p(x)).(w, m)

(universal kriging: N. Cressie, Statistics for Spatial Data (1993), 3.4). With B the block of A^-1 that
belongs to K, points I that are left out are missed by (B_II)^-1 (B v)_I, with the squares of the spreads on
the diagonal of (B_II)^-1 (O. Dubrule, Math. Geol. 15 (1983) 687): nothing is fitted twice.

Measured on leaks: Matern 5/2 and 7/2 gain nothing, since flows that choke have kinks, and their spreads are
too small; the error of the Gaussian is 2 to 5 times larger. Without noise, points that lie close together
tell slopes that only their meshes made. On a grid its neighbors in the same row betray a point that is left
out alone, so whole rows are left out, too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from breachflow.errors import OutOfRange

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.int64]

LENGTHS: Final = (0.125, 0.25, 0.5, 1.0, 2.0)
"""Tried for each coordinate. Beyond 2 values hardly change any more, and spreads drown in rounding."""
NOISES: Final = (1e-9, 1e-5, 1e-3, 1e-2)
"""Tried for the noise: the least is none, but makes rounding harmless where points lie close together."""
TINY: Final = 1e-30
"""What squares are at least that only rounding could make 0 or negative."""
TOUCHING: Final = 1e-12
"""Square of the distance at which a place is at a point."""
ROUNDS: Final = 3
"""Of the search, over each coordinate and the noise."""
SEARCHED_WITH: Final = 200
"""Points, at most: a matrix of them is inverted a hundred times."""


class Design(NamedTuple):
    """Where the points are, and which of them are left out together."""

    places: Floats
    """(points, coordinates), from 0 to 1."""
    trend: Floats
    """P."""
    rows: tuple[Rows, ...]
    """Points that share a coordinate: the rows of a grid. None where the design is scattered."""

    def part(self, chosen: Rows) -> Design:
        return design(self.places[chosen])


class Correlation(NamedTuple):
    """How alike the values at two places are."""

    lengths: Floats
    """For each coordinate."""
    noise: float

    def between(self, differences: Floats) -> Floats:
        """Of places, whose coordinates come last."""
        distance = math.sqrt(3.0) * np.sqrt(np.sum((differences / self.lengths) ** 2, axis=-1))
        correlation: Floats = (1.0 + distance) * np.exp(-distance)
        return correlation


class Estimate(NamedTuple):
    """What is known of a place between the points."""

    value: float
    spread: float
    """The larger the farther from all points; the misses tell what to multiply it by."""


class Misses(NamedTuple):
    """By how much points are missed once they are left out: each alone, in order, then row by row."""

    errors: Floats
    spreads: Floats

    @property
    def largest(self) -> float:
        """In spreads."""
        return float(np.max(np.abs(self.errors) / self.spreads))

    @property
    def improbability(self) -> float:
        """-2 log of the density of these errors, each normal with its spread times one scale; by number."""
        square = float(np.mean((self.errors / self.spreads) ** 2))
        return math.log(max(square, TINY)) + 2.0 * float(np.mean(np.log(self.spreads)))


@dataclass(frozen=True, eq=False)
class Interpolant:
    """The smooth function through values at the places of a design."""

    design: Design
    values: Floats
    correlation: Correlation

    def at(self, place: Floats) -> Estimate:
        near = np.concatenate([self.correlation.between(place - self.design.places), [1.0], place])
        weights = self._inverse @ near
        spread = math.sqrt(max(1.0 - float(near @ weights), 0.0) + self.correlation.noise)
        return Estimate(float(weights[: len(self.values)] @ self.values), spread)

    def nearness(self, place: Floats) -> Floats:
        """Of each point: the inverse fourth power of its distance; the sum is 1."""
        distance = np.sum((place - self.design.places) ** 2, axis=-1)
        near = (distance + TOUCHING) ** -2.0
        shares: Floats = near / np.sum(near)
        return shares

    @cached_property
    def misses(self) -> Misses:
        count = len(self.values)
        block = self._inverse[:count, :count]
        dual, diagonal = block @ self.values, np.diag(block)
        errors, squares = [dual / diagonal], [1.0 / diagonal]
        for rows in self.design.rows:
            covariance = np.linalg.inv(block[np.ix_(rows, rows)])
            errors.append(covariance @ dual[rows])
            squares.append(np.diag(covariance))
        return Misses(np.concatenate(errors), np.sqrt(np.maximum(np.concatenate(squares), TINY)))

    @cached_property
    def _inverse(self) -> Floats:
        """A^-1."""
        places, trend = self.design.places, self.design.trend
        count, terms = trend.shape
        system = np.zeros((count + terms, count + terms))
        system[:count, :count] = self.correlation.between(places[:, None] - places)
        system[:count, :count] += self.correlation.noise * np.eye(count)
        system[:count, count:], system[count:, :count] = trend, trend.T
        inverse: Floats = np.linalg.inv(system)
        return inverse


def design(places: Floats) -> Design:
    """Raises OutOfRange where one point alone holds up the trend, so that nothing tells how far off it is."""
    trend = np.column_stack([np.ones(len(places)), places])
    for row in range(len(places)):
        if not _rest_has_trend(trend, np.array([row])):
            raise OutOfRange("all points but one lie on a line or in a plane: add points beside it")
    rows = tuple(rows for rows in _grid_rows(places) if _rest_has_trend(trend, rows))
    return Design(places, trend, rows)


def chosen_correlation(design: Design, values: Floats) -> Correlation:
    """That by which the misses are most probable, one thing varied after the other; the same every time.

    By the sum of their squares errors were a tenth larger, and more of what was not noise was taken for it.
    """
    if len(values) > SEARCHED_WITH:
        chosen = np.sort(np.random.default_rng(0).permutation(len(values))[:SEARCHED_WITH])
        design, values = design.part(chosen), values[chosen]

    def improbability(correlation: Correlation) -> float:
        return Interpolant(design, values, correlation).misses.improbability

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


def _grid_rows(places: Floats) -> Iterator[Rows]:
    for column in places.T:
        for value in np.unique(column):
            rows = np.flatnonzero(column == value)
            if len(rows) > 1:
                yield rows


def _rest_has_trend(trend: Floats, left_out: Rows) -> bool:
    rest = np.delete(trend, left_out, axis=0)
    return bool(np.linalg.matrix_rank(rest) == trend.shape[1])
