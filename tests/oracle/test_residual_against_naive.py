"""The loops of the right-hand side against slow plain ones that share no code with them (naive.py)."""

from __future__ import annotations

import naive
import numpy as np
import pytest
from pairs import FRICTION, GAMMA, KINDS, NEWTON, ROUNDING, VISCOUS_AIR, Pair

from breachflow.mesh import compute_metric
from breachflow.numerics.space.discretization import Scheme
from breachflow.numerics.space.reconstruction import gradients
from breachflow.numerics.space.residual import balances, fluxes, make_workspace, residual, states
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.limiters import Limiter
from flow_setup import DEFAULT_SCHEME

SCHEMES = [(flux, limiter) for flux in NumericalFlux for limiter in Limiter]


def share(pair: Pair) -> float:
    """Largest difference of the two results, relative to the largest value."""
    return NEWTON if any(edge.kind == "opening" for cell in pair.cells for edge in cell.edges) else ROUNDING


def assert_close(found: np.ndarray, expected: np.ndarray, share: float) -> None:
    assert np.abs(found - expected).max() <= share * np.abs(expected).max()


def workspace_after_states(pair: Pair):
    work = make_workspace(pair.layout)
    states(pair.conserved, pair.discretization(), work.primitive)
    return work


def test_every_kind_of_boundary_is_compared():
    assert {kind for kinds in KINDS.values() for kind in kinds.values()} == {
        kind.name.lower() for kind in BehaviorCode
    }


def test_metric(pair):
    metric = compute_metric(pair.mesh, pair.axisymmetric)
    assert metric.volume == pytest.approx([cell.volume for cell in pair.cells], rel=1e-12)
    assert metric.centroid == pytest.approx(np.array([cell.center for cell in pair.cells]), abs=1e-13)
    assert metric.source_area == pytest.approx([cell.plane_area for cell in pair.cells], rel=1e-12)
    for face in range(pair.mesh.n_faces):
        edge = pair.edge_of_face(face)
        assert metric.face_area[face] == pytest.approx(edge.area * edge.normal, abs=1e-14)
        assert metric.face_center[face] == pytest.approx(edge.center, abs=1e-13)


def test_faces_of_the_layout(pair):
    faces = pair.layout.faces
    for face in range(len(faces.area)):
        edge, owner = pair.edge_of_face(face), pair.cells[faces.left[face]]
        arm = edge.center - owner.center
        beyond = owner.center + 2.0 * (arm @ edge.normal) * edge.normal
        if edge.neighbor is not None:
            assert faces.right[face] == edge.neighbor
            beyond = pair.cells[edge.neighbor].center
        assert faces.normal[face] == pytest.approx(edge.normal, abs=1e-14)
        assert faces.area[face] == pytest.approx(edge.area, rel=1e-13, abs=1e-15)
        assert faces.left_to_face[face] == pytest.approx(arm, abs=1e-13)
        assert faces.right_to_face[face] == pytest.approx(edge.center - beyond, abs=1e-13)


def test_stencils(pair):
    """The cells that each gradient uses; a mirrored value is named by the ghost of its face."""
    cells, n = pair.layout.cells, pair.mesh.n_cells
    for i in range(n):
        row = cells.stencil[cells.stencil_offsets[i] : cells.stencil_offsets[i + 1]]
        expected = naive.neighbors(pair.cells, i)
        assert sorted(row[row < n]) == sorted(other for _, other, mirror in expected if mirror is None)
        assert (row >= n).sum() == sum(mirror is not None for _, _, mirror in expected)


def test_states_and_ghosts(pair):
    work, n = workspace_after_states(pair), pair.mesh.n_cells
    faces, first = pair.layout.faces, pair.mesh.n_faces - len(pair.layout.boundary.behavior)
    assert work.primitive[:n] == pytest.approx(pair.states, rel=1e-14)
    for b in range(len(pair.layout.boundary.behavior)):
        edge, inside = pair.edge_of_face(first + b), pair.states[faces.left[first + b]]
        expected = naive.ghost(pair.cells[faces.left[first + b]], edge, inside)
        assert work.primitive[n + b] == pytest.approx(expected, rel=1e-13, abs=1e-13)


def test_gradients(pair):
    work, n = workspace_after_states(pair), pair.mesh.n_cells
    gradients(work.primitive, work.temperature, work.viscosity, pair.discretization(), work.gradient)
    expected = [naive.gradient(pair.cells, pair.states, i)[:4] for i in range(n)]
    assert work.gradient.reshape(n, 4, 2) == pytest.approx(np.array(expected), rel=1e-10, abs=1e-9)


@pytest.mark.parametrize("order", [1, 2])
def test_fluxes_face_by_face(pair, order):
    """Random gradients are given, on which alone the states at a face depend."""
    work, n = workspace_after_states(pair), pair.mesh.n_cells
    slopes = np.random.default_rng(1).normal(size=(n, 4, 2))
    work.gradient[:] = slopes.reshape(n, 8)
    scheme = DEFAULT_SCHEME._replace(order=order)
    fluxes(work.primitive, work.gradient, work.held, pair.discretization(scheme), work.flux)
    faces = pair.layout.faces
    how = (order, GAMMA, naive.FLUXES["hllc"], "van_albada")
    expected = np.empty_like(work.flux)
    for face in range(len(faces.area)):
        edge, owner = pair.edge_of_face(face), int(faces.left[face])
        expected[face] = edge.area * naive.flux_through(pair.cells, pair.states, slopes, owner, edge, *how)
    assert_close(work.flux, expected, share(pair))


def test_balances_of_any_fluxes(pair):
    rng = np.random.default_rng(2)
    work, n = workspace_after_states(pair), pair.mesh.n_cells
    cells, faces = pair.layout.cells, pair.layout.faces
    work.flux[:] = rng.normal(size=work.flux.shape)
    forcing = rng.normal(size=(n, 4))
    expected = np.zeros((n, 4))
    for face, (owner, other) in enumerate(zip(faces.left, faces.right, strict=True)):
        expected[owner] += work.flux[face]
        if other < n:
            expected[other] -= work.flux[face]
    expected[:, 2] -= pair.states[:, 3] * [cell.plane_area for cell in pair.cells]
    found = np.full((n, 4), np.nan)
    balances(work.primitive, work.gradient, work.flux, pair.discretization(), found)
    assert found == pytest.approx(expected, abs=1e-13)
    forced = pair.layout._replace(cells=cells._replace(forcing=forcing))
    with_sources = pair.discretization()._replace(layout=forced)
    balances(work.primitive, work.gradient, work.flux, with_sources, found)
    assert found == pytest.approx(expected - forcing, abs=1e-13)


@pytest.mark.parametrize("order", [1, 2])
def test_residual(pair, order):
    scheme = Scheme(int(NumericalFlux.HLLC), int(Limiter.VAN_ALBADA), order)
    found = np.empty_like(pair.conserved)
    residual(pair.conserved, pair.discretization(scheme), make_workspace(pair.layout), found)
    assert_close(found, naive.residual(pair.cells, pair.conserved, order, GAMMA), share(pair))


@pytest.mark.parametrize("order", [1, 2])
def test_residual_with_friction(pair, order):
    """Friction and heat conduction between cells and at every kind of boundary, with slip at the walls."""
    pair, scheme = pair.viscous, DEFAULT_SCHEME._replace(order=order)
    found = np.empty_like(pair.conserved)
    work = make_workspace(pair.layout, viscous=True)
    residual(pair.conserved, pair.discretization(scheme, VISCOUS_AIR), work, found)
    expected = naive.residual(pair.cells, pair.conserved, order, GAMMA, friction=FRICTION)
    assert_close(found, expected, share(pair))


@pytest.mark.parametrize(("flux", "limiter"), SCHEMES)
@pytest.mark.parametrize("shape", ["row", "quads"])
def test_residual_with_every_scheme(flux, limiter, shape):
    pair = Pair(shape, "rooms" if shape == "quads" else "closed")
    found = np.empty_like(pair.conserved)
    scheme = Scheme(int(flux), int(limiter), 2)
    residual(pair.conserved, pair.discretization(scheme), make_workspace(pair.layout), found)
    names = flux.name.lower(), limiter.name.lower()
    assert_close(found, naive.residual(pair.cells, pair.conserved, 2, GAMMA, *names), share(pair))
