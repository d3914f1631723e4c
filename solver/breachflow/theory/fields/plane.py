"""The state of an exact flow in the plane, or in a plane through the axis of symmetry."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats


class PlaneState(NamedTuple):
    """Arrays of one shape, in units in which R and the reference density and pressure of the flow are 1."""

    density: Floats
    velocity_x: Floats
    velocity_y: Floats
    pressure: Floats


def mach(state: PlaneState, gamma: float) -> Floats:
    """M = |u| sqrt(rho/(gamma p)), dimensionless, in the shape of the state.

    >>> one = np.ones(1)
    >>> round(float(mach(PlaneState(one, 3 * one, 4 * one, one), 1.25)[0]), 6)  # 5/sqrt(1.25)
    4.472136
    """
    speed = np.hypot(state.velocity_x, state.velocity_y)
    return speed * np.sqrt(state.density / (gamma * state.pressure))
