"""The stream tube of a hole: how far the gas is from the hole, how wide the stream is there, and where it is slow.

The tube's area is that of the hole in the bore, and grows by a half-sphere's (slit: a half-circle's) on either
side of it.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.schema import Case
from breachflow.numerics.space.layout import Layout, interior_faces
from breachflow.physics.gas import Gas
from breachflow.runs.setup.passage import Passage
from breachflow.runs.setup.reference import is_axisymmetric, is_spatial
from breachflow.runs.setup.states import lengths

SLOW: Final = 24.0
"""Area of the stream tube, in holes, from which the gas in the cabin is slow: a choked stream has there a Mach
number of 0.02."""


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


def drag_of_slow_gas(
    case: Case, layout: Layout, places: Floats, passage: Passage, gas: Gas, length: float
) -> Floats:
    """Drag (n_interior,) of `Faces` where gas in the cabin of a hole in space is slow, else 0; no entries if none.

    `places` (n_cells, dimension) are the centers of the cells, `length` the unit of the solver, m. HLLC keeps the
    whole jump of a velocity along a face: nothing ends an eddy on the coarse cells of the far cabin, and a steady
    run goes on and on. What two waves without a contact between them exchange there is rho c/2 of gas at rest
    (Harten, Lax and van Leer 1983). It fades in with the inverse square of the tube's area, as the Mach number would:
    of the place alone, so that it is linear in the state.
    """
    if (
        case.orifice is None
        or case.exact is not None
        or case.numerics.flux != "hllc"
        or len(layout.axes) == 2
    ):
        return np.zeros(0)
    inside, upstream = interior_faces(layout), distances(places, passage, length).upstream
    area = np.where(upstream > 0.0, tube_area(case, upstream), 1.0)
    narrower = np.minimum(area[layout.faces.left[:inside]], area[layout.faces.right[:inside]])
    return np.asarray(0.5 * sqrt(gas.gamma) * np.maximum(1.0 - (SLOW / narrower) ** 2, 0.0))
