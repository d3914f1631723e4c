"""Start states: gas at rest, a uniform stream, an exact solution, quasi-one-dimensional flow of a hole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats
from breachflow.numerics.explicit.floor import Floor, enforce_floor
from breachflow.runs.setup.exact import exact_averages
from breachflow.runs.setup.problem import Problem, patch_state
from breachflow.runs.setup.states import conserved_rows
from breachflow.runs.setup.stream.tube import distances, tube_area

FASTEST = 60.0
"""Largest Mach number of the start, far out in a plume into vacuum."""


def puncture(problem: Problem) -> Floats:
    """Conserved states (n_cells, nvar) of gas at rest: the outside's beyond the bore, else the cabin's."""
    ratio, temperature = _outside(problem)
    inside = problem.along < problem.bore[1]
    pressure = np.where(inside, 1.0, ratio)
    density = np.where(inside, 1.0, ratio / temperature)
    rest = np.zeros_like(problem.metric.centroid)
    return conserved_rows(np.column_stack([density, rest, pressure]), problem.gas.gamma)


def exact_start(problem: Problem) -> Floats:
    """Conserved averages (n_cells, nvar) of the exact solution at time 0; a vacuum is its background.

    Raises CaseError where the exact solution does not exist in a cell.
    """
    states = exact_averages(problem.case, problem.mesh, problem.reference, 0.0)
    background = problem.case.numerics.background
    states[states[:, 0] == 0.0, 0] = background  # a vacuum has no velocity
    enforce_floor(states, Floor(background, background), problem.layout.axes, problem.gas)
    return states


def stream(problem: Problem) -> Floats:
    """Conserved states (n_cells, nvar) of the gas that the source supplies everywhere, without a hole."""
    entry = problem.case.source
    assert entry is not None
    state = np.array(patch_state(entry, problem.reference, problem.mesh.dimension))
    return conserved_rows(np.tile(state, (problem.mesh.n_cells, 1)), problem.gas.gamma)


def steady_guess(problem: Problem) -> Floats:
    """Isentropic flow whose Mach number follows the distance from the hole, as in a stream tube.

    Past the hole the flow is supersonic as far down as the outside pressure; beyond,
    and wherever the outside is too strong for a sonic hole, outside gas is at rest.
    """
    gamma = problem.gas.gamma
    ratio, temperature = _outside(problem)
    upstream, downstream, toward = distances(
        problem.metric.centroid, problem.passage, problem.reference.length
    )
    area = tube_area(problem.case, upstream + downstream)
    throat = min(1.0, float(_mach_at_pressure(np.array(ratio), gamma)))
    mach = _mach_at_area(area * _area_ratio(np.array(throat), gamma), downstream > 0.0, throat, gamma)
    cooling = 1.0 / (1.0 + 0.5 * (gamma - 1.0) * mach**2)
    density, pressure = cooling ** (1.0 / (gamma - 1.0)), cooling ** (gamma / (gamma - 1.0))
    velocity = (mach * np.sqrt(gamma * cooling))[:, None] * toward
    outside = (downstream > 0.0) & ((pressure < ratio) | (throat < 1.0))
    density[outside], pressure[outside] = ratio / temperature, ratio
    velocity[outside] = 0.0
    return conserved_rows(np.column_stack([density, velocity, pressure]), gamma)


def _outside(problem: Problem) -> tuple[float, float]:
    """Pressure and temperature outside over the cabin's.

    The pressure is at least the background: that of a vacuum, and where no boundary tells it.
    """
    background = problem.case.numerics.background
    known = problem.case.outside_pressure
    pressure = background if known is None else known / problem.reference.pressure
    temperature = getattr(problem.case.outside, "temperature", None) or problem.reference.temperature
    return max(pressure, background), temperature / problem.reference.temperature


def _area_ratio(mach: Floats, gamma: float) -> Floats:
    """A/A* (Shapiro 1953, eq. 4.19)."""
    power = 0.5 * (gamma + 1.0) / (gamma - 1.0)
    return np.asarray((2.0 / (gamma + 1.0) * (1.0 + 0.5 * (gamma - 1.0) * mach**2)) ** power / mach)


def _mach_at_pressure(ratio: Floats, gamma: float) -> Floats:
    return np.asarray(np.sqrt(2.0 / (gamma - 1.0) * (ratio ** (-(gamma - 1.0) / gamma) - 1.0)))


def _mach_at_area(area: Floats, beyond: NDArray[np.bool_], throat: float, gamma: float) -> Floats:
    """Mach number in a tube of given A/A*: subsonic before the throat, supersonic beyond it, by bisection.

    `theory.fields.source` solves the same equation for one branch by Newton's method. Its roots differ in the
    last digits, and a start must not change its digits.
    """
    low = np.where(beyond, throat, 1e-9)
    high = np.where(beyond, FASTEST, throat)
    for _ in range(60):
        middle = 0.5 * (low + high)
        faster = (_area_ratio(middle, gamma) > area) != beyond
        low, high = np.where(faster, middle, low), np.where(faster, high, middle)
    return np.asarray(0.5 * (low + high))
