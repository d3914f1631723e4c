"""The two ways to step in time: explicit local steps, or implicit steps of a given length."""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import ceil
from typing import ClassVar

import numpy as np

from breachflow.arrays import CellRows, FaceRows, Floats
from breachflow.numerics.explicit.floor import Floor
from breachflow.numerics.explicit.stepper import ExplicitStepper
from breachflow.numerics.implicit.in_time import TimeStepper, backward_difference
from breachflow.runs.setup.problem import Problem
from breachflow.runs.solve.iteration import ImplicitSteps, LocalSteps, TimeMarch

RECORDS = 400
"""Rows of history, evenly spaced in time, about. No cycle of explicit steps is longer than their distance."""

REACHED = 1.0 - 1e-12
"""Part of a duration after which it is over: the rest is rounding."""


def time_unit(problem: Problem) -> float:
    """The unit of time of the solver, s."""
    return problem.reference.length / problem.reference.velocity


class Stepping(ABC):
    """A way to step in time; times in units of the reference."""

    advice: ClassVar[str]
    """What helps where a state is no longer finite."""
    stepper: ExplicitStepper | TimeStepper

    @abstractmethod
    def advance(self, state: CellRows, march: TimeMarch, remaining: float) -> float:
        """Move a state (n_cells, nvar) in place by a cycle or a step; returns its duration.

        What the next one needs is kept in `march`.

        Raises NonPhysicalState where a state is not finite.
        """

    @abstractmethod
    def summed(self, march: TimeMarch, rates: Floats, duration: float) -> Floats:
        """What has passed, `march.masses`, after a step of this duration with these rates, (2,)."""

    @property
    def flux(self) -> FaceRows:
        """(n_faces, nvar) flux times area through each face: mean over a cycle, or at the end of a step."""
        return self.stepper.flux

    @property
    def outflow(self) -> CellRows:
        """(n_cells, nvar) net outflow per time from each cell, less sources: that over the last step of each
        cell in a cycle, or at the end of a step."""
        return self.stepper.outflow

    @property
    def floored(self) -> int:
        """Most cells raised to the background at once: only explicit steps raise any."""
        return 0


class ExplicitStepping(Stepping):
    """Cycles of explicit local steps."""

    advice = 'try a smaller [numerics] cfl, or flux = "hlle"'
    stepper: ExplicitStepper

    def __init__(self, problem: Problem, march: TimeMarch) -> None:
        numerics = problem.case.numerics
        floor = Floor(numerics.background, numerics.background)
        self.stepper = ExplicitStepper(problem.discretization, floor, numerics.cfl)
        assert problem.case.run.end_time is not None
        self.longest = problem.case.run.end_time / RECORDS / time_unit(problem)
        steps, stepper = march.local_steps, self.stepper
        if steps is not None:
            stepper.state, stepper.levels, stepper.level_span, stepper.floored, stepper.flux = steps

    def advance(self, state: CellRows, march: TimeMarch, remaining: float) -> float:
        """One cycle of steps."""
        stepper = self.stepper
        if march.elapsed == 0.0:
            stepper.begin(state)
        duration = stepper.take_cycle(state, remaining, self.longest)
        march.local_steps = LocalSteps(
            stepper.state, stepper.levels, stepper.level_span, stepper.floored, stepper.flux
        )
        return duration

    def summed(self, march: TimeMarch, rates: Floats, duration: float) -> Floats:
        """The fluxes are means over the cycle."""
        return march.masses + duration * rates

    @property
    def floored(self) -> int:
        """Most cells raised to the background at once."""
        return self.stepper.floored


class ImplicitStepping(Stepping):
    """Implicit steps of the length that the case gives, as far as they can be solved."""

    advice = "try a shorter [run] time_step, or leave it out for explicit steps"
    stepper: TimeStepper

    def __init__(self, problem: Problem, march: TimeMarch, state: CellRows) -> None:
        assert problem.case.run.time_step is not None
        self.duration = problem.case.run.time_step / time_unit(problem)
        self.stepper = TimeStepper(problem.discretization, problem.fills)
        self.before_last = 0.0
        if march.implicit_steps is not None:
            self.stepper.before, self.stepper.last = march.implicit_steps
            self.stepper.newton.evaluate(state)

    def advance(self, state: CellRows, march: TimeMarch, remaining: float) -> float:
        """One step; the remaining time is divided evenly."""
        wanted = remaining / ceil(remaining / self.duration * REACHED)
        before_last = self.stepper.last
        duration = self.stepper.take_step(state, wanted)
        self.before_last = before_last
        march.implicit_steps = ImplicitSteps(self.stepper.before, self.stepper.last)
        return duration

    def summed(self, march: TimeMarch, rates: Floats, duration: float) -> Floats:
        """By the formula that moves the state, so that mass is conserved as well as the step is solved."""
        weights = backward_difference(duration / self.before_last if self.before_last > 0.0 else 0.0)
        past = weights.here * march.masses + weights.before * march.masses_before
        return np.asarray((duration * rates - past) / weights.new)


def stepping_of(problem: Problem, march: TimeMarch, state: CellRows) -> Stepping:
    """The way in which a case steps in time, at a state (n_cells, nvar) that a march has reached."""
    if problem.case.run.time_step is None:
        return ExplicitStepping(problem, march)
    return ImplicitStepping(problem, march, state)
