"""Verification runs: a known solution starts each mesh of a family, and judges what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2, nan

import numpy as np

from breachflow.arrays import Floats
from breachflow.compiled import set_threads
from breachflow.mesh.family import MeshFamily
from breachflow.numerics.explicit.floor import Floor, enforce_floor
from breachflow.results import Quantity
from breachflow.runs.measure.flow_rate import FlowRate
from breachflow.runs.measure.history import History
from breachflow.runs.measure.probes import ProbeRecord
from breachflow.runs.setup.exact import exact_averages
from breachflow.runs.setup.problem import Problem, make_problem, primitive_rows
from breachflow.runs.solve.steady import SMALL_MESH, RunContext, solve_level
from breachflow.runs.solve.transient import March

VARIABLES = ("density", "velocity", "pressure")


@dataclass(frozen=True)
class Compared:
    """Where the run ended on one mesh, and how far from the exact solution."""

    problem: Problem
    conserved: Floats
    flow_rate: FlowRate
    converged: bool
    residual_drop: float
    iterations: int
    time: float
    """s; 0 of a steady run."""
    errors: tuple[float, float, float]
    """Of density, velocity and pressure: L1, relative."""
    changes: tuple[float, float]
    """Relative change of all mass and energy since the start."""
    probes: ProbeRecord


def run_against_exact(meshes: MeshFamily, context: RunContext) -> list[Compared]:
    """Run every mesh of the family, the coarsest first; stops after the mesh on which it was asked to."""
    found: list[Compared] = []
    for mesh in meshes:
        problem = make_problem(context.case, mesh)
        set_threads(1 if mesh.n_cells < SMALL_MESH else context.threads)
        start = _start(problem)
        context.history = History()
        solve = _steady if context.case.run.mode == "steady" else _transient
        found.append(solve(problem, start, context))
        if context.stopped:
            break
    return found


def verification_summary(found: list[Compared]) -> dict[str, Quantity]:
    """Errors on the finest mesh, and the orders seen between the last two."""
    last, summary = found[-1], {}
    for index, name in enumerate(VARIABLES):
        fine = last.errors[index]
        coarse = found[-2].errors[index] if len(found) > 1 else nan
        order = log2(coarse / fine) if coarse > 0.0 and fine > 0.0 else nan
        summary[f"{name}_error"] = Quantity(fine, "1", f"mean error of {name} over its mean, finest mesh")
        summary[f"{name}_order"] = Quantity(order, "1", f"order at which the error of {name} falls")
    if last.time > 0.0:
        summary["time"] = Quantity(last.time, "s", "physical time at the end of the run")
        for name, change in zip(("mass", "energy"), last.changes, strict=True):
            summary[f"{name}_change"] = Quantity(
                change, "1", f"relative change of all {name} since the start"
            )
    return summary


def _start(problem: Problem) -> Floats:
    """The exact solution at time 0; a vacuum is its background."""
    states = exact_averages(problem.case, problem.mesh, problem.reference, 0.0)
    background = problem.case.numerics.background
    enforce_floor(states, Floor(background, background), problem.layout.axes, problem.gas)
    return states


def _steady(problem: Problem, start: Floats, context: RunContext) -> Compared:
    outcome = solve_level(problem, start.copy(), context.levels, context)
    probes = ProbeRecord(problem)
    probes.add(0.0, outcome.conserved)
    return Compared(
        problem, outcome.conserved, outcome.flow_rate, outcome.converged, outcome.residual_drop,
        len(context.history.rows), 0.0, _errors(problem, outcome.conserved, 0.0), (nan, nan), probes,
    )  # fmt: skip


def _transient(problem: Problem, start: Floats, context: RunContext) -> Compared:
    march = March(problem, start.copy(), context)
    march.to(context.case.run.end_time or 0.0)
    outcome = march.outcome()
    time = outcome.time / (problem.reference.length / problem.reference.velocity)
    volume = problem.layout.cells.volume
    before, after = (volume @ states[:, [0, -1]] for states in (start, outcome.conserved))
    changes = (after - before) / before
    return Compared(
        problem, outcome.conserved, outcome.flow_rate, outcome.complete, context.history.rows[-1]["residual"],
        outcome.steps, outcome.time, _errors(problem, outcome.conserved, time),
        (float(changes[0]), float(changes[1])), outcome.probes,
    )  # fmt: skip


def _errors(problem: Problem, conserved: Floats, time: float) -> tuple[float, float, float]:
    """L1 errors of cell averages: of the velocity over the mean of speed plus sound speed."""
    gamma, volume = problem.gas.gamma, problem.layout.cells.volume
    exact = primitive_rows(exact_averages(problem.case, problem.mesh, problem.reference, time), gamma)
    difference = np.abs(primitive_rows(conserved, gamma) - exact)
    speed = np.hypot(exact[:, 1], exact[:, 2]) + np.sqrt(gamma * exact[:, 3] / exact[:, 0])
    off = np.hypot(difference[:, 1], difference[:, 2])
    return (
        float(volume @ difference[:, 0] / (volume @ exact[:, 0])),
        float(volume @ off / (volume @ speed)),
        float(volume @ difference[:, 3] / (volume @ exact[:, 3])),
    )
