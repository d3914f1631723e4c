"""Steady flow: pseudo-transient Newton-Krylov on a sequence of nested meshes, each starting from the last."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats, Ints
from breachflow.case.schema import Case
from breachflow.compiled import set_threads
from breachflow.errors import NonPhysicalState
from breachflow.mesh.family import MeshFamily
from breachflow.numerics.implicit.newton import CAREFUL, INTO_VACUUM, THOROUGH, ImplicitStepper, Pace
from breachflow.runs.measure.flow_rate import FlowRate, flow_rate_of, fluctuation, ideal_mass_flow_of
from breachflow.runs.measure.history import History
from breachflow.runs.progress import Progress, StopRequest, Watcher
from breachflow.runs.setup.problem import Problem, make_problem
from breachflow.runs.setup.start import steady_guess, stream
from breachflow.runs.solve.transfer import Neighbor, transferred
from breachflow.theory.slit.free_streamline import choking_pressure_ratio
from breachflow.theory.streams.nozzle import critical_pressure_ratio

FIRST_CFL = 5.0
"""First step on the coarsest mesh, first order."""

NEXT_CFL = 20.0
"""First step of every later start; from there it may grow as the residual falls, not faster."""

CARRIED_CFL = 500.0
"""First step, at most, from the solution of a neighbor: it has no errors that short steps must smooth."""

START_DROP = 1e-3
"""Drop of the first-order residual at which second order takes over on the coarsest mesh."""

START_STEPS = 60

SETTLED = 5
"""Iterations over which the mass flow must stay within its tolerance."""

CLOSED = 1e-6
"""Largest imbalance between inlet and hole of a converged run."""

SMALL_MESH = 3000
"""Cells below which one thread is faster than several."""

THIN_GAS = 1e-4
"""Density over that of the cabin below which the residual does not count.

Next to a plume into vacuum lies a region that no gas should reach. The traces that the scheme leaks into it
slosh about without end, carry nothing, and cannot act on the hole.
"""

ROUNDING = 1e-14
"""Residual, over what flows through the faces at reference speed, that is rounding and cannot fall."""

COARSE_ITERATIONS = 100
"""Most iterations on a mesh that only prepares the next one."""

PATIENCE = 40
"""Iterations without a new least residual after which a plume that cannot act on the hole is left alone."""

STALLED = 12
"""Iterations without a new least residual after which the next step is short again.

With long ones a jet that meets gas at rest may go round in circles for ever.
"""

CARRIED_PATIENCE = 20
"""Iterations without a new least residual after which a run that started from neighbors starts anew.

In a thick hole the ring of gas in the bore has many motions, and now and then goes round between theirs.
"""

WORSE = 1.5
"""Growth of the residual by one step after which a subsonic jet takes shorter ones.

Not of a choked one, whose shocks move by a cell at a time, with such leaps, while they settle.
"""

START_OF_DOUBT = 0.1
"""Drop of the residual above which it may leap: the first steps sweep away what the start got wrong."""

RESTARTS = 3
"""Times that an iteration with non-finite numbers goes back to its best state, with short steps."""


@dataclass
class Outcome:
    """What the steady iteration found on one mesh."""

    problem: Problem
    conserved: Floats
    flow_rate: FlowRate
    residual_drop: float
    fluctuation: float
    """Relative change of the mass flow over the last iterations."""
    converged: bool
    plume_drop: float
    """Residual over its first value everywhere, and not only where it can act on the hole."""


@dataclass
class RunContext:
    """What goes through a run from mesh to mesh."""

    case: Case
    threads: int
    watch: Watcher
    stop: StopRequest
    levels: int = 1
    history: History = field(default_factory=History)
    started: float = field(default_factory=time.monotonic)
    neighbors: Sequence[Neighbor] = ()
    """Solved flows much like this one, to start from."""
    stopped: str | None = None
    """Why the run was stopped on request, if it was."""

    def asked_to_stop(self) -> bool:
        """Ask, and remember the first reason."""
        self.stopped = self.stopped or self.stop()
        return self.stopped is not None


def run_steady(meshes: MeshFamily, context: RunContext) -> list[Outcome]:
    """Solve on each mesh in turn, the coarsest first; stop after the mesh on which a stop was asked for."""
    outcomes: list[Outcome] = []
    for level, mesh in enumerate(meshes):
        problem = make_problem(context.case, mesh)
        set_threads(1 if mesh.n_cells < SMALL_MESH else context.threads)
        if outcomes:
            start = prolonged(outcomes[-1].conserved, meshes.parent_cells(level))
        else:
            start = _first_order(problem, context)
        outcomes.append(solve_level(problem, start, level + 1, context))
        context.watch(_ended(context, level + 1, outcomes[-1]))
        if context.stopped:
            break
    return outcomes


def prolonged(coarse: Floats, parents: Ints) -> Floats:
    """Return the states of a finer mesh, (n_cells, nvar): each cell has that of its parent in `coarse`."""
    return np.asarray(coarse[parents])


def _first_order(problem: Problem, context: RunContext) -> Floats:
    """Let a guess settle with the first-order scheme, which hardly anything upsets."""
    guess = stream if context.case.orifice is None else steady_guess
    conserved, ideal = guess(problem), ideal_mass_flow_of(context.case)
    stepper = ImplicitStepper(problem.layout, problem.gas, problem.scheme._replace(order=1), FIRST_CFL)
    good, cfl, begun = conserved.copy(), FIRST_CFL, time.monotonic()
    first = size = _size(stepper.evaluate(conserved), conserved)
    for step in range(START_STEPS):
        if size <= START_DROP * first or context.asked_to_stop():
            break
        if not np.isfinite(size):
            cfl *= 0.1
            conserved[:] = good
            stepper.restart(cfl)
            size = _size(stepper.evaluate(conserved), conserved)
        good[:] = conserved
        flow_rate = flow_rate_of(problem, stepper.work.flux, ideal)
        context.watch(_progress(context, problem, 1, step, size / first, flow_rate, begun))
        stepper.step(conserved)
        size = _size(stepper.evaluate(conserved), conserved)
    return conserved if np.isfinite(size) else good


def _size(residual: Floats, conserved: Floats) -> float:
    """Norm of the mass residual: what is not conserved, wherever there is gas to speak of."""
    dense = conserved[:, 0] > THIN_GAS
    return float(np.sqrt(np.sum(residual[dense, 0] ** 2))) if np.all(np.isfinite(residual)) else np.nan


def solve_level(problem: Problem, conserved: Floats, level: int, context: RunContext) -> Outcome:
    """Solve on one mesh, from the given state (which is changed)."""
    run, ideal = context.case.run, ideal_mass_flow_of(context.case)
    last_level = level == context.levels or context.case.exact is not None
    most = run.max_iterations if last_level else min(run.max_iterations, COARSE_ITERATIONS)
    goal = final_goal(context.case) if last_level else COARSE_GOAL
    descent = _Descent(problem, conserved)
    stepper = ImplicitStepper(problem.layout, problem.gas, problem.scheme, NEXT_CFL, descent.pace)
    if context.neighbors:
        descent.look(stepper, conserved)
        descent.adopt(
            stepper, conserved, transferred(context.neighbors, problem, context.levels - level, conserved)
        )
    flow_rates: list[FlowRate] = []
    begun = time.monotonic()
    for iteration in range(most + 1):
        descent.look(stepper, conserved)
        flow_rates.append(flow_rate_of(problem, stepper.work.flux, ideal))
        settled = goal.is_reached(descent.drop, flow_rates)
        _record(context, level, descent.drop, flow_rates[-1], stepper.ceiling)
        context.watch(_progress(context, problem, level, iteration, descent.drop, flow_rates[-1], begun))
        context.asked_to_stop()
        over = not last_level or descent.is_over(run.residual_drop)
        if (settled and over) or context.stopped or iteration == most:
            break
        descent.turn_back(stepper, conserved)
        descent.restrain(stepper)
        stepper.step(conserved)
    return Outcome(
        problem,
        conserved,
        flow_rates[-1],
        descent.drop,
        _fluctuation(flow_rates),
        settled,
        descent.plume_drop,
    )


class _Descent:
    """The residual of one mesh on its way down: its best state, and what to do where numbers break down."""

    def __init__(self, problem: Problem, start: Floats) -> None:
        self.problem, self.best = problem, start.copy()
        self.acting_pressure, self.subsonic = choking_pressure(problem), is_subsonic(problem)
        self.last, self.growth = np.inf, 0.0
        self.rounding = ROUNDING * float(np.linalg.norm(problem.layout.faces.area))
        self.first = self.near_first = np.nan
        self.least, self.since_least, self.restarts = np.inf, 0, 0
        self.drop = self.plume_drop = 1.0
        self.own_start: Floats | None = None
        """What the run would have started from without neighbors, while it may still go back there."""

    @property
    def pace(self) -> Pace:
        """That which serves the gas outside best."""
        if self.problem.case.outside_pressure == 0.0:
            return INTO_VACUUM
        return CAREFUL if self.acting_pressure > 0.0 else THOROUGH

    def look(self, stepper: ImplicitStepper, conserved: Floats) -> None:
        """Measure the residual of a state; a broken one goes back to the best so far, with shorter steps."""
        residual = stepper.evaluate(conserved)
        if not np.isfinite(_size(residual, conserved)):
            self.restarts += 1
            if self.restarts > RESTARTS:
                raise NonPhysicalState(_where_bad(self.problem, conserved))
            conserved[:] = self.best
            stepper.restart(NEXT_CFL * 0.1**self.restarts)
            residual = stepper.evaluate(conserved)
        size = near = _size(residual, conserved)
        self.growth, self.last = size / self.last, size
        if self.acting_pressure > 0.0:
            pressure = stepper.work.primitive[: len(conserved), -1]
            inside = self.problem.metric.centroid[:, 0] < self.problem.bore[1]
            acting = inside | (pressure > self.acting_pressure)
            near = _size(residual[acting], conserved[acting])
        if np.isnan(self.first):
            self.first, self.near_first = size, near
        self.since_least += 1
        if size < self.least:
            self.best[:], self.least, self.since_least = conserved, size, 0
        self.drop = near / self.near_first if near > self.rounding else 0.0
        self.plume_drop = size / self.first if size > self.rounding else 0.0

    def adopt(self, stepper: ImplicitStepper, conserved: Floats, other: Floats) -> None:
        """Begin from another state if its residual is smaller; what it must fall to stays the same."""
        size = _size(stepper.evaluate(other), other)
        if size < self.least:
            self.own_start = conserved.copy()
            conserved[:] = other
            stepper.restart(min(NEXT_CFL * self.first / size, CARRIED_CFL))

    def turn_back(self, stepper: ImplicitStepper, conserved: Floats) -> None:
        """Begin again without neighbors where their start leads nowhere."""
        if self.own_start is None or self.since_least < CARRIED_PATIENCE:
            return
        conserved[:], self.own_start = self.own_start, None
        self.least, self.since_least, self.last = np.inf, 0, np.inf
        stepper.restart(NEXT_CFL)
        self.look(stepper, conserved)

    def restrain(self, stepper: ImplicitStepper) -> None:
        """Let steps be as long as the residual has fallen, and shorter where they lead nowhere."""
        if self.has_stalled():
            stepper.restart(NEXT_CFL)
            return
        stepper.limit(NEXT_CFL / max(self.plume_drop, 1e-12))
        if self.subsonic and self.growth > WORSE and self.plume_drop < START_OF_DOUBT:
            stepper.doubt()

    def has_stalled(self) -> bool:
        """Every so often while a flow that acts on the hole as a whole finds no better state."""
        return self.acting_pressure == 0.0 and self.since_least > 0 and self.since_least % STALLED == 0

    def is_over(self, target: float) -> bool:
        """The plume too is down, or its residual has stopped falling where it does not matter."""
        return self.plume_drop <= target or self.since_least > PATIENCE


def choking_pressure(problem: Problem) -> float:
    """Pressure, over the cabin's, of a stream below which it cannot act on the hole; 0 if all of it can.

    Where the pressure outside is lower than that at which the slit chokes (Frankl 1947), the rays of the
    edge's fan beyond it, and all that they enclose, send nothing back to the hole. That part of the plume is
    solved too, but about its Mach disk and along its edge it may go on moving for ever.
    """
    case = problem.case
    if case.orifice is None or case.exact is not None or case.outside_pressure is None:
        return 0.0
    choking = choking_pressure_ratio(problem.gas.gamma)
    return choking if case.outside_pressure < choking * problem.reference.pressure else 0.0


def is_subsonic(problem: Problem) -> bool:
    """Whether the outside is strong enough that not even an ideal nozzle would choke."""
    ratio = (problem.case.outside_pressure or 0.0) / problem.reference.pressure
    return problem.case.orifice is not None and ratio > critical_pressure_ratio(problem.gas.gamma)


class Goal(NamedTuple):
    """What makes an iteration converged."""

    residual_drop: float
    fluctuation: float
    """Relative change of the mass flow over the last iterations."""
    imbalance: float
    """Of what leaves the cabin and what passes the hole."""
    has_hole: bool = True

    def is_reached(self, drop: float, flow_rates: list[FlowRate]) -> bool:
        """Residual down and, of a hole, mass flow settled and the same in the cabin as in the hole."""
        if not self.has_hole:
            return drop <= self.residual_drop
        return (
            drop <= self.residual_drop
            and len(flow_rates) > SETTLED
            and _fluctuation(flow_rates) <= self.fluctuation
            and flow_rates[-1].imbalance <= self.imbalance
        )


COARSE_GOAL = Goal(1e-3, 1e-5, 1e-4)
"""Of a mesh that only prepares the next: its mass flow is known far better than it differs from there."""


def final_goal(case: Case) -> Goal:
    """What the case asks for."""
    return Goal(case.run.residual_drop, case.run.mass_flow_tolerance, CLOSED, case.orifice is not None)


def _fluctuation(flow_rates: list[FlowRate]) -> float:
    return fluctuation([flow_rate.mass_flow for flow_rate in flow_rates[-SETTLED:]])


def _record(context: RunContext, level: int, drop: float, flow_rate: FlowRate, cfl: float) -> None:
    context.history.add(
        level=level,
        iteration=len(context.history.rows),
        residual=drop,
        mass_flow=flow_rate.mass_flow,
        inlet_mass_flow=flow_rate.inlet_mass_flow,
        discharge_coefficient=flow_rate.discharge_coefficient,
        cfl=cfl,
    )


def _progress(
    context: RunContext,
    problem: Problem,
    level: int,
    iteration: int,
    drop: float,
    flow_rate: FlowRate,
    begun: float,
) -> Progress:
    now = time.monotonic()
    remaining = None
    if level == context.levels and 0.0 < drop < 0.1:
        share = np.log(context.case.run.residual_drop) / np.log(drop)
        remaining = max(float((now - begun) * (share - 1.0)), 0.0)
    return Progress(
        level=level,
        levels=context.levels,
        cells=problem.mesh.n_cells,
        iteration=iteration,
        time=None,
        residual=drop,
        mass_flow=flow_rate.mass_flow,
        discharge_coefficient=flow_rate.discharge_coefficient,
        elapsed=now - context.started,
        remaining=remaining,
    )


def _ended(context: RunContext, level: int, outcome: Outcome) -> Progress:
    """One line for each mesh of the sequence."""
    how = "converged" if outcome.converged else "not converged"
    cells, flow_rate = outcome.problem.mesh.n_cells, outcome.flow_rate
    what = "" if outcome.problem.case.orifice is None else f" Cd {flow_rate.discharge_coefficient:.5f},"
    note = f"mesh {level} of {context.levels}, {cells} cells:{what} {how}"
    last = _progress(context, outcome.problem, level, 0, outcome.residual_drop, flow_rate, time.monotonic())
    return replace(last, note=note)


def _where_bad(problem: Problem, conserved: Floats) -> str:
    bad = np.flatnonzero(~np.all(np.isfinite(conserved), axis=1))
    cell = int(bad[0]) if len(bad) else int(np.argmin(conserved[:, 0]))
    x, y = problem.metric.centroid[cell] * problem.reference.length
    return (
        f"the solution is no longer physical at cell {cell}, x = {x:.4g} m, y = {y:.4g} m, after "
        f'{RESTARTS} restarts with shorter steps; try [numerics] flux = "hlle" or order = 1'
    )
