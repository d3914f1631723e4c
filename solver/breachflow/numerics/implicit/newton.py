"""One step of the pseudo-transient Newton-Krylov method toward a steady state.

Kelley and Keyes 1998 (SIAM J. Numer. Anal. 35): backward Euler steps in a pseudo-time whose length grows as
the solution settles, so that the last steps are Newton's. Each cell has its own step, which shrinks where
an update has to be cut to keep density and pressure positive and grows elsewhere.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.compiled import kernel, parallel_kernel, prange, reduction_kernel
from breachflow.numerics.implicit.jacobian import (
    DIFFERENCE,
    assemble,
    face_jacobians,
    make_face_blocks,
    scale_and_rate,
)
from breachflow.numerics.implicit.krylov import CHUNK, gmres, make_krylov_space
from breachflow.numerics.implicit.multilevel import cycle, make_hierarchy, prepare
from breachflow.numerics.space.discretization import Scheme
from breachflow.numerics.space.layout import Layout
from breachflow.numerics.space.residual import make_workspace, residual
from breachflow.numerics.space.rows import load_conserved
from breachflow.physics.gas import Gas, primitive_of

LINEAR_TOLERANCE = 0.2

LARGEST_CHANGE = 0.3
"""A step changes the density and the pressure of a cell by this share at most."""

THIN = 0.05
"""Density over the reference's below which a step may change it more."""


class Pace(NamedTuple):
    """How boldly thin gas and the steps go."""

    fall: float
    rise: float
    """A step changes the density and the pressure of thin gas by these shares of where it starts, at most."""
    growth: float
    """A cell's own step grows by this factor after a step that was not cut."""
    products: int
    """Most products with the Jacobian in one step."""


CAREFUL = Pace(LARGEST_CHANGE, LARGEST_CHANGE, 2.0, 40)

THOROUGH = CAREFUL._replace(products=80)
"""A jet into gas at rest, slow at the end, asks more of a linear problem.

With 40 products most of its last steps stay so short that they gain little. Where a plume ends in a Mach disk
that goes on moving, longer steps only keep it from settling.
"""

INTO_VACUUM = Pace(0.7, 1.0, 3.0, 40)
"""The edge of a plume comes down by decades from where it starts: half as many steps as with the other.

A plume against some gas, with its shocks and shear layers, goes round in circles with this, and so does the
ring of gas in a thick hole if it may change as much.
"""

LARGEST_CFL, SMALLEST_CFL = 1e7, 0.1

LEAST_LIMIT = 10.0
"""CFL number below which the limit of all steps does not come down by itself."""

GROWTH, SLOW_GROWTH = 2.0, 1.2
"""Factors by which that limit grows: as a rule, and where a linear problem is hard or steps were doubted."""

LARGEST_DIFFERENCE = 1e-3
"""Relative change by that difference of any one cell, at most."""


class ImplicitStepper:
    """The state of the iteration on one mesh: lengths of steps, factors, and work arrays."""

    def __init__(
        self, layout: Layout, gas: Gas, scheme: Scheme, first_cfl: float, pace: Pace = CAREFUL
    ) -> None:
        n, nvar = layout.n_cells, layout.n_variables
        self.layout, self.gas, self.scheme, self.pace = layout, gas, scheme, pace
        self.work = make_workspace(layout)
        self.levels, self.positions = make_hierarchy(layout)
        self.blocks = make_face_blocks(layout)
        self.space = make_krylov_space(pace.products, n, nvar)
        self.extents = np.empty((len(self.space.sums), 2))
        self.scale, self.rate = np.empty((n, nvar)), np.empty(n)
        self.residual, self.moved, self.moved_residual = np.empty((3, n, nvar))
        self.ceiling, self.growth = first_cfl, GROWTH
        self.cfl = np.full(n, first_cfl)

    def restart(self, cfl: float) -> None:
        """Begin again with a short step."""
        self.ceiling, self.growth = cfl, GROWTH
        self.cfl[:] = cfl

    def limit(self, cfl: float) -> None:
        """Let no step be longer than this."""
        self.ceiling = min(self.ceiling, cfl)
        np.minimum(self.cfl, self.ceiling, out=self.cfl)

    def doubt(self) -> None:
        """A long step made things worse: shorter ones from here, which grow slowly."""
        self.limit(max(0.25 * self.ceiling, LEAST_LIMIT))
        self.growth = SLOW_GROWTH

    def evaluate(self, conserved: Floats) -> Floats:
        """The residual at a state; kept for the next step from this state."""
        residual(conserved, self.layout, self.scheme, self.gas, self.work, self.residual)
        return self.residual

    def step(self, conserved: Floats) -> None:
        """Move the state (in place) by one step; `evaluate` must have been called at this state.

        A cell whose linear problem has no finite solution is left without finite numbers.
        """
        self.prepare(conserved)
        found = gmres(
            lambda vector, out: self.product(conserved, vector, out),
            self.precondition,
            -self.residual * (self.scale[:, :1] / (self.scale * self.rate[:, None])),
            LINEAR_TOLERANCE,
            self.space,
        )
        self._adapt_ceiling(found.drop, found.products)
        broken = ~np.all(np.isfinite(found.solution), axis=1)
        if np.any(broken):
            conserved[broken] = np.nan
            return
        self.update(conserved, found.solution)

    def prepare(self, conserved: Floats) -> None:
        """Linearize at a state, and factorize."""
        axes, cells, faces, boundary = self.layout
        scale_and_rate(conserved, cells, faces, axes, self.gas, self.scale, self.rate)
        face_jacobians(conserved, self.scale, faces, boundary, axes, self.scheme.flux, self.gas, *self.blocks)
        assemble(
            conserved, self.scale, self.rate, self.cfl, *self.blocks, cells, faces, self.positions, axes,
            self.gas, self.levels.matrix,
        )  # fmt: skip
        prepare(self.levels, self.scale, self.rate, axes)

    def precondition(self, vector: Any, out_solution: Floats) -> None:
        """Solve the linear problem approximately."""
        cycle(self.levels, vector, self.layout.axes, out_solution)

    def update(self, conserved: Floats, solution: Floats) -> None:
        """Add the solution of the linear problem, where need be a share of it."""
        axes, gas = self.layout.axes, self.gas
        add_update(conserved, solution, self.scale, self.cfl, self.ceiling, axes, gas, self.pace)

    def product(self, conserved: Floats, vector: Floats, out_product: Floats) -> None:
        """Jacobian of the true residual times a vector, by a difference along it."""
        extents(vector.reshape(-1), self.extents)
        size = max(float(self.extents[:, 0].sum()) ** 0.5, 1e-300)
        largest = max(float(self.extents[:, 1].max()), 1e-300)
        step = min(DIFFERENCE * vector.size**0.5 / size, LARGEST_DIFFERENCE / largest)
        move(conserved, vector, self.scale, step, self.moved)
        residual(self.moved, self.layout, self.scheme, self.gas, self.work, self.moved_residual)
        difference(
            self.moved_residual, self.residual, vector, self.scale, self.rate, self.cfl, step, out_product
        )

    def _adapt_ceiling(self, drop: float, products: int) -> None:
        """Longer steps while the linear problems stay easy, shorter ones when they are not solved."""
        if not drop <= 0.6:
            self.ceiling = max(0.25 * self.ceiling, LEAST_LIMIT)
        elif drop <= LINEAR_TOLERANCE or products < self.pace.products // 2:
            self.ceiling = min(self.growth * self.ceiling, LARGEST_CFL)
        elif drop <= 0.3:
            self.ceiling = min(SLOW_GROWTH * self.ceiling, LARGEST_CFL)


@reduction_kernel
def extents(vector: Any, out_extents: Any) -> None:
    """Sum of squares and largest size of the numbers of each chunk."""
    for chunk in prange(len(out_extents)):
        part = vector[chunk * CHUNK : (chunk + 1) * CHUNK]
        total, largest = 0.0, 0.0
        for i in range(len(part)):
            total += part[i] * part[i]
            largest = max(largest, abs(part[i]))
        out_extents[chunk, 0], out_extents[chunk, 1] = total, largest


@parallel_kernel
def move(conserved: Any, vector: Any, scale: Any, step: float, out_moved: Any) -> None:
    """out_moved = conserved + step * scale * vector."""
    for cell in prange(conserved.shape[0]):
        for variable in range(conserved.shape[1]):
            out_moved[cell, variable] = (
                conserved[cell, variable] + step * scale[cell, variable] * vector[cell, variable]
            )


@parallel_kernel
def difference(
    moved_residual: Any, residual_here: Any, vector: Any, scale: Any, rate: Any, cfl: Any, step: float,
    out_product: Any,
) -> None:  # fmt: skip
    """Scaled difference of two residuals over a step, plus the pseudo-time term, times the density."""
    for cell in prange(vector.shape[0]):
        weight, shift = scale[cell, 0] / (step * rate[cell]), scale[cell, 0] / cfl[cell]
        for variable in range(vector.shape[1]):
            change = weight / scale[cell, variable]
            change *= moved_residual[cell, variable] - residual_here[cell, variable]
            out_product[cell, variable] = change + shift * vector[cell, variable]


@kernel
def add_update(
    conserved: Any, solution: Any, scale: Any, cfl: Any, ceiling: float, axes: tuple[int, ...], gas: Gas,
    pace: Pace,
) -> None:  # fmt: skip
    """Add the solution, cut cell by cell where it asks too much, and adapt the steps."""
    n_variables = len(axes) + 2
    for cell in range(conserved.shape[0]):
        before = primitive_of(load_conserved(conserved, cell, axes), gas)
        fall, rise = LARGEST_CHANGE, LARGEST_CHANGE
        if before.density < THIN:
            fall, rise = pace.fall, pace.rise
        change = solution[cell, 0]
        share = min(1.0, (rise if change > 0.0 else fall) / max(abs(change), 1e-300))
        for _ in range(30):
            for variable in range(n_variables):
                conserved[cell, variable] += share * scale[cell, variable] * solution[cell, variable]
            after = primitive_of(load_conserved(conserved, cell, axes), gas)
            change = after.pressure / before.pressure - 1.0
            if -fall <= change <= rise:
                break
            for variable in range(n_variables):
                conserved[cell, variable] -= share * scale[cell, variable] * solution[cell, variable]
            share *= 0.5
        growth = pace.growth
        if share < 1.0:
            growth = max(share, 0.1)
        cfl[cell] = min(max(growth * cfl[cell], SMALLEST_CFL), ceiling)
