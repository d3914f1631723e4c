"""The edge of a stream against gas outside, on cells with few faces: how far HLLC gives way to HLLE there."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.schema import Case
from breachflow.numerics.space.layout import Layout, lesser_sides
from breachflow.runs.setup.passage import Passage
from breachflow.runs.setup.stream.needs import CellNeeds
from breachflow.runs.setup.stream.slow_gas import keeps_contacts

RAMP: Final = (-0.1, 0.2)
"""Places from the end of the bore between which the softening fades in, in half openings.

With a ramp that begins at the end, 17 000 tetrahedra did not settle at half the pressure outside: gas turns
within the bore too, behind its edge. The earlier it begins, the more gas passes.
"""

BAND: Final = 0.2
"""Relative deviation of the total enthalpy at which a cell keeps half of its gradient."""


def softening_of_edge(
    case: Case, layout: Layout, needs: CellNeeds, places: Floats, passage: Passage, length: float
) -> Floats:
    """`Faces.softening` (n_interior,): HLLE's part, from 0 in the bore to 1 behind it; no entries if none.

    `places` (n_cells, dimension) are the centers of the cells, `length` the unit of the solver, m.
    Between tetrahedra the shear layer at the edge of the stream crosses the faces at all angles. HLLC, which
    has no dissipation at a contact, leaves cells there with 0.4 to 1.8 of the cabin's temperature, which
    never settle. A function of the place alone keeps the equations as smooth as they are.
    """
    is_plain = not case.flow.is_viscous and not case.mesh.is_a_jet and bool(case.outside_pressure)
    if not (needs.softens and is_plain and keeps_contacts(case)):
        return np.zeros(0)
    behind = (places @ passage.direction - passage.bore[1] / length) / (0.5 * case.hole.diameter / length)
    way = np.clip((behind - RAMP[0]) / (RAMP[1] - RAMP[0]), 0.0, 1.0)
    return lesser_sides(layout, way * way * (3.0 - 2.0 * way))


def enthalpy_band(case: Case, softening: Floats) -> float:
    """`Scheme.enthalpy_band`: `BAND` where an edge is softened and all gas has one total enthalpy.

    It has not where a boundary gives another temperature than that of the gas at rest that drives the flow.
    Into a vacuum gradients stay as they are: the linear problems of a plume, whose thin gas is off, did not
    come to their end.
    """
    driving = case.driving_gas[1]
    given = [getattr(boundary, "temperature", None) for boundary in case.boundary.values()]
    is_one = all(temperature in (None, driving) for temperature in given)
    return BAND if len(softening) > 0 and is_one else 0.0
