"""Time-accurate implicit steps: BDF2, each step solved by Newton-Krylov steps with one preconditioner.

The second-order backward differences of Gear (1971, Numerical Initial Value Problems in Ordinary Differential
Equations), with steps that may differ in length. The length of a step is set by the motion that matters, not
by the smallest cell.
"""

from __future__ import annotations

from math import inf
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Bools, CellRows, CellScalars, FaceRows
from breachflow.errors import NonPhysicalState
from breachflow.numerics.implicit.jacobian import scale_and_rate
from breachflow.numerics.implicit.newton import ImplicitStepper
from breachflow.numerics.implicit.update import CAREFUL
from breachflow.numerics.space.discretization import Discretization

FEWEST: Final = 2
"""Newton steps that every step in time takes."""

MOST: Final = 8
"""Newton steps after which a step in time is taken again with half its length."""

RENEWED: Final = 4
"""Newton steps after which the matrix of the preconditioner is made anew."""

LINEAR_DROP: Final = 0.05
"""Relative residual of each linear problem: two Newton steps then leave some thousandth of the first one."""

SOLVED: Final = 0.02
"""Residual of a step in time over that of its extrapolated start at which it is solved.

The start is in error by the third order of the step, so what is left is far below the error of the step.
"""

HALVINGS: Final = 8
"""Most halvings of one step in time."""


class BackwardDifference(NamedTuple):
    """Coefficients of the time derivative: (new * U(t + dt) + here * U(t) + before * U(t - last)) / dt."""

    new: float
    here: float
    before: float


def backward_difference(ratio: float) -> BackwardDifference:
    """BDF2 for a step `ratio` times as long as the last one; backward Euler for a ratio of 0.

    >>> backward_difference(1.0)
    BackwardDifference(new=1.5, here=-2.0, before=0.5)
    """
    grown = 1.0 + ratio
    return BackwardDifference((1.0 + 2.0 * ratio) / grown, -grown, ratio**2 / grown)


class TimeStepper:
    """Implicit steps in physical time on one mesh; times in units of the reference.

    `before` and `last` are all that it carries from one step to the next.
    """

    def __init__(self, discretization: Discretization, fills: bool = False) -> None:
        """`fills`: the factors of the preconditioner have a level of fill."""
        self.newton = ImplicitStepper(discretization, 1.0, CAREFUL, fills)
        self.newton.pseudo_time.max_cfl = inf
        self.before: CellRows = np.zeros((0, discretization.layout.n_variables))
        """(n_cells, nvar) conserved states before the last step; empty before the first."""
        self.last = 0.0
        """Length of the last step; 0 before the first."""
        self.longest_cfl = 0.0
        """Largest CFL number of a cell in the last step."""

    @property
    def flux(self) -> FaceRows:
        """(n_faces, nvar) flux times area through each face at the end of the last step."""
        return self.newton.flux

    @property
    def outflow(self) -> CellRows:
        """(n_cells, nvar) net outflow per time from each cell at the end of the last step, less sources."""
        return self.newton.arrays.residual

    def take_step(self, conserved: CellRows, duration: float) -> float:
        """Move the state (in place) by a step, or by a part of it that can be solved; returns its length.

        Raises NonPhysicalState where no step can be solved.
        """
        start = conserved.copy()
        for _ in range(HALVINGS):
            self._extrapolate(conserved, duration)
            if self._solves(conserved, start, duration):
                self.before, self.last = start, duration
                return duration
            conserved[:] = start
            duration *= 0.5
        raise NonPhysicalState("implicit steps in time cannot be solved, however short")

    def _extrapolate(self, conserved: CellRows, duration: float) -> None:
        """Move the state along its last change, in cells that stay close to where they are."""
        if self.last == 0.0:
            return
        ahead = conserved + (duration / self.last) * (conserved - self.before)
        near = self._is_near(ahead, conserved)
        conserved[near] = ahead[near]

    def _is_near(self, ahead: CellRows, conserved: CellRows) -> Bools:
        """Which cells (n_cells,) change their density and their pressure by less than the limit of a step."""
        least = 1.0 - CAREFUL.fall
        density = ahead[:, 0] / conserved[:, 0]
        energy = _internal_energy(ahead) / _internal_energy(conserved)
        is_near = (np.minimum(density, energy) > least) & (np.maximum(density, energy) < 1.0 / least)
        return np.asarray(is_near)

    def _solves(self, conserved: CellRows, start: CellRows, duration: float) -> bool:
        """Newton steps for the state at the end of a step in time; whether they solve it."""
        weights = backward_difference(duration / self.last if self.last > 0.0 else 0.0)
        past = weights.here * start
        if self.last > 0.0:
            past += weights.before * self.before
        newton, first = self.newton, inf
        volume = newton.discretization.layout.cells.volume
        for count in range(MOST + 1):
            newton.evaluate(conserved)
            if count % RENEWED == 0:
                cfl = self._linearize(conserved, volume, duration / weights.new)
            change = (weights.new * conserved + past) * (volume[:, None] / duration)
            right_side = newton.right_side(self.outflow + change)
            size = float(np.linalg.norm(right_side))
            first = size if count == 0 else first
            if not np.isfinite(size):
                return False
            if (count >= FEWEST and size <= SOLVED * first) or size == 0.0:
                return True
            newton.pseudo_time.cfl[:] = cfl
            newton.update(conserved, newton.solve(conserved, right_side, LINEAR_DROP).solution)
        return False

    def _linearize(self, conserved: CellRows, volume: CellScalars, span: float) -> CellScalars:
        """Make the preconditioner at a state; returns the CFL number of each cell (n_cells,) in the step."""
        newton = self.newton
        scale, rate, cfl = newton.scaling
        scale_and_rate(conserved, newton.discretization, scale, rate)
        cfl[:] = span * rate / volume
        kept, self.longest_cfl = cfl.copy(), float(cfl.max())
        newton.prepare(conserved)
        return kept


def _internal_energy(conserved: CellRows) -> CellScalars:
    """Internal energy per volume (n_cells,)."""
    return np.asarray(conserved[:, -1] - 0.5 * np.sum(conserved[:, 1:-1] ** 2, axis=1) / conserved[:, 0])
