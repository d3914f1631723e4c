"""Reports: pictures of the data, texts of the page, and reproducible files."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from breachflow.errors import ResultError
from breachflow.leak.fitted.law import FlowSample, HoleShape, fit_law
from breachflow.mesh import Mesh
from breachflow.mesh.files.read import read_mesh
from breachflow.report.cabin import pictures as cabin_pictures
from breachflow.report.html import LARGEST_SVG, data_uri, render
from breachflow.report.leaks import pictures as leak_pictures
from breachflow.report.picture import Picture
from breachflow.report.provenance import provenance_rows
from breachflow.report.result import pictures as result_pictures
from breachflow.report.result.geometry import (
    Hole,
    has_edge,
    hole_of,
    is_half,
    outline_of,
    solids_behind,
    triangles_of,
    values_at_points,
    walls_of,
)
from breachflow.report.result.page import result_page
from breachflow.report.result.pictures import history as history_picture
from breachflow.report.result.pictures import mach as mach_picture
from breachflow.report.style import drawable, look, short
from breachflow.report.sweep import pictures as sweep_pictures
from breachflow.report.sweep.drawing import styles_of
from breachflow.report.sweep.lines import law_curve, lines_along
from breachflow.report.sweep.page import MOST_ROWS, sweep_page
from breachflow.report.sweep.pictures import gas as gas_picture
from breachflow.report.sweep.pictures import pressure as pressure_picture
from breachflow.report.sweep.points import Points
from breachflow.report.write import write_report
from breachflow.results import Column, Result, read_result
from breachflow.results.files.tables import write_table
from breachflow.results.measured import read_measured
from breachflow.results.table import SweepTable
from breachflow.shipped import root
from breachflow.templates.hole_lines import OrificeShape
from breachflow.templates.library.orifice import orifice_mesh
from breachflow.units.display import DisplayUnit, written_unit
from report_tables import ATTRIBUTES, HOLE, SHAPE, sweep_table, write_hole

SIZES = (1e-3, 2e-3, 4e-3)
WALLS = (0.0, 1e-3)
PRESSURES = (0.0, 30e3, 50e3, 80e3)


def drawn(table: SweepTable) -> list[str]:
    return [picture.name for picture in sweep_page(Path("table.h5"), table).pictures]


def page_text(table: SweepTable) -> str:
    return render(sweep_page(Path("table.h5"), table)).decode()


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are drawn but not saved, because saving is slow."""
    monkeypatch.setattr("breachflow.report.picture._saved", lambda *_: b"")


@pytest.fixture
def hole(tmp_path: Path) -> Result:
    write_hole(tmp_path / "hole.vtkhdf")
    return read_result(tmp_path / "hole.vtkhdf")


# ---------------------------------------------------------------- which pictures


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    ("swept", "names"),
    [
        ({"diameter": SIZES}, ["flow", "ratios"]),
        ({"diameter": SIZES, "wall_thickness": WALLS}, ["flow", "thickness", "ratios"]),
        ({"width": SIZES}, ["flow", "ratios"]),
        ({"space_pressure": PRESSURES}, ["pressure", "ratios"]),
        ({"wall_thickness": WALLS, "space_pressure": PRESSURES}, ["pressure", "thickness", "ratios"]),
        ({"gas": ("air", "helium")}, ["gas", "ratios"]),
        ({"gas": ("air", "nitrogen")}, ["gas", "ratios"]),
        ({"mesh_resolution": ("coarse", "fine")}, ["ratios"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_pictures_of_what_varies(swept: Mapping[str, Sequence[Any]], names: list[str]) -> None:
    assert drawn(sweep_table(swept)) == names


def test_a_table_without_answers_has_no_pictures() -> None:
    table = sweep_table({"diameter": SIZES}, failed=range(3))
    page = sweep_page(Path("table.h5"), table)
    assert page.pictures == []
    assert page.alarms == ["3 points FAILED: there is no answer for them"]
    assert [headline.value for headline in page.headlines] == ["3"]


def pictures_in_the_guide() -> list[tuple[str, ...]]:
    """Rows of the user guide's table of pictures: name, what it is of, what it shows."""
    guide = (Path(__file__).parents[2] / "docs" / "user_guide.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(\w+)` \| (result|table|cabin|leak) \| (.+) \|$", guide, flags=re.MULTILINE)


def test_the_guide_lists_the_pictures_in_the_order_of_the_page() -> None:
    rows = []
    packages = (
        (result_pictures, "result"),
        (sweep_pictures, "table"),
        (cabin_pictures, "cabin"),
        (leak_pictures, "leak"),
    )
    for package, kind in packages:
        modules = [importlib.import_module(f"{package.__name__}.{name}") for name in package.NAMES]
        for module in sorted(modules, key=lambda module: module.PLACE):
            name = module.__name__.rpartition(".")[2]
            rows.append((name, kind, str(module.__doc__).splitlines()[0].removesuffix(".")))
    assert pictures_in_the_guide() == rows


@pytest.mark.slow
def test_the_same_table_gives_the_same_files() -> None:
    table = sweep_table({"space_pressure": PRESSURES, "wall_thickness": WALLS}, unconverged=[2])
    first, second = (sweep_page(Path("table.h5"), table) for _ in range(2))
    assert first.pictures == second.pictures
    assert render(first) == render(second)


@pytest.mark.slow
def test_the_same_result_gives_the_same_files(hole: Result) -> None:
    assert render(result_page(hole)) == render(result_page(hole))


def test_pictures_know_no_date_and_no_address(hole: Result) -> None:
    for picture in result_page(hole).pictures:
        assert picture.png.startswith(b"\x89PNG")
        assert b"dc:date" not in picture.svg
        addresses = set(re.findall(rb'(?:href|src)="(?!#|data:)([^"]*)"', picture.svg))
        assert not addresses


def test_large_drawings_go_into_the_page_as_dots() -> None:
    picture = Picture("flow", "", "", b"png", b"s" * LARGEST_SVG)
    assert data_uri(picture).startswith("data:image/svg+xml;base64,")
    assert data_uri(picture._replace(svg=b"s" * (LARGEST_SVG + 1))) == "data:image/png;base64,cG5n"


# ---------------------------------------------------------------- lines of points


def test_lines_have_one_point_for_each_place() -> None:
    points = Points(sweep_table({"diameter": SIZES, "wall_thickness": WALLS}))
    chosen = lines_along(points, "thickness_ratio", points.distinguishing("thickness_ratio"), 8)
    (line,) = chosen.shown
    assert line.label == "computed"
    assert points.numbers("thickness_ratio")[line.rows].tolist() == [0.0, 0.25, 0.5, 1.0]
    assert chosen.left_out == 0


def test_lines_are_named_by_what_tells_them_apart() -> None:
    points = Points(sweep_table({"diameter": SIZES, "wall_thickness": WALLS, "gas": ("air", "helium")}))
    chosen = lines_along(points, "diameter", ["wall_thickness", "gas"], 3)
    assert [line.label for line in chosen.shown] == ["wall 0 mm, air", "wall 1 mm, air", "wall 1 mm, helium"]
    assert chosen.left_out == 1
    by_groups = lines_along(points, "pressure_ratio", ["thickness_ratio", "heat_capacity_ratio"], 8)
    assert by_groups.shown[0].label == "points"


def test_failed_points_are_on_no_line() -> None:
    points = Points(sweep_table({"diameter": SIZES}, failed=[1]))
    (line,) = lines_along(points, "diameter", [], 8).shown
    assert line.rows.tolist() == [0, 2]


@pytest.mark.usefixtures("undrawn")
def test_a_random_sample_is_a_cloud() -> None:
    table = sweep_table({"diameter": SIZES, "wall_thickness": (0.0, 1e-4, 2e-4)}, loose=True)
    points = Points(table)
    assert points.swept == ["diameter", "wall_thickness"]
    case = f'{HOLE}[sweep]\n"orifice.wall_thickness" = ["0 mm"]\nmode = "paired"\n'
    assert Points(replace(table, attributes={"case": case})).swept == ["wall_thickness"]
    (line,) = lines_along(points, "diameter", ["wall_thickness"], 8).shown
    assert not line.joined
    assert line.rows.tolist() == [0, 1, 2]
    assert drawn(table) == ["flow", "thickness", "ratios"]


def test_what_a_coefficient_depends_on_beside_the_groups() -> None:
    points = Points(sweep_table({"diameter": SIZES, "mesh_resolution": ("coarse", "fine")}))
    assert points.distinguishing("pressure_ratio") == ["mesh_resolution"]


@pytest.mark.usefixtures("undrawn")
def test_slits_are_told_in_widths_and_by_the_meter() -> None:
    points = Points(sweep_table({"width": SIZES, "wall_thickness": WALLS}))
    assert points.size == "width"
    assert points.unit("thickness_ratio").label == "t/w"
    assert points.per == " per m"
    assert "kg/day per m" in page_text(points.table)


# ---------------------------------------------------------------- units and names of the user


def written_in(swept: Mapping[str, Sequence[Any]], entries: str) -> Points:
    """The points of a table whose case writes the swept values so."""
    outlet = HOLE.replace('"vacuum"', '"outlet", pressure = "1 Pa"')
    case = f"{outlet}[sweep]\n{entries}\n"
    return Points(sweep_table(swept, attributes={**ATTRIBUTES, "case": case}))


def test_swept_quantities_in_the_unit_of_the_case() -> None:
    points = written_in({"diameter": (2.54e-3, 5.08e-3)}, '"orifice.diameter" = ["0.1 in", "0.2 in"]')
    assert points.unit("diameter").label == "diameter (in)"
    assert points.described(1, ["diameter"]) == "diameter 0.2 in"
    assert points.unit("wall_thickness").label == "wall (mm)"  # not swept
    rows = sweep_page(Path("table.h5"), points.table).rows
    assert rows is not None
    assert rows.heading[1] == "diameter (in)"
    assert [line[1] for line in rows.lines] == ["0.1", "0.2"]
    ranged = '"orifice.diameter" = { from = "2.54 mm", to = "0.2 in", points = 2 }'
    assert written_in({"diameter": (2.54e-3, 5.08e-3)}, ranged).unit("diameter").label == "diameter (mm)"


def test_temperatures_have_a_zero_of_their_own() -> None:
    """Kelvin less 273.15, by definition of the degree Celsius."""
    unit = written_unit(DisplayUnit("cabin", 1.0, "K"), "K", "20 degC")
    assert unit.shown(np.array([273.15, 295.15])) == pytest.approx([0.0, 22.0], abs=1e-12)
    assert written_unit(DisplayUnit("cabin", 1.0, "K"), "K", "20 parsec").unit == "K"


def test_groups_are_told_as_what_was_swept() -> None:
    """Over a fixed pressure or size; where this varies too, only the group tells the flow."""
    swept = {"space_pressure": PRESSURES, "wall_thickness": WALLS}
    points = written_in(swept, '"boundary.space.pressure" = ["0 bar"]\n"orifice.wall_thickness" = ["0 mm"]')
    found = points.behind("pressure_ratio")
    assert found == ("space_pressure", 101325.0)
    assert points.described(2, ["pressure_ratio", "thickness_ratio"]) == "outside 0.3 bar, wall 0 mm"
    sizes = Points(sweep_table({"wall_thickness": WALLS, "diameter": SIZES}))
    assert sizes.behind("thickness_ratio") is None
    assert sizes.described(5, ["thickness_ratio"]) == "t/d = 0.25"
    slit = Points(sweep_table({"wall_thickness": (1e-3, 2e-3), "width": (4e-3,)}))
    assert slit.behind("thickness_ratio") == ("wall_thickness", 4e-3)


def test_the_swept_pressure_is_a_second_axis() -> None:
    points = written_in({"space_pressure": PRESSURES}, '"boundary.space.pressure" = ["0 bar", "0.8 bar"]')
    picture = pressure_picture.draw(points)
    assert picture is not None
    picture.figure.draw_without_rendering()
    axes = picture.figure.axes[0]
    (above,) = axes.child_axes
    assert above.get_xlabel() == "outside (bar)"
    assert above.get_xlim() == pytest.approx([1.01325 * end for end in axes.get_xlim()])


def test_series_that_coincide_remain_visible() -> None:
    """Each is drawn over a larger and thicker one; of many points markers are smaller."""
    points = Points(sweep_table({"diameter": SIZES, "wall_thickness": (0.0, 1e-9, 2e-9)}))
    styles = [style for _, style in styles_of(lines_along(points, "diameter", ["wall_thickness"], 8).shown)]
    assert all(one.size > 1.3 * other.size for one, other in pairwise(styles))
    assert all(one.width > 1.3 * other.width for one, other in pairwise(styles))
    crowd = Points(sweep_table({"diameter": np.geomspace(1e-3, 1e-2, 60).tolist()}))
    ((_, style),) = styles_of(lines_along(crowd, "diameter", [], 8).shown)
    assert style.size == pytest.approx(0.5 * styles[-1].size)


def test_gases_have_a_row_each() -> None:
    """Names side by side would overlap."""
    gases = ("air", "helium", "argon", "nitrogen", "oxygen", "hydrogen", "carbon_dioxide")
    picture = gas_picture.draw(Points(sweep_table({"gas": gases})))
    assert picture is not None
    picture.figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in picture.figure.axes[0].get_yticklabels()]
    assert len(boxes) == 7
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_measured_data_are_in_the_pictures(tmp_path: Path) -> None:
    (tmp_path / "stand.csv").write_text("pressure ratio [1], Cd [1], Cd uncertainty [1]\n0.5, 0.8, 0.02\n")
    points = Points(sweep_table({"space_pressure": PRESSURES}), read_measured(tmp_path / "stand.csv"))
    picture = pressure_picture.draw(points)
    assert picture is not None
    labels = [text.get_text() for text in picture.figure.legends[0].get_texts()]
    assert labels[-1] == "measured"
    (line,) = (line for line in picture.figure.axes[0].lines if line.get_marker() == "p")
    assert line.get_xydata().tolist() == [[0.5, 0.8]]


def test_measured_gases_are_beside_the_computed_ones(tmp_path: Path) -> None:
    (tmp_path / "stand.csv").write_text("gas, Cd [1]\nargon, 0.81\nxenon, 0.8\n")
    points = Points(sweep_table({"gas": ("air", "helium", "argon")}), read_measured(tmp_path / "stand.csv"))
    picture = gas_picture.draw(points)
    assert picture is not None
    axes = picture.figure.axes[0]
    names = [label.get_text().partition(",")[0] for label in axes.get_yticklabels()]
    (line,) = (line for line in axes.lines if line.get_marker() == "p")
    assert line.get_xydata()[0].tolist() == [0.81, names.index("argon") + 0.2]
    assert np.isnan(line.get_xydata()[1, 1])  # the sweep has no xenon


# ---------------------------------------------------------------- the fitted law


@pytest.fixture(scope="module")
def law() -> dict[str, Any]:
    """Up to a pressure ratio of one half, and a wall of one diameter."""
    ratios, walls = np.linspace(0.0, 0.5, 6), (0.0, 0.5, 1.0)
    samples = [
        FlowSample(r, wall, 1.4, 0.83 - 0.3 * r**2 * (1.0 - wall), 0.004) for r in ratios for wall in walls
    ]
    return fit_law(samples, HoleShape("round")).to_mapping()


def test_the_law_is_drawn_within_its_range(law: dict[str, Any]) -> None:
    points = Points(sweep_table({"space_pressure": PRESSURES, "wall_thickness": WALLS}, law=law))
    curve = law_curve(points, "pressure_ratio", 1, np.linspace(0.0, 1.0, 11))
    assert curve is not None
    assert curve.x.tolist() == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    thickness = points.numbers("thickness_ratio")[1]
    assert curve.value == pytest.approx(0.83 - 0.3 * curve.x**2 * (1.0 - thickness), abs=1e-7)
    assert curve.uncertainty == pytest.approx(
        np.full(6, 0.004), rel=0.01
    )  # the law passes through the points
    assert law_curve(points, "pressure_ratio", 1, np.array([0.6, 0.8])) is None


def test_the_law_changes_picture_and_page(law: dict[str, Any]) -> None:
    without = sweep_table({"space_pressure": PRESSURES})
    assert law_curve(Points(without), "pressure_ratio", 0, np.array([0.0, 0.1])) is None
    first, second = (sweep_page(Path("t.h5"), table) for table in (without, replace(without, law=law)))
    assert first.pictures[0].png != second.pictures[0].png
    assert first.law == []
    assert [label for label, _ in second.law] == [
        "range", "fitted to", "largest error at a point left out", "uncertainty of the points",
    ]  # fmt: skip
    assert second.law[0][1].startswith("round hole with a sharp edge")
    assert second.law[1][1] == "18 different solutions"
    assert second.law[3][1] == "up to 0.004"


OUTDATED = (
    "the law has a form that this version does not read: use the version that fitted it, or run "
    "`breachflow sweep` again"
)


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_a_law_that_cannot_be_used_is_not_drawn(law: dict[str, Any]) -> None:
    page = sweep_page(Path("t.h5"), sweep_table({"space_pressure": PRESSURES}, law={**law, "form": "older"}))
    assert page.law == [("not shown", OUTDATED)]


# ---------------------------------------------------------------- what the page of a sweep says


@pytest.mark.usefixtures("undrawn")
def test_headlines_and_alarms_of_a_sweep() -> None:
    table = sweep_table({"diameter": SIZES, "wall_thickness": WALLS}, failed=[1], unconverged=[2, 4])
    page = sweep_page(Path("leak.sweep/table.h5"), table)
    assert page.title == "Holes of a hull"
    assert page.subtitle == "Table of a sweep, table.h5: 6 points, diameter (3) x wall thickness (2)"
    assert page.alarms == [
        "2 points NOT CONVERGED: do not trust their numbers",
        "1 point FAILED: there is no answer for them",
    ]
    assert page.headlines[0].detail == "5 solved, 0 scaled from a solved one, 2 not converged, 1 failed"
    assert page.headlines[3].value == "-1.0 to -1.0 %"


@pytest.mark.usefixtures("undrawn")
def test_rows_of_the_points() -> None:
    rows = sweep_page(Path("table.h5"), sweep_table({"diameter": SIZES}, failed=[1])).rows
    assert rows is not None
    assert rows.heading[:3] == ["point", "diameter (mm)", "outside / cabin pressure"]
    assert [line[:2] for line in rows.lines] == [["0", "1"], ["1", "2"], ["2", "4"]]
    assert [line[-1] for line in rows.lines] == ["converged", "failed", "converged"]
    coefficients = [line[rows.heading.index("discharge coefficient")] for line in rows.lines]
    assert coefficients[1] == ""
    assert float(coefficients[0]) == pytest.approx(0.99 * 0.8305, abs=1e-4)
    assert [line[rows.heading.index("±")] for line in rows.lines] == ["0.004", "", "0.004"]


@pytest.mark.usefixtures("undrawn")
def test_a_long_table_is_cut_in_the_page_and_says_so() -> None:
    table = sweep_table({"diameter": np.geomspace(1e-3, 1e-2, MOST_ROWS + 1).tolist()})
    rows = sweep_page(Path("table.h5"), table).rows
    assert rows is not None
    assert len(rows.lines) == MOST_ROWS
    assert rows.note == f"The first {MOST_ROWS} of {MOST_ROWS + 1}; the table has all."


@pytest.mark.usefixtures("undrawn")
def test_scaled_points_name_their_source() -> None:
    table = sweep_table({"diameter": SIZES})
    scaled = replace(table.variables["scaled_from"], values=np.array([-1, 0, -2]))
    page = sweep_page(Path("table.h5"), replace(table, variables={**table.variables, "scaled_from": scaled}))
    assert page.rows is not None
    assert [line[-1] for line in page.rows.lines] == [
        "converged", "converged, from point 0", "converged, from another sweep",
    ]  # fmt: skip
    assert page.headlines[0].detail == "1 solved, 2 scaled from a solved one"


@pytest.mark.usefixtures("undrawn")
def test_remarks_that_differ_in_numbers_alone_are_one() -> None:
    table = sweep_table({"diameter": SIZES, "wall_thickness": WALLS}, failed=[0, 5])
    errors_and_cautions = [(remark.text, remark.where) for remark in sweep_page(Path("t.h5"), table).remarks]
    assert errors_and_cautions == [
        (
            "the density fell below zero in cell 77",
            "point 0: diameter 1 mm, wall 0 mm; point 5: diameter 4 mm, wall 1 mm",
        ),
        (
            "a wall of 0.25 to 1 diameters",
            "point 1: diameter 1 mm, wall 1 mm; point 3: diameter 2 mm, wall 1 mm; "
            "point 5: diameter 4 mm, wall 1 mm",
        ),
    ]


@pytest.mark.usefixtures("undrawn")
def test_provenance_begins_with_program_digest_command_and_date() -> None:
    provenance = sweep_page(Path("table.h5"), sweep_table({"diameter": SIZES})).provenance
    assert [label for label, _ in provenance] == ["program", "source digest", "command", "date"]
    assert ("date", "2026-01-02T03:04:05+00:00") in provenance


def test_a_page_does_not_tell_the_folder_of_its_author() -> None:
    assert provenance_rows({"folder": "/home/jo/leaks", "threads": 2}) == [("threads", "2")]


# ---------------------------------------------------------------- the page


@pytest.mark.usefixtures("undrawn")
def test_everything_from_files_is_escaped(hole: Result) -> None:
    text = render(result_page(hole)).decode()
    assert "<h1>A hole of &lt;b&gt;mine&lt;/b&gt; &amp; $x$</h1>" in text
    assert "first &lt;i&gt;caution&lt;/i&gt;" in text
    bad = {"title": "<script>alert(1)</script>\x00\x1b[31m", "case": "<img src=x>", '"><script>': "\ud800"}
    text = page_text(sweep_table({"diameter": SIZES}, attributes=bad))
    assert "<script" not in text
    assert "<img src=x>" not in text
    assert "<title>&lt;script&gt;alert(1)&lt;/script&gt;??[31m</title>" in text


def test_the_page_needs_nothing_from_outside(hole: Result) -> None:
    text = render(result_page(hole)).decode()
    assert '<html lang="en">' in text
    assert re.findall(r'(?:src|href)="(?!data:)', text) == []
    assert "url(" not in text
    assert "http:" not in text
    assert "https:" not in text
    assert all(alt for alt in re.findall(r'alt="([^"]*)"', text))
    assert len(text) < 3_000_000


@pytest.mark.usefixtures("undrawn")
def test_a_run_that_did_not_converge_says_so_first(tmp_path: Path) -> None:
    write_hole(tmp_path / "hole.vtkhdf", converged=False)
    page = result_page(read_result(tmp_path / "hole.vtkhdf"))
    assert page.alarms == ["NOT CONVERGED: do not trust these numbers (whether it came to rest)"]
    assert '<p class="alarm" role="alert">NOT CONVERGED' in render(page).decode()


@pytest.mark.usefixtures("undrawn")
def test_headlines_of_a_run(hole: Result) -> None:
    page = result_page(hole)
    assert [tuple(headline) for headline in page.headlines] == [
        ("leak rate", "53.6 ± 0.5 kg/day", "0.620 ± 0.006 g/s, 118.1 ± 1.1 lb/day"),
        ("discharge coefficient", "0.830 ± 0.008", "closed forms expect 0.834 (best estimate)"),
        ("thrust", "0.344 N", ""),
        ("regime", "continuum", "It can be trusted."),
    ]
    assert [remark.text for remark in page.remarks] == ["first <i>caution</i>", "second one"]
    assert page.numbers[0] == ("status", "converged")


# ---------------------------------------------------------------- the field and its mesh


def meshes() -> dict[str, tuple[Mesh, Hole]]:
    plate = read_mesh(root() / "meshes" / "plate_triangles.msh", 1e-3)
    shapes = {
        "knife edge": replace(SHAPE, wall_thickness=0.0),
        "thick": SHAPE,
        "chamfered": replace(SHAPE, chamfer=3e-4),
        "rounded": replace(SHAPE, rounding=4e-4),
        "rounded all through": replace(SHAPE, rounding=1e-3),
    }
    found = {name: (orifice_mesh(shape), _hole(shape)) for name, shape in shapes.items()}
    return found | {"imported": (plate, Hole(2e-3, 0.0, 1e-3, 0.0, is_round=True))}


def _hole(shape: OrificeShape) -> Hole:
    return Hole(shape.diameter, 0.0, shape.wall_thickness, max(shape.chamfer, shape.rounding), is_round=True)


def written(mesh: Mesh, folder: Path) -> Result:
    write_hole(folder / "hole.vtkhdf", mesh=mesh)
    return read_result(folder / "hole.vtkhdf")


@pytest.mark.parametrize("name", meshes())
def test_walls_are_the_faces_of_patches_that_are_walls(name: str, tmp_path: Path) -> None:
    mesh, hole = meshes()[name]
    walls = walls_of(written(mesh, tmp_path))
    faces = mesh.face_corners[mesh.patches["wall"]]
    assert walls.tolist() == mesh.points[faces].tolist()
    assert has_edge(walls, hole)


def test_a_hole_is_not_shown_where_the_mesh_has_none(hole: Result) -> None:
    walls = walls_of(hole)
    assert not has_edge(walls, Hole(1e-3, 0.0, 0.0, 0.0, is_round=True))
    assert not has_edge(walls[:0], Hole(2e-3, 0.0, 1e-3, 0.0, is_round=True))


def removed_by(hole: Hole, name: str) -> float:
    """Area that a chamfer (a triangle) or a rounding (a square less a quarter circle) takes off the wall."""
    return (0.5 if name == "chamfered" else 1.0 - 0.25 * np.pi) * hole.edge**2


@pytest.mark.parametrize("name", meshes())
def test_solids_fill_the_wall(name: str, tmp_path: Path) -> None:
    """Up to the top of the mesh, by the polygon formula; a rounding of few faces misses 5 % of its area."""
    mesh, hole = meshes()[name]
    result = written(mesh, tmp_path)
    x, y = np.moveaxis(solids_behind(walls_of(result), hole), -1, 0)
    areas = 0.5 * np.abs((x * np.roll(y, -1, axis=1) - np.roll(x, -1, axis=1) * y).sum(axis=1))
    top = np.abs(walls_of(result)[:, :, 1]).max()
    expected = hole.wall_thickness * (top - 0.5 * hole.size) - removed_by(hole, name)
    assert areas.sum() == pytest.approx(expected, rel=1e-9, abs=0.05 * hole.edge**2 + 1e-15)


def test_the_hole_of_a_case(hole: Result) -> None:
    assert hole_of(hole) == Hole(2e-3, 0.0, 1e-3, 0.0, is_round=True)
    for text in ("", "no TOML", "[orifice]", '[orifice]\nshape = "round"\ndiameter = 2'):
        assert hole_of(replace(hole, case_completed=text)) is None


def test_the_plane_of_a_result(hole: Result) -> None:
    mesh = orifice_mesh(SHAPE)
    assert is_half(hole)
    assert len(outline_of(hole)) == int((mesh.face_cells[:, 1] < 0).sum())
    corners = hole.points[triangles_of(hole), :2]
    along, across = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = 0.5 * np.abs(along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0])
    quads = mesh.points[mesh.cell_points.reshape(-1, 4)]
    diagonals = quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1]
    expected = 0.5 * np.abs(diagonals[0][:, 0] * diagonals[1][:, 1] - diagonals[0][:, 1] * diagonals[1][:, 0])
    assert areas.sum() == pytest.approx(expected.sum(), rel=1e-12)
    assert values_at_points(hole, np.full(hole.n_cells, 3.0)) == pytest.approx(3.0)


@pytest.mark.usefixtures("undrawn")
def test_a_result_without_a_hole_is_shown_whole(hole: Result) -> None:
    elsewhere = hole.case_completed.replace('plane = "0 mm"', 'plane = "9 m"')
    for text in ("", elsewhere):
        picture = mach_picture.draw(replace(hole, case_completed=text))
        assert picture is not None
        assert picture.description.endswith("on the whole mesh.")


def test_a_result_without_fields_or_history_has_no_pictures(hole: Result) -> None:
    bare = replace(hole, steady_fields={}, history={})
    assert mach_picture.draw(bare) is None
    assert history_picture.draw(bare) is None
    assert b"<h2>Pictures</h2>" not in render(result_page(bare))


@pytest.mark.usefixtures("undrawn")
def test_the_description_of_the_field(hole: Result) -> None:
    picture = mach_picture.draw(hole)
    assert picture is not None
    assert "around the round hole of 2 mm diameter in a wall of 1 mm" in picture.description


@pytest.mark.usefixtures("undrawn")
def test_a_history_in_time(hole: Result) -> None:
    history = {
        "time": Column(np.linspace(0.0, 6e-5, 5), "s", "time"),
        "mass_flow": Column(np.linspace(0.0, 6e-4, 5), "kg/s", "mass flow"),
    }
    with look():
        picture = history_picture.draw(replace(hole, history=history))
    assert picture is not None
    assert picture.description == "Mass flow at the end 51.84 kg/day."


def test_a_history_of_nothing(hole: Result) -> None:
    history = {name: replace(column, values=0.0 * column.values) for name, column in hole.history.items()}
    history["iteration"] = hole.history["iteration"]
    picture = history_picture.draw(replace(hole, history=history))
    assert picture is not None
    words = "Residual at the end 0.0e+00 of its first value; mass flow at the end 0 kg/day."
    assert picture.description == words


def test_texts_that_can_be_drawn() -> None:
    assert drawable("größer β > 1") == "größer β > 1"
    assert drawable("穴\x07") == "??"
    assert drawable("a" * 101) == "a" * 97 + "..."
    assert [short(value) for value in (1000.0, 12345.0, -0.5, 1e-7)] == ["1000", "12 300", "-0.5", "1e-7"]


# ---------------------------------------------------------------- files


@pytest.mark.usefixtures("undrawn")
def test_files_beside_the_input(tmp_path: Path) -> None:
    write_table(tmp_path / "table.h5", sweep_table({"diameter": SIZES}))
    files = write_report(tmp_path / "table.h5")
    names = ["report.html", "flow.png", "flow.svg", "ratios.png", "ratios.svg"]
    assert files == [tmp_path / "table.report" / name for name in names]
    assert sorted(path.name for path in (tmp_path / "table.report").iterdir()) == sorted(names)


def test_a_later_report_replaces_the_earlier_one_and_nothing_else(tmp_path: Path) -> None:
    source, folder = tmp_path / "table.h5", tmp_path / "out"
    write_table(source, sweep_table({"diameter": SIZES}))
    write_report(source, folder)
    (folder / "notes.txt").write_text("mine")
    (folder / "gas.png").write_bytes(b"a photograph")
    write_table(source, sweep_table({"wall_thickness": WALLS}))
    write_report(source, folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "gas.png", "notes.txt", "ratios.png", "ratios.svg", "report.html", "thickness.png", "thickness.svg",
    ]  # fmt: skip
    assert (folder / "gas.png").read_bytes() == b"a photograph"


def test_files_of_others_are_not_replaced(tmp_path: Path) -> None:
    write_table(tmp_path / "table.h5", sweep_table({"diameter": SIZES}))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "flow.png").write_bytes(b"a photograph")
    with pytest.raises(
        ResultError, match=r"out/flow\.png: is not of a report, and was left as it is; choose"
    ):
        write_report(tmp_path / "table.h5", tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["flow.png"]


def test_the_stand_in_case_is_one() -> None:
    assert 'diameter = "2 mm"' in HOLE
