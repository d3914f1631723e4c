"""The first stage of a steady run: the first-order scheme, which is robust, smooths the guess."""

from __future__ import annotations

import time

import numpy as np

from breachflow.numerics.implicit.newton import ImplicitStepper
from breachflow.runs.measure.flow_rate import flow_rate_of, ideal_mass_flow_of
from breachflow.runs.setup.problem import Problem
from breachflow.runs.solve.context import RunContext
from breachflow.runs.solve.convergence import residual_size
from breachflow.runs.solve.iteration import Iteration
from breachflow.runs.solve.step_control import continue_from

FIRST_CFL = 5.0
"""CFL number of the first step."""

ENOUGH_DROP = 1e-3
"""Drop of the residual at which the second-order scheme takes over."""

MOST_STEPS = 60

ALONE_CFL = 10.0
"""CFL number over the drop of the residual that a mesh without coarser ones allows.

On fine meshes of triangles steps that grow without this limit leave the residual above that of the guess.
"""


class FirstOrder:
    """Implicit first-order steps, shorter after each state that is not finite."""

    def __init__(self, problem: Problem, iteration: Iteration, context: RunContext) -> None:
        self.problem, self.iteration, self.context = problem, iteration, context
        scheme = problem.scheme._replace(order=1, slow_jump=1.0)
        discretization = problem.discretization._replace(scheme=scheme)
        self.stepper = ImplicitStepper(discretization, FIRST_CFL, fills=problem.fills)
        self.ideal = ideal_mass_flow_of(problem.case)
        if iteration.step == 0:
            iteration.start_cfl = FIRST_CFL
        continue_from(self.stepper, iteration)

    @property
    def is_over(self) -> bool:
        """Whether the residual has fallen enough, or the last step is done."""
        residuals = self.iteration.residuals
        return self.iteration.step == MOST_STEPS or residuals.size <= ENOUGH_DROP * residuals.first

    def measure(self) -> None:
        """Measure the residual; report it and ask whether to stop, unless the stage is over."""
        iteration, residuals = self.iteration, self.iteration.residuals
        size = self._size()
        if not np.isfinite(size):
            size = self._begin_again()
        if iteration.step == 0:
            residuals.first = size
        residuals.size = size
        if self.is_over:
            return
        self.context.asked_to_stop()
        iteration.best[:] = iteration.state
        residuals.drop = size / residuals.first
        iteration.elapsed = time.monotonic() - self.context.started
        flow_rate = flow_rate_of(self.problem, self.stepper.flux, self.ideal)
        self.context.report(self.problem, iteration, flow_rate)

    def advance(self) -> None:
        """Take one implicit step."""
        residuals = self.iteration.residuals
        if self.problem.stands_alone and residuals.size > 0.0:
            self.stepper.pseudo_time.limit(ALONE_CFL * residuals.first / residuals.size)
        self.stepper.step(self.iteration.state)

    def _size(self) -> float:
        state = self.iteration.state
        return residual_size(self.stepper.evaluate(state), state)

    def _begin_again(self) -> float:
        """Go back to the last finite state, with steps a tenth as long; returns its residual."""
        iteration = self.iteration
        iteration.start_cfl *= 0.1
        iteration.state[:] = iteration.best
        self.stepper.pseudo_time.restart(iteration.start_cfl)
        return self._size()
