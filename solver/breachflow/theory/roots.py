"""Roots and maxima of functions of one variable; no numpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

BISECTIONS: Final = 100
"""Number of bisections; they reduce the width of a bracket by a factor of 1e30, to rounding."""
GOLDEN: Final = 0.5 * (5.0**0.5 - 1.0)
GOLDEN_STEPS: Final = 40


def bisect(function: Callable[[float], float], low: float, high: float) -> float:
    """Root of an increasing function bracketed by [low, high], to machine accuracy.

    >>> round(bisect(lambda x: x * x - 2.0, 0.0, 2.0), 12)
    1.414213562373
    """
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        if function(middle) > 0.0:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)


def bisect_above(function: Callable[[float], float], low: float, first: float) -> float:
    """Root of an increasing function above `low`, by bisection up to `first` or its doubles.

    The function must become positive or zero somewhere above `low`.

    >>> round(bisect_above(lambda x: x * x - 50.0, 1.0, 2.0), 12)
    7.071067811865
    """
    high = first
    while function(high) < 0.0:
        high *= 2.0
    return bisect(function, low, high)


def maximum(function: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """Place and value of the maximum of a function with one peak in [low, high], by golden section.

    The value is exact to rounding, the place to half the digits.

    >>> place, value = maximum(lambda x: x * (1.0 - x), 0.0, 1.0)
    >>> round(place, 6), round(value, 12)
    (0.5, 0.25)
    """
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    for _ in range(GOLDEN_STEPS):
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = function(right)
    return (left, at_left) if at_left > at_right else (right, at_right)
