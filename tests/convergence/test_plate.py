"""The laminar layer of a flat plate against Blasius' friction, with a frictionless wall ahead of its edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from breachflow.mesh import compute_metric
from breachflow.numerics.implicit.newton import ImplicitStepper
from breachflow.numerics.space.discretization import Discretization
from breachflow.numerics.space.layout import Layout, make_layout
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.gas import Gas
from breachflow.theory.streams.plate import plate_friction
from flow_setup import DEFAULT_SCHEME, Floats, block, conserved, primitive

SPEED = 0.2 * np.sqrt(1.4)
"""Mach number 0.2: density in the layer differs by 0.8 %, friction by less."""
VISCOSITY = SPEED / 1e4
"""Reynolds number 10 000 at x = 1."""
FREE = 1e12
"""Slip coefficient of a wall without friction."""

SIDES = {
    "left": BehaviorCode.RIEMANN,
    "bottom": BehaviorCode.ADIABATIC_WALL,
    "top": BehaviorCode.WALL,
    "right": BehaviorCode.OPENING,
}


def spread(first: float, growth: float, cells: int) -> Floats:
    return np.concatenate([[0.0], np.cumsum(first * growth ** np.arange(cells))])


def plate(cells: int) -> tuple[Layout, Floats, Floats, NDArray[np.int32]]:
    """A stream along x over a plate from x = 0 to 2: centers of cells and wall faces, cells at these."""
    ahead = -10.0 * np.linspace(0.0, 1.0, cells // 2 + 1)[:0:-1] ** 3
    mesh = block(
        np.concatenate([ahead, 2.0 * np.linspace(0.0, 1.0, cells + 1) ** 2]), spread(1e-3, 1.0885, 80)
    )
    metric = compute_metric(mesh, axisymmetric=False)
    first = int((mesh.face_cells[:, 1] >= 0).sum())
    place = metric.face_center[first:]
    codes, slip = np.empty(len(place), dtype=np.int32), np.zeros((len(place), 2))
    for name, faces in mesh.patches.items():
        codes[faces - first] = SIDES[name]
    states = np.tile([1.0, 0.0, 0.0, 1.0], (len(place), 1))
    states[mesh.patches["left"] - first, 1] = SPEED
    slip[place[:, 0] < 0.0, 0] = FREE
    wall = mesh.patches["bottom"]
    layout = make_layout(mesh, metric, codes, states, slip)
    return layout, metric.centroid, metric.face_center[wall], mesh.face_cells[wall, 0]


def test_friction_of_a_plate() -> None:
    """0.5 %: on half the cells it is within 2.5 %, and the scheme has second order; the layer's next term,
    of the leading edge, is below 0.3 % from Re = 1000 on."""
    layout, centers, wall, cells = plate(64)
    states = conserved(np.tile([1.0, SPEED, 0.0, 1.0], (len(centers), 1)))
    gas = Gas(1.4, VISCOSITY, 1.5, 0.37, 0.71)
    stepper = ImplicitStepper(Discretization(layout, DEFAULT_SCHEME, gas), 10.0)
    first = float(np.abs(stepper.evaluate(states)).max())
    for _ in range(40):
        stepper.step(states)
        if float(np.abs(stepper.evaluate(states)).max()) < 1e-8 * first:
            break
    else:
        raise AssertionError("Newton's method did not converge")
    # The speed is linear next to the plate: f''' = 0 there.
    shear = VISCOSITY * primitive(states)[cells, 1] / centers[cells, 1]
    found, reynolds = shear / (0.5 * SPEED**2), SPEED * wall[:, 0] / VISCOSITY
    there = (reynolds > 1000.0) & (reynolds < 10_000.0)
    assert there.sum() > 20
    expected = np.array([plate_friction(value) for value in reynolds[there]])
    np.testing.assert_allclose(found[there], expected, rtol=5e-3)
