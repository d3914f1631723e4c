"""Flows in space: a shock tube in any direction, and the order on a point source.

Kernels for three dimensions are compiled for these tests alone.
"""

from __future__ import annotations

import numpy as np
import pytest
from exact import cell_averages, march, mean_errors, orders
from scipy.interpolate import CubicSpline
from test_shock_tubes import SECOND, TUBES, exact_averages
from test_smooth import spherical_source

from breachflow.mesh import Mesh, renumber, reverse_cuthill_mckee
from breachflow.numerics.implicit.newton import ImplicitStepper
from breachflow.numerics.space.discretization import Discretization
from breachflow.physics.boundary import BehaviorCode
from breachflow.runs.setup.stream.needs import needs_of_cells
from flow_setup import AIR, DEFAULT_SCHEME, Floats, conserved, everywhere, make_flow, primitive
from solid_boxes import box, curved_box

pytestmark = pytest.mark.slow

AXIS = np.array([1.0, 2.0, 3.0]) / np.sqrt(14.0)
SIDE = np.array([2.0, -1.0, 0.0]) / np.sqrt(5.0)
FRAME = np.stack([AXIS, SIDE, np.cross(AXIS, SIDE)])
"""A right-handed frame whose first axis is the direction of the tube."""

LARGEST_ERROR = 9.64e-3
"""Error of the density on 60 cells: the measured one plus 2 %; a tube in the plane has 9.63e-3."""

ENDS = {"west": BehaviorCode.EXTRAPOLATE, "east": BehaviorCode.EXTRAPOLATE}


def tube_states(mesh: Mesh, kinds, along: Floats) -> Floats:
    """Primitive states after Sod's problem in a tube of unit length along a unit vector."""
    tube, layout = TUBES["sod"], make_flow(mesh, kinds)
    place = mesh.points[mesh.cell_points].reshape(mesh.n_cells, -1, mesh.dimension).mean(axis=1) @ along
    start = np.zeros((mesh.n_cells, mesh.dimension + 2))
    sides = np.where(place[:, None] < 0.5, np.array(tube.left), np.array(tube.right))
    start[:, 0], start[:, -1] = sides[:, 0], sides[:, 2]
    return primitive(march(layout, conserved(start), tube.time, SECOND))


def test_a_tube_in_any_direction():
    """The same cells turned in space give the same flow to rounding."""
    n = 60
    x, y = np.linspace(0.0, 1.0, n + 1), np.linspace(0.0, 2.0 / n, 3)
    grid = np.stack(np.meshgrid(x, y, y, indexing="ij"), axis=-1)
    walls = dict.fromkeys(("south", "north", "below", "above"), BehaviorCode.WALL)
    aligned = tube_states(curved_box(grid), ENDS | walls, np.array([1.0, 0.0, 0.0]))
    turned = tube_states(curved_box(grid @ FRAME), ENDS | walls, AXIS)
    turned[:, 1:4] = turned[:, 1:4] @ FRAME.T
    assert turned == pytest.approx(aligned, abs=1e-12)
    exact = exact_averages(TUBES["sod"], n)[:, 0]
    assert np.abs(aligned[::4, 0] - exact).mean() <= LARGEST_ERROR


def source(supersonic: bool):
    """The point source by an interpolant: the exact solution costs a root for each place."""
    distance = np.linspace(1.2, 3.0, 2001)
    exact = spherical_source(supersonic)(np.column_stack([distance, np.zeros_like(distance)]))
    profile = CubicSpline(distance, exact[:, [0, 1, 3]])

    def state(place: Floats) -> Floats:
        far = np.linalg.norm(place, axis=1)
        density, speed, pressure = profile(far).T
        return np.column_stack([density, (speed / far)[:, None] * place, pressure])

    return state


def source_errors(mesh: Mesh, supersonic: bool) -> Floats:
    """Errors of the steady state beside the source, which Newton's method finds in 15 steps."""
    state, mesh = source(supersonic), renumber(mesh, reverse_cuthill_mckee(mesh.face_cells, mesh.n_cells))
    layout = make_flow(mesh, everywhere(mesh, BehaviorCode.RIEMANN), state)
    exact = cell_averages(mesh, state)
    scheme = DEFAULT_SCHEME._replace(limiter_threshold=needs_of_cells(layout, True).limiter_threshold)
    found, stepper = exact.copy(), ImplicitStepper(Discretization(layout, scheme, AIR), 100.0)
    first = float(np.abs(stepper.evaluate(found)).max())
    for _ in range(15):
        stepper.step(found)
        if float(np.abs(stepper.evaluate(found)).max()) < 1e-7 * first:
            return mean_errors(layout, found, exact)
    raise AssertionError("Newton's method did not converge")


def beside_source(n: int, kind: str, distortion: float) -> Mesh:
    """A box at distances of 1.4 to 2.8 sonic radii; its inner points move at random."""
    line = np.linspace(0.8, 1.6, n + 1)
    return box((line, line, line), kind, distortion, seed=n)


def smoothly_bent(n: int) -> Mesh:
    """The same box of hexahedra whose points are moved by waves: no face is plane."""
    line = np.linspace(0.0, 1.0, n + 1)
    grid = np.stack(np.meshgrid(line, line, line, indexing="ij"), axis=-1)
    x, y, z = np.moveaxis(np.sin(2.0 * np.pi * grid), -1, 0)
    return curved_box(0.8 + 0.8 * (grid + 0.04 * np.stack([y * z, x * z, x * y], axis=-1)))


@pytest.mark.parametrize("supersonic", [False, True])
@pytest.mark.parametrize(
    ("kind", "distortion"), [("hexahedra", 0.0), ("tetrahedra", 0.0), ("tetrahedra", 0.3)]
)
def test_a_point_source_to_second_order(kind, distortion, supersonic):
    """Measured orders of all variables: 1.8 to 2.6."""
    sizes = (8, 16) if kind == "tetrahedra" else (12, 24)
    errors = [source_errors(beside_source(n, kind, distortion), supersonic) for n in sizes]
    for variable in range(5):
        assert min(orders([error[variable] for error in errors])) >= 1.8


def test_smoothly_bent_hexahedra_keep_the_order():
    """The bend of a face falls with its size; measured 1.84 to 2.46, and 2.09 to 2.6 on the next mesh."""
    errors = [source_errors(smoothly_bent(n), supersonic=False) for n in (8, 16)]
    for variable in range(5):
        assert min(orders([error[variable] for error in errors])) >= 1.75


@pytest.mark.parametrize("kind", ["hexahedra", "wedges", "pyramids", "mixed"])
def test_bent_faces_cost_order(kind):
    """One flux for a quadrilateral that is bent on any mesh: between first and second order."""
    errors = [source_errors(beside_source(n, kind, 0.3), True) for n in (8, 16)]
    for variable in range(5):
        assert min(orders([error[variable] for error in errors])) >= 0.9
