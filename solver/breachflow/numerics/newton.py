"""One step of the pseudo-transient Newton-Krylov method toward a steady state.

Kelley and Keyes 1998 (SIAM J. Numer. Anal. 35): backward Euler steps in a pseudo-time whose length grows as
the solution settles, so that the last steps are Newton's. Each cell has its own step, which shrinks where
an update has to be cut to keep density and pressure positive and grows elsewhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from breachflow.compiled import kernel, parallel_kernel, prange
from breachflow.mesh.mesh import Floats
from breachflow.numerics import ilu
from breachflow.numerics.jacobian import (
    DIFFERENCE,
    assemble,
    face_jacobians,
    make_face_blocks,
    make_matrix,
    scale_and_rate,
)
from breachflow.numerics.krylov import gmres, make_krylov_space, norm
from breachflow.numerics.layout import Layout
from breachflow.numerics.records import load_conserved
from breachflow.numerics.residual import Scheme, make_workspace, residual
from breachflow.physics.gas import Gas, primitive_of

PRODUCTS = 40
"""Most products with the Jacobian in one step."""

LINEAR_TOLERANCE = 0.1

LARGEST_CHANGE = 0.3
"""A step changes the density and the pressure of a cell by this share at most."""

LARGEST_CFL, SMALLEST_CFL = 1e7, 0.1

LARGEST_DIFFERENCE = 1e-3
"""Relative change by that difference of any one cell, at most."""


class ImplicitStepper:
    """The state of the iteration on one mesh: steps lengths, factors, and work arrays."""

    def __init__(self, layout: Layout, gas: Gas, scheme: Scheme, first_cfl: float) -> None:
        n, nvar = layout.n_cells, layout.n_variables
        self.layout, self.gas, self.scheme = layout, gas, scheme
        self.work = make_workspace(layout)
        self.matrix, self.positions = make_matrix(layout)
        self.blocks = make_face_blocks(layout)
        self.space = make_krylov_space(PRODUCTS, n, nvar)
        self.scale, self.rate = np.empty((n, nvar)), np.empty(n)
        self.weight = np.empty((n, 1))
        """Of each cell's equations in the linear problem: its density, lest traces of gas drown the rest."""
        self.residual, self.moved, self.moved_residual = np.empty((3, n, nvar))
        self.ceiling = first_cfl
        self.cfl = np.full(n, first_cfl)

    def restart(self, cfl: float) -> None:
        """Begin again with a short step."""
        self.ceiling = cfl
        self.cfl[:] = cfl

    def limit(self, cfl: float) -> None:
        """Let no step be longer than this."""
        self.ceiling = min(self.ceiling, cfl)
        np.minimum(self.cfl, self.ceiling, out=self.cfl)

    def evaluate(self, conserved: Floats) -> Floats:
        """The residual at a state; kept for the next step from this state."""
        residual(conserved, self.layout, self.scheme, self.gas, self.work, self.residual)
        return self.residual

    def step(self, conserved: Floats) -> None:
        """Move the state (in place) by one step; `evaluate` must have been called at this state."""
        self._prepare(conserved)
        found = gmres(
            lambda vector, out: self._product(conserved, vector, out),
            lambda vector, out: ilu.solve(self.matrix, vector / self.weight, self.layout.axes, out),
            -self.residual * self.weight / (self.scale * self.rate[:, None]),
            LINEAR_TOLERANCE,
            self.space,
        )
        self._adapt_ceiling(found.drop, found.products)
        if not np.all(np.isfinite(found.solution)):
            self.cfl *= 0.1
            return
        axes, gas = self.layout.axes, self.gas
        update(conserved, found.solution, self.scale, self.cfl, self.ceiling, axes, gas)

    def _prepare(self, conserved: Floats) -> None:
        axes, cells, faces, boundary = self.layout
        scale_and_rate(conserved, cells, faces, axes, self.gas, self.scale, self.rate)
        face_jacobians(conserved, self.scale, faces, boundary, axes, self.scheme.flux, self.gas, *self.blocks)
        shift = 1.0 / self.cfl
        assemble(
            conserved, self.scale, self.rate, shift, *self.blocks, cells, faces, self.positions, axes,
            self.gas, self.matrix,
        )  # fmt: skip
        ilu.factorize(self.matrix, axes)
        self.weight[:] = conserved[:, :1]

    def _product(self, conserved: Floats, vector: Floats, out_product: Floats) -> None:
        """Jacobian of the true residual times a vector, by a difference along it."""
        size = max(norm(vector), 1e-300)
        largest = max(float(np.abs(vector).max()), 1e-300)
        step = min(DIFFERENCE * vector.size**0.5 / size, LARGEST_DIFFERENCE / largest)
        move(conserved, vector, self.scale, step, self.moved)
        residual(self.moved, self.layout, self.scheme, self.gas, self.work, self.moved_residual)
        difference(
            self.moved_residual, self.residual, vector, self.scale, self.rate, self.cfl, step, out_product
        )
        out_product *= self.weight

    def _adapt_ceiling(self, drop: float, products: int) -> None:
        """Longer steps while the linear problems stay easy, shorter ones when they are not solved."""
        if not drop <= 0.6:
            self.ceiling = max(0.25 * self.ceiling, 10.0)
        elif drop <= LINEAR_TOLERANCE or products < PRODUCTS // 2:
            self.ceiling = min(2.0 * self.ceiling, LARGEST_CFL)
        elif drop <= 0.3:
            self.ceiling = min(1.2 * self.ceiling, LARGEST_CFL)


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
    """Scaled difference of two residuals over a step, plus the pseudo-time term."""
    for cell in prange(vector.shape[0]):
        for variable in range(vector.shape[1]):
            change = moved_residual[cell, variable] - residual_here[cell, variable]
            change /= step * scale[cell, variable] * rate[cell]
            out_product[cell, variable] = change + vector[cell, variable] / cfl[cell]


@kernel
def update(
    conserved: Any, solution: Any, scale: Any, cfl: Any, ceiling: float, axes: tuple[int, ...], gas: Gas
) -> None:
    """Add the solution, cut cell by cell where it asks too much, and adapt the steps."""
    n_variables = len(axes) + 2
    for cell in range(conserved.shape[0]):
        before = primitive_of(load_conserved(conserved, cell, axes), gas)
        share = min(1.0, LARGEST_CHANGE / max(abs(solution[cell, 0]), 1e-300))
        for _ in range(30):
            for variable in range(n_variables):
                conserved[cell, variable] += share * scale[cell, variable] * solution[cell, variable]
            after = primitive_of(load_conserved(conserved, cell, axes), gas)
            if abs(after.pressure - before.pressure) <= LARGEST_CHANGE * before.pressure:
                break
            for variable in range(n_variables):
                conserved[cell, variable] -= share * scale[cell, variable] * solution[cell, variable]
            share *= 0.5
        growth = 2.0
        if share < 1.0:
            growth = max(share, 0.1)
        cfl[cell] = min(max(growth * cfl[cell], SMALLEST_CFL), ceiling)
