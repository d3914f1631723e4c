"""The thin round hole that leaks as much; no numpy."""

from __future__ import annotations

import math
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.leak.blend.best_estimate import best_estimate
from breachflow.leak.breach import Breach, LeakState, Section
from breachflow.leak.real_gas import liquid_inside

LEAST, LARGEST = 1e-12, 1e3
"""Diameters, m, between which an equivalent hole is looked for."""

CLOSE: Final = 1e-10
"""Relative difference of the flow at which the equivalent hole is found."""

MOST_TRIES: Final = 60


def equivalent_hole(state: LeakState, mass_flow: float) -> float | None:
    """Diameter, m, of a thin round hole with a mass flow, kg/s, above 0.

    By the best estimate, whose flow grows as d^2 but for a slowly changing coefficient. None where the hole
    would be smaller than a molecule or larger than any hull. Raises OutOfRange where a liquid is inside, or
    the best estimate has no answer for the gas.

    >>> from breachflow.constants import SPECIES
    >>> state = LeakState(SPECIES["air"], 101325.0, 295.0)
    >>> round(1e3 * equivalent_hole(state, 53.75 / 86400), 3)
    2.0
    """
    if liquid := liquid_inside(state):
        raise OutOfRange(f"{liquid}; the laws are for gases (`breachflow liquid` bounds liquids)")
    diameter = 1e-3
    for _ in range(MOST_TRIES):
        ratio = mass_flow / best_estimate(Breach(Section.ROUND, diameter), state).mass_flow
        diameter *= math.sqrt(ratio)
        if not LEAST <= diameter <= LARGEST:
            return None
        if abs(ratio - 1.0) < CLOSE:
            break
    return diameter
