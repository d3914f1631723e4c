"""GMRES with right preconditioning, for operators that are known only by their products.

The basis is most of a steady run's memory, and reading it most of the work: it is in single precision,
or in numbers of 16 bits with a scale for each chunk. One solve reduces its residual twentyfold at most, and
each Newton step starts from a residual in double precision (Aliaga et al. 2023, Int. J. High Perform. Comput.
Appl. 37, on compressed bases).
"""

from __future__ import annotations

from collections.abc import Callable
from math import hypot, sqrt
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from breachflow.arrays import Basis, CellRows, FlatRows, Floats
from breachflow.compiled import parallel_kernel, prange, reduction_kernel

Operator: TypeAlias = Callable[[Any, Any], None]
"""operator(vector, out_product)"""

CHUNK: Final = 2048
"""Numbers in one partial sum: a chunk of a vector and one of a basis vector fit the first-level cache."""

LARGEST: Final = 32767.0
"""Largest number of 16 bits, to which the largest of a chunk is scaled."""

REORTHOGONALIZE: Final = 0.5
"""Fraction of its length below which a vector is orthogonalized a second time."""


class LinearSolution(NamedTuple):
    """Result of GMRES."""

    solution: CellRows
    drop: float
    """Norm of the linear residual over that of the right side."""
    products: int
    """Products with the operator."""


class KrylovSpace(NamedTuple):
    """Vectors of one solve; n = n_cells * nvar."""

    basis: Basis
    """(most + 1, n) orthonormal vectors, each chunk over its scale."""
    scales: Floats
    """(most + 1, chunks) scales of their chunks; 1 where the basis is not in whole numbers."""
    prepared: CellRows
    """(n_cells, nvar) preconditioned vector, to which the operator is applied."""
    fresh: CellRows
    """(n_cells, nvar) its product."""
    sums: Floats
    """(chunks, most + 1) partial sums."""


def make_krylov_space(
    most: int, n_cells: int, n_variables: int, dtype: type[np.floating[Any] | np.int16] = np.float32
) -> KrylovSpace:
    """Arrays for `most` products, with a basis in the given precision, or in whole numbers of 16 bits."""
    size = n_cells * n_variables
    shape = (n_cells, n_variables)
    chunks = -(-size // CHUNK)
    return KrylovSpace(
        np.empty((most + 1, size), dtype),
        np.ones((most + 1, chunks)),
        np.empty(shape),
        np.empty(shape),
        np.empty((chunks, most + 1)),
    )


@reduction_kernel
def project(basis: Basis, scales: Floats, count: int, vector: FlatRows, out_sums: Floats) -> None:
    """Sums by chunks of the products of the first `count` basis vectors with a vector."""
    for chunk in prange(len(out_sums)):
        begin = chunk * CHUNK
        part = vector[begin : begin + CHUNK]
        for k in range(count):
            row = basis[k, begin : begin + CHUNK]
            total = 0.0
            for i in range(len(part)):
                total += row[i] * part[i]
            out_sums[chunk, k] = scales[k, chunk] * total


@reduction_kernel
def subtract_projections(
    basis: Basis, scales: Floats, coefficients: Floats, vector: FlatRows, out_sums: Floats
) -> None:
    """vector -= coefficients @ basis, and sums by chunks of the squares of what is left."""
    for chunk in prange(len(out_sums)):
        begin = chunk * CHUNK
        part = vector[begin : begin + CHUNK]
        for k in range(len(coefficients)):
            row = basis[k, begin : begin + CHUNK]
            factor = coefficients[k] * scales[k, chunk]
            for i in range(len(part)):
                part[i] -= factor * row[i]
        total = 0.0
        for i in range(len(part)):
            total += part[i] * part[i]
        out_sums[chunk, 0] = total


@parallel_kernel
def put(vector: FlatRows, factor: float, out_row: FlatRows) -> None:
    """out_row = factor * vector."""
    for i in prange(len(vector)):
        out_row[i] = factor * vector[i]


@parallel_kernel
def put_whole(vector: FlatRows, factor: float, out_row: FlatRows, out_scales: Floats) -> None:
    """factor * vector as whole numbers of 16 bits, times the scale (chunks,) of each chunk."""
    for chunk in prange(len(out_scales)):
        begin = chunk * CHUNK
        part, row = vector[begin : begin + CHUNK], out_row[begin : begin + CHUNK]
        largest = 0.0
        for i in range(len(part)):
            largest = max(largest, abs(part[i]))
        inverse = LARGEST / largest if largest > 0.0 else 0.0
        for i in range(len(part)):
            row[i] = np.int16(np.rint(inverse * part[i]))
        out_scales[chunk] = factor * largest / LARGEST


@parallel_kernel
def take(row: FlatRows, scales: Floats, out_vector: FlatRows) -> None:
    """The basis vector in a row with these scales (chunks,), in double precision."""
    for chunk in prange(len(scales)):
        begin = chunk * CHUNK
        kept, part = row[begin : begin + CHUNK], out_vector[begin : begin + CHUNK]
        for i in range(len(part)):
            part[i] = scales[chunk] * kept[i]


def keep(space: KrylovSpace, number: int, vector: FlatRows, factor: float) -> None:
    """Make factor * vector the basis vector of this number."""
    if space.basis.dtype == np.int16:
        put_whole(vector, factor, space.basis[number], space.scales[number])
    else:
        put(vector, factor, space.basis[number])


def orthogonalize(space: KrylovSpace, count: int, out_column: Floats) -> float:
    """Orthogonalize the fresh vector to the first `count` basis vectors; returns its length.

    Classical Gram-Schmidt, repeated where the vector lost much of its length (Giraud et al. 2005,
    Numer. Math. 101). The coefficients go to `out_column` (at least count).
    """
    vector, sums = space.fresh.reshape(-1), space.sums
    out_column[:count] = 0.0
    before = np.inf
    while True:
        project(space.basis, space.scales, count, vector, sums)
        coefficients = sums[:, :count].sum(axis=0)
        subtract_projections(space.basis, space.scales, coefficients, vector, sums)
        length = sqrt(sums[:, 0].sum())
        out_column[:count] += coefficients
        if before < np.inf or not length < REORTHOGONALIZE * hypot(length, *coefficients):
            break
        before = length
    if length > 0.0:
        keep(space, count, vector, 1.0 / length)
    return length


def gmres(
    apply: Operator, precondition: Operator, right_side: Floats, tolerance: float, space: KrylovSpace
) -> LinearSolution:
    """Solve apply(x) = right_side to a relative tolerance, without restart.

    Saad and Schultz 1986, SIAM J. Sci. Stat. Comput. 7, with Givens rotations. Stops early, with the solution
    found so far, where numbers are no longer finite or the space is used up.
    """
    most, vector = len(space.basis) - 1, space.fresh.reshape(-1)
    size = sqrt(float(np.sum(np.square(right_side))))
    if size == 0.0 or not np.isfinite(size):
        return LinearSolution(np.zeros_like(right_side), 0.0 if size == 0.0 else np.inf, 0)
    keep(space, 0, right_side.reshape(-1), 1.0 / size)
    triangle = np.zeros((most + 1, most))
    rotations: list[tuple[float, float]] = []
    target = np.zeros(most + 1)
    target[0] = size
    used = 0
    for k in range(most):
        take(space.basis[k], space.scales[k], vector)
        precondition(space.fresh, space.prepared)
        apply(space.prepared, space.fresh)
        length = orthogonalize(space, k + 1, triangle[:, k])
        if not np.isfinite(length):
            break
        if not _rotate(triangle, rotations, target, k, length):
            break
        used = k + 1
        if abs(target[used]) <= tolerance * size or length == 0.0:
            break
    weights = np.asarray(np.linalg.solve(triangle[:used, :used], target[:used]), dtype=np.float64)
    space.fresh[:] = 0.0
    subtract_projections(space.basis, space.scales, -weights, vector, space.sums)
    precondition(space.fresh, space.prepared)
    return LinearSolution(space.prepared, abs(target[used]) / size, used)


def _rotate(
    triangle: Floats, rotations: list[tuple[float, float]], target: Floats, k: int, below: float
) -> bool:
    """Keep the Hessenberg matrix triangular: apply the old rotations to the new column, then a new one.

    Returns False where the column vanishes: the operator is singular along it.
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
