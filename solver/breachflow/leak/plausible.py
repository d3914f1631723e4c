"""Openings and gases that do not exist: numbers that are right in themselves, and a misprint most likely."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.leak.breach import Leak

LARGEST_OPENING: Final = 10.0
"""m: more than the diameter of any pressurized hull."""

THINNEST_WALL: Final = 1e-9
"""m: a few atoms."""

LEAST_GAMMA: Final = 1.02
"""Heavy vapors near 300 K have 1.03 to 1.06."""


def implausible(leak: Leak) -> Iterator[str]:
    """What of a leak cannot be, in words.

    >>> from breachflow.constants import SPECIES
    >>> from breachflow.leak.breach import Breach, LeakState, Section
    >>> leak = Leak(Breach(Section.ROUND, 1000.0, 1e-12), LeakState(SPECIES["air"], 101325.0, 295.0))
    >>> for text in implausible(leak):
    ...     print(text)
    an opening of 1000 m is larger than any pressurized hull: is its unit right?
    a wall of 1e-12 m is thinner than its atoms: a knife edge has 0 mm
    """
    breach, gamma = leak.breach, leak.state.gas.heat_capacity_ratio
    if breach.size > LARGEST_OPENING:
        yield f"an opening of {breach.size:g} m is larger than any pressurized hull: is its unit right?"
    if 0.0 < breach.depth < THINNEST_WALL:
        yield f"a wall of {breach.depth:g} m is thinner than its atoms: a knife edge has 0 mm"
    if gamma < LEAST_GAMMA:
        yield f"no gas has gamma = {gamma:g}: large molecules have 1.03 and more"
