"""The thin round hole that leaks as much as a cabin does; no numpy."""

from __future__ import annotations

import math
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.leak.blend.best_estimate import best_estimate
from breachflow.leak.breach import Breach, LeakState, Section
from breachflow.leak.real_gas import liquid_inside, real_gas_caution
from breachflow.leak.reserve.cabin import LeakingCabin

LEAST, LARGEST = 1e-12, 1e3
"""Diameters, m, between which an equivalent hole is looked for."""

CLOSE: Final = 1e-10
"""Relative difference of the flow at which the equivalent hole is found."""

MOST_TRIES: Final = 60


def equivalent_hole(
    cabin: LeakingCabin, pressure: float, mass_flow: float
) -> tuple[float | None, tuple[str, ...]]:
    """Diameter, m, of a thin round hole into vacuum with a mass flow, kg/s; and cautions on the gas.

    By the best estimate, whose flow grows as d^2 but for a slowly changing coefficient. None where the hole
    would be smaller than a molecule or larger than any hull. Raises OutOfRange where a liquid is inside, or
    the best estimate has no answer for the gas.

    >>> from breachflow.constants import SPECIES
    >>> cabin = LeakingCabin(SPECIES["air"], 295.0, True, 1005.0, 0.0, 65e3, True)
    >>> round(1e3 * equivalent_hole(cabin, 101325.0, 53.75 / 86400)[0], 3)
    2.0
    """
    state = LeakState(cabin.gas, pressure, cabin.temperature)
    if liquid := liquid_inside(state):
        raise OutOfRange(f"{liquid}; the laws are for gases")
    caution = real_gas_caution(state)
    diameter = 1e-3
    for _ in range(MOST_TRIES):
        ratio = mass_flow / best_estimate(Breach(Section.ROUND, diameter), state).mass_flow
        diameter *= math.sqrt(ratio)
        if not LEAST <= diameter <= LARGEST:
            return None, (f"{caution}.",) if caution else ()
        if abs(ratio - 1.0) < CLOSE:
            break
    return diameter, (f"{caution}.",) if caution else ()
