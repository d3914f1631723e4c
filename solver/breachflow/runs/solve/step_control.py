"""Control of the implicit steps on one mesh: how long they are, and what to do where they lead nowhere."""

from __future__ import annotations

import numpy as np

from breachflow.arrays import Bools, Floats
from breachflow.errors import NonPhysicalState
from breachflow.numerics.implicit.newton import ImplicitStepper
from breachflow.numerics.implicit.update import CAREFUL, INTO_VACUUM, SPACE_TOLERANCE, THOROUGH, UpdateLimits
from breachflow.numerics.space.layout import interior_faces
from breachflow.runs.setup.problem import Problem
from breachflow.runs.solve.convergence import choking_pressure, is_choked, is_subsonic, residual_size
from breachflow.runs.solve.iteration import Iteration

NEXT_CFL = 20.0
"""CFL number of the first second-order step on a mesh. It grows at most as fast as the residual falls."""

EDGE_CFL = 2.0
"""Largest CFL number, times the drop of the residual, where the edge of a stream is softened.

At ten times that such a stream leaves its steady state on tetrahedra for a limit cycle.
"""

LEAST_EDGE_CFL = 40.0
"""CFL number that is allowed there at any residual."""

HELD_CFL = 200.0
"""CFL number of the first step while a part is held; it grows at most as fast as the residual falls."""

NEIGHBOR_CFL = 500.0
"""Largest CFL number of the first step from the solutions of neighbors.

Such a start has no short-wave errors for short steps to smooth.
"""

ROUNDING = 1e-14
"""Residual over the flux through all faces at reference speed that is rounding and cannot fall."""

PATIENCE = 25
"""Iterations without a fall of the residual after which a plume that cannot act on the hole is left alone."""

FELL = 0.9
"""Least residual over the one before that counts as a fall."""

STALLED = 12
"""Iterations without a new least residual after which the next step is short again.

With long steps a jet into gas at rest may alternate between the same states without end.
"""

NEIGHBOR_PATIENCE = 20
"""Iterations without a new least residual after which a run that started from neighbors starts anew.

The recirculating gas in a thick hole may alternate between its neighbors' solutions.
"""

WORSE = 3.0
"""Growth of the residual in one step after which a subsonic jet takes shorter steps.

A choked jet is exempt: while it settles, its shocks move cell by cell, and each move makes the residual jump.
"""

SETTLING = 0.1
"""Drop of the residual above which its growth does not count: the errors of the start leave the mesh."""

RESTARTS = 3
"""Most times that a state which is not finite is replaced by the best one, with shorter steps."""


def update_limits(problem: Problem) -> UpdateLimits:
    """Limits of the Newton updates that converge fastest for the gas outside and the dimension."""
    limits = _limits_by_gas(problem)
    if problem.mesh.dimension == 2:
        return limits
    return limits._replace(products=THOROUGH.products, tolerance=SPACE_TOLERANCE)


def _limits_by_gas(problem: Problem) -> UpdateLimits:
    case = problem.case
    if case.mesh.plate_side == "outside":  # the products halve the time: gas in the gap acts on the hole
        return THOROUGH
    if case.outside_pressure == 0.0:
        return INTO_VACUUM
    return CAREFUL if choking_pressure(problem) > 0.0 else THOROUGH


def continue_from(stepper: ImplicitStepper, iteration: Iteration) -> None:
    """Let a stepper go on with the pseudo-time steps of the run's state; a new stage begins with its own."""
    if iteration.pseudo_time is None:
        iteration.pseudo_time = stepper.pseudo_time
    else:
        stepper.pseudo_time = iteration.pseudo_time
    if iteration.is_measured:
        stepper.evaluate(iteration.state)


class StepControl:
    """Measures the residual of a run's state, and sets the step lengths of its stepper accordingly."""

    def __init__(self, problem: Problem, iteration: Iteration, stepper: ImplicitStepper) -> None:
        self.problem, self.iteration, self.stepper = problem, iteration, stepper
        self.acting_pressure, self.subsonic = choking_pressure(problem), is_subsonic(problem)
        self.is_choked = is_choked(problem)
        self.has_soft_edge = len(problem.layout.faces.softening) > 0
        self.rounding = ROUNDING * float(np.linalg.norm(problem.layout.faces.area))

    def measure(self) -> None:
        """Measure the residual of the state; the best state replaces one that is not finite.

        Raises NonPhysicalState after `RESTARTS` replacements.
        """
        iteration, residuals = self.iteration, self.iteration.residuals
        residual, size = self._finite_residual()
        acting = self._acting_size(residual, size)
        residuals.growth, residuals.size = size / residuals.size, size
        if np.isnan(residuals.first):
            residuals.first, residuals.first_acting = size, acting
        residuals.since_least += 1
        residuals.since_fall += 1
        if size < FELL * residuals.mark:
            residuals.mark, residuals.since_fall = size, 0
        if size < residuals.least:
            iteration.best[:] = iteration.state
            residuals.least, residuals.since_least = size, 0
        residuals.drop = acting / residuals.first_acting if acting > self.rounding else 0.0
        residuals.plume_drop = size / residuals.first if size > self.rounding else 0.0

    def adopt(self, other: Floats) -> None:
        """Begin from another state (n_cells, nvar) if its residual is smaller; the goal stays the same."""
        iteration, residuals = self.iteration, self.iteration.residuals
        size = residual_size(self.stepper.evaluate(other), other)
        if size < residuals.least:
            iteration.own_start = iteration.state.copy()
            iteration.state[:] = other
            self.stepper.pseudo_time.restart(min(NEXT_CFL * residuals.first / size, NEIGHBOR_CFL))

    def fall_back(self) -> None:
        """Begin again without neighbors where the start from them leads nowhere."""
        if self.iteration.own_start is not None and self.iteration.residuals.since_least >= NEIGHBOR_PATIENCE:
            self._begin_anew(self.iteration.own_start)
            self.measure()

    def limit_step(self) -> None:
        """Let the CFL number grow no faster than the residual falls; reduce it on stalls and growth."""
        residuals = self.iteration.residuals
        if self.iteration.hold.part is not None:
            self.stepper.pseudo_time.limit(HELD_CFL / max(residuals.drop, 1e-12))
            return
        if self._has_stalled():
            self.stepper.pseudo_time.restart(NEXT_CFL)
            return
        drop = max(residuals.plume_drop, 1e-12)
        self.stepper.pseudo_time.limit(NEXT_CFL / drop)
        if self.has_soft_edge:
            self.stepper.pseudo_time.limit(max(EDGE_CFL / drop, LEAST_EDGE_CFL))
        if self.subsonic and residuals.growth > WORSE and residuals.plume_drop < SETTLING:
            self.stepper.pseudo_time.reduce_max_cfl()

    def is_over(self, target: float) -> bool:
        """Whether the plume's residual has met the target, or has not fallen for `PATIENCE` iterations."""
        residuals = self.iteration.residuals
        return residuals.plume_drop <= target or residuals.since_fall > PATIENCE

    def _begin_anew(self, own_start: Floats) -> None:
        """Take the start without neighbors (n_cells, nvar), and forget the one from them."""
        iteration, residuals = self.iteration, self.iteration.residuals
        iteration.state[:], iteration.own_start = own_start, None
        residuals.least, residuals.since_least, residuals.size = np.inf, 0, np.inf
        residuals.restarts = 0
        self.stepper.pseudo_time.restart(NEXT_CFL)

    def _has_stalled(self) -> bool:
        """True every `STALLED` iterations without a new least residual, if all gas acts on the hole."""
        since = self.iteration.residuals.since_least
        return self.acting_pressure == 0.0 and since > 0 and since % STALLED == 0

    def _finite_residual(self) -> tuple[Floats, float]:
        """Residual (n_cells, nvar) and its norm, of the state or of the one that replaces it."""
        state = self.iteration.state
        residual = self.stepper.evaluate(state)
        size = residual_size(residual, state)
        if not np.isfinite(size):
            self._replace()
            residual = self.stepper.evaluate(state)
            size = residual_size(residual, state)
        return residual, size

    def _replace(self) -> None:
        """Replace a state that is not finite: by the best one, then by the start without neighbors."""
        iteration, residuals = self.iteration, self.iteration.residuals
        residuals.restarts += 1
        if residuals.restarts <= RESTARTS:
            iteration.state[:] = iteration.best
            self.stepper.pseudo_time.restart(NEXT_CFL * 0.1**residuals.restarts)
        elif iteration.own_start is not None:
            self._begin_anew(iteration.own_start)
        else:
            raise NonPhysicalState(_where_bad(self.problem, iteration.state))

    def _acting_size(self, residual: Floats, size: float) -> float:
        """Norm of the residual over the cells that can act on the hole; `size` where all can."""
        held, state = self.iteration.hold.cells, self.iteration.state
        if self.acting_pressure == 0.0 and not len(held):
            return size
        acting = ~held if len(held) else self._may_act()
        return residual_size(residual[acting], state[acting])

    def _may_act(self) -> Bools:
        """Which cells (n_cells,) lie before the end of the bore or have a pressure that may act."""
        pressure = self.stepper.primitive[: len(self.iteration.state), -1]
        inside = self.problem.along < self.problem.bore[1]
        return np.asarray(inside | (pressure > self.acting_pressure))

    def acting(self) -> Bools:
        """Which cells (n_cells,) act on the hole.

        Behind a shock the pressure may be high again, but no cell that can act leads from there to the hole.
        Beside a knife edge gas is thin already where the flow is measured: the cells there count as acting.
        """
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        may, n_cells = self._may_act(), len(self.iteration.state)
        faces, measured = self.problem.layout.faces, self.problem.orifice.faces
        beside = np.concatenate([faces.left[measured], faces.right[measured]])
        may[beside[beside < n_cells]] = True
        inner = interior_faces(self.problem.layout)
        left, right = faces.left[:inner], faces.right[:inner]
        both = may[left] & may[right]
        ones = np.ones(np.count_nonzero(both), dtype=np.int8)
        graph = coo_matrix((ones, (left[both], right[both])), shape=(n_cells, n_cells))
        part = connected_components(graph, directed=False)[1]
        inside = self.problem.along < self.problem.bore[1]
        return np.asarray(may & np.isin(part, part[inside]))


def _where_bad(problem: Problem, conserved: Floats) -> str:
    bad = np.flatnonzero(~np.all(np.isfinite(conserved), axis=1))
    cell = int(bad[0]) if len(bad) else int(np.argmin(conserved[:, 0]))
    place = zip("xyz", problem.metric.centroid[cell] * problem.reference.length, strict=False)
    where = ", ".join(f"{axis} = {distance:.4g} m" for axis, distance in place)
    return (
        f"the solution is no longer physical at cell {cell}, {where}, after "
        f'{RESTARTS} restarts with shorter steps; try [numerics] flux = "hlle" or order = 1'
    )
