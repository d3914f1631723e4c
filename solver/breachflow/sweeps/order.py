"""In which order flows are solved, and from which solved ones each starts.

Flows spread out first and fill in later: each next one is the farthest from all before it. So most of them
lie between two solved ones, whose mean is the best start there is, and there is always much to do at once.
The order depends on the flows alone, not on how fast they are solved or by how many workers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.case.similarity import Groups

BETWEEN: Final = 0.3
"""Largest distance of two solved flows whose mean is a better start than none; in scaled groups."""

NEAR: Final = 0.12
"""Largest distance of a single one."""

THICKNESS: Final = 0.5
"""Thickness ratio at half of its scale: the flow changes most where the wall begins to count."""

SAME: Final = 1e-9
DIGITS: Final = 9


class Start(NamedTuple):
    """A solved flow that another one starts from."""

    flow: int
    weight: float


class Step(NamedTuple):
    """One flow in its turn."""

    flow: int
    starts: tuple[Start, ...]
    """None: from nothing."""


def ordered(groups: Sequence[Groups]) -> list[Step]:
    """The turns of flows of one kind and one gas, the one of least pressure outside and wall first.

    >>> air = [Groups(0.5 + 0.05 * i, 0.0, 1.4) for i in range(5)]
    >>> [(step.flow, [start.flow for start in step.starts]) for step in ordered(air)]
    [(0, []), (4, []), (2, [0, 4]), (1, [0, 2]), (3, [2, 4])]
    """
    places = _places(groups)
    turns = np.array(_spreading(places))
    return [Step(flow, _starts(places, flow, turns[:turn])) for turn, flow in enumerate(turns.tolist())]


def _places(groups: Sequence[Groups]) -> NDArray[np.float64]:
    """(n, 2) scaled pressure and thickness ratios; a vacuum is far from any pressure."""
    places = np.array([(one.pressure_ratio, one.thickness_ratio) for one in groups], order="F")
    places[:, 1] /= places[:, 1] + THICKNESS
    places[places[:, 0] == 0.0, 0] = -1.0
    return places


def _spreading(places: NDArray[np.float64]) -> list[int]:
    """Each next one the farthest from those before; of equally far ones the first."""
    first = int(np.lexsort((places[:, 1], places[:, 0]))[0])
    turns, distance = [first], _distances(places, first)
    for _ in range(len(places) - 1):
        distance[turns[-1]] = -1.0
        turns.append(int(np.argmax(distance)))
        distance = np.where(distance < 0.0, distance, np.minimum(distance, _distances(places, turns[-1])))
    return turns


def _distances(places: NDArray[np.float64], flow: int) -> NDArray[np.float64]:
    """To one flow; what differs by rounding alone is equally far."""
    away = places - places[flow]
    return np.asarray(np.round(np.sqrt(np.sum(away * away, axis=1)), DIGITS))


def _starts(places: NDArray[np.float64], flow: int, solved: NDArray[np.int_]) -> tuple[Start, ...]:
    """The two that it lies between, or else the nearest, if any are near enough."""
    if not len(solved):
        return ()
    pairs = [pair for along in range(2) if (pair := _between(places, flow, solved, along))]
    if pairs:
        return min(pairs, key=lambda pair: abs(places[pair[0].flow] - places[pair[1].flow]).sum())
    distance = _distances(places, flow)[solved]
    nearest = int(np.argmin(distance))
    return (Start(int(solved[nearest]), 1.0),) if distance[nearest] <= NEAR else ()


def _between(
    places: NDArray[np.float64], flow: int, solved: NDArray[np.int_], along: int
) -> tuple[Start, ...]:
    """The nearest on either side along one group, where all else is the same."""
    same = solved[np.abs(places[solved, 1 - along] - places[flow, 1 - along]) < SAME]
    offset = places[same, along] - places[flow, along]
    below, above = same[offset < -SAME], same[offset > SAME]
    if not (len(below) and len(above)):
        return ()
    low, high = (
        below[np.argmax(places[below, along])],
        above[np.argmin(places[above, along])],
    )
    width = float(places[high, along] - places[low, along])
    if width > BETWEEN:
        return ()
    share = float(places[flow, along] - places[low, along]) / width
    return Start(int(low), 1.0 - share), Start(int(high), share)
