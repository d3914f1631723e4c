"""Observed order on smooth exact flows: a vortex carried along, and a spherical source.

Exact states come from breachflow.analytic; errors are of cell averages in L1.
"""

from __future__ import annotations

import numpy as np
import pytest
from exact import cell_averages, march, mean_errors, orders
from flow_setup import AIR, Floats, block, curved_block, everywhere, make_flow

from breachflow.analytic.nozzle import mach_from_area_ratio, pressure_ratio_from_mach
from breachflow.analytic.vortex import isentropic_vortex
from breachflow.numerics.newton import ImplicitStepper
from breachflow.numerics.residual import Scheme
from breachflow.physics.boundary import BoundaryKind
from breachflow.physics.flux import NumericalFlux
from breachflow.physics.limiter import Limiter

DRIFT = (0.6, 0.3)
HALF_WIDTH = 6.5
"""The vortex has died away to 1e-9 at the boundary."""
END = 0.5


def vortex(time: float):
    def state(place: Floats) -> Floats:
        found = isentropic_vortex(place[:, 0], place[:, 1], time, drift=DRIFT)
        return np.column_stack(found)

    return state


def vortex_errors(n: int, triangles: bool, distortion: float, scheme: Scheme) -> Floats:
    lines = np.linspace(-HALF_WIDTH, HALF_WIDTH, n + 1)
    mesh = block(lines, lines, triangles, distortion, seed=n)
    layout = make_flow(mesh, everywhere(mesh, BoundaryKind.INFLOW), vortex(0.0))
    found = march(layout, cell_averages(mesh, vortex(0.0)), END, scheme)
    return mean_errors(layout, found, cell_averages(mesh, vortex(END)))


def smooth_scheme(limiter: Limiter, flux: NumericalFlux = NumericalFlux.HLLC) -> Scheme:
    return Scheme(int(flux), int(limiter), 2)


def spherical_source(supersonic: bool):
    """Isentropic flow from a point: area ~ distance^2, sonic at distance 1; total pressure, density 1."""

    def state(place: Floats) -> Floats:
        distance = np.hypot(place[:, 0], place[:, 1])
        mach = np.array([mach_from_area_ratio(s**2, AIR.gamma, supersonic) for s in distance])
        pressure = np.array([pressure_ratio_from_mach(m, AIR.gamma) for m in mach])
        density = pressure ** (1.0 / AIR.gamma)
        speed = mach * np.sqrt(AIR.gamma * pressure / density)
        direction = place / distance[:, None]
        return np.column_stack([density, speed[:, None] * direction, pressure])

    return state


def sector(n: int, triangles: bool):
    """A shell of distances 1.2 to 2.4 from the axis of symmetry (`bottom`) to the plane x = 0 (`top`)."""
    distance, angle = np.meshgrid(
        np.geomspace(1.2, 2.4, n + 1), np.linspace(0.0, 0.5 * np.pi, 2 * n + 1), indexing="ij"
    )
    x, y = distance * np.cos(angle), distance * np.sin(angle)
    x[:, -1], y[:, 0] = 0.0, 0.0
    return curved_block(x, y, triangles, np.random.default_rng(n))


def source_errors(n: int, supersonic: bool, triangles: bool, scheme: Scheme) -> Floats:
    """Of the steady state by Newton's method, from the exact averages."""
    mesh, state = sector(n, triangles), spherical_source(supersonic)
    kinds = {
        "left": BoundaryKind.INFLOW,
        "right": BoundaryKind.INFLOW,
        "bottom": BoundaryKind.AXIS,
        "top": BoundaryKind.SYMMETRY,
    }
    layout = make_flow(mesh, kinds, state, axisymmetric=True)
    exact = cell_averages(mesh, state, axisymmetric=True)
    found = exact.copy()
    stepper = ImplicitStepper(layout, AIR, scheme, 100.0)
    first = float(np.abs(stepper.evaluate(found)).max())
    for _ in range(40):
        stepper.step(found)
        if float(np.abs(stepper.evaluate(found)).max()) < 1e-7 * first:
            break
    else:
        raise AssertionError("Newton's method did not converge")
    return mean_errors(layout, found, exact)
