"""Faces, owners, patches and surfaces of meshes small enough to count by hand, and of random ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breachflow.errors import MeshError
from breachflow.mesh import Mesh, build_mesh, compute_metric, renumber, reverse_cuthill_mckee


def grid(nx: int, ny: int, triangles: bool = False, surface: bool = True) -> Mesh:
    """The unit square in nx x ny quadrilaterals or twice as many triangles."""
    x, y = np.meshgrid(np.linspace(0, 1, nx + 1), np.linspace(0, 1, ny + 1), indexing="ij")
    node = np.arange((nx + 1) * (ny + 1)).reshape(nx + 1, ny + 1)
    quads = np.stack([node[:-1, :-1], node[1:, :-1], node[1:, 1:], node[:-1, 1:]], axis=-1).reshape(-1, 4)
    cells = [quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]] if triangles else [quads]
    edges = {
        "left": np.column_stack([node[0, :-1], node[0, 1:]]),
        "right": np.column_stack([node[-1, :-1], node[-1, 1:]]),
        "bottom": np.column_stack([node[:-1, 0], node[1:, 0]]),
        "top": np.column_stack([node[:-1, -1], node[1:, -1]]),
    }
    if surface:
        middle = nx // 2
        edges["middle"] = np.column_stack([node[middle, :-1], node[middle, 1:]])
    return build_mesh(np.column_stack([x.ravel(), y.ravel()]), cells, edges)


def same(first: Mesh, second: Mesh) -> bool:
    arrays = (
        "points",
        "cell_offsets",
        "cell_points",
        "cell_types",
        "face_offsets",
        "face_points",
        "face_cells",
    )
    return (
        all(np.array_equal(getattr(first, name), getattr(second, name)) for name in arrays)
        and list(first.patches) == list(second.patches)
        and all(np.array_equal(first.patches[name], second.patches[name]) for name in first.patches)
        and list(first.surfaces) == list(second.surfaces)
        and all(
            np.array_equal(first.surfaces[name].faces, second.surfaces[name].faces)
            and np.array_equal(first.surfaces[name].sides, second.surfaces[name].sides)
            for name in first.surfaces
        )
    )


def test_two_squares_by_hand():
    points = np.array([[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]], dtype=float)
    cells = [np.array([[0, 1, 4, 3], [1, 4, 5, 2]])]  # the second one clockwise
    edges = {
        "in": np.array([[3, 0]]),
        "out": np.array([[2, 5]]),
        "wall": np.array([[0, 1], [1, 2], [5, 4], [4, 3]]),
        "plane": np.array([[4, 1]]),
    }
    mesh = build_mesh(points, cells, edges)
    assert mesh.cell_points.tolist() == [0, 1, 4, 3, 2, 5, 4, 1]
    assert mesh.cell_types.tolist() == [9, 9]
    assert mesh.face_cells.tolist() == [[0, 1], [0, -1], [1, -1], [0, -1], [0, -1], [1, -1], [1, -1]]
    assert {name: faces.tolist() for name, faces in mesh.patches.items()} == {
        "in": [1],
        "out": [2],
        "wall": [3, 4, 5, 6],
    }
    assert mesh.face_points[:2].tolist() == [1, 4]  # the owner, cell 0, lies to the left
    assert mesh.surfaces["plane"].faces.tolist() == [0]
    assert mesh.surfaces["plane"].sides.tolist() == [1.0]
    assert mesh.cell_offsets.dtype == mesh.face_cells.dtype == np.int32


def test_sides_tell_where_upstream_is():
    points = np.array([[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]], dtype=float)
    cells = [np.array([[1, 2, 5, 4], [0, 1, 4, 3]])]  # the owner is downstream now
    edges = {"wall": np.array([[0, 1], [1, 2], [2, 5], [5, 4], [4, 3], [3, 0]]), "plane": np.array([[1, 4]])}
    assert build_mesh(points, cells, edges).surfaces["plane"].sides.tolist() == [-1.0]


def test_surface_along_x_has_its_upstream_side_below():
    points = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [1, 2], [0, 2]], dtype=float)
    cells = [np.array([[0, 1, 2, 3], [3, 2, 4, 5]])]
    edges = {"wall": np.array([[0, 1], [1, 2], [2, 4], [4, 5], [5, 3], [3, 0]]), "plane": np.array([[3, 2]])}
    assert build_mesh(points, cells, edges).surfaces["plane"].sides.tolist() == [1.0]


def test_wall_of_no_thickness_keeps_its_two_sides_apart():
    points = np.array([[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1], [1, 0], [1, 1]], dtype=float)
    cells = [np.array([[0, 1, 4, 3], [6, 2, 5, 7]])]
    edges = {
        "outside": np.array([[0, 1], [4, 3], [3, 0], [6, 2], [2, 5], [5, 7]]),
        "wall": np.array([[1, 4], [6, 7]]),
    }
    mesh = build_mesh(points, cells, edges)
    assert len(mesh.patches["wall"]) == 2
    assert (mesh.face_cells[:, 1] == -1).all()


def test_polygons_of_any_number_of_corners():
    angle = np.arange(6) * np.pi / 3
    points = np.vstack([np.column_stack([np.cos(angle), np.sin(angle)]), [[2, 0]]])
    outline = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5, 6], [6, 0]])
    mesh = build_mesh(points, (np.array([0, 6, 9]), np.array([0, 1, 2, 3, 4, 5, 0, 5, 6])), {"wall": outline})
    assert mesh.cell_types.tolist() == [7, 5]
    assert mesh.face_cells[0].tolist() == [0, 1]
    assert mesh.n_faces == 8


@pytest.mark.parametrize("triangles", [False, True])
@pytest.mark.parametrize(("nx", "ny"), [(1, 1), (2, 1), (5, 3), (16, 16)])
def test_counts_order_and_patches_of_a_grid(nx: int, ny: int, triangles: bool):
    mesh = grid(nx, ny, triangles, surface=nx > 1)
    interior = mesh.face_cells[:, 1] >= 0
    n_interior = int(interior.sum())
    assert len(mesh.points) - mesh.n_faces + mesh.n_cells == 1  # Euler
    assert interior[:n_interior].all()
    assert (mesh.face_cells[:n_interior, 0] < mesh.face_cells[:n_interior, 1]).all()
    keys = mesh.face_cells[:n_interior, 0].astype(np.int64) * mesh.n_cells + mesh.face_cells[:n_interior, 1]
    assert (np.diff(keys) > 0).all()
    assert np.array_equal(np.concatenate(list(mesh.patches.values())), np.arange(n_interior, mesh.n_faces))
    assert [len(faces) for faces in mesh.patches.values()] == [ny, ny, nx, nx]


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_result_does_not_depend_on_the_direction_of_cells_and_edges(seed: int, triangles: bool):
    rng = np.random.default_rng(seed)
    mesh = grid(4, 3, triangles)
    corners = mesh.cell_points.reshape(mesh.n_cells, -1).copy()
    turned = rng.random(mesh.n_cells) < 0.5
    corners[turned] = corners[turned][:, ::-1]
    pairs = mesh.face_corners
    edges = {
        name: rng.permutation(rng.permuted(pairs[faces], axis=1))
        for name, faces in {**mesh.patches, "middle": mesh.surfaces["middle"].faces}.items()
    }
    other = build_mesh(mesh.points, [corners], edges)
    assert np.array_equal(other.face_cells, mesh.face_cells)
    assert np.array_equal(other.face_points, mesh.face_points)
    assert np.array_equal(other.surfaces["middle"].sides, mesh.surfaces["middle"].sides)


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_renumbering_equals_building_in_the_new_order(seed: int, triangles: bool):
    mesh = grid(4, 3, triangles)
    order = np.random.default_rng(seed).permutation(mesh.n_cells)
    pairs = mesh.face_corners
    edges = {name: pairs[faces] for name, faces in mesh.patches.items()}
    edges["middle"] = pairs[mesh.surfaces["middle"].faces]
    corners = mesh.cell_points.reshape(mesh.n_cells, -1)[order]
    assert same(renumber(mesh, order), build_mesh(mesh.points, [corners], edges))


def test_renumbering_mixed_cells_keeps_their_geometry():
    points = np.array([[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]], dtype=float)
    wall = np.array([[0, 1], [1, 2], [2, 5], [5, 4], [4, 3], [3, 0]])
    mesh = build_mesh(points, [np.array([[0, 1, 4, 3]]), np.array([[1, 2, 4], [2, 5, 4]])], {"wall": wall})
    order = np.array([2, 0, 1])
    before, after = compute_metric(mesh, False), compute_metric(renumber(mesh, order), False)
    assert np.array_equal(after.volume, before.volume[order])
    assert np.array_equal(after.centroid, before.centroid[order])


@pytest.mark.parametrize("order", [[0, 1], [0, 0, 1, 2], [0, 1, 2, 4], [-1, 0, 1, 2]])
def test_renumbering_needs_every_cell_once(order: list[int]):
    with pytest.raises(MeshError, match="must name each of the 4 cells once"):
        renumber(grid(2, 2), np.array(order))


def test_reverse_cuthill_mckee_narrows_a_shuffled_band():
    mesh = grid(30, 10, surface=False)
    mesh = renumber(mesh, np.random.default_rng(1).permutation(mesh.n_cells))
    order = reverse_cuthill_mckee(mesh.face_cells, mesh.n_cells)
    assert np.array_equal(np.sort(order), np.arange(mesh.n_cells))

    def bandwidth(ordered: Mesh) -> int:
        pairs = ordered.face_cells[ordered.face_cells[:, 1] >= 0]
        return int(np.abs(np.diff(pairs, axis=1)).max())

    assert bandwidth(mesh) > 200
    assert bandwidth(renumber(mesh, order)) <= 12


def test_a_wall_between_cells_is_cut_open():
    """2 x 2 squares: the wall ends at the middle point, which both sides keep in common."""
    points = np.array([[x, y] for y in range(3) for x in range(3)], dtype=float)
    cells = [np.array([[0, 1, 4, 3], [1, 2, 5, 4], [3, 4, 7, 6], [4, 5, 8, 7]])]
    rim = np.array([[0, 1], [1, 2], [2, 5], [5, 8], [8, 7], [7, 6], [6, 3], [3, 0]])
    edges = {"rim": rim, "wall": np.array([[7, 4]]), "plane": np.array([[4, 1]])}
    mesh = build_mesh(points, cells, edges, walls=("wall",))
    assert mesh.points[9:].tolist() == [[1, 2]]
    assert mesh.n_faces == 8 + 3 + 2
    assert {name: len(faces) for name, faces in mesh.patches.items()} == {"rim": 8, "wall": 2}
    assert sorted(mesh.face_cells[mesh.patches["wall"], 0].tolist()) == [2, 3]
    assert (mesh.face_cells[mesh.patches["wall"], 1] == -1).all()
    assert mesh.face_cells[mesh.surfaces["plane"].faces].tolist() == [[0, 1]]
    assert compute_metric(mesh, axisymmetric=False).volume.tolist() == [1.0, 1.0, 1.0, 1.0]


def test_a_wall_may_be_named_on_the_boundary_and_between_cells():
    """A cross of walls leaves four rooms of one cell each, with four points where there was one."""
    points = np.array([[x, y] for y in range(3) for x in range(3)], dtype=float)
    cells = [np.array([[0, 1, 4, 3], [1, 2, 5, 4], [3, 4, 7, 6], [4, 5, 8, 7]])]
    rim = [[0, 1], [1, 2], [2, 5], [5, 8], [8, 7], [7, 6], [6, 3], [3, 0]]
    cross = [[1, 4], [4, 7], [3, 4], [4, 5]]
    mesh = build_mesh(points, cells, {"wall": np.array(rim + cross)}, walls=("wall",))
    assert mesh.n_faces == len(mesh.patches["wall"]) == 16
    assert len(mesh.points) == 16
