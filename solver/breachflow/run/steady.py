"""Steady flow: pseudo-transient Newton-Krylov on a sequence of nested meshes, each starting from the last."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from breachflow.compiled import set_threads
from breachflow.errors import NonPhysicalState
from breachflow.mesh.mesh import Floats, Mesh
from breachflow.numerics.newton import ImplicitStepper
from breachflow.run.flow import Flow, make_flow
from breachflow.run.history import History
from breachflow.run.monitor import Reading, ideal_flow, read_flux
from breachflow.run.progress import Progress, StopRequest, Watcher
from breachflow.run.start import steady_guess

FIRST_CFL = 5.0
"""First step on the coarsest mesh, first order; every later start is a good one and takes `NEXT_CFL`."""

NEXT_CFL = 20.0

START_DROP = 1e-3
"""Drop of the first-order residual at which second order takes over on the coarsest mesh."""

START_STEPS = 60

SETTLED = 5
"""Iterations over which the mass flow must stay within its tolerance."""

CLOSED = 1e-6
"""Largest imbalance between inlet and hole of a converged run."""

SMALL_MESH = 3000
"""Cells below which one thread is faster than several."""


@dataclass
class Outcome:
    """What a steady run found."""

    flow: Flow
    conserved: Floats
    flux: Floats
    converged: bool
    residual_drop: float
    readings: list[Reading] = field(default_factory=list)
    """The last reading on each mesh of the sequence."""
    fluctuation: float = 0.0
    """Relative change of the mass flow over the last iterations."""
    iterations: int = 0
    stopped: str | None = None
    """Why the run was stopped on request, if it was."""


@dataclass
class Session:
    """What goes through a run from mesh to mesh."""

    threads: int
    levels: int
    watch: Watcher
    stop: StopRequest
    history: History
    started: float = field(default_factory=time.monotonic)
    spent: list[float] = field(default_factory=list)
    """s spent on each mesh so far."""
    stopped: str | None = None


def run_steady(meshes: list[Mesh], make: Callable[[Mesh], Flow], session: Session) -> Outcome:
    """Solve on each mesh in turn, the coarsest first."""
    outcome: Outcome | None = None
    readings: list[Reading] = []
    for level, mesh in enumerate(meshes, start=1):
        begun = time.monotonic()
        flow = make(mesh)
        set_threads(1 if mesh.n_cells < SMALL_MESH else session.threads)
        if outcome is None:
            start = steady_guess(flow)
        else:
            start = prolonged(outcome.conserved, outcome.flow, flow)
        outcome = _solve(flow, start, level, session)
        readings.append(outcome.readings[-1])
        session.spent.append(time.monotonic() - begun)
        if outcome.stopped:
            break
    assert outcome is not None
    outcome.readings = readings
    outcome.converged = outcome.converged and len(readings) == len(meshes)
    return outcome


def prolonged(conserved: Floats, coarse: Flow, fine: Flow) -> Floats:
    """The coarse solution on the next mesh of a family, in which each cell has four children."""
    return conserved[_parents(coarse.mesh, fine.mesh)]
