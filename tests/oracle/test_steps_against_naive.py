"""The loops of both time steppers, the order of cells and the place of probes against slow plain ones."""

from __future__ import annotations

from types import SimpleNamespace

import naive
import naive_steps
import numpy as np
import pytest
from pairs import AIR, GAMMA, Pair, small_mesh

from breachflow.mesh.ordering import reverse_cuthill_mckee
from breachflow.numerics.explicit import ExplicitStepper, Floor, enforce_floor, shortest_time, stage
from breachflow.numerics.newton import LARGEST_CHANGE, ImplicitStepper, difference, move, update
from breachflow.numerics.residual import Scheme
from breachflow.physics.flux import NumericalFlux
from breachflow.physics.limiter import Limiter
from breachflow.run.plan import probe_cells
from flow_setup import unit_block

SCHEME = Scheme(int(NumericalFlux.HLLC), int(Limiter.VAN_ALBADA), 2)
NO_FLOOR = Floor(1e-9, 1e-9)
N = 30


@pytest.fixture
def rng():
    return np.random.default_rng(6)


def test_stage(rng):
    new, old, right_side = rng.normal(size=(3, N, 4))
    volume = rng.uniform(0.5, 2.0, N)
    expected = 0.3 * old + 0.7 * (new - 0.01 * right_side / volume[:, None])
    stage(new, old, right_side, volume, 0.01, 0.3, 0.7)
    assert new == pytest.approx(expected, rel=1e-13, abs=1e-15)


def test_shortest_time(rng):
    volume, rate = rng.uniform(0.5, 2.0, (2, N))
    assert shortest_time(volume, rate) == min(v / r for v, r in zip(volume, rate, strict=True))


@pytest.mark.parametrize("kinds", ["closed", "open"])
def test_step_in_time(kinds):
    pair = Pair("quads", kinds)
    volume = np.array([cell.volume for cell in pair.cells])
    stepper = ExplicitStepper(pair.layout, AIR, SCHEME, NO_FLOOR, 0.5)
    _, rate = naive.scale_and_rate(pair.cells, pair.conserved, GAMMA)
    duration = stepper.longest_step(pair.conserved)
    assert duration == pytest.approx(0.5 * (volume / rate).min(), rel=1e-13)
    found = pair.conserved.copy()
    stepper.step(found, 0.2 * duration)
    expected = naive_steps.ssp_rk3(
        pair.conserved, volume, 0.2 * duration, lambda u: naive.residual(pair.cells, u, 2, GAMMA)
    )
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-11)
    assert stepper.floored == 0


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
    difference(after, before, vector, scale, rate, cfl, 0.01, product)
    assert moved == pytest.approx(here + 0.01 * scale * vector, rel=1e-13, abs=1e-15)
    expected = (after - before) / (0.01 * scale * rate[:, None]) + vector / cfl[:, None]
    assert product == pytest.approx(expected, rel=1e-12, abs=1e-13)


def test_update(rng):
    """Steps of all sizes: some are taken whole, some are cut for the density, some for the pressure."""
    pair = Pair("triangles", "closed")
    n = pair.mesh.n_cells
    scale, _ = naive.scale_and_rate(pair.cells, pair.conserved, GAMMA)
    solution = 10.0 ** rng.uniform(-3.0, 1.0, (n, 1)) * rng.normal(size=(n, 4))
    found, cfl = pair.conserved.copy(), np.full(n, 10.0)
    update(found, solution, scale, cfl, 15.0, (0, 1), AIR)
    shares = []
    for i in range(n):
        expected, share = naive_steps.updated(pair.conserved[i], solution[i], scale[i], LARGEST_CHANGE, GAMMA)
        shares.append(share)
        assert found[i] == pytest.approx(expected, rel=1e-12, abs=1e-14)
        assert cfl[i] == pytest.approx(15.0 if share == 1.0 else 10.0 * max(share, 0.1), rel=1e-12)
    assert min(shares) < 0.1
    assert max(shares) == 1.0


def test_one_implicit_step_of_a_short_time_is_eulers():
    """At a small CFL number the step is -cfl/rate times the residual, but for a share of that number."""
    pair = Pair("quads", "open")
    cfl = 1e-4
    stepper = ImplicitStepper(pair.layout, AIR, SCHEME, cfl)
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
