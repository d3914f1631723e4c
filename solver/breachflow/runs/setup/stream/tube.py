"""The stream tube of a hole: how far a place is from the hole, and how wide the stream is there.

The tube's area is that of the hole in the bore, and grows by a half-sphere's (slit: a half-circle's) on
either side of it.
"""

from __future__ import annotations

from math import pi
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.schema import Case
from breachflow.runs.setup.passage import Passage
from breachflow.runs.setup.reference import is_axisymmetric, is_spatial
from breachflow.runs.setup.states import lengths


class Distances(NamedTuple):
    """Distances from a hole, in units of the solver."""

    upstream: Floats
    """(n,) of places before the bore; 0 elsewhere."""
    downstream: Floats
    """(n,) of places behind it; 0 elsewhere."""
    toward: Floats
    """(n, dimension) directions of the stream."""


def distances(places: Floats, passage: Passage, length: float) -> Distances:
    """Distances of places (n, dimension) from the hole; `length` is the solver's unit, m."""
    (begin, end), direction = passage.bore, passage.direction
    begin, end, x = begin / length, end / length, np.asarray(places @ direction)
    before, behind = x < begin, x > end
    gap = np.where(before, x - begin, np.where(behind, x - end, 0.0))
    offset = places - passage.center / length
    offset += gap[:, None] * direction - (offset @ direction)[:, None] * direction
    distance = np.maximum(lengths(offset), 1e-12)
    toward = offset / distance[:, None]
    toward[before] *= -1.0
    toward[~before & ~behind] = direction
    return Distances(np.where(before, distance, 0.0), np.where(behind, distance, 0.0), toward)


def tube_area(case: Case, distance: Floats) -> Floats:
    """Area of the tube over that of the hole (slit: widths), at distances (n,) from the bore."""
    if is_axisymmetric(case):
        return np.asarray(1.0 + 2.0 * distance**2)
    if not is_spatial(case):
        return np.asarray(1.0 + 0.5 * np.pi * distance)
    hole, half = case.hole, 0.5 * case.hole.diameter
    sphere = 2.0 * pi * distance**2 * half**2 / hole.area
    return np.asarray(1.0 + (sphere if hole.length is None else sphere + 0.5 * np.pi * distance))
