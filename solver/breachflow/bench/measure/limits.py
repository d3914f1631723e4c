"""What the machine can do at most, by the smallest loops that come from the same compiler.

Bandwidth is that of the triad of STREAM (McCalpin 1995), out = b + s c, with its count of 24 bytes an
element: what is read and what is written. The processor also reads what it is about to overwrite; like
STREAM, and like the work of the sweeps that is measured by it, this does not count that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from typing import Any, Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.bench.machine import last_level_cache
from breachflow.bench.options import BenchOptions, counted_threads
from breachflow.bench.records import LIMITS, Measurement, find, rate
from breachflow.bench.timing import timed
from breachflow.compiled import parallel_kernel, prange, set_threads

PATIENCE: Final = 5.0
"""Times as long as anything else are limits measured: all else is measured by them."""

TRIAD_BYTES: Final = 24
"""Read and written for each element of the triad."""

LARGEST_ARRAY: Final = 2**30
"""B of an array of the triad, at most: four times the last-level cache as STREAM asks, or this."""

CACHED_SHARE: Final = 0.25
"""Of the last-level cache that the arrays of the triad in cache fill: more than a core's own caches hold."""

CACHED_TRAFFIC: Final = 2**28
"""B that a call of the triad in cache moves."""

IN_REGISTERS: Final = 1024
"""Elements of the loops that measure arithmetic: they stay in the first cache."""

PASSES: Final = 4000
"""Over these elements in a call: some milliseconds."""

CHAIN: Final = 16
"""Multiplications and additions of each element in a pass; its two accesses are then cheap."""

INPUT: Final = 0.3


@parallel_kernel
def fill(out: Any, value: float) -> None:
    """Written first by the thread that will use it, whose memory it then lies in."""
    for block in prange(len(out)):
        for i in range(out.shape[1]):
            out[block, i] = value


@parallel_kernel
def triad(out: Any, b: Any, c: Any, passes: int) -> None:
    """out = b + s c, a block for each thread, with another s in every pass."""
    for block in prange(len(out)):
        for turn in range(passes):
            for i in range(out.shape[1]):
                out[block, i] = b[block, i] + (1.0 + turn) * c[block, i]


@parallel_kernel
def multiply_add(values: Any, passes: int) -> None:
    """y = y x + 1/2, `CHAIN` times; many elements are on their way at once."""
    for block in prange(len(values)):
        for _ in range(passes):
            for i in range(values.shape[1]):
                x = values[block, i]
                y = x
                for _ in range(CHAIN):
                    y = y * x + 0.5
                values[block, i] = y


@parallel_kernel
def divide(values: Any, passes: int) -> None:
    """y = 3/(y + 1), which tends to no round number."""
    for block in prange(len(values)):
        for _ in range(passes):
            for i in range(values.shape[1]):
                values[block, i] = 3.0 / (values[block, i] + 1.0)


@parallel_kernel
def square_root(values: Any, passes: int) -> None:
    """y = sqrt(y + 1), which tends to no round number."""
    for block in prange(len(values)):
        for _ in range(passes):
            for i in range(values.shape[1]):
                values[block, i] = sqrt(values[block, i] + 1.0)


class Arithmetic(NamedTuple):
    """A rate of arithmetic."""

    kernel: Callable[[Floats, int], None]
    operations: int
    """Counted for each element in a pass."""
    unit: str


ARITHMETIC: Final = {
    "multiply_add": Arithmetic(multiply_add, 2 * CHAIN, "flop/s"),
    "divide": Arithmetic(divide, 1, "1/s"),
    "square_root": Arithmetic(square_root, 1, "1/s"),
}
"""By the name of the limit. A multiplication with its addition counts as two operations."""


def measure(options: BenchOptions, _: Sequence[Measurement] = ()) -> Iterator[Measurement]:
    """Bandwidth of memory and of the last-level cache, rates of arithmetic, on one thread and on all."""
    cache, seconds = last_level_cache(), PATIENCE * options.seconds
    for count in options.threads:
        threads = set_threads(count)
        options.tell(f"memory, cache and arithmetic, {counted_threads(threads)}")
        yield _bandwidth("memory", min(4 * cache, LARGEST_ARRAY), threads, seconds)
        yield _bandwidth("cache", int(CACHED_SHARE * cache / 3), threads, seconds)
        for name in ARITHMETIC:
            yield _arithmetic(name, threads, seconds)


def _bandwidth(name: str, array_bytes: int, threads: int, seconds: float) -> Measurement:
    out, b, c = np.empty((3, threads, array_bytes // 8 // threads))
    for array in (out, b, c):
        fill(array, INPUT)
    passes = max(CACHED_TRAFFIC // (TRIAD_BYTES * out.size), 1)
    found = timed(lambda: triad(out, b, c, passes), seconds)
    return rate(LIMITS, name, {"threads": threads}, TRIAD_BYTES * out.size * passes, found, "B/s")


def _arithmetic(name: str, threads: int, seconds: float) -> Measurement:
    kernel, operations, unit = ARITHMETIC[name]
    values = np.full((threads, IN_REGISTERS), INPUT)
    found = timed(lambda: kernel(values, PASSES), seconds)
    return rate(LIMITS, name, {"threads": threads}, operations * values.size * PASSES, found, unit)


class Limits(NamedTuple):
    """What a number of threads can do at most, per s."""

    memory: float
    cache: float
    multiply_add: float
    divide: float
    square_root: float


def limits_of(found: Sequence[Measurement], threads: int) -> Limits | None:
    """The limits among what was measured; None where one of them is missing."""
    records = [find(found, LIMITS, name, threads=threads) for name in Limits._fields]
    values = [record.value for record in records if record is not None and record.value is not None]
    return Limits(*values) if len(values) == len(Limits._fields) else None
