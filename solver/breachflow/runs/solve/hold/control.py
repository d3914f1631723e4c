"""What a steady run holds where its iteration does not settle, and how it shows that this does not matter.

Far from the hole a plume may have no steady state on its mesh: its Mach disk and its shear layers move on,
and some thousandth of that motion reaches the hole in each step. Elsewhere the limiter's factors alternate
between two states without end. Then one part is held and the rest settles; the part is held again in another
state. A discharge coefficient that is the same does not depend on the motion of that part.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from breachflow.arrays import Bools
from breachflow.numerics.space.layout import interior_faces
from breachflow.numerics.space.reconstruction import FACTORS, limiter_factors
from breachflow.runs.setup.problem import Problem
from breachflow.runs.solve.hold.held import AGREEMENT, MOST_HOLDS, Hold
from breachflow.runs.solve.hold.parts import HeldPart
from breachflow.runs.solve.step_control import HELD_CFL, NEXT_CFL, StepControl

WINDOW: Final = 20
"""Iterations after which the least residual of a run that settles is a tenth of that of as many before."""

EARLIEST: Final = 20
"""Iteration on a mesh from which a part may be held: the plume's start still sits near the hole before."""

EARLIEST_ALONE: Final = {2: 60, 3: 20}
"""The same on a single mesh of each dimension, whose start no coarser mesh has prepared.

Runs on tetrahedra that settle by themselves do so in some 20 iterations.
"""

STALLED: Final = {HeldPart.PLUME: 12, HeldPart.LIMITER: 30, HeldPart.FAR: 30}
"""Iterations without a fall of the residual after which a part is held.

A run that settles by itself is left alone: its residual falls. Where all gas acts on the hole, recirculating
gas may pause for some twenty iterations.
"""

LOW: Final = 1e-2
"""Drop of the residual below which the limiter may be what keeps it up."""

MORE: Final = 0.75
"""Iterations for holding over the most iterations of the case, which they may follow."""

LONGEST: Final = 50
"""Steps after which the part is released where the rest has not settled and its residual does not fall."""

FREE: Final = 25
"""Steps between two holds of cells, in which these move on."""

REACH: Final = 4.0
"""Distance from the hole, in its radii or half widths, beyond which a choked plume is far from it."""


class HoldControl:
    """Decides on each step of a steady run's last mesh what is held."""

    def __init__(self, problem: Problem, control: StepControl, most: int) -> None:
        self.problem, self.control, self.most = problem, control, most
        self.iteration, self.stepper = control.iteration, control.stepper
        self.stepper.hold(self.hold.cells, self.hold.factors)

    @property
    def hold(self) -> Hold:
        """What is held at present."""
        return self.iteration.hold

    @property
    def is_proven(self) -> bool:
        """Whether the coefficient has been shown not to depend on what is held."""
        return self.hold.is_proven(AGREEMENT[self.problem.mesh.dimension])

    def look(self, is_settled: bool, coefficient: float) -> None:
        """Hold a part where the run has stalled, again where the rest has settled; release it in vain.

        Args:
            is_settled: Whether the state meets the goal with what is held at present.
            coefficient: Its discharge coefficient.
        """
        hold, since = self.hold, self.iteration.step - self.hold.step
        if hold.part is not None and is_settled:
            self._settled(coefficient)
        elif hold.part is not None and since >= LONGEST and not self._falls:
            self._release(given_up=True)
        elif hold.part is None and hold.coefficients and since >= FREE:
            self._begin(hold.tried[-1])
        elif self._is_idle and not is_settled and self._may_begin:
            self._begin(self._next_part())

    @property
    def is_over(self) -> bool:
        """Whether the iterations are used up, or nothing is left to be held."""
        hold, step = self.hold, self.iteration.step
        if step < self.most or step >= (1.0 + MORE) * self.most:
            return step >= self.most
        return not hold.tried or (self._is_idle and next(self._parts(), None) is None)

    @property
    def _is_idle(self) -> bool:
        return self.hold.part is None and not self.hold.coefficients

    @property
    def _may_begin(self) -> bool:
        """Whether the start has left the mesh, and the part before was given up long ago."""
        step, hold = self.iteration.step, self.hold
        problem = self.problem
        earliest = EARLIEST_ALONE[problem.mesh.dimension] if problem.stands_alone else EARLIEST
        return step >= min(earliest, max(self.most, 2 * WINDOW)) and (
            not hold.tried or step - hold.step >= FREE
        )

    def _next_part(self) -> HeldPart | None:
        """The part to be held now: once the residual has stalled, or the case's iterations are used up."""
        part, residuals = next(self._parts(), None), self.iteration.residuals
        if part is None or self.iteration.step >= max(self.most, 2 * WINDOW):
            return part
        if part is not HeldPart.PLUME and residuals.drop > LOW:
            return None
        return part if residuals.since_fall >= STALLED[part] else None

    @property
    def _falls(self) -> bool:
        """Whether the least residual of the last `WINDOW` iterations is a tenth of that of as many before."""
        drops = [row["residual"] for row in self.iteration.rows[-2 * WINDOW :]]
        return min(drops[WINDOW:]) < 0.1 * min(drops[:WINDOW])

    def _settled(self, coefficient: float) -> None:
        hold = self.hold
        hold.coefficients.append(coefficient)
        if self.is_proven:
            return
        if len(hold.coefficients) == MOST_HOLDS:
            self._release(given_up=True)
        elif hold.part is HeldPart.LIMITER:
            self._begin(hold.part)
        else:
            self._release()

    def _parts(self) -> Iterator[HeldPart]:
        """What may be held next."""
        control, tried = self.control, self.hold.tried
        possible = {
            HeldPart.PLUME: control.acting_pressure > 0.0 and self._measures_near(control.acting()),
            HeldPart.LIMITER: self.problem.scheme.order == 2,
            HeldPart.FAR: control.acting_pressure == 0.0
            and control.is_choked
            and self._measures_near(self._near()),
        }
        yield from (part for part in HeldPart if possible[part] and part not in tried)

    def _measures_near(self, near: Bools) -> bool:
        """Whether the flow is measured where nothing would be held."""
        faces, measured = self.problem.layout.faces, self.problem.orifice.faces
        cells = np.concatenate([faces.left[measured], faces.right[measured]])
        return bool(near[cells[cells < len(near)]].all())

    def _begin(self, part: HeldPart | None) -> None:
        """Hold a part as it is in the present state; the limiter's factors first as in the best state."""
        if part is None:
            return
        hold, iteration = self.hold, self.iteration
        if part not in hold.tried:
            hold.tried.append(part)
            if part is HeldPart.LIMITER:
                iteration.state[:] = iteration.best
        hold.part, hold.step = part, iteration.step
        if part is HeldPart.LIMITER:
            self._hold_limiter()
        else:
            hold.cells = ~(self.control.acting() if part is HeldPart.PLUME else self._near())
        self._use()
        self.stepper.pseudo_time.restart(HELD_CFL)

    def _release(self, given_up: bool = False) -> None:
        """Let everything move again; if given up, for another part to be held."""
        hold = self.hold
        hold.part, hold.step = None, self.iteration.step
        hold.cells, hold.factors, hold.drop = Hold().cells, Hold().factors, 0.0
        if given_up:
            hold.coefficients = []
        self._use()
        self.stepper.pseudo_time.restart(NEXT_CFL)

    def _hold_limiter(self) -> None:
        """Take the limiter's factors of the present state, and note its residual while the limiter acts."""
        hold, stepper = self.hold, self.stepper
        hold.factors = Hold().factors
        self._use()
        hold.drop = self.iteration.residuals.drop
        hold.factors = np.empty((interior_faces(self.problem.layout), FACTORS), np.float32)
        work = stepper.arrays.work
        limiter_factors(work.primitive, work.gradient, stepper.discretization, hold.factors)

    def _near(self) -> Bools:
        """Which cells (n_cells,) lie before the end of the bore, or near it."""
        problem = self.problem
        end = problem.passage.center / problem.reference.length
        end = end + (problem.bore[1] - end @ problem.passage.direction) * problem.passage.direction
        distance = np.linalg.norm(problem.metric.centroid - end, axis=1)
        radius = 0.5 * problem.case.hole.diameter / problem.reference.length
        return np.asarray((problem.along < problem.bore[1]) | (distance < REACH * radius))

    def _use(self) -> None:
        """Let the stepper hold what is held, and measure the residual so."""
        self.stepper.hold(self.hold.cells, self.hold.factors)
        self.iteration.residuals.begin_again()
        self.control.measure()
