"""Properties of local time steps on meshes whose cells differ in size by powers of two."""

from __future__ import annotations

import numpy as np
import pytest

from breachflow.compiled import set_threads
from breachflow.errors import NonPhysicalState
from breachflow.mesh import Mesh
from breachflow.numerics.explicit.floor import Floor
from breachflow.numerics.explicit.stepper import ExplicitStepper
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.layout import Layout
from breachflow.physics.boundary import BehaviorCode
from flow_setup import AIR, DEFAULT_SCHEME, Floats, block, conserved, everywhere, make_flow, take_cycles

NO_FLOOR = Floor(1e-12, 1e-12)


pytestmark = pytest.mark.usefixtures("one_thread")


def graded(n: int, triangles: bool = False, smallest: float = 0.01) -> Mesh:
    """A unit square with grid lines that become denser toward one corner."""
    s = np.linspace(0.0, 1.0, n + 1)
    lines = smallest * s + (1.0 - smallest) * s**3
    return block(lines, lines, triangles)


def make_stepper(layout: Layout, floor: Floor = NO_FLOOR, scheme: Scheme = DEFAULT_SCHEME) -> ExplicitStepper:
    return ExplicitStepper(Discretization(layout, scheme, AIR), floor, 0.8)


def advance(stepper: ExplicitStepper, states: Floats, duration: float) -> int:
    """Advance the states in place; returns the number of cycles."""
    cycles: list[float] = []
    take_cycles(stepper, states, duration, lambda time: cycles.append(time) is not None)
    return len(cycles)


def blast(layout: Layout, mesh: Mesh) -> Floats:
    """States with ten times the pressure and density in the corner with the small cells."""
    corner = np.array(
        [mesh.points[ids].mean(axis=0) for ids in np.split(mesh.cell_points, mesh.cell_offsets[1:-1])]
    )
    share = np.where(np.hypot(*corner.T) < 0.3, 10.0, 1.0)
    rest = np.zeros((layout.n_cells, 2))
    return conserved(np.column_stack([share, rest, share]))


@pytest.mark.parametrize("triangles", [False, True])
@pytest.mark.parametrize("axisymmetric", [False, True])
def test_a_closed_box_keeps_mass_and_energy(triangles, axisymmetric):
    """Mass and energy are conserved to the rounding of some thousand sums."""
    mesh = graded(24, triangles)
    layout = make_flow(mesh, everywhere(mesh, BehaviorCode.WALL, axisymmetric), None, axisymmetric)
    states = blast(layout, mesh)
    volume = layout.cells.volume
    before = volume @ states
    stepper = make_stepper(layout)
    advance(stepper, states, 0.3)
    assert len(np.unique(stepper.levels.level)) >= 4
    assert (volume @ states)[[0, 3]] == pytest.approx(before[[0, 3]], rel=1e-13)
    assert np.abs(states - blast(layout, mesh)).max() > 0.5


@pytest.mark.parametrize("triangles", [False, True])
@pytest.mark.parametrize("axisymmetric", [False, True])
def test_a_uniform_stream_stays(triangles, axisymmetric):
    mesh = graded(16, triangles, smallest=0.1)  # slivers of 1 : 60 at an inflow are unstable in space
    stream = np.array([1.0, 0.6, 0.0 if axisymmetric else 0.3, 1.0])
    kinds = everywhere(mesh, BehaviorCode.RIEMANN, axisymmetric)
    layout = make_flow(mesh, kinds, lambda centers: np.tile(stream, (len(centers), 1)), axisymmetric)
    start = conserved(np.tile(stream, (layout.n_cells, 1)))
    states = start.copy()
    stepper = make_stepper(layout)
    advance(stepper, states, 0.5)
    assert len(np.unique(stepper.levels.level)) >= 3
    assert np.abs(states - start).max() <= 1e-13


def test_the_answer_does_not_depend_on_the_threads():
    mesh = graded(12)
    layout = make_flow(mesh, everywhere(mesh, BehaviorCode.WALL))
    found = []
    for threads in (1, 2):
        set_threads(threads)
        states = blast(layout, mesh)
        take_cycles(make_stepper(layout), states, 1.0, lambda _time: True)
        found.append(states)
    assert np.array_equal(found[0], found[1])


def test_neighbors_differ_by_one_level_when_all_begin_together():
    mesh = graded(24, triangles=True)
    layout = make_flow(mesh, everywhere(mesh, BehaviorCode.WALL))
    states = blast(layout, mesh)
    stepper = make_stepper(layout)
    seen = []

    def look(_time: float) -> bool:
        levels, faces = stepper.levels, layout.faces
        inside = faces.right < layout.n_cells
        level = levels.level
        assert np.array_equal(
            levels.face_level,
            np.where(inside, np.minimum(level[faces.left], level[faces.right * inside]), level[faces.left]),
        )
        for levels_of, order, count in (
            (level, levels.cells, levels.cell_count),
            (levels.face_level, levels.faces, levels.face_count),
        ):
            assert np.array_equal(np.sort(order), np.arange(len(order)))
            assert np.all(np.diff(levels_of[order]) >= 0)
            assert np.array_equal(
                count, np.searchsorted(levels_of[order], np.arange(len(count)), side="right")
            )
        seen.append(np.unique(level).size)
        return False

    take_cycles(stepper, states, 0.1, look)
    assert max(seen) >= 4


def test_a_cycle_overrun_by_a_shock_is_taken_again_with_shorter_steps():
    """Hot gas at 10^4 times the pressure expands into cold gas with time steps a hundred times as long."""
    mesh = block(np.linspace(0.0, 1.0, 101), np.array([0.0, 0.01]))
    layout = make_flow(mesh, everywhere(mesh, BehaviorCode.WALL))
    x = (np.arange(100) + 0.5) / 100
    pressure = np.where(x < 0.1, 1e4, 1.0)
    states = conserved(np.column_stack([np.ones(100), np.zeros((100, 2)), pressure]))
    total = states.mean(axis=0)
    stepper = make_stepper(layout)
    spans = []
    take_cycles(stepper, states, 3e-3, lambda _time: spans.append(stepper.level_span) is not None)
    assert min(spans) < max(spans)
    assert states.mean(axis=0)[[0, 3]] == pytest.approx(total[[0, 3]], rel=1e-13)
    assert states[:, 0].min() > 0.0


def test_what_is_not_finite_is_named():
    mesh = graded(8)
    layout = make_flow(mesh, everywhere(mesh, BehaviorCode.WALL))
    states = blast(layout, mesh)
    states[17, 3] = np.nan
    with pytest.raises(NonPhysicalState, match=r"^cell \d+ has no finite density or pressure$"):
        advance(make_stepper(layout), states, 0.1)


def test_the_floor_holds_and_is_counted():
    """Two halves of the gas recede; between them only the background is left."""
    mesh = block(np.linspace(0.0, 1.0, 101), np.array([0.0, 0.01]))
    layout = make_flow(mesh, everywhere(mesh, BehaviorCode.EXTRAPOLATE))
    x = (np.arange(100) + 0.5) / 100
    speed = np.where(x < 0.5, -10.0, 10.0)
    states = conserved(np.column_stack([np.ones(100), speed, np.zeros(100), np.full(100, 0.4)]))
    stepper = make_stepper(layout, Floor(1e-2, 1e-2))
    advance(stepper, states, 0.02)
    assert stepper.floored > 0
    assert states[:, 0].min() >= 1e-2


def test_the_flux_is_the_mean_over_the_cycle():
    """The flow through the boundary faces equals the change inside."""
    mesh = graded(16)
    layout = make_flow(mesh, everywhere(mesh, BehaviorCode.VACUUM))
    states = blast(layout, mesh)
    before = layout.cells.volume @ states
    stepper = make_stepper(layout)
    duration = take_cycles(stepper, states, 1.0, lambda _time: True)
    left = stepper.flux[-len(layout.boundary.behavior) :].sum(axis=0) * duration
    assert before - layout.cells.volume @ states == pytest.approx(left, rel=1e-11, abs=1e-14)
