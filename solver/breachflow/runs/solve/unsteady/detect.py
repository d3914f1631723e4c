"""How a steady run finds out that a flow has no steady state, or that a motion has died out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from breachflow.arrays import Floats

WINDOW: Final = 40
"""Iterations over which a swing is looked for."""

FIRST: Final = 80
"""Iteration on a mesh from which it is looked for: the start has left the hole by then."""

SWING: Final = 0.01
"""Relative range of the discharge coefficient over the window that makes a swing."""

TENTHS: Final = 10

DIED: Final = 0.3
"""Largest spread in the last three tenths of a march over that in the first three, of a motion that dies out.

A motion that lasts keeps its spread within a factor of 2.
"""


def swings(rows: Sequence[dict[str, float]], free: int) -> bool:
    """Whether the coefficient has swung by more than 1 % over the last iterations of a mesh.

    Args:
        rows: The history, one row for each iteration.
        free: Iterations on the present mesh since its start, or since a part of the flow was held last.
    """
    if free < FIRST:
        return False
    values = [row["discharge_coefficient"] for row in rows[-WINDOW:]]
    return not max(values) - min(values) <= SWING * abs(values[-1])


def has_died_out(values: Floats) -> bool:
    """Whether the spread of a series (n,) falls from tenth to tenth."""
    spreads = [float(np.std(part)) for part in np.array_split(values, TENTHS)]
    return max(spreads[-3:]) <= DIED * max(spreads[:3])
