"""One cycle of the preconditioner, shared by threads: restriction, then each level from the coarsest on.

The work is a list of jobs, each a strip of rows. Threads claim them in their order. A job waits for what it
needs, which comes before it in the list.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from numpy.typing import NDArray

from breachflow.arrays import CellRows, FlatRows, Indices
from breachflow.compiled import called, parallel_kernel, pointwise, prange
from breachflow.numerics.implicit.block_matrix import BlockMatrix
from breachflow.numerics.implicit.ilu import solve_lower_row, solve_upper_row
from breachflow.numerics.implicit.multilevel import Hierarchy, Tree
from breachflow.numerics.implicit.strips import Strips, wait_for_rows
from breachflow.simd import BlockRow, announce, claim, subtract_row, wait_until

RESTRICT: Final = 0
LOWER: Final = 1
UPPER: Final = 2
"""Kinds of jobs; how much of one is done stands in the count kind * strips + strip."""


class Vectors(NamedTuple):
    """Vectors of a cycle."""

    given: FlatRows
    """(n_cells, nvar) the right side."""
    fraction: NDArray[Any]
    """(rows, nvar) see `Hierarchy`."""
    rest: NDArray[Any]
    """(rows, nvar) right sides of all levels, less what is subtracted from them."""
    found: NDArray[Any]
    """(rows, nvar) solutions of all levels."""
    out: CellRows
    """(n_cells, nvar) the solution."""


class Cycle(NamedTuple):
    """All that a thread needs to do jobs of a cycle."""

    matrix: BlockMatrix
    factors: BlockMatrix
    tree: Tree
    strips: Strips
    counts: Indices
    vectors: Vectors


@parallel_kernel
def apply_cycle(
    hierarchy: Hierarchy, right_side: FlatRows, axes: tuple[int, ...], out_solution: CellRows
) -> None:
    """An approximate solution of the finest level's equations; vectors (n_cells, nvar).

    The right side is restricted to all levels. From the coarsest level on, each starts from the solution of
    the coarser one and corrects it with its factors.
    """
    matrix, factors = BlockMatrix(*hierarchy.matrix), BlockMatrix(*hierarchy.factors)
    tree, strips, counts = Tree(*hierarchy.tree), Strips(*hierarchy.strips), hierarchy.counts
    fraction, rest, found = hierarchy.fraction, hierarchy.right_side, hierarchy.solution
    counts[:] = 0
    for _ in prange(strips.workers):
        vectors = Vectors(right_side, fraction, rest, found, out_solution)
        do_jobs(Cycle(matrix, factors, tree, strips, counts, vectors), axes)


@called
def do_jobs(cycle: Cycle, axes: tuple[int, ...]) -> None:
    """Do jobs until all are claimed: restriction to all levels, the finest first, then the solves."""
    n_strips = len(cycle.strips.level)
    job = claim(cycle.counts, 3 * n_strips)
    while job < 3 * n_strips:
        if job < n_strips:
            restrict(cycle, job, axes)
        else:
            kind, strip = solve_of(cycle.strips, job - n_strips)
            if kind == LOWER:
                solve_lower(cycle, strip, axes)
            else:
                solve_upper(cycle, strip, axes)
        job = claim(cycle.counts, 3 * n_strips)


@pointwise
def solve_of(strips: Strips, number: int) -> tuple[int, int]:
    """Kind and strip of a solve: on each level, from the coarsest on, the lower ones, then the upper ones."""
    level = len(strips.first) - 2
    n_strips = len(strips.level)
    while number >= 2 * (n_strips - strips.first[level]):
        level -= 1
    begin, end = strips.first[level], strips.first[level + 1]
    number -= 2 * (n_strips - end)
    if number < end - begin:
        return LOWER, begin + number
    return UPPER, end - 1 - (number - (end - begin))


@pointwise
def wait_for_level(counts: Indices, base: int, strips: Strips, level: int) -> None:
    """Wait until the jobs of a level's strips are done; count `base` is that of strip 0."""
    for strip in range(strips.first[level], strips.first[level + 1]):
        wait_until(counts, base + strip, strips.size[strip])


@pointwise
def restrict(cycle: Cycle, strip: int, axes: tuple[int, ...]) -> None:
    """The right sides of a strip; on the coarsest level, also the first guess."""
    _, _, tree, strips, counts, vectors = cycle
    level = strips.level[strip]
    if level > 0:
        wait_for_level(counts, RESTRICT * len(strips.level), strips, level - 1)
    for place in range(strips.begin[strip], strips.begin[strip + 1]):
        row = strips.rows[place]
        for i in range(len(axes) + 2):
            if level == 0:
                vectors.rest[row, i] = vectors.given[row, i]
            else:
                vectors.rest[row, i] = 0.0
            if tree.parent[row] < 0:
                vectors.found[row, i] = 0.0
        for k in range(tree.begin[row], tree.begin[row + 1]):
            child = tree.children[k]
            for i in range(len(axes) + 2):
                vectors.rest[row, i] += vectors.fraction[child, i] * vectors.rest[child, i]
    announce(counts, RESTRICT * len(strips.level) + strip, strips.size[strip])


@pointwise
def solve_lower(cycle: Cycle, strip: int, axes: tuple[int, ...]) -> None:
    """Subtract the left sides at the first guess from the right sides of a strip, then L^-1 times them."""
    matrix, factors, _, strips, counts, vectors = cycle
    n = len(axes) + 2
    level, base = strips.level[strip], LOWER * len(strips.level)
    wait_for_level(counts, RESTRICT * len(strips.level), strips, level)
    if level < len(strips.first) - 2:
        wait_for_level(counts, UPPER * len(strips.level), strips, level + 1)
    rest, found = vectors.rest.reshape(-1), vectors.found.reshape(-1)
    for place in range(strips.begin[strip], strips.begin[strip + 1]):
        row = strips.rows[place]
        blocks = BlockRow(matrix.blocks, matrix.columns, matrix.offsets[row], matrix.offsets[row + 1])
        subtract_row(blocks, found, n, rest, row * n)
        if strips.follows[row]:
            columns = factors.columns[factors.offsets[row] : factors.diagonal[row]]
            wait_for_rows(counts, base, strips, row, columns, False)
        solve_lower_row(factors, rest, row, axes)
        if strips.leads[row]:
            announce(counts, base + strip, strips.place[row] + 1)
    announce(counts, base + strip, strips.size[strip])


@pointwise
def solve_upper(cycle: Cycle, strip: int, axes: tuple[int, ...]) -> None:
    """U^-1 times the right sides of a strip, added to the guess; it is the finer level's first guess."""
    _, factors, tree, strips, counts, vectors = cycle
    base, size = UPPER * len(strips.level), strips.size[strip]
    wait_until(counts, LOWER * len(strips.level) + strip, size)
    rest = vectors.rest.reshape(-1)
    for place in range(strips.begin[strip + 1] - 1, strips.begin[strip] - 1, -1):
        row = strips.rows[place]
        if strips.leads[row]:
            columns = factors.columns[factors.diagonal[row] + 1 : factors.offsets[row + 1]]
            wait_for_rows(counts, base, strips, row, columns, True)
        solve_upper_row(factors, rest, row, axes)
        hand_on(tree, vectors, row, axes)
        if strips.follows[row]:
            announce(counts, base + strip, size - strips.place[row])
    announce(counts, base + strip, strips.size[strip])


@pointwise
def hand_on(tree: Tree, vectors: Vectors, row: int, axes: tuple[int, ...]) -> None:
    """Add the correction of a row to its guess, and hand the solution to its finer rows or to the caller."""
    for i in range(len(axes) + 2):
        vectors.found[row, i] += vectors.rest[row, i]
        for k in range(tree.begin[row], tree.begin[row + 1]):
            vectors.found[tree.children[k], i] = vectors.found[row, i]
        if row < len(vectors.out):
            vectors.out[row, i] = vectors.found[row, i]
