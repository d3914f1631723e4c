"""What one test tells: the probability of its slopes for each place of the leak.

The pressure of a side falls at the rate w a, w the mass flow of the leak and a = sum of its shares there
times R/sum(V/T). w is normal, w0 with the standard deviation sw, and is integrated out exactly: the slopes b
are normal with the mean known - w0 a and the covariance diag(s^2 + s_known^2) + sw^2 a a^T. An uncertain
volume, by the share u of it, adds (w0^2 + sw^2) a^2 u^2 to the diagonal (first order).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.locate.grammar.schema import HatchTest, LocateCase
from breachflow.inference.locate.hypotheses import Hypotheses
from breachflow.inference.locate.sides import StationSide, sides_of


class LeakRate(NamedTuple):
    """The mass flow of the leak, kg/s, and its standard deviation."""

    value: float
    deviation: float


class SlopeReading(NamedTuple):
    """The slopes that a test has seen, one for each side."""

    sides: tuple[StationSide, ...]
    slopes: Floats
    """(n_sides,): less what something else makes, Pa/s."""
    variances: Floats
    """(n_sides,): of the slopes and of what something else makes, Pa2/s2."""


def reading_of(case: LocateCase, test: HatchTest, seen: Mapping[str, tuple[float, float]]) -> SlopeReading:
    """The slopes of a test by the sides that its hatches divide; `seen` has them by compartments."""
    divided = sides_of(case.compartment, case.hatch, test.closed)
    sides, slopes, variances = [], [], []
    for name, (slope, deviation) in seen.items():
        side = next(side for side in divided if name in side)
        known, spread = next((test.known[room] for room in side if room in test.known), (0.0, 0.0))
        sides.append(side)
        slopes.append(slope - known)
        variances.append(deviation**2 + spread**2)
    return SlopeReading(tuple(sides), np.array(slopes), np.array(variances))


def responses(case: LocateCase, places: Hypotheses, sides: Sequence[StationSide]) -> Floats:
    """(n_hypotheses, n_sides): rate at which the pressure of each side falls by a leak of 1 kg/s, Pa/kg."""
    names = places.compartments
    constants = np.array([case.gas_of(name).specific_gas_constant for name in names])
    columns = [
        (places.shares * constants) @ np.array([name in side for name in names]) / _capacity(case, side)
        for side in sides
    ]
    return np.stack(columns, axis=1)


def volume_spread(case: LocateCase, side: StationSide) -> float:
    """Relative standard deviation of the volume of a side."""
    rooms = [case.compartment[name] for name in side]
    whole = sum(room.volume for room in rooms)
    return math.hypot(*(room.volume * (room.volume_uncertainty or 0.0) for room in rooms)) / whole


def log_densities(readings: Floats, responses: Floats, variances: Floats, rate: LeakRate) -> Floats:
    """(..., n_hypotheses): logarithm of the density of slopes for each place, but for a constant.

    `readings` is (..., n_sides), `responses` and `variances` are (n_hypotheses, n_sides). The covariance is
    diagonal but for one product, so that its inverse and determinant are closed (Sherman and Morrison 1950).
    """
    off = readings[..., None, :] + rate.value * responses
    scaled = responses / variances
    squares, crossed = (off**2 / variances).sum(axis=-1), (off * scaled).sum(axis=-1)
    spread = 1.0 + rate.deviation**2 * (responses * scaled).sum(axis=-1)
    distances = squares - rate.deviation**2 * crossed**2 / spread
    determinant = np.log(variances).sum(axis=-1) + np.log(spread)
    found: Floats = -0.5 * (distances + determinant)
    return found


def squared_distances(readings: Floats, responses: Floats, variances: Floats, rate: LeakRate) -> Floats:
    """(n_hypotheses,): squared distance of the slopes from what each place makes, in standard deviations."""
    spread = 1.0 + rate.deviation**2 * (responses**2 / variances).sum(axis=-1)
    determinant = np.log(variances).sum(axis=-1) + np.log(spread)
    found: Floats = -2.0 * log_densities(readings, responses, variances, rate) - determinant
    return found


def all_variances(variances: Floats, responses: Floats, spreads: Sequence[float], rate: LeakRate) -> Floats:
    """(n_hypotheses, n_sides): of the slopes, with what the uncertain volumes add, Pa2/s2."""
    square = rate.value**2 + rate.deviation**2
    found: Floats = variances + square * (responses * np.asarray(spreads)) ** 2
    return found


def updated(probability: Floats, logarithms: Floats) -> Floats:
    """(n_hypotheses,): probabilities after a test, by Bayes' rule."""
    possible = probability > 0.0
    weighed = np.log(probability[possible]) + logarithms[possible]
    weights = np.exp(weighed - weighed.max())
    found: Floats = np.zeros(len(probability))
    found[possible] = weights / weights.sum()
    return found


def _capacity(case: LocateCase, side: StationSide) -> float:
    """Sum of V/T of a side, m3/K."""
    return sum(case.compartment[name].volume / case.compartment[name].temperature for name in side)
