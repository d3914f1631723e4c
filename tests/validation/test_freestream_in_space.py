"""Uniform flow stays uniform and gas at rest stays at rest, to rounding, on cells of every kind in space."""

from __future__ import annotations

import numpy as np
import pytest

from breachflow.mesh import Mesh, compute_metric, renumber, reverse_cuthill_mckee
from breachflow.numerics.space.discretization import Scheme
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.limiters import Limiter
from flow_setup import AIR, DEFAULT_SCHEME, conserved, everywhere, flow_scale, make_flow, net_outflow
from solid_boxes import KINDS, box, unit_box

pytestmark = pytest.mark.slow  # the kernels of space, which no run takes yet, are compiled


ROUNDING = 1e-13
"""Rounding of a few dozen operations, relative to the flow through the faces of a cell."""

STREAM = np.array([0.7, 0.9, -0.6, 0.3, 0.4])
REST = np.array([1.3, 0.0, 0.0, 0.0, 0.8])
EVERY_SCHEME = [(flux, limiter, order) for flux in NumericalFlux for limiter in Limiter for order in (1, 2)]


def ordered(mesh: Mesh) -> Mesh:
    """The mesh in the solver's own order of cells."""
    return renumber(mesh, reverse_cuthill_mckee(mesh.face_cells, mesh.n_cells))


def largest_outflow(layout, state, scheme: Scheme = DEFAULT_SCHEME) -> float:
    """Largest residual of any cell and variable, relative to the flow through the faces of the cell."""
    states = conserved(np.tile(state, (layout.n_cells, 1)))
    return float((np.abs(net_outflow(states, layout, scheme, AIR)) / flow_scale(layout, state)).max())


def in_stream(mesh: Mesh):
    return make_flow(
        mesh, everywhere(mesh, BehaviorCode.RIEMANN), lambda centers: np.tile(STREAM, (len(centers), 1))
    )


@pytest.mark.parametrize("distortion", [0.0, 0.5])
@pytest.mark.parametrize("kind", KINDS)
def test_uniform_flow_stays(kind, distortion):
    layout = in_stream(ordered(unit_box(4, kind, distortion)))
    assert largest_outflow(layout, STREAM) <= ROUNDING


@pytest.mark.parametrize("kind", KINDS)
def test_gas_at_rest_in_a_closed_box_stays(kind):
    mesh = ordered(unit_box(4, kind, 0.5))
    layout = make_flow(mesh, everywhere(mesh, BehaviorCode.WALL))
    assert largest_outflow(layout, REST) <= ROUNDING


@pytest.mark.parametrize(("flux", "limiter", "order"), EVERY_SCHEME)
def test_every_scheme_keeps_uniform_flow(flux, limiter, order):
    layout = in_stream(ordered(unit_box(4, "mixed", 0.5)))
    assert largest_outflow(layout, STREAM, Scheme(int(flux), int(limiter), order)) <= ROUNDING


def test_uniform_flow_stays_on_cells_of_all_sizes():
    lines = np.array([0.0, 1e-4, 1e-2, 1.0, 30.0]), np.linspace(0.0, 1.0, 4), np.array([0.0, 1e-3, 1.0])
    assert largest_outflow(in_stream(ordered(box(lines))), STREAM) <= ROUNDING


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_of_linear_fields_are_exact(kind):
    """The least-squares weights of every stencil, on bent cells too."""
    mesh = ordered(unit_box(4, kind, 0.5))
    layout, slope = in_stream(mesh), np.array([1.3, -0.7, 0.4])
    cells = layout.cells
    centers = layout.cells.stencil < layout.n_cells
    from_cell = np.repeat(np.arange(layout.n_cells), np.diff(cells.stencil_offsets))
    assert centers.all()  # a boundary with a state outside does not count
    value = compute_metric(mesh, axisymmetric=False).centroid @ slope
    jump = value[cells.stencil] - value[from_cell]
    found = np.add.reduceat(cells.weights * jump[:, None], cells.stencil_offsets[:-1], axis=0)
    assert found == pytest.approx(np.tile(slope, (layout.n_cells, 1)), abs=1e-10)
