"""Mesh uncertainty of the discharge coefficient, from the values on three meshes and their refinement."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan, log, log2, nan
from typing import NamedTuple

MOST_ORDER = 2.5
"""Largest credible order; the singularity at the edge leaves 0.6 to 1.8 of the scheme's 2, by the grading."""

SAFETY = 1.25
"""Safety factor of the grid convergence index with three meshes (Roache 1994, J. Fluids Eng. 116)."""

HIGHEST = 60.0
"""Largest order that is looked for."""


class LeastOrder(NamedTuple):
    """Order that is taken where less is observed."""

    observed: float
    """Where the changes shrink."""
    doubtful: float
    """Where they do not, or shrink faster than the scheme can."""


ANY_MESH = LeastOrder(0.5, log2(4.0 / 3.0))
"""The doubtful one makes a band of three times the last change where cells were halved."""

GRADED_EDGE = LeastOrder(1.0, 1.0)
"""Of thin holes without friction on meshes that are graded steeply: thin slits are seen to have 1 to 1.8."""


class MeshUncertainty(NamedTuple):
    """Estimates of discretization error from a sequence of meshes."""

    observed_order: float
    """Order of convergence seen in the last three values; nan where they do not converge monotonically."""
    extrapolated: float
    """Richardson's estimate on an infinitely fine mesh; nan without an order that can be believed."""
    uncertainty: float
    """Half-width of the band around the finest value; nan with fewer than three meshes."""


NOT_ESTIMATED = MeshUncertainty(nan, nan, nan)


def mesh_uncertainty(
    values: Sequence[float], refinements: Sequence[float], least: LeastOrder = ANY_MESH
) -> MeshUncertainty:
    """Roache's grid convergence index with the order observed, not assumed.

    `values` are those on the meshes, the coarsest first, and `refinements` the size of the cells of each mesh
    over that of the next finer one. Where the changes do not shrink, change sign, or shrink faster than the
    scheme can, the meshes are not yet in the range in which an order means anything: the band then comes from
    the changes themselves. An order below the least is taken as the least, and one above
    1 as 1 for the band, of the last change or of the one before: the singular edge need not follow what the
    smooth flow shows.
    """
    if len(values) < 3 or isnan(sum(values)):  # no hole: no coefficient
        return NOT_ESTIMATED
    before, last = refinements[-2:]
    coarse, fine = values[-2] - values[-3], values[-1] - values[-2]
    at_first_order = abs(coarse) / (last * (before - 1.0))
    doubtful = max(_error(fine, last, least.doubtful), at_first_order)
    if fine == 0.0 or coarse / fine <= log(before) / log(last):
        return MeshUncertainty(nan, nan, doubtful)
    order = _observed_order(coarse / fine, before, last)
    if order > MOST_ORDER:
        return MeshUncertainty(order, nan, doubtful)
    extrapolated = values[-1] + fine / (last**order - 1.0) if order >= least.observed else nan
    band = max(_error(fine, last, min(max(order, least.observed), 1.0)), at_first_order)
    return MeshUncertainty(order, extrapolated, SAFETY * band)


def _error(change: float, refinement: float, order: float) -> float:
    """Error that a change between two meshes leaves on the finer one."""
    return float(abs(change) / (refinement**order - 1.0))


def _observed_order(ratio: float, before: float, last: float) -> float:
    """Order p with which the change before the last is `ratio` times the last one, by bisection.

    ratio = last^p (before^p - 1) / (last^p - 1) for an error C h^p (Celik et al. 2008, J. Fluids Eng. 130,
    078001, eq. 5 in another form); it grows with p.
    """
    low, high = 0.0, HIGHEST
    for _ in range(60):
        order = 0.5 * (low + high)
        found = last**order * (before**order - 1.0) / (last**order - 1.0)
        low, high = (order, high) if found < ratio else (low, order)
    return order
