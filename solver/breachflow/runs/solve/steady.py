"""Steady flow: pseudo-transient Newton-Krylov on a sequence of nested meshes, each starting from the last."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from breachflow.case.schema import Case
from breachflow.compiled import set_threads
from breachflow.errors import NonPhysicalState
from breachflow.mesh.mesh import Floats, Mesh
from breachflow.numerics.implicit.newton import CAREFUL, INTO_VACUUM, THOROUGH, ImplicitStepper, Pace
from breachflow.runs.measure.flow_rate import Reading, fluctuation, ideal_flow, read_flux
from breachflow.runs.measure.history import History
from breachflow.runs.progress import Progress, StopRequest, Watcher
from breachflow.runs.setup.problem import Flow, make_flow
from breachflow.runs.setup.start import steady_guess, stream
from breachflow.runs.solve.transfer import Neighbor, carried
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

    flow: Flow
    conserved: Floats
    reading: Reading
    residual_drop: float
    fluctuation: float
    """Relative change of the mass flow over the last iterations."""
    converged: bool
    plume_drop: float
    """Residual over its first value everywhere, and not only where it can act on the hole."""


@dataclass
class Session:
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


def run_steady(meshes: list[Mesh], session: Session) -> list[Outcome]:
    """Solve on each mesh in turn, the coarsest first; stops after the mesh on which it was asked to."""
    outcomes: list[Outcome] = []
    for mesh in meshes:
        flow = make_flow(session.case, mesh)
        set_threads(1 if mesh.n_cells < SMALL_MESH else session.threads)
        start = prolonged(outcomes[-1], flow) if outcomes else _first_order(flow, session)
        outcomes.append(solve_level(flow, start, len(outcomes) + 1, session))
        session.watch(_ended(session, len(outcomes), outcomes[-1]))
        if session.stopped:
            break
    return outcomes


def prolonged(coarse: Outcome, fine: Flow) -> Floats:
    """The coarse solution on the next mesh of a template's family: each cell has four children."""
    patches = fine.mesh.patches
    across = len(patches["exit" if "exit" in patches else "cabin"])
    line, row = np.divmod(np.arange(fine.mesh.n_cells), across)
    return np.asarray(coarse.conserved[line // 2 * (across // 2) + row // 2])


def _first_order(flow: Flow, session: Session) -> Floats:
    """Let a guess settle with the first-order scheme, which hardly anything upsets."""
    guess = stream if session.case.orifice is None else steady_guess
    conserved, ideal = guess(flow), ideal_flow(session.case)
    stepper = ImplicitStepper(flow.layout, flow.gas, flow.scheme._replace(order=1), FIRST_CFL)
    good, cfl, begun = conserved.copy(), FIRST_CFL, time.monotonic()
    first = size = _size(stepper.evaluate(conserved), conserved)
    for step in range(START_STEPS):
        if size <= START_DROP * first or session.asked_to_stop():
            break
        if not np.isfinite(size):
            cfl *= 0.1
            conserved[:] = good
            stepper.restart(cfl)
            size = _size(stepper.evaluate(conserved), conserved)
        good[:] = conserved
        reading = read_flux(flow, stepper.work.flux, ideal)
        session.watch(_progress(session, flow, 1, step, size / first, reading, begun))
        stepper.step(conserved)
        size = _size(stepper.evaluate(conserved), conserved)
    return conserved if np.isfinite(size) else good


def _size(residual: Floats, conserved: Floats) -> float:
    """Norm of the mass residual: what is not conserved, wherever there is gas to speak of."""
    dense = conserved[:, 0] > THIN_GAS
    return float(np.sqrt(np.sum(residual[dense, 0] ** 2))) if np.all(np.isfinite(residual)) else np.nan


def solve_level(flow: Flow, conserved: Floats, level: int, session: Session) -> Outcome:
    """Solve on one mesh, from the given state (which is changed)."""
    run, ideal = session.case.run, ideal_flow(session.case)
    last_level = level == session.levels or session.case.exact is not None
    most = run.max_iterations if last_level else min(run.max_iterations, COARSE_ITERATIONS)
    goal = final_goal(session.case) if last_level else COARSE_GOAL
    descent = _Descent(flow, conserved)
    stepper = ImplicitStepper(flow.layout, flow.gas, flow.scheme, NEXT_CFL, descent.pace)
    if session.neighbors:
        descent.look(stepper, conserved)
        descent.adopt(stepper, conserved, carried(session.neighbors, flow, session.levels - level, conserved))
    readings: list[Reading] = []
    begun = time.monotonic()
    for iteration in range(most + 1):
        descent.look(stepper, conserved)
        readings.append(read_flux(flow, stepper.work.flux, ideal))
        settled = goal.is_reached(descent.drop, readings)
        _record(session, level, descent.drop, readings[-1], stepper.ceiling)
        session.watch(_progress(session, flow, level, iteration, descent.drop, readings[-1], begun))
        session.asked_to_stop()
        over = not last_level or descent.is_over(run.residual_drop)
        if (settled and over) or session.stopped or iteration == most:
            break
        descent.turn_back(stepper, conserved)
        descent.restrain(stepper)
        stepper.step(conserved)
    return Outcome(
        flow, conserved, readings[-1], descent.drop, _fluctuation(readings), settled, descent.plume_drop
    )


class _Descent:
    """The residual of one mesh on its way down: its best state, and what to do where numbers break down."""

    def __init__(self, flow: Flow, start: Floats) -> None:
        self.flow, self.best = flow, start.copy()
        self.acting_pressure, self.subsonic = choking_pressure(flow), is_subsonic(flow)
        self.last, self.growth = np.inf, 0.0
        self.rounding = ROUNDING * float(np.linalg.norm(flow.layout.faces.area))
        self.first = self.near_first = np.nan
        self.least, self.since_least, self.restarts = np.inf, 0, 0
        self.drop = self.plume_drop = 1.0
        self.own_start: Floats | None = None
        """What the run would have started from without neighbors, while it may still go back there."""

    @property
    def pace(self) -> Pace:
        """That which serves the gas outside best."""
        if self.flow.case.outside_pressure == 0.0:
            return INTO_VACUUM
        return CAREFUL if self.acting_pressure > 0.0 else THOROUGH

    def look(self, stepper: ImplicitStepper, conserved: Floats) -> None:
        """Measure the residual of a state; a broken one goes back to the best so far, with shorter steps."""
        residual = stepper.evaluate(conserved)
        if not np.isfinite(_size(residual, conserved)):
            self.restarts += 1
            if self.restarts > RESTARTS:
                raise NonPhysicalState(_where_bad(self.flow, conserved))
            conserved[:] = self.best
            stepper.restart(NEXT_CFL * 0.1**self.restarts)
            residual = stepper.evaluate(conserved)
        size = near = _size(residual, conserved)
        self.growth, self.last = size / self.last, size
        if self.acting_pressure > 0.0:
            pressure = stepper.work.primitive[: len(conserved), -1]
            inside = self.flow.metric.centroid[:, 0] < self.flow.bore[1]
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


def choking_pressure(flow: Flow) -> float:
    """Pressure, over the cabin's, of a stream below which it cannot act on the hole; 0 if all of it can.

    Where the pressure outside is lower than that at which the slit chokes (Frankl 1947), the rays of the
    edge's fan beyond it, and all that they enclose, send nothing back to the hole. That part of the plume is
    solved too, but about its Mach disk and along its edge it may go on moving for ever.
    """
    case = flow.case
    if case.orifice is None or case.exact is not None or case.outside_pressure is None:
        return 0.0
    choking = choking_pressure_ratio(flow.gas.gamma)
    return choking if case.outside_pressure < choking * flow.reference.pressure else 0.0


def is_subsonic(flow: Flow) -> bool:
    """Whether the outside is strong enough that not even an ideal nozzle would choke."""
    ratio = (flow.case.outside_pressure or 0.0) / flow.reference.pressure
    return flow.case.orifice is not None and ratio > critical_pressure_ratio(flow.gas.gamma)


class Goal(NamedTuple):
    """What makes an iteration converged."""

    residual_drop: float
    fluctuation: float
    """Relative change of the mass flow over the last iterations."""
    imbalance: float
    """Of what leaves the cabin and what passes the hole."""
    has_hole: bool = True

    def is_reached(self, drop: float, readings: list[Reading]) -> bool:
        """Residual down and, of a hole, mass flow settled and the same in the cabin as in the hole."""
        if not self.has_hole:
            return drop <= self.residual_drop
        return (
            drop <= self.residual_drop
            and len(readings) > SETTLED
            and _fluctuation(readings) <= self.fluctuation
            and readings[-1].imbalance <= self.imbalance
        )


COARSE_GOAL = Goal(1e-3, 1e-5, 1e-4)
"""Of a mesh that only prepares the next: its mass flow is known far better than it differs from there."""


def final_goal(case: Case) -> Goal:
    """What the case asks for."""
    return Goal(case.run.residual_drop, case.run.mass_flow_tolerance, CLOSED, case.orifice is not None)


def _fluctuation(readings: list[Reading]) -> float:
    return fluctuation([reading.mass_flow for reading in readings[-SETTLED:]])


def _record(session: Session, level: int, drop: float, reading: Reading, cfl: float) -> None:
    session.history.add(
        level=level,
        iteration=len(session.history.rows),
        residual=drop,
        mass_flow=reading.mass_flow,
        inlet_mass_flow=reading.inlet_mass_flow,
        discharge_coefficient=reading.discharge_coefficient,
        cfl=cfl,
    )


def _progress(
    session: Session, flow: Flow, level: int, iteration: int, drop: float, reading: Reading, begun: float
) -> Progress:
    now = time.monotonic()
    remaining = None
    if level == session.levels and 0.0 < drop < 0.1:
        share = np.log(session.case.run.residual_drop) / np.log(drop)
        remaining = max(float((now - begun) * (share - 1.0)), 0.0)
    return Progress(
        level=level,
        levels=session.levels,
        cells=flow.mesh.n_cells,
        iteration=iteration,
        time=None,
        residual=drop,
        mass_flow=reading.mass_flow,
        discharge_coefficient=reading.discharge_coefficient,
        elapsed=now - session.started,
        remaining=remaining,
    )


def _ended(session: Session, level: int, outcome: Outcome) -> Progress:
    """One line for each mesh of the sequence."""
    how = "converged" if outcome.converged else "not converged"
    cells, reading = outcome.flow.mesh.n_cells, outcome.reading
    what = "" if outcome.flow.case.orifice is None else f" Cd {reading.discharge_coefficient:.5f},"
    note = f"mesh {level} of {session.levels}, {cells} cells:{what} {how}"
    last = _progress(session, outcome.flow, level, 0, outcome.residual_drop, reading, time.monotonic())
    return replace(last, note=note)


def _where_bad(flow: Flow, conserved: Floats) -> str:
    bad = np.flatnonzero(~np.all(np.isfinite(conserved), axis=1))
    cell = int(bad[0]) if len(bad) else int(np.argmin(conserved[:, 0]))
    x, y = flow.metric.centroid[cell] * flow.reference.length
    return (
        f"the solution is no longer physical at cell {cell}, x = {x:.4g} m, y = {y:.4g} m, after "
        f'{RESTARTS} restarts with shorter steps; try [numerics] flux = "hlle" or order = 1'
    )
