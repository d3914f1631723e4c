"""Rarefied gas through a hole or a short bore into vacuum, by published simulations; no numpy at import.

The simulations are of a monatomic gas and of round sections. Their rise above effusion is scaled to the gas's
own limit in a dense gas; a slit has the round hole's rise and Clausing's free-molecular limit of its own.
"""

from __future__ import annotations

import math
from typing import Final

from breachflow.leak.blend.dense import thin_flow
from breachflow.leak.blend.mixture import Part
from breachflow.leak.breach import Leak
from breachflow.theory.rarefied import rarefaction, short_tube, transmission

LONGEST: Final = short_tube.LENGTH_RANGE[1]
"""L/R (channel: L/H)."""

SHORTEST: Final = 1e-6
"""L/H below which a channel is a thin slit; the resistances of both are 0/0 there."""

OTHER_GAS_SHARE: Final = 0.5
"""Of the correction of the simulations to another gas."""
OTHER_SECTION_UNCERTAINTY: Final = 0.10
"""Relative, of a slit, which is taken from round holes: half-way up, and of a bore's resistance."""


def rise_share(delta: float) -> float:
    """Share of the way from free-molecular flow to a dense gas, by Sharipov's thin hole; 0 at 0, at most 1.

    >>> [round(rise_share(delta), 3) for delta in (0.0, 1.0, 10.0, 1000.0)]
    [0.0, 0.246, 0.887, 1.0]
    """
    high = rarefaction.THIN_HOLE_RANGE[1]
    rise = rarefaction.thin_hole_flow(min(delta, high)) - 1.0
    return min(rise / (rarefaction.thin_hole_flow(high) - 1.0), 1.0)


def simulated_flow(leak: Leak) -> Part:
    """W into vacuum of a bore of L/R (or L/H) <= 10, delta <= 2000; beyond, that at the limit."""
    delta = min(leak.delta, rarefaction.THIN_HOLE_RANGE[1])
    length = min(leak.kinetic_length, LONGEST)
    simulation, hole = short_tube.short_tube_flow(delta, length), rarefaction.thin_hole_flow(delta)
    limit = thin_flow(leak.into_vacuum())
    scale = rarefaction.thin_hole_flow_of_gas(delta, limit.value) / hole
    section = _of_section(leak, simulation.value, hole, length)
    # The longer the bore, the less the inviscid limit of the gas matters.
    weight = min(section / hole, 1.0)
    value = section * scale**weight
    rise = rise_share(delta)
    half_way = 4.0 * rise * (1.0 - rise)
    parts = (
        simulation.uncertainty / simulation.value,
        OTHER_GAS_SHARE * abs(scale - 1.0) * (half_way + 1.0 - weight),
        rise * weight * limit.uncertainty / limit.value,
        0.0 if leak.round else OTHER_SECTION_UNCERTAINTY * (half_way + rise * (1.0 - weight)),
    )
    law = "sharipov" if leak.breach.thin else "short-tube"
    return Part(value, value * math.hypot(*parts), {law: 1.0})


def _of_section(leak: Leak, tube: float, hole: float, length: float) -> float:
    """W of a channel from that of a tube: the bore's resistance over Clausing's is taken to be the same."""
    if leak.round or length < SHORTEST:
        return tube
    share = (hole / tube - 1.0) / (1.0 / transmission.tube_transmission(length) - 1.0)
    return hole / (1.0 + share * (1.0 / transmission.channel_transmission(length) - 1.0))


def free_molecular_share(leak: Leak, length: float) -> float:
    """Clausing's transmission probability of the section at L/R or L/H."""
    law = transmission.tube_transmission if leak.round else transmission.channel_transmission
    return law(length)
