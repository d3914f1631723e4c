"""The Mach disk of a plume, from the Mach numbers along its axis."""

from __future__ import annotations

from math import inf, nan
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.mesh_setting import boundary_of
from breachflow.runs.setup.problem import Problem
from breachflow.runs.setup.states import mach_numbers, primitive_rows


class MachDisk(NamedTuple):
    """The normal shock that ends the first cell of a plume, m; nan where there is none."""

    distance: float
    """Distance from the downstream end of the hole."""
    uncertainty: float
    """Spacing of the cells there: the shock is smeared over two or three."""


NO_DISK = MachDisk(nan, nan)


def mach_disk(problem: Problem, conserved: Floats) -> MachDisk:
    """The Mach disk, at which the flow along the axis first falls from supersonic to subsonic.

    `conserved` are the states (n_cells, nvar) in units of the reference.
    """
    x, mach = axis_profile(problem, conserved)
    fast = np.flatnonzero(mach > 1.0)
    slow = np.flatnonzero(mach[fast[0] :] <= 1.0) + fast[0] if len(fast) else fast
    if not len(slow):
        return NO_DISK
    after = slow[0]
    spacing = x[after] - x[after - 1]
    fraction = (mach[after - 1] - 1.0) / (mach[after - 1] - mach[after])
    return MachDisk(float(x[after - 1] + fraction * spacing), float(spacing))


def axis_profile(problem: Problem, conserved: Floats) -> tuple[Floats, Floats]:
    """Distances from the end of the hole, m, and Mach numbers of the cells along the axis, (n,) in order."""
    names = [name for name in problem.mesh.patches if boundary_of(problem.case, name).mirrors]
    faces = np.concatenate([np.zeros(0, dtype=np.int32), *(problem.mesh.patches[name] for name in names)])
    cells = np.unique(problem.layout.faces.left[faces])
    x = (problem.along[cells] - problem.bore[1]) * problem.reference.length
    behind = np.argsort(np.where(x > 0.0, x, inf))[: np.count_nonzero(x > 0.0)]
    gamma = problem.gas.gamma
    return x[behind], mach_numbers(primitive_rows(conserved[cells[behind]], gamma), gamma)
