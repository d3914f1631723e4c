"""Leaks of a hull and of the seal of a shut hatch, told apart by two pressures behind it; no numpy.

Behind a shut hatch the pressure is p, before it P. The hull loses K_h p^n into the vacuum, the seal lets in
K_s (P^m - p^m). With H = K_h P^n and S = K_s P^m, the flows of both at P into a vacuum, the net loss is

    w = H (p/P)^n - S (1 - (p/P)^m),                                                                      (1)

linear in H and S: two pressures give both, one does not. More are fitted by weighted least squares.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_positive

ALIKE = 1e-12
"""Share of the squared products below which the equations of all levels are one."""


class NetLoss(NamedTuple):
    """The net loss behind the hatch at a pressure; any units."""

    pressure: float
    loss: float
    deviation: float
    """One standard deviation."""


class SealLaw(NamedTuple):
    """The laws of both leaks, and the pressure before the hatch."""

    outside: float
    hull_exponent: float
    seal_exponent: float

    def equation(self, pressure: float) -> tuple[float, float]:
        """Factors of H and S in (1)."""
        ratio = pressure / self.outside
        return ratio**self.hull_exponent, ratio**self.seal_exponent - 1.0


class BothLeaks(NamedTuple):
    """H and S of (1) with their standard deviations, in the unit of the losses."""

    hull: float
    hull_deviation: float
    seal: float
    seal_deviation: float
    correlation: float
    misfit: float
    """Weighted sum of squares that is left; as many as there are levels beyond two are expected."""


def both_leaks(levels: Sequence[NetLoss], law: SealLaw) -> BothLeaks | None:
    """The two leaks by weighted least squares; None where the levels do not tell them apart.

    Raises OutOfRange unless pressures and deviations are positive.

    A tunnel behind a hatch, 731 mmHg before it, both by p^2; kg/day. 700 and 400 mmHg tell the seal to
    +-0.03, 700 and 650 mmHg to +-0.19.

    >>> law = SealLaw(731.0, 2.0, 2.0)
    >>> found = both_leaks([NetLoss(700.0, 1.53396, 0.02), NetLoss(400.0, 0.29884, 0.02)], law)
    >>> [round(value, 4) for value in found[:4]]
    [1.7, 0.0228, 0.3, 0.0312]
    >>> near = both_leaks([NetLoss(700.0, 1.53396, 0.02), NetLoss(650.0, 1.28148, 0.02)], law)
    >>> round(near.seal_deviation, 2)
    0.19
    """
    rows = [(*law.equation(level.pressure), level.loss, _weight(level)) for level in levels]
    hh, ss, hs = (sum(w * product for w, product in _products(rows, i)) for i in range(3))
    h, s = (sum(row[3] * row[i] * row[2] for row in rows) for i in range(2))
    determinant = hh * ss - hs**2
    if determinant <= ALIKE * hh * ss:
        return None
    hull, seal = (ss * h - hs * s) / determinant, (hh * s - hs * h) / determinant
    return BothLeaks(
        hull, math.sqrt(ss / determinant), seal, math.sqrt(hh / determinant), -hs / math.sqrt(hh * ss),
        sum(row[3] * (row[2] - hull * row[0] - seal * row[1]) ** 2 for row in rows),
    )  # fmt: skip


def _products(rows: Sequence[tuple[float, float, float, float]], which: int) -> list[tuple[float, float]]:
    """Weights with squares of the factor of H, of S, or their product."""
    i, j = ((0, 0), (1, 1), (0, 1))[which]
    return [(row[3], row[i] * row[j]) for row in rows]


def _weight(level: NetLoss) -> float:
    """Raises OutOfRange unless the pressure and the deviation are positive."""
    require_positive("pressure", level.pressure)
    require_positive("standard deviation", level.deviation)
    if not math.isfinite(level.loss):
        raise OutOfRange(f"a loss of {level.loss:g} must be finite")
    return level.deviation**-2
