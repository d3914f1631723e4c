"""Interpolation of a function that is slow: nodes are added where the error between them is too large."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats

FIRST_NODES = 9
MOST_NODES = 400


class Spline(NamedTuple):
    """A cubic spline with its error."""

    value: Callable[[float], float]
    low: float
    high: float
    error: float
    """Largest relative error between its nodes, as measured there."""
    nodes: Floats
    """(n,) places."""


def curve(
    function: Callable[[float], float], low: float, high: float, tolerance: float, most: int = MOST_NODES
) -> Spline:
    """A spline of a positive function on [low, high] to a relative tolerance, checked between all nodes.

    The error is larger than the tolerance only where `most` nodes do not suffice; it is measured in any case.
    """
    from scipy.interpolate import CubicSpline

    known = {x: function(x) for x in np.linspace(low, high, FIRST_NODES).tolist()}
    open_intervals = set(zip(list(known)[:-1], list(known)[1:], strict=True))
    error = 0.0
    while True:
        nodes = np.array(sorted(known))
        spline = CubicSpline(nodes, [known[x] for x in nodes.tolist()])
        error, again = 0.0, set()
        for left, right in open_intervals:
            middle = 0.5 * (left + right)
            exact = known[middle] = function(middle)
            off = abs(float(spline(middle)) / exact - 1.0)
            error = max(error, off)
            if off > tolerance:
                again |= {(left, middle), (middle, right)}
        open_intervals = again
        if not again or len(known) >= most:
            break
    nodes = np.array(sorted(known))
    final = CubicSpline(nodes, [known[x] for x in nodes.tolist()])
    return Spline(lambda x: float(final(x)), low, high, error, nodes)


class TwoWaySpline(NamedTuple):
    """A bicubic spline of a logarithm, with its error."""

    value: Callable[[float, float], float]
    error: float
    """Largest relative error at the places where it was checked."""


def surface(
    function: Callable[[float, float], float],
    xs: Floats,
    ys: Floats,
    places: Sequence[tuple[float, float]] = (),
) -> TwoWaySpline:
    """A spline of a positive function on rising nodes, checked at some places between them."""
    from scipy.interpolate import RectBivariateSpline

    values = np.array([[function(x, y) for y in ys.tolist()] for x in xs.tolist()])
    spline = RectBivariateSpline(xs, ys, np.log(values))

    def value(x: float, y: float) -> float:
        return math.exp(float(spline.ev(x, y)))

    error = max((abs(value(x, y) / function(x, y) - 1.0) for x, y in places), default=0.0)
    return TwoWaySpline(value, error)


def spread_places(count: int) -> list[tuple[float, float]]:
    """Places in the unit square by Kronecker's sequence: evenly spread, the same each time."""
    return [
        (math.fmod(0.5 + 0.7548776662466927 * k, 1.0), math.fmod(0.5 + 0.5698402909980532 * k, 1.0))
        for k in range(count)
    ]
