"""Transfer of a neighbor's solution to the mesh and the pressures of a run, as its start.

The template says which lines of cells of two meshes correspond. Pressures are stretched linearly between
those of the cabin and the outside. Velocities grow with the root of the pressure difference that drives the
flow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from breachflow.arrays import CellRows, Floats
from breachflow.case.similarity import same_gas
from breachflow.mesh.lines import matching_lines
from breachflow.runs.setup.meshes import mesh_lines
from breachflow.runs.setup.reference import dimension_of, driving_difference, reference_of

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.results import Field
    from breachflow.runs.setup.problem import Problem

LEAST_FRACTION: Final = 0.3
"""Least pressure of a cell after stretching, over its pressure before."""


class Neighbor(NamedTuple):
    """A solved flow on the finest mesh of its own grid sequence."""

    case: Case
    state: CellRows
    """(n_cells, nvar) density, velocity and pressure over those of its cabin."""
    weight: float
    """Weight in the mean of all neighbors; the weights add up to 1."""


def solved_state(case: Case, fields: Mapping[str, Field]) -> CellRows:
    """Density, velocity and pressure of a result over those of the cabin, (n_cells, nvar)."""
    reference, dimension = reference_of(case), dimension_of(case)
    return np.column_stack(
        [
            fields["density"].values / reference.density,
            fields["velocity"].values[:, :dimension] / reference.velocity,
            fields["pressure"].values / reference.pressure,
        ]
    )


def can_transfer(case: Case, other: Case) -> bool:
    """Whether the meshes of two cases correspond and their gases have the same numbers.

    A case that states its own start takes no other.
    """
    ours, theirs = mesh_lines(case), mesh_lines(other)
    return (
        case.initial is None
        and case.mesh.source == other.mesh.source
        and [lines.rows for lines in ours] == [lines.rows for lines in theirs] != []
        and (case.orifice is None or case.hole.shape == other.hole.shape)
        and same_gas(case, other)
    )


def transferred(
    neighbors: Sequence[Neighbor], problem: Problem, coarsenings: int, start: CellRows
) -> CellRows:
    """The weighted mean of the neighbors' states on a mesh, `coarsenings` below the finest.

    Conserved states (n_cells, nvar). Densities and pressures are averaged by their logarithms. Cells at the
    far end of a plume that is longer than that of the neighbors keep their state in `start`.
    """
    from breachflow.runs.setup.states import conserved_rows, primitive_rows

    gamma = problem.gas.gamma
    own = primitive_rows(start, gamma)
    mean = np.zeros_like(own)
    for neighbor in neighbors:
        mean += neighbor.weight * _logarithmic(_on_mesh_of(neighbor, problem.case, coarsenings, own))
    mean[:, (0, -1)] = np.exp(mean[:, (0, -1)])
    return conserved_rows(mean, gamma)


def _logarithmic(state: CellRows) -> CellRows:
    """Primitive states with the logarithms of density and pressure."""
    changed = state.copy()
    changed[:, (0, -1)] = np.log(state[:, (0, -1)])
    return changed


def _on_mesh_of(neighbor: Neighbor, case: Case, coarsenings: int, own: CellRows) -> CellRows:
    """One neighbor's state on a mesh of the case, (n_cells, nvar); elsewhere `own`."""
    nvar = own.shape[1]
    theirs, ours = (mesh_lines(one) for one in (neighbor.case, case))
    if not theirs:  # of a mesh file: the same mesh, or none that prepares it
        is_same = coarsenings == 0 and len(neighbor.state) == len(own)
        return _stretched(neighbor.state, neighbor.case, case) if is_same else own
    lines = neighbor.state.reshape(theirs[-1].lines, theirs[-1].rows, nvar)
    for _ in range(coarsenings):
        lines = _mean_of_children(lines)
    stretched = _stretched(lines.reshape(-1, nvar), neighbor.case, case).reshape(lines.shape)
    counts = ours[-1 - coarsenings]
    match = matching_lines(counts, theirs[-1 - coarsenings])
    weight = match.weight[:, None, None]
    found = own.reshape(counts.lines, counts.rows, nvar).copy()
    found[match.lines] = (1.0 - weight) * stretched[match.before] + weight * stretched[match.after]
    return found.reshape(own.shape)


def _mean_of_children(lines: Floats) -> Floats:
    """The states of the next coarser mesh: (lines / 2, rows / 2, nvar) from (lines, rows, nvar)."""
    return np.asarray(0.25 * (lines[::2, ::2] + lines[1::2, ::2] + lines[::2, 1::2] + lines[1::2, 1::2]))


def _stretched(state: CellRows, before: Case, after: Case) -> CellRows:
    """Primitive states with the pressure outside of another case in place of their own."""
    stretch = driving_difference(after) / driving_difference(before)
    density, velocity, pressure = state[:, 0], state[:, 1:-1], state[:, -1]
    new_pressure = np.maximum(1.0 - stretch * (1.0 - pressure), LEAST_FRACTION * pressure)
    new_density = density * new_pressure / pressure
    speedup = np.sqrt(stretch * pressure / new_pressure)
    return np.column_stack([new_density, velocity * speedup[:, None], new_pressure])
