"""Incomplete factorization of a block matrix without fill, and its triangular solves.

In the plane the factors are a matrix of their own. In space only the diagonal blocks are factorized, which
takes half the memory: the factors are (D + L) D^-1 (D + U), L and U the matrix's own blocks beside its
diagonal (D-ILU; Barrett et al. 1994, Templates for the solution of linear systems, section 3.4.2). Where no
two neighbors of a cell are neighbors, as among hexahedra, both are the same.
"""

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


@kernel
def factorize_diagonal(matrix: BlockMatrix, axes: tuple[int, ...]) -> None:
    """Put the negative inverse of the factors' diagonal blocks behind the blocks of the matrix, row by row.

    D of a row is its diagonal block less the sum of L D^-1 U over the rows before.
    """
    n = len(axes) + 2
    size = n * n
    offsets, columns, diagonal, blocks = matrix
    inverses, numbers = offsets[len(diagonal)], blocks.reshape(-1)
    product = np.empty((1, n, n), blocks.dtype)
    for row in range(len(diagonal)):
        at = (inverses + row) * size
        for entry in range(size):
            numbers[at + entry] = numbers[diagonal[row] * size + entry]
        for k in range(offsets[row], diagonal[row]):
            before = columns[k]
            back = diagonal[before] + 1
            while columns[back] < row:
                back += 1
            for j in range(n):
                for i in range(n):
                    product[0, j, i] = 0.0
            for j in range(n):
                inverse = (inverses + before) * size + j * n
                subtract_product(blocks, k, numbers, inverse, n, product.reshape(-1), j * n)
            for j in range(n):
                subtract_product(product, 0, numbers, back * size + j * n, n, numbers, at + j * n)
        invert_in_place(blocks[inverses + row], axes)
        for entry in range(at, at + size):
            numbers[entry] = -numbers[entry]


@pointwise
def solve_rest(
    matrix: BlockMatrix, known: FlatRows, rest: FlatRows, first: int, last: int, axes: tuple[int, ...]
) -> None:
    """The correction of `known`, by `factorize_diagonal`, that the equations in rows first to last need.

    `rest` (flat) holds their right side and then the correction. `known` (flat) is overwritten: it takes up
    the forward solution as that proceeds, so that one pass over a row serves residual and substitution.
    """
    n = len(axes) + 2
    offsets, columns, diagonal, blocks = matrix
    inverses = offsets[len(diagonal)]
    for row in range(first, last):
        subtract_row(BlockRow(blocks, columns, offsets[row], offsets[row + 1]), known, n, rest, row * n)
        subtract_product(blocks, inverses + row, rest, row * n, n, known, row * n)
    for row in range(last - 1, first - 1, -1):
        above = BlockRow(blocks, columns, diagonal[row] + 1, offsets[row + 1])
        eliminate_row(above, inverses + row, rest, n, row * n)
