"""Time-accurate steps: cycles in which every cell takes steps of its own length."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, inf, log2

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import NonPhysicalState
from breachflow.numerics.explicit.floor import Floor
from breachflow.numerics.explicit.local_steps import begin_steps, cycle
from breachflow.numerics.explicit.step_levels import SPAN, TICKS, make_ladder
from breachflow.numerics.explicit.step_state import make_progress
from breachflow.numerics.space.discretization import Scheme
from breachflow.numerics.space.layout import Layout
from breachflow.numerics.space.residual import states
from breachflow.physics.gas import Gas


class ExplicitStepper:
    """Steps in physical time on one mesh."""

    def __init__(self, layout: Layout, gas: Gas, scheme: Scheme, floor: Floor, cfl: float) -> None:
        self.layout, self.gas, self.scheme, self.floor, self.cfl = layout, gas, scheme, floor, cfl
        self.progress, self.ladder = make_progress(layout), make_ladder(layout)
        self.span = SPAN
        """Levels between the shortest and the longest step of the next cycle, at most."""
        self.flux = np.zeros_like(self.progress.flux)
        """(n_faces, nvar) flux times area through each face, the mean over the last cycle."""
        self.floored = 0
        """Cells in which the floor had to hold, in the worst cycle so far."""

    @property
    def outflow(self) -> Floats:
        """(n_cells, nvar) net outflow per time from each cell over its last step, less sources."""
        return self.progress.outflow

    def advance(
        self, conserved: Floats, duration: float, after_cycle: Callable[[float], bool], longest: float = inf
    ) -> float:
        """Move the state (in place) until `duration` is over or `after_cycle(time)` says to stop.

        No cycle is longer than `longest`. Returns the time reached, the same for every cell. Raises
        NonPhysicalState, with the number of the cell, where a state is no longer finite.
        """
        time = 0.0
        self.begin(conserved)
        while time < duration * (1.0 - 1e-12):
            time += self.take_cycle(conserved, duration - time, longest)
            if after_cycle(time):
                break
        return time

    def begin(self, conserved: Floats) -> None:
        """Begin the steps of all cells at a state: before the first cycle, and after a change of it."""
        axes, cells, faces, boundary = self.layout
        states(conserved, faces, boundary, axes, self.gas, self.progress.primitive)
        self.progress.owed[:] = 0.0
        self.progress.begin[:] = 0
        begin_steps(
            self.progress, self.ladder, cells, faces, boundary, axes, self.scheme, self.gas, self.cfl, 0,
            self.layout.n_cells, 0.0,
        )  # fmt: skip

    def take_cycle(self, conserved: Floats, remaining: float, longest: float) -> float:
        """One step of the longest cells, with shorter ones where waves overran it; returns its duration."""
        start = conserved.copy()
        while True:
            span, duration = self._next_cycle(remaining, longest)
            self.progress.begin[:], self.progress.passed[:] = 0, 0.0
            first_bad, overrun = cycle(
                conserved, self.progress, self.ladder, self.layout, self.scheme, self.gas, self.floor,
                self.cfl, duration / TICKS, 0,
            )  # fmt: skip
            if first_bad < 0 and (overrun == 0 or span == 0):
                break
            if span == 0:
                raise _not_finite(first_bad)
            self.span = span - 1
            conserved[:] = start
            self.begin(conserved)
        self.span = min(self.span + 1, SPAN)
        self.floored = max(self.floored, int(self.progress.floored.sum()))
        np.divide(self.progress.passed, duration, out=self.flux)
        return duration

    def _next_cycle(self, remaining: float, longest: float) -> tuple[int, float]:
        """Levels from the shortest to the longest stable step, as far as they are to be used; its duration.

        What remains is shared out evenly: a short last cycle would give a flux of its own.
        """
        shortest, largest = float(self.ladder.stable.min()), float(self.ladder.stable.max())
        if not shortest > 0.0:
            raise _not_finite(int(np.argmin(self.ladder.stable > 0.0)))
        span = min(int(log2(largest / shortest)), self.span)
        return span, remaining / ceil(remaining / min(2**span * shortest, longest))


def _not_finite(cell: int) -> NonPhysicalState:
    return NonPhysicalState(f"cell {cell} has no finite density or pressure")
