"""The isentropic vortex: a smooth exact solution of the Euler equations, carried along unchanged."""

from __future__ import annotations

import math

import numpy as np

from breachflow.arrays import Floats
from breachflow.theory.fields.plane import PlaneState
from breachflow.theory.ranges import require_gamma, require_positive


def isentropic_vortex(
    x: Floats,
    y: Floats,
    time: float = 0.0,
    gamma: float = 1.4,
    strength: float = 5.0,
    drift: tuple[float, float] = (1.0, 1.0),
) -> PlaneState:
    """Vortex of C.-W. Shu (NASA CR-97-206253, 1997), dimensionless, on the unbounded plane; any shape.

    r^2 = (x - u t)^2 + (y - v t)^2, E = strength/(2 pi) exp((1 - r^2)/2): velocity = drift + E (-y, x);
    T = 1 - (gamma-1)/(2 gamma) E^2, rho = T^(1/(gamma-1)), p = rho T, undisturbed 1.
    Valid for 1 < gamma <= 5/3 and T > 0 at the center, which is strength < 10.08 at gamma = 1.4; raises
    OutOfRange otherwise.

    >>> state = isentropic_vortex(np.zeros(1), np.zeros(1))
    >>> round(float(state.density[0]), 4)  # (1 - 25 e/(28 pi^2))^2.5
    0.4938
    """
    require_gamma(gamma)
    deepest = 1.0 - (gamma - 1.0) / (2.0 * gamma) * (strength / (2.0 * math.pi)) ** 2 * math.e
    require_positive("temperature at the vortex center", deepest)
    dx, dy = x - drift[0] * time, y - drift[1] * time
    swirl = strength / (2.0 * math.pi) * np.exp(0.5 * (1.0 - dx * dx - dy * dy))
    temperature = 1.0 - (gamma - 1.0) / (2.0 * gamma) * swirl * swirl
    density = temperature ** (1.0 / (gamma - 1.0))
    return PlaneState(density, drift[0] - swirl * dy, drift[1] + swirl * dx, density * temperature)
