"""The pseudo-time step of each cell, as a CFL number, and the largest one that is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from breachflow.arrays import CellScalars
from breachflow.numerics.implicit.krylov import LinearSolution
from breachflow.numerics.implicit.update import UpdateLimits

LARGEST_CFL: Final = 1e7

LEAST_REDUCED_CFL: Final = 10.0
"""Largest CFL number below which reductions of it have no effect."""

FAST_GROWTH: Final = 2.0
"""Factor by which the largest CFL number grows from step to step."""

SLOW_GROWTH: Final = 1.6
"""That factor where a linear problem is hard, or after a long step has raised the residual."""


@dataclass
class PseudoTime:
    """Pseudo-time steps. With the state they are all that an iteration carries from one step to the next."""

    cfl: CellScalars
    """(n_cells,) each cell's pseudo-time step over its explicit one."""
    max_cfl: float
    """No cell's CFL number is larger."""
    growth: float = FAST_GROWTH
    """Factor by which `max_cfl` grows."""

    @classmethod
    def begin(cls, n_cells: int, cfl: float) -> Self:
        """Pseudo-time steps with one CFL number in all cells."""
        return cls(np.full(n_cells, cfl), cfl)

    def restart(self, cfl: float) -> None:
        """Set one CFL number in all cells, and the fast growth."""
        self.max_cfl, self.growth = cfl, FAST_GROWTH
        self.cfl[:] = cfl

    def limit(self, cfl: float) -> None:
        """Allow no CFL number above this one."""
        self.max_cfl = min(self.max_cfl, cfl)
        np.minimum(self.cfl, self.max_cfl, out=self.cfl)

    def reduce_max_cfl(self) -> None:
        """Take shorter steps, which grow slowly: for use after a long step has raised the residual."""
        self.limit(max(0.25 * self.max_cfl, LEAST_REDUCED_CFL))
        self.growth = SLOW_GROWTH

    def adapt(self, found: LinearSolution, limits: UpdateLimits) -> None:
        """Allow longer steps while linear problems are easy, shorter ones when they are not solved."""
        excess = found.drop / limits.tolerance
        if not excess <= 3.0:
            self.max_cfl = max(0.25 * self.max_cfl, LEAST_REDUCED_CFL)
        elif excess <= 1.0 or found.products < limits.products // 2:
            self.max_cfl = min(self.growth * self.max_cfl, LARGEST_CFL)
        elif excess <= 1.5:
            self.max_cfl = min(SLOW_GROWTH * self.max_cfl, LARGEST_CFL)
