"""Convergence of a steady run: norm of the residual, gas that can act on the hole, stopping rule."""

from __future__ import annotations

from math import nan
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.schema import Case
from breachflow.runs.measure.flow_rate import FlowRate, fluctuation
from breachflow.runs.setup.problem import Problem
from breachflow.theory.slit.free_streamline import choking_pressure_ratio
from breachflow.theory.streams.nozzle import critical_pressure_ratio

SETTLED = 5
"""Iterations over which the mass flow must stay within its tolerance."""

SETTLED_ENOUGH = 1e-4
"""Relative fluctuation of the mass flow on a mesh that may serve to estimate the mesh uncertainty."""

CLOSED = 1e-6
"""Largest imbalance between inlet and hole of a converged run."""

THIN_GAS = 1e-4
"""Density over that of the cabin below which a cell's residual does not count.

Beside a plume into vacuum lies a region that no gas should reach. The scheme's errors leave traces of gas
there. They never come to rest, carry no mass worth counting and cannot act on the hole.
"""


class Goal(NamedTuple):
    """Stopping rule of a steady iteration."""

    residual_drop: float
    fluctuation: float
    """Largest relative range of the mass flow over the last iterations."""
    imbalance: float
    """Largest relative difference between inlet and hole."""
    has_hole: bool = True

    def is_reached(self, drop: float, flow_rates: list[FlowRate]) -> bool:
        """Whether the residual is down and, of a hole, the mass flow is settled and balanced."""
        if not self.has_hole:
            return drop <= self.residual_drop
        return (
            drop <= self.residual_drop
            and len(flow_rates) > SETTLED
            and recent_fluctuation(flow_rates) <= self.fluctuation
            and flow_rates[-1].imbalance <= self.imbalance
        )


COARSE_GOAL = Goal(1e-3, 1e-5, 1e-4)
"""Goal on a coarse mesh. The iteration error is then far below the discretization error."""


def final_goal(case: Case) -> Goal:
    """Goal of the case on its finest mesh."""
    return Goal(case.run.residual_drop, case.run.mass_flow_tolerance, CLOSED, case.orifice is not None)


def recent_fluctuation(flow_rates: list[FlowRate]) -> float:
    """Relative range of the mass flow over the last iterations."""
    return fluctuation([flow_rate.mass_flow for flow_rate in flow_rates[-SETTLED:]])


def residual_size(residual: Floats, conserved: Floats) -> float:
    """Norm of the mass residual over all cells but those of thin gas; nan where the residual is not finite.

    Both arrays are (n_cells, nvar), in units of the reference.
    """
    dense = conserved[:, 0] > THIN_GAS
    return float(np.sqrt(np.sum(residual[dense, 0] ** 2))) if np.all(np.isfinite(residual)) else nan


def choking_pressure(problem: Problem) -> float:
    """Pressure over the cabin's below which a stream cannot act on the hole; 0 where all of it can.

    Where the pressure outside is lower than that at which a slit chokes (Frankl 1947), no wave travels back
    to the hole from the rays of the edge's expansion fan beyond that pressure, nor from the gas that these
    rays enclose. That part of the plume is solved too, but about its Mach disk and along its edge it may move
    without end. Where no boundary tells the pressure outside, all gas is taken to act on the hole; and so it
    is where the flow through the hole is given, since then the plume is what is asked for.
    """
    case = problem.case
    if case.orifice is None or case.exact is not None or case.outside_pressure is None:
        return 0.0
    if case.mesh.is_a_jet or case.mesh.plate_side == "outside":  # whose waves reach the hole
        return 0.0
    choking = choking_pressure_ratio(problem.gas.gamma)
    return choking if case.outside_pressure < choking * problem.reference.pressure else 0.0


def is_subsonic(problem: Problem) -> bool:
    """Whether the pressure outside is known, and so high that not even an ideal nozzle would choke."""
    case = problem.case
    if case.orifice is None or case.outside_pressure is None:
        return False
    return case.outside_pressure / problem.reference.pressure > critical_pressure_ratio(problem.gas.gamma)


def is_choked(problem: Problem) -> bool:
    """Whether a hole is choked against gas outside, and its plume is free."""
    case = problem.case
    if case.orifice is None or case.exact is not None or not case.outside_pressure:
        return False
    return case.mesh.plate_side != "outside" and not is_subsonic(problem)
