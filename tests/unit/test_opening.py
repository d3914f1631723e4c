"""The narrowest section between two boundaries, on meshes whose opening is known exactly."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import Delaunay

from breachflow.mesh import Mesh, build_mesh
from breachflow.mesh.opening.sections import CrossSection, narrowest_sections

EXACT = 1e-9


def triangles(points: np.ndarray, keep, patch) -> Mesh:
    """A mesh of Delaunay triangles where `keep(x, y)`; `patch(x, y)` names the boundary by its middles."""
    cells = Delaunay(points).simplices
    cells = cells[keep(*points[cells].mean(axis=1).T)]
    used, corners = np.unique(cells, return_inverse=True)
    points, cells = points[used], corners.reshape(-1, 3)
    edges = np.sort(np.concatenate([cells[:, [0, 1]], cells[:, [1, 2]], cells[:, [2, 0]]]), axis=1)
    pairs, counts = np.unique(edges, axis=0, return_counts=True)
    rim = pairs[counts == 1]
    names = np.array([patch(x, y) for x, y in points[rim].mean(axis=1)])
    return build_mesh(points, [cells], {str(name): rim[names == name] for name in np.unique(names)})


def grid(x: np.ndarray, y: np.ndarray, skew: float = 0.0) -> np.ndarray:
    """Points of a grid; those inside the rectangle are moved at random by up to `skew`."""
    points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
    free = (points[:, 0] > x[0]) & (points[:, 0] < x[-1]) & (points[:, 1] > y[0]) & (points[:, 1] < y[-1])
    rng = np.random.default_rng(7)
    return points + np.where(free, 1.0, 0.0)[:, None] * rng.uniform(-skew, skew, points.shape)


def sections(mesh: Mesh, axisymmetric: bool = False) -> list[CrossSection] | None:
    return narrowest_sections(mesh, mesh.patches["in"], mesh.patches["out"], axisymmetric)


def everywhere(x: np.ndarray, _y: np.ndarray) -> np.ndarray:
    return np.ones(len(x), dtype=bool)


def ends_and_walls(x: float, _y: float) -> str:
    return "in" if x < -0.999 else "out" if x > 0.999 else "wall"


@pytest.mark.parametrize(("axisymmetric", "area"), [(False, 1.0), (True, 0.5)])
def test_a_pipe_of_triangles_askew_is_as_wide_as_it_is(axisymmetric: bool, area: float):
    points = grid(np.linspace(-1, 1, 21), np.linspace(0, 1, 11), skew=0.03)
    (found,) = sections(triangles(points, everywhere, ends_and_walls), axisymmetric)
    assert found.is_exact
    assert found.area == pytest.approx(area, rel=EXACT)
    x = found.ends[:, 0]
    assert x[0] == pytest.approx(x[1], abs=EXACT)
    assert found.ends[1, 1] - found.ends[0, 1] == pytest.approx(1.0)  # the gas passes from left to right


def test_a_slanted_channel():
    """A channel of width 1 at 30 degrees, between vertical ends: the section lies across it, not along y."""
    slope = np.tan(np.radians(30.0))
    points = grid(np.linspace(-1, 1, 21), np.linspace(0, 1, 11) / np.cos(np.radians(30.0)))
    points[:, 1] += slope * points[:, 0]
    (found,) = sections(triangles(points, lambda x, y: abs(y - slope * x - 0.577) < 0.577, ends_and_walls))
    assert found.is_exact
    assert found.area == pytest.approx(1.0, rel=EXACT)


def test_a_body_in_a_pipe_leaves_two_sections_side_by_side():
    """A square of side 0.4 in a pipe of 1."""
    points = grid(np.linspace(-1, 1, 21), np.linspace(0, 1, 11))

    def gas(x, y):
        return (np.abs(x + 0.5) > 0.2) | (np.abs(y - 0.5) > 0.2)

    found = sections(triangles(points, gas, ends_and_walls))
    assert [section.area for section in found] == pytest.approx([0.3, 0.3], rel=EXACT)


def test_the_nearest_walls_are_not_taken_where_no_gas_lies_between_them():
    """A channel of width 1 in the shape of a U, whose two arms are 0.2 apart outside the gas."""
    points = grid(np.linspace(-2, 2, 41), np.linspace(0, 2.2, 23))

    def gas(x, y):
        return (np.abs(y - 1.1) > 0.1) | (x > 1.0)

    def patch(x, y):
        return ("in" if y < 1.0 else "out" if y > 1.2 else "wall") if x < -1.999 else "wall"

    (found,) = sections(triangles(points, gas, patch))
    assert found.is_exact
    assert found.area == pytest.approx(1.0, rel=EXACT)


def test_the_inlet_may_be_the_narrowest():
    points = grid(np.linspace(-1, 1, 21), np.linspace(0, 1, 11))

    def patch(x, y):
        return "in" if x < -0.999 and y < 0.4 else "out" if x > 0.999 else "wall"

    (found,) = sections(triangles(points, everywhere, patch))
    assert found.area == pytest.approx(0.4, rel=EXACT)


@pytest.mark.parametrize(
    "patch",
    [
        lambda x, _: "in" if abs(x) > 0.999 else "out",
        lambda x, y: "out" if max(abs(x), abs(2 * y - 1)) > 0.999 else "in",
    ],
    ids=["in turn", "ring"],
)
def test_what_no_single_line_parts_is_not_known(patch):
    points = grid(np.linspace(-1, 1, 21), np.linspace(0, 1, 11))
    ring = triangles(points, lambda x, y: (np.abs(x) > 0.2) | (np.abs(y - 0.5) > 0.2), patch)
    assert sections(ring) is None
