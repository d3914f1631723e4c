"""Arguments of every kernel besides the states: the mesh, the numerical scheme, the gas."""

from __future__ import annotations

from typing import Final, NamedTuple

from breachflow.numerics.space.layout import Layout
from breachflow.physics.gas import Gas
from breachflow.physics.limiters import Limiter

UNLIMITED: Final = int(Limiter["NONE"])
"""Code of the limiter that leaves every gradient as it is."""


class Scheme(NamedTuple):
    """Choices of the numerical scheme, as codes."""

    flux: int
    """Code of `NumericalFlux`."""
    limiter: int
    """Code of `Limiter`."""
    order: int
    """1: cell values at the faces; 2: linear reconstruction."""
    limiter_threshold: float = 0.1
    """Jumps below this fraction of the local value are not limited; without it steady runs stall."""
    slow_jump: float = 1.0
    """Least part of a jump of the normal velocity that the numerical flux sees at an interior face; 1: all.

    The dissipation of an upwind flux grows with the speed of sound: at a Mach number M it is 1/M times too
    large (Guillard and Viozat 1999, Computers & Fluids 28, 63). The part M of the jump mends that (Thornber,
    Mosedale, Drikakis, Youngs and Williams 2008, J. Comput. Phys. 227, 4873); no less than this one is taken.
    """
    softens_shocks: bool = False
    """Whether HLLC gives way to HLLE where cells are strongly compressed, at second order.

    HLLC has no dissipation of the shear along a strong shock, so that one which follows the lines of the mesh
    does not stay straight (Quirk 1994, Int. J. Numer. Methods Fluids 18, 555, who also takes HLLE there).
    """
    enthalpy_band: float = 0.0
    """Relative deviation of a cell's total enthalpy from that of the gas at rest which halves its gradient;
    0: gradients stay as they are.

    In steady flow from one room without friction and heat all gas has the same total enthalpy (Crocco 1937,
    Z. Angew. Math. Mech. 17, 1): a cell that deviates has numbers of the scheme, not of the flow.
    """


class Discretization(NamedTuple):
    """A mesh, a scheme and a gas: the flow equations on the mesh, discretized in space.

    The compiler hands a record of arrays to the threads of a loop, but no record of records, and none that it
    did not see being made. So a kernel takes this record apart, makes its parts anew (`Cells(*cells)`, which
    copies nothing) and puts it together again within the loop.
    """

    layout: Layout
    scheme: Scheme
    gas: Gas
