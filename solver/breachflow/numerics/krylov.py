"""GMRES with right preconditioning, for operators that are known only by their products."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from breachflow.mesh.mesh import Floats

Operator = Callable[[Floats], Floats]


class LinearSolution(NamedTuple):
    """What GMRES found."""

    solution: Floats
    drop: float
    """Norm of the linear residual over that of the right side."""
    products: int


def gmres(apply: Operator, precondition: Operator, right_side: Floats, tolerance: float, most: int) -> LinearSolution:
    """Solve apply(x) = right_side to a relative tolerance, in at most `most` products, without restart.

    Saad and Schultz 1986, SIAM J. Sci. Stat. Comput. 7, with modified Gram-Schmidt and Givens rotations;
    the flexible form (Saad 1993) keeps the preconditioned vectors, so that no last solve is needed.
    """
    size = float(np.linalg.norm(right_side))
    if size == 0.0:
        return LinearSolution(np.zeros_like(right_side), 0.0, 0)
    basis = [right_side / size]
    prepared: list[Floats] = []
    triangle = np.zeros((most + 1, most))
    rotations: list[tuple[float, float]] = []
    target = np.zeros(most + 1)
    target[0] = size
    used = 0
    for k in range(most):
        prepared.append(precondition(basis[k]))
        vector = apply(prepared[k])
        for i in range(k + 1):
            triangle[i, k] = np.vdot(basis[i], vector)
            vector -= triangle[i, k] * basis[i]
        length = float(np.linalg.norm(vector))
        _rotate(triangle, rotations, target, k, length)
        used = k + 1
        if abs(target[used]) <= tolerance * size or length == 0.0 or not np.isfinite(length):
            break
        basis.append(vector / length)
    weights = np.linalg.solve(triangle[:used, :used], target[:used])
    solution = sum((w * v for w, v in zip(weights, prepared, strict=True)), np.zeros_like(right_side))
    return LinearSolution(solution, abs(target[used]) / size, used)


def _rotate(triangle: Floats, rotations: list[tuple[float, float]], target: Floats, k: int, below: float) -> None:
    """Keep the Hessenberg matrix triangular: old rotations on the new column, then a new one."""
    column = triangle[:, k]
    for i, (cosine, sine) in enumerate(rotations):
        column[i], column[i + 1] = (
            cosine * column[i] + sine * column[i + 1],
            cosine * column[i + 1] - sine * column[i],
        )
    length = float(np.hypot(column[k], below))
    cosine, sine = (column[k] / length, below / length) if length > 0.0 else (1.0, 0.0)
    rotations.append((cosine, sine))
    column[k], column[k + 1] = length, 0.0
    target[k], target[k + 1] = cosine * target[k], -sine * target[k]
