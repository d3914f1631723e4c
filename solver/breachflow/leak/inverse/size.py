"""The inverse of a law: which size of an opening leaks as much; no numpy."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

from breachflow.leak.blend.best_estimate import best_estimate
from breachflow.leak.breach import SMALLEST_ASPECT, Breach, LeakState, Section
from breachflow.leak.real_gas import require_gas

LEAST, LARGEST = 1e-12, 1e3
"""Sizes, m, between which an opening is looked for: a molecule, and more than any hull."""

CLOSE: Final = 1e-10
"""Relative difference of the flow at which the size is found."""

MOST_TRIES: Final = 80

LEAST_EXPONENT, LARGEST_EXPONENT = 1.0, 4.0
"""Exponents n of a flow that grows as size^n: a thin slit has 1, a hole 2, laminar flow through a crack 3 and
through a tube 4."""

FIRST_EXPONENT: Final = 2.0
FIRST_SIZE: Final = 1e-3
"""The size to begin with, m."""


class OpeningFamily(NamedTuple):
    """Openings that differ in their size alone, lengths in m."""

    depth: float = 0.0
    """Length along the flow: thickness of the wall."""
    length: float | None = None
    """Length of a slit or crack along the wall; None for a round hole."""
    edge_radius: float = 0.0
    angle: float = 0.0

    def of(self, size: float) -> Breach:
        """The opening of a size: the diameter of a round hole, the width of a slit."""
        section = Section.ROUND if self.length is None else Section.SLIT
        return Breach(section, size, self.depth, self.length, self.edge_radius, self.angle)

    @property
    def largest(self) -> float:
        """Largest size, m, that such an opening can have."""
        return LARGEST if self.length is None else self.length / SMALLEST_ASPECT


THIN_ROUND: Final = OpeningFamily()


def equivalent_hole(state: LeakState, mass_flow: float) -> float | None:
    """Diameter, m, of a thin round hole with a mass flow, kg/s, above 0, by the best estimate.

    None where the hole would be smaller than a molecule or larger than any hull. Raises OutOfRange where a
    liquid is inside, or the best estimate has no answer for the gas.

    >>> from breachflow.constants import SPECIES
    >>> state = LeakState(SPECIES["air"], 101325.0, 295.0)
    >>> round(1e3 * equivalent_hole(state, 53.75 / 86400), 3)
    2.0
    """
    require_gas(state)
    return size_of(THIN_ROUND, mass_flow, lambda breach: best_estimate(breach, state).mass_flow)


def size_of(
    family: OpeningFamily, mass_flow: float, flow_of: Callable[[Breach], float], first: float = FIRST_SIZE
) -> float | None:
    """Size, m, of the opening of a family with a mass flow, kg/s, above 0.

    The flow grows with the size. Its logarithm is followed along that of the size by secants, between the
    closest sizes known to leak less and more. None where no size between a molecule and the largest of the
    family has this flow. Raises what `flow_of` raises.

    A flow that grows as the square of the diameter:

    >>> round(size_of(THIN_ROUND, 9e-4, lambda breach: 100.0 * breach.size**2), 12)
    0.003
    """
    low, high = math.log(LEAST), math.log(family.largest)
    untried = {low, high}
    at, exponent, before = min(math.log(first), high), FIRST_EXPONENT, None
    for _ in range(MOST_TRIES):
        missing = math.log(mass_flow / flow_of(family.of(math.exp(at))))
        untried.discard(at)
        low, high = (at, high) if missing > 0.0 else (low, at)
        if low == high:
            return None
        if abs(missing) < CLOSE or high - low < CLOSE / LARGEST_EXPONENT:
            return math.exp(at)
        if before is not None:
            exponent = _exponent((before[1] - missing) / (at - before[0]))
        before, at = (at, missing), _next(at + missing / exponent, low, high, untried)
    return None


def _exponent(secant: float) -> float:
    """The exponent by a secant, between the least and the largest of any opening."""
    return min(max(secant, LEAST_EXPONENT), LARGEST_EXPONENT)


def _next(step: float, low: float, high: float, untried: set[float]) -> float:
    """The step where it lies between the bounds; else the bound where it was not tried yet, or the middle."""
    if low < step < high:
        return step
    bound = low if step <= low else high
    return bound if bound in untried else 0.5 * (low + high)
