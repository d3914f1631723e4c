"""The state of an exact flow in the plane, or in a plane through an axis."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


class PlaneState(NamedTuple):
    """Arrays of one shape, in units in which R, density and pressure of the flow's reference state are 1."""

    density: Floats
    velocity_x: Floats
    velocity_y: Floats
    pressure: Floats


def mach(state: PlaneState, gamma: float) -> Floats:
    """M = |u| sqrt(rho/(gamma p)), dimensionless.

    >>> one = np.ones(1)
    >>> round(float(mach(PlaneState(one, 3 * one, 4 * one, one), 1.25)[0]), 6)  # 5/sqrt(1.25)
    4.472136
    """
    speed = np.hypot(state.velocity_x, state.velocity_y)
    return speed * np.sqrt(state.density / (gamma * state.pressure))
