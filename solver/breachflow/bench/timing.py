"""Repeated timings, of which the best and the median are kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import Final, NamedTuple, TypeVar

Found = TypeVar("Found")

FEWEST: Final = 3
"""Least number of repeats."""


class Spread(NamedTuple):
    """Best and median of the times of repeats, s."""

    best: float
    median: float


def spread(seconds: Iterable[float]) -> Spread:
    """Best and median of some times, s.

    >>> spread([3.0, 1.0, 2.0, 9.0])
    Spread(best=1.0, median=2.5)
    """
    kept = list(seconds)
    return Spread(min(kept), median(kept))


def repeated(work: Callable[[], Found], seconds: float) -> list[Found]:
    """The results of work that is repeated for `seconds`, and at least `FEWEST` times."""
    end = time.perf_counter() + seconds
    found: list[Found] = []
    while len(found) < FEWEST or time.perf_counter() < end:
        found.append(work())
    return found


def timed(work: Callable[[], object], seconds: float) -> Spread:
    """Times of repeated work. A first call, which compiles kernels and fills caches, is not counted."""

    def once() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    work()
    return spread(repeated(once, seconds))
