"""Where a run starts that has solved neighbors: their fields, carried over to its own mesh and pressures.

The meshes of the orifice template have the same lines in the cabin and in the plume, counted from the hole;
in the bore, lines at the same share of its length stand for each other. Pressures are stretched between those
of the cabin and the outside, speeds with the root of what drives the flow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.similarity import same_gas
from breachflow.mesh.lines import matching_lines
from breachflow.runs.setup.meshes import mesh_lines
from breachflow.runs.setup.reference import reference_of

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.results import Field
    from breachflow.runs.setup.problem import Problem

LEAST_SHARE: Final = 0.3
"""Of its pressure that a cell keeps where stretching would take more."""


class Neighbor(NamedTuple):
    """A solved flow on the finest mesh of its own sequence."""

    case: Case
    state: Floats
    """(n_cells, 4) density, velocity and pressure over those of its cabin."""
    weight: float
    """Share in the start; those of all neighbors add up to 1."""


def solved_state(case: Case, fields: Mapping[str, Field]) -> Floats:
    """What a neighbor needs to know of a result, (n_cells, 4)."""
    reference = reference_of(case)
    return np.column_stack(
        [
            fields["density"].values / reference.density,
            fields["velocity"].values[:, :2] / reference.velocity,
            fields["pressure"].values / reference.pressure,
        ]
    )


def can_transfer(case: Case, other: Case) -> bool:
    """Whether the meshes of both cases correspond, and their gases are alike."""
    ours, theirs = mesh_lines(case), mesh_lines(other)
    return (
        case.mesh.source == other.mesh.source
        and [lines.rows for lines in ours] == [lines.rows for lines in theirs] != []
        and case.hole.shape == other.hole.shape
        and same_gas(case, other)
    )


def transferred(neighbors: Sequence[Neighbor], problem: Problem, coarsenings: int, start: Floats) -> Floats:
    """The weighted mean of the neighbors' states on a mesh so many times coarser than the finest.

    Conserved states (n_cells, 4). Densities and pressures are averaged by their logarithms. Cells that no
    neighbor has, at the far end of a longer plume, keep their state in `start`.
    """
    from breachflow.runs.setup.problem import conserved_rows, primitive_rows

    gamma = problem.gas.gamma
    own = primitive_rows(start, gamma)
    mean = np.zeros_like(own)
    for neighbor in neighbors:
        mean += neighbor.weight * _logarithmic(_on_mesh_of(neighbor, problem.case, coarsenings, own))
    mean[:, (0, -1)] = np.exp(mean[:, (0, -1)])
    return conserved_rows(mean, gamma)


def _logarithmic(state: Floats) -> Floats:
    """With logarithms of density and pressure."""
    changed = state.copy()
    changed[:, (0, -1)] = np.log(state[:, (0, -1)])
    return changed


def _on_mesh_of(neighbor: Neighbor, case: Case, coarsenings: int, own: Floats) -> Floats:
    """Return one neighbor's state on a mesh of the case, (n_cells, nvar); elsewhere `own`."""
    nvar = own.shape[1]
    theirs, ours = (mesh_lines(one) for one in (neighbor.case, case))
    lines = neighbor.state.reshape(theirs[-1].lines, theirs[-1].rows, nvar)
    for _ in range(coarsenings):
        lines = 0.25 * (lines[::2, ::2] + lines[1::2, ::2] + lines[::2, 1::2] + lines[1::2, 1::2])
    stretched = _stretched(lines.reshape(-1, nvar), neighbor.case, case).reshape(lines.shape)
    counts = ours[-1 - coarsenings]
    match = matching_lines(counts, theirs[-1 - coarsenings])
    weight = match.weight[:, None, None]
    found = own.reshape(counts.lines, counts.rows, nvar).copy()
    found[match.lines] = (1.0 - weight) * stretched[match.before] + weight * stretched[match.after]
    return found.reshape(own.shape)


def _stretched(state: Floats, before: Case, after: Case) -> Floats:
    """The state with the outside pressure of another case."""
    drives = [1.0 - (case.outside_pressure or 0.0) / reference_of(case).pressure for case in (before, after)]
    stretch = drives[1] / drives[0]
    density, velocity, pressure = state[:, 0], state[:, 1:-1], state[:, -1]
    new_pressure = np.maximum(1.0 - stretch * (1.0 - pressure), LEAST_SHARE * pressure)
    new_density = density * new_pressure / pressure
    speedup = np.sqrt(stretch * pressure / new_pressure)
    return np.column_stack([new_density, velocity * speedup[:, None], new_pressure])
