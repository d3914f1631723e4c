"""Limits of the machine: bandwidths and rates of arithmetic of small loops from the same compiler.

Bandwidth is that of the triad of STREAM (McCalpin 1995), out = b + s c, which counts 24 bytes an element,
read and written. The processor also reads the lines that it overwrites. Neither STREAM nor `bench.work`
counts these reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.bench.machine import last_level_cache
from breachflow.bench.options import BenchOptions, counted_threads
from breachflow.bench.records import LIMITS, Measurement, find, rate
from breachflow.bench.timing import timed
from breachflow.compiled import parallel_kernel, prange, set_threads

PATIENCE: Final = 5.0
"""Time spent on each limit, over that of other timings: fractions of limits depend on them."""

TRIAD_BYTES: Final = 24
"""Bytes that the triad reads and writes for an element."""

LARGEST_ARRAY: Final = 2**30
"""Largest number of bytes of an array of the triad; STREAM asks for four times the last-level cache."""

CACHED_FRACTION: Final = 0.25
"""Fraction of the last-level cache that the triad in cache fills: more than the caches of one core."""

CACHED_TRAFFIC: Final = 2**28
"""Bytes that a call of the triad in cache moves."""

IN_REGISTERS: Final = 1024
"""Elements of the arithmetic loops: they stay in the innermost cache."""

PASSES: Final = 4000
"""Passes over these elements in a call, which takes some milliseconds."""

CHAIN: Final = 16
"""Multiply-adds of each element in a pass; they hide its load and store."""

INPUT: Final = 0.3
"""Start value of all elements."""


@parallel_kernel
def fill(out: Floats, value: float) -> None:
    """Fill `out`, (threads, n): the thread that uses a row fills it, so that the row lies in its memory."""
    for block in prange(len(out)):
        for i in range(out.shape[1]):
            out[block, i] = value


@parallel_kernel
def triad(out: Floats, b: Floats, c: Floats, passes: int) -> None:
    """out = b + s c, arrays (threads, n), with another s in every pass."""
    for block in prange(len(out)):
        for turn in range(passes):
            for i in range(out.shape[1]):
                out[block, i] = b[block, i] + (1.0 + turn) * c[block, i]


@parallel_kernel
def multiply_add(values: Floats, passes: int) -> None:
    """y = y x + 1/2, `CHAIN` times for each element; many elements are in flight at once."""
    for block in prange(len(values)):
        for _ in range(passes):
            for i in range(values.shape[1]):
                x = values[block, i]
                y = x
                for _ in range(CHAIN):
                    y = y * x + 0.5
                values[block, i] = y


@parallel_kernel
def divide(values: Floats, passes: int) -> None:
    """y = 3/(y + 1), repeated; it converges to an irrational number."""
    for block in prange(len(values)):
        for _ in range(passes):
            for i in range(values.shape[1]):
                values[block, i] = 3.0 / (values[block, i] + 1.0)


@parallel_kernel
def square_root(values: Floats, passes: int) -> None:
    """y = sqrt(y + 1), repeated; it converges to an irrational number."""
    for block in prange(len(values)):
        for _ in range(passes):
            for i in range(values.shape[1]):
                values[block, i] = sqrt(values[block, i] + 1.0)


class Arithmetic(NamedTuple):
    """A loop that measures a rate of arithmetic."""

    kernel: Callable[[Floats, int], None]
    operations: int
    """Operations counted for an element in a pass."""
    unit: str


ARITHMETIC: Final = {
    "multiply_add": Arithmetic(multiply_add, 2 * CHAIN, "flop/s"),
    "divide": Arithmetic(divide, 1, "1/s"),
    "square_root": Arithmetic(square_root, 1, "1/s"),
}
"""Loops by the names of the limits. A multiply-add counts as two operations."""


def measure(options: BenchOptions, _: Sequence[Measurement] = ()) -> Iterator[Measurement]:
    """Bandwidth of memory and of the last-level cache, rates of arithmetic, on one thread and on all."""
    cache, seconds = last_level_cache(), PATIENCE * options.seconds
    for count in options.threads:
        threads = set_threads(count)
        options.tell(f"memory, cache and arithmetic, {counted_threads(threads)}")
        yield _bandwidth("memory", min(4 * cache, LARGEST_ARRAY), threads, seconds)
        yield _bandwidth("cache", int(CACHED_FRACTION * cache / 3), threads, seconds)
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
    """Limits of the machine for a number of threads: bytes, flops and operations per second."""

    memory: float
    cache: float
    multiply_add: float
    divide: float
    square_root: float


def limits_of(found: Sequence[Measurement], threads: int) -> Limits | None:
    """The limits among some measurements; None where one of them is missing."""
    records = [find(found, LIMITS, name, threads=threads) for name in Limits._fields]
    values = [record.value for record in records if record is not None and record.value is not None]
    return Limits(*values) if len(values) == len(Limits._fields) else None
