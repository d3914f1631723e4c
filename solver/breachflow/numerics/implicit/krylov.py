"""GMRES with right preconditioning, for operators that are known only by their products.

The basis is kept in single precision: it is most of a steady run's memory, and reading it most of the work. A
solve here reduces its residual tenfold, and each step of the steady solver starts from a residual in double
precision (Aliaga et al. 2023, Int. J. High Perform. Comput. Appl. 37, on compressed bases).
"""

from __future__ import annotations

from collections.abc import Callable
from math import hypot, sqrt
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats
from breachflow.compiled import parallel_kernel, prange, reduction_kernel

Operator: TypeAlias = Callable[[Any, Any], None]
"""operator(vector, out_product)"""

CHUNK = 2048
"""Numbers that one sum takes: with as many of a basis vector they fit the innermost cache."""

LOST = 0.5
"""Share of its length below which a vector has lost so much that it is made orthogonal once more."""


class LinearSolution(NamedTuple):
    """What GMRES found."""

    solution: Floats
    drop: float
    """Norm of the linear residual over that of the right side."""
    products: int


class KrylovSpace(NamedTuple):
    """Vectors of one solve."""

    basis: NDArray[Any]
    """(most + 1, n): orthonormal."""
    prepared: Floats
    """(n_cells, nvar): what the operator is applied to."""
    fresh: Floats
    """(n_cells, nvar): its product."""
    sums: Floats
    """(chunks, most + 1)"""


def make_krylov_space(most: int, n_cells: int, n_variables: int, kind: Any = np.float32) -> KrylovSpace:
    """Room for `most` products, with a basis of the given kind of numbers."""
    size = n_cells * n_variables
    shape = (n_cells, n_variables)
    chunks = -(-size // CHUNK)
    return KrylovSpace(
        np.empty((most + 1, size), kind),
        np.empty(shape),
        np.empty(shape),
        np.empty((chunks, most + 1)),
    )


@reduction_kernel
def project(basis: Any, count: int, vector: Any, out_sums: Any) -> None:
    """Sums by chunks of the products of the first `count` basis vectors with a vector."""
    for chunk in prange(len(out_sums)):
        begin = chunk * CHUNK
        part = vector[begin : begin + CHUNK]
        for k in range(count):
            row = basis[k, begin : begin + CHUNK]
            total = 0.0
            for i in range(len(part)):
                total += row[i] * part[i]
            out_sums[chunk, k] = total


@reduction_kernel
def take_out(basis: Any, shares: Any, vector: Any, out_sums: Any) -> None:
    """vector -= shares @ basis, and sums by chunks of the squares of what is left."""
    for chunk in prange(len(out_sums)):
        begin = chunk * CHUNK
        part = vector[begin : begin + CHUNK]
        for k in range(len(shares)):
            row = basis[k, begin : begin + CHUNK]
            for i in range(len(part)):
                part[i] -= shares[k] * row[i]
        total = 0.0
        for i in range(len(part)):
            total += part[i] * part[i]
        out_sums[chunk, 0] = total


@parallel_kernel
def put(vector: Any, factor: float, out_row: Any) -> None:
    """out_row = factor * vector."""
    for i in prange(len(vector)):
        out_row[i] = factor * vector[i]


def orthogonalize(space: KrylovSpace, count: int, out_column: Floats) -> float:
    """Take the first `count` basis vectors out of the fresh one; returns its length, before it is normalized.

    Classical Gram-Schmidt, twice where much was taken out (Giraud et al. 2005, Numer. Math. 101).
    """
    vector, sums = space.fresh.reshape(-1), space.sums
    out_column[:count] = 0.0
    before = np.inf
    while True:
        project(space.basis, count, vector, sums)
        shares = sums[:, :count].sum(axis=0)
        take_out(space.basis, shares, vector, sums)
        length = sqrt(sums[:, 0].sum())
        out_column[:count] += shares
        if before < np.inf or not length < LOST * hypot(length, *shares):
            break
        before = length
    if length > 0.0:
        put(vector, 1.0 / length, space.basis[count])
    return length


def gmres(
    apply: Operator, precondition: Operator, right_side: Floats, tolerance: float, space: KrylovSpace
) -> LinearSolution:
    """Solve apply(x) = right_side to a relative tolerance, without restart.

    Saad and Schultz 1986, SIAM J. Sci. Stat. Comput. 7, with Givens rotations. Stops early, with what it
    has, where the numbers are no longer finite or the space is used up.
    """
    shape, most = right_side.shape, len(space.basis) - 1
    size = sqrt(float(np.sum(np.square(right_side))))
    if size == 0.0 or not np.isfinite(size):
        return LinearSolution(np.zeros_like(right_side), 0.0 if size == 0.0 else np.inf, 0)
    put(right_side.reshape(-1), 1.0 / size, space.basis[0])
    triangle = np.zeros((most + 1, most))
    rotations: list[tuple[float, float]] = []
    target = np.zeros(most + 1)
    target[0] = size
    used = 0
    for k in range(most):
        precondition(space.basis[k].reshape(shape), space.prepared)
        apply(space.prepared, space.fresh)
        length = orthogonalize(space, k + 1, triangle[:, k])
        if not np.isfinite(length):
            break
        if not _rotate(triangle, rotations, target, k, length):
            break
        used = k + 1
        if abs(target[used]) <= tolerance * size or length == 0.0:
            break
    weights = np.linalg.solve(triangle[:used, :used], target[:used])
    space.fresh[:] = 0.0
    take_out(space.basis, -weights, space.fresh.reshape(-1), space.sums)
    put(space.fresh.reshape(-1), 1.0, space.basis[0])
    precondition(space.basis[0].reshape(shape), space.prepared)
    return LinearSolution(space.prepared, abs(target[used]) / size, used)


def _rotate(
    triangle: Floats, rotations: list[tuple[float, float]], target: Floats, k: int, below: float
) -> bool:
    """Keep the Hessenberg matrix triangular: old rotations on the new column, then a new one.

    False where the column adds nothing: the operator is singular along it.
    """
    column = triangle[:, k]
    for i, (cosine, sine) in enumerate(rotations):
        column[i], column[i + 1] = (
            cosine * column[i] + sine * column[i + 1],
            cosine * column[i + 1] - sine * column[i],
        )
    length = hypot(column[k], below)
    if length == 0.0:
        return False
    cosine, sine = column[k] / length, below / length
    rotations.append((cosine, sine))
    column[k], column[k + 1] = length, 0.0
    target[k], target[k + 1] = cosine * target[k], -sine * target[k]
    return True
