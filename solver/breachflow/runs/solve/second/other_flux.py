"""A second solution of one mesh, with another numerical flux: what the flux decides is part of the band.

In inviscid flow through a bore nothing but the dissipation of the numerical flux decides how the gas behind
the edge turns. Finer meshes do not tell: the difference of two fluxes hardly shrinks with the cells.
"""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Final

import numpy as np

from breachflow.errors import NonPhysicalState
from breachflow.physics.fluxes import NumericalFlux
from breachflow.runs.setup.bore import flux_decides, other_flux
from breachflow.runs.solve.context import RunContext
from breachflow.runs.solve.convergence import SETTLED, SETTLED_ENOUGH, recent_fluctuation
from breachflow.runs.solve.iteration import Iteration
from breachflow.runs.solve.steady import Steady

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.mesh.family import MeshFamily
    from breachflow.runs.setup.problem import Problem

MOST_CELLS: Final = 5000
"""Cells of the finest mesh that is solved twice: the coarse meshes of the templates, which take seconds."""

FEWEST_MESHES: Final = 3
"""Meshes from which a band is stated at all."""


def mesh_solved_twice(case: Case, meshes: MeshFamily) -> int:
    """The number of the mesh that is solved with another flux too, 1 = coarsest; 0 where none is."""
    if len(meshes) < FEWEST_MESHES or not flux_decides(case):
        return 0
    return max(number for number, mesh in enumerate(meshes, 1) if number == 1 or mesh.n_cells <= MOST_CELLS)


class OtherFlux(Steady):
    """Iterations with another numerical flux, from the solution with the case's own one."""

    is_second = True

    def __init__(self, problem: Problem, iteration: Iteration, context: RunContext) -> None:
        self.name = other_flux(problem.case)
        scheme = problem.scheme._replace(
            flux=NumericalFlux[self.name.upper()].value,
            slow_jump=1.0,
            softens_shocks=False,
            enthalpy_band=0.0,
        )
        self.failed = False
        faces = problem.layout.faces._replace(softening=np.zeros(0))
        other = replace(problem, scheme=scheme, layout=problem.layout._replace(faces=faces))
        super().__init__(other, iteration, context)

    @property
    def is_over(self) -> bool:
        """Whether the comparison is done, or no finite state is found: that does not concern the answer."""
        return self.failed or super().is_over

    def measure(self) -> None:
        """Measure the state as usual, and give up where none is finite."""
        try:
            super().measure()
        except NonPhysicalState:
            self.failed = True

    @property
    def _is_settled(self) -> bool:
        """Whether this flow hardly moves any more: else its last iterate tells nothing."""
        flow_rates = self.iteration.flow_rates
        return len(flow_rates) > SETTLED and recent_fluctuation(flow_rates) <= SETTLED_ENOUGH

    def end_mesh(self) -> None:
        """End the mesh with the solution of the case's own flux, and the difference that the other makes."""
        iteration, own = self.iteration, self.iteration.own
        assert own is not None
        ending, change = own.ending, nan
        if not self.failed and self._is_settled:
            other = iteration.flow_rates[-1]
            change = other.discharge_coefficient / ending.flow_rate.discharge_coefficient - 1.0
            note = f"with the flux {self.name}: Cd {other.discharge_coefficient:.5f}"
            self.context.report(self.problem, iteration, other, note=note)
        iteration.state, iteration.own = own.state, None
        iteration.end_mesh(ending._replace(flux_difference=change))
