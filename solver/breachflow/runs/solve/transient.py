"""Flow in time: the sudden puncture, from gas at rest on both sides of the hole to the jet."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from breachflow.arrays import Floats
from breachflow.compiled import set_threads
from breachflow.errors import NonPhysicalState
from breachflow.mesh.mesh import Mesh
from breachflow.numerics.explicit.floor import Floor
from breachflow.numerics.explicit.stepper import ExplicitStepper
from breachflow.runs.measure.flow_rate import FlowRate, flow_rate_of, ideal_mass_flow_of
from breachflow.runs.measure.probes import ProbeRecord
from breachflow.runs.progress import Progress
from breachflow.runs.setup.problem import Problem, make_problem
from breachflow.runs.setup.start import puncture
from breachflow.runs.solve.steady import RunContext

RECORDS = 400
"""Rows of history, evenly spaced in time, about; the cycles of steps are no longer than their distance."""

FEW_CELLS = 100_000
"""Cells below which one thread is faster than several: most steps are those of a few small cells."""

PULSE = 0.05
"""s between two looks at the clock, the stop request and the watcher."""


@dataclass
class TransientOutcome:
    """Where a transient run ended."""

    problem: Problem
    conserved: Floats
    flow_rate: FlowRate
    time: float
    """s"""
    steps: int
    """Of the longest cells: cycles in which every cell steps at least once."""
    floored: int
    """Most cells held at the background at once."""
    probes: ProbeRecord
    complete: bool = field(default=False)
    """The end time was reached."""


def run_transient(
    mesh: Mesh, context: RunContext, snapshot: Callable[[Problem, Floats, float], None]
) -> TransientOutcome:
    """March to the end time; `snapshot(problem, conserved, time)` is called at evenly spaced times."""
    problem = make_problem(context.case, mesh)
    march = March(problem, puncture(problem), context)
    times = _snapshot_times(context)
    snapshot(march.problem, march.conserved, 0.0) if len(times) else None
    for target in times if len(times) else [context.case.run.end_time or 0.0]:
        march.to(target)
        if context.stopped:
            break
        if len(times):
            snapshot(march.problem, march.conserved, march.time)
    return march.outcome()


def _snapshot_times(context: RunContext) -> Floats:
    end, count = context.case.run.end_time or 0.0, context.case.output.snapshots
    return np.linspace(0.0, end, count + 1)[1:]


class March:
    """The cycles of one run from a given state, and what is recorded on the way."""

    def __init__(self, problem: Problem, start: Floats, context: RunContext) -> None:
        case = context.case
        set_threads(1 if problem.mesh.n_cells < FEW_CELLS else context.threads)
        self.problem, self.context = problem, context
        self.unit = problem.reference.length / problem.reference.velocity
        self.conserved = start
        background = case.numerics.background
        floor = Floor(background, background)
        self.stepper = ExplicitStepper(problem.layout, problem.gas, problem.scheme, floor, case.numerics.cfl)
        self.ideal = ideal_mass_flow_of(case)
        self.probes = ProbeRecord(problem)
        self.time, self.steps = 0.0, 0
        self.first_size = np.nan
        self.next_record, self.next_look = 0.0, 0.0

    def to(self, target: float) -> None:
        """March to a time, s, or until a stop is asked for."""
        begin = self.time
        longest = (self.context.case.run.end_time or 0.0) / RECORDS

        def after_cycle(elapsed: float) -> bool:
            self.time = begin + elapsed * self.unit
            self.steps += 1
            self._look()
            return self.context.stopped is not None

        try:
            duration = (target - begin) / self.unit
            self.stepper.advance(self.conserved, duration, after_cycle, longest / self.unit)
        except NonPhysicalState as error:
            raise NonPhysicalState(
                f'{error} at t = {self.time:.4g} s; try a smaller [numerics] cfl, or flux = "hlle"'
            ) from None

    def _look(self) -> None:
        """Record now and then; tell the watcher and ask for stops a few times a second."""
        end = self.context.case.run.end_time or 0.0
        if self.time >= self.next_record or self.time >= end * (1.0 - 1e-12):
            self.next_record = self.time + end / RECORDS * (1.0 - 1e-9)
            self._record()
        if time.monotonic() >= self.next_look:
            self.next_look = time.monotonic() + PULSE
            self.context.watch(self._progress(end))
            self.context.asked_to_stop()

    def _flow_rate(self) -> FlowRate:
        return flow_rate_of(self.problem, self.stepper.flux, self.ideal)

    def _size(self) -> float:
        size = float(np.sqrt(np.sum(self.stepper.outflow[:, 0] ** 2)))
        if np.isnan(self.first_size):
            self.first_size = size
        return size / self.first_size if self.first_size > 0.0 else 0.0

    def _record(self) -> None:
        flow_rate = self._flow_rate()
        self.probes.add(self.time, self.conserved)
        self.context.history.add(
            time=self.time,
            iteration=self.steps,
            residual=self._size(),
            mass_flow=flow_rate.mass_flow,
            inlet_mass_flow=flow_rate.inlet_mass_flow,
            discharge_coefficient=flow_rate.discharge_coefficient,
        )

    def _progress(self, end: float) -> Progress:
        flow_rate = self._flow_rate()
        elapsed = time.monotonic() - self.context.started
        share = self.time / end if end > 0.0 else 1.0
        return Progress(
            level=1,
            levels=1,
            cells=self.problem.mesh.n_cells,
            iteration=self.steps,
            time=self.time,
            residual=self._size(),
            mass_flow=flow_rate.mass_flow,
            discharge_coefficient=flow_rate.discharge_coefficient,
            elapsed=elapsed,
            remaining=elapsed * (1.0 / share - 1.0) if share > 0.01 else None,
        )

    def outcome(self) -> TransientOutcome:
        """What the march has come to."""
        return TransientOutcome(
            problem=self.problem,
            conserved=self.conserved,
            flow_rate=self._flow_rate(),
            time=self.time,
            steps=self.steps,
            floored=self.stepper.floored,
            probes=self.probes,
            complete=self.context.stopped is None,
        )
