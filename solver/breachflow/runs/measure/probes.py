"""Probes: named points at which the state of the gas is recorded."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats, Ints
from breachflow.physics.boundary import BehaviorCode
from breachflow.results import Column
from breachflow.runs.measure.fields import state_fields
from breachflow.runs.setup.meshes import probe_cells
from breachflow.runs.setup.problem import Problem
from breachflow.runs.setup.states import conserved_rows, primitive_rows


class _Stencil(NamedTuple):
    """Cells and weights from which the state at a point is interpolated."""

    cells: Ints
    """The cell that holds the point, then its neighbors."""
    weights: Floats
    """(neighbors + mirrors,) of the differences from the first."""
    mirrors: Floats
    """(mirrors, dimension) unit normals of the walls, planes and axes that mirror the cell."""


class Probes:
    """The probes of a case on one mesh.

    The state at a probe follows the plane through the values of the cell that holds it and of that cell's
    neighbors (least squares), but never leaves their range: a shock beside a probe makes no new extremes.
    """

    def __init__(self, problem: Problem) -> None:
        """Raises CaseError where no cell holds a probe."""
        self.problem = problem
        cells = probe_cells(problem.case, problem.mesh)
        self.stencils = {
            name: _stencil(problem, cell, np.array(problem.case.probes[name])) for name, cell in cells.items()
        }

    def states(self, conserved: Floats) -> Floats:
        """Conserved states (n_probes, nvar) at the probes, from those of the cells (n_cells, nvar)."""
        gamma = self.problem.gas.gamma
        rows = [_interpolated(conserved, stencil, gamma) for stencil in self.stencils.values()]
        return conserved_rows(np.array(rows), gamma) if rows else conserved[:0]

    def columns(self, times: list[float], states: list[Floats]) -> dict[str, dict[str, Column]]:
        """Columns of each probe: the states (n_probes, nvar) at the times, s, in SI units."""
        found: dict[str, dict[str, Column]] = {}
        for index, name in enumerate(self.stencils):
            rows = np.array([state[index] for state in states])
            columns = {"time": Column(np.array(times), "s", "physical time (0 in a steady run)")}
            for field_name, field in state_fields(self.problem, rows).items():
                for part, values in _components(field_name, field.values, self.problem.mesh.dimension):
                    columns[part] = Column(values, field.unit, field.description)
            found[name] = columns
        return found


def _stencil(problem: Problem, cell: int, place: Floats) -> _Stencil:
    faces, cells = problem.layout.faces, problem.layout.cells
    around = cells.faces[cells.face_offsets[cell] : cells.face_offsets[cell + 1]]
    others = faces.left[around] + faces.right[around] - cell
    inside = others < problem.mesh.n_cells
    behavior = problem.layout.boundary.behavior[np.maximum(others - problem.mesh.n_cells, 0)]
    mirrors = behavior == BehaviorCode["WALL"]
    behind = around[~inside & mirrors]
    centroid = problem.metric.centroid
    beside = centroid[others[inside]] - centroid[cell]
    offsets = np.concatenate([beside, faces.left_to_face[behind] - faces.right_to_face[behind]])
    target = place / problem.reference.length - centroid[cell]
    # Least squares, the nearer neighbors weighing more; with too few of them the slope of least size.
    nearness = 1.0 / np.linalg.norm(offsets, axis=1)[:, None]
    weights = target @ np.linalg.pinv(nearness * offsets) * nearness[:, 0]
    return _Stencil(np.concatenate([[cell], others[inside]]), weights, faces.normal[behind])


def _interpolated(conserved: Floats, stencil: _Stencil, gamma: float) -> Floats:
    """Density, velocity and pressure at the point."""
    values = primitive_rows(conserved[stencil.cells], gamma)
    mirrored = np.tile(values[0], (len(stencil.mirrors), 1))
    mirrored[:, 1:-1] -= 2.0 * (stencil.mirrors @ values[0, 1:-1])[:, None] * stencil.mirrors
    values = np.concatenate([values, mirrored])
    guess = values[0] + stencil.weights @ (values[1:] - values[0])
    return np.asarray(np.clip(guess, values.min(axis=0), values.max(axis=0)))


def _components(name: str, values: Floats, dimension: int) -> list[tuple[str, Floats]]:
    """A vector as its components."""
    if values.ndim == 1:
        return [(name, values)]
    return [(f"{name}_{axis}", part) for axis, part in zip("xyz"[:dimension], values.T, strict=False)]
