"""Incomplete factorization of a block matrix without fill, and its triangular solves."""

from __future__ import annotations

import numpy as np

from breachflow.arrays import FlatRows, Floats
from breachflow.compiled import kernel, pointwise
from breachflow.numerics.implicit.block_matrix import BlockMatrix
from breachflow.simd import BlockRow, eliminate_row, subtract_product, subtract_row


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


@kernel
def factorize(matrix: BlockMatrix, axes: tuple[int, ...]) -> None:
    """Overwrite the matrix with its block ILU(0) factors; diagonal blocks are stored inverted and negative.

    Row by row (Saad 2003, algorithm 10.4): L has unit diagonal, U keeps the pattern. Blocks are stored by
    columns, so that a product of blocks takes a product with each column. The negative inverse turns every
    product of the factorization and of the solves into one that is subtracted.
    """
    n = len(axes) + 2
    size = n * n
    offsets, columns, diagonal, blocks = matrix
    numbers = blocks.reshape(-1)
    product = np.empty(size)
    for row in range(len(diagonal)):
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
def solve_rows(factors: BlockMatrix, vector: FlatRows, first: int, last: int, axes: tuple[int, ...]) -> None:
    """vector = U^-1 L^-1 vector (flat) in rows first to last, which touch no others."""
    n = len(axes) + 2
    offsets, columns, diagonal, blocks = factors
    for row in range(first, last):
        subtract_row(BlockRow(blocks, columns, offsets[row], diagonal[row]), vector, n, vector, row * n)
    for row in range(last - 1, first - 1, -1):
        above = BlockRow(blocks, columns, diagonal[row] + 1, offsets[row + 1])
        eliminate_row(above, diagonal[row], vector, n, row * n)
