"""Linear stability: the spectrum of the linearized second-order right-hand side.

dq/dt = -residual/volume about uniform flow through a small block; a negative real part of an eigenvalue of
the residual's derivative is a disturbance that grows at any time step.
"""

from __future__ import annotations

import numpy as np
import pytest

from breachflow.numerics.space.discretization import Scheme
from breachflow.numerics.space.layout import Layout
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.limiters import Limiter
from flow_setup import Floats, conserved, everywhere, make_flow, net_outflow, unit_block

GROWTH = -2e-2
"""Per passage of a wave through the unit square; the finite differences leave an error of 5e-3."""

STREAMS = {
    BehaviorCode.RIEMANN: [1.0, 0.3, 0.1, 1.0],
    BehaviorCode.OPENING: [1.0, 0.0, 0.0, 1.0],
    BehaviorCode.VACUUM: [1.0, 0.0, 0.0, 1.0],
    BehaviorCode.WALL: [1.0, 0.0, 0.0, 1.0],
}


def growth(layout: Layout, state: Floats, scheme: Scheme) -> float:
    """The smallest real part of all eigenvalues."""
    volume = np.repeat(layout.cells.volume, 4)
    matrix = np.empty((state.size, state.size))
    step = 1e-6
    for column in range(state.size):
        sides = []
        for sign in (1.0, -1.0):
            moved = state.copy()
            moved.flat[column] += sign * step
            sides.append(net_outflow(moved, layout, scheme))
        matrix[:, column] = (sides[0] - sides[1]).ravel() / (2.0 * step * volume)
    return float(np.linalg.eigvals(matrix).real.min())


@pytest.mark.parametrize("limiter", [Limiter.VAN_ALBADA, Limiter.NONE])
@pytest.mark.parametrize("triangles", [False, True], ids=["quads", "triangles"])
@pytest.mark.parametrize("kind", STREAMS)
def test_disturbances_do_not_grow(kind, triangles, limiter):
    mesh = unit_block(4, triangles, 0.4)
    stream = np.array(STREAMS[kind])
    layout = make_flow(mesh, everywhere(mesh, kind), lambda centers: np.tile(stream, (len(centers), 1)))
    uneven = 1.0 + 1e-4 * np.random.default_rng(0).random((mesh.n_cells, 4))
    state = conserved(stream * uneven)
    assert growth(layout, state, Scheme(0, int(limiter), 2)) >= GROWTH
