"""The meshes of verification cases: blocks, ramps, and the jet behind a hole."""

from __future__ import annotations

import numpy as np
import pytest

from breachflow.case import parse_case
from breachflow.case.mesh_setting import mesh_setting
from breachflow.errors import MeshError
from breachflow.mesh import compute_metric
from breachflow.templates.hole_lines import OrificeShape
from breachflow.templates.library.block import BlockShape, block_family
from breachflow.templates.library.jet import jet_family
from breachflow.templates.library.orifice import orifice_family
from breachflow.templates.library.ramp import ramp_mesh

SQUARE = BlockShape((0.0, 2.0), (1.0, 2.0), (16, 8))


@pytest.mark.parametrize("triangles", [False, True])
@pytest.mark.parametrize("distortion", [0.0, 0.6])
def test_family_halves_its_cells_and_fills_the_block(triangles, distortion):
    block = BlockShape((0.0, 2.0), (1.0, 2.0), (16, 8), triangles, distortion)
    family = block_family(block, 3)
    per_quad = 2 if triangles else 1
    assert [mesh.n_cells for mesh in family] == [8 * per_quad, 32 * per_quad, 128 * per_quad]
    for mesh in family:
        volume = compute_metric(mesh, axisymmetric=False).volume
        assert volume.min() > 0.0
        assert volume.sum() == pytest.approx(2.0, rel=1e-13)
        assert set(mesh.patches) == {"left", "right", "bottom", "top"}


def test_a_tube_keeps_its_single_row():
    family = block_family(BlockShape((0.0, 1.0), (0.0, 0.1), (16, 1)), 3)
    assert [mesh.n_cells for mesh in family] == [4, 8, 16]


def test_cells_that_cannot_be_halved():
    with pytest.raises(
        MeshError, match=r"12 cells cannot be halved 3 times: give mesh\.cells as multiples of 8"
    ):
        block_family(BlockShape((0.0, 1.0), (0.0, 1.0), (12, 16)), 4)


@pytest.mark.parametrize("triangles", [False, True])
def test_mirror_and_turn_move_the_points_and_nothing_else(triangles):
    plain = block_family(BlockShape(SQUARE.x, SQUARE.y, SQUARE.cells, triangles, 0.4), 1)[0]
    moved = block_family(BlockShape(SQUARE.x, SQUARE.y, SQUARE.cells, triangles, 0.4, np.pi / 2, True), 1)[0]
    np.testing.assert_allclose(moved.points, plain.points[:, ::-1], atol=1e-15)  # (x, y) -> (x, -y) -> (y, x)
    first = moved.cell_points[moved.cell_offsets[:-1]]
    np.testing.assert_array_equal(first, plain.cell_points[plain.cell_offsets[:-1]])
    for name, faces in plain.patches.items():
        ends = plain.points[plain.face_corners[faces]].mean(axis=(0, 1))
        other = moved.points[moved.face_corners[moved.patches[name]]].mean(axis=(0, 1))
        np.testing.assert_allclose(other, ends[::-1], atol=1e-14)


@pytest.mark.parametrize("degrees", [-25.0, 10.0, 30.0])
def test_ramp_turns_at_the_origin(degrees):
    slope = np.tan(np.radians(degrees))
    mesh = ramp_mesh((-0.31, 1.0), (0.0, 1.0), (50, 20), np.radians(degrees))
    ends = mesh.points[mesh.face_corners]
    wall, floor = ends[mesh.patches["wall"]], ends[mesh.patches["floor"]]
    np.testing.assert_allclose(wall[..., 1], slope * wall[..., 0], atol=1e-14)
    assert (wall[..., 0].min(), wall[..., 0].max()) == (0.0, 1.0)
    assert np.all(floor[..., 1] == 0.0)
    assert (floor[..., 0].min(), floor[..., 0].max()) == (-0.31, 0.0)
    assert compute_metric(mesh, axisymmetric=False).volume.sum() == pytest.approx(
        1.31 - 0.5 * slope, rel=1e-12
    )


def test_a_ramp_has_finer_cells_at_its_edge_and_floor():
    mesh = ramp_mesh((-1.0, 2.0), (0.0, 1.0), (300, 200), 0.0, (0.1, 0.02))
    x, y = np.unique(mesh.points[:, 0].round(12)), np.unique(mesh.points[:, 1].round(12))
    assert (x[0], x[100], x[-1], y[0], y[-1]) == (-1.0, 0.0, 2.0, 0.0, 1.0)
    # a/sinh(a) of the even spacing, 0.01 and 0.005, and (a/n)^2/6 more in n cells.
    assert np.diff(x)[[99, 100]] == pytest.approx([1e-3, 1e-3], rel=1e-3)
    assert np.diff(y)[0] == pytest.approx(1e-4, rel=1e-3)
    assert (np.diff(y, n=2) > 0.0).all()


def test_a_ramp_that_leaves_through_the_top():
    with pytest.raises(MeshError, match=r"the ramp rises above the top of the mesh, y = 0\.3 m"):
        ramp_mesh((-1.0, 1.0), (0.0, 0.3), (20, 10), np.radians(20.0))


def test_jet_is_the_part_of_the_hole_s_mesh_behind_its_plane():
    shape = OrificeShape(2.0, 0.0, 16)
    jets, holes = jet_family(shape, 3), orifice_family(shape, 3)
    for jet, hole in zip(jets, holes, strict=True):
        metric, whole = compute_metric(jet, axisymmetric=True), compute_metric(hole, axisymmetric=True)
        behind = whole.centroid[:, 0] > 0.0
        assert jet.n_cells == behind.sum()
        np.testing.assert_allclose(metric.centroid, whole.centroid[behind], atol=1e-14)
        exit_points = jet.points[jet.face_corners[jet.patches["exit"]]]
        assert np.all(np.abs(exit_points[..., 0]) <= 1e-15)
        assert exit_points[..., 1].max() == pytest.approx(1.0, abs=1e-15)
        assert set(jet.patches) == {"exit", "space", "wall", "axis"}


JET = """
gas = "air"
orifice = { shape = "round", diameter = "10 mm" }
mesh = { template = "jet" }
[boundary]
space = { kind = "outlet", pressure = "101.325 kPa" }
[boundary.exit]
kind = "inflow"
pressure = "271.724 kPa"
temperature = "247.1 K"
velocity = ["315.6 m/s", "0 m/s"]
"""


@pytest.mark.parametrize(("outside", "extent"), [("101.325 kPa", 6.0), ("1 kPa", 23.0), ("0 Pa", 1.5)])
def test_the_mesh_of_a_jet_holds_its_mach_disk(outside, extent):
    """The stream's stagnation pressure, 514 kPa, tells it: 0.67 sqrt(514) = 15.2 diameters away at 1 kPa."""
    case = parse_case(JET, overrides=[f"boundary.space.pressure={outside}"])
    assert case.mesh.resolved(mesh_setting(case)).plume_extent == pytest.approx(extent, rel=0.01)
