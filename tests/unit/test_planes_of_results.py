"""Planes through results in space: polygons of cells, lines of walls, the hole, and the pictures of them."""

from __future__ import annotations

import sys
from io import BytesIO
from math import cos, pi, radians, tan
from pathlib import Path

import numpy as np
import pytest
from matplotlib.pyplot import imread

from breachflow.case import parse_case
from breachflow.errors import UsageError
from breachflow.mesh import Mesh
from breachflow.mesh.geometry.holding import distance_outside, holding_cells
from breachflow.mesh.metric import compute_metric
from breachflow.report.html import Page
from breachflow.report.result import page
from breachflow.report.result.cut import CutPlane, PlaneCut, cut
from breachflow.report.result.geometry import polygons_of, walls_of
from breachflow.report.result.page import result_page
from breachflow.report.result.pictures import space
from breachflow.report.result.space import scene as scene_module
from breachflow.report.result.space.scene import picture_of, scene_of
from breachflow.report.result.views import face_on, hole_in, plane_views
from breachflow.results import Field, Quantity, Result, ResultData, read_result, write_result
from breachflow.results.data import HolePlace, Patch, hole_place
from breachflow.results.export.sampling import Line, line_columns
from breachflow.templates.hole_lines import OrificeShape
from breachflow.templates.solid_hole import HoleInSpace, solid_hole_family
from breachflow.templates.source import MeshedPart
from solid_boxes import KINDS, unit_box

RADIUS, WALL = 1e-3, 1.5e-3
X, Y, Z = np.eye(3)

CASE = """
gas = "air"
[orifice]
HOLE
wall_thickness = "1.5 mm"
[mesh]
template = "spatial"
resolution = { across = 8 }
[boundary]
cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }
space = { kind = "vacuum" }
[flow]
model = "inviscid"
"""
ROUND = 'shape = "round"\ndiameter = "2 mm"'
SLIT = 'shape = "slit"\nwidth = "2 mm"\nlength = "6 mm"'
BOUNDARIES = {"cabin": "reservoir", "space": "vacuum", "symmetry": "symmetry", "wall": "wall"}


def stored(folder: Path, mesh: Mesh, hole: str = ROUND, place: HolePlace | None = None) -> Result:
    """A result with fields that are linear in the place."""
    case = parse_case(CASE.replace("HOLE", hole))
    center = compute_metric(mesh, axisymmetric=False).centroid
    speed = np.column_stack([300.0 + 1e3 * center[:, 1], 2e3 * center[:, 2], 3e3 * center[:, 1]])
    fields = {
        "density": Field(1.0 + 10.0 * center[:, 0], "kg/m3", "density"),
        "velocity": Field(speed, "m/s", "velocity"),
        "pressure": Field(1e5 + 1e6 * center[:, 0], "Pa", "pressure"),
        "temperature": Field(300.0 + center[:, 1], "K", "temperature"),
        "mach": Field(1.0 + 50.0 * center[:, 0], "1", "Mach number"),
    }
    patches = {
        name: Patch(BOUNDARIES.get(name, "wall"), mesh.face_corners[faces])
        for name, faces in mesh.patches.items()
    }
    data = ResultData(
        points=mesh.points, cell_offsets=mesh.cell_offsets, cell_points=mesh.cell_points,
        cell_types=mesh.cell_types, fields=fields, patches=patches, history={},
        summary={"discharge_coefficient": Quantity(0.83, "1", "")}, case_text=case.text,
        case_completed=case.completed_text, provenance={"hole": place.text} if place else {},
    )  # fmt: skip
    write_result(folder / "result.vtkhdf", data)
    return read_result(folder / "result.vtkhdf")


def hole_result(folder: Path, part: MeshedPart, angle: float = 0.0, length: float = 0.0) -> Result:
    lean = radians(angle)
    shape = HoleInSpace(OrificeShape(2.0 * RADIUS, WALL, 8), lean, part, length)
    place = HolePlace(np.array([WALL, WALL * tan(lean), 0.0]), X, 0.0, WALL)
    return stored(folder, solid_hole_family(shape, 1)[-1], SLIT if length else ROUND, place)


def crossed(first: np.ndarray, second: np.ndarray) -> float:
    """The sum of the cross products of vectors (n, 2)."""
    return float(np.sum(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]))


def areas(view: PlaneCut) -> np.ndarray:
    """Of the polygons, by their corners."""
    corners = polygons_of(view)
    return np.array([0.5 * crossed(one, np.roll(one, -1, axis=0)) for one in corners])


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("height", [0.0, 0.37, 1.0])
def test_the_polygons_of_a_plane_fill_it(kind: str, height: float, tmp_path: Path) -> None:
    """A unit cube of every kind of cell, within, at its end, and askew, where it is a hexagon."""
    result = stored(tmp_path, unit_box(4, kind))
    view = cut(result, CutPlane(height * Z, X, Y))
    assert view is not None
    assert areas(view).min() > 0.0
    assert areas(view).sum() == pytest.approx(1.0, rel=1e-6)
    up = np.array([-1.0, -1.0, 2.0]) / np.sqrt(6.0)
    askew = cut(result, CutPlane(np.full(3, 0.5), np.cross(up, np.ones(3) / np.sqrt(3.0)), up))
    assert askew is not None
    assert areas(askew).sum() == pytest.approx(0.75 * np.sqrt(3.0), rel=1e-6)
    lengths = np.linalg.norm(np.diff(walls_of(askew), axis=1), axis=2)
    assert lengths.sum() == pytest.approx(6.0 * np.sqrt(0.5), rel=1e-6)


def test_a_plane_beside_the_mesh_shows_nothing(tmp_path: Path) -> None:
    assert cut(stored(tmp_path, unit_box(2, "tetrahedra")), CutPlane(2.0 * Z, X, Y)) is None


def test_gas_lies_on_the_left_of_the_walls(tmp_path: Path) -> None:
    """All walls of a box, one after the other, go around it: their area is that of the plane."""
    view = cut(stored(tmp_path, unit_box(3, "wedges")), CutPlane(0.4 * Z, X, Y))
    assert view is not None
    ends = walls_of(view)
    assert 0.5 * crossed(ends[:, 0], ends[:, 1]) == pytest.approx(1.0, rel=1e-6)


def test_fields_are_those_of_the_cells_and_vectors_lie_in_the_plane(tmp_path: Path) -> None:
    result = hole_result(tmp_path, "half")
    view = cut(result, CutPlane(np.zeros(3), X, Y))
    assert view is not None
    np.testing.assert_array_equal(view.field("pressure"), result.field("pressure")[view.numbers])
    np.testing.assert_array_equal(view.field("velocity"), result.field("velocity")[view.numbers])
    turned = cut(result, CutPlane(np.zeros(3), Y, X))
    assert turned is not None
    np.testing.assert_array_equal(
        turned.field("velocity")[:, 0], result.field("velocity")[turned.numbers][:, 1]
    )
    np.testing.assert_array_equal(
        turned.field("velocity")[:, 2], -result.field("velocity")[turned.numbers][:, 2]
    )


@pytest.mark.parametrize("part", ["quarter", "half", "whole"])
def test_a_round_hole_is_as_wide_in_each_plane(part: MeshedPart, tmp_path: Path) -> None:
    """Facets reach beyond the circle, so that the area is that of the circle: 1.3 % for 16 in a quarter."""
    views = plane_views(hole_result(tmp_path, part))
    assert len(views) == {"quarter": 2, "half": 1, "whole": 1}[part]
    for view in views:
        hole = hole_in(view)
        assert hole is not None
        assert hole.size == pytest.approx(2.0 * RADIUS, rel=0.02)
        assert hole.wall_thickness == pytest.approx(WALL)
        assert hole.lean == pytest.approx(0.0, abs=1e-9)


def test_a_slanted_hole_leans_in_its_plane(tmp_path: Path) -> None:
    (view,) = plane_views(hole_result(tmp_path, "half", 50.0))
    hole = hole_in(view)
    assert hole is not None
    assert hole.size == pytest.approx(2.0 * RADIUS / cos(radians(50.0)), rel=0.02)
    assert hole.lean == pytest.approx(tan(radians(50.0)), rel=1e-9)
    assert view.plane.labels == ("x", "y")


def test_the_short_side_of_a_slit_comes_first(tmp_path: Path) -> None:
    result = hole_result(tmp_path, "quarter", length=6.0 * RADIUS)
    sizes = [hole.size for hole in map(hole_in, plane_views(result)) if hole is not None]
    assert sizes[0] == pytest.approx(2.0 * RADIUS, rel=0.02)
    assert sizes[1] == pytest.approx(2.0 * RADIUS * (3.0 + 1.0 - pi / 4.0), rel=0.02)


def test_the_plane_across_the_bore_has_the_area_of_the_hole(tmp_path: Path) -> None:
    result = hole_result(tmp_path, "half", 30.0)
    place = hole_place(result.provenance)
    assert place is not None
    view = face_on(result, place, 0.5 * WALL)
    assert view is not None
    whole = 2.0 * areas(view).sum()
    assert whole == pytest.approx(pi * RADIUS**2 / cos(radians(30.0)), rel=1e-6)


def pictures(page: Page) -> list[str]:
    return [picture.name for picture in page.pictures]


def test_a_page_of_a_result_in_space_has_its_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space, "is_drawn", lambda: False)  # it has a test of its own
    assert pictures(result_page(hole_result(tmp_path, "quarter"))) == ["mach", "fields", "hull"]
    slit = result_page(hole_result(tmp_path, "quarter", length=6.0 * RADIUS))
    assert pictures(slit) == ["mach", "along", "fields", "hull"]


def test_the_scene_is_in_coordinates_of_the_hole(tmp_path: Path) -> None:
    scene = scene_of(hole_result(tmp_path, "quarter"))
    assert scene is not None
    depth = WALL / (2.0 * RADIUS)
    assert scene.box == pytest.approx(
        [-1.0, 2.0 + depth, -1.3, 1.3, -1.3, 1.3], abs=0.01
    )  # facets, of equal area
    assert scene.mirrors == [1, 2]
    starts = scene.arrays["seeds"]
    assert 8 <= len(starts) <= 48
    assert starts[:, 0] == pytest.approx(0.5 * depth, abs=0.01)
    assert np.hypot(starts[:, 1], starts[:, 2]).max() < 0.5
    assert len(scene.arrays["types"]) == len(scene.arrays["mach"]) == len(scene.arrays["velocity"])
    assert scene_of(hole_result(tmp_path, "half")).mirrors == [2]  # type: ignore[union-attr]


def test_sonic_surface_and_hull_are_drawn(tmp_path: Path) -> None:
    """By colors: gray of the hull, orange of the sonic plane, streamlines from blue on."""
    scene = scene_of(hole_result(tmp_path, "quarter"))
    assert scene is not None
    picture = picture_of(scene)
    if picture is None:
        pytest.skip("this machine cannot draw off screen")
    image = imread(BytesIO(picture))
    red, green, blue = (image[..., channel][image[..., 3] > 0.9] for channel in range(3))
    gray = np.ptp(np.stack([red, green, blue]), axis=0) < 0.05
    assert gray.sum() > 20_000
    assert (red - blue > 0.2).sum() > 5_000
    assert (blue - red > 0.1).sum() > 500


@pytest.mark.parametrize("script", ["raise SystemExit(1)", "import time; time.sleep(60)"])
def test_a_machine_that_cannot_draw_gives_no_picture(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = scene_of(hole_result(tmp_path, "quarter"))
    assert scene is not None
    monkeypatch.setattr(scene_module, "COMMAND", (sys.executable, "-c", script))
    monkeypatch.setattr(scene_module, "SECONDS", 0.5)
    assert picture_of(scene) is None


def test_without_the_extra_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "is_drawn", lambda: False)
    (told,) = page._undrawn(hole_result(tmp_path, "quarter"))
    assert told.endswith('pip install "breachflow[viz]".')


def test_a_result_that_does_not_tell_where_its_hole_is_has_no_fields(tmp_path: Path) -> None:
    page = result_page(stored(tmp_path, unit_box(2, "tetrahedra")))
    assert pictures(page) == []
    assert any("does not say where its hole is" in remark.text for remark in page.remarks)


@pytest.mark.parametrize("entry", ["", "nothing", "0 0 0 1 0 0 0", "0 0 0 1 1 0 0 0", "0 0 0 1 0 0 2 1"])
def test_an_entry_that_is_no_place_is_none(entry: str) -> None:
    assert hole_place({"hole": entry}) is None


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_line_in_space_follows_linear_fields(kind: str, tmp_path: Path) -> None:
    """On hexahedra to rounding; where the line has left the gas there is nothing.

    Smaller cells have fewer neighbors, whose range a value never leaves: it is off by half a cell at most.
    """
    result = stored(tmp_path, unit_box(4, kind))
    columns = line_columns(result, result.fields, Line((0.3, 0.3, 0.35), (0.7, 0.6, 1.4), 12))
    place = np.column_stack([columns[axis].values for axis in "xyz"])
    deep = place[:, 2] < 0.74
    assert deep.sum() >= 4
    off = 1e-9 if kind == "hexahedra" else 0.125
    np.testing.assert_allclose(0.1 * (columns["density"].values[deep] - 1.0), place[deep, 0], 0.0, off)
    np.testing.assert_allclose(columns["velocity_z"].values[deep] / 3e3, place[deep, 1], 0.0, off)
    assert np.isnan(columns["density"].values[place[:, 2] > 1.001]).all()
    assert np.isfinite(columns["density"].values[place[:, 2] < 0.999]).all()


def test_the_ends_of_a_line_have_as_many_coordinates_as_the_mesh(tmp_path: Path) -> None:
    result = stored(tmp_path, unit_box(2, "wedges"))
    with pytest.raises(UsageError, match="the result lies in space: give x, y and z of both ends"):
        line_columns(result, result.fields, Line((0.0, 0.0), (1.0, 1.0)))


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_cell_that_holds_a_point_has_it_behind_all_its_faces(kind: str) -> None:
    mesh = unit_box(4, kind, 0.2, seed=3)
    points = 0.02 + 0.96 * np.random.default_rng(5).random((200, 3))
    cells = holding_cells(mesh, points)
    outside = distance_outside(mesh, cells, points)
    # Faces of tetrahedra are plane; bent ones leave gaps of a few hundredths of a cell.
    assert outside.max() <= (1e-12 if kind == "tetrahedra" else 0.02)
    assert holding_cells(mesh, compute_metric(mesh, axisymmetric=False).centroid).tolist() == list(
        range(mesh.n_cells)
    )
