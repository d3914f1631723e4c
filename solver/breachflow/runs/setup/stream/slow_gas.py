"""The dissipation of slow gas: less in the stream of a subsonic hole, more far from a hole."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.schema import Case
from breachflow.numerics.space.layout import Layout, lesser_sides
from breachflow.runs.setup.passage import Passage
from breachflow.runs.setup.reference import is_axisymmetric, is_spatial
from breachflow.runs.setup.stream.needs import CellNeeds
from breachflow.runs.setup.stream.tube import distances, tube_area
from breachflow.theory.streams.nozzle import mach_from_pressure_ratio

FAR: Final = 8.0
"""Distance behind a slit, in half widths, from which gas about a subsonic jet without friction is damped."""


def slow_jump(case: Case) -> float:
    """Least part of a jump of the normal velocity that the flux sees: the ideal Mach number squared.

    It is below 1 in steady flow of a subsonic stream with the flux hllc: the others are chosen for their
    dissipation. The ideal stream is the one without losses; where it just chokes the part is 1, as in all
    flows that are not slow.
    """
    ratio = case.pressure_ratio or 0.0
    if case.run.mode != "steady" or case.mesh.is_a_jet or not keeps_contacts(case) or not 0.0 < ratio < 1.0:
        return 1.0
    return min(mach_from_pressure_ratio(ratio, case.species.heat_capacity_ratio) ** 2, 1.0)


def damping_of_slow_gas(
    case: Case, layout: Layout, needs: CellNeeds, places: Floats, passage: Passage, length: float
) -> Floats:
    """`Faces.damping` (n_interior,): 0 where gas is near the hole or in no need of it; no entries if none is.

    `places` (n_cells, dimension) are the centers of the cells, `length` the unit of the solver, m. HLLC keeps
    the whole jump of a velocity along a face: nothing ends an eddy on coarse cells, and a steady run goes on
    and on. What two waves without a contact between them exchange there is rho c/2 of gas at rest (Harten,
    Lax and van Leer 1983). How much of it acts is a function of the place alone, so that it is linear in the
    state. It acts far in a cabin in space; and about the subsonic jet of a slit, far behind it: the gas that
    such a jet draws in turns without end where there is no friction. (About round jets it helps little.)
    """
    in_space = is_spatial(case) and case.run.mode == "steady" and keeps_contacts(case)
    planar = not is_spatial(case) and not is_axisymmetric(case)
    about_jet = planar and slow_jump(case) < 1.0 and case.flow.model == "inviscid"
    if not in_space and not about_jet:
        return np.zeros(0)
    far = distances(places, passage, length)
    damping = np.zeros(len(places))
    if in_space:
        width = np.where(far.upstream > 0.0, tube_area(case, far.upstream), 1.0)
        damping = _fading_in(width, needs.slow)
    if about_jet:
        damping = _fading_in(far.downstream, FAR)
    return lesser_sides(layout, damping)


def keeps_contacts(case: Case) -> bool:
    """Whether a hole's flow is computed with a flux that has no dissipation at a contact."""
    return case.orifice is not None and case.exact is None and case.numerics.flux == "hllc"


def _fading_in(size: Floats, begin: float) -> Floats:
    """1 - (begin/size)^2, from `begin` on, of sizes (n,)."""
    return np.asarray(np.maximum(1.0 - (begin / np.maximum(size, begin)) ** 2, 0.0))
