"""One step of the pseudo-transient Newton-Krylov method toward a steady state.

Kelley and Keyes 1998 (SIAM J. Numer. Anal. 35): backward Euler steps in a pseudo-time whose length grows as
the solution converges, so that the last steps are Newton steps. Each cell has its own pseudo-time step. It
shrinks where an update has to be cut to keep density and pressure positive, and grows elsewhere.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from breachflow.arrays import Bools, CellRows, CellScalars, FactorRows, FlatRows, Floats
from breachflow.compiled import prange, reduction_kernel
from breachflow.numerics.implicit.block_matrix import FacePositions
from breachflow.numerics.implicit.jacobian import (
    DIFFERENCE,
    FaceJacobians,
    Scaling,
    assemble,
    difference,
    face_jacobians,
    make_face_jacobians,
    move,
    scale_and_rate,
    subtract_viscous_jacobians,
)
from breachflow.numerics.implicit.krylov import (
    CHUNK,
    KrylovSpace,
    LinearSolution,
    gmres,
    make_krylov_space,
)
from breachflow.numerics.implicit.multilevel import Hierarchy, apply_cycle, factorize_levels, make_hierarchy
from breachflow.numerics.implicit.pseudo_time import PseudoTime
from breachflow.numerics.implicit.update import CAREFUL, UpdateLimits, add_update
from breachflow.numerics.space.discretization import Discretization
from breachflow.numerics.space.layout import Layout
from breachflow.numerics.space.residual import Workspace, make_workspace, residual

LARGEST_DIFFERENCE: Final = 1e-3
"""Largest relative change of any cell by the difference in a product with the Jacobian."""

IN_MATRIX: Final = 0.5
"""Least part of a jump of the normal velocity in the matrix of the preconditioner: a matrix with as little
dissipation as the residual has a poorer incomplete factorization (up to twice as many products)."""


BASIS: Final[dict[int, type[np.floating[Any] | np.int16]]] = {2: np.float32, 3: np.int16}
"""Precision of the Krylov basis by dimension: in space, with up to 80 products, it is a quarter of a run's
memory. In 16 bits steps take as many products, within a tenth, and runs as many iterations."""


class NewtonArrays(NamedTuple):
    """Arrays that every step overwrites; none of them carries anything from one step to the next."""

    work: Workspace
    derivatives: FaceJacobians
    """In the memory of the basis: `prepare` needs them, and a solve does not."""
    levels: Hierarchy
    positions: FacePositions
    space: KrylovSpace
    scale: CellRows
    rate: CellScalars
    extents: Floats
    """(chunks, 2): see `extents`."""
    residual: CellRows
    moved: CellRows


def make_newton_arrays(layout: Layout, viscous: bool, products: int, fills: bool = False) -> NewtonArrays:
    """Arrays for a layout and at most `products` products in a linear solve.

    `fills`: the factors of the preconditioner have a level of fill.
    """
    n, nvar = layout.n_cells, layout.n_variables
    levels, positions = make_hierarchy(layout, fills)
    space = make_krylov_space(products, n, nvar, BASIS[len(layout.axes)])
    return NewtonArrays(
        make_workspace(layout, viscous), make_face_jacobians(layout, memory=space.basis), levels, positions,
        space, np.empty((n, nvar)), np.empty(n), np.empty((len(space.sums), 2)), *np.empty((2, n, nvar)),
    )  # fmt: skip


class ImplicitStepper:
    """Newton-Krylov steps on one mesh; `pseudo_time` is their only state, `arrays` are scratch.

    `fills`: the factors of the preconditioner have a level of fill.
    """

    def __init__(
        self,
        discretization: Discretization,
        first_cfl: float,
        limits: UpdateLimits = CAREFUL,
        fills: bool = False,
    ) -> None:
        self.discretization, self.limits = discretization, limits
        self.pseudo_time = PseudoTime.begin(discretization.layout.n_cells, first_cfl)
        viscous = discretization.gas.viscosity > 0.0
        self.arrays = make_newton_arrays(discretization.layout, viscous, limits.products, fills)
        self.held = np.zeros(0, dtype=bool)

    def hold(self, cells: Bools, factors: FactorRows) -> None:
        """Hold cells (n_cells,) as they are, and factors of the limiter; an empty array holds nothing."""
        self.held = cells
        self.arrays = self.arrays._replace(work=self.arrays.work._replace(held=factors))

    @property
    def flux(self) -> Floats:
        """(n_faces, nvar) flux times area through each face at the last state that was evaluated."""
        return self.arrays.work.flux

    @property
    def primitive(self) -> Floats:
        """(n_cells + n_ghosts, nvar) density, velocity, pressure of that state."""
        return self.arrays.work.primitive

    @property
    def _for_matrix(self) -> Discretization:
        """The flow equations of the preconditioner's matrix, with more dissipation of slow flow."""
        scheme = self.discretization.scheme
        if scheme.slow_jump >= 1.0:
            return self.discretization
        return self.discretization._replace(
            scheme=scheme._replace(slow_jump=max(scheme.slow_jump, IN_MATRIX))
        )

    @property
    def scaling(self) -> Scaling:
        """Scales of the linear problem, with the pseudo-time steps of each cell."""
        return Scaling(self.arrays.scale, self.arrays.rate, self.pseudo_time.cfl)

    def evaluate(self, conserved: CellRows) -> CellRows:
        """The residual (n_cells, nvar) at a state; kept for the next step from this state."""
        residual(conserved, self.discretization, self.arrays.work, self.arrays.residual)
        return self.arrays.residual

    def step(self, conserved: CellRows) -> None:
        """Move the state (in place) by one step; `evaluate` must have been called at this state.

        A cell whose linear problem has no finite solution becomes NaN.
        """
        self.prepare(conserved)
        right_side = self.right_side(self.arrays.residual)
        if len(self.held):
            right_side[self.held] = 0.0
        found = self.solve(conserved, right_side, self.limits.tolerance)
        self.pseudo_time.adapt(found, self.limits)
        broken = ~np.all(np.isfinite(found.solution), axis=1)
        if np.any(broken):
            conserved[broken] = np.nan
            return
        self.update(conserved, found.solution)

    def right_side(self, outflow: CellRows) -> CellRows:
        """The right side of the linear problem, (n_cells, nvar), from the net outflow of each cell."""
        scale, rate, _ = self.scaling
        return np.asarray(-outflow * (scale[:, :1] / (scale * rate[:, None])))

    def solve(self, conserved: CellRows, right_side: CellRows, tolerance: float) -> LinearSolution:
        """Solve the linear problem at a state to a relative tolerance.

        `prepare` must have been called with a preconditioner that serves there, and `evaluate` at this state.
        """
        return gmres(
            lambda vector, out: self._held_product(conserved, vector, out),
            self._held_precondition,
            right_side,
            tolerance,
            self.arrays.space,
        )

    def _held_product(self, conserved: CellRows, vector: CellRows, out_product: CellRows) -> None:
        """The product, with rows of the unit matrix for cells that are held."""
        self.product(conserved, vector, out_product)
        if len(self.held):
            out_product[self.held] = vector[self.held]

    def _held_precondition(self, vector: FlatRows, out_solution: CellRows) -> None:
        self.precondition(vector, out_solution)
        if len(self.held):
            out_solution[self.held] = vector[self.held]

    def prepare(self, conserved: CellRows) -> None:
        """Linearize the residual at a state and factorize the preconditioner."""
        arrays = self.arrays
        scale_and_rate(conserved, self.discretization, arrays.scale, arrays.rate)
        face_jacobians(conserved, arrays.scale, self._for_matrix, *arrays.derivatives)
        if self.discretization.gas.viscosity > 0.0:
            subtract_viscous_jacobians(conserved, arrays.scale, self.discretization, *arrays.derivatives)
        assemble(
            conserved, self.scaling, arrays.derivatives, self.discretization, arrays.positions,
            arrays.levels.matrix,
        )  # fmt: skip
        factorize_levels(arrays.levels, arrays.scale, arrays.rate, self.discretization.layout.axes)

    def precondition(self, vector: FlatRows, out_solution: CellRows) -> None:
        """Solve the linear problem approximately, by one cycle of the preconditioner."""
        apply_cycle(self.arrays.levels, vector, self.discretization.layout.axes, out_solution)

    def update(self, conserved: CellRows, solution: CellRows) -> None:
        """Add the solution of the linear problem, or a fraction of it, to the state."""
        max_cfl = self.pseudo_time.max_cfl
        add_update(conserved, solution, self.scaling, max_cfl, self.discretization, self.limits)

    def product(self, conserved: CellRows, vector: CellRows, out_product: CellRows) -> None:
        """Jacobian of the second-order residual times a vector, by a difference along the vector."""
        arrays = self.arrays
        extents(vector.reshape(-1), arrays.extents)
        size = max(float(arrays.extents[:, 0].sum()) ** 0.5, 1e-300)
        largest = max(float(arrays.extents[:, 1].max()), 1e-300)
        step = min(DIFFERENCE * vector.size**0.5 / size, LARGEST_DIFFERENCE / largest)
        move(conserved, vector, arrays.scale, step, arrays.moved)
        residual(arrays.moved, self.discretization, arrays.work, out_product)
        difference(out_product, arrays.residual, vector, self.scaling, step, out_product)


@reduction_kernel
def extents(vector: FlatRows, out_extents: Floats) -> None:
    """Sum of squares and largest magnitude of the numbers of each chunk of a vector, (chunks, 2)."""
    for chunk in prange(len(out_extents)):
        part = vector[chunk * CHUNK : (chunk + 1) * CHUNK]
        total, largest = 0.0, 0.0
        for i in range(len(part)):
            total += part[i] * part[i]
            largest = max(largest, abs(part[i]))
        out_extents[chunk, 0], out_extents[chunk, 1] = total, largest
