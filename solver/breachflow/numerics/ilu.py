"""Incomplete factorization of a block matrix without fill, and its triangular solves."""

from __future__ import annotations

from typing import Any

import numpy as np

from breachflow.compiled import kernel, pointwise
from breachflow.numerics.jacobian import BlockMatrix


@pointwise
def invert_in_place(block: Any, axes: tuple[int, ...]) -> None:
    """Inverse of a small dense block by Gauss-Jordan elimination, without pivoting.

    The blocks are diagonally dominant by their shift and by upwinding; a vanishing pivot gives
    non-finite numbers, which the linear solver notices.
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


@pointwise
def multiply_subtract(a: Any, b: Any, axes: tuple[int, ...], out: Any) -> None:
    """out -= a b for small dense blocks."""
    n = len(axes) + 2
    for i in range(n):
        for k in range(n):
            factor = a[i, k]
            for j in range(n):
                out[i, j] -= factor * b[k, j]


@kernel
def factorize(matrix: BlockMatrix, axes: tuple[int, ...]) -> None:
    """Overwrite the matrix with its block ILU(0) factors; diagonal blocks are stored inverted.

    Row by row (Saad 2003, algorithm 10.4): L has unit diagonal, U keeps the pattern.
    """
    n = len(axes) + 2
    offsets, columns, diagonal, blocks = matrix
    product = np.empty((n, n))
    for row in range(len(diagonal)):
        for k in range(offsets[row], diagonal[row]):
            pivot_row = columns[k]
            pivot = blocks[diagonal[pivot_row]]
            for i in range(n):
                for j in range(n):
                    total = 0.0
                    for m in range(n):
                        total += blocks[k, i, m] * pivot[m, j]
                    product[i, j] = total
            for i in range(n):
                for j in range(n):
                    blocks[k, i, j] = product[i, j]
            here = k + 1
            for above in range(diagonal[pivot_row] + 1, offsets[pivot_row + 1]):
                while here < offsets[row + 1] and columns[here] < columns[above]:
                    here += 1
                if here < offsets[row + 1] and columns[here] == columns[above]:
                    multiply_subtract(blocks[k], blocks[above], axes, blocks[here])
        invert_in_place(blocks[diagonal[row]], axes)


@kernel
def solve(factors: BlockMatrix, right_side: Any, axes: tuple[int, ...], out_solution: Any) -> None:
    """out_solution = U^-1 L^-1 right_side, with the factors of `factorize`."""
    n = len(axes) + 2
    offsets, columns, diagonal, blocks = factors
    n_rows = len(diagonal)
    rest = np.empty(n)
    for row in range(n_rows):
        for i in range(n):
            out_solution[row, i] = right_side[row, i]
        for k in range(offsets[row], diagonal[row]):
            for i in range(n):
                total = 0.0
                for j in range(n):
                    total += blocks[k, i, j] * out_solution[columns[k], j]
                out_solution[row, i] -= total
    for row in range(n_rows - 1, -1, -1):
        for i in range(n):
            rest[i] = out_solution[row, i]
        for k in range(diagonal[row] + 1, offsets[row + 1]):
            for i in range(n):
                total = 0.0
                for j in range(n):
                    total += blocks[k, i, j] * out_solution[columns[k], j]
                rest[i] -= total
        for i in range(n):
            total = 0.0
            for j in range(n):
                total += blocks[diagonal[row], i, j] * rest[j]
            out_solution[row, i] = total
