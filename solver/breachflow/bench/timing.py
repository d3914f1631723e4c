"""Repeating and timing: the best is what the machine can do, the median what it did."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import Final, NamedTuple, TypeVar

Found = TypeVar("Found")

FEWEST: Final = 3
"""Repeats of everything that is timed, at least."""


class Spread(NamedTuple):
    """Times of repeats of the same work, s."""

    best: float
    median: float


def spread(seconds: Iterable[float]) -> Spread:
    """Best and median.

    >>> spread([3.0, 1.0, 2.0, 9.0])
    Spread(best=1.0, median=2.5)
    """
    kept = list(seconds)
    return Spread(min(kept), median(kept))


def repeated(work: Callable[[], Found], seconds: float) -> list[Found]:
    """What the work returns, again and again for `seconds`, and `FEWEST` times at least."""
    end = time.perf_counter() + seconds
    found: list[Found] = []
    while len(found) < FEWEST or time.perf_counter() < end:
        found.append(work())
    return found


def timed(work: Callable[[], object], seconds: float) -> Spread:
    """The time of the work, after one call that fills caches and compiles what is not yet compiled."""

    def once() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    work()
    return spread(repeated(once, seconds))
