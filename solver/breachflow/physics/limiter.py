"""Limiters: how much of a cell's gradient reaches its faces.

They compare the jump `central` between two neighbors with the jump `upwind` that the cell's own gradient
predicts behind it, and return a factor for the gradient. `noise` is a jump too small to care about, as a
square; it keeps the factor smooth at extrema, without which steady runs stall.

Adding one: a name in `Limiter`, a function here, a line in `limiter_factor`.
"""

from __future__ import annotations

from enum import IntEnum

from breachflow.compiled import pointwise


class Limiter(IntEnum):
    """The limiters on offer."""

    VAN_ALBADA = 0
    VAN_LEER = 1
    NONE = 2


@pointwise
def limiter_van_albada(product: float, squares: float, noise: float) -> tuple[float, float]:
    """2 a b/(a^2 + b^2) for a b > 0 (van Albada, van Leer and Roberts 1982)."""
    return max(2.0 * product + noise, 0.0), squares + noise


@pointwise
def limiter_van_leer(product: float, squares: float, noise: float) -> tuple[float, float]:
    """4 a b/(a + b)^2 for a b > 0: the harmonic mean (van Leer 1974)."""
    positive = max(product, 0.0)
    return 4.0 * positive + noise, squares + 2.0 * positive + noise


@pointwise
def limiter_factor(
    limiter: int, product: float, upwind_square: float, central_square: float, noise: float
) -> float:
    """Factor in [0, 1] by the limiter of the given code; for vectors from their scalar products.

    Products make the same formula serve a scalar and a velocity, and leave it free of any axis. Limiters
    give their numerator and denominator, so that a vector of faces divides once, whatever the limiter.
    """
    squares = upwind_square + central_square
    numerator, denominator = 1.0, 1.0
    if limiter == Limiter.VAN_ALBADA:
        numerator, denominator = limiter_van_albada(product, squares, noise)
    if limiter == Limiter.VAN_LEER:
        numerator, denominator = limiter_van_leer(product, squares, noise)
    return numerator / denominator
