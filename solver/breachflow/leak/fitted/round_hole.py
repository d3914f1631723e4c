"""The thin round hole into vacuum: values that this program's own solver computed; no numpy.

No exact solution and no published inviscid value is known. The values are extrapolated from families of
meshes whose error is known from the exact slit; docs/round_hole.md says how. They say how much a hole passes.
They cannot judge the solver, which computed them: `breachflow.theory` holds none of them.
"""

from __future__ import annotations

import math
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.theory.coefficient import Coefficient

TABLE: Final = (
    (1.05, 0.8434, 1.0698),
    (1.2, 0.8377, 1.0759),
    (1.4, 0.8305, 1.0832),
    (5.0 / 3.0, 0.8216, 1.0916),
)
"""Rows of gamma, C_d, and thrust over p0 A (docs/round_hole.md).

The values computed at 1.1 and 1.3 are left out: the cubic through the others meets them within 0.0001.
"""

GAMMA_RANGE: Final = (1.05, 5.0 / 3.0)
UNCERTAINTY: Final = 0.0003
"""Absolute uncertainty of C_d."""


def thin_round_vacuum(gamma: float) -> Coefficient:
    """C_d of a thin round hole into vacuum, inviscid: 0.8305 +- 0.0003 at gamma = 1.4.

    Cubic in gamma through the values of the table; 1.05 <= gamma <= 5/3, raises OutOfRange outside.

    >>> [round(thin_round_vacuum(gamma).value, 4) for gamma in (1.05, 1.1, 1.2, 1.4, 5 / 3)]
    [0.8434, 0.8415, 0.8377, 0.8305, 0.8216]
    """
    return Coefficient(_interpolated(gamma, 1), UNCERTAINTY)


def thin_round_vacuum_thrust(gamma: float) -> float:
    """Thrust over p0 A of a thin round hole into vacuum, inviscid, within 0.0005.

    Range as for `thin_round_vacuum`.

    >>> round(thin_round_vacuum_thrust(1.4), 4)
    1.0832
    """
    return _interpolated(gamma, 2)


def _interpolated(gamma: float, column: int) -> float:
    """Lagrange's cubic in gamma through one column of the table."""
    low, high = GAMMA_RANGE
    if not low - 1e-9 <= gamma <= high + 1e-9:
        raise OutOfRange(
            f"the thin round hole into vacuum is known for {low:g} <= gamma <= 5/3, not {gamma:g}"
        )
    return sum(
        row[column] * math.prod((gamma - other[0]) / (row[0] - other[0]) for other in TABLE if other != row)
        for row in TABLE
    )
