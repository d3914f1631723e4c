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


class Discretization(NamedTuple):
    """A mesh, a scheme and a gas: the flow equations on the mesh, discretized in space.

    The compiler hands a record of arrays to the threads of a loop, but no record of records, and none that it
    did not see being made. So a kernel takes this record apart, makes its parts anew (`Cells(*cells)`, which
    copies nothing) and puts it together again within the loop.
    """

    layout: Layout
    scheme: Scheme
    gas: Gas
