"""GMRES with right preconditioning, for operators that are known only by their products."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from breachflow.compiled import kernel
from breachflow.mesh.mesh import Floats

Operator: TypeAlias = Callable[[Floats, Floats], None]
"""operator(vector, out_product)"""


class LinearSolution(NamedTuple):
    """What GMRES found."""

    solution: Floats
    drop: float
    """Norm of the linear residual over that of the right side."""
    products: int


class KrylovSpace(NamedTuple):
    """Vectors of one solve: the basis, and the preconditioned basis."""

    basis: Floats
    """(most + 1, n_cells, nvar)"""
    prepared: Floats
    """(most, n_cells, nvar)"""


def make_krylov_space(most: int, n_cells: int, n_variables: int) -> KrylovSpace:
    """Room for `most` products."""
    return KrylovSpace(np.empty((most + 1, n_cells, n_variables)), np.empty((most, n_cells, n_variables)))


@kernel
def norm(vector: Any) -> float:
    """Euclidean norm."""
    total = 0.0
    for i in range(vector.shape[0]):
        for j in range(vector.shape[1]):
            total += vector[i, j] * vector[i, j]
    return sqrt(total)


@kernel
def orthogonalize(basis: Any, k: int, out_column: Any) -> float:
    """Take the first k + 1 basis vectors out of the next one and normalize it; returns its length.

    Modified Gram-Schmidt; the sums run in one fixed order, so that they do not depend on threads.
    """
    vector = basis[k + 1]
    for m in range(k + 1):
        product = 0.0
        for i in range(vector.shape[0]):
            for j in range(vector.shape[1]):
                product += basis[m, i, j] * vector[i, j]
        out_column[m] = product
        for i in range(vector.shape[0]):
            for j in range(vector.shape[1]):
                vector[i, j] -= product * basis[m, i, j]
    total = 0.0
    for i in range(vector.shape[0]):
        for j in range(vector.shape[1]):
            total += vector[i, j] * vector[i, j]
    length = sqrt(total)
    if length > 0.0:
        for i in range(vector.shape[0]):
            for j in range(vector.shape[1]):
                vector[i, j] /= length
    return length


def gmres(
    apply: Operator, precondition: Operator, right_side: Floats, tolerance: float, space: KrylovSpace
) -> LinearSolution:
    """Solve apply(x) = right_side to a relative tolerance, without restart.

    Saad and Schultz 1986, SIAM J. Sci. Stat. Comput. 7, with Givens rotations; the flexible form (Saad
    1993) keeps the preconditioned vectors, so that no last solve is needed. Stops early, with what it has,
    where the numbers are no longer finite or the space is used up.
    """
    size = norm(right_side)
    if size == 0.0 or not np.isfinite(size):
        return LinearSolution(np.zeros_like(right_side), 0.0 if size == 0.0 else np.inf, 0)
    most = len(space.prepared)
    space.basis[0] = right_side / size
    triangle = np.zeros((most + 1, most))
    rotations: list[tuple[float, float]] = []
    target = np.zeros(most + 1)
    target[0] = size
    used = 0
    for k in range(most):
        precondition(space.basis[k], space.prepared[k])
        apply(space.prepared[k], space.basis[k + 1])
        length = orthogonalize(space.basis, k, triangle[:, k])
        if not np.isfinite(length):
            break
        if not _rotate(triangle, rotations, target, k, length):
            break
        used = k + 1
        if abs(target[used]) <= tolerance * size or length == 0.0:
            break
    weights = np.linalg.solve(triangle[:used, :used], target[:used])
    solution = np.einsum("k,kij->ij", weights, space.prepared[:used])
    return LinearSolution(solution, abs(target[used]) / size, used)


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
    length = float(np.hypot(column[k], below))
    if length == 0.0:
        return False
    cosine, sine = column[k] / length, below / length
    rotations.append((cosine, sine))
    column[k], column[k + 1] = length, 0.0
    target[k], target[k + 1] = cosine * target[k], -sine * target[k]
    return True
