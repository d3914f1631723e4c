"""Discharge coefficients of holes through thick walls, from measurements; dimensionless, no numpy.

C_d as in `orifice`: mass flow over the isentropic one through the whole hole at the same pressure ratio.
d is the diameter of the hole, t or L its length, which is the thickness of the wall.
"""

from __future__ import annotations

import math
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.theory.coefficient import Coefficient
from breachflow.theory.ranges import require_pressure_ratio
from breachflow.theory.streams.nozzle import critical_pressure_ratio

LENGTH_RANGE: Final = (0.0, 10.0)
"""Range of L/d of McGreehan and Schotsch's correlation."""
EDGE_RANGE: Final = (0.0, 1.0)
"""Range of r/d of this correlation; at r/d = 1 the edge has lost all but 1 % of its effect."""
SMALLEST_REYNOLDS: Final = 1e4
"""Smallest Reynolds number of this correlation, with the mean velocity and d."""
SHARP_UNCERTAINTY: Final = 0.02
ROUNDED_UNCERTAINTY: Final = 0.03
"""Relative uncertainties for a sharp and for a rounded edge. An edge radius of 1 % of d raises the flow by
3.5 %, and few edges were measured."""

WARD_SMITH: Final = 0.839
"""Discharge coefficient of a bore that the stream fills."""
WARD_SMITH_RANGE: Final = (1.0, 7.0)
"""Range of t/d in which the stream fills the bore and friction does not matter."""
WARD_SMITH_UNCERTAINTY: Final = 0.02
"""Relative uncertainty of Ward-Smith's coefficient."""


def mcgreehan_schotsch(
    length_ratio: float, edge_ratio: float = 0.0, reynolds: float = math.inf
) -> Coefficient:
    """C_d of a round hole of length L with an inlet edge of radius r, at nearly constant density.

    C_Re = 0.5885 + 372/Re; edge: C_r = 1 - f (1 - C_Re), f = 0.008 + 0.992 exp(-5.5 r/d - 3.5 (r/d)^2);
    length: C = 1 - g (1 - C_r), g = (1 + 1.3 exp(-1.606 (L/d)^2)) (0.435 + 0.021 L/d).
    W. A. McGreehan and M. J. Schotsch, J. Turbomach. 110 (1988) 213. Valid for 0 <= L/d <= 10, 0 <= r/d <= 1,
    Re >= 10 000 (mean velocity, d); raises OutOfRange otherwise. The pressure ratio p_outside/p0 must be near
    1, above about 0.8: the correlation lacks the contraction's dependence on it, and does not check it.
    2 % for a sharp edge, 3 % for a rounded one, mainly because of the edge: a radius of 1 % of d raises the
    flow by 3.5 %. Radius and length were measured each by itself.

    By hand: L = d, sharp, g = 0.456 (1 + 1.3 exp(-1.606)) = 0.574980, C = 1 - 0.574980 x 0.4115.

    >>> round(mcgreehan_schotsch(1.0).value, 5)
    0.7634
    """
    _require("L/d", length_ratio, LENGTH_RANGE)
    _require("r/d", edge_ratio, EDGE_RANGE)
    if not reynolds >= SMALLEST_REYNOLDS:
        raise OutOfRange(f"Reynolds number {reynolds:g}: the correlation holds from {SMALLEST_REYNOLDS:g} on")
    thin = 0.5885 + 372.0 / reynolds
    edge = 0.008 + 0.992 * math.exp(-5.5 * edge_ratio - 3.5 * edge_ratio**2)
    length = (1.0 + 1.3 * math.exp(-1.606 * length_ratio**2)) * (0.435 + 0.021 * length_ratio)
    value = 1.0 - length * edge * (1.0 - thin)
    relative = ROUNDED_UNCERTAINTY if edge_ratio > 0.0 else SHARP_UNCERTAINTY
    return Coefficient(value, relative * value)


def ward_smith(thickness_ratio: float, pressure_ratio: float, gamma: float) -> Coefficient:
    """C_d = 0.839 of a choked round bore with a sharp edge, 1 <= t/d <= 7; 2 %.

    A. J. Ward-Smith, Int. J. Heat Fluid Flow 1 (1979) 123; the number as commonly quoted, not checked
    against the paper. Measured with air; for thin slits other gases differ by less than the 2 %. The bore is
    choked for r <= C_d r* (0.443 for gamma = 1.4), not r*: the stream fills the bore and leaves it sonic, and
    has lost stagnation pressure by the factor C_d at the entry. Raises OutOfRange outside these ranges.

    >>> ward_smith(3.0, 0.0, 1.4).value
    0.839
    """
    _require("t/d", thickness_ratio, WARD_SMITH_RANGE)
    require_pressure_ratio(pressure_ratio)
    choking = WARD_SMITH * critical_pressure_ratio(gamma)
    if pressure_ratio > choking:
        raise OutOfRange(f"the bore is choked for r <= {choking:.4g} only, not r = {pressure_ratio:g}")
    return Coefficient(WARD_SMITH, WARD_SMITH_UNCERTAINTY * WARD_SMITH)


def _require(name: str, value: float, limits: tuple[float, float]) -> None:
    """Raises OutOfRange outside the limits of a correlation."""
    low, high = limits
    if not low <= value <= high:
        raise OutOfRange(f"{name} = {value:g}: the correlation holds for {low:g} <= {name} <= {high:g}")
