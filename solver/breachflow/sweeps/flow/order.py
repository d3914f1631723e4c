"""The order in which a sweep solves its flows, and the solutions from which each solution starts.

Each next flow is the one farthest from all flows before it. The first flows therefore span the range, and
most later flows lie between two solved ones. The weighted mean of these two solutions is the best start, and
many flows can be solved at the same time. The order depends on the flows alone: neither on the number of
workers nor on the time that they take.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats
from breachflow.case.similarity import Groups

BETWEEN: Final = 0.3
"""Largest distance, in scaled groups, of two solutions whose mean is a better start than none."""

NEAR: Final = 0.12
"""Largest distance, in scaled groups, of a single solution that is a better start than none."""

THICKNESS: Final = 0.5
"""Thickness ratio that is scaled to 1/2: the flow changes most where the wall begins to matter."""

DECADES: Final = 6.0
"""Decades of the rarefaction parameter that are scaled to 1: friction acts by its logarithm."""

SAME: Final = 1e-9
"""Scaled groups closer together than this are equal."""

DIGITS: Final = 9
"""Decimal places of a distance: distances that differ by rounding errors alone are equal."""

Turns = NDArray[np.int_]
"""(n_solved,) indices of flows in the order in which they are solved."""


class Start(NamedTuple):
    """A solution from which another solution starts."""

    flow: int
    """Index of its flow."""
    weight: float
    """Weight in the mean; the weights of all starts add up to 1."""


class OrderStep(NamedTuple):
    """One flow in the order of solution."""

    flow: int
    """Index of the flow."""
    starts: tuple[Start, ...]
    """Solutions to start from; empty if the flow starts from the ordinary initial state."""


def ordered(groups: Sequence[Groups]) -> list[OrderStep]:
    """The order of flows of one kind and gas. The first has the least pressure ratio, wall and friction.

    >>> air = [Groups(0.5 + 0.05 * i, 0.0, 1.4) for i in range(5)]
    >>> [(step.flow, [start.flow for start in step.starts]) for step in ordered(air)]
    [(0, []), (4, []), (2, [0, 4]), (1, [0, 2]), (3, [2, 4])]
    """
    places = _places(groups)
    turns = np.array(_farthest_first(places))
    return [
        OrderStep(index, _starts(places, index, turns[:turn])) for turn, index in enumerate(turns.tolist())
    ]


def _places(groups: Sequence[Groups]) -> Floats:
    """(n_flows, 3) scaled pressure and thickness ratios and rarefaction; no friction is at 0.

    A vacuum is placed far from every pressure.
    """
    rows = [(one.pressure_ratio, one.thickness_ratio, one.rarefaction) for one in groups]
    places = np.array(rows, order="F")
    places[:, 1] /= places[:, 1] + THICKNESS
    places[places[:, 0] == 0.0, 0] = -1.0
    places[:, 2] = np.log10(np.where(np.isfinite(places[:, 2]), places[:, 2], 1.0)) / DECADES
    return places


def _farthest_first(places: Floats) -> list[int]:
    """Indices of `places` (n_flows, 3), each next one the farthest from those before."""
    first = int(np.lexsort((-places[:, 2], places[:, 1], places[:, 0]))[0])
    turns, distance = [first], _distances(places, first)
    for _ in range(len(places) - 1):
        distance[turns[-1]] = -1.0
        turns.append(int(np.argmax(distance)))
        distance = np.where(distance < 0.0, distance, np.minimum(distance, _distances(places, turns[-1])))
    return turns


def _distances(places: Floats, index: int) -> Floats:
    """(n_flows,) rounded distances of `places` (n_flows, 3) from one of them."""
    away = places - places[index]
    return np.asarray(np.round(np.sqrt(np.sum(away * away, axis=1)), DIGITS))


def _starts(places: Floats, index: int, solved: Turns) -> tuple[Start, ...]:
    """The two solutions that a flow lies between, or else the nearest, if they are near enough."""
    if not len(solved):
        return ()
    pairs = [pair for along in range(3) if (pair := _between(places, index, solved, along))]
    if pairs:
        return min(pairs, key=lambda pair: abs(places[pair[0].flow] - places[pair[1].flow]).sum())
    distance = _distances(places, index)[solved]
    nearest = int(np.argmin(distance))
    return (Start(int(solved[nearest]), 1.0),) if distance[nearest] <= NEAR else ()


def _between(places: Floats, index: int, solved: Turns, along: int) -> tuple[Start, ...]:
    """The nearest solutions on either side along one group, where the others are equal; or none."""
    others = [group for group in range(3) if group != along]
    same = solved[np.all(np.abs(places[solved][:, others] - places[index, others]) < SAME, axis=1)]
    offset = places[same, along] - places[index, along]
    below, above = same[offset < -SAME], same[offset > SAME]
    if not (len(below) and len(above)):
        return ()
    low, high = below[np.argmax(places[below, along])], above[np.argmin(places[above, along])]
    width = float(places[high, along] - places[low, along])
    if width > BETWEEN:
        return ()
    fraction = float(places[index, along] - places[low, along]) / width
    return Start(int(low), 1.0 - fraction), Start(int(high), fraction)
