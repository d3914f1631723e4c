"""Openings that leak as much: a thin round hole, or a crack of a given length and depth."""

from __future__ import annotations

import math
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.inference.answer.values import Interval90
from breachflow.leak.blend.best_estimate import best_estimate
from breachflow.leak.breach import LeakState
from breachflow.leak.inverse.size import THIN_ROUND, OpeningFamily, size_of

NINETY: Final = 1.6449
"""Standard deviations to each end of a 90 % interval."""
STEP: Final = 1e-2
"""Relative step of a flow by which the exponent of the size is found."""


def hole_of(state: LeakState, mass_flow: Interval90 | None) -> Interval90 | None:
    """Diameter, m, of a thin round hole with this flow, kg/s; None without a flow, or where there is none."""
    return None if mass_flow is None else _sizes(THIN_ROUND, state, mass_flow)


def crack_of(
    state: LeakState, mass_flow: Interval90 | None, size: tuple[float, float] | None
) -> Interval90 | None:
    """Opening, m, of a crack of this length and depth, m, with this flow, kg/s.

    None without a flow or a size, and where no such crack leaks as much.
    """
    if mass_flow is None or size is None:
        return None
    length, depth = size
    return _sizes(OpeningFamily(depth, length), state, mass_flow)


def _sizes(family: OpeningFamily, state: LeakState, flow: Interval90) -> Interval90 | None:
    """Sizes, m, by the best estimate, whose own uncertainty is part of the interval."""
    assert flow.median is not None
    if flow.median <= 0.0:
        return None
    try:
        middle, more = (_size(family, state, factor * flow.median) for factor in (1.0, 1.0 + STEP))
        low, high = (
            0.0 if not end or end <= 0.0 else _size(family, state, end) for end in (flow.low, flow.high)
        )
        if middle is None or more is None or low is None or high is None:
            return None
        best = best_estimate(family.of(middle), state)
    except OutOfRange:
        return None
    law = best.uncertainty / best.mass_flow
    own = NINETY * law * math.log(more / middle) / math.log1p(STEP)
    return Interval90(middle, _wider(middle, low, own), _wider(middle, high, own))


def _size(family: OpeningFamily, state: LeakState, mass_flow: float) -> float | None:
    return size_of(
        family,
        mass_flow,
        lambda breach: best_estimate(breach, state).mass_flow,
        min(1e-3, 0.1 * family.largest),
    )


def _wider(middle: float, end: float, own: float) -> float:
    """An end of an interval with a relative uncertainty that adds in squares."""
    if end <= 0.0:
        return 0.0
    away = math.log(end / middle)
    return middle * math.exp(math.copysign(math.hypot(away, own), away))
