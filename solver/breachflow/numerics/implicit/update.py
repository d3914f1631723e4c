"""The update of the state by a Newton step, and the limits on it."""

from __future__ import annotations

from typing import Final, NamedTuple

from breachflow.arrays import CellRows
from breachflow.compiled import kernel, pointwise
from breachflow.numerics.implicit.jacobian import Scaling
from breachflow.numerics.space.discretization import Discretization
from breachflow.numerics.space.rows import load_conserved
from breachflow.physics.gas import Gas, primitive_of

LARGEST_CHANGE: Final = 0.3
"""Largest relative change of the density and the pressure of a cell in one step."""

THIN_GAS: Final = 0.05
"""Density, in units of the reference's, below which a step may change a cell more."""

SMALLEST_CFL: Final = 0.1

COLDEST: Final = 1e-5
"""Least internal energy over the total energy of a cell: a Mach number of some 600 in air.

The edge of a plume in vacuum may pass colder states on its way to the solution. There the pressure is less
than what the differences of the Jacobian change, and becomes negative in them.
"""


LINEAR_TOLERANCE: Final = 0.2
"""Relative residual to which a linear problem is solved in the plane."""

SPACE_TOLERANCE: Final = 0.05
"""Relative residual to which a linear problem is solved in space.

Most of its right side is the slow momentum of the far cabin, which settles in its own time: a fifth of the
whole leaves the balance of mass there as it was.
"""


class UpdateLimits(NamedTuple):
    """Limits on the relative change of density and pressure in a step, on its growth and its linear solve."""

    fall: float
    """Largest relative fall of the density and the pressure of thin gas."""
    rise: float
    """Largest relative rise of the density and the pressure of thin gas."""
    growth: float
    """Factor by which a cell's CFL number grows after an update that was not cut."""
    products: int
    """Most products with the Jacobian in one linear solve."""
    tolerance: float = LINEAR_TOLERANCE
    """Relative residual to which a linear problem is solved."""


CAREFUL: Final = UpdateLimits(LARGEST_CHANGE, LARGEST_CHANGE, 2.0, 40)
"""Choked flow against gas outside, whose plume ends in shocks.

With `INTO_VACUUM`'s limits the shocks and shear layers of such a plume enter a limit cycle, and so does the
recirculating gas in a thick hole.
"""

THOROUGH: Final = CAREFUL._replace(products=80)
"""Flow in which the gas outside acts on the whole hole: the last linear problems are harder.

With 40 products most of the last steps stay so short that they gain little. A plume with a moving Mach disk
converges worse with longer steps.
"""

INTO_VACUUM: Final = UpdateLimits(0.7, 1.0, 3.0, 40)
"""Flow into vacuum: the edge of the plume falls by decades from its initial state.

These limits halve the number of steps.
"""


@kernel
def add_update(
    conserved: CellRows, solution: CellRows, scaling: Scaling, max_cfl: float,
    discretization: Discretization, limits: UpdateLimits,
) -> None:  # fmt: skip
    """Add the solution of the linear problem to the state, and adapt each cell's CFL number.

    Where density or pressure would change by more than the limits allow, the cell takes a fraction of the
    update, and its CFL number falls by that fraction. Elsewhere it grows, up to `max_cfl`. No cell becomes
    colder than `COLDEST`.
    """
    scale, cfl = scaling.scale, scaling.cfl
    axes, gas = discretization.layout.axes, discretization.gas
    n_variables = len(axes) + 2
    for cell in range(conserved.shape[0]):
        before = primitive_of(load_conserved(conserved, cell, axes), gas)
        fall, rise = LARGEST_CHANGE, LARGEST_CHANGE
        if before.density < THIN_GAS:
            fall, rise = limits.fall, limits.rise
        change = solution[cell, 0]
        fraction = min(1.0, (rise if change > 0.0 else fall) / max(abs(change), 1e-300))
        for _ in range(30):
            for variable in range(n_variables):
                conserved[cell, variable] += fraction * scale[cell, variable] * solution[cell, variable]
            after = primitive_of(load_conserved(conserved, cell, axes), gas)
            change = after.pressure / before.pressure - 1.0
            if -fall <= change <= rise:
                break
            for variable in range(n_variables):
                conserved[cell, variable] -= fraction * scale[cell, variable] * solution[cell, variable]
            fraction *= 0.5
        keep_warm(conserved, cell, axes, gas)
        growth = limits.growth
        if fraction < 1.0:
            growth = max(fraction, 0.1)
        cfl[cell] = min(max(growth * cfl[cell], SMALLEST_CFL), max_cfl)


@pointwise
def keep_warm(conserved: CellRows, cell: int, axes: tuple[int, ...], gas: Gas) -> None:
    """Add the energy that a cell lacks to `COLDEST`."""
    energy = len(axes) + 1
    internal = primitive_of(load_conserved(conserved, cell, axes), gas).pressure / (gas.gamma - 1.0)
    least = COLDEST * conserved[cell, energy]
    if internal < least:
        conserved[cell, energy] += least - internal
