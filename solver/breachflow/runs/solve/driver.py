"""The course of a run, steady or transient, verified or not: one mesh after the other, stage by stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from math import nan

from breachflow.arrays import Floats
from breachflow.case.schema import Case
from breachflow.compiled import set_threads
from breachflow.mesh.family import MeshFamily
from breachflow.runs.measure.exact_errors import exact_errors, totals
from breachflow.runs.setup.initial.states import initial_start
from breachflow.runs.setup.problem import Problem, make_problem
from breachflow.runs.setup.start import exact_start, puncture, steady_guess, stream
from breachflow.runs.solve.context import RunContext
from breachflow.runs.solve.first_order import FirstOrder
from breachflow.runs.solve.iteration import Ending, Iteration, OwnSolution, Stage
from breachflow.runs.solve.prolongation import prolonged
from breachflow.runs.solve.second.other_flux import OtherFlux, mesh_solved_twice
from breachflow.runs.solve.steady import Steady
from breachflow.runs.solve.transient import Transient
from breachflow.runs.solve.unsteady.march import SwingMarch

FEWEST_CELLS = dict.fromkeys(Stage, 3000) | {Stage.TRANSIENT: 100_000}
"""Cells from which several threads are faster than one: most steps in time are those of a few small cells."""


_METHODS: dict[Stage, type[FirstOrder] | type[Steady] | type[SwingMarch] | type[Transient]] = {
    Stage.FIRST_ORDER: FirstOrder,
    Stage.STEADY: Steady,
    Stage.MARCH: SwingMarch,
    Stage.OTHER_FLUX: OtherFlux,
    Stage.TRANSIENT: Transient,
}


def solve(meshes: MeshFamily, context: RunContext, iteration: Iteration) -> Iterator[Problem]:
    """Solve on each mesh in turn, the coarsest first; a stop request ends the run on its present mesh.

    Changes `iteration`, and yields the problem of the present mesh after every step and at the end of every
    mesh. An iteration that was kept at any of these moments goes on from there, bit for bit. How a stopped
    run ended is in `context.at_stop`: the iteration itself goes on from there too.

    Raises NonPhysicalState where a state has no finite density or pressure and nothing helps.
    """
    context.started = time.monotonic() - iteration.elapsed
    context.mesh_solved_twice = mesh_solved_twice(context.case, meshes)
    coarse: Problem | None = None
    for mesh_number in range(len(iteration.endings) + 1, len(meshes) + 1):
        problem = make_problem(context.case, meshes[mesh_number - 1])
        if iteration.stage is None:
            _begin(iteration, mesh_number, problem, meshes, coarse)
        coarse = None
        while iteration.stage is not None and not context.stopped:
            yield from _run_stage(iteration.stage, problem, iteration, context)
        if context.stopped:
            context.at_stop = _stopped(problem, iteration, context)
        yield problem
        if context.stopped:
            return
        coarse = problem


def _begin(
    iteration: Iteration, mesh_number: int, problem: Problem, meshes: MeshFamily, coarse: Problem | None
) -> None:
    """Set the stage and the state with which a mesh begins; `coarse` is on the mesh before, where known."""
    case = problem.case
    iteration.refinement = meshes.refinement(mesh_number - 1) if mesh_number > 1 else nan
    stage = Stage.TRANSIENT if case.run.mode == "transient" else Stage.STEADY
    if case.exact is not None:
        iteration.rows = []
        iteration.begin_mesh(mesh_number, stage, exact_start(problem))
        iteration.march.totals = totals(problem, iteration.state)
    elif stage is Stage.TRANSIENT:
        iteration.begin_mesh(mesh_number, stage, _start(case)(problem))
    elif mesh_number == 1:
        iteration.begin_mesh(mesh_number, Stage.FIRST_ORDER, _start(case)(problem))
    else:
        coarse = coarse or make_problem(case, meshes[mesh_number - 2])
        parents = meshes.parent_cells(mesh_number - 1)
        iteration.begin_mesh(mesh_number, stage, prolonged(coarse, problem, parents, iteration.state))


def _start(case: Case) -> Callable[[Problem], Floats]:
    """The function that makes the state with which a run begins: (n_cells, nvar), conserved."""
    if case.initial is not None:
        return initial_start
    if case.orifice is None:
        return stream
    return puncture if case.run.mode == "transient" else steady_guess


def _run_stage(
    stage: Stage, problem: Problem, iteration: Iteration, context: RunContext
) -> Iterator[Problem]:
    """Run a stage to its end or to a stop; at its end set the next one, or record how the mesh ended."""
    set_threads(1 if problem.mesh.n_cells < FEWEST_CELLS[stage] else context.threads)
    method = _METHODS[stage](problem, iteration, context)
    while True:
        if not iteration.is_measured:
            method.measure()
            iteration.is_measured = True
        if context.stopped:
            return
        if method.is_over:
            break
        method.advance()
        iteration.step, iteration.is_measured = iteration.step + 1, False
        yield problem
    if isinstance(method, FirstOrder):
        iteration.begin_stage(Stage.STEADY, iteration.state)
    elif isinstance(method, OtherFlux):
        method.end_mesh()
    elif isinstance(method, Steady) and method.swings:
        method.begin_march()
    elif isinstance(method, SwingMarch) and method.died_out:
        method.leave()
    else:
        _end_mesh(method, problem, iteration, context)


def _stopped(problem: Problem, iteration: Iteration, context: RunContext) -> Iteration:
    """A copy of the run that ends on the present mesh: what the result of a stopped run has."""
    ended = deepcopy(iteration)
    if ended.own is not None:
        ended.state = ended.own.state
        ended.end_mesh(ended.own.ending._replace(converged=False, stopped=context.stopped))
        return ended
    if ended.stage is Stage.FIRST_ORDER:
        ended.begin_stage(Stage.STEADY, ended.state)
    assert ended.stage is not None
    method = _METHODS[ended.stage](problem, ended, context)
    assert not isinstance(method, FirstOrder)
    if not ended.is_measured:
        method.measure()
    _end_mesh(method, problem, ended, context)
    return ended


def _end_mesh(
    method: Steady | SwingMarch | Transient, problem: Problem, iteration: Iteration, context: RunContext
) -> None:
    """Record how the run ended on the present mesh, or try another numerical flux there first."""
    ending = method.ending()._replace(refinement=iteration.refinement)
    if problem.case.exact is not None:
        ending = _compared(ending, problem, iteration)
    elif not isinstance(method, Transient):
        context.report(problem, iteration, ending.flow_rate, note=_note(ending, iteration, context))
    if iteration.mesh_number == context.mesh_solved_twice and not context.stopped:
        iteration.own = OwnSolution(iteration.state, ending)
        iteration.begin_stage(Stage.OTHER_FLUX, iteration.state.copy())
    else:
        iteration.end_mesh(ending)


def _compared(ending: Ending, problem: Problem, iteration: Iteration) -> Ending:
    """The ending with the errors of the exact solution, and the changes of what a transient run conserves."""
    unit = problem.reference.length / problem.reference.velocity
    errors = exact_errors(problem, iteration.state, ending.time / unit)
    before, after = iteration.march.totals, totals(problem, iteration.state)
    changes = tuple(float(change) for change in (after - before) / before) if ending.time > 0.0 else ()
    return ending._replace(fluctuation=0.0, errors=errors, changes=changes)


def _note(ending: Ending, iteration: Iteration, context: RunContext) -> str:
    """One line for each mesh of the sequence."""
    how = "unsteady" if ending.swing else "converged" if ending.converged else "not converged"
    coefficient = ending.flow_rate.discharge_coefficient
    what = "" if context.case.orifice is None else f" Cd {coefficient:.5f},"
    return f"mesh {iteration.mesh_number} of {context.n_meshes}, {ending.cells} cells:{what} {how}"
