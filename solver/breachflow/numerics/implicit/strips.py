"""Strips of rows, by which threads share a factorization and triangular solves without changing them.

A row needs the rows before it to which it is coupled. A strip is a set of rows that needs itself and strips
before it only. Threads take the strips in their order and the rows of a strip in theirs; a row with a
neighbor in another strip waits for it. So each row sees the numbers that it would see on one thread, and
results are bitwise equal for any number of threads.

Where the rows follow lines of the mesh, as in the templates, a strip has a part of each line, and a thread
is a line ahead of the next (a wavefront: Saad 2003, section 11.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Bools, Indices, Ints
from breachflow.compiled import kernel, pointwise
from breachflow.numerics.implicit.block_matrix import BlockMatrix
from breachflow.simd import APART, wait_until

STRIPS_PER_THREAD: Final = 2
"""With fewer, threads wait for the first strip where rows follow the fronts of a breadth-first search."""

FEWEST_ROWS: Final = 500
"""Rows of the smallest strip: it takes some 50 us, as long as waking a thread."""


class Strips(NamedTuple):
    """Strips of all levels, the finest level first."""

    workers: int
    """Threads that may share the work."""
    rows: Ints
    """(rows,) the rows strip by strip, ascending in each."""
    begin: Ints
    """(strips + 1,) where each strip begins in `rows`."""
    size: Ints
    """(strips,) rows of each strip."""
    first: Ints
    """(levels + 1,) first strip of each level."""
    level: Ints
    """(strips,)"""
    strip: Ints
    """(rows,) strip of each row."""
    place: Ints
    """(rows,) number of each row in its strip."""
    follows: Bools
    """(rows,) whether a row needs one of an earlier strip in a sweep from the first row to the last."""
    leads: Bools
    """(rows,) whether a row of a later strip needs it, or, in a sweep back, it one of those."""


def make_strips(matrix: BlockMatrix, begin: Sequence[int], threads: int) -> Strips:
    """Strips of each level, whose first rows are `begin` (levels + 1,), for this many threads.

    The pattern of the matrix must be symmetric.
    """
    n_rows = begin[-1]
    strip, first = np.empty(n_rows, np.int32), [0]
    for top, end in pairwise(begin):
        order = np.empty(end - top, np.int32)
        order_across(matrix, top, order)
        count = min(STRIPS_PER_THREAD * threads if threads > 1 else 1, max((end - top) // FEWEST_ROWS, 1))
        strip[order] = first[-1] + np.arange(end - top) * count // (end - top)
        first.append(first[-1] + count)
    rows = np.argsort(strip, kind="stable").astype(np.int32)
    starts = np.searchsorted(strip[rows], np.arange(first[-1] + 1)).astype(np.int32)
    place = np.empty(n_rows, np.int32)
    place[rows] = np.arange(n_rows) - starts[strip[rows]]
    row = np.repeat(np.arange(n_rows), np.diff(matrix.offsets[: n_rows + 1]))
    column = matrix.columns[: len(row)]
    meets = (column < row) & (strip[column] != strip[row])
    follows, leads = np.zeros((2, n_rows), dtype=bool)
    follows[row[meets]], leads[column[meets]] = True, True
    level = np.repeat(np.arange(len(first) - 1), np.diff(first)).astype(np.int32)
    firsts = np.array(first, np.int32)
    return Strips(threads, rows, starts, np.diff(starts), firsts, level, strip, place, follows, leads)


@kernel
def order_across(matrix: BlockMatrix, first: int, out_order: Ints) -> None:
    """Another order (n,) of the rows from `first` on in which each comes after those that it needs.

    Of the rows that may come next, the one that became free last is taken. So the order runs across the
    rows' own: through all lines of a mesh first, along them last. Any beginning of it can be a strip.
    """
    n, offsets, columns, diagonal = len(out_order), matrix.offsets, matrix.columns, matrix.diagonal
    missing, free = np.empty(n, np.int32), np.empty(n, np.int32)
    n_free, count = 0, 0
    for row in range(n):
        missing[row] = diagonal[first + row] - offsets[first + row]
        if missing[row] == 0:
            free[n_free] = row
            n_free += 1
    while n_free > 0:
        n_free -= 1
        row = first + free[n_free]
        out_order[count] = row
        count += 1
        for k in range(diagonal[row] + 1, offsets[row + 1]):
            other = columns[k] - first
            missing[other] -= 1
            if missing[other] == 0:
                free[n_free] = other
                n_free += 1


def make_counts(jobs: int) -> Indices:
    """Counts (jobs + 1, 8) of what is done of each job; the last is the next job."""
    return np.zeros((jobs + 1, APART), np.int64)


@pointwise
def wait_for_rows(counts: Indices, base: int, strips: Strips, row: int, columns: Ints, is_back: bool) -> None:
    """Wait until the rows `columns` that are in other strips are done; count `base` is that of strip 0."""
    for column in columns:
        strip = strips.strip[column]
        if strip != strips.strip[row]:
            done = strips.place[column] + 1
            if is_back:
                done = strips.size[strip] - strips.place[column]
            wait_until(counts, base + strip, done)
