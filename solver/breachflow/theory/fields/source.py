"""Flow out of, or into, a point or a line: the exact quasi-one-dimensional flow in a cone or a wedge.

The gas moves along straight rays, and its state depends on the distance r alone: A/A* = (r/r*)^(d-1), with
d = 3 for a point (the flow in any cone, axisymmetric) and d = 2 for a line (the flow in any wedge).
Both branches end at the sonic radius r*, where the gradients are infinite.
"""

from __future__ import annotations

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import OutOfRange
from breachflow.theory.fields.plane import PlaneState
from breachflow.theory.ranges import require_gamma, require_positive


def spherical_source(
    x: Floats,
    y: Floats,
    sonic_radius: float,
    gamma: float,
    supersonic: bool,
    *,
    dimension: int = 3,
    inward: bool = False,
) -> PlaneState:
    """Source at the origin: a point (`dimension` 3; x along the axis, y the distance from it) or a line (2).

    x and y have one shape, which the state has too.

    A/A* = (r/r*)^(d-1) with the area ratio of NACA 1135, eq. 80; T = 1/(1 + (gamma-1)/2 M^2),
    rho = T^(1/(gamma-1)), p = rho T, speed M sqrt(gamma T) along the ray; `inward` reverses the velocity: the
    sink is a solution too. Lengths in the units of `sonic_radius`;
    stagnation density and pressure are 1.
    Valid for r >= sonic_radius, 1 < gamma <= 5/3; raises OutOfRange otherwise. By hand, A/A* = 2.25 and 9:

    >>> from breachflow.theory.fields.plane import mach
    >>> [
    ...     round(float(mach(spherical_source(np.array(r), np.array(0.0), 1.0, 1.4, faster), 1.4)), 6)
    ...     for r in (1.5, 3.0)
    ...     for faster in (True, False)
    ... ]
    [2.328172, 0.268487, 3.806054, 0.064461]
    """
    require_gamma(gamma)
    require_positive("sonic radius", sonic_radius)
    if dimension not in (2, 3):
        raise OutOfRange(f"dimension = {dimension} must be 2 (line source) or 3 (point source)")
    radius = np.hypot(x, y)
    # In this form the test refuses a radius that is not a number.
    if not np.all(radius >= sonic_radius):
        raise OutOfRange(
            f"a source flow exists from its sonic radius {sonic_radius:g} on, not at r = {np.min(radius):g}"
        )
    log_area = (dimension - 1) * np.log(radius / sonic_radius)
    number = mach_from_log_area_ratio(log_area, gamma, supersonic)
    temperature = 1.0 / (1.0 + 0.5 * (gamma - 1.0) * number * number)
    density = temperature ** (1.0 / (gamma - 1.0))
    speed = number * np.sqrt(gamma * temperature) / (-radius if inward else radius)
    return PlaneState(density, speed * x, speed * y, density * temperature)


def mach_from_log_area_ratio(log_area: Floats, gamma: float, supersonic: bool) -> Floats:
    """M at ln(A/A*) >= 0 on one branch, any shape, to rounding (NACA 1135, eq. 80); 1 < gamma <= 5/3.

    Raises OutOfRange outside these ranges.
    With L = ln M: ln(A/A*) = -L + e ln(1 + k (M^2 - 1)), e = (gamma+1)/(2(gamma-1)),
    k = (gamma-1)/(gamma+1). It is convex in L, so Newton's iteration, started where the
    asymptote reaches ln(A/A*), beyond the root, approaches the root from one side.
    Published: A/A* = 1.6875 at M = 2, gamma = 1.4 (NACA 1135, table II).

    >>> round(float(mach_from_log_area_ratio(np.log(1.6875), 1.4, True)), 12)
    2.0
    """
    require_gamma(gamma)
    if not np.all(log_area >= 0.0):
        raise OutOfRange(f"ln(A/A*) = {np.min(log_area):g} must not be negative")
    k = (gamma - 1.0) / (gamma + 1.0)
    exponent = 0.5 / k
    if supersonic:
        log_mach = 0.5 * (gamma - 1.0) * (log_area - exponent * np.log(k))
    else:
        log_mach = exponent * np.log1p(-k) - log_area
    # At A/A* = 1 the root is double and each step halves the distance: 60 steps reach rounding.
    for _ in range(60):
        square = np.expm1(2.0 * log_mach)
        excess = exponent * np.log1p(k * square) - log_mach - log_area
        # d ln A/dL = (M^2 - 1)/(1 + (gamma-1)/2 M^2); zero only where L is the root itself.
        slope = (1.0 - k) * square / (1.0 + k * square)
        step = np.divide(excess, slope, out=np.zeros_like(square), where=slope != 0.0)
        log_mach = np.maximum(log_mach - step, 0.0) if supersonic else np.minimum(log_mach - step, 0.0)
        if np.all(np.abs(step) <= 1e-15):
            break
    result: Floats = np.exp(log_mach)
    return result
