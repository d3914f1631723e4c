"""Repeated timings, of which the best and the median are kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Final, NamedTuple, TypeVar

Found = TypeVar("Found")

FEWEST: Final = 3
"""Least number of repeats."""

SHORT: Final = 0.02
"""Time, s, after which another work has its turn."""


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


def timed_in_turn(works: Sequence[Callable[[], object]], seconds: float) -> list[Spread]:
    """Times of several works, each repeated for `seconds`.

    They take turns, a few calls each: other load on the machine slows all of them alike, and each finds the
    arrays of its own last call in the cache.
    """
    rounds = max(round(seconds / SHORT), 1)
    found = [[timed(work, seconds / rounds) for work in works] for _ in range(rounds)]
    return [
        Spread(min(turn.best for turn in turns), median(turn.median for turn in turns))
        for turns in zip(*found, strict=True)
    ]


def timed(work: Callable[[], object], seconds: float) -> Spread:
    """Times of repeated work. A first call, which compiles kernels and fills caches, is not counted."""

    def once() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    work()
    return spread(repeated(once, seconds))
