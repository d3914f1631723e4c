"""Mesh uncertainty of the discharge coefficient, from meshes that each halve the last one's spacing."""

from __future__ import annotations

from math import log2, nan
from typing import NamedTuple

LEAST_ORDER, MOST_ORDER = 0.5, 2.5
"""Credible orders: the singularity at the edge leaves 0.6 to 1.5 of the scheme's 2, by the grading."""

SAFETY = 1.25
"""Safety factor of the grid convergence index with three meshes (Roache 1994, J. Fluids Eng. 116)."""

DOUBTFUL = 3.0, 0.5
"""Factors on the last change and the one before; the larger product is the band without a credible order."""


class MeshUncertainty(NamedTuple):
    """Estimates of discretization error from a sequence of meshes."""

    observed_order: float
    """Order of convergence seen in the last three values; nan where they do not converge monotonically."""
    extrapolated: float
    """Richardson's estimate on an infinitely fine mesh; nan without an order that can be believed."""
    uncertainty: float
    """Half-width of the band around the finest value; nan with fewer than three meshes."""


NOT_ESTIMATED = MeshUncertainty(nan, nan, nan)


def mesh_uncertainty(values: list[float]) -> MeshUncertainty:
    """Roache's grid convergence index with the order observed, not assumed.

    Where the changes do not shrink, change sign, or shrink faster than the scheme can, the meshes are not
    yet in the range in which an order means anything: the band then comes from the changes themselves. An
    order below 0.5 is taken as 0.5, which already makes a wide band, and one above 1 as 1 for the band, of
    the last change or of the one before: the singular edge need not follow what the smooth flow shows.
    """
    if len(values) < 3:
        return NOT_ESTIMATED
    coarse, fine = values[-2] - values[-3], values[-1] - values[-2]
    doubtful = max(DOUBTFUL[0] * abs(fine), DOUBTFUL[1] * abs(coarse))
    if fine == 0.0 or coarse / fine <= 1.0:
        return MeshUncertainty(nan, nan, doubtful)
    order = log2(coarse / fine)
    if order > MOST_ORDER:
        return MeshUncertainty(order, nan, doubtful)
    extrapolated = values[-1] + fine / (2.0**order - 1.0) if order >= LEAST_ORDER else nan
    band = max(abs(fine) / (2.0 ** min(max(order, LEAST_ORDER), 1.0) - 1.0), 0.5 * abs(coarse))
    return MeshUncertainty(order, extrapolated, SAFETY * band)
