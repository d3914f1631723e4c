"""Physical properties of the whole right-hand side, on distorted meshes of every kind, with every scheme.

The states of neighboring cells differ by half: gradients are steep, limiters are active, all terms matter.
Properties that laminar flow has too are tested with and without friction, which is large: Reynolds numbers of
the cells are near 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import angles, examples, gammas

from breachflow.compiled import set_threads
from breachflow.mesh import Mesh, build_mesh
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.residual import make_workspace, residual
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Gas
from breachflow.physics.limiters import Limiter
from flow_setup import block, conserved, make_flow, net_outflow

SIDES = ("left", "right", "bottom", "top")
ROUNDING = 1e-11
"""Relative to the largest residual; gradients divide by distances that the distortion makes short."""

SLIP = (1.0, 1.8)
"""Coefficients of slip and of the temperature jump at all walls with friction."""
PRESCRIBED = np.array([1.1, 0.3, -0.2, 0.9])
"""State outside, and of walls with friction: these are warm and slide."""
INVISCID_OR_LAMINAR = [pytest.param(False, id="inviscid"), pytest.param(True, id="laminar")]

few = settings(examples, max_examples=15)
schemes = st.builds(
    Scheme,
    st.sampled_from([int(flux) for flux in NumericalFlux]),
    st.sampled_from([int(limiter) for limiter in Limiter]),
    st.sampled_from([1, 2]),
    st.just(0.1),
    enthalpy_band=st.just(0.0),  # it is about the total enthalpy of the reference, which has units
)
kinds = st.tuples(*4 * [st.sampled_from(list(BehaviorCode))])
closed = st.tuples(*4 * [st.just(BehaviorCode.WALL)])


class Flow(NamedTuple):
    """A mesh with states inside and outside, and the scheme."""

    mesh: Mesh
    states: np.ndarray
    """(n_cells, 4) primitive"""
    outside: np.ndarray
    """(4,) primitive"""
    kinds: dict[str, BehaviorCode]
    scheme: Scheme
    gas: Gas
    axisymmetric: bool = False

    def layout(self):
        def outside(centers: np.ndarray) -> np.ndarray:
            return np.tile(self.outside, (len(centers), 1))

        layout = make_flow(self.mesh, self.kinds, outside, self.axisymmetric)
        slip = np.tile(SLIP, (len(layout.boundary.behavior), 1))
        return layout._replace(boundary=layout.boundary._replace(slip=slip))

    def residual(self) -> np.ndarray:
        gamma = self.gas.gamma
        return net_outflow(conserved(self.states, gamma), self.layout(), self.scheme, self.gas)


@st.composite
def flows(draw, kinds=kinds, axisymmetric=False, viscous=False):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    lines = np.linspace(0.0, 1.0, 5)
    mesh = block(lines, lines[:4], draw(st.booleans()), 0.6, seed=rng.integers(2**32), mixed=True)
    states = np.exp(0.5 * rng.standard_normal((mesh.n_cells, 4)))
    states[:, 1:3] = 0.7 * rng.standard_normal((mesh.n_cells, 2))
    chosen = dict(zip(SIDES, draw(kinds), strict=True))
    if axisymmetric:
        chosen["bottom"] = BehaviorCode.WALL
    gas = Gas(draw(gammas))
    if viscous:
        exponent, sutherland = draw(st.sampled_from([(1.5, 0.0), (1.5, 0.4), (1.8, 0.0)]))
        gas = Gas(gas.gamma, draw(st.floats(0.01, 0.3)), exponent, sutherland, draw(st.floats(0.6, 1.0)))
    return Flow(mesh, states, PRESCRIBED, chosen, draw(schemes), gas, axisymmetric)


def moved_mesh(mesh: Mesh, points: np.ndarray) -> Mesh:
    """The same cells and patches on other points."""
    cells = (mesh.cell_offsets.astype(np.int64), mesh.cell_points.astype(np.int64))
    pairs = mesh.face_corners
    return build_mesh(points, cells, {name: pairs[faces] for name, faces in mesh.patches.items()})


def assert_close(found: np.ndarray, expected: np.ndarray, share: float = ROUNDING) -> None:
    assert np.abs(found - expected).max() <= share * np.abs(expected).max()


def face_flows(flow: Flow) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Residual, flows through the boundary faces, and sources of y-momentum from the pressure of cells."""
    layout = flow.layout()
    work, out = make_workspace(layout, flow.gas.viscosity > 0.0), np.empty_like(flow.states)
    discretization = Discretization(layout, flow.scheme, flow.gas)
    residual(conserved(flow.states, flow.gas.gamma), discretization, work, out)
    first = len(layout.faces.area) - len(layout.boundary.behavior)
    return out, work.flux[first:], flow.states[:, 3] * layout.cells.source_area


@pytest.mark.parametrize("viscous", INVISCID_OR_LAMINAR)
@pytest.mark.parametrize("axisymmetric", [False, True])
@given(data=st.data())
@few
def test_what_leaves_the_cells_leaves_through_the_boundary(axisymmetric, viscous, data):
    """The scheme is conservative; the pressure on the meridian sides of axisymmetric cells acts outward.

    There the stress around the axis acts too, on radial momentum alone.
    """
    flow = data.draw(flows(axisymmetric=axisymmetric, viscous=viscous))
    out, through, push = face_flows(flow)
    difference = np.abs(out.sum(axis=0) - through.sum(axis=0) + np.array([0.0, 0.0, push.sum(), 0.0]))
    judged = [0, 1, 3] if axisymmetric and viscous else [0, 1, 2, 3]
    assert np.all(difference[judged] <= 1e-13 * np.abs(out).sum())
    assert bool(push.any()) == axisymmetric


@pytest.mark.parametrize("axisymmetric", [False, True])
@given(data=st.data())
@few
def test_a_closed_vessel_keeps_its_mass_and_energy(axisymmetric, data):
    flow = data.draw(flows(closed, axisymmetric))
    total = flow.residual().sum(axis=0)
    assert np.all(np.abs(total[[0, 3]]) <= 1e-13 * np.abs(flow.residual()).sum())


@pytest.mark.parametrize("viscous", INVISCID_OR_LAMINAR)
@given(data=st.data(), angle=angles, shift=st.tuples(*2 * [st.floats(-10.0, 10.0)]), mirror=st.booleans())
@few
def test_rotation_mirror_and_translation(viscous, data, angle, shift, mirror):
    flow = data.draw(flows(viscous=viscous))
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s], [s, c]]) @ np.diag([1.0, -1.0 if mirror else 1.0])

    def turned(rows: np.ndarray) -> np.ndarray:
        return np.column_stack([rows[..., 0], rows[..., 1:3] @ turn.T, rows[..., 3]])

    other = flow._replace(
        mesh=moved_mesh(flow.mesh, flow.mesh.points @ turn.T + np.array(shift)),
        states=turned(flow.states),
        outside=turned(flow.outside[None])[0],
    )
    assert_close(other.residual(), turned(flow.residual()))


@pytest.mark.parametrize("viscous", INVISCID_OR_LAMINAR)
@given(data=st.data(), shift=st.floats(-10.0, 10.0), mirror=st.booleans())
@few
def test_mirror_and_translation_along_the_axis(viscous, data, shift, mirror):
    flow = data.draw(flows(axisymmetric=True, viscous=viscous))
    signs = np.array([1.0, -1.0 if mirror else 1.0, 1.0, 1.0])
    points = flow.mesh.points * signs[1:3] + np.array([shift, 0.0])
    other = flow._replace(
        mesh=moved_mesh(flow.mesh, points), states=signs * flow.states, outside=signs * flow.outside
    )
    assert_close(other.residual(), signs * flow.residual())


@pytest.mark.parametrize("viscous", INVISCID_OR_LAMINAR)
@pytest.mark.parametrize("axisymmetric", [False, True])
@given(data=st.data(), exponents=st.tuples(*3 * [st.integers(-10, 10)]))
@few
def test_no_hidden_units(axisymmetric, viscous, data, exponents):
    """Units of length, density and speed that differ by powers of four leave the residual exactly equal.

    The viscosity goes with the root of the temperature here, so that its coefficient carries all units.
    """
    flow = data.draw(flows(axisymmetric=axisymmetric, viscous=viscous))
    flow = flow._replace(gas=flow.gas._replace(exponent=1.5, sutherland=0.0))
    length, density, speed = (4.0**exponent for exponent in exponents)
    units = np.array([density, speed, speed, density * speed**2])
    other = flow._replace(
        mesh=moved_mesh(flow.mesh, length * flow.mesh.points),
        states=units * flow.states,
        outside=units * flow.outside,
        gas=flow.gas._replace(viscosity=length * density * flow.gas.viscosity),
    )
    area = length ** (2 if axisymmetric else 1)
    expected = area * density * speed * np.array([1.0, speed, speed, speed**2]) * flow.residual()
    assert_close(other.residual(), expected, 1e-13)


@pytest.mark.parametrize("viscous", INVISCID_OR_LAMINAR)
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
@few
def test_every_order_of_the_cells_gives_the_same(viscous, data, seed):
    """The balance of a cell does not depend on the owners of its faces, except for the order of its sums."""
    from breachflow.mesh.topology import renumber

    flow = data.draw(flows(viscous=viscous))
    order = np.random.default_rng(seed).permutation(flow.mesh.n_cells)
    other = flow._replace(mesh=renumber(flow.mesh, order), states=flow.states[order])
    assert_close(other.residual(), flow.residual()[order])


@pytest.mark.parametrize("viscous", INVISCID_OR_LAMINAR)
@pytest.mark.parametrize("axisymmetric", [False, True])
@given(data=st.data())
@few
def test_uniform_stream(axisymmetric, viscous, data):
    flow = data.draw(flows(st.tuples(*4 * [st.just(BehaviorCode.RIEMANN)]), axisymmetric, viscous))
    stream = np.array([0.7, 1.3, 0.0 if axisymmetric else -0.6, 0.4])
    flow = flow._replace(states=np.tile(stream, (flow.mesh.n_cells, 1)), outside=stream)
    assert np.abs(flow.residual()).max() <= 1e-13 / (flow.gas.gamma - 1.0)


@pytest.mark.parametrize("kind", [BehaviorCode.WALL, BehaviorCode.OPENING])
@pytest.mark.parametrize("axisymmetric", [False, True])
@given(data=st.data(), heat=st.floats(0.5, 2.0))
@settings(examples, max_examples=10)
def test_gas_of_any_temperature_rests_at_one_pressure(kind, axisymmetric, data, heat):
    """Fluxes that resolve contacts keep hot and cold cells at rest side by side, to first order."""
    flow = data.draw(flows(st.tuples(*4 * [st.just(kind)]), axisymmetric))
    states = flow.states.copy()
    states[:, 1:3], states[:, 3] = 0.0, 0.8
    scheme = Scheme(int(NumericalFlux.HLLC), 0, 1)
    flow = flow._replace(states=states, outside=np.array([heat, 0.0, 0.0, 0.8]), scheme=scheme)
    assert np.abs(flow.residual()).max() <= 1e-13 / (flow.gas.gamma - 1.0)


QUIET = ("WALL", "ISOTHERMAL_WALL", "ADIABATIC_WALL", "OPENING", "RIEMANN", "ROOM")
"""Boundaries beside which gas rests: of the walls' temperature, and of the pressure outside."""


@pytest.mark.parametrize("axisymmetric", [False, True])
@given(data=st.data())
@few
def test_gas_of_the_walls_temperature_rests(axisymmetric, data):
    """By every flux and at both orders: nothing flows, no heat passes, no wall is sheared."""
    quiet = st.sampled_from([BehaviorCode[name] for name in QUIET])
    flow = data.draw(flows(st.tuples(*4 * [quiet]), axisymmetric, viscous=True))
    rest = np.array([0.7, 0.0, 0.0, 0.4])
    flow = flow._replace(states=np.tile(rest, (flow.mesh.n_cells, 1)), outside=rest)
    assert np.abs(flow.residual()).max() <= 1e-13 / (flow.gas.gamma - 1.0)


@pytest.mark.parametrize("axisymmetric", [False, True])
@given(data=st.data())
@few
def test_an_insulated_vessel_keeps_its_mass_and_energy(axisymmetric, data):
    """Friction turns motion into heat, and none of it leaves through walls that rest and are insulated."""
    insulated = st.sampled_from([BehaviorCode["WALL"], BehaviorCode["ADIABATIC_WALL"]])
    flow = data.draw(flows(st.tuples(*4 * [insulated]), axisymmetric, viscous=True))
    flow = flow._replace(outside=np.array([1.1, 0.0, 0.0, 0.9]))
    total = flow.residual().sum(axis=0)
    assert np.all(np.abs(total[[0, 3]]) <= 1e-13 * np.abs(flow.residual()).sum())


@pytest.mark.parametrize("axisymmetric", [False, True])
@given(data=st.data())
@settings(examples, max_examples=5)
def test_any_number_of_threads_gives_the_same_bits(axisymmetric, data):
    """More blocks of faces than threads; both threads have cells and boundary faces."""
    flow = data.draw(flows(axisymmetric=axisymmetric, viscous=True))
    lines = np.linspace(0.0, 1.0, 12)
    mesh = block(lines, lines, triangles=True, distortion=0.6, mixed=True)
    rng = np.random.default_rng(mesh.n_cells)
    states = np.exp(0.3 * rng.standard_normal((mesh.n_cells, 4)))
    flow = flow._replace(mesh=mesh, states=states)
    assert set_threads(1) == 1
    alone = flow.residual()
    both = set_threads(2)
    found = flow.residual()
    set_threads(None)
    assert both == 2
    assert np.array_equal(found, alone)
