"""Conditions under which leak laws hold: each gives the reason why it is not met, or an empty text."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeAlias

from breachflow.leak.breach import Leak
from breachflow.theory.rarefied.rarefaction import Regime

Condition: TypeAlias = Callable[[Leak], str]
"""Why a leak does not meet the condition; empty where it does."""

LONG: Final = 10.0
"""L/R (channel: L/H) from which the ends of a bore hardly matter to the flow of a rarefied gas."""
DENSE: Final = Regime.CONTINUUM.largest_knudsen
"""Kn up to which the gas is a continuum."""
COLLISIONLESS: Final = Regime.TRANSITIONAL.largest_knudsen
"""Kn from which molecules do not collide."""


def round_hole(leak: Leak) -> str:
    """The outline is round."""
    return "" if leak.round else "for round holes"


def slit(leak: Leak) -> str:
    """The outline is a slit."""
    return "for slits" if leak.round else ""


def straight(leak: Leak) -> str:
    """The bore goes straight through the wall."""
    return "for a bore along the normal of the wall" if leak.breach.angle > 0.0 else ""


def thin_wall(leak: Leak) -> str:
    """The depth is at most `breach.THIN` sizes."""
    return "" if leak.breach.thin else f"the wall is not thin: depth/size {leak.breach.depth_ratio:.3g}"


def sharp_edge(leak: Leak) -> str:
    """The upstream edge has no radius."""
    return "for a sharp edge" if leak.breach.edge_radius > 0.0 else ""


def choked(leak: Leak) -> str:
    """An ideal nozzle would be choked."""
    return "" if leak.choked else f"not choked: p_outside/p0 {leak.pressure_ratio:.3g}"


def dense_gas(leak: Leak) -> str:
    """The gas is a continuum, for any viscosity that it can have where it is not known."""
    low, high = leak.knudsen_bounds
    if low > DENSE:
        return f"rarefied gas: Kn {low:.2g} above {DENSE:g}"
    return f"Kn may be up to {high:.2g}, above {DENSE:g}: {leak.viscosity_unknown}" if high > DENSE else ""


def dense_gas_or_long(leak: Leak) -> str:
    """The gas is a continuum, or the bore is so long that its ends hardly matter."""
    return "" if leak.kinetic_length >= LONG else dense_gas(leak)


def no_collisions(leak: Leak) -> str:
    """The flow is free-molecular, for any viscosity that the gas can have where it is not known."""
    low, high = leak.knudsen_bounds
    if low >= COLLISIONLESS:
        return ""
    if high < COLLISIONLESS:
        return f"molecules collide: Kn {high:.2g} below {COLLISIONLESS:g}"
    return f"Kn may be as low as {low:.2g}, below {COLLISIONLESS:g}: {leak.viscosity_unknown}"


def viscosity_caution(leak: Leak) -> str:
    """That the gas may be rarefied where its viscosity is not known; empty where it cannot matter."""
    low, high = leak.knudsen_bounds
    if not leak.viscosity_unknown or high <= DENSE:
        return ""
    return (
        f"whether the gas is a continuum is not known ({leak.viscosity_unknown}): "
        f"Kn lies between {low:.2g} and {high:.2g}"
    )


def known_viscosity(leak: Leak) -> str:
    """The viscosity of the gas is known at rest and at the throat."""
    return leak.viscosity_unknown


def pressure_ratio(low: float, high: float) -> Condition:
    """low <= p_outside/p0 <= high.

    >>> from breachflow.leak.breach import Breach, Section, LeakState
    >>> from breachflow.constants import SPECIES
    >>> state = LeakState(SPECIES["air"], 1e5, 295.0, outside_pressure=1e3)
    >>> pressure_ratio(0.05, 1.0)(Leak(Breach(Section.ROUND, 2e-3), state))
    'p_outside/p0 0.01 is below 0.05'
    """

    def check(leak: Leak) -> str:
        return _between("p_outside/p0", leak.pressure_ratio, low, high)

    return check


def depth_ratio(low: float, high: float = math.inf) -> Condition:
    """low <= depth/size <= high."""

    def check(leak: Leak) -> str:
        return _between("depth/size", leak.breach.depth_ratio, low, high)

    return check


def kinetic_length(low: float) -> Condition:
    """Depth over the radius, or over the width of a slit, is at least `low`."""

    def check(leak: Leak) -> str:
        return _between("depth/radius" if leak.round else "depth/width", leak.kinetic_length, low, math.inf)

    return check


def edge_ratio(low: float) -> Condition:
    """Edge radius over size is at least `low`."""

    def check(leak: Leak) -> str:
        ratio = leak.breach.edge_radius / leak.breach.size
        return _between("edge radius/size", ratio, low, math.inf)

    return check


def delta(low: float = 0.0, high: float = math.inf) -> Condition:
    """The rarefaction parameter is between two values."""

    def check(leak: Leak) -> str:
        if leak.viscosity_unknown:
            return f"delta unknown: {leak.viscosity_unknown}"
        return _between("delta", leak.delta, low, high)

    return check


def reynolds(low: float) -> Condition:
    """The Reynolds number of the ideal flow is at least `low`."""

    def check(leak: Leak) -> str:
        number = leak.reynolds(leak.ideal)
        return f"Reynolds number {number:.3g} is below {low:g}" if number < low else ""

    return check


def _between(name: str, value: float, low: float, high: float) -> str:
    """Why a value is not in a range; empty where it is."""
    if low <= value <= high:
        return ""
    return f"{name} {value:.3g} is {'below' if value < low else 'above'} {low if value < low else high:g}"
