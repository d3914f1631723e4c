"""How the flow by a slow law changes with the ratio of heat capacities, which a gas of other composition has.

The ratio of the law at gamma to that at the gamma of its table is interpolated: its logarithm is a polynomial
of gamma, through 0 at the gamma of the table; of pressures it changes little, so that few nodes suffice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

WIDEST: Final = 0.1
"""Largest step of gamma between two nodes."""

LEAST: Final = 2
"""Nodes beside that of the table."""


class GammaNode(NamedTuple):
    """A ratio of heat capacities at which the law is known."""

    gamma: float
    log_ratio: Callable[[float, float], float]
    """Logarithm of the law here over that of the table, by ln D and ln s."""


def nodes_beside(base: float, gammas: Sequence[float]) -> list[float]:
    """Values of gamma to take beside `base`, so that all `gammas` lie between two of them or near one.

    >>> [round(gamma, 4) for gamma in nodes_beside(1.4, [1.25, 1.4])]
    [1.25, 1.325]
    """
    low, high = min([base, *gammas]), max([base, *gammas])
    found = [*_steps(base, low), *_steps(base, high)]
    if len(found) < LEAST:
        found = [base + sign * 0.5 * WIDEST for sign in (-1.0, 1.0)]
    return sorted(found)


def _steps(base: float, end: float) -> list[float]:
    """Even steps from `base`, without it, to `end`."""
    count = math.ceil(abs(end - base) / WIDEST - 1e-9)
    return [base + (end - base) * (i + 1) / count for i in range(count)]


class GammaRatio:
    """The law at any gamma over that at the gamma of its table."""

    def __init__(self, base: float, nodes: Sequence[GammaNode]) -> None:
        self._base, self._nodes = base, nodes

    def __call__(self, gamma: float, x: float, log_s: float) -> float:
        """The ratio at ln D and ln s: Lagrange's polynomial through the nodes and 0 at the base."""
        places = [self._base, *(node.gamma for node in self._nodes)]
        logarithm = 0.0
        for i, node in enumerate(self._nodes, start=1):
            others = [place for k, place in enumerate(places) if k != i]
            weight = math.prod((gamma - other) / (node.gamma - other) for other in others)
            logarithm += weight * node.log_ratio(x, log_s)
        return math.exp(logarithm)
