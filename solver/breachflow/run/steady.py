"""Steady flow: pseudo-transient Newton-Krylov on a sequence of nested meshes, each starting from the last."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np

from breachflow.case.schema import Case
from breachflow.compiled import set_threads
from breachflow.errors import NonPhysicalState
from breachflow.mesh.mesh import Floats, Mesh
from breachflow.numerics.newton import ImplicitStepper
from breachflow.run.flow import Flow, make_flow
from breachflow.run.history import History
from breachflow.run.monitor import Reading, fluctuation, ideal_flow, read_flux
from breachflow.run.progress import Progress, StopRequest, Watcher
from breachflow.run.start import steady_guess, stream

FIRST_CFL = 5.0
"""First step on the coarsest mesh, first order."""

NEXT_CFL = 20.0
"""First step of every later start; from there it may grow as the residual falls, not faster."""

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
    conserved, ideal = guess(flow), ideal_flow(session.case, flow)
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
    run, ideal = session.case.run, ideal_flow(session.case, flow)
    last_level = level == session.levels or session.case.exact is not None
    rounding = ROUNDING * float(np.linalg.norm(flow.layout.faces.area))
    most = run.max_iterations if last_level else min(run.max_iterations, COARSE_ITERATIONS)
    stepper = ImplicitStepper(flow.layout, flow.gas, flow.scheme, NEXT_CFL)
    best, least, first, restarts = conserved.copy(), np.inf, np.nan, 0
    readings: list[Reading] = []
    begun = time.monotonic()
    for iteration in range(most + 1):
        size = _size(stepper.evaluate(conserved), conserved)
        if not np.isfinite(size):
            restarts += 1
            if restarts > RESTARTS:
                raise NonPhysicalState(_where_bad(flow, conserved))
            conserved[:] = best
            stepper.restart(NEXT_CFL * 0.1**restarts)
            size = _size(stepper.evaluate(conserved), conserved)
        if size < least:
            best[:], least = conserved, size
        first = size if iteration == 0 else first
        readings.append(read_flux(flow, stepper.work.flux, ideal))
        drop = size / first if size > rounding else 0.0
        converged = _is_converged(drop, readings, session.case)
        _record(session, level, drop, readings[-1], stepper.ceiling)
        session.watch(_progress(session, flow, level, iteration, drop, readings[-1], begun))
        session.asked_to_stop()
        if converged or session.stopped or iteration == most:
            break
        stepper.limit(NEXT_CFL / max(drop, 1e-12))
        stepper.step(conserved)
    return Outcome(flow, conserved, readings[-1], drop, _fluctuation(readings), converged)


def _is_converged(drop: float, readings: list[Reading], case: Case) -> bool:
    """Residual down, and, of a hole, mass flow settled and as much leaving the cabin as passing the hole."""
    run = case.run
    if case.orifice is None:
        return drop <= run.residual_drop
    return (
        drop <= run.residual_drop
        and len(readings) > SETTLED
        and _fluctuation(readings) <= run.mass_flow_tolerance
        and readings[-1].imbalance <= CLOSED
    )


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
