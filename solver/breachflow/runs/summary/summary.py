"""The summary of a run: every registered quantity that applies to it."""

from __future__ import annotations

from math import hypot, isnan, nan

from breachflow.case.schema import Case
from breachflow.results import Quantity
from breachflow.results.quantities import EXPECTED, QUANTITIES, SummaryQuantity
from breachflow.runs.measure.flow_rate import impossible
from breachflow.runs.measure.mach_disk import NO_DISK, MachDisk, mach_disk
from breachflow.runs.measure.mesh_uncertainty import (
    ANY_MESH,
    GRADED_EDGE,
    NOT_ESTIMATED,
    LeastOrder,
    MeshUncertainty,
    mesh_uncertainty,
)
from breachflow.runs.measure.walls import wall_cell_thickness
from breachflow.runs.setup.bore import is_thin
from breachflow.runs.setup.hole_size import size_cautions
from breachflow.runs.setup.problem import Problem
from breachflow.runs.setup.stream.shocks import has_mach_disk
from breachflow.runs.solve.convergence import SETTLED_ENOUGH
from breachflow.runs.solve.iteration import Ending, Iteration
from breachflow.runs.summary.solved_run import SolvedRun
from breachflow.runs.summary.values import VALUES, QuantityValue, WithMeaning


def run_summary(problem: Problem, iteration: Iteration, n_meshes: int) -> dict[str, Quantity]:
    """Summary of a run in this state; `n_meshes` is the number of meshes of the whole run."""
    endings = iteration.endings
    solved = SolvedRun(
        problem.case,
        _whole(problem, endings, n_meshes),
        _mesh_uncertainty(problem, endings),
        endings[-2] if len(endings) > 1 else None,
        _disk(problem, iteration),
        tuple(size_cautions(problem.case, problem.mesh, problem.passage)),
        wall_cell_thickness(problem),
    )
    return summarize(solved)


def summarize(solved: SolvedRun) -> dict[str, Quantity]:
    """All quantities of a solved run in the order of the registry; laws follow their best estimate."""
    summary: dict[str, Quantity] = {}
    for quantity in QUANTITIES:
        if quantity.name == EXPECTED:
            summary |= solved.comparison if solved.case.orifice is not None else {}
            continue
        value = VALUES[quantity.name](solved)
        if value is not None:
            summary[quantity.name] = _with_unit(quantity, value, solved.per)
    return summary


def _with_unit(quantity: SummaryQuantity, value: QuantityValue | WithMeaning, per: str) -> Quantity:
    found, meaning = value if isinstance(value, WithMeaning) else (value, quantity.meaning)
    return Quantity(found, quantity.unit + (per if quantity.per_length else ""), meaning)


def _whole(problem: Problem, endings: list[Ending], n_meshes: int) -> Ending:
    """Ending of the whole run: that on the last mesh, not converged where meshes are left or no gas flows so.

    What another numerical flux changes is found on one of the meshes. Each mesh of a verification run is a
    run of its own.
    """
    last, complete = endings[-1], len(endings) == n_meshes
    last = last._replace(flux_difference=_flux_difference(endings))
    if problem.case.exact is None:
        possible = not impossible(problem.case, last.flow_rate)
        return last._replace(converged=last.converged and complete and possible)
    return last._replace(
        converged=complete and all(ending.converged for ending in endings),
        iterations=sum(ending.iterations for ending in endings),
    )


def _mesh_uncertainty(problem: Problem, endings: list[Ending]) -> MeshUncertainty:
    """Mesh uncertainty of a steady run, converged on its last mesh and settled on two before; else nan.

    What another numerical flux changes is added in squares.
    """
    steady = problem.case.run.mode == "steady"
    settled = endings[-1].converged and all(_is_known(ending) for ending in endings[-3:])
    if not (steady and settled):
        return NOT_ESTIMATED
    values = [ending.flow_rate.discharge_coefficient for ending in endings]
    refinements = [ending.refinement for ending in endings[1:]]
    found = mesh_uncertainty(values, refinements, _least_order(problem.case))
    change = _flux_difference(endings)
    if isnan(change):
        return found
    return found._replace(uncertainty=hypot(found.uncertainty, change * values[-1]))


def _least_order(case: Case) -> LeastOrder:
    """The order to take where less is observed: friction, or the gas in a bore, has another than the edge."""
    is_edge_alone = is_thin(case) and not case.flow.is_viscous
    return GRADED_EDGE if case.mesh.grades_edges and is_edge_alone else ANY_MESH


def _flux_difference(endings: list[Ending]) -> float:
    """What another numerical flux changes on the mesh that was solved twice; nan where none was."""
    return next((one.flux_difference for one in endings if not isnan(one.flux_difference)), nan)


def _is_known(ending: Ending) -> bool:
    """Whether the flow rate on a mesh is that of a settled flow, or the mean of one that swings."""
    return ending.swing is not None or ending.fluctuation <= SETTLED_ENOUGH


def _disk(problem: Problem, iteration: Iteration) -> MachDisk:
    """The Mach disk of a steady run; nan where the gas outside is not thin enough for one, or not known."""
    return mach_disk(problem, iteration.state) if has_mach_disk(problem.case) else NO_DISK
