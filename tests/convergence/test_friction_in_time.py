"""Friction and heat conduction in time: Stokes' layer, and a layer between two temperatures.

Speeds and differences are so small that the equations are those of diffusion: what else there is goes with
their square.
"""

from __future__ import annotations

from math import erf, erfc, pi, sqrt

import numpy as np
import pytest
from exact import NO_FLOOR, cell_averages, orders

from breachflow.numerics.explicit.stepper import ExplicitStepper
from breachflow.numerics.space.discretization import UNLIMITED, Discretization, Scheme
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.gas import Gas
from flow_setup import Floats, block, make_flow, primitive, take_cycles

SPEED, RISE = 1e-2, 1e-3
BEGIN, END = 0.0025, 0.01
"""Diffusivity times time: the layers grow from 0.1 to 0.2 of the height."""


def stokes(diffused: float, _gas: Gas):
    """Stokes 1851, first problem: the wall y = 0 moves along itself; u = U erfc(y/(2 sqrt(nu t)))."""

    def state(place: Floats) -> Floats:
        u = [SPEED * erfc(y / (2.0 * sqrt(diffused))) for y in place[:, 1]]
        one, zero = np.ones(len(place)), np.zeros(len(place))
        return np.column_stack([one, u, zero, one])

    return state


def warm_layer(diffused: float, gas: Gas):
    """Heat spreads at one pressure: T = 1 + E erf(y/(2 sqrt(a t))), and the gas moves at v = a dT/dy."""
    conductivity = gas.viscosity / gas.prandtl

    def state(place: Floats) -> Floats:
        y = place[:, 1] - 0.5
        rise = np.array([RISE * erf(one / (2.0 * sqrt(diffused))) for one in y])
        v = RISE * conductivity * np.exp(-(y**2) / (4.0 * diffused)) / sqrt(pi * diffused)
        one = np.ones(len(place))
        return np.column_stack([one / (1.0 + rise), 0.0 * y, v, one])

    return state


def error(n: int, gas: Gas, exact, diffusivity: float, column: int) -> float:
    """Mean error of a column of the primitive state in the middle columns, over the disturbance.

    The sides of the moving layer keep its first profile: too far away to be felt in the middle.
    """
    moves = exact is stokes
    x = np.linspace(-1.0, 1.0, 2 * n + 1) if moves else np.linspace(-2.0 / n, 2.0 / n, 5)
    mesh = block(x, np.linspace(0.0, 1.0, n + 1))
    side, wall = BehaviorCode.RIEMANN if moves else BehaviorCode.WALL, BehaviorCode.ISOTHERMAL_WALL
    kinds = {"left": side, "right": side, "bottom": wall, "top": BehaviorCode.WALL if moves else wall}
    layout = make_flow(mesh, kinds, exact(BEGIN, gas))
    states = cell_averages(mesh, exact(BEGIN, gas))
    stepper = ExplicitStepper(Discretization(layout, Scheme(0, UNLIMITED, 2), gas), NO_FLOOR, 0.8)
    take_cycles(stepper, states, (END - BEGIN) / diffusivity)
    wrong = primitive(states) - primitive(cell_averages(mesh, exact(END, gas)))
    middle = np.abs(mesh.points[mesh.cell_points.reshape(-1, 4)].mean(axis=1)[:, 0]) < 2.0 / n
    return float(np.abs(wrong[middle, column]).mean()) / (SPEED if moves else RISE)


@pytest.mark.parametrize("viscosity", [0.02, 0.2], ids=["sound limits the step", "friction limits the step"])
def test_the_layer_on_a_moving_wall_spreads_as_stokes_says(viscosity: float) -> None:
    """The observed order is 1.71 from 16 to 32 cells and from 24 to 48, whatever limits the step."""
    gas = Gas(1.4, viscosity, 1.5, 0.4, 0.72)
    errors = [error(n, gas, stokes, viscosity, 1) for n in (16, 32)]
    assert min(orders(errors)) > 1.65
    assert errors[-1] < 3e-4


def test_a_layer_between_two_temperatures_spreads_at_second_order() -> None:
    gas = Gas(1.4, 0.004, 1.5, 0.4, 0.72)
    errors = [error(n, gas, warm_layer, gas.viscosity / gas.prandtl, 0) for n in (16, 32)]
    assert min(orders(errors)) > 1.8
    assert errors[-1] < 2e-3
