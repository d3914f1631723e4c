"""Fluxes in blocks of faces against the pointwise functions called face by face, in the plane and in space.

Without fused multiply-adds the two agree bit for bit (checked without `contract` in the compiler's
options). With them, loops over blocks and over single faces may fuse different products of a formula.
"""

from __future__ import annotations

import numpy as np
import pytest
from pairs import AIR, VISCOUS_AIR, Pair

from breachflow.compiled import kernel
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.fluxes import fluxes
from breachflow.numerics.space.layout import Boundary, Faces, Layout
from breachflow.numerics.space.reconstruction import FACTORS, Limiting, change_along, face_value
from breachflow.numerics.space.residual import make_workspace, states
from breachflow.numerics.space.rows import load_primitive, store_conserved
from breachflow.physics.flux import numerical_flux
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.limiters import Limiter
from breachflow.simd import LANES
from breachflow.vectors import combine, load
from flow_setup import DEFAULT_SCHEME

FUSING = 1e-13
"""Relative to a face's largest number: up to 20 roundings of 2.2e-16 were seen, where momentum cancels."""

IN_SPACE = pytest.param(3, marks=pytest.mark.slow)
"""No run is in space yet and its kernels take long to compile; quick tests hold the pointwise functions."""

SIZES = [1, LANES - 1, LANES, LANES + 1, 200]
SCHEMES = [
    pytest.param(Scheme(int(flux), int(limiter), order), id=f"{flux.name}-{limiter.name}-{order}")
    for flux in NumericalFlux
    for limiter in Limiter
    for order in (1, 2)
]


NOTHING_HELD = np.empty((0, FACTORS), np.float32)


@kernel
def face_by_face(primitive, gradient, faces, axes, scheme, gas, out_flux):
    for face in range(len(faces.area)):
        left, right = faces.left[face], faces.right[face]
        here, there = load_primitive(primitive, left, axes), load_primitive(primitive, right, axes)
        inner, outer = here, there
        if scheme.order == 2:
            limiting = Limiting(scheme.limiter, scheme.limiter_threshold)
            arm, back = load(faces.left_to_face, face, 0, axes), load(faces.right_to_face, face, 0, axes)
            change = change_along(gradient, left, arm, axes)
            reach = change_along(gradient, left, combine(1.0, arm, -1.0, back), axes)
            inner = face_value(here, there, change, reach, limiting, gas)
            change = change_along(gradient, right, back, axes)
            reach = change_along(gradient, right, combine(1.0, back, -1.0, arm), axes)
            outer = face_value(there, here, change, reach, limiting, gas)
        normal = load(faces.normal, face, 0, axes)
        passed = numerical_flux(scheme.flux, inner, outer, normal, gas)
        store_conserved(passed, faces.area[face], out_flux, face)


def any_faces(n_faces: int, dimension: int) -> tuple[Faces, np.ndarray, np.ndarray]:
    """Faces between any two of a few cells, with the states and gradients of these."""
    rng = np.random.default_rng(n_faces)
    n_cells = 2 + n_faces // 2
    normal = rng.normal(size=(n_faces, dimension))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    left, right = rng.integers(0, n_cells, (2, n_faces)).astype(np.int32)
    arms = 0.3 * rng.normal(size=(2, n_faces, dimension))
    density, pressure = 10.0 ** rng.uniform(-1.0, 1.0, (2, n_cells))
    primitive = np.column_stack([density, 2.0 * rng.normal(size=(n_cells, dimension)), pressure])
    gradient = rng.normal(size=(n_cells, (dimension + 2) * dimension))
    area = rng.uniform(0.5, 2.0, n_faces)
    return (
        Faces(left, right, area, normal, *arms, np.zeros(n_faces), np.zeros(0), np.zeros(0)),
        primitive,
        gradient,
    )


def no_boundary(dimension: int) -> Boundary:
    none = np.empty(0, np.bool_)
    return Boundary(np.empty(0, np.int32), np.empty((0, dimension + 2)), np.empty((0, 2)), none)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("dimension", [2, IN_SPACE])
def test_blocks_of_any_number_of_faces(dimension, scheme):
    """The last block is filled with copies of its last face: every number of faces gives each face once."""
    axes = tuple(range(dimension))
    for n_faces in SIZES:
        faces, primitive, gradient = any_faces(n_faces, dimension)
        found, expected = np.full((2, n_faces, dimension + 2), np.nan)
        layout = Layout(axes, Pair("row", "closed").layout.cells, faces, no_boundary(dimension))
        fluxes(primitive, gradient, NOTHING_HELD, Discretization(layout, scheme, AIR), found)
        face_by_face(primitive, gradient, faces, axes, scheme, AIR, expected)
        size = np.abs(expected).max(axis=1, keepdims=True)
        assert np.all(np.abs(found - expected) <= FUSING * size)


@pytest.mark.parametrize("damping", [np.zeros(0), np.linspace(0.0, 1.2, 200).clip(0.0, 1.0)])
def test_slow_flow_has_the_flux_of_narrower_jumps(damping):
    """The normal velocities of both sides come together, to the part M of their jump, the least or the damped
    part."""
    faces, primitive, gradient = any_faces(200, 2)
    sides = [primitive[faces.left], primitive[faces.right]]
    mach = np.max(
        [np.linalg.norm(s[:, 1:3], axis=1) / np.sqrt(1.4 * s[:, 3] / s[:, 0]) for s in sides], axis=0
    )
    part = np.clip(mach, 0.7, 1.0)
    assert min(np.sum(part == 0.7), np.sum((part > 0.7) & (part < 1.0)), np.sum(part == 1.0)) >= 10
    if len(damping):
        part = np.maximum(part, damping)
    jump = np.sum((sides[1] - sides[0])[:, 1:3] * faces.normal, axis=1)
    shift = 0.5 * ((1.0 - part) * jump)[:, None] * faces.normal
    sides[0][:, 1:3] += shift
    sides[1][:, 1:3] -= shift
    numbers = np.arange(200, dtype=np.int32)
    apart = faces._replace(left=numbers, right=numbers + 200)
    first_order = DEFAULT_SCHEME._replace(order=1)
    found, expected = np.full((2, 200, 4), np.nan)
    for rows, these, scheme, out in (
        (primitive, faces._replace(damping=damping), first_order._replace(slow_jump=0.7), found),
        (np.concatenate(sides), apart._replace(damping=damping), first_order, expected),
    ):
        layout = Layout((0, 1), Pair("row", "closed").layout.cells, these, no_boundary(2))
        fluxes(rows, gradient, NOTHING_HELD, Discretization(layout, scheme, AIR), out)
    assert np.all(np.abs(found - expected) <= 1e-12 * np.abs(expected).max(axis=1, keepdims=True))


@pytest.mark.parametrize("dimension", [2, IN_SPACE])
def test_hlle_takes_part_in_the_flux_of_compressed_cells(dimension):
    """From none of it to all of it, by the larger compression of the two cells, whatever the limiter does."""
    faces, primitive, gradient = any_faces(200, dimension)
    axes = tuple(range(dimension))
    slopes = gradient.reshape(-1, dimension + 2, dimension)[:, 1:-1]
    sound = np.sqrt(1.4 * primitive[:, -1] / primitive[:, 0])
    squeezed = np.maximum(-np.trace(slopes, axis1=1, axis2=2), 0.0) / sound
    distance = np.linalg.norm(faces.left_to_face - faces.right_to_face, axis=1)
    larger = distance * np.maximum(squeezed[faces.left], squeezed[faces.right])
    part = np.clip((larger - 0.1) / (0.5 - 0.1), 0.0, 1.0)[:, None]
    assert min(np.sum(part == 0.0), np.sum((part > 0.0) & (part < 1.0)), np.sum(part == 1.0)) >= 10
    layout = Layout(axes, Pair("row", "closed").layout.cells, faces, no_boundary(dimension))
    hllc, hlle, found = np.full((3, 200, dimension + 2), np.nan)
    for name, softens, out in (("HLLC", False, hllc), ("HLLE", False, hlle), ("HLLC", True, found)):
        scheme = DEFAULT_SCHEME._replace(flux=int(NumericalFlux[name]), softens_shocks=softens)
        fluxes(primitive, gradient, NOTHING_HELD, Discretization(layout, scheme, AIR), out)
    expected = (1.0 - part) * hllc + part * hlle
    size = np.maximum(np.abs(hllc), np.abs(hlle)).max(axis=1, keepdims=True)
    assert np.all(np.abs(found - expected) <= FUSING * size)


@pytest.mark.parametrize("damping", [np.zeros(0), np.linspace(0.0, 1.0, 200)], ids=["", "damped"])
def test_softened_faces_have_a_part_of_the_flux_hlle(damping):
    """HLLC's flux and HLLE's, by the part that each face is given, beside the drag of slow gas."""
    faces, primitive, gradient = any_faces(200, 2)
    part = np.linspace(-0.2, 1.2, 200).clip(0.0, 1.0)
    found = np.full((3, 200, 4), np.nan)
    for out, name, softening in zip(
        found, ("HLLC", "HLLE", "HLLC"), (np.zeros(0), np.zeros(0), part), strict=True
    ):
        these = faces._replace(damping=damping, softening=softening)
        layout = Layout((0, 1), Pair("row", "closed").layout.cells, these, no_boundary(2))
        scheme = DEFAULT_SCHEME._replace(flux=int(NumericalFlux[name]))
        fluxes(primitive, gradient, NOTHING_HELD, Discretization(layout, scheme, AIR), out)
    hllc, hlle, softened = found
    expected = (1.0 - part[:, None]) * hllc + part[:, None] * hlle
    size = np.maximum(np.abs(hllc), np.abs(hlle)).max(axis=1, keepdims=True)
    assert np.abs(hllc - hlle).max() > 0.1
    assert np.all(np.abs(softened - expected) <= FUSING * size)


@pytest.mark.parametrize("gas", [AIR, VISCOUS_AIR], ids=["inviscid", "friction"])
def test_drag_takes_from_the_jump_along_a_face(gas):
    """It exchanges momentum along the face, and the work of that at the mean velocity; no mass."""
    pair = Pair("triangles", "friction")
    work = make_workspace(pair.layout, viscous=gas.viscosity > 0.0)
    first_order = DEFAULT_SCHEME._replace(order=1)
    states(pair.conserved, pair.discretization(first_order), work.primitive)
    faces = pair.layout.faces
    inside = len(faces.area) - len(pair.layout.boundary.behavior)
    damping = np.random.default_rng(5).uniform(0.0, 1.0, inside)
    drag = 0.5 * np.sqrt(gas.gamma) * damping
    found, without = np.full((2, *work.flux.shape), np.nan)
    for given, out in ((damping, found), (np.zeros(0), without)):
        layout = pair.layout._replace(faces=faces._replace(damping=given))
        here = Discretization(layout, first_order, gas)
        fluxes(work.primitive, work.gradient, NOTHING_HELD, here, out)
    left, right = (work.primitive[side[:inside], 1:3] for side in (faces.left, faces.right))
    normal, jump = faces.normal[:inside], right - left
    along = jump - np.sum(jump * normal, axis=1)[:, None] * normal
    momentum = (drag * faces.area[:inside])[:, None] * along
    energy = np.sum(momentum * 0.5 * (left + right), axis=1)
    change = np.column_stack([np.zeros(inside), momentum, energy])
    assert np.abs(change).max() > 0.01
    assert found[:inside] == pytest.approx(without[:inside] - change, rel=1e-12, abs=1e-12)
    assert np.array_equal(found[inside:], without[inside:])


def test_supersonic_and_subsonic_faces_are_compared():
    """Each of HLLC's four regions occurs among the 200 faces."""
    faces, primitive, _ = any_faces(200, 3)
    left, right = primitive[faces.left], primitive[faces.right]
    sound = [np.sqrt(AIR.gamma * side[:, 4] / side[:, 0]) for side in (left, right)]
    speed = [np.sum(side[:, 1:4] * faces.normal, axis=1) for side in (left, right)]
    to_the_right = np.minimum(speed[0] - sound[0], speed[1] - sound[1]) > 0.0
    to_the_left = np.maximum(speed[0] + sound[0], speed[1] + sound[1]) < 0.0
    assert to_the_right.sum() >= 5
    assert to_the_left.sum() >= 5
    assert (~to_the_right & ~to_the_left).sum() >= 100


def in_space(vectors: np.ndarray, places: tuple[int, int]) -> np.ndarray:
    """Vectors (..., 2) of the plane as vectors (..., 3) along two of the axes of space."""
    spatial = np.zeros((*vectors.shape[:-1], 3))
    spatial[..., places] = vectors
    return spatial


def states_in_space(plane: np.ndarray, places: tuple[int, int]) -> np.ndarray:
    """States or fluxes (n, 4) of the plane as those of space (n, 5)."""
    return np.column_stack([plane[:, 0], in_space(plane[:, 1:3], places), plane[:, 3]])


@pytest.mark.slow
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(
    ("kinds", "gas"), [("open", AIR), ("rooms", AIR), ("closed", AIR), ("friction", VISCOUS_AIR)]
)
@pytest.mark.parametrize("places", [(0, 1), (1, 2), (2, 0)])
def test_plane_flow_is_a_flow_in_space(places, kinds, gas, order):
    """A plane flow along any two axes of space has the same fluxes at all faces, and none along the third."""
    pair = Pair("triangles", kinds)
    work = make_workspace(pair.layout, viscous=gas.viscosity > 0.0)
    scheme = DEFAULT_SCHEME._replace(order=order)
    _, cells, faces, boundary = pair.layout
    states(pair.conserved, pair.discretization(scheme), work.primitive)
    work.gradient[:] = np.random.default_rng(2).normal(size=work.gradient.shape)
    viscosity = np.full(pair.mesh.n_cells, gas.viscosity)
    along = np.random.default_rng(4).normal(size=(pair.mesh.n_cells, 2))
    temperature = work.primitive[: pair.mesh.n_cells, 3] / work.primitive[: pair.mesh.n_cells, 0]
    if gas.viscosity:
        work.gradient[:, 8:] = np.column_stack([along, temperature, viscosity])
    fluxes(work.primitive, work.gradient, work.held, pair.discretization(scheme, gas), work.flux)
    spatial_faces = faces._replace(
        left=faces.left.copy(),
        **{
            name: in_space(getattr(faces, name), places)
            for name in ("normal", "left_to_face", "right_to_face")
        },
    )
    slopes = np.zeros((pair.mesh.n_cells, 5, 3))
    rows = [0, 1 + places[0], 1 + places[1], 4]
    slopes[:, rows] = in_space(work.gradient[:, :8].reshape(-1, 4, 2), places)
    found = np.full((len(faces.area), 5), np.nan)
    spatial_boundary = boundary._replace(state=states_in_space(boundary.state, places))
    layout = Layout((0, 1, 2), cells, spatial_faces, spatial_boundary)
    spatial = slopes.reshape(-1, 15)
    if gas.viscosity:
        spatial = np.column_stack([spatial, in_space(along, places), temperature, viscosity])
    in_3d = states_in_space(work.primitive, places)
    fluxes(in_3d, spatial, NOTHING_HELD, Discretization(layout, scheme, gas), found)
    size = np.abs(work.flux).max(axis=1, keepdims=True)
    difference = np.abs(found - states_in_space(work.flux, places))
    assert np.all(difference <= FUSING * size)
    assert not found[:, 1 + 3 - sum(places)].any()
