"""Steady flow on one mesh: implicit pseudo-time steps of the second-order scheme up to the goal."""

from __future__ import annotations

import time

import numpy as np

from breachflow.numerics.implicit.newton import ImplicitStepper
from breachflow.runs.measure.flow_rate import FlowRate, flow_rate_of, ideal_mass_flow_of
from breachflow.runs.measure.history import history_values, steady_rows
from breachflow.runs.setup.problem import Problem
from breachflow.runs.solve.context import RunContext
from breachflow.runs.solve.convergence import (
    COARSE_GOAL,
    SETTLED,
    SETTLED_ENOUGH,
    final_goal,
    recent_fluctuation,
)
from breachflow.runs.solve.hold.control import HoldControl
from breachflow.runs.solve.iteration import Ending, Iteration, Stage
from breachflow.runs.solve.step_control import (
    NEXT_CFL,
    StepControl,
    continue_from,
    update_limits,
)
from breachflow.runs.solve.transfer import transferred
from breachflow.runs.solve.unsteady.detect import swings
from breachflow.runs.solve.unsteady.series import Series

COARSE_ITERATIONS = 100
"""Most iterations on a mesh that only prepares the next one."""

STALLED_BEFORE = 12
"""Iterations without a fall of the residual after which such a mesh is left, if its flow has settled."""

WORTH_A_GUESS = 0.1
"""Drop of the residual below which the remaining time is estimated."""


class Steady:
    """Implicit second-order steps until the residual is down and the mass flow has settled."""

    is_second = False
    """Whether the mesh has been solved before, and this is a comparison with another numerical flux."""

    def __init__(self, problem: Problem, iteration: Iteration, context: RunContext) -> None:
        case = problem.case
        self.problem, self.iteration, self.context = problem, iteration, context
        on_last = iteration.mesh_number == context.n_meshes or case.exact is not None
        self.is_last = on_last and not self.is_second
        most = case.run.max_iterations
        self.most = most if self.is_last else min(most, COARSE_ITERATIONS)
        self.goal = final_goal(case) if self.is_last else COARSE_GOAL
        self.ideal = ideal_mass_flow_of(case)
        limits = update_limits(problem)
        self.stepper = ImplicitStepper(problem.discretization, NEXT_CFL, limits, problem.fills)
        self.control = StepControl(problem, iteration, self.stepper)
        # Of a jet, whose inflow is given, the plume is what is asked for.
        has_hole = case.exact is None and case.orifice is not None and not case.mesh.is_a_jet
        self.may_hold = self.is_last and has_hole
        self.may_march = has_hole and not self.is_second
        self.holding = HoldControl(problem, self.control, self.most)
        continue_from(self.stepper, iteration)

    @property
    def converged(self) -> bool:
        """Whether the goal is reached: twice where a part is held."""
        return self._meets_goal and (self.iteration.hold.part is None or self.holding.is_proven)

    @property
    def _meets_goal(self) -> bool:
        return self.goal.is_reached(self.iteration.residuals.drop, self.iteration.flow_rates)

    @property
    def swings(self) -> bool:
        """Whether the flow through the hole moves without end, and nothing has been held for long."""
        hold, step = self.iteration.hold, self.iteration.step
        if self.converged or not self.may_march or hold.part is not None:
            return False
        return swings(self.iteration.rows, step - hold.step)

    @property
    def _serves_next(self) -> bool:
        """Whether a mesh that only prepares the next one has stalled, with a flow that hardly moves."""
        stalled = self.iteration.residuals.since_fall >= STALLED_BEFORE
        return stalled and recent_fluctuation(self.iteration.flow_rates) <= SETTLED_ENOUGH

    @property
    def is_over(self) -> bool:
        """Whether the run is done on this mesh: converged, or out of iterations."""
        over = not self.is_last or self.holding.is_proven
        over = over or self.control.is_over(self.problem.case.run.residual_drop)
        if (self.converged and over) or self.holding.is_over:
            return True
        return self.swings if self.is_last else self._serves_next

    def measure(self) -> None:
        """Measure the state, record and report it, and ask whether to stop."""
        if self.iteration.step == 0 and self.context.neighbors and not self.is_second:
            self._start_from_neighbors()
        self.control.measure()
        self._record()
        if self.may_hold:
            self.holding.look(self._meets_goal, self.iteration.flow_rates[-1].discharge_coefficient)
        self.context.asked_to_stop()

    def advance(self) -> None:
        """Adapt the steps, and take one."""
        self.control.fall_back()
        self.control.limit_step()
        self.stepper.step(self.iteration.state)

    def begin_march(self) -> None:
        """March in time from the present state, or on from that of an earlier march."""
        iteration = self.iteration
        kept = iteration.series.state
        iteration.series.state = Series().state
        iteration.change_stage(Stage.MARCH, kept if len(kept) else iteration.state)

    def ending(self) -> Ending:
        """Ending of the iteration on this mesh."""
        iteration = self.iteration
        return Ending(
            cells=self.problem.mesh.n_cells,
            converged=self.converged,
            flow_rate=iteration.flow_rates[-1],
            residual_drop=iteration.residuals.drop,
            plume_drop=max(iteration.residuals.plume_drop, iteration.hold.drop),
            fluctuation=recent_fluctuation(iteration.flow_rates),
            iterations=steady_rows(iteration.rows),
            wall_time=iteration.elapsed,
            stopped=self.context.stopped,
            held=str(iteration.hold.part or ""),
            held_change=iteration.hold.change,
        )

    def _start_from_neighbors(self) -> None:
        self.control.measure()
        coarsenings = self.context.n_meshes - self.iteration.mesh_number
        other = transferred(self.context.neighbors, self.problem, coarsenings, self.iteration.state)
        self.control.adopt(other)

    def _record(self) -> None:
        """Take down the flow rate, with a row of the history unless this is a comparison, and report."""
        iteration = self.iteration
        flow_rate = flow_rate_of(self.problem, self.stepper.flux, self.ideal)
        iteration.flow_rates = [*iteration.flow_rates[-SETTLED:], flow_rate]
        if not self.is_second:
            iteration.rows.append(self._row(flow_rate))
        iteration.elapsed = time.monotonic() - self.context.started
        self.context.report(self.problem, iteration, flow_rate, self._remaining())

    def _row(self, flow_rate: FlowRate) -> dict[str, float]:
        """The row of the history for the present state."""
        return {
            "level": self.iteration.mesh_number,
            "iteration": len(self.iteration.rows),
            "residual": self.iteration.residuals.drop,
            **history_values(flow_rate),
            "cfl": self.stepper.pseudo_time.max_cfl,
        }

    def _remaining(self) -> float | None:
        """Estimated time to go, s, as if the residual fell at one rate; None where nothing can be said."""
        drop = self.iteration.residuals.drop
        if not self.is_last or not 0.0 < drop < WORTH_A_GUESS:
            return None
        part = np.log(self.problem.case.run.residual_drop) / np.log(drop)
        return max(float((self.iteration.elapsed - self.iteration.mesh_began) * (part - 1.0)), 0.0)
