"""Error of a verification case against its exact solution."""

from __future__ import annotations

import numpy as np

from breachflow.arrays import Floats
from breachflow.runs.setup.exact import exact_averages
from breachflow.runs.setup.problem import Problem
from breachflow.runs.setup.states import lengths, primitive_rows


def exact_errors(problem: Problem, conserved: Floats, time: float) -> tuple[float, float, float]:
    """Relative L1 errors of density, velocity and pressure, of cell averages (n_cells, nvar) at a time.

    The error of the velocity is taken over the mean of speed plus sound speed. States and time are in units
    of the reference. Raises CaseError where the exact solution does not exist in a cell.
    """
    gamma, volume = problem.gas.gamma, problem.layout.cells.volume
    exact = primitive_rows(exact_averages(problem.case, problem.mesh, problem.reference, time), gamma)
    difference = np.abs(primitive_rows(conserved, gamma) - exact)
    speed = lengths(exact[:, 1:-1]) + _sound(exact, gamma)
    return (
        float(volume @ difference[:, 0] / (volume @ exact[:, 0])),
        float(volume @ lengths(difference[:, 1:-1]) / (volume @ speed)),
        float(volume @ difference[:, -1] / (volume @ exact[:, -1])),
    )


def totals(problem: Problem, conserved: Floats) -> Floats:
    """Mass and energy (2,) in the mesh of conserved states (n_cells, nvar), in units of the reference."""
    return np.asarray(problem.layout.cells.volume @ conserved[:, [0, -1]])


def _sound(primitive: Floats, gamma: float) -> Floats:
    """Speeds of sound (n,) of primitive states (n, nvar); 0 in a vacuum."""
    squared = np.zeros(len(primitive))
    np.divide(gamma * primitive[:, -1], primitive[:, 0], out=squared, where=primitive[:, 0] != 0.0)
    return np.sqrt(squared)
