"""Ranges that many formulas share: positive numbers, heat-capacity ratios, pressure ratios; no numpy."""

from __future__ import annotations

import math
from typing import Final

from breachflow.errors import OutOfRange

GAMMA_RANGE: Final = (1.0, 5.0 / 3.0)
"""Heat-capacity ratios of gases: above 1, at most the monatomic 5/3 (kinetic theory)."""


def require_positive(name: str, value: float) -> None:
    """Raises OutOfRange unless `value` is a finite positive number; `name` stands in the message.

    >>> require_positive("volume", 0.0)
    Traceback (most recent call last):
    breachflow.errors.OutOfRange: volume = 0 must be a finite number above 0
    """
    if not (math.isfinite(value) and value > 0.0):
        raise OutOfRange(f"{name} = {value:g} must be a finite number above 0")


def require_gamma(gamma: float) -> None:
    """Raises OutOfRange unless 1 < gamma <= 5/3; rounding of 5/3 is allowed for."""
    if not GAMMA_RANGE[0] < gamma <= GAMMA_RANGE[1] + 1e-9:
        raise OutOfRange(f"heat-capacity ratio gamma = {gamma:g} must lie in (1, 5/3]")


def require_pressure_ratio(pressure_ratio: float) -> None:
    """Raises OutOfRange unless 0 <= r <= 1, where r = p_outside/p0."""
    if not 0.0 <= pressure_ratio <= 1.0:
        raise OutOfRange(
            f"pressure ratio p_outside/p0 = {pressure_ratio:g} must lie in [0, 1]: gas flows from p0 outwards"
        )
