"""Free-molecular flow through tubes and channels with diffuse walls: Clausing's transmission probability.

Molecules enter a tube (radius R, length L) or a channel between wide plates (distance H, length L) from gas
at rest, collide with the walls alone, and leave the walls by the cosine law. The probability w(x) that a
molecule from the wall at x leaves at the end L, and the probability W that a molecule which enters gets
through, obey

    w(x) = f(L-x) + int_0^L K(|x-y|) w(y) dy,     W = F(L) + 2 int_0^L f(x) w(x) dx,

P. Clausing, Ann. Phys. 404 (1932) 961. With R = 1 or H = 1, K = -f' and f = -F'/2, and
tube: F = (x^2 + 2 - x sqrt(x^2+4))/2; channel: F = sqrt(1+x^2) - x.
mdot = W A (p1 - p2)/sqrt(2 pi R_g T) between pressures p1 and p2 at one temperature.

`tube_transmission` and `channel_transmission` need no numpy; `solve_transmission` imports it when called.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.quadrature import chebyshev_sum, gauss_panels, graded_edges, interpolation

if TYPE_CHECKING:
    from breachflow.arrays import Floats

LENGTH_RANGE: Final = (0.0, 1000.0)
"""Length over radius (tube) or over the distance of the plates (channel)."""

TRANSMISSION_ERROR: Final = 1e-6
"""Largest relative error of the fits below."""

TUBE_TABLE: Final = (
    -0.815324617,
    0.000154895,
    -0.083584526,
    0.059370361,
    -0.027098945,
    0.009922892,
    -0.003294806,
    0.001046805,
    -0.000283871,
    0.000028731,
    0.000036927,
    -0.000036760,
    0.000022068,
    -0.000010117,
    0.000003620,
    -0.000000927,
    0.000000108,
    0.000000028,
    -0.000000010,
)
CHANNEL_TABLE: Final = (
    -0.533293279,
    -0.106132195,
    -0.031648109,
    0.027951482,
    -0.011092920,
    0.002711232,
    -0.000170556,
    -0.000276305,
    0.000233729,
    -0.000137629,
    0.000066403,
    -0.000024488,
    0.000004496,
    0.000002308,
    -0.000002971,
    0.000001785,
    -0.000000660,
    0.000000075,
    0.000000088,
    -0.000000064,
    0.000000008,
)
"""Chebyshev coefficients of ln W/t in t = asinh(L/2R) and t = asinh(L/H), fitted to `solve_transmission`."""

ORDER: Final = 14
"""Gauss points of each panel."""
LONGEST_PANEL: Final = 2.5
"""Largest length of a panel, in radii or plate distances."""


class Duct(NamedTuple):
    """View factors of one kind of duct: functions of distances in radii or plate distances, any shape."""

    mouth_to_mouth: Callable[[Floats], Floats]
    """View factor F of one mouth from the other, at their distance."""
    wall_to_mouth: Callable[[Floats], Floats]
    """View factor f = -F'/2 of a mouth from a point of the wall, at their distance."""
    wall_to_wall: Callable[[Floats], Floats]
    """Kernel K = -f': view factor per length of the wall from another point of it, at their distance."""


def tube_transmission(length_ratio: float) -> float:
    """W(L/R) of a round tube, dimensionless, 1e-6; 0 <= L/R <= 1000; diffuse walls, free-molecular.

    Raises OutOfRange for other L/R. Limits 1 - L/(2 R) and 8 R/(3 L) (Knudsen 1909). To eight digits
    (Clausing's equation solved by many): 0.67198390 at L/R = 1, 0.19094243 at 10.

    >>> round(tube_transmission(1.0), 6), round(tube_transmission(10.0), 6)
    (0.671984, 0.190942)
    """
    _require_length(length_ratio)
    return _tabulated(TUBE_TABLE, 0.5 * length_ratio)


def channel_transmission(length_ratio: float) -> float:
    """W(L/H) of a channel between wide plates, dimensionless, 1e-6; 0 <= L/H <= 1000.

    Diffuse walls, free-molecular. Raises OutOfRange for other L/H. Limits 1 - L/(2 H) and (H/L) ln(L/H) to
    the leading order. To eight digits: 0.68438082 at L/H = 1.

    >>> round(channel_transmission(1.0), 6), round(channel_transmission(10.0), 6)
    (0.684381, 0.240557)
    """
    _require_length(length_ratio)
    return _tabulated(CHANNEL_TABLE, length_ratio)


def long_tube_transmission(length_ratio: float) -> float:
    """`tube_transmission` continued beyond L/R = 1000: W = 8 R/(3 L) less a part that falls as 1/L; 0.05 %.

    Raises OutOfRange for L/R < 0.

    >>> round(long_tube_transmission(1e6) * 1e6, 4)  # 8/3 (1 - 7e-6)
    2.6666
    """
    known = min(length_ratio, LENGTH_RANGE[1])
    if length_ratio == known:
        return tube_transmission(length_ratio)
    excess = 8.0 / (3.0 * known * tube_transmission(known)) - 1.0
    return 8.0 / (3.0 * length_ratio) / (1.0 + excess * known / length_ratio)


def long_channel_transmission(length_ratio: float) -> float:
    """`channel_transmission` continued beyond L/H = 1000, where W L/H grows as ln(L/H); 0.5 %.

    Raises OutOfRange for L/H < 0.

    >>> round(1e4 * long_channel_transmission(1e4) - 1e3 * channel_transmission(1e3), 6)  # ln 10
    2.302585
    """
    known = min(length_ratio, LENGTH_RANGE[1])
    if length_ratio == known:
        return channel_transmission(length_ratio)
    return (channel_transmission(known) * known + math.log(length_ratio / known)) / length_ratio


def solve_transmission(duct: Duct, length_ratio: float) -> float:
    """W by Nyström's method, to 1e-9 (L below 50) and 1e-6 at 1000; 0 < L <= 1000; seconds at 1000.

    The unknown is v = w - 1/2, odd about the middle: W = (1 + F(L))/2 + 2 int_0^(L/2) (f(x) - f(L-x)) v dx.
    On the panel that holds x the integral is split at x, where the kernel of the tube has a kink. Raises
    OutOfRange for other lengths.

    >>> round(solve_transmission(TUBE, 0.5), 8), round(solve_transmission(CHANNEL, 0.5), 8)
    (0.80127142, 0.80472443)
    """
    import numpy as np

    _require_length(length_ratio)
    edges = _half_edges(length_ratio)
    x, weight = gauss_panels(edges, ORDER)
    matrix = duct.wall_to_wall(x[:, None] - x) * weight
    for row, place in enumerate(x):
        panel = row // ORDER
        own = slice(panel * ORDER, (panel + 1) * ORDER)
        matrix[row, own] = _own_panel(duct, edges[panel : panel + 2], float(place))
    matrix -= duct.wall_to_wall(length_ratio - x[:, None] - x) * weight
    difference = duct.wall_to_mouth(x) - duct.wall_to_mouth(length_ratio - x)
    excess = np.linalg.solve(np.eye(len(x)) - matrix, -0.5 * difference)
    straight = float(duct.mouth_to_mouth(np.array(length_ratio)))
    return 0.5 * (1.0 + straight) + 2.0 * float((weight * difference) @ excess)


def _own_panel(duct: Duct, edges: Floats, place: float) -> Floats:
    """Weights (ORDER,) of the nodes of a panel between two edges, for the kernel at a point in it."""
    import numpy as np

    y, weight = gauss_panels(np.array([edges[0], place, edges[1]]), ORDER)
    row: Floats = (duct.wall_to_wall(place - y) * weight) @ interpolation(edges, ORDER, y)[1]
    return row


def _half_edges(length: float) -> Floats:
    """Edges (panels + 1,) on [0, L/2]: panels are fine at the mouth, where w has a weak singularity."""
    import numpy as np

    first = min(0.5 * length, LONGEST_PANEL)
    mouth = graded_edges(first, 0.3, 1e-6)
    count = math.ceil((0.5 * length - first) / LONGEST_PANEL)
    return np.concatenate([mouth, np.linspace(first, 0.5 * length, count + 1)[1:]])


def _tabulated(table: tuple[float, ...], reach: float) -> float:
    """W by a table, at L/2R or L/H."""
    t = math.asinh(reach)
    end = math.asinh(LENGTH_RANGE[1] if table is CHANNEL_TABLE else 0.5 * LENGTH_RANGE[1])
    return math.exp(t * chebyshev_sum(table, 0.0, end, t))


def _require_length(length_ratio: float) -> None:
    """Raises OutOfRange for lengths outside `LENGTH_RANGE`."""
    low, high = LENGTH_RANGE
    if not low <= length_ratio <= high:
        raise OutOfRange(
            f"transmission was computed for {low:g} <= L/R or L/H <= {high:g}, not {length_ratio:g}"
        )


# These forms avoid the differences of nearly equal numbers that the formulas above have at large x.


def _root(x: Floats, square: float) -> Floats:
    """sqrt(x^2 + square), any shape."""
    root: Floats = (x * x + square) ** 0.5
    return root


def _tube_kernel(x: Floats) -> Floats:
    """K of the tube, any shape."""
    distance, cube = abs(x), (x * x + 4.0) ** 1.5
    kernel: Floats = (32.0 + 6.0 * x * x) / (cube * (cube + distance * (x * x + 6.0)))
    return kernel


def _channel_kernel(x: Floats) -> Floats:
    """K of the channel, any shape."""
    kernel: Floats = 0.5 * (1.0 + x * x) ** -1.5
    return kernel


TUBE: Final = Duct(
    lambda x: 2.0 / (x * x + 2.0 + x * _root(x, 4.0)),
    lambda x: 2.0 / (_root(x, 4.0) * (x * x + 2.0 + x * _root(x, 4.0))),
    _tube_kernel,
)
CHANNEL: Final = Duct(
    lambda x: 1.0 / (_root(x, 1.0) + x),
    lambda x: 0.5 / (_root(x, 1.0) * (_root(x, 1.0) + x)),
    _channel_kernel,
)
