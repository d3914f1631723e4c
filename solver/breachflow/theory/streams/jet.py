"""The free jet of a round hole or nozzle into vacuum: Mach number on its axis, and where its shock lies.

A uniform parallel stream leaves a round opening of diameter D = 1 at a Mach number of at least 1. At the lip
it turns in a Prandtl-Meyer fan; inside, the flow is steady, axisymmetric, irrotational and homentropic, and
the method of characteristics applies (A. Ferri, "Elements of Aerodynamics of Supersonic Flows", 1949):

    d(theta + nu) =  sin(mu) sin(theta)/y ds   along C-, the rays that come down from the lip, at theta - mu,
    d(theta - nu) = -sin(mu) sin(theta)/y ds   along C+, at theta + mu,

theta the flow angle, nu the Prandtl-Meyer angle, mu the Mach angle, y the radius, s the length along the ray.
The Mach number at a point of the axis depends only on the rays that reach the axis ahead of it: the rest of
the fan is not computed. Lengths in exit diameters.
"""

from __future__ import annotations

import math
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_gamma
from breachflow.theory.roots import bisect
from breachflow.theory.streams.nozzle import prandtl_meyer_angle

if TYPE_CHECKING:
    from breachflow.arrays import Floats

GAMMA_LOW: Final = 1.1
DISTANCES: Final = (0.1, 20.0)
"""x/D over which `axis_mach` is accurate; nearer to a sonic exit the two families of rays almost coincide."""

EXIT_MACH_HIGH: Final = 5.0
NEARLY_SONIC: Final = 1.002
"""Replaces an exit Mach number of 1, where characteristics coincide; the axis changes by less than 1e-5."""

RAYS: Final = 100
"""Number of rays; `axis_mach` extrapolates from this number and twice this number."""

RAY_SCALE: Final = 0.3
"""x/D up to which rays meet the axis at even spacing; farther out their spacing grows in proportion to x."""

LIFTS: Final = (-0.15, 0.45)
"""Bracket of the `lift` of a fan, see `_fan`."""
TRIAL_RAYS: Final = 40
"""Number of rays with which the lift is sought; the fewest that are accepted."""
HIGHEST_MACH: Final = 1000.0
"""Upper end of the bracket of a ray's Mach number at the lip."""
CORRECTIONS: Final = 100
"""Iterations for the crossing of two rays, at most."""
SETTLED: Final = 1e-11
"""Change of angles and relative change of Mach numbers at which that iteration ends."""

ASHKENAS_SHERMAN: Final = {1.4: (3.65, 0.40), 5.0 / 3.0: (3.26, 0.075), 9.0 / 7.0: (3.96, 0.85)}
"""Constants (A, x0/D) of the fit by gamma."""

NEAREST_OF_FIT: Final = 3.0
"""x/D from which that fit is used."""

MACH_DISK: Final = 0.67
"""Distance of the Mach disk in exit diameters over the root of p0/p_outside."""
MACH_DISK_RANGE: Final = (15.0, 17000.0)
"""Range of p0/p_outside in which it was measured."""


class JetAxis(NamedTuple):
    """Places and Mach numbers at which the rays of the fan meet the axis, arrays (n_rays,)."""

    distance: Floats
    """Distance from the exit over its diameter, x/D."""
    mach: Floats


class _Points(NamedTuple):
    """Points of the net of characteristics, arrays (n_points,); lengths in exit diameters."""

    x: Floats
    y: Floats
    angle: Floats
    """Flow angle theta, radians."""
    root: Floats
    """sqrt(M^2 - 1), the cotangent of the Mach angle."""


def axis_mach(distance: float, gamma: float, exit_mach: float = 1.0) -> float:
    """Mach number on the axis at x/D from an exit of the Mach number `exit_mach` into vacuum.

    Extrapolated from `jet_axis` with 100 and 200 rays, whose error falls with the square of the spacing, to
    5e-5. Ahead of the first ray of the fan, up to x/D = x1 = sqrt(exit_mach^2 - 1)/2, the stream is
    undisturbed. The fan focuses at x1 and the slope is infinite: between x1 and 2 x1 + 0.1 the method is not
    accurate. Valid up to x1 and from 2 x1 + 0.1 to 20, for 1.1 <= gamma <= 5/3, 1 <= exit_mach <= 5; raises
    OutOfRange otherwise.
    Computed independently to 2e-4 at gamma = 1.4: 2.5851 at x/D = 1, 6.2695 at 5, 8.6578 at 10.

    >>> [round(axis_mach(distance, 1.4), 3) for distance in (1.0, 5.0, 10.0)]
    [2.585, 6.269, 8.658]
    """
    _require_jet(gamma, exit_mach)
    first = 0.5 * math.sqrt(exit_mach**2 - 1.0)
    low, high = 2.0 * first + DISTANCES[0], DISTANCES[1]
    if 0.0 <= distance <= first:
        return exit_mach
    if not low <= distance <= high:
        raise OutOfRange(
            f"the axis of this jet is known for 0 <= x/D <= {first:g} and {low:g} <= x/D <= {high:g},"
            f" not {distance:g}"
        )
    coarse, fine = (_interpolate(distance, gamma, exit_mach, rays) for rays in (RAYS, 2 * RAYS))
    return fine + (fine - coarse) / 3.0


def jet_axis(
    gamma: float, exit_mach: float = 1.0, furthest: float = DISTANCES[1], rays: int = 2 * RAYS
) -> JetAxis:
    """x/D and Mach number where the rays of the fan meet the axis, up to the first beyond `furthest`.

    The error falls as rays^-2. Valid for 1.1 <= gamma <= 5/3, 1 <= exit_mach <= 5, 0 < furthest <= 20 and 40
    rays or more; raises OutOfRange otherwise. At the first point the first ray of the fan meets the axis.

    >>> axis = jet_axis(1.4, exit_mach=2.0, furthest=2.0, rays=40)
    >>> round(float(axis.distance[0]), 6), round(float(axis.mach[0]), 6)  # x/D = sqrt(3)/2
    (0.866025, 2.0)
    """
    import numpy as np

    _require_jet(gamma, exit_mach)
    if not 0.0 < furthest <= DISTANCES[1]:
        raise OutOfRange(f"the jet is computed for 0 < x/D <= {DISTANCES[1]:g}, not {furthest:g}")
    if rays < TRIAL_RAYS:
        raise OutOfRange(f"{rays} rays are too few: at least {TRIAL_RAYS}")
    first = max(exit_mach, NEARLY_SONIC)
    lip = _fan(first, gamma, furthest, _lift(first, gamma, furthest), rays)
    met = np.array(_march(lip, gamma, furthest))
    return JetAxis(met[:, 0], np.sqrt(1.0 + met[:, 1] ** 2))


def ashkenas_sherman_mach(distance: float, gamma: float) -> float:
    """M = A z - ((gamma+1)/(2(gamma-1)))/(A z), z = (x/D - x0)^(gamma-1): the axis of a sonic jet.

    H. Ashkenas and F. S. Sherman, Rarefied Gas Dynamics, 4th Symp., vol. 2 (1966) 84, a fit to the method of
    characteristics; A = 3.65, x0 = 0.40 at 1.4; the constants at 5/3 (3.26, 0.075) and 9/7 (3.96, 0.85)
    are those commonly quoted. Valid for these three gammas and x/D >= 3, raises OutOfRange otherwise. Against
    `axis_mach` the fit is off by up to 5 % at x/D = 3, 1.4 % from 5 to 20, and by 24 % (at 1.4) at x/D = 1.

    >>> round(ashkenas_sherman_mach(10.0, 1.4), 3)
    8.687
    """
    constants = [pair for known, pair in ASHKENAS_SHERMAN.items() if abs(known - gamma) < 1e-3]
    if not constants:
        raise OutOfRange(f"Ashkenas and Sherman's fit is known for gamma = 7/5, 5/3 and 9/7, not {gamma:g}")
    if not (math.isfinite(distance) and distance >= NEAREST_OF_FIT):
        raise OutOfRange(
            f"Ashkenas and Sherman's fit is used for x/D >= {NEAREST_OF_FIT:g}, not {distance:g}"
        )
    scale, origin = constants[0]
    z: float = (distance - origin) ** (gamma - 1.0)
    return scale * z - 0.5 * (gamma + 1.0) / (gamma - 1.0) / (scale * z)


def mach_disk_distance(pressure_ratio: float) -> float:
    """x/D of the normal shock that ends the free jet: 0.67 sqrt(p0/p_outside).

    Ashkenas and Sherman 1966, measured, 5 %, independent of gamma; D is the diameter of a sonic exit, or of
    the jet of a sharp-edged hole. Valid for 15 <= p0/p_outside <= 17000; raises OutOfRange otherwise.

    >>> round(mach_disk_distance(100.0), 12)
    6.7
    """
    low, high = MACH_DISK_RANGE
    if not low <= pressure_ratio <= high:
        raise OutOfRange(
            f"the Mach disk was measured for {low:g} <= p0/p_outside <= {high:g}, not {pressure_ratio:g}"
        )
    return MACH_DISK * math.sqrt(pressure_ratio)


def _require_jet(gamma: float, exit_mach: float) -> None:
    """Raises OutOfRange outside the ranges of gamma and of the exit Mach number."""
    require_gamma(gamma)
    if not gamma >= GAMMA_LOW:
        raise OutOfRange(f"the jet is computed for {GAMMA_LOW:g} <= gamma <= 5/3, not {gamma:g}")
    if not 1.0 <= exit_mach <= EXIT_MACH_HIGH:
        raise OutOfRange(f"exit Mach number {exit_mach:g} must lie in [1, {EXIT_MACH_HIGH:g}]")


@lru_cache(maxsize=32)
def _cached_axis(gamma: float, exit_mach: float, rays: int) -> JetAxis:
    """The axis up to the largest distance, computed once."""
    return jet_axis(gamma, exit_mach, DISTANCES[1], rays)


def _interpolate(distance: float, gamma: float, exit_mach: float, rays: int) -> float:
    """Mach number on the axis between the rays, by a cubic spline."""
    from scipy.interpolate import CubicSpline

    axis = _cached_axis(gamma, exit_mach, rays)
    return float(CubicSpline(axis.distance, axis.mach)(distance))


@lru_cache(maxsize=32)
def _lift(exit_mach: float, gamma: float, furthest: float) -> float:
    """The `lift` of a fan whose last ray meets the axis between `furthest` and twice that, by bisection.

    Rays that rise too steeply never return to the axis: then the points are not finite numbers.
    """
    import numpy as np

    low, high = LIFTS
    for _ in range(30):
        lift = 0.5 * (low + high)
        with np.errstate(all="ignore"):
            met = _march(_fan(exit_mach, gamma, furthest, lift, TRIAL_RAYS), gamma, math.inf)[-1][0]
        if furthest <= met <= 2.0 * furthest:
            break
        low, high = (lift, high) if met < furthest else (low, lift)
    return lift


def _fan(exit_mach: float, gamma: float, furthest: float, lift: float, rays: int) -> _Points:
    """The rays at the lip, where ray i has the slope lift - 1/(2 x_i); arrays (rays + 1,).

    With lift = 0 a straight ray i would meet the axis at x_i.
    """
    import numpy as np

    steepest = -1.0 / math.sqrt(exit_mach**2 - 1.0)
    start = 0.5 / (lift - steepest)
    stop = max(furthest, 2.0 * start)
    spaced = np.linspace(math.log1p(start / RAY_SCALE), math.log1p(stop / RAY_SCALE), rays + 1)
    slopes = np.maximum(lift - 0.5 / (RAY_SCALE * np.expm1(spaced)), steepest)
    before = prandtl_meyer_angle(exit_mach, gamma)

    def steeper(mach: float, slope: float) -> float:
        return prandtl_meyer_angle(mach, gamma) - before - math.asin(1.0 / mach) - math.atan(slope)

    mach = np.array([bisect(partial(steeper, slope=slope), exit_mach, HIGHEST_MACH) for slope in slopes])
    angle = np.array([prandtl_meyer_angle(m, gamma) for m in mach]) - before
    return _Points(np.zeros(rays + 1), np.full(rays + 1, 0.5), angle, np.sqrt(mach**2 - 1.0))


def _march(lip: _Points, gamma: float, furthest: float) -> list[tuple[float, float]]:
    """x and sqrt(M^2 - 1) of the points on the axis.

    Point (i, j) lies on the ray i from the lip and on the C+ line j, counted from the lip (j = 0) along the
    first ray and on from its foot on the axis (j = m), so that ray i ends at j = m + i. A point depends on
    its neighbors (i, j-1) and (i-1, j) alone, so all points with the same i + j are computed together.
    """
    import numpy as np

    last = len(lip.x) - 1
    m = max(last // 2, 1)
    front = np.array(lip)
    met = [(0.5 * float(lip.root[0]), float(lip.root[0]))]
    for diagonal in range(1, m + 2 * last + 1):
        foot, on_lines = divmod(diagonal - m, 2)
        begin = max(foot + on_lines, 1)
        end = min(diagonal, last + 1)
        above, below = front[:, begin:end], front[:, begin - 1 : end - 1].copy()
        ends_on_axis = diagonal > m and not on_lines
        if ends_on_axis:
            # On the axis a ray meets its mirror image.
            below[:, 0] = above[:, 0] * np.array([1.0, -1.0, -1.0, 1.0])
        if begin < end:
            front[:, begin:end] = _meet(_Points(*above), _Points(*below), gamma)
        if ends_on_axis:
            front[1:3, begin] = 0.0
            met.append((float(front[0, begin]), float(front[3, begin])))
            if met[-1][0] > furthest:
                break
        down = min(diagonal / m, 1.0)
        front[:2, 0] = met[0][0] * down, 0.5 * (1.0 - down)
    return met


def _meet(above: _Points, below: _Points, gamma: float) -> _Points:
    """The points where the C- ray of each point `above` meets the C+ ray of the point `below`, arrays (n,).

    The coefficients are averages over each ray, found by iteration. On the axis sin(theta)/y is 0/0 and is
    taken from the neighbor off the axis: from the same neighbor for the incoming and for the next outgoing
    ray, so that the two errors cancel.
    """
    import numpy as np

    mirrored, starts_on_axis = below.y < 0.0, below.y == 0.0
    mu_above, mu_below = np.arctan(1.0 / above.root), np.arctan(1.0 / below.root)
    nu_above, nu_below = _turning(above.root, gamma), _turning(below.root, gamma)
    spread_above = np.sin(above.angle) / above.y
    spread_below = np.sin(below.angle) / np.where(starts_on_axis, 1.0, below.y)
    angle, root = 0.5 * (above.angle + below.angle), 0.5 * (above.root + below.root)
    for _ in range(CORRECTIONS):
        mu = np.arctan(1.0 / root)
        down = 0.5 * (above.angle - mu_above + angle - mu)
        up = 0.5 * (below.angle + mu_below + angle + mu)
        length_down, length_up = _lengths(above, below, down, up)
        x, y = above.x + length_down * np.cos(down), above.y + length_down * np.sin(down)
        spread = np.where(mirrored, spread_above, np.sin(angle) / np.where(mirrored, 1.0, y))
        left = np.where(starts_on_axis, spread, spread_below)
        gain_down = 0.25 * (np.sin(mu_above) + np.sin(mu)) * (spread_above + spread) * length_down
        gain_up = 0.25 * (np.sin(mu_below) + np.sin(mu)) * (left + spread) * length_up
        plus, minus = above.angle + nu_above + gain_down, below.angle - nu_below - gain_up
        change = (0.5 * (plus - minus) - _turning(root, gamma)) / _turning_slope(root, gamma)
        change = np.clip(change, -0.5 * root, root)
        drift = np.max(np.abs(0.5 * (plus + minus) - angle)) + np.max(np.abs(change / root))
        angle, root = 0.5 * (plus + minus), root + change
        # Ends too where the drift is not a number, which `_lift` allows.
        if not drift >= SETTLED:
            break
    return _Points(x, y, angle, root)


def _lengths(above: _Points, below: _Points, down: Floats, up: Floats) -> tuple[Floats, Floats]:
    """Lengths from two points along lines at these angles to their crossing, arrays (n,)."""
    import numpy as np

    dx, dy, sine = below.x - above.x, below.y - above.y, np.sin(up - down)
    return (
        (dx * np.sin(up) - dy * np.cos(up)) / sine,
        (dx * np.sin(down) - dy * np.cos(down)) / sine,
    )


def _turning(root: Floats, gamma: float) -> Floats:
    """nu as a function of sqrt(M^2 - 1), any shape."""
    import numpy as np

    k = math.sqrt((gamma + 1.0) / (gamma - 1.0))
    nu: Floats = k * np.arctan(root / k) - np.arctan(root)
    return nu


def _turning_slope(root: Floats, gamma: float) -> Floats:
    """Derivative of `_turning`, any shape."""
    square, k_square = root * root, (gamma + 1.0) / (gamma - 1.0)
    return square * (1.0 - 1.0 / k_square) / ((1.0 + square / k_square) * (1.0 + square))
