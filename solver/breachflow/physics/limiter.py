"""The limiter of the given code, applied to one face."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from breachflow.compiled import chosen_by_code, pointwise
from breachflow.physics import limiters

fraction_of_gradient: Callable[[int, float, float, float], tuple[float, float]] = chosen_by_code(
    [getattr(import_module(f"{limiters.__name__}.{name}"), f"limiter_{name}") for name in limiters.NAMES]
)
"""Numerator and denominator of the limiter's factor: (code, product, squares, threshold)."""


@pointwise
def limiter_factor(
    limiter: int, product: float, upwind_square: float, central_square: float, threshold: float
) -> float:
    """Factor in [0, 1] by the limiter of the given code; for vectors from their scalar products.

    `product` is the product of the upwind and the central jump; `threshold` is the square of a jump too small
    to limit.
    Products make the same formula serve a scalar and a velocity, and leave it free of any axis.
    """
    numerator, denominator = fraction_of_gradient(limiter, product, upwind_square + central_square, threshold)
    return numerator / denominator
