"""A dense gas through a hole of any depth: a mean of the laws of thin walls and of the bore; no numpy.

The weight of the bore is the fraction of the jet's contraction that a bore of the same depth has recovered at
constant density. It was measured for round holes (McGreehan and Schotsch 1988) and is taken for slits too.
"""

from __future__ import annotations

import math
from typing import Final

from breachflow.leak.blend.mixture import Part, joined_basis, mixed, part_of, smooth_step
from breachflow.leak.bore import SHARP_ENTRY, bore_flow
from breachflow.leak.breach import Leak
from breachflow.leak.fitted.round_hole import thin_round_vacuum
from breachflow.theory.holes import orifice, thick_hole

RECOVERED_AT: Final = 2.0
"""Depth over size at which the jet of a sharp hole fills the bore again (McGreehan and Schotsch 1988)."""

PERRY_TAKES_OVER: Final = (0.05, 0.1)
"""r between which the coefficient for a vacuum gives way to Perry's measurements."""

HALF_RECOVERED_UNCERTAINTY: Final = 0.25
"""Fraction of the difference between thin hole and bore, where half of the contraction is recovered."""

NO_LAW_UNCERTAINTY: Final = 0.02
"""Relative uncertainty there for choosing this mean: no law holds for that depth (a judgment)."""

REAL_EDGE_UNCERTAINTY: Final = 0.01
"""Relative uncertainty for the edge of a real sharp hole into vacuum; Perry's scatter includes it."""

EDGE_UNCERTAINTY: Final = 0.02
"""Relative uncertainty of the correction for a rounded edge, which was measured at constant density."""


def dense_flow(leak: Leak) -> Part:
    """W of a dense gas, any r in [0, 1) and any depth; 1.05 <= gamma <= 5/3, raises OutOfRange otherwise."""
    weight = recovered_fraction(leak.breach.depth_ratio)
    if weight == 0.0:
        return thin_flow(leak)
    bore = _bore(leak)
    return bore if weight == 1.0 else _half_recovered(weight, bore, thin_flow(leak))


def recovered_fraction(depth_ratio: float) -> float:
    """Fraction of the jet's contraction that a bore of depth t/d has recovered; 0 at 0, 1 from t/d = 2 on.

    (C(t/d) - C(0))/(C(2) - C(0)) with the C of McGreehan and Schotsch at large Reynolds number. Raises
    OutOfRange for t/d < 0.

    >>> [round(recovered_fraction(x), 2) for x in (0.0, 0.25, 0.5, 1.0, 2.0)]
    [0.0, 0.08, 0.32, 0.81, 1.0]
    """
    if depth_ratio >= RECOVERED_AT:
        return 1.0
    thin, here, full = (thick_hole.mcgreehan_schotsch(x).value for x in (0.0, depth_ratio, RECOVERED_AT))
    return min((here - thin) / (full - thin), 1.0)


def _half_recovered(weight: float, bore: Part, thin: Part) -> Part:
    """Mean of bore and thin hole; `weight` is the weight of the bore."""
    rest = 1.0 - weight
    value, between = weight * bore.value + rest * thin.value, 4.0 * weight * rest
    spread = between * HALF_RECOVERED_UNCERTAINTY * (bore.value - thin.value)
    no_law = between * NO_LAW_UNCERTAINTY * value
    uncertainty = math.hypot(weight * bore.uncertainty + rest * thin.uncertainty, spread, no_law)
    return Part(value, uncertainty, joined_basis((weight, bore.basis), (rest, thin.basis)))


def thin_flow(leak: Leak) -> Part:
    """W of the same opening in a thin wall; a rounded edge reduces 1 - C_d.

    Raises OutOfRange unless 1.05 <= gamma <= 5/3.
    """
    left, sharp = edge_factor(leak), _sharp_coefficient(leak)
    uncertainty = math.hypot(sharp.uncertainty * left, EDGE_UNCERTAINTY * (1.0 - left))
    return Part(1.0 - left * (1.0 - sharp.value), uncertainty, sharp.basis).times(leak.reduced_ideal)


def _sharp_coefficient(leak: Leak) -> Part:
    """C_d of a thin wall with a sharp edge."""
    ratio, gamma = leak.pressure_ratio, leak.gamma
    if not leak.round:
        return part_of(orifice.expected_slit(ratio, gamma), "slit")
    weight = smooth_step(ratio, *PERRY_TAKES_OVER)
    if weight == 0.0:
        return _into_vacuum(gamma)
    perry = part_of(orifice.perry_of_gas(ratio, gamma), "perry")
    if weight == 1.0:
        return perry
    return mixed(weight, perry, _into_vacuum(gamma))


def _into_vacuum(gamma: float) -> Part:
    """C_d of a round hole into vacuum, inviscid, with the uncertainty of a real edge."""
    part = part_of(thin_round_vacuum(gamma), "thin-vacuum")
    return part._replace(uncertainty=math.hypot(part.uncertainty, REAL_EDGE_UNCERTAINTY * part.value))


def edge_factor(leak: Leak) -> float:
    """Factor on 1 - C_d by a rounded upstream edge (McGreehan and Schotsch 1988); 1 for a sharp edge."""
    radius = min(leak.breach.edge_radius / leak.breach.size, thick_hole.EDGE_RANGE[1])
    if radius == 0.0:
        return 1.0
    sharp, rounded = (thick_hole.mcgreehan_schotsch(0.0, edge).value for edge in (0.0, radius))
    return (1.0 - rounded) / (1.0 - sharp)


def _bore(leak: Leak) -> Part:
    """W of the bore, with the entry loss of its edge."""
    left = edge_factor(leak)
    flow = bore_flow(leak, SHARP_ENTRY * left)
    uncertainty = math.hypot(flow.uncertainty, EDGE_UNCERTAINTY * (1.0 - left) * flow.reduced)
    return Part(flow.reduced, uncertainty, {"fanno": 1.0})
