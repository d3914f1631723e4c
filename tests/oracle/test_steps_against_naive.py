"""Floor, loops of steady steps, order of cells and cells of probes against slow, plain loops."""

from __future__ import annotations

from types import SimpleNamespace

import naive
import naive_steps
import numpy as np
import pytest
from pairs import AIR, GAMMA, Pair, small_mesh

from breachflow.mesh.ordering import reverse_cuthill_mckee
from breachflow.numerics.explicit.floor import Floor, enforce_floor
from breachflow.numerics.implicit.jacobian import Scaling, difference, move
from breachflow.numerics.implicit.krylov import CHUNK
from breachflow.numerics.implicit.newton import ImplicitStepper, extents
from breachflow.numerics.implicit.update import (
    COLDEST,
    INTO_VACUUM,
    LARGEST_CHANGE,
    SMALLEST_CFL,
    THIN_GAS,
    add_update,
)
from breachflow.numerics.space.discretization import Scheme
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.limiters import Limiter
from breachflow.runs.setup.meshes import probe_cells
from flow_setup import unit_block

SCHEME = Scheme(int(NumericalFlux.HLLC), int(Limiter.VAN_ALBADA), 2)
N = 30
THIN_FALL, THIN_RISE, GROWTH = INTO_VACUUM[:3]


@pytest.fixture
def rng():
    return np.random.default_rng(6)


def test_floor(rng):
    density, pressure = 10.0 ** rng.uniform(-4.0, 0.0, (2, N))
    velocity = rng.normal(size=(N, 2))
    states = np.column_stack([density, velocity, pressure])
    states[3, 0], states[4, 3] = 1e-5, -0.2  # thinner than the floor, and no gas at all
    conserved = np.array([naive_steps.to_conserved(w, GAMMA) for w in states])
    expected = [naive_steps.floored(u, 1e-2, 1e-3, GAMMA) for u in conserved]
    first_bad, cuts = enforce_floor(conserved, Floor(1e-2, 1e-3), (0, 1), AIR)
    assert first_bad == -1
    assert cuts == sum(cut for _, cut in expected) > 5
    assert conserved == pytest.approx(np.array([u for u, _ in expected]), rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("variable", range(4))
def test_floor_names_the_first_cell_that_is_not_finite(bad, variable):
    conserved = np.tile([1.0, 0.1, 0.1, 2.0], (N, 1))
    conserved[[7, 11], variable] = bad
    assert enforce_floor(conserved, Floor(1e-3, 1e-3), (0, 1), AIR)[0] == 7


def test_move_and_difference(rng):
    here, vector, after, before = rng.normal(size=(4, N, 4))
    scale, rate, cfl = rng.uniform(0.5, 2.0, (N, 4)), *rng.uniform(0.5, 2.0, (2, N))
    moved, product = np.full((2, N, 4), np.nan)
    move(here, vector, scale, 0.01, moved)
    difference(after, before, vector, Scaling(scale, rate, cfl), 0.01, product)
    assert moved == pytest.approx(here + 0.01 * scale * vector, rel=1e-13, abs=1e-15)
    expected = (after - before) / (0.01 * scale * rate[:, None]) + vector / cfl[:, None]
    assert product == pytest.approx(scale[:, :1] * expected, rel=1e-12, abs=1e-13)


def test_extents(rng):
    """Sums of squares and largest sizes, of two whole chunks and a part of one."""
    vector, found = rng.normal(size=2 * CHUNK + 100), np.full((3, 2), np.nan)
    extents(vector, found)
    for part, (total, largest) in zip(np.split(vector, [CHUNK, 2 * CHUNK]), found, strict=True):
        assert total == pytest.approx(part @ part, rel=1e-13)
        assert largest == np.abs(part).max()


@pytest.mark.parametrize("thickness", [1.0, THIN_GAS], ids=["dense", "some-thin"])
def test_update(rng, thickness):
    """Steps of all sizes: some are taken in full, some are limited by the density, some by the pressure."""
    pair = Pair("triangles", "closed")
    n = pair.mesh.n_cells
    conserved = thickness * pair.conserved
    thin = conserved[:, 0] < THIN_GAS
    assert 0.2 < thin.mean() < 0.8 or (thickness == 1.0 and not thin.any())
    scale = thickness * naive.scale_and_rate(pair.cells, pair.conserved, GAMMA)[0]
    solution = 10.0 ** rng.uniform(-3.0, 1.0, (n, 1)) * rng.normal(size=(n, 4))
    found, cfl = conserved.copy(), np.full(n, 10.0)
    scaling = Scaling(scale, np.ones(n), cfl)
    add_update(found, solution, scaling, 15.0, pair.discretization(), INTO_VACUUM)
    fractions = []
    for i in range(n):
        limits = (THIN_FALL, THIN_RISE) if thin[i] else (LARGEST_CHANGE, LARGEST_CHANGE)
        expected, fraction = naive_steps.updated(conserved[i], solution[i], scale[i], *limits, GAMMA)
        fractions.append(fraction)
        assert found[i] == pytest.approx(expected, rel=1e-12, abs=1e-14)
        assert cfl[i] == pytest.approx(15.0 if fraction == 1.0 else 10.0 * max(fraction, 0.1), rel=1e-12)
    assert min(fractions) < 0.1
    assert max(fractions) == 1.0


def test_no_cell_becomes_colder_than_the_least_internal_energy():
    """A fast stream, p = 1e-6 and density 1: its internal energy is 2e-7 of the total, and becomes 1e-5."""
    state, steps = np.array([[1.0, 5.0, 0.0, 1e-6 / (GAMMA - 1.0) + 12.5]]), np.array([10.0])
    scaling = Scaling(state.copy(), np.ones(1), steps)
    discretization = Pair("row", "closed").discretization()
    add_update(state, np.zeros((1, 4)), scaling, 1e3, discretization, INTO_VACUUM)
    density, momentum, _, energy = state[0]
    assert (density, momentum) == (1.0, 5.0)
    assert energy - 12.5 == pytest.approx(COLDEST * energy, rel=1e-4)


def updated_at_rest(density: float, change, cfl=10.0, max_cfl=1e3) -> tuple[np.ndarray, float]:
    """Gas at rest, changed by fractions of density and energy: new over old values, and the step."""
    state, steps = np.array([[density, 0.0, 0.0, 2.5]]), np.array([cfl])
    scale, solution = state.copy(), np.array([[change[0], 0.0, 0.0, change[1]]])
    discretization = Pair("row", "closed").discretization()
    add_update(state, solution, Scaling(scale, np.ones(1), steps), max_cfl, discretization, INTO_VACUUM)
    return state[0] / [density, 1.0, 1.0, 2.5], float(steps[0])


@pytest.mark.parametrize(
    ("density", "asked", "given"),
    [
        (1.0, -0.2, -0.2),
        (1.0, -0.9, -LARGEST_CHANGE),
        (1.0, 2.0, LARGEST_CHANGE),
        (THIN_GAS, -0.9, -LARGEST_CHANGE),
        (0.999 * THIN_GAS, -0.9, -THIN_FALL),
        (0.999 * THIN_GAS, -0.6, -0.6),
        (0.999 * THIN_GAS, 5.0, THIN_RISE),
        (0.999 * THIN_GAS, 0.9, 0.9),
    ],
)
def test_cut_of_the_density(density, asked, given):
    """The step is limited in full at once; the pressure of gas at rest does not change."""
    state, cfl = updated_at_rest(density, (asked, 0.0))
    assert state == pytest.approx([1.0 + given, 0.0, 0.0, 1.0], rel=1e-14)
    assert cfl == pytest.approx(10.0 * GROWTH if given == asked else 10.0 * given / asked, rel=1e-14)


@pytest.mark.parametrize(
    ("density", "asked", "halvings"),
    [
        (1.0, 0.25, 0),
        (1.0, -0.25, 0),
        (1.0, 0.9, 2),
        (1.0, -0.5, 1),
        (0.5 * THIN_GAS, -0.65, 0),
        (0.5 * THIN_GAS, -0.9, 1),
        (0.5 * THIN_GAS, 0.95, 0),
        (0.5 * THIN_GAS, 5.0, 3),
    ],
)
def test_cut_of_the_pressure(density, asked, halvings):
    """Halved until the pressure's change is within the limits."""
    state, cfl = updated_at_rest(density, (0.0, asked))
    assert state == pytest.approx([1.0, 0.0, 0.0, 1.0 + asked * 0.5**halvings], rel=1e-14)
    assert cfl == pytest.approx(10.0 * (0.5**halvings if halvings else GROWTH), rel=1e-14)


def test_both_cuts():
    """A third of the step for the density, then half of it for the pressure."""
    state, cfl = updated_at_rest(1.0, (-3.0 * LARGEST_CHANGE, -1.2))
    assert state == pytest.approx([1.0 - 0.5 * LARGEST_CHANGE, 0.0, 0.0, 1.0 - 0.2], rel=1e-14)
    assert cfl == pytest.approx(10.0 / 6.0, rel=1e-14)


def test_a_hopeless_change_is_not_made():
    """30 halvings leave a change of 1e9 as large as 2; what is added and taken away again rounds by 1e-7."""
    state, cfl = updated_at_rest(1.0, (0.0, -1e9))
    assert state == pytest.approx([1.0, 0.0, 0.0, 1.0], abs=4e-7)
    assert cfl == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize(
    ("cfl", "max_cfl", "change", "after"),
    [
        (10.0, 1e3, 0.0, GROWTH * 10.0),
        (10.0, 25.0, 0.0, 25.0),
        (10.0, 5.0, 0.0, 5.0),
        (10.0, 1e3, 20.0 * LARGEST_CHANGE, 1.0),  # at most a tenth
        (2.0 * SMALLEST_CFL, 1e3, 20.0 * LARGEST_CHANGE, SMALLEST_CFL),
        (SMALLEST_CFL, 1e3, 0.0, GROWTH * SMALLEST_CFL),
        (1.0, 0.5 * SMALLEST_CFL, 0.0, 0.5 * SMALLEST_CFL),
    ],
)
def test_steps_grow_and_shrink_within_their_bounds(cfl, max_cfl, change, after):
    assert updated_at_rest(1.0, (change, 0.0), cfl, max_cfl)[1] == pytest.approx(after, rel=1e-14)


def test_one_implicit_step_of_a_short_time_is_eulers():
    """At a small CFL number the step is -cfl/rate times the residual, to a relative error of that number."""
    pair = Pair("quads", "open")
    cfl = 1e-4
    stepper = ImplicitStepper(pair.discretization(SCHEME), cfl)
    found = pair.conserved.copy()
    stepper.evaluate(found)
    stepper.step(found)
    _, rate = naive.scale_and_rate(pair.cells, pair.conserved, GAMMA)
    expected = -cfl / rate[:, None] * naive.residual(pair.cells, pair.conserved, 2, GAMMA)
    change = found - pair.conserved
    assert np.abs(change - expected).max() <= 0.01 * np.abs(expected).max()


@pytest.mark.parametrize("shape", ["quads", "triangles", "row", "graded"])
def test_order_of_cells_is_cuthill_and_mckees(shape):
    """Read backwards, each cell comes with its first neighbor's others, those of fewer neighbors first."""
    mesh = small_mesh(shape)
    order = reverse_cuthill_mckee(mesh.face_cells, mesh.n_cells)[::-1]
    assert sorted(order) == list(range(mesh.n_cells))
    near = {cell: set() for cell in range(mesh.n_cells)}
    for a, b in mesh.face_cells[mesh.face_cells[:, 1] >= 0].tolist():
        near[a].add(b)
        near[b].add(a)
    number = {int(cell): i for i, cell in enumerate(order)}
    keys = [(min(number[other] for other in near[int(cell)]), len(near[int(cell)])) for cell in order[1:]]
    assert keys == sorted(keys)


def inside(point: np.ndarray, corners: np.ndarray) -> bool:
    """The corners turn once around the point."""
    arms = np.array([complex(*(corner - point)) for corner in corners])
    return bool(abs(np.angle(np.roll(arms, -1) / arms).sum()) > np.pi)


@pytest.mark.parametrize("triangles", [False, True])
def test_probes_lie_in_their_cells(triangles, rng):
    mesh = unit_block(9, triangles, 0.6)
    places = {f"p{i}": tuple(place) for i, place in enumerate(rng.uniform(0.001, 0.999, (50, 2)))}
    found = probe_cells(SimpleNamespace(probes=places, label="case"), mesh)
    for name, place in places.items():
        holders = [
            cell
            for cell in range(mesh.n_cells)
            if inside(
                np.array(place),
                mesh.points[mesh.cell_points[mesh.cell_offsets[cell] : mesh.cell_offsets[cell + 1]]],
            )
        ]
        assert holders == [found[name]]
