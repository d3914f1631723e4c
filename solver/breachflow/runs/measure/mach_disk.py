"""The Mach disk of a plume, from the Mach numbers along its axis."""

from __future__ import annotations

from math import inf, nan
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.mesh_setting import boundary_of
from breachflow.runs.setup.problem import Problem
from breachflow.runs.setup.states import mach_numbers, primitive_rows

LONGEST_CELL: Final = 0.05
"""Longest cell at a Mach disk over its distance.

On cells of 8 % the barrel shocks meet on the axis, and the stream turns subsonic 35 to 45 % farther out than
the disk that a sonic stream has on cells of 4 and of 2 %.
"""

SMEARED: Final = 2.0
"""Uncertainty of the distance in cells.

From cells of 4 % to cells of 2 % a sonic stream's disk moves by 1.1 of the longer cells where the pressure
outside is 5 % of its own, by 1.9 where it is 1 %. On the shorter ones hllc and hlle differ by 0.6 and 0.0.
"""


class MachDisk(NamedTuple):
    """The normal shock that ends the first cell of a plume, m; nan where there is none."""

    distance: float
    """Distance from the downstream end of the hole."""
    uncertainty: float
    """Two cells along the axis there."""


NO_DISK = MachDisk(nan, nan)


def mach_disk(problem: Problem, conserved: Floats) -> MachDisk:
    """The Mach disk, at which the flow along the axis first falls from supersonic to subsonic.

    There is none where the cells are too long for one. `conserved` are the states (n_cells, nvar) in units
    of the reference.
    """
    x, mach = axis_profile(problem, conserved)
    fast = np.flatnonzero(mach > 1.0)
    slow = np.flatnonzero(mach[fast[0] :] <= 1.0) + fast[0] if len(fast) else fast
    if not len(slow):
        return NO_DISK
    after = slow[0]
    spacing = x[after] - x[after - 1]
    fraction = (mach[after - 1] - 1.0) / (mach[after - 1] - mach[after])
    distance = x[after - 1] + fraction * spacing
    if spacing > LONGEST_CELL * distance:
        return NO_DISK
    return MachDisk(float(distance), float(SMEARED * spacing))


def axis_profile(problem: Problem, conserved: Floats) -> tuple[Floats, Floats]:
    """Distances from the end of the hole, m, and Mach numbers of the cells along the axis, (n,) in order."""
    names = [name for name in problem.mesh.patches if boundary_of(problem.case, name).mirrors]
    faces = np.concatenate([np.zeros(0, dtype=np.int32), *(problem.mesh.patches[name] for name in names)])
    cells = np.unique(problem.layout.faces.left[faces])
    x = (problem.along[cells] - problem.bore[1]) * problem.reference.length
    behind = np.argsort(np.where(x > 0.0, x, inf))[: np.count_nonzero(x > 0.0)]
    gamma = problem.gas.gamma
    return x[behind], mach_numbers(primitive_rows(conserved[cells[behind]], gamma), gamma)
