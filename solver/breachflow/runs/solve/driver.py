"""The course of a run, steady or transient, verified or not: one mesh after the other, stage by stage."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from breachflow.compiled import set_threads
from breachflow.mesh.family import MeshFamily
from breachflow.runs.measure.exact_errors import exact_errors, totals
from breachflow.runs.setup.problem import Problem, make_problem
from breachflow.runs.setup.start import exact_start, puncture, steady_guess, stream
from breachflow.runs.solve.context import RunContext
from breachflow.runs.solve.first_order import FirstOrder
from breachflow.runs.solve.iteration import Ending, Iteration, Stage
from breachflow.runs.solve.steady import Steady
from breachflow.runs.solve.transient import Transient

FEWEST_CELLS = {Stage.FIRST_ORDER: 3000, Stage.STEADY: 3000, Stage.TRANSIENT: 100_000}
"""Cells from which several threads are faster than one: most steps in time are those of a few small cells."""


_METHODS: dict[Stage, type[FirstOrder] | type[Steady] | type[Transient]] = {
    Stage.FIRST_ORDER: FirstOrder,
    Stage.STEADY: Steady,
    Stage.TRANSIENT: Transient,
}


def solve(meshes: MeshFamily, context: RunContext, iteration: Iteration) -> Iterator[Problem]:
    """Solve on each mesh in turn, the coarsest first; a stop request ends the run on its present mesh.

    Changes `iteration`, and yields the problem of the present mesh after every step and at the end of every
    mesh. An iteration that was kept after a step goes on from there, bit for bit.

    Raises NonPhysicalState where a state has no finite density or pressure and nothing helps.
    """
    context.started = time.monotonic() - iteration.elapsed
    for level in range(len(iteration.endings) + 1, len(meshes) + 1):
        problem = make_problem(context.case, meshes[level - 1])
        if iteration.stage is None:
            _begin(iteration, level, problem, meshes)
        while iteration.stage is not None:
            yield from _run_stage(iteration.stage, problem, iteration, context)
        yield problem
        if context.stopped:
            return


def _begin(iteration: Iteration, level: int, problem: Problem, meshes: MeshFamily) -> None:
    """Set the stage and the state with which a mesh begins."""
    case = problem.case
    stage = Stage.TRANSIENT if case.run.mode == "transient" else Stage.STEADY
    if case.exact is not None:
        iteration.rows = []
        iteration.begin_mesh(level, stage, exact_start(problem))
        iteration.march.totals = totals(problem, iteration.state)
    elif stage is Stage.TRANSIENT:
        iteration.begin_mesh(level, stage, puncture(problem))
    elif level == 1:
        guess = stream if case.orifice is None else steady_guess
        iteration.begin_mesh(level, Stage.FIRST_ORDER, guess(problem))
    else:
        parents = meshes.parent_cells(level - 1)
        iteration.begin_mesh(level, stage, np.asarray(iteration.state[parents]))


def _run_stage(
    stage: Stage, problem: Problem, iteration: Iteration, context: RunContext
) -> Iterator[Problem]:
    """Run a stage to its end, then set the next one, or record how the mesh ended."""
    set_threads(1 if problem.mesh.n_cells < FEWEST_CELLS[stage] else context.threads)
    method = _METHODS[stage](problem, iteration, context)
    while not method.measure():
        method.advance()
        iteration.step += 1
        yield problem
    if isinstance(method, FirstOrder):
        iteration.begin_stage(Stage.STEADY, iteration.state)
        return
    ending = method.ending()
    if problem.case.exact is not None:
        ending = _compared(ending, problem, iteration)
    iteration.endings.append(ending)
    if stage is Stage.STEADY and problem.case.exact is None:
        context.report(problem, iteration, ending.flow_rate, note=_note(ending, iteration, context))
    iteration.stage = None


def _compared(ending: Ending, problem: Problem, iteration: Iteration) -> Ending:
    """The ending with the errors of the exact solution, and the changes of what a transient run conserves."""
    unit = problem.reference.length / problem.reference.velocity
    errors = exact_errors(problem, iteration.state, ending.time / unit)
    before, after = iteration.march.totals, totals(problem, iteration.state)
    changes = tuple(float(change) for change in (after - before) / before) if ending.time > 0.0 else ()
    return ending._replace(fluctuation=0.0, errors=errors, changes=changes)


def _note(ending: Ending, iteration: Iteration, context: RunContext) -> str:
    """One line for each mesh of the sequence."""
    how = "converged" if ending.converged else "not converged"
    coefficient = ending.flow_rate.discharge_coefficient
    what = "" if context.case.orifice is None else f" Cd {coefficient:.5f},"
    return f"mesh {iteration.level} of {context.levels}, {ending.cells} cells:{what} {how}"
