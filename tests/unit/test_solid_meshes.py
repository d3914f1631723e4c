"""Meshes in space: faces, volumes, centroids, angles, names and walls of cells of every kind."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breachflow.case.read import parse_case
from breachflow.mesh import build_mesh, compute_metric, renumber, reverse_cuthill_mckee
from breachflow.mesh.geometry.edges import cells_at_sharp_edges
from breachflow.mesh.geometry.space import area_vectors
from breachflow.mesh.metric import outward_sum
from breachflow.mesh.quality import mesh_quality
from breachflow.mesh.shapes import SHAPES
from breachflow.runs.setup.meshes import case_meshes
from solid_boxes import HEXAHEDRON, KINDS, SIDES, curved_box, unit_box

EXACT = 1e-13
"""Relative rounding of sums of some ten products."""

UNIT = np.array(HEXAHEDRON, dtype=float)
LONE = {
    4: UNIT[[0, 1, 3, 4]],
    5: np.vstack([UNIT[:4], [[0.5, 0.5, 1.0]]]),
    6: UNIT[[0, 1, 3, 4, 5, 7]],
    8: UNIT,
}
"""Points of one cell of each kind, by its number of corners."""

VOLUMES = {4: 1 / 6, 5: 1 / 3, 6: 1 / 2, 8: 1.0}
CENTROIDS = {4: [1 / 4] * 3, 5: [1 / 2, 1 / 2, 1 / 4], 6: [1 / 3, 1 / 3, 1 / 2], 8: [1 / 2] * 3}


def lone(corners: int, points=None, order=None):
    """The mesh of one cell, with all its faces in one patch."""
    shape = SHAPES[corners]
    row = np.arange(corners) if order is None else np.asarray(order)
    faces = np.where(shape.face_rows < 0, -1, shape.face_rows)
    return build_mesh(LONE[corners] if points is None else points, [row[None, :]], {"all": faces})


@pytest.mark.parametrize("corners", SHAPES)
def test_one_cell_by_hand(corners: int):
    mesh = lone(corners)
    metric = compute_metric(mesh, axisymmetric=False)
    assert mesh.cell_types.tolist() == [SHAPES[corners].code]
    assert mesh.dimension == 3
    assert metric.volume[0] == pytest.approx(VOLUMES[corners], rel=EXACT)
    assert metric.centroid[0] == pytest.approx(CENTROIDS[corners], rel=EXACT)
    outward = np.sum((metric.face_center - metric.centroid[0]) * metric.face_normal, axis=1)
    assert (outward > 0.0).all()
    assert np.linalg.norm(metric.face_normal, axis=1) == pytest.approx(1.0, rel=EXACT)


@pytest.mark.parametrize("corners", SHAPES)
def test_a_mirrored_cell_is_turned(corners: int):
    shape = SHAPES[corners]
    mesh = lone(corners, order=shape.mirrored)
    assert compute_metric(mesh, False).volume[0] == pytest.approx(VOLUMES[corners], rel=EXACT)
    assert mesh.cell_points.tolist() == list(range(corners))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=lambda shape: shape.name)
def test_tables_of_shapes(shape):
    """Two faces go along every edge, in opposite directions; Euler: corners - edges + faces = 2."""
    assert len(shape.edges) == shape.corners + len(shape.faces) - 2
    assert sorted(shape.mirrored) == list(range(shape.corners))
    used = {corner for row in shape.tetrahedra for corner in row}
    assert used == set(range(shape.corners))


@pytest.mark.parametrize("kind", KINDS)
def test_faces_of_a_box(kind: str):
    mesh = unit_box(4, kind)
    interior = mesh.face_cells[:, 1] >= 0
    count = int(interior.sum())
    assert interior[:count].all()
    assert (mesh.face_cells[:count, 0] < mesh.face_cells[:count, 1]).all()
    assert tuple(mesh.patches) == SIDES
    assert np.array_equal(np.concatenate(list(mesh.patches.values())), np.arange(count, mesh.n_faces))
    sides = sum(len(SHAPES[corners].faces) for corners in np.diff(mesh.cell_offsets).tolist())
    assert sides == 2 * count + (mesh.n_faces - count)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.5), st.sampled_from(KINDS))
def test_cells_are_closed_and_fill_the_box(seed: int, amount: float, kind: str):
    """Quadrilaterals are bent: they close all the same, and first moments add up to those of the box."""
    mesh = unit_box(4, kind, amount, seed)
    metric = compute_metric(mesh, axisymmetric=False)
    tolerance = EXACT * np.abs(metric.face_area).max()
    for axis in range(3):
        assert np.abs(outward_sum(mesh, metric.face_area[:, axis])).max() <= tolerance
    assert (metric.volume > 0.0).all()
    assert metric.volume.sum() == pytest.approx(1.0, rel=EXACT)
    assert metric.volume @ metric.centroid == pytest.approx([0.5] * 3, rel=EXACT)
    from_faces = outward_sum(mesh, np.sum(metric.face_center * metric.face_area, axis=1)) / 3.0
    if kind == "tetrahedra":  # whose faces are plane: volume = sum of x A/3
        assert metric.volume == pytest.approx(from_faces, rel=1e-11)


def test_bent_cells_agree_with_quadrature():
    """Volume and centroid of a hexahedron as those of 24 tetrahedra, one for each edge of a face."""
    points = UNIT + 0.2 * np.random.default_rng(7).random((8, 3))
    metric = compute_metric(lone(8, points), axisymmetric=False)
    middle, volume, moment = points.mean(axis=0), 0.0, np.zeros(3)
    for face in SHAPES[8].faces:
        center = points[list(face)].mean(axis=0)
        for k in range(4):
            corners = np.array([middle, center, points[face[k]], points[face[(k + 1) % 4]]])
            part = np.linalg.det(corners[1:] - corners[0]) / 6.0
            volume, moment = volume + part, moment + part * corners.mean(axis=0)
    assert metric.volume[0] == pytest.approx(volume, rel=1e-12)
    assert metric.centroid[0] == pytest.approx(moment / volume, rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_tiny_cells_far_from_the_origin_keep_their_digits(kind: str):
    mesh = unit_box(4, kind)
    far = compute_metric(curved_box(_grid(4) * 2.0**-20 + 8.0, kind), False)
    near = compute_metric(mesh, False)
    assert far.volume == pytest.approx(near.volume * 2.0**-60, rel=1e-9)


def _grid(n: int):
    line = np.linspace(0.0, 1.0, n + 1)
    return np.stack(np.meshgrid(line, line, line, indexing="ij"), axis=-1)


def test_scale():
    mesh = unit_box(4, "mixed", 0.4)
    one, milli = compute_metric(mesh, False), compute_metric(mesh, False, scale=1e-3)
    assert milli.volume == pytest.approx(one.volume * 1e-9, rel=1e-12)
    assert milli.centroid == pytest.approx(one.centroid * 1e-3, rel=1e-12)
    assert milli.face_area == pytest.approx(one.face_area * 1e-6, rel=1e-12, abs=1e-20)


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1), st.sampled_from(KINDS))
def test_renumbering_keeps_geometry_and_names(seed: int, kind: str):
    mesh = unit_box(4, kind, 0.3)
    order = np.random.default_rng(seed).permutation(mesh.n_cells)
    other = renumber(mesh, order)
    before, after = compute_metric(mesh, False), compute_metric(other, False)
    assert after.volume == pytest.approx(before.volume[order], rel=1e-12)
    assert np.abs(outward_sum(other, after.face_area[:, 2])).max() <= EXACT
    for name, faces in mesh.patches.items():
        ours, theirs = before.face_center[faces], after.face_center[other.patches[name]]
        assert np.sort(ours.sum(axis=1)) == pytest.approx(np.sort(theirs.sum(axis=1)), rel=1e-12)


def test_reverse_cuthill_mckee_orders_cells_in_space():
    mesh = unit_box(4, "tetrahedra")
    order = reverse_cuthill_mckee(mesh.face_cells, mesh.n_cells)
    assert np.array_equal(np.sort(order), np.arange(mesh.n_cells))


def two_cubes(sheet: str, walls: tuple[str, ...] = ()):
    """Two cubes side by side along x, with the face between them named."""
    grid = np.stack(np.meshgrid([0.0, 1.0, 2.0], [0.0, 1.0], [0.0, 1.0], indexing="ij"), axis=-1)
    plain = curved_box(grid)
    rows = {"rim": np.concatenate([plain.face_corners[faces] for faces in plain.patches.values()])}
    rows[sheet] = plain.face_corners[:1]
    return build_mesh(plain.points, [plain.cell_points.reshape(2, 8)], rows, walls)


def test_a_named_face_between_cells_is_a_surface():
    mesh = two_cubes("sheet")
    surface = mesh.surfaces["sheet"]
    normal = compute_metric(mesh, False).face_normal[surface.faces[0]]
    assert surface.sides[0] * normal == pytest.approx([1.0, 0.0, 0.0])


def test_a_wall_between_cells_is_cut_open():
    mesh = two_cubes("sheet", walls=("sheet",))
    assert (mesh.face_cells[:, 1] == -1).all()
    assert len(mesh.points) == 16
    assert len(mesh.patches["sheet"]) == 2
    assert compute_metric(mesh, False).volume.tolist() == [1.0, 1.0]


def test_a_wall_that_ends_inside_keeps_its_edge_in_one():
    """2 x 2 cubes with a wall between two of them: only the two points at its outer edge are doubled."""
    grid = np.stack(np.meshgrid([0.0, 1.0, 2.0], [0.0, 1.0, 2.0], [0.0, 1.0], indexing="ij"), axis=-1)
    plain = curved_box(grid)
    pairs = plain.face_cells[plain.face_cells[:, 1] >= 0]
    cut = int(np.flatnonzero((pairs == [0, 1]).all(axis=1))[0])
    rows = {"rim": np.concatenate([plain.face_corners[faces] for faces in plain.patches.values()])}
    rows["wall"] = plain.face_corners[[cut]]
    mesh = build_mesh(plain.points, [plain.cell_points.reshape(4, 8)], rows, ("wall",))
    assert len(mesh.points) == len(plain.points) + 2
    assert len(mesh.patches["wall"]) == 2


def test_quality_of_a_brick_by_hand():
    lines = np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0]), np.array([0.0, 1.0])
    mesh = curved_box(np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1))
    assert mesh_quality(mesh).describe() == [
        "2 cells, 12 points, 11 faces",
        "smallest cell: 1 m (cell 0 at (0.5, 0.5, 0.5))",
        "largest cell: 1.26 m (cell 1 at (2, 0.5, 0.5))",
        "smallest angle: 90 deg (cell 0 at (0.5, 0.5, 0.5))",
        "largest angle: 90 deg (cell 0 at (0.5, 0.5, 0.5))",
        "aspect ratio: 2 (cell 1 at (2, 0.5, 0.5))",
        "non-orthogonality: 0 deg (face 0 at (1, 0.5, 0.5))",
        "volume ratio: 2 (face 0 at (1, 0.5, 0.5))",
    ]


def test_angles_of_a_regular_tetrahedron():
    """Angle between two faces: arccos(1/3)."""
    points = UNIT[[0, 2, 5, 7]]
    quality = mesh_quality(lone(4, points))
    assert quality.smallest_angle.value == pytest.approx(np.degrees(np.arccos(1 / 3)), rel=1e-12)
    assert quality.largest_angle.value == pytest.approx(np.degrees(np.arccos(1 / 3)), rel=1e-12)
    assert quality.aspect_ratio.value == pytest.approx(1.0, rel=1e-12)


def opened(without, doubled):
    """A box of tetrahedra less some, whose doubled points are not the same on both sides of x = 1/2."""
    points, cells = unit_box(2, "tetrahedra").points, unit_box(2, "tetrahedra").cell_points.reshape(-1, 4)
    cells = cells[~without(points[cells].mean(axis=1))]
    twice = np.flatnonzero(doubled(points))
    number = np.arange(len(points))
    number[twice] = len(points) + np.arange(len(twice))
    before = points[cells].mean(axis=1)[:, 0] < 0.5
    cells = np.where(before[:, None], number[cells], cells)
    used, flat = np.unique(cells, return_inverse=True)
    cells, points = flat.reshape(-1, 4), np.concatenate([points, points[twice]])[used]
    faces = np.concatenate([cells[:, list(row)] for row in SHAPES[4].faces])
    _, first, count = np.unique(np.sort(faces, axis=1), axis=0, return_index=True, return_counts=True)
    return build_mesh(points, [cells], {"wall": faces[first[count == 1]]})


def nothing(places):
    return np.zeros(len(places), dtype=bool)


@pytest.mark.parametrize(
    ("without", "doubled", "has_edge"),
    [
        (nothing, nothing, False),
        (lambda center: (center[:, 0] > 0.5) & (center[:, 1] > 0.5), nothing, True),
        (nothing, lambda point: (point[:, 0] == 0.5) & (point[:, 1] == 0.0), True),
    ],
    ids=["box", "lip", "knife edge"],
)
def test_cells_at_sharp_edges(without, doubled, has_edge):
    """Gas turns around the line x = y = 1/2 where a quarter of the box is missing, or a wall ends there."""
    mesh = opened(without, doubled)
    metric, walls = compute_metric(mesh, False), mesh.patches["wall"]
    found = cells_at_sharp_edges(mesh, metric.face_center, metric.face_normal, walls)
    on_line = np.all(mesh.points[:, :2] == 0.5, axis=1)
    expected = on_line[mesh.cell_points.reshape(-1, 4)].any(axis=1)
    assert found.tolist() == (expected & has_edge).tolist()
    assert found.any() == has_edge


@pytest.mark.parametrize("angle", [61, 65, 70])
def test_bores_that_lean_much_have_meshes(angle):
    """Half a mouth has half the bore's section over the cosine: the radii of the rim make its area exact."""
    text = f"""
        gas = "air"
        orifice = {{ shape = "round", diameter = "2 mm", wall_thickness = "2 mm", angle = "{angle} deg" }}
        mesh = {{ template = "spatial", resolution = {{ across = 12 }} }}
        boundary.cabin = {{ kind = "reservoir", pressure = "1 bar", temperature = "20 degC" }}
        boundary.space = {{ kind = "vacuum" }}
    """
    mesh = case_meshes(parse_case(text))[-1]
    faces = mesh.surfaces["orifice"].faces
    area = abs(area_vectors(mesh.points, mesh.face_corners[faces]).sum(axis=0)[0])
    assert 2.0 * area == pytest.approx(np.pi * 1e-6 / np.cos(np.radians(angle)), rel=1e-9)
