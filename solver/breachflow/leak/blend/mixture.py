"""Estimates of one flow from several laws, joined by weights that change smoothly; no numpy."""

from __future__ import annotations

import math
from typing import NamedTuple

from breachflow.theory.coefficient import Coefficient


class Part(NamedTuple):
    """An estimate of a flow, in any one unit, with its uncertainty and the laws that it rests on."""

    value: float
    uncertainty: float
    """Absolute: one standard deviation."""
    basis: dict[str, float]
    """Weight of each law; the sum is 1."""

    def times(self, factor: float) -> Part:
        """The estimate in another unit."""
        return Part(self.value * factor, self.uncertainty * factor, self.basis)


def part_of(coefficient: Coefficient, law: str) -> Part:
    """An estimate that rests on one law."""
    return Part(coefficient.value, coefficient.uncertainty, {law: 1.0})


def mixed(weight: float, one: Part, other: Part) -> Part:
    """Mean and standard deviation of a mixture of two estimates; `weight` is the weight of the first.

    The variance is the mean of both variances, plus weight (1 - weight) times the square of the difference.
    Equal weights of 0.9 and 1.1, each ± 0.03, give the root of 0.03^2 + 0.1^2.

    >>> part = mixed(0.5, Part(0.9, 0.03, {"a": 1.0}), Part(1.1, 0.03, {"b": 1.0}))
    >>> part.value, round(part.uncertainty, 5), part.basis
    (1.0, 0.1044, {'a': 0.5, 'b': 0.5})
    """
    if weight in (0.0, 1.0):
        return one if weight == 1.0 else other
    rest = 1.0 - weight
    variance = weight * one.uncertainty**2 + rest * other.uncertainty**2
    variance += weight * rest * (one.value - other.value) ** 2
    value = weight * one.value + rest * other.value
    return Part(value, math.sqrt(variance), joined_basis((weight, one.basis), (rest, other.basis)))


def joined_basis(*parts: tuple[float, dict[str, float]]) -> dict[str, float]:
    """Weights of laws in a mixture: the sum of each basis times its weight."""
    found: dict[str, float] = {}
    for weight, basis in parts:
        for name, part in basis.items():
            found[name] = found.get(name, 0.0) + weight * part
    return found


def smooth_step(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, and between them s^2 (3 - 2 s) with s linear in the logarithm.

    >>> round(smooth_step(10.0, 1.0, 100.0), 12)
    0.5
    """
    if value <= low:
        return 0.0
    step = min(math.log(value / low) / math.log(high / low), 1.0)
    return step * step * (3.0 - 2.0 * step)
