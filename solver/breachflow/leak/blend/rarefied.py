"""Rarefied gas through a hole or a short bore into vacuum, by published simulations; no numpy at import.

The simulations are of a monatomic gas and of round sections. For another gas their rise above effusion is
scaled to the limit of that gas in dense flow. A slit has the rise of a round hole, and Clausing's
free-molecular limit of a channel.
"""

from __future__ import annotations

import math
from typing import Final

from breachflow.leak.blend.dense import thin_flow
from breachflow.leak.blend.mixture import Part
from breachflow.leak.breach import Leak
from breachflow.theory.rarefied import rarefaction, short_tube, transmission

LONGEST: Final = short_tube.LENGTH_RANGE[1]
"""Largest L/R (channel: L/H) of the simulations."""

SHORTEST: Final = 1e-6
"""L/H below which a channel is a thin slit: the ratio of resistances is 0/0 there."""

OTHER_GAS_FRACTION: Final = 0.5
"""Uncertainty as a fraction of the correction of the simulations to another gas."""
OTHER_SECTION_UNCERTAINTY: Final = 0.10
"""Relative uncertainty of a slit by the rise and the resistance of round holes, half-way up the rise."""


def rise_fraction(delta: float) -> float:
    """Fraction of the rise of W from effusion to dense gas, for a thin hole; 0 at delta = 0, at most 1.

    By Sharipov's fit; raises OutOfRange for delta < 0.

    >>> [round(rise_fraction(delta), 3) for delta in (0.0, 1.0, 10.0, 1000.0)]
    [0.0, 0.246, 0.887, 1.0]
    """
    high = rarefaction.THIN_HOLE_RANGE[1]
    rise = rarefaction.thin_hole_flow(min(delta, high)) - 1.0
    return min(rise / (rarefaction.thin_hole_flow(high) - 1.0), 1.0)


def simulated_flow(leak: Leak) -> Part:
    """W into vacuum of a bore, with L/R (or L/H) limited to 10 and delta to 2000.

    Raises OutOfRange unless 1.05 <= gamma <= 5/3.
    """
    delta = min(leak.delta, rarefaction.THIN_HOLE_RANGE[1])
    length = min(leak.kinetic_length, LONGEST)
    simulation, hole = short_tube.short_tube_flow(delta, length), rarefaction.thin_hole_flow(delta)
    limit = thin_flow(leak.into_vacuum())
    scale = rarefaction.thin_hole_flow_of_gas(delta, limit.value) / hole
    section = _of_section(leak, simulation.value, hole, length)
    # The inviscid limit of the gas matters less in a longer bore.
    weight = min(section / hole, 1.0)
    value = section * scale**weight
    rise = rise_fraction(delta)
    half_way = 4.0 * rise * (1.0 - rise)
    parts = (
        simulation.uncertainty / simulation.value,
        OTHER_GAS_FRACTION * abs(scale - 1.0) * (half_way + 1.0 - weight),
        rise * weight * limit.uncertainty / limit.value,
        0.0 if leak.round else OTHER_SECTION_UNCERTAINTY * (half_way + rise * (1.0 - weight)),
    )
    law = "sharipov" if leak.breach.thin else "short-tube"
    return Part(value, value * math.hypot(*parts), {law: 1.0})


def _of_section(leak: Leak, tube: float, hole: float, length: float) -> float:
    """W of a channel from that of a tube, with the same resistance of the bore over Clausing's."""
    if leak.round or length < SHORTEST:
        return tube
    resistance = (hole / tube - 1.0) / (1.0 / transmission.tube_transmission(length) - 1.0)
    return hole / (1.0 + resistance * (1.0 / transmission.channel_transmission(length) - 1.0))


def transmission_probability(leak: Leak, length: float) -> float:
    """Clausing's probability for a tube of L/R or a channel of L/H. Raises OutOfRange above 1000."""
    law = transmission.tube_transmission if leak.round else transmission.channel_transmission
    return law(length)
