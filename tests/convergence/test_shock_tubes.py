"""Shock tubes against the exact solution of the Riemann problem (breachflow.theory.fields.riemann).

A scheme of second order keeps about first order in L1 at shocks and less at contacts and at the heads and
tails of fans; the errors below were measured and allow 10 %.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from exact import march, orders

from breachflow.numerics.space.discretization import Scheme
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.limiters import Limiter
from breachflow.theory.fields.riemann import RiemannState, sample
from flow_setup import block, conserved, make_flow

TUBE = {
    "left": BehaviorCode.EXTRAPOLATE,
    "right": BehaviorCode.EXTRAPOLATE,
    "bottom": BehaviorCode.WALL,
    "top": BehaviorCode.WALL,
}
THIN = 1e-9


class Tube(NamedTuple):
    """Two states and the time at which the solution is compared."""

    left: RiemannState
    right: RiemannState
    time: float
    thin: bool = False
    """Whether the exact solution has a vacuum on the right; there the cells hold a thin gas."""


TUBES = {
    "sod": Tube(RiemannState(1.0, 0.0, 1.0), RiemannState(0.125, 0.0, 0.1), 0.2),
    "123": Tube(RiemannState(1.0, -2.0, 0.4), RiemannState(1.0, 2.0, 0.4), 0.15),
    "nearly-vacuum-between": Tube(RiemannState(1.0, -4.0, 0.4), RiemannState(1.0, 4.0, 0.4), 0.08),
    "into-vacuum": Tube(RiemannState(1.0, 0.0, 1.0), RiemannState(THIN, 0.0, THIN), 0.06, thin=True),
    "strong-shock": Tube(RiemannState(1.0, 0.0, 1000.0), RiemannState(1.0, 0.0, 0.01), 0.012),
}
SECOND = Scheme(int(NumericalFlux.HLLC), int(Limiter.VAN_ALBADA), 2)
CELLS = [50, 100, 200]


def exact_averages(tube: Tube, n: int) -> np.ndarray:
    """Conserved averages over n cells of [0, 1], the diaphragm at 1/2; 20 points a cell."""
    right = RiemannState(0.0, 0.0, 0.0) if tube.thin else tube.right
    x = (np.arange(20 * n) + 0.5) / (20 * n)
    density, velocity, pressure = sample(tube.left, right, 1.4, (x - 0.5) / tube.time)
    momentum = density * velocity
    energy = pressure / 0.4 + 0.5 * momentum * velocity
    columns = np.column_stack([density, momentum, np.zeros_like(x), energy])
    return columns.reshape(n, 20, 4).mean(axis=1)


def tube_errors(tube: Tube, n: int, scheme: Scheme) -> np.ndarray:
    """L1 errors of density, momentum and energy."""
    mesh = block(np.linspace(0.0, 1.0, n + 1), np.array([0.0, 1.0 / n]))
    layout = make_flow(mesh, TUBE)
    left = layout.faces.left  # cells are numbered along the tube
    assert left.max() == n - 1
    x = (np.arange(n) + 0.5) / n
    sides = np.where(x[:, None] < 0.5, np.array(tube.left), np.array(tube.right))
    start = conserved(np.column_stack([sides[:, 0], sides[:, 1], np.zeros(n), sides[:, 2]]))
    found = march(layout, start, tube.time, scheme)
    assert found[:, 0].min() > 0.0
    return np.abs(found - exact_averages(tube, n)).mean(axis=0)[[0, 1, 3]]


LARGEST_ERROR = {"sod": 3.35e-3, "123": 6.9e-3, "nearly-vacuum-between": 1.07e-2, "into-vacuum": 1.94e-3}
"""Error of the density on 200 cells with HLLC and van Albada: the measured one plus 2 %."""


@pytest.mark.parametrize("name", LARGEST_ERROR)
def test_error_on_200_cells(name):
    assert tube_errors(TUBES[name], 200, SECOND)[0] <= LARGEST_ERROR[name]


@pytest.mark.parametrize("flux", list(NumericalFlux))
@pytest.mark.parametrize("name", TUBES)
def test_errors_fall_with_the_cells(name, flux):
    """Errors of density, momentum and energy fall by a factor of 1.3 to 2.2 for each halving of the cells."""
    scheme = Scheme(int(flux), int(Limiter.VAN_ALBADA), 2)
    errors = np.array([tube_errors(TUBES[name], n, scheme) for n in CELLS])
    falls = errors[:-1] / errors[1:]
    assert np.all((falls > 1.25) & (falls < 2.3)), falls


@pytest.mark.parametrize("limiter", [Limiter.VAN_ALBADA, Limiter.VAN_LEER])
def test_second_order_beats_first(limiter):
    tube = TUBES["sod"]
    first = tube_errors(tube, 200, Scheme(int(NumericalFlux.HLLC), int(limiter), 1))
    second = tube_errors(tube, 200, Scheme(int(NumericalFlux.HLLC), int(limiter), 2))
    assert np.all(second < 0.5 * first)
    assert orders([tube_errors(tube, n, SECOND)[0] for n in (100, 200)])[0] > 0.7


def test_expansion_into_vacuum_draws_the_exact_mass_flux():
    """The mass that has passed the diaphragm is rho0 a0 (2/(gamma+1))^((gamma+1)/(gamma-1)) t."""
    tube, n = TUBES["into-vacuum"], 200
    mesh = block(np.linspace(0.0, 1.0, n + 1), np.array([0.0, 1.0 / n]))
    x = (np.arange(n) + 0.5) / n
    sides = np.where(x[:, None] < 0.5, np.array(tube.left), np.array(tube.right))
    start = conserved(np.column_stack([sides[:, 0], np.zeros((n, 2)), sides[:, 2]]))
    found = march(make_flow(mesh, TUBE), start, tube.time, SECOND)
    passed = (found[n // 2 :, 0] - THIN).sum() / n
    assert passed == pytest.approx(np.sqrt(1.4) * (1.0 / 1.2) ** 6 * tube.time, rel=3e-3)
