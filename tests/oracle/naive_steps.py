"""Slow, plain reference steps: dense factorization, the floor, the update of a steady step."""

from __future__ import annotations

import numpy as np
from naive_physics import to_conserved, to_primitive


def block_ilu(matrix: np.ndarray, pattern: np.ndarray) -> np.ndarray:
    """ILU(0) in its IKJ form (Saad 2003, algorithm 10.4) on a dense array (n, n, k, k) of blocks."""
    a = matrix.copy()
    n = len(a)
    for i in range(1, n):
        for k in range(i):
            if not pattern[i, k]:
                continue
            a[i, k] = a[i, k] @ np.linalg.inv(a[k, k])
            for j in range(k + 1, n):
                if pattern[i, j] and pattern[k, j]:
                    a[i, j] -= a[i, k] @ a[k, j]
    return a


def triangles(factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Dense L (unit diagonal) and U of the factors."""
    n, _, k, _ = factors.shape
    lower, upper = np.eye(n * k), np.zeros((n * k, n * k))
    for i in range(n):
        for j in range(n):
            target = lower if j < i else upper
            target[i * k : i * k + k, j * k : j * k + k] = factors[i, j]
    return lower, upper


def floored(u: np.ndarray, density: float, pressure: float, gamma: float) -> tuple[np.ndarray, bool]:
    """Gas thinner than the floor becomes the floor state at rest; colder gas is heated to its pressure."""
    w = to_primitive(u, gamma)
    if w[0] < density:
        return to_conserved(np.array([density, 0.0, 0.0, max(w[3], pressure)]), gamma), True
    if w[3] < pressure:
        return to_conserved(np.array([w[0], *w[1:3], pressure]), gamma), True
    return u, False


def updated(
    u: np.ndarray, change: np.ndarray, scale: np.ndarray, fall: float, rise: float, gamma: float
) -> tuple[np.ndarray, float]:
    """State of a cell after the largest fraction of the change within the limits of density and pressure.

    The fraction for the density is explicit; for the pressure it is halved. After 30 halvings it is zero.
    """
    allowed = rise if change[0] > 0.0 else fall
    fraction = min(1.0, allowed / abs(change[0])) if change[0] else 1.0
    before = to_primitive(u, gamma)[3]
    for _ in range(30):
        moved = u + fraction * scale * change
        after = to_primitive(moved, gamma)[3]
        if (1.0 - fall) * before <= after <= (1.0 + rise) * before:
            return moved, fraction
        fraction /= 2.0
    return u, fraction
