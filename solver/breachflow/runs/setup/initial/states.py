"""The states of `[initial]`, and the gas at the start on a mesh."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.initial.table import InitialState
from breachflow.runs.setup.initial.regions import region_parts, region_shares
from breachflow.runs.setup.reference import Reference, reference_of
from breachflow.runs.setup.states import conserved_rows
from breachflow.units import Dimension, write_quantity
from breachflow.words import counted, percent

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.mesh.mesh import Mesh
    from breachflow.runs.setup.problem import Problem


class StartState(NamedTuple):
    """A state of the gas in SI units."""

    pressure: float
    """0 of a vacuum."""
    temperature: float
    velocity: tuple[float, ...]

    def row(self, reference: Reference, background: float, dimension: int) -> list[float]:
        """Density, velocity and pressure in units of the reference; of a vacuum its background."""
        pressure = max(self.pressure / reference.pressure, background)
        density = pressure * reference.temperature / self.temperature
        velocity = (*self.velocity, 0.0)[:dimension]
        return [density, *(speed / reference.velocity for speed in velocity), pressure]


def initial_start(problem: Problem) -> Floats:
    """Conserved averages (n_cells, nvar) of the gas at the start, in units of the reference."""
    case, mesh = problem.case, problem.mesh
    background = case.numerics.background
    rows = [state.row(problem.reference, background, mesh.dimension) for state in start_states(case)]
    return np.asarray(region_parts(case, mesh) @ conserved_rows(np.array(rows), problem.gas.gamma))


def start_density(case: Case, mesh: Mesh) -> Floats:
    """Density of the gas at the start over that of the reference, (n_cells,)."""
    reference, background = reference_of(case), case.numerics.background
    density = [state.row(reference, background, mesh.dimension)[0] for state in start_states(case)]
    return np.asarray(region_parts(case, mesh) @ density)


def start_states(case: Case) -> list[StartState]:
    """The state of the gas that no region holds, and that of each region."""
    assert case.initial is not None
    rest = StartState(0.0, case.driving_gas[1], (0.0, 0.0))
    base = _state(case, case.initial, rest)
    return [base, *(_state(case, region, base) for region in case.initial.regions.values())]


def initial_notes(case: Case, mesh: Mesh) -> Iterator[str]:
    """What the gas at the start is, in words. Raises CaseError where a region holds no gas."""
    if case.initial is None:
        return
    base, *others = start_states(case)
    yield f"at the start: {_words(base)}"
    for share, state in zip(region_shares(case, mesh), others, strict=True):
        yield (
            f"at the start, region {share.name!r}: {percent(share.volume)} of the gas's volume, "
            f"{counted(share.cells, 'cell')}: {_words(state)}"
        )


def _state(case: Case, entry: InitialState, base: StartState) -> StartState:
    """The state that an entry states; what it does not is that of `base`."""
    pressure, known = entry.told(case.boundary, (base.pressure, base.temperature))
    temperature = known or case.driving_gas[1]
    velocity = base.velocity if entry.velocity is None else entry.velocity
    if entry.like is not None:
        velocity = getattr(case.boundary[entry.like], "velocity", (0.0, 0.0))
    elif entry.mach is not None:
        gas = case.species
        sound = sqrt(gas.heat_capacity_ratio * gas.specific_gas_constant * temperature)
        velocity = tuple(sound * mach for mach in entry.mach)
    return StartState(pressure or 0.0, temperature, velocity)


def _words(state: StartState) -> str:
    if state.pressure == 0.0:
        return "vacuum"
    pressure = write_quantity(state.pressure, Dimension.PRESSURE)
    temperature = write_quantity(state.temperature, Dimension.TEMPERATURE)
    speeds = ", ".join(f"{speed:.4g}" for speed in state.velocity)
    return f"{pressure}, {temperature}, {f'({speeds}) m/s' if any(state.velocity) else 'at rest'}"
