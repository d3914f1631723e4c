"""March in time on one mesh of a steady run that swings: to a steady flow, or until its mean is known."""

from __future__ import annotations

import time
from math import isnan
from typing import Final

import numpy as np

from breachflow.numerics.implicit.in_time import TimeStepper
from breachflow.runs.measure.flow_rate import FlowRate, flow_rate_of, fluctuation, ideal_mass_flow_of
from breachflow.runs.measure.history import MARCHED, history_values, steady_rows
from breachflow.runs.measure.time_mean import FEWEST_BATCHES, TimeMean, settled_from, time_mean
from breachflow.runs.setup.problem import Problem, discretization_in_time
from breachflow.runs.setup.reference import convective_time
from breachflow.runs.solve.context import RunContext
from breachflow.runs.solve.convergence import residual_size
from breachflow.runs.solve.iteration import Ending, Iteration, Stage
from breachflow.runs.solve.stepping import time_unit
from breachflow.runs.solve.unsteady.detect import has_died_out
from breachflow.runs.solve.unsteady.series import COEFFICIENT, Series

STEPS: Final = 20
"""Steps in a convective time: with twice as many a mean over 2.5 convective times changes by 1 %."""

FIRST_LOOK: Final = 10
"""Convective times after which the march is looked at."""

LONGEST: Final = 100
"""Most convective times of a march on the last mesh."""

LONGEST_BEFORE: Final = 10
"""Most convective times on a mesh that only prepares the next one: its mean serves the mesh uncertainty."""

RETURNS: Final = 1
"""Times that the march is left for steady iterations since the motion seems to die out."""


class SwingMarch:
    """Implicit steps in time until the mean of the flow is known, or the motion has died out."""

    def __init__(self, problem: Problem, iteration: Iteration, context: RunContext) -> None:
        case = problem.case
        self.problem, self.iteration, self.context = problem, iteration, context
        self.is_last = iteration.mesh_number == context.n_meshes
        self.most = (LONGEST if self.is_last else LONGEST_BEFORE) * STEPS
        self.duration = convective_time(case) * problem.reference.velocity / problem.reference.length / STEPS
        self.unit = time_unit(problem)
        self.stepper = TimeStepper(discretization_in_time(problem), problem.fills)
        self.ideal = ideal_mass_flow_of(case)
        if len(self.series.before):
            self.stepper.before, self.stepper.last = self.series.before, self.series.last
            self.stepper.newton.evaluate(iteration.state)

    @property
    def series(self) -> Series:
        """What the march has found so far."""
        return self.iteration.series

    @property
    def died_out(self) -> bool:
        """Whether the motion has died out, and steady iterations may finish what is left."""
        return (
            self.is_last
            and self._is_time_to_look
            and self.series.returns < RETURNS
            and has_died_out(self.series.coefficients)
        )

    @property
    def is_over(self) -> bool:
        """Whether the mean is known, the time is up, or the motion has died out."""
        if len(self.series.rates) >= self.most or self.died_out:
            return True
        return self.is_last and self._is_time_to_look and self._knows_mean(self.mean())

    def measure(self) -> None:
        """Record the flow rate of a whole step, report it, and ask whether to stop."""
        if self.iteration.step > 0 and self.series.begun == 0.0:
            self._record()
        self.context.asked_to_stop()

    def advance(self) -> None:
        """Take a step, or the part of one that can be solved."""
        series, stepper = self.series, self.stepper
        rest = self.duration - series.begun
        taken = stepper.take_step(self.iteration.state, rest)
        series.begun = 0.0 if taken == rest else series.begun + taken
        series.before, series.last = stepper.before, stepper.last
        series.longest_cfl = stepper.longest_cfl

    def leave(self) -> None:
        """Let steady iterations go on; keep the state, from which the march may have to go on."""
        self.series.state, self.series.returns = self.iteration.state.copy(), self.series.returns + 1
        self.iteration.change_stage(Stage.STEADY, self.iteration.state)

    def mean(self) -> TimeMean | None:
        """Statistics of the discharge coefficient, times in s; None where there is too little of it."""
        values = self.series.coefficients
        if len(values) < 2 * STEPS:
            return None
        return time_mean(values[settled_from(values) :], self.duration * self.unit)

    def ending(self) -> Ending:
        """Ending on this mesh: the mean flow since the start was forgotten."""
        iteration = self.iteration
        rates = self.series.rates if len(self.series.rates) else np.array([self._present_rate()])
        counted = rates[settled_from(rates[:, COEFFICIENT]) :]
        mean, rate = self.mean(), FlowRate(*(float(one) for one in counted.mean(axis=0)))
        return Ending(
            cells=self.problem.mesh.n_cells,
            converged=mean is not None and not isnan(mean.error) and self.context.stopped is None,
            flow_rate=rate,
            residual_drop=iteration.residuals.drop,
            plume_drop=iteration.residuals.plume_drop,
            fluctuation=fluctuation([*counted[:, 0], rate.mass_flow]),
            iterations=steady_rows(iteration.rows),
            wall_time=iteration.elapsed,
            stopped=self.context.stopped,
            swing=mean,
        )

    def _present_rate(self) -> FlowRate:
        """Flow rate of the present state, before the first step has ended."""
        self.stepper.newton.evaluate(self.iteration.state)
        return flow_rate_of(self.problem, self.stepper.flux, self.ideal)

    def _knows_mean(self, mean: TimeMean | None) -> bool:
        """Whether enough batches tell the mean as closely as the case asks for."""
        if mean is None or mean.batches < FEWEST_BATCHES:
            return False
        level = self.problem.case.run.mean_tolerance * abs(float(self.series.coefficients.mean()))
        return mean.error <= level

    @property
    def _is_time_to_look(self) -> bool:
        """Whether a whole number of convective times has passed, enough of them to look."""
        steps = len(self.series.rates)
        return steps >= FIRST_LOOK * STEPS and steps % STEPS == 0

    def _record(self) -> None:
        """Add the flow rate of the present time to the series and to the history, and report it."""
        iteration, stepper = self.iteration, self.stepper
        rate = flow_rate_of(self.problem, stepper.flux, self.ideal)
        self.series.rates = np.vstack([self.series.rates, rate])
        size = residual_size(stepper.outflow, iteration.state)
        iteration.rows.append(
            {
                "level": iteration.mesh_number,
                "iteration": len(iteration.rows),
                "residual": size / iteration.residuals.first,
                **history_values(rate),
                "cfl": self.series.longest_cfl,
                MARCHED: len(self.series.rates) * self.duration * self.unit,
            }
        )
        iteration.elapsed = time.monotonic() - self.context.started
        self.context.report(self.problem, iteration, rate)
