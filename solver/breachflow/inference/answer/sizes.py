"""Openings that leak as much: a thin round hole, or a crack of a given length and depth."""

from __future__ import annotations

import math
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.inference.answer.values import Interval90
from breachflow.leak.blend.best_estimate import best_estimate
from breachflow.leak.breach import Breach, LeakState, Section
from breachflow.leak.reserve.equivalent import equivalent_hole

NARROWEST, WIDEST = 1e-9, 0.1
"""Openings of a crack, m, between which one is looked for."""
CLOSE: Final = 1e-6
"""Relative difference of the flow at which it is found."""
MOST_TRIES: Final = 60


def hole_of(state: LeakState, mass_flow: Interval90 | None) -> Interval90 | None:
    """Diameter, m, of a thin round hole with this flow, kg/s; None without a flow, or where there is none."""
    if mass_flow is None:
        return None
    try:
        found = [None if flow is None else _hole(state, flow) for flow in _ends(mass_flow)]
    except OutOfRange:
        return None
    return Interval90(*found)


def crack_of(
    state: LeakState, mass_flow: Interval90 | None, size: tuple[float, float] | None
) -> Interval90 | None:
    """Opening, m, of a crack of this length and depth, m, with this flow, kg/s, by the best estimate.

    None without a flow or a size, and where the laws have no answer for the gas.
    """
    if mass_flow is None or size is None:
        return None
    try:
        found = [None if flow is None else crack_opening(state, flow, *size) for flow in _ends(mass_flow)]
    except OutOfRange:
        return None
    return None if found[0] is None else Interval90(*found)


def crack_opening(state: LeakState, mass_flow: float, length: float, depth: float) -> float | None:
    """Opening, m, of a crack with this flow, kg/s; 0 where there is none, None where no crack leaks so much.

    The flow grows as a power of the opening that changes slowly: the next guess goes along the last two in
    the logarithm. Raises OutOfRange where the best estimate has no answer.

    >>> from breachflow.constants import SPECIES
    >>> state = LeakState(SPECIES["air"], 97325.0, 295.0)
    >>> flow = best_estimate(Breach(Section.SLIT, 17.7e-6, 2e-3, 30e-3), state).mass_flow
    >>> round(1e6 * crack_opening(state, flow, 30e-3, 2e-3), 3)
    17.7
    """
    if mass_flow <= 0.0:
        return 0.0
    opening, power = 20e-6, 3.0
    before: tuple[float, float] | None = None
    for _ in range(MOST_TRIES):
        if opening >= length:
            return None
        flow = best_estimate(Breach(Section.SLIT, opening, depth, length), state).mass_flow
        away = math.log(mass_flow / flow)
        if abs(away) < CLOSE:
            return opening
        if before is not None and before[0] != opening:
            power = min(max((before[1] - away) / math.log(opening / before[0]), 1.0), 4.0)
        before = opening, away
        opening *= math.exp(min(max(away / power, -2.0), 2.0))
        if not NARROWEST <= opening <= WIDEST:
            return None
    return opening


def _ends(flow: Interval90) -> tuple[float | None, float | None, float | None]:
    return flow.median, flow.low, flow.high


def _hole(state: LeakState, flow: float) -> float | None:
    return 0.0 if flow <= 0.0 else equivalent_hole(state, flow)
