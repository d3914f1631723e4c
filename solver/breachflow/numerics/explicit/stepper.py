"""Time-accurate steps in cycles, within which every cell takes steps of its own length."""

from __future__ import annotations

from math import ceil, log2

import numpy as np

from breachflow.arrays import CellRows, FaceRows
from breachflow.errors import NonPhysicalState
from breachflow.numerics.explicit.floor import Floor
from breachflow.numerics.explicit.local_steps import Clock, StepLimits, advance_cycle, begin_steps
from breachflow.numerics.explicit.step_levels import LEVEL_SPAN, SUBSTEPS, make_step_levels
from breachflow.numerics.explicit.step_state import make_step_state
from breachflow.numerics.space.discretization import Discretization
from breachflow.numerics.space.residual import states


class ExplicitStepper:
    """Steps in physical time on one mesh; times in units of the reference."""

    def __init__(self, discretization: Discretization, floor: Floor, cfl: float) -> None:
        layout = discretization.layout
        self.discretization, self.limits = discretization, StepLimits(cfl, floor)
        viscous = discretization.gas.viscosity > 0.0
        self.state, self.levels = make_step_state(layout, viscous), make_step_levels(layout)
        self.level_span = LEVEL_SPAN
        """Most levels between the shortest and the longest step of the next cycle."""
        self.flux: FaceRows = np.zeros_like(self.state.flux)
        """(n_faces, nvar) flux times area through each face, the mean over the last cycle."""
        self.floored = 0
        """Most cells raised to the floor at the end of one cycle, so far."""

    @property
    def outflow(self) -> CellRows:
        """(n_cells, nvar) net outflow per time from each cell over its last step, less sources."""
        return self.state.outflow

    def begin(self, conserved: CellRows) -> None:
        """Begin the steps of all cells at a state: before the first cycle, and after a change of it."""
        states(conserved, self.discretization, self.state.primitive)
        self.state.owed[:] = 0.0
        self.state.begin[:] = 0
        begin_steps(self.state, self.levels, self.discretization, self.limits.cfl, Clock(0.0, 0))

    def take_cycle(self, conserved: CellRows, remaining: float, longest: float) -> float:
        """One step of the coarsest level, with fewer levels where waves overran it; returns its duration.

        Raises NonPhysicalState where a state is not finite even when all cells take the shortest step.
        """
        start = conserved.copy()
        while True:
            span, duration = self._next_cycle(remaining, longest)
            self.state.begin[:], self.state.passed[:] = 0, 0.0
            first_bad, overrun = advance_cycle(
                conserved, self.state, self.levels, self.discretization, self.limits, duration / SUBSTEPS
            )  # fmt: skip
            if first_bad < 0 and (overrun == 0 or span == 0):
                break
            if span == 0:
                raise _not_finite(first_bad)
            self.level_span = span - 1
            conserved[:] = start
            self.begin(conserved)
        self.level_span = min(self.level_span + 1, LEVEL_SPAN)
        self.floored = max(self.floored, int(self.state.floored.sum()))
        np.divide(self.state.passed, duration, out=self.flux)
        return duration

    def _next_cycle(self, remaining: float, longest: float) -> tuple[int, float]:
        """Levels from the shortest to the longest stable step, up to the largest span, and the duration.

        The remaining time is divided evenly: a short last cycle would give a flux that differs from the
        others.
        """
        shortest, largest = float(self.levels.stable.min()), float(self.levels.stable.max())
        if not shortest > 0.0:
            raise _not_finite(int(np.argmin(self.levels.stable > 0.0)))
        span = min(int(log2(largest / shortest)), self.level_span)
        return span, remaining / ceil(remaining / min(2**span * shortest, longest))


def _not_finite(cell: int) -> NonPhysicalState:
    return NonPhysicalState(f"cell {cell} has no finite density or pressure")
