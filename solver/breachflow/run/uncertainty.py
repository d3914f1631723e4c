"""Mesh uncertainty of the discharge coefficient, from a sequence of meshes each half the last one's spacing."""

from __future__ import annotations

from math import log2, nan
from typing import NamedTuple

LEAST_ORDER, MOST_ORDER = 0.5, 2.0
"""Orders believed of the scheme: the edge's singularity leaves 0.6 to 1.5 of 2, depending on the grading."""

SAFETY = 1.25
"""Safety factor of the grid convergence index with three meshes (Roache 1994, J. Fluids Eng. 116)."""

DOUBTFUL_SAFETY = 3.0
"""The same where the three meshes do not yet converge monotonically."""


class MeshUncertainty(NamedTuple):
    """What a mesh sequence tells of its finest value."""

    observed_order: float
    """Order of convergence seen in the last three values; nan where they do not converge monotonically."""
    extrapolated: float
    """Richardson's estimate of the value on an infinitely fine mesh; nan with the order."""
    uncertainty: float
    """Half-width of the band around the finest value; nan with fewer than three meshes."""


def mesh_uncertainty(values: list[float]) -> MeshUncertainty:
    """Roache's grid convergence index with the order observed, not assumed.

    An order above the scheme's own 2 is chance, and one below 0.5 makes the extrapolation worthless: the
    band then comes from the nearer of the two. Without monotone convergence the band is three times the
    largest change seen.
    """
    if len(values) < 3:
        return MeshUncertainty(nan, nan, nan)
    coarse, fine = values[-2] - values[-3], values[-1] - values[-2]
    if fine == 0.0:
        return MeshUncertainty(nan, values[-1], 0.0) if coarse == 0.0 else _doubtful(coarse, fine)
    if coarse / fine <= 1.0:
        return _doubtful(coarse, fine)
    order = log2(coarse / fine)
    believed = min(max(order, LEAST_ORDER), MOST_ORDER)
    correction = fine / (2.0**believed - 1.0)
    return MeshUncertainty(order, values[-1] + correction, SAFETY * abs(correction))


def _doubtful(coarse: float, fine: float) -> MeshUncertainty:
    return MeshUncertainty(nan, nan, DOUBTFUL_SAFETY * max(abs(coarse), abs(fine)))
