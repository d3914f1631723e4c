"""The solution of a mesh on the next finer one, as its start."""

from __future__ import annotations

import numpy as np

from breachflow.arrays import CellRows, Floats, Ints
from breachflow.runs.setup.problem import Problem
from breachflow.runs.setup.states import conserved_rows, primitive_rows


def prolonged(coarse: Problem, fine: Problem, parents: Ints, state: CellRows) -> CellRows:
    """Conserved states (n_fine, nvar) at the centers of the fine cells, linear within each coarse cell.

    `parents` (n_fine,) are the coarse cells that hold the fine ones. No value is beyond those of the coarse
    cell and its neighbors, which keeps density and pressure positive.
    """
    values = primitive_rows(state, coarse.gas.gamma)
    slopes, least, most = _slopes_and_bounds(coarse, values)
    offset = fine.metric.centroid - coarse.metric.centroid[parents]
    found = values[parents] + np.einsum("kvd,kd->kv", slopes[parents], offset)
    return conserved_rows(np.clip(found, least[parents], most[parents]), coarse.gas.gamma)


def _slopes_and_bounds(problem: Problem, values: CellRows) -> tuple[Floats, CellRows, CellRows]:
    """Gradients (n_cells, nvar, dimension), and the least and the most of a cell and its neighbors.

    Ghost cells are left out: next to a wall the slope across it is that of the neighbors alone.
    """
    cells, n_cells = problem.layout.cells, len(values)
    row = np.repeat(np.arange(n_cells), np.diff(cells.stencil_offsets))
    inside = cells.stencil < n_cells
    row, other, weights = row[inside], cells.stencil[inside], cells.weights[inside]
    change = values[other] - values[row]
    slopes = np.empty((n_cells, values.shape[1], weights.shape[1]))
    for variable in range(values.shape[1]):
        for axis in range(weights.shape[1]):
            slopes[:, variable, axis] = np.bincount(row, weights[:, axis] * change[:, variable], n_cells)
    least, most = values.copy(), values.copy()
    np.minimum.at(least, row, values[other])
    np.maximum.at(most, row, values[other])
    return slopes, least, most
