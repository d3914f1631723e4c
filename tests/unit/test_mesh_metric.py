"""Areas, volumes and centroids against simple solids of revolution, and closure of any mesh."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breachflow.errors import MeshError
from breachflow.mesh import Mesh, build_mesh, compute_metric
from breachflow.mesh.metric import outward_sum
from breachflow.mesh.quality import mesh_quality

EXACT = 1e-13
"""Relative rounding of sums of some ten products."""


def polygon(corners: list[tuple[float, float]]) -> Mesh:
    """A mesh of one cell."""
    index = np.arange(len(corners))
    edges = np.column_stack([index, np.roll(index, -1)])
    return build_mesh(np.array(corners, dtype=float), [index[None, :]], {"all": edges})


def distorted(seed: int, amount: float, low: float, triangles: bool) -> Mesh:
    """A 5 x 4 grid above y = low with every point moved by up to amount/2 of a spacing."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(6.0), np.arange(5.0), indexing="ij")
    points = np.column_stack([x.ravel(), y.ravel()]) + amount * (rng.random((30, 2)) - 0.5)
    points[:, 1] = np.where(y.ravel() == 0.0, low, points[:, 1] + low)
    node = np.arange(30).reshape(6, 5)
    quads = np.stack([node[:-1, :-1], node[1:, :-1], node[1:, 1:], node[:-1, 1:]], axis=-1).reshape(-1, 4)
    outline = np.concatenate([node[:, 0], node[-1, 1:], node[-2::-1, -1], node[0, -2:0:-1]])
    cells = [quads[:, [0, 1, 3]], quads[:, [1, 2, 3]]] if triangles else [quads]
    return build_mesh(points, cells, {"all": np.column_stack([outline, np.roll(outline, -1)])})


def test_planar_triangle():
    metric = compute_metric(polygon([(0, 0), (3, 0), (0, 3)]), axisymmetric=False)
    assert metric.volume.tolist() == [4.5]
    assert metric.centroid == pytest.approx(np.array([[1.0, 1.0]]), rel=EXACT)
    assert sorted(metric.face_area.tolist()) == [[-3.0, 0.0], [0.0, -3.0], [3.0, 3.0]]
    assert metric.source_area.tolist() == [0.0]


def test_planar_trapezoid_centroid():
    # Parallel sides 3 and 1, height 2: area 4, centroid at height h/3 (a + 2b)/(a + b) = 5/6.
    metric = compute_metric(polygon([(0, 0), (3, 0), (2, 2), (1, 2)]), axisymmetric=False)
    assert metric.volume[0] == pytest.approx(4.0, rel=EXACT)
    assert metric.centroid[0] == pytest.approx([1.5, 5.0 / 6.0], rel=EXACT)


def test_cone():
    radius, height = 2.0, 3.0
    metric = compute_metric(polygon([(0, 0), (height, 0), (0, radius)]), axisymmetric=True)
    assert 2 * math.pi * metric.volume[0] == pytest.approx(math.pi * radius**2 * height / 3, rel=EXACT)
    assert metric.centroid[0, 0] == pytest.approx(height / 4, rel=EXACT)  # of the solid, from its base
    areas = {round(float(2 * math.pi * np.hypot(*area)), 12): area.tolist() for area in metric.face_area}
    base, mantle = math.pi * radius**2, math.pi * radius * math.hypot(radius, height)
    assert sorted(areas) == pytest.approx(sorted([0.0, base, mantle]), abs=1e-11)
    assert metric.source_area[0] == pytest.approx(radius * height / 2, rel=EXACT)


def test_cylinder_shell():
    metric = compute_metric(polygon([(0, 1), (5, 1), (5, 2), (0, 2)]), axisymmetric=True)
    assert metric.volume[0] == pytest.approx(5 * (4 - 1) / 2, rel=EXACT)
    # Radius of the centroid: int r^2 dr / int r dr = (8 - 1)/3 / ((4 - 1)/2).
    assert metric.centroid[0] == pytest.approx([2.5, 14 / 9], rel=EXACT)
    assert metric.source_area[0] == pytest.approx(5.0, rel=EXACT)


def test_face_center_is_weighted_by_radius():
    mesh = polygon([(0, 0), (1, 0), (1, 3), (0, 3)])
    metric = compute_metric(mesh, axisymmetric=True)
    centers = {tuple(np.round(center, 12)) for center in metric.face_center}
    # Discs: int r^2 dr / int r dr = 2/3 of the radius; the edge on the axis: its midpoint.
    assert centers == {(0.5, 0.0), (1.0, 2.0), (0.5, 3.0), (0.0, 2.0)}


def half_disc(n: int) -> Mesh:
    angle = np.linspace(0.0, np.pi, n + 1)
    return polygon(list(zip(np.cos(angle), np.abs(np.sin(angle)), strict=True)))


def test_sphere_of_frusta():
    mesh = half_disc(16)
    x, r = mesh.points.T
    frusta = np.pi / 3 * np.abs(np.diff(x)) * (r[1:] ** 2 + r[1:] * r[:-1] + r[:-1] ** 2)
    metric = compute_metric(mesh, axisymmetric=True)
    assert 2 * math.pi * metric.volume[0] == pytest.approx(frusta.sum(), rel=EXACT)


def test_sphere_converges_with_second_order():
    # Observed order of volume and surface of inscribed frusta towards 4/3 pi and 4 pi.
    errors = []
    for n in (16, 32, 64):
        metric = compute_metric(half_disc(n), axisymmetric=True)
        surface = np.hypot(*metric.face_area.T).sum()
        errors.append([2 / 3 - metric.volume[0], 2.0 - surface])
    ratios = np.array(errors[:-1]) / np.array(errors[1:])
    assert ratios == pytest.approx(4.0, rel=0.02)


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.45), st.booleans(), st.sampled_from([0.0, 0.5, 100.0]))
def test_every_cell_is_closed(seed: int, amount: float, triangles: bool, low: float):
    mesh = distorted(seed, amount, low, triangles)
    for axisymmetric in (False, True):
        metric = compute_metric(mesh, axisymmetric)
        tolerance = 1e-13 * np.abs(metric.face_area).max()
        assert np.abs(outward_sum(mesh, metric.face_area[:, 0])).max() <= tolerance
        assert np.abs(outward_sum(mesh, metric.face_area[:, 1]) - metric.source_area).max() <= tolerance
    plane = compute_metric(mesh, axisymmetric=False)
    assert metric.source_area == pytest.approx(plane.volume, rel=1e-11)


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.45), st.booleans(), st.sampled_from([0.0, 0.5, 100.0]))
def test_volumes_and_centroids_agree_with_quadrature(seed: int, amount: float, triangles: bool, low: float):
    """Cells cut into triangles; the midpoints of the edges integrate r, r x and r^2 exactly."""
    mesh = distorted(seed, amount, low, triangles)
    metric = compute_metric(mesh, axisymmetric=True)
    for cell in range(mesh.n_cells):
        corners = mesh.points[mesh.cell_points[mesh.cell_offsets[cell] : mesh.cell_offsets[cell + 1]]]
        volume, moment = 0.0, np.zeros(2)
        for second, third in pairwise(corners[1:]):
            (a, b), (c, d) = second - corners[0], third - corners[0]
            middles = np.array([corners[0] + second, second + third, third + corners[0]]) / 2
            weights = 0.5 * (a * d - b * c) / 3 * middles[:, 1]
            volume += weights.sum()
            moment += weights @ middles
        assert metric.volume[cell] == pytest.approx(volume, rel=1e-11)
        assert metric.centroid[cell] == pytest.approx(moment / volume, rel=1e-11, abs=1e-11)


def test_tiny_cells_far_from_the_origin_keep_their_digits():
    size, x, r = 1e-6, 10.0, 5.0
    mesh = polygon([(x, r), (x + size, r), (x + size, r + size), (x, r + size)])
    width, height = np.ptp(mesh.points, axis=0)  # as stored
    metric = compute_metric(mesh, axisymmetric=True)
    assert metric.volume[0] == pytest.approx(width * height * (r + height / 2), rel=1e-12)
    assert metric.centroid[0] - [x, r] == pytest.approx([size / 2, size / 2], rel=1e-6)


@pytest.mark.parametrize(("axisymmetric", "power"), [(False, 2), (True, 3)])
def test_scale(axisymmetric: bool, power: int):
    mesh = distorted(3, 0.3, 0.0, triangles=True)
    one, milli = compute_metric(mesh, axisymmetric), compute_metric(mesh, axisymmetric, scale=1e-3)
    assert milli.volume == pytest.approx(one.volume * 1e-3**power, rel=1e-12)
    assert milli.centroid == pytest.approx(one.centroid * 1e-3, rel=1e-12)
    assert milli.face_area == pytest.approx(one.face_area * 1e-3 ** (power - 1), rel=1e-12, abs=1e-18)


def test_points_below_the_axis_are_refused():
    mesh = polygon([(0, -0.5), (1, -0.5), (1, 1), (0, 1)])
    with pytest.raises(
        MeshError, match=r"point 0 at \(0, -0\.5\) lies below the axis \(2 such points\).*half above"
    ):
        compute_metric(mesh, axisymmetric=True)
    with pytest.raises(MeshError, match=r"lies below the axis.*turn y into -y"):
        compute_metric(polygon([(0, -1), (1, -1), (1, 0), (0, 0)]), axisymmetric=True)


def test_points_at_the_axis_to_rounding_lie_on_it():
    metric = compute_metric(polygon([(0, -1e-12), (1, 1e-12), (1, 1), (0, 1)]), axisymmetric=True)
    assert metric.volume[0] == pytest.approx(0.5, rel=EXACT)
    assert (np.abs(metric.face_area).sum(axis=1) == 0.0).sum() == 1


def test_points_as_far_from_the_axis_as_drawings_are_exact_lie_on_it():
    metric = compute_metric(polygon([(0, -5e-7), (1, 5e-7), (1, 1), (0, 1)]), axisymmetric=True)
    assert metric.volume[0] == pytest.approx(0.5, rel=EXACT)
    with pytest.raises(MeshError, match="lies below the axis"):
        compute_metric(polygon([(0, -2e-6), (1, 0), (1, 1), (0, 1)]), axisymmetric=True)


def test_no_cell_at_the_axis_loses_its_volume():
    layers = np.array([0.0, 5e-7, 1.0])
    points = np.array([(x, r) for r in layers for x in (0.0, 1.0)])
    edges = np.array([[0, 1], [1, 3], [3, 5], [5, 4], [4, 2], [2, 0]])
    mesh = build_mesh(points, [np.array([[0, 1, 3, 2], [2, 3, 5, 4]])], {"all": edges})
    assert compute_metric(mesh, axisymmetric=True).volume[0] == pytest.approx(0.5 * 5e-7**2, rel=EXACT)


def test_quality_of_a_grid_by_hand():
    points = np.array([[0, 0], [1, 0], [3, 0], [0, 1], [1, 1], [3, 1]], dtype=float)
    wall = np.array([[0, 1], [1, 2], [2, 5], [5, 4], [4, 3], [3, 0]])
    quality = mesh_quality(build_mesh(points, [np.array([[0, 1, 4, 3], [1, 2, 5, 4]])], {"wall": wall}))
    assert quality.describe() == [
        "2 cells, 6 points, 7 faces",
        "smallest cell: 1 m (cell 0 at (0.5, 0.5))",
        "largest cell: 1.414 m (cell 1 at (2, 0.5))",
        "smallest angle: 90 deg (cell 0 at (0.5, 0.5))",
        "largest angle: 90 deg (cell 0 at (0.5, 0.5))",
        "aspect ratio: 2 (cell 1 at (2, 0.5))",
        "non-orthogonality: 0 deg (face 0 at (1, 0.5))",
        "volume ratio: 2 (face 0 at (1, 0.5))",
    ]


def test_quality_of_one_triangle():
    quality = mesh_quality(polygon([(0, 0), (2, 0), (0, 2 * math.sqrt(3))]))
    assert quality.smallest_angle.value == pytest.approx(30.0, rel=EXACT)
    assert quality.largest_angle.value == pytest.approx(90.0, rel=EXACT)
    assert quality.aspect_ratio.value == pytest.approx(2.0, rel=EXACT)
    assert quality.non_orthogonality is None
    assert quality.volume_ratio is None


def test_quality_finds_a_skewed_face():
    # The line between the centers (1/2, 1/2) and (2, 1) and the face at x = 1.
    points = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [3, 1], [3, 2]], dtype=float)
    wall = np.array([[0, 1], [1, 4], [4, 5], [5, 2], [2, 3], [3, 0]])
    quality = mesh_quality(build_mesh(points, [np.array([[0, 1, 2, 3], [1, 4, 5, 2]])], {"wall": wall}))
    assert quality.non_orthogonality is not None
    assert quality.non_orthogonality.value == pytest.approx(math.degrees(math.atan2(0.5, 1.5)), rel=1e-12)
