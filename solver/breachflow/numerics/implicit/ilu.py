"""Incomplete factorization of a block matrix without fill, and the rows of its triangular solves."""

from __future__ import annotations

import numpy as np

from breachflow.arrays import FlatRows, Floats, Indices
from breachflow.compiled import called, parallel_kernel, pointwise, prange
from breachflow.numerics.implicit.block_matrix import BlockMatrix
from breachflow.numerics.implicit.strips import Strips, wait_for_rows
from breachflow.simd import BlockRow, announce, claim, eliminate_row, subtract_product, subtract_row


@pointwise
def invert_in_place(block: Floats, axes: tuple[int, ...]) -> None:
    """Inverse of a small dense block by Gauss-Jordan elimination, without pivoting.

    The pseudo-time term and upwinding make the blocks diagonally dominant. A vanishing pivot gives numbers
    that are not finite, which the linear solver detects.
    """
    n = len(axes) + 2
    for k in range(n):
        pivot = 1.0 / block[k, k]
        block[k, k] = 1.0
        for j in range(n):
            block[k, j] *= pivot
        for i in range(n):
            if i != k:
                factor = block[i, k]
                block[i, k] = 0.0
                for j in range(n):
                    block[i, j] -= factor * block[k, j]


@parallel_kernel
def factorize(
    matrix: BlockMatrix, factors: BlockMatrix, strips: Strips, counts: Indices, axes: tuple[int, ...]
) -> None:
    """Write the block ILU(0) factors of a matrix; diagonal blocks are stored inverted and negative.

    Row by row (Saad 2003, algorithm 10.4): L has unit diagonal, U keeps the pattern. Blocks are stored by
    columns, so that a product of blocks takes a product with each column. The negative inverse turns every
    product of the factorization and of the solves into one that is subtracted. `counts` are of as many jobs
    as there are strips.
    """
    matrix, factors, strips = BlockMatrix(*matrix), BlockMatrix(*factors), Strips(*strips)
    counts[:] = 0
    for _ in prange(strips.workers):
        factorize_strips(matrix, factors, strips, counts, axes)


@called
def factorize_strips(
    matrix: BlockMatrix, factors: BlockMatrix, strips: Strips, counts: Indices, axes: tuple[int, ...]
) -> None:
    """Factorize strip after strip until all are claimed."""
    product = np.empty((len(axes) + 2) ** 2)
    n_strips = len(strips.level)
    strip = claim(counts, n_strips)
    while strip < n_strips:
        for place in range(strips.begin[strip], strips.begin[strip + 1]):
            row = strips.rows[place]
            begin, diagonal = factors.offsets[row], factors.diagonal[row]
            if strips.follows[row]:
                wait_for_rows(counts, 0, strips, row, factors.columns[begin:diagonal], False)
            for k in range(begin, factors.offsets[row + 1]):
                for j in range(len(axes) + 2):
                    for i in range(len(axes) + 2):
                        factors.blocks[k, j, i] = matrix.blocks[k, j, i]
            factorize_row(factors, row, product, axes)
            if strips.leads[row]:
                announce(counts, strip, strips.place[row] + 1)
        announce(counts, strip, strips.size[strip])
        strip = claim(counts, n_strips)


@pointwise
def factorize_row(factors: BlockMatrix, row: int, product: Floats, axes: tuple[int, ...]) -> None:
    """Overwrite a row of the matrix with its factors; `product` (nvar**2,) is scratch."""
    n = len(axes) + 2
    size = n * n
    offsets, columns, diagonal, blocks = factors
    numbers = blocks.reshape(-1)
    for k in range(offsets[row], diagonal[row]):
        pivot_row = columns[k]
        for entry in range(size):
            product[entry] = 0.0
        for j in range(n):
            subtract_product(blocks, k, numbers, diagonal[pivot_row] * size + j * n, n, product, j * n)
        for entry in range(size):
            numbers[k * size + entry] = product[entry]
        here = k + 1
        for above in range(diagonal[pivot_row] + 1, offsets[pivot_row + 1]):
            while here < offsets[row + 1] and columns[here] < columns[above]:
                here += 1
            if here < offsets[row + 1] and columns[here] == columns[above]:
                for j in range(n):
                    subtract_product(
                        blocks, k, numbers, above * size + j * n, n, numbers, here * size + j * n
                    )
    invert_in_place(blocks[diagonal[row]], axes)
    for entry in range(diagonal[row] * size, (diagonal[row] + 1) * size):
        numbers[entry] = -numbers[entry]


@pointwise
def solve_lower_row(factors: BlockMatrix, vector: FlatRows, row: int, axes: tuple[int, ...]) -> None:
    """A row of vector = L^-1 vector (flat), after all rows before it."""
    n = len(axes) + 2
    below = BlockRow(factors.blocks, factors.columns, factors.offsets[row], factors.diagonal[row])
    subtract_row(below, vector, n, vector, row * n)


@pointwise
def solve_upper_row(factors: BlockMatrix, vector: FlatRows, row: int, axes: tuple[int, ...]) -> None:
    """A row of vector = U^-1 vector (flat), after all rows behind it."""
    above = BlockRow(factors.blocks, factors.columns, factors.diagonal[row] + 1, factors.offsets[row + 1])
    eliminate_row(above, factors.diagonal[row], vector, len(axes) + 2, row * (len(axes) + 2))
