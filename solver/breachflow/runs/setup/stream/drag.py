"""Drag of the slow gas far in the cabin of a hole in space."""

from __future__ import annotations

from math import sqrt

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.schema import Case
from breachflow.numerics.space.layout import Layout, interior_faces
from breachflow.physics.gas import Gas
from breachflow.runs.setup.passage import Passage
from breachflow.runs.setup.stream.needs import needs_of_cells
from breachflow.runs.setup.stream.tube import distances, tube_area


def drag_of_slow_gas(
    case: Case, layout: Layout, places: Floats, passage: Passage, gas: Gas, length: float
) -> Floats:
    """`Faces.drag` (n_interior,): steady; 0 where gas in the cabin of a hole in space is not slow; else none.

    `places` (n_cells, dimension) are the centers of the cells, `length` the unit of the solver, m. HLLC keeps
    the whole jump of a velocity along a face: nothing ends an eddy on the coarse cells of the far cabin, and
    a steady run goes on and on. What two waves without a contact between them exchange there is rho c/2 of
    gas at rest (Harten, Lax and van Leer 1983). How much of it acts is a function of the place alone, so that
    the drag is linear in the state.
    """
    is_a_hole = case.orifice is not None and case.exact is None and len(layout.axes) == 3
    if not is_a_hole or case.run.mode != "steady" or case.numerics.flux != "hllc":
        return np.zeros(0)
    slow = needs_of_cells(layout, is_steady=True).slow
    inside, upstream = interior_faces(layout), distances(places, passage, length).upstream
    area = np.where(upstream > 0.0, tube_area(case, upstream), 1.0)
    narrower = np.minimum(area[layout.faces.left[:inside]], area[layout.faces.right[:inside]])
    return np.asarray(0.5 * sqrt(gas.gamma) * np.maximum(1.0 - (slow / narrower) ** 2, 0.0))
