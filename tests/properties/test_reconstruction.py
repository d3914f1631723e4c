"""Reconstruction: exact for linear fields, positive density and pressure, invariant under rotation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import angles, direction, exact_flux, examples, gammas, powers

from breachflow.compiled import kernel
from breachflow.numerics.space import reconstruction
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.reconstruction import LEAST_FACE_FRACTION, Limiting, gradients
from breachflow.numerics.space.residual import make_workspace, residual
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Gas, Primitive
from breachflow.physics.limiters import Limiter
from flow_setup import DEFAULT_SCHEME, block, conserved, everywhere, make_flow

LIMITERS = list(Limiter)
OFFSET = np.array([1.0, 0.2, -0.3, 1.5])
seeds = st.integers(0, 2**32 - 1)


@kernel
def face_state(own, other, gradient, arm, reach, limiting, gas):
    change = reconstruction.change_along(gradient, 0, arm, (0, 1))
    reached = reconstruction.change_along(gradient, 0, reach, (0, 1))
    return reconstruction.face_value(own, other, change, reached, limiting, gas)


def linear_field(seed: int, distortion: float, triangles: bool):
    """A layout without mirroring boundaries, and slopes that change the states by up to a third."""
    rng = np.random.default_rng(seed)
    lines = np.array([0.0, 0.2, 0.35, 0.7, 1.0])
    mesh = block(lines, lines[:4], triangles, distortion, seed=seed, mixed=True)
    slopes = rng.uniform(-0.3, 0.3, (4, 2))
    layout = make_flow(
        mesh,
        everywhere(mesh, BehaviorCode.RIEMANN),
        lambda centers: OFFSET + centers @ slopes.T,
    )
    return mesh, layout, slopes


def centers_of(mesh) -> np.ndarray:
    from breachflow.mesh import compute_metric

    return compute_metric(mesh, axisymmetric=False).centroid


@settings(examples, max_examples=15)
@given(seed=seeds, distortion=st.floats(0.0, 0.4), triangles=st.booleans())
def test_gradients_of_linear_fields_are_exact(seed, distortion, triangles):
    mesh, layout, slopes = linear_field(seed, distortion, triangles)
    work = make_workspace(layout)
    work.primitive[: mesh.n_cells] = OFFSET + centers_of(mesh) @ slopes.T
    work.primitive[mesh.n_cells :] = np.nan  # no ghost state is used
    discretization = Discretization(layout, DEFAULT_SCHEME, Gas(1.4))
    gradients(work.primitive, work.temperature, work.viscosity, discretization, work.gradient)
    assert work.gradient.reshape(-1, 4, 2) == pytest.approx(np.tile(slopes, (mesh.n_cells, 1, 1)), abs=1e-11)


def test_cells_of_another_total_enthalpy_keep_a_part_of_their_gradient():
    """A band's width off half of it: c_p T + u^2/2 over that of the gas at rest, whose T is 1."""
    mesh, layout, slopes = linear_field(3, 0.2, True)
    states = OFFSET + centers_of(mesh) @ slopes.T
    work = make_workspace(layout)
    work.primitive[: mesh.n_cells] = states
    scheme = DEFAULT_SCHEME._replace(enthalpy_band=0.3)
    discretization = Discretization(layout, scheme, Gas(1.4))
    gradients(work.primitive, work.temperature, work.viscosity, discretization, work.gradient)
    enthalpy = 3.5 * states[:, 3] / states[:, 0] + 0.5 * np.sum(states[:, 1:3] ** 2, axis=1)
    part = 1.0 / (1.0 + ((enthalpy / 3.5 - 1.0) / 0.3) ** 2)
    assert part.min() < 0.9
    assert work.gradient.reshape(-1, 4, 2) == pytest.approx(part[:, None, None] * slopes, abs=1e-11)


@pytest.mark.parametrize("limiter", LIMITERS)
@settings(examples, max_examples=15)
@given(seed=seeds, distortion=st.floats(0.0, 0.4), triangles=st.booleans(), gamma=gammas)
def test_linear_fields_reach_the_faces_as_they_are(limiter, seed, distortion, triangles, gamma):
    """Linear fields are not limited: both sides of a face agree, and the flux is that of the field there."""
    mesh, layout, slopes = linear_field(seed, distortion, triangles)
    states = OFFSET + centers_of(mesh) @ slopes.T
    work = make_workspace(layout)
    scheme = Scheme(int(NumericalFlux.HLLC), int(limiter), 2)
    discretization = Discretization(layout, scheme, Gas(gamma))
    residual(conserved(states, gamma), discretization, work, np.empty_like(states))
    faces = layout.faces
    for face in np.flatnonzero(faces.right < mesh.n_cells):
        center = centers_of(mesh)[faces.left[face]] + faces.left_to_face[face]
        density, u, v, pressure = OFFSET + slopes @ center
        there = Primitive(density, (u, v), pressure)
        expected = faces.area[face] * exact_flux(there, tuple(faces.normal[face]), gamma)
        assert work.flux[face] == pytest.approx(expected, abs=1e-11 / (gamma - 1.0))


@st.composite
def faces(draw):
    """Any two states, gradients of any steepness, and the place of the face between the cells."""
    rng = np.random.default_rng(draw(seeds))
    steep = draw(powers(-3.0, 3.0))
    own, other = (
        Primitive(density, tuple(rng.normal(size=2).tolist()), pressure)
        for density, pressure in 10.0 ** rng.uniform(-3.0, 3.0, (2, 2))
    )
    reach = rng.normal(size=2)
    arm = 0.5 * reach + 0.2 * rng.normal(size=2)
    return own, other, steep * rng.normal(size=(4, 2)), arm, reach


def seen(own, other, gradient, arm, reach, limiter: Limiter, noise: float, gamma: float) -> Primitive:
    limiting = Limiting(int(limiter), noise)
    row = np.ascontiguousarray(gradient.reshape(1, 8))
    return face_state(own, other, row, tuple(arm), tuple(reach), limiting, Gas(gamma))


@pytest.mark.parametrize("limiter", LIMITERS)
@examples
@given(face=faces(), noise=st.sampled_from([1e-6, 0.1]), gamma=gammas)
def test_density_and_pressure_at_a_face_are_positive(limiter, face, noise, gamma):
    own = face[0]
    found = seen(*face, limiter, noise, gamma)
    assert found.density >= LEAST_FACE_FRACTION * own.density * (1.0 - 1e-14)
    assert found.pressure >= LEAST_FACE_FRACTION * own.pressure * (1.0 - 1e-14)
    assert np.isfinite(found.velocity).all()


@pytest.mark.parametrize("limiter", LIMITERS)
@examples
@given(face=faces(), angle=angles, mirror=st.booleans(), gamma=gammas)
def test_no_direction_is_favored(limiter, face, angle, mirror, gamma):
    """Rotating cells, gradients and velocities rotates the velocity at the face and changes nothing else."""
    c, s = direction(angle)
    turn = np.array([[c, -s], [s, c]]) @ np.diag([1.0, -1.0 if mirror else 1.0])
    own, other, gradient, arm, reach = face

    def turned(state: Primitive) -> Primitive:
        return Primitive(state.density, tuple((turn @ state.velocity).tolist()), state.pressure)

    turned_gradient = gradient @ turn.T
    turned_gradient[1:3] = turn @ turned_gradient[1:3]
    found = seen(turned(own), turned(other), turned_gradient, turn @ arm, turn @ reach, limiter, 0.1, gamma)
    expected = turned(seen(own, other, gradient, arm, reach, limiter, 0.1, gamma))
    size = 1e-12 * (1.0 + np.abs(gradient).max())
    assert found.density == pytest.approx(expected.density, rel=1e-12, abs=size)
    assert found.pressure == pytest.approx(expected.pressure, rel=1e-12, abs=size)
    assert found.velocity == pytest.approx(expected.velocity, abs=size)


@pytest.mark.parametrize("limiter", LIMITERS)
@examples
@given(face=faces(), gamma=gammas)
def test_a_uniform_neighborhood_stays(limiter, face, gamma):
    own, _, gradient, arm, reach = face
    found = seen(own, own, 0.0 * gradient, arm, reach, limiter, 0.1, gamma)
    assert found == own
