"""Rarefied flow into vacuum through a short round tube: the simulations of Varoutis et al., interpolated.

W = mdot/mdot_fm, mdot_fm = sqrt(pi) R^2 p0/v0 (`rarefaction.free_molecular_mass_flow`), delta = p0 R/(mu v0),
v0 = sqrt(2 R_g T0). Needs no numpy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from breachflow.errors import OutOfRange
from breachflow.theory.coefficient import Coefficient
from breachflow.theory.rarefied.rarefaction import THIN_HOLE_RANGE, thin_hole_flow
from breachflow.theory.rarefied.transmission import tube_transmission

LENGTH_RANGE: Final = (0.0, 10.0)
"""Length over radius."""


class FlowTable(NamedTuple):
    """W over rarefaction (rows) and length over radius (columns, without the thin hole)."""

    deltas: tuple[float, ...]
    lengths: tuple[float, ...]
    flows: tuple[tuple[float, ...], ...]


TABLE: Final = FlowTable(
    (0.1, 1.0, 10.0, 100.0, 1000.0, 2000.0),
    (0.1, 0.5, 1.0, 5.0, 10.0),
    (
        (0.965, 0.812, 0.680, 0.312, 0.190),
        (1.074, 0.902, 0.754, 0.334, 0.198),
        (1.404, 1.220, 1.062, 0.543, 0.335),
        (1.508, 1.435, 1.358, 1.068, 0.874),
        (1.515, 1.494, 1.456, 1.282, 1.143),
        (1.517, 1.493, 1.458, 1.284, 1.145),
    ),
)
"""Varoutis et al., J. Vac. Sci. Technol. A 26 (2008) 228, table 1."""

TABLE_UNCERTAINTY: Final = 0.01
"""Relative uncertainty of the simulations where nothing else is known."""
LENGTH_INTERPOLATION_ERROR: Final = 0.005
"""Relative error of the interpolation in length. Without the column L/R = 5, a gap twice as wide, W changes
by at most 2 % there."""

DENSE_DOUBT: Final = FlowTable(
    (200.0, 500.0, 1000.0, 1500.0, 2000.0),
    (1.0, 5.0, 10.0),
    (
        (0.0, 0.0, 0.0),
        (0.0, 0.069, 0.086),
        (0.0, 0.102, 0.161),
        (0.0, 0.121, 0.200),
        (0.0, 0.132, 0.221),
    ),
)
"""What measured long holes pass more than the simulations, relative, over rarefaction and length over radius.

The simulated flow stops growing at delta = 1000, where friction still falls with 1/Re. Holes measured at
constant density have 1/C = 1/C_u + 20 (1 + 2.25 L/d)/Re - 0.005 (L/d)/(1 + 7.5 lg(0.00015 Re)^2), C_u =
0.827 - 0.0085 L/d (A. Lichtarowicz, R. K. Duggins, E. Markland, J. Mech. Eng. Sci. 7 (1965) 210, as commonly
quoted). With their loss 1/C^2 - 1, a choked Fanno flow of gamma = 5/3 passes this much more.
"""

Rule: TypeAlias = Callable[[Sequence[float], Sequence[float], float], float]
"""Interpolation between points: their places, their values, and where the value is wanted."""


def short_tube_flow(delta: float, length_ratio: float) -> Coefficient:
    """W into vacuum; 0 <= delta <= 2000, 0 <= L/R <= 10; hard spheres, gamma = 5/3, diffuse walls.

    Below delta = 1, where collisions hardly matter, it holds for every gas. At delta = 0 it is Clausing's
    transmission probability, at L = 0 Sharipov's thin hole. Raises OutOfRange outside the range.

    Uncertainty: 1 % for the simulations, 0.5 % for the interpolation in L/R and, in delta, the difference to
    linear interpolation, which is 0 at the nodes and 6 % at delta = 300, L/R = 10. This difference is a fifth
    to a half of the error that a row left out of the table makes (29 % at delta = 100, L/R = 10, in a gap
    from 10 to 1000), as it should be for a gap of half the width. In dense gas and longer tubes the distance
    to measured holes is added (`DENSE_DOUBT`): 22 % at delta = 2000, L/R = 10. Published at the nodes, e.g.
    1.062 at delta = 10, L/R = 1 and 0.874 at 100, 10:

    >>> [round(short_tube_flow(delta, ratio).value, 3) for delta, ratio in ((10.0, 1.0), (100.0, 10.0))]
    [1.062, 0.874]
    """
    _require_range("delta", delta, THIN_HOLE_RANGE)
    _require_range("L/R", length_ratio, LENGTH_RANGE)
    value = interpolated_flow(TABLE, delta, length_ratio, monotone_cubic)
    difference = value - interpolated_flow(TABLE, delta, length_ratio, linear)
    scatter = math.hypot(TABLE_UNCERTAINTY, LENGTH_INTERPOLATION_ERROR if length_ratio > 0.0 else 0.0)
    return Coefficient(
        value, math.hypot(scatter * value, difference, dense_doubt(delta, length_ratio) * value)
    )


def dense_doubt(delta: float, length_ratio: float) -> float:
    """Distance of the simulations to measured holes, relative: linear between the logarithms of the table.

    >>> [round(dense_doubt(*place), 3) for place in ((100.0, 10.0), (1000.0, 5.0), (1000.0, 0.1))]
    [0.0, 0.102, 0.0]
    """
    lengths = [math.log(length) for length in DENSE_DOUBT.lengths]
    longer = math.log(max(length_ratio, DENSE_DOUBT.lengths[0]))
    column = [linear(lengths, row, longer) for row in DENSE_DOUBT.flows]
    denser = math.log(max(delta, DENSE_DOUBT.deltas[0]))
    return linear([math.log(value) for value in DENSE_DOUBT.deltas], column, denser)


def interpolated_flow(table: FlowTable, delta: float, length_ratio: float, rule: Rule) -> float:
    """W = W_hole(delta)/(1 + b (1/W_C(L/R) - 1)): the tube's resistance b in units of Clausing's.

    b(delta, L/R) is 1 at delta = 0, falls to 0.08 at 2000 and changes little with L/R. It is interpolated in
    ln(1 + delta) by `rule` and in ln(L/R) by monotone cubics, and is constant below the shortest tube. Raises
    OutOfRange outside the ranges of `thin_hole_flow` and `tube_transmission`.

    >>> round(interpolated_flow(TABLE, 0.0, 1.0, linear), 6)  # Clausing
    0.671984
    """
    if length_ratio == 0.0:
        return thin_hole_flow(delta)
    places = [0.0, *(math.log1p(value) for value in table.deltas)]
    along = [rule(places, column, math.log1p(delta)) for column in _resistances(table)]
    shortest = max(length_ratio, table.lengths[0])
    resistance = monotone_cubic([math.log(length) for length in table.lengths], along, math.log(shortest))
    return thin_hole_flow(delta) / (1.0 + resistance * (1.0 / tube_transmission(length_ratio) - 1.0))


def linear(places: Sequence[float], values: Sequence[float], x: float) -> float:
    """Straight lines between the points; `places` rise; beyond them the last line continues.

    >>> linear([0.0, 1.0, 2.0], [0.0, 1.0, 5.0], 1.5)
    3.0
    """
    k = _interval(places, x)
    fraction = (x - places[k]) / (places[k + 1] - places[k])
    return (1.0 - fraction) * values[k] + fraction * values[k + 1]


def monotone_cubic(places: Sequence[float], values: Sequence[float], x: float) -> float:
    """Piecewise cubic without overshoot; `places` rise; beyond them the last cubic continues.

    F. N. Fritsch and J. Butland, SIAM J. Sci. Stat. Comput. 5 (1984) 300, with secants as end slopes.

    >>> monotone_cubic([0.0, 1.0, 2.0], [0.0, 1.0, 1.0], 1.5)
    1.0
    """
    k = _interval(places, x)
    width = places[k + 1] - places[k]
    slopes = _slopes(places, values)
    s = (x - places[k]) / width
    start = (1.0 + 2.0 * s) * values[k] + s * width * slopes[k]
    end = (3.0 - 2.0 * s) * values[k + 1] - (1.0 - s) * width * slopes[k + 1]
    return (1.0 - s) ** 2 * start + s * s * end


def _slopes(places: Sequence[float], values: Sequence[float]) -> list[float]:
    """Weighted harmonic means of the neighboring secants, 0 at extrema; at the ends the secant itself."""
    widths = [b - a for a, b in pairwise(places)]
    secants = [(b - a) / width for (a, b), width in zip(pairwise(values), widths, strict=True)]
    inner = [
        3.0 * (h0 + h1) / ((2.0 * h1 + h0) / d0 + (h1 + 2.0 * h0) / d1) if d0 * d1 > 0.0 else 0.0
        for (h0, h1), (d0, d1) in zip(pairwise(widths), pairwise(secants), strict=True)
    ]
    return [secants[0], *inner, secants[-1]]


def _interval(places: Sequence[float], x: float) -> int:
    """Index of the interval that holds x, or is nearest to it."""
    return min(max(sum(place <= x for place in places) - 1, 0), len(places) - 2)


@cache
def _resistances(table: FlowTable) -> list[list[float]]:
    """b at delta = 0 and down the rows, for each length."""
    return [
        [1.0, *(_resistance(d, length, row[k]) for d, row in zip(table.deltas, table.flows, strict=True))]
        for k, length in enumerate(table.lengths)
    ]


def _resistance(delta: float, length_ratio: float, flow: float) -> float:
    """b of a flow W."""
    return (thin_hole_flow(delta) / flow - 1.0) / (1.0 / tube_transmission(length_ratio) - 1.0)


def _require_range(name: str, value: float, limits: tuple[float, float]) -> None:
    """Raises OutOfRange outside the limits of the table."""
    low, high = limits
    if not low <= value <= high:
        raise OutOfRange(f"the table of short tubes holds for {low:g} <= {name} <= {high:g}, not {value:g}")
