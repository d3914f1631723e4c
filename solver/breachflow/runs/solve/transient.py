"""Flow in time on one mesh: steps up to the end time, through the times of snapshots."""

from __future__ import annotations

import time
from math import nan

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import NonPhysicalState
from breachflow.runs.measure.flow_rate import (
    FlowRate,
    flow_rate_of,
    fluctuation,
    ideal_mass_flow_of,
    mass_rates,
)
from breachflow.runs.measure.history import history_values
from breachflow.runs.measure.probes import Probes
from breachflow.runs.setup.problem import Problem
from breachflow.runs.solve.context import RunContext
from breachflow.runs.solve.iteration import Ending, Iteration
from breachflow.runs.solve.stepping import REACHED, RECORDS, stepping_of, time_unit

PULSE = 0.05
"""s between two calls of the watcher and of the stop request."""

WORTH_A_GUESS = 0.01
"""Part of the end time from which the remaining computing time is estimated."""


class Transient:
    """Steps in time until the end time is reached."""

    def __init__(self, problem: Problem, iteration: Iteration, context: RunContext) -> None:
        case = problem.case
        assert case.run.end_time is not None
        self.problem, self.iteration, self.context = problem, iteration, context
        self.end = case.run.end_time
        self.unit = time_unit(problem)
        self.stepping = stepping_of(problem, iteration.march, iteration.state)
        self.ideal = ideal_mass_flow_of(case)
        self.probes = Probes(problem)
        self.snapshots = case.output.snapshots if case.exact is None else 0
        self.targets = np.linspace(0.0, self.end, self.snapshots + 1)[1:] if self.snapshots else [self.end]
        self.next_pulse = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the end time is reached."""
        return self.iteration.march.target == len(self.targets)

    def measure(self) -> None:
        """Record and report what is due, ask whether to stop, and go for the next target at a target."""
        march = self.iteration.march
        if self.iteration.step > 0:
            self._record_if_due()
            self._report_if_due()
        elif self.snapshots:
            self.context.write_snapshot(self.problem, self.iteration)
        if march.elapsed >= self._duration() * REACHED:
            self._next_target()

    def advance(self) -> None:
        """Take a cycle of steps, or a step; raises NonPhysicalState where a state is no longer finite."""
        march = self.iteration.march
        remaining = self._duration() - march.elapsed
        try:
            duration = self.stepping.advance(self.iteration.state, march, remaining)
        except NonPhysicalState as error:
            raise NonPhysicalState(f"{error} at t = {march.time:.4g} s; {self.stepping.advice}") from None
        march.elapsed += duration
        march.time = march.begin + march.elapsed * self.unit
        rates = mass_rates(self.problem, self.stepping.flux)
        summed = self.stepping.summed(march, rates, duration * self.unit)
        march.masses, march.masses_before = summed, march.masses

    def ending(self) -> Ending:
        """Ending of the march on this mesh."""
        iteration = self.iteration
        recent = [row["mass_flow"] for row in iteration.rows[-max(len(iteration.rows) // 10, 2) :]]
        drop = iteration.rows[-1]["residual"] if iteration.rows else 1.0
        return Ending(
            cells=self.problem.mesh.n_cells,
            converged=self.context.stopped is None,
            flow_rate=self._flow_rate(),
            residual_drop=drop,
            plume_drop=drop,
            fluctuation=fluctuation(recent) if len(recent) > 1 else nan,
            iterations=iteration.step,
            wall_time=time.monotonic() - self.context.started,
            stopped=self.context.stopped,
            time=iteration.march.time,
            floored=self.stepping.floored,
        )

    def _duration(self) -> float:
        """Time from the last target to the next one, in units of the reference."""
        march = self.iteration.march
        return float((self.targets[march.target] - march.begin) / self.unit)

    def _next_target(self) -> None:
        """Write the snapshot that is due, and go for the next target."""
        march = self.iteration.march
        if self.snapshots:
            self.context.write_snapshot(self.problem, self.iteration)
        march.target, march.begin, march.elapsed = march.target + 1, march.time, 0.0

    def _record_if_due(self) -> None:
        """Add a row to the history, and the states at the probes."""
        iteration, march = self.iteration, self.iteration.march
        if not (march.time >= march.next_row or march.time >= self.end * REACHED):
            return
        march.next_row = march.time + self.end / RECORDS * (1.0 - 1e-9)
        flow_rate = self._flow_rate()
        iteration.probe_times.append(march.time)
        iteration.probe_states.append(self.probes.states(iteration.state))
        iteration.rows.append(
            {
                "time": march.time,
                "iteration": iteration.step,
                "residual": self._residual(),
                **history_values(flow_rate),
                "passed_mass": float(march.masses[0]),
                "fed_mass": float(march.masses[1]),
            }
        )

    def _report_if_due(self) -> None:
        """Call the watcher and the stop request a few times a second."""
        iteration, now = self.iteration, time.monotonic()
        if now < self.next_pulse:
            return
        self.next_pulse = now + PULSE
        iteration.elapsed = now - self.context.started
        iteration.residuals.drop = self._residual()
        part = iteration.march.time / self.end
        remaining = iteration.elapsed * (1.0 / part - 1.0) if part > WORTH_A_GUESS else None
        self.context.report(self.problem, iteration, self._flow_rate(), remaining)
        self.context.asked_to_stop()

    def _flow_rate(self) -> FlowRate:
        return flow_rate_of(self.problem, self.stepping.flux, self.ideal)

    def _residual(self) -> float:
        """Norm of the net mass outflow of all cells over its first value."""
        outflow: Floats = self.stepping.outflow
        size, residuals = float(np.sqrt(np.sum(outflow[:, 0] ** 2))), self.iteration.residuals
        if np.isnan(residuals.first):
            residuals.first = size
        return size / residuals.first if residuals.first > 0.0 else 0.0
