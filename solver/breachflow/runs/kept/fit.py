"""Whether the arrays of a kept iteration fit a mesh: kernels trust their sizes and indices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from breachflow.numerics.explicit.step_levels import COARSEST_LEVEL, StepLevels, make_step_levels
from breachflow.numerics.explicit.step_state import make_step_state
from breachflow.numerics.space.layout import interior_faces
from breachflow.numerics.space.reconstruction import FACTORS
from breachflow.runs.measure.flow_rate import FlowRate

if TYPE_CHECKING:
    from breachflow.runs.setup.problem import Problem
    from breachflow.runs.solve.iteration import Iteration, LocalSteps

Shape = tuple[int, ...]


def fits(iteration: Iteration, problem: Problem) -> bool:
    """Whether every array has the size, and every index a place, that the mesh of the problem has."""
    steps = iteration.march.local_steps
    shapes = all(array.shape in allowed for array, allowed in _arrays(iteration, problem))
    return shapes and (steps is None or _steps_fit(steps, problem))


def _arrays(iteration: Iteration, problem: Problem) -> Iterator[tuple[NDArray[Any], tuple[Shape, ...]]]:
    """Each array with the shapes that it may have."""
    n_cells, hold = problem.layout.n_cells, iteration.hold
    rows = (n_cells, problem.layout.n_variables)
    yield iteration.state, (rows,)
    yield iteration.best, (rows,)
    if iteration.own_start is not None:
        yield iteration.own_start, (rows,)
    if iteration.pseudo_time is not None:
        yield iteration.pseudo_time.cfl, ((n_cells,),)
    if iteration.march.implicit_steps is not None:
        yield iteration.march.implicit_steps.before, (rows,)
    if iteration.own is not None:
        yield iteration.own.state, (rows,)
    yield iteration.march.masses, ((2,),)
    yield iteration.march.masses_before, ((2,),)
    yield iteration.series.state, ((0, 0), rows)
    yield iteration.series.before, ((0, 0), rows)
    yield iteration.series.rates, ((len(iteration.series.rates), len(FlowRate._fields)),)
    yield hold.cells, ((0,), (n_cells,))
    yield hold.factors, ((0, FACTORS), (interior_faces(problem.layout), FACTORS))


def _steps_fit(steps: LocalSteps, problem: Problem) -> bool:
    layout = problem.layout
    state = make_step_state(layout, problem.discretization.gas.viscosity > 0.0)
    kept: list[NDArray[Any]] = [*steps.state, *steps.levels, steps.flux]
    fresh: list[NDArray[Any]] = [*state, *make_step_levels(layout), state.flux]
    same = [array.shape for array in kept] == [array.shape for array in fresh]
    slots = (steps.state.left_slot, state.left_slot), (steps.state.right_slot, state.right_slot)
    return same and all(np.array_equal(*pair) for pair in slots) and _levels_fit(steps.levels)


def _levels_fit(levels: StepLevels) -> bool:
    lists = (levels.cells, levels.faces)
    ranks = (levels.wanted, levels.level, levels.face_level)
    counts = (levels.cell_count, levels.face_count)
    return (
        all(np.array_equal(np.sort(one), np.arange(len(one))) for one in lists)
        and all(rank.min() >= 0 and rank.max() <= COARSEST_LEVEL for rank in ranks)
        and all(count.min() >= 0 for count in counts)
        and all(np.all(np.diff(count) >= 0) for count in counts)
        and [count[-1] for count in counts] == [len(one) for one in lists]
    )
