"""Rarefied Poiseuille flow through long tubes and channels: the linearized BGK equation, diffuse walls.

Isothermal flow, driven by a small pressure gradient, at any ratio of the free path to the width. Flow rates
G,

    tube:     mdot = -(pi R^3/v0) G dp/dz,     delta = p R/(mu v0),
    channel:  mdot/width = -(h^2/v0) G dp/dz,  delta = p h/(mu v0),     v0 = sqrt(2 R_g T),

mu viscosity, R radius, h distance of the plates. With lengths in units of mu v0/p, the velocity U(x) obeys

    U(x) = int k(|x-y|) (U(y) + 1) dy,   tube: k(s) = T_0(s)/(pi s) over the disk of radius delta,
                                         channel: k(s) = T_(-1)(s)/sqrt(pi) over 0 < y < delta,

T_n(s) = int_0^inf t^n exp(-t^2 - s/t) dt; G = (2/delta^3) int U r dr and G = delta^-2 int U dx.
C. Cercignani and A. Daneri, J. Appl. Phys. 34 (1963) 3509 (channel); C. Cercignani and F. Sernagiotto, Phys.
Fluids 9 (1966) 40 (tube). The BGK model is within 2 % of the Boltzmann equation here (F. Sharipov and
V. Seleznev, J. Phys. Chem. Ref. Data 27 (1998) 657).

`tube_poiseuille`, `channel_poiseuille` and the means need no numpy; the other functions import it when
called.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

from breachflow.errors import OutOfRange
from breachflow.theory.quadrature import (
    chebyshev_sum,
    gauss_panels,
    gauss_points,
    graded_edges,
    interpolation,
)
from breachflow.theory.ranges import require_positive

if TYPE_CHECKING:
    from breachflow.arrays import Floats

BGK_SLIP: Final = 1.016191
"""Slip coefficient of the BGK equation, diffuse wall (S. Albertoni, C. Cercignani, L. Gotusso 1963)."""

MODEL_UNCERTAINTY: Final = 0.02
"""Relative uncertainty of the BGK equation against the Boltzmann equation."""

TABLE_RANGE: Final = (1e-3, 100.0)
"""Range of delta in which G is tabulated."""
POISEUILLE_ERROR: Final = 2e-5
"""Largest relative error of the fits below and of the series that continue them on both sides."""

TUBE_TABLE: Final = (
    0.2108188,
    -0.2389076,
    -0.0151555,
    0.0449353,
    0.0110376,
    -0.0088190,
    -0.0050983,
    0.0003560,
    0.0013829,
    0.0006551,
    -0.0000259,
    -0.0002786,
    -0.0001762,
    0.0000138,
    0.0000849,
    0.0000419,
    -0.0000120,
    -0.0000236,
    -0.0000080,
    0.0000049,
    0.0000058,
    0.0000013,
    -0.0000015,
)
CHANNEL_TABLE: Final = (
    0.6069653,
    -0.7866502,
    0.1283765,
    0.0717638,
    -0.0070430,
    -0.0113861,
    -0.0019209,
    0.0006065,
    0.0004094,
    0.0003306,
    0.0002215,
    -0.0000076,
    -0.0001252,
    -0.0000808,
    0.0000026,
    0.0000349,
    0.0000206,
    -0.0000009,
    -0.0000084,
    -0.0000048,
    0.0000001,
    0.0000018,
    0.0000011,
)
"""Chebyshev coefficients of ln(G/(1 + delta/4)) and ln(G/(1 + delta/6)) in ln(delta), from the solutions."""

TUBE_TAIL: Final = (0.5493, -0.647)
CHANNEL_TAIL: Final = (1.0653, -2.137)
"""c_1, c_2 of G = delta/4 + 1.016191 + c_1/delta + c_2/delta^2, fitted to solutions at delta = 50 to 200."""

SOLVED_RANGE: Final = (1e-4, 200.0)
"""delta for which the integral equations are solved."""
ORDER: Final = 8
"""Gauss points of each panel."""
FARTHEST: Final = 70.0
"""Distance beyond which the kernels are negligible: T_n(70) = 1e-14."""

EULER: Final = 0.5772156649015329
"""Euler's constant."""
FREE_MOLECULAR_TUBE: Final = 8.0 / (3.0 * math.sqrt(math.pi))
"""G at delta = 0."""


def tube_poiseuille(delta: float) -> float:
    """G of a long tube, dimensionless, any delta >= 0; within 2e-5 of the BGK solution.

    Raises OutOfRange for other delta. Limits 8/(3 sqrt(pi)) + delta (ln delta + 1.90995) and delta/4 +
    1.016191 + 0.549/delta. Published: 1.4040 at delta = 0.1, 1.4583 at 1 (Cercignani and Sernagiotto's
    equation).

    >>> [round(tube_poiseuille(delta), 4) for delta in (0.0, 0.1, 1.0)]
    [1.5045, 1.404, 1.4583]
    """
    _require_rarefaction(delta)
    low, high = TABLE_RANGE
    if delta == 0.0:
        return FREE_MOLECULAR_TUBE
    if delta < low:
        return FREE_MOLECULAR_TUBE + delta * (math.log(delta) + 1.909946)
    if delta > high:
        return 0.25 * delta + BGK_SLIP + (TUBE_TAIL[0] + TUBE_TAIL[1] / delta) / delta
    fit = chebyshev_sum(TUBE_TABLE, math.log(low), math.log(high), math.log(delta))
    return (1.0 + 0.25 * delta) * math.exp(fit)


def channel_poiseuille(delta: float) -> float:
    """G of a long, wide channel, dimensionless, any delta > 0; within 2e-5 of the BGK solution.

    Limits (0.634 - ln delta)/sqrt(pi), which grows without bound as molecules fly along the plates, and
    delta/6 + 1.016191 + 1.065/delta. Published: 2.0327 at delta = 0.1, 1.5387 at 1 (Cercignani and Daneri's
    equation). For a channel of length L the formula needs delta >> h/L too. Raises OutOfRange for other
    delta.

    >>> [round(channel_poiseuille(delta), 4) for delta in (0.1, 1.0)]
    [2.0327, 1.5387]
    """
    require_positive("rarefaction parameter", delta)
    low, high = TABLE_RANGE
    if delta < low:
        return _nearly_free_channel(delta)
    if delta > high:
        return delta / 6.0 + BGK_SLIP + (CHANNEL_TAIL[0] + CHANNEL_TAIL[1] / delta) / delta
    fit = chebyshev_sum(CHANNEL_TABLE, math.log(low), math.log(high), math.log(delta))
    return (1.0 + delta / 6.0) * math.exp(fit)


def tube_poiseuille_mean(delta_in: float, delta_out: float) -> float:
    """int G d(delta)/(delta_in - delta_out): G averaged over pressure, which is proportional to delta.

    Dimensionless, any delta_in >= delta_out >= 0 with delta_in > 0, to 3e-5; raises OutOfRange otherwise.
    mdot = (pi R^3/(v0 L)) (p1 - p2) times this mean.
    Limit (delta_in + delta_out)/8 + 1.016:

    >>> round(tube_poiseuille_mean(2000.0, 1000.0) - 3000.0 / 8, 3)
    1.017
    """
    return _mean(tube_poiseuille, delta_in, delta_out)


def channel_poiseuille_mean(delta_in: float, delta_out: float) -> float:
    """G of the channel averaged over pressure: mdot/width = (h^2/(v0 L)) (p1 - p2) times this mean.

    Raises OutOfRange outside the range of `tube_poiseuille_mean`.
    Limit (delta_in + delta_out)/12 + 1.016:

    >>> round(channel_poiseuille_mean(2000.0, 1000.0) - 3000.0 / 12, 3)
    1.017
    """
    return _mean(channel_poiseuille, delta_in, delta_out)


def solve_tube_poiseuille(delta: float) -> float:
    """G of the tube from the integral equation, to 1e-6; 1e-4 <= delta <= 200; a second or two.

    Collocation at the nodes of panels that are fine at the wall. In polar coordinates about each node the
    kernel is (1/pi) T_0(s) ds dtheta, without singularity. Only U(y) - U(x) is integrated numerically, since
    1 - int k is known: (1/pi) int T_1(s_wall) dtheta. Raises OutOfRange for other delta.

    >>> round(solve_tube_poiseuille(1.0), 5)
    1.45829
    """
    import numpy as np

    _require_solved(delta)
    edges = _wall_edges(delta)
    depth, weight = gauss_panels(edges, ORDER)
    around, around_weight = _directions()
    along, along_weight = gauss_panels(graded_edges(1.0, 0.3, 1e-7, both=True), ORDER)
    matrix, escape = np.zeros((len(depth), len(depth))), np.zeros(len(depth))
    for row, d in enumerate(depth):
        radius = delta - d
        wall = _distance_to_wall(radius, d * (delta + radius), np.cos(around))
        reach = np.minimum(wall, FARTHEST)[:, None]
        s, toward = reach * along, np.cos(around)[:, None]
        place = np.sqrt(np.maximum(radius**2 + s * s + 2.0 * radius * s * toward, 0.0))
        # Depth of the points below the wall, delta - place, without cancellation.
        below = (wall[:, None] - s) * (wall[:, None] + s + 2.0 * radius * toward) / (delta + place)
        kernel = (2.0 / math.pi) * abramowitz(0)(s) * reach * along_weight * around_weight[:, None]
        matrix[row] = _spread(kernel, np.clip(below, 0.0, delta), edges)
        escape[row] = (2.0 / math.pi) * float(around_weight @ abramowitz(1)(wall))
    velocity = _velocity(matrix, escape)
    return 2.0 * float((weight * (delta - depth)) @ velocity) / delta**3


def solve_channel_poiseuille(delta: float) -> float:
    """G of the channel from the integral equation, to 1e-6; 1e-4 <= delta <= 200; below a second.

    The method of `solve_tube_poiseuille`, over the two directions across the channel, on one half of the
    symmetric profile; 1 - int k = (T_0(x) + T_0(delta-x))/sqrt(pi). Raises OutOfRange for other delta.

    >>> round(solve_channel_poiseuille(10.0), 5)
    2.76864
    """
    import numpy as np

    _require_solved(delta)
    edges = _wall_edges(0.5 * delta)
    depth, weight = gauss_panels(edges, ORDER)
    along, along_weight = gauss_panels(graded_edges(1.0, 0.25, 1e-9, both=True), ORDER)
    matrix = np.zeros((len(depth), len(depth)))
    for row, d in enumerate(depth):
        for wall, sign in ((d, -1.0), (delta - d, 1.0)):
            reach = min(wall, FARTHEST)
            y = d + sign * reach * along
            kernel = abramowitz(-1)(reach * along) * reach * along_weight / math.sqrt(math.pi)
            matrix[row] += _spread(kernel, np.clip(np.minimum(y, delta - y), 0.0, 0.5 * delta), edges)
    escape = (abramowitz(0)(depth) + abramowitz(0)(delta - depth)) / math.sqrt(math.pi)
    return 2.0 * float(weight @ _velocity(matrix, escape)) / delta**2


@cache
def abramowitz(order: int) -> Callable[[Floats], Floats]:
    """T_n(s) = int_0^inf t^n exp(-t^2 - s/t) dt, n = -1, 0, 1, as a function of 0 <= s <= 200, any shape.

    To 1e-9, by a spline through the trapezoidal sum in ln t (M. Abramowitz, J. Math. Phys. 32 (1953) 188).
    Below s = 1e-14 the function is constant. T_0(0) = sqrt(pi)/2, T_1(0) = 1/2.

    >>> import numpy as np
    >>> [round(float(abramowitz(order)(np.zeros(1))[0]), 6) for order in (0, 1)]
    [0.886227, 0.5]
    """
    import numpy as np
    from scipy.interpolate import CubicSpline

    log_s, log_t = np.linspace(math.log(1e-14), math.log(200.0), 2000), np.arange(-40.0, 2.4, 0.04)
    t = np.exp(log_t)
    exponent = (order + 1) * log_t - t * t - np.exp(log_s)[:, None] / t
    spline = CubicSpline(log_s, np.log(0.04 * np.exp(exponent).sum(axis=1)))

    def function(s: Floats) -> Floats:
        value: Floats = np.exp(spline(np.log(np.maximum(s, 1e-14))))
        return value

    return function


def _velocity(matrix: Floats, escape: Floats) -> Floats:
    """U (nodes,) of U (1 - int k) = int k + int k (U(y) - U(x)) dy, exact for a constant U.

    `matrix` (nodes, nodes) is k times the weights, `escape` (nodes,) is 1 - int k.
    """
    import numpy as np

    system = np.diag(escape + matrix.sum(axis=1)) - matrix
    return np.asarray(np.linalg.solve(system, 1.0 - escape), dtype=np.float64)


def _spread(kernel: Floats, depth: Floats, edges: Floats) -> Floats:
    """Kernel weights at depths below the wall, any shape, as weights (nodes,) of the interpolating nodes."""
    import numpy as np

    index, weight = interpolation(edges, ORDER, depth.ravel())
    nodes = (len(edges) - 1) * ORDER
    return np.bincount(index.ravel(), (kernel.reshape(-1, 1) * weight).ravel(), nodes).astype(np.float64)


def _wall_edges(half: float) -> Floats:
    """Edges (panels + 1,) from the wall to the middle: fine in the Knudsen layer, then growing by 1.5."""
    import numpy as np

    layer = min(half, 4.0)
    count = math.ceil(math.log(half / layer) / math.log(1.5))
    return np.concatenate([graded_edges(layer, 0.35, 1e-6), np.geomspace(layer, half, count + 1)[1:]])


def _directions() -> tuple[Floats, Floats]:
    """Angles from the outward radius on (0, pi) and their weights, dense about the tangent to the wall."""
    import numpy as np

    angle, weight = gauss_panels(graded_edges(0.5 * math.pi, 0.3, 1e-4), ORDER)
    return np.concatenate([0.5 * math.pi - angle, 0.5 * math.pi + angle]), np.concatenate([weight, weight])


def _distance_to_wall(radius: float, room: float, cosine: Floats) -> Floats:
    """Positive root of s^2 + 2 r s cos - room = 0, room = delta^2 - r^2; in the shape of the cosines."""
    import numpy as np

    root = np.sqrt((radius * cosine) ** 2 + room)
    distance: Floats = np.where(cosine > 0.0, room / (root + radius * np.abs(cosine)), root - radius * cosine)
    return distance


def _nearly_free_channel(delta: float) -> float:
    """The first two iterations of the integral equation for delta -> 0, where T_(-1) = -ln s - 3 EULER/2."""
    log = 1.0 - 1.5 * EULER - math.log(delta)
    square = log * log + log + 4.0 / 27.0 + 37.0 / 54.0 - math.pi**2 / 18.0
    return (log + 0.5) / math.sqrt(math.pi) + delta / 3.0 + delta / math.pi * square


def _mean(flow: Callable[[float], float], delta_in: float, delta_out: float) -> float:
    """Mean by Gauss's rule in ln(delta); the part below 1e-14 delta_in is negligible."""
    require_positive("rarefaction parameter at the inlet", delta_in)
    if not 0.0 <= delta_out <= delta_in:
        raise OutOfRange(f"delta at the outlet, {delta_out:g}, must lie in [0, {delta_in:g}], the inlet's")
    low = math.log(max(delta_out, 1e-14 * delta_in))
    width = math.log(delta_in) - low
    if width == 0.0:
        return flow(delta_in)
    points = [(math.exp(x), weight) for x, weight in gauss_points(low, low + width, math.ceil(width))]
    volume = sum(weight * delta for delta, weight in points)
    return sum(weight * delta * flow(delta) for delta, weight in points) / volume


def _require_rarefaction(delta: float) -> None:
    """Raises OutOfRange unless delta is finite and not negative."""
    if not (math.isfinite(delta) and delta >= 0.0):
        raise OutOfRange(f"rarefaction parameter = {delta:g} must be finite and not negative")


def _require_solved(delta: float) -> None:
    """Raises OutOfRange for delta outside `SOLVED_RANGE`."""
    low, high = SOLVED_RANGE
    if not low <= delta <= high:
        raise OutOfRange(f"the integral equation is solved for {low:g} <= delta <= {high:g}, not {delta:g}")
