"""Meshes of other programs: they may face any way, and what does not fit its case is refused before a run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from breachflow.case import Case, parse_case
from breachflow.cli.main import main
from breachflow.errors import CaseError, MeshError
from breachflow.mesh import Mesh, build_mesh
from breachflow.mesh.files.write import write_mesh
from breachflow.mesh.opening.sections import CrossSection, narrowest_sections
from breachflow.results import Result
from breachflow.runs.run import run
from breachflow.runs.setup import passage as passage_module
from breachflow.runs.setup.meshes import case_mesh, case_meshes, plan
from breachflow.runs.setup.passage import passage_of
from breachflow.runs.setup.problem import make_problem
from cases.plates import KNIFE, ROUND, case_text, moved, plate, turned
from solid_boxes import unit_box

HOLE = 'diameter = "2 mm", wall_thickness = "1 mm"'
SLIT = 'width = "2 mm", wall_thickness = "1 mm"'


def case_on(mesh: Mesh, folder: Path, *overrides: str, hole: str = HOLE, **tables: str) -> Case:
    return parse_case(case_text(mesh, folder, hole, **tables), path=folder / "case.toml", overrides=overrides)


def solved(mesh: Mesh, folder: Path, hole: str = HOLE, **tables: str) -> Result:
    return run(case_on(mesh, folder, hole=hole, **tables), output=folder / "result.vtkhdf")


def mirrored(points: np.ndarray) -> np.ndarray:
    return points * [-1.0, 1.0]


def test_a_mirrored_mesh_gives_the_same_flow(tmp_path: Path) -> None:
    """The tolerance is that of convergence."""
    plain, other = solved(plate(), tmp_path), solved(moved(plate(), mirrored), tmp_path)
    assert plain.converged
    assert other.converged
    assert other.discharge_coefficient == pytest.approx(plain.discharge_coefficient, rel=1e-5)
    assert other.thrust == pytest.approx(plain.thrust, rel=1e-5)
    assert plain.thrust > 0.0


@pytest.mark.parametrize("degrees", [pytest.param(90.0, marks=pytest.mark.slow), 215.0])
def test_a_turned_slit_gives_the_same_flow(degrees: float, tmp_path: Path) -> None:
    """The tolerance is that of convergence. Half a slit has other gradients beside its plane of symmetry."""
    whole = solved(plate(whole=True), tmp_path, SLIT)
    half, other = (solved(turned(mesh, degrees), tmp_path, SLIT) for mesh in (plate(), plate(whole=True)))
    assert other.converged
    assert other.discharge_coefficient == pytest.approx(whole.discharge_coefficient, rel=1e-5)
    assert other.thrust == pytest.approx(whole.thrust, rel=1e-5)
    assert half.discharge_coefficient == pytest.approx(whole.discharge_coefficient, rel=1e-3)
    assert half.thrust == pytest.approx(whole.thrust, rel=1e-3)


def test_gas_may_go_in_minus_x_through_the_same_plate(tmp_path: Path) -> None:
    """Cabin and space change places: the bore begins where the gas enters it."""
    text = case_text(plate(), tmp_path, HOLE).replace("cabin =", "_ =").replace("space =", "cabin =")
    case = parse_case(text.replace("_ =", "space ="), path=tmp_path / "case.toml")
    mesh = case_mesh(case)
    passage = passage_of(case, mesh)
    assert passage.direction.tolist() == [-1.0, 0.0]
    assert passage.bore == pytest.approx((-1e-3, 0.0))
    assert [note for note in plan(case).notes if "lies" in note] == []


def test_a_mesh_in_space_is_no_plane_section(tmp_path: Path) -> None:
    case = case_on(plate(), tmp_path)
    write_mesh(unit_box(2, "tetrahedra"), case.mesh.mesh_files[-1])
    with pytest.raises(
        MeshError, match=r'the mesh lies in space: write \[mesh\] geometry = "spatial"'
    ) as caught:
        plan(case)
    assert "\n" not in str(caught.value)


def test_a_line_between_cells_is_a_wall(tmp_path: Path) -> None:
    """Against a mesh whose points along the plate are there twice: equal to the tolerance of convergence."""
    hole = 'diameter = "2 mm", wall_thickness = "0 mm"'
    wall = 'kind = "wall"'
    inside = solved(plate(KNIFE), tmp_path, hole, wall=wall)
    cut = case_mesh(case_on(plate(KNIFE), tmp_path, hole=hole, wall=wall))
    doubled = moved(cut, lambda points: points * 1e3)
    assert (
        len(doubled.points) == len(plate(KNIFE).points) + np.count_nonzero(plate(KNIFE).points[:, 0] == 0) - 5
    )
    other = solved(doubled, tmp_path, hole)
    assert inside.discharge_coefficient == pytest.approx(other.discharge_coefficient, rel=1e-6)
    assert 0.8 < inside.discharge_coefficient < 0.87  # 0.8305, and the error of 180 cells


@pytest.mark.parametrize(
    ("change", "area"),
    [
        (lambda mesh: mesh, np.pi * 1e-6),
        (lambda mesh: moved(mesh, mirrored), np.pi * 1e-6),
        (lambda mesh: moved(mesh, lambda points: points + np.array([100.0, 0.0])), np.pi * 1e-6),
    ],
)
def test_the_hole_is_measured(change: Callable[[Mesh], Mesh], area: float, tmp_path: Path) -> None:
    """Exactly: the lip is a point of the mesh. Cells askew do not matter: no edge lies across the hole."""
    rng = np.random.default_rng(1)

    def askew(points: np.ndarray) -> np.ndarray:
        inside = (points[:, 1] > 0.0) & (points[:, 1] < 1.0)
        return points + np.where(inside, rng.uniform(-0.1, 0.1, len(points)), 0.0)[:, None] * [1.0, 1.0]

    mesh = change(moved(plate(), askew))
    case = case_on(mesh, tmp_path)
    passage = passage_of(case, moved(mesh, lambda points: points * 1e-3))
    assert passage.is_exact
    assert passage.area == pytest.approx(area, rel=1e-9)
    assert abs(passage.bore[1] - passage.bore[0]) == pytest.approx(1e-3, rel=1e-9)


def test_the_hole_of_a_mesh_is_measured_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate of the mesh, each problem on it and the notes of `check` take the same measurement."""
    measured: list[Mesh] = []

    def counted(mesh: Mesh, *ways: Any) -> list[CrossSection] | None:
        measured.append(mesh)
        return narrowest_sections(mesh, *ways)

    monkeypatch.setattr(passage_module, "narrowest_sections", counted)
    case = case_on(plate(), tmp_path)
    meshes = case_meshes(case)
    for _ in range(2):
        assert make_problem(case, meshes[-1]).passage.area == pytest.approx(np.pi * 1e-6, rel=1e-9)
    assert len(measured) == 1
    plan(case)  # reads the file anew
    assert len(measured) == 2


def along_y(points: np.ndarray) -> np.ndarray:
    return points[:, ::-1]


def shifted(points: np.ndarray) -> np.ndarray:
    return points + np.array([0.0, 0.5])


REFUSED: dict[str, tuple[Callable[[], Mesh], list[str], str]] = {
    "unit": (
        plate,
        ["mesh.unit=m"],
        'orifice.diameter = "2 mm": the narrowest section of the mesh .* is 2 m across, '
        r'from \(0, 0\) to \(0, 1\) in the file: with unit = "mm" in \[mesh\] the two agree',
    ),
    "size": (
        plate,
        ["orifice.diameter=19 mm"],
        "orifice.diameter=19 mm: the narrowest section .* is 2 mm across",
    ),
    "a little": (plate, ["orifice.diameter=1.6 mm"], "is 2 mm across"),
    "axis along y": (
        lambda: moved(plate(), along_y),
        [],
        'boundary.axis.kind = "axis": the patch lies along y in the mesh .* '
        r"\(x = 0, y = -6 to 4.5\): the axis is y = 0; swap x and y there",
    ),
    "axis beside": (
        lambda: moved(plate(), shifted),
        [],
        r"the patch lies beside the axis .* \(x = -6 to 4.5, y = 0.5\)",
    ),
    "axis as a wall": (
        plate,
        ['boundary.axis={ kind = "wall" }'],
        r'the patch lies on the axis of the mesh .* \(x = -6 to 4.5, y = 0\): write kind = "axis"',
    ),
    "below the axis": (lambda: moved(plate(), lambda points: points * [1.0, -1.0]), [], "turn y into -y"),
    "both halves": (lambda: plate(whole=True), [], "mesh the half above the axis alone"),
    "plate as a line": (
        lambda: plate(KNIFE, inner_plate="Plate wall"),
        ["orifice.wall_thickness=0 mm"],
        r"has a line 'Plate wall' inside the gas \(x = 0, y = 1 to 6\) with no boundary, through which gas "
        'would pass; add "Plate wall" = { kind = "wall" }',
    ),
    "plate of another name": (
        lambda: plate(KNIFE, inner_plate="hull"),
        ["orifice.wall_thickness=0 mm"],
        r"gas can pass from cabin to space beside the line 'orifice' \(x = 0, y = 0 to 1\)",
    ),
    "open inside": (
        lambda: plate(KNIFE, inner_plate="hull"),
        ['boundary.hull={ kind = "vacuum" }'],
        r"'hull' is a line inside the gas \(x = 0, y = 1 to 6\): only a wall can lie there",
    ),
    "nothing lets it out": (plate, ['boundary.space={ kind = "wall" }'], "nothing lets the gas out; make a"),
    "equal rooms": (
        plate,
        ['boundary.space={ kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }'],
        "nothing lets the gas out",
    ),
    "nearly equal rooms": (
        plate,
        ['boundary.space={ kind = "reservoir", pressure = "99.5 kPa", temperature = "300 K" }'],
        "is too close to the cabin's 100 kPa; at most 0.99 of it",
    ),
    "closed": (
        plate,
        ['boundary.orifice={ kind = "wall" }'],
        "no gas can pass from cabin to space: all points at x = 0, y = 0 to 1 are there twice",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_check_refuses_what_a_run_would(name: str, tmp_path: Path) -> None:
    make, overrides, message = REFUSED[name]
    with pytest.raises(CaseError, match=message) as caught:
        plan(case_on(make(), tmp_path, *overrides))
    assert "\n" not in str(caught.value)


def test_half_a_slit_is_told_from_a_whole_one(tmp_path: Path) -> None:
    case = case_on(plate(), tmp_path, 'boundary.axis={ kind = "wall" }', hole=SLIT)
    with pytest.raises(CaseError, match='the plane in its middle is of kind = "symmetry"'):
        plan(case)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(("grid", "thickness"), [(ROUND, "1 mm"), (KNIFE, "0 mm")])
def test_a_plate_of_kind_symmetry_is_a_wall(
    grid: tuple[np.ndarray, float], thickness: str, whole: bool, tmp_path: Path
) -> None:
    """Only a line with all of the gas on one side halves the hole: a plate without friction does not."""
    hole = f'width = "2 mm", wall_thickness = "{thickness}"'
    case = case_on(plate(grid, whole=whole), tmp_path, 'boundary.wall={ kind = "symmetry" }', hole=hole)
    passage = passage_of(case, case_mesh(case))
    assert passage.multiple == (1.0 if whole else 2.0)
    assert passage.area == pytest.approx(2e-3, rel=1e-9)
    assert passage.center.tolist() == [0.0, 0.0]
    assert plan(case).notes[2:] == []


def test_several_patches_may_be_the_cabin(tmp_path: Path) -> None:
    """Reservoirs of the highest pressure all feed the hole; the emptiest room is outside."""
    mesh = plate()
    pairs = mesh.face_corners
    edges = {name: pairs[faces] for name, faces in mesh.patches.items()}
    is_side = mesh.points[edges["cabin"]].min(axis=1)[:, 0] > -6.0
    edges["cabin"], edges["side"] = edges["cabin"][~is_side], edges["cabin"][is_side]
    parted = build_mesh(mesh.points, [mesh.cell_points.reshape(-1, 4)], edges)
    cabin = 'kind = "reservoir", pressure = "100 kPa", temperature = "300 K"'
    case = case_on(parted, tmp_path, hole=HOLE, side=cabin)
    assert case.outside is case.boundary["space"]
    assert passage_of(case, case_mesh(case)).area == pytest.approx(np.pi * 1e-6, rel=1e-9)


def test_a_missing_unit_is_named(tmp_path: Path) -> None:
    text = case_text(plate(), tmp_path, HOLE).replace(', unit = "mm"', "")
    with pytest.raises(CaseError, match=r"case.toml:3: mesh.unit: is missing: .* is 2 m across"):
        plan(parse_case(text, path=tmp_path / "case.toml"))


def test_patches_without_a_boundary_are_told_with_their_places(tmp_path: Path) -> None:
    lines = case_text(plate(), tmp_path, HOLE).splitlines()
    text = "\n".join(line for line in lines if not line.startswith(("axis", "wall")))
    with pytest.raises(
        CaseError, match=re.escape("patches 'axis' (13 edges at x = -6 to 4.5, y = 0), 'wall' (")
    ):
        plan(parse_case(text, path=tmp_path / "case.toml"))


def test_the_flow_is_measured_across_all_of_the_hole(tmp_path: Path) -> None:
    mesh = plate()
    pairs = mesh.face_corners
    edges = {name: pairs[faces] for name, faces in mesh.patches.items()}
    edges["orifice"] = pairs[mesh.surfaces["orifice"].faces[1:]]
    part = build_mesh(mesh.points, [mesh.cell_points.reshape(-1, 4)], edges)
    with pytest.raises(
        CaseError, match=r"gas can pass from cabin to space beside the line 'orifice' \(x = 0"
    ):
        plan(case_on(part, tmp_path))


def test_the_flow_is_not_measured_across_more_than_the_hole(tmp_path: Path) -> None:
    """The line is drawn around the hole, and ends at twice its radius on the plate."""
    mesh = plate()
    pairs = mesh.face_corners
    edges = {name: pairs[faces] for name, faces in mesh.patches.items()}
    x, y = np.moveaxis(mesh.points[pairs], 2, 0)
    front = (x == -0.3).all(axis=1) & (y <= 2.0).all(axis=1)
    edges["orifice"] = pairs[front | ((y == 2.0) & (x >= -0.3) & (x <= 0.0)).all(axis=1)]
    wide = build_mesh(mesh.points, [mesh.cell_points.reshape(-1, 4)], edges)
    with pytest.raises(CaseError, match=r"the line 'orifice' \(x = -0.3 to 0, y = 0 to 2\), .* has 4 times"):
        plan(case_on(wide, tmp_path))


@pytest.mark.parametrize(
    ("hole", "caution"),
    [
        (HOLE, ""),
        ('diameter = "2 mm", wall_thickness = "1 mm", chamfer = "0.2 mm"', "from the wall of [orifice]"),
        ('diameter = "2 mm", wall_thickness = "1 mm", rounding = "0.2 mm"', "from the wall of [orifice]"),
        ('diameter = "2 mm", wall_thickness = "0.6 mm"', "lies 400 um from the wall of [orifice]"),
        ('diameter = "2.1 mm", wall_thickness = "1 mm"', "is 2 mm across, [orifice] states 2.1 mm"),
    ],
)
def test_a_doubtful_hole_is_told(hole: str, caution: str, tmp_path: Path) -> None:
    notes = plan(case_on(plate(), tmp_path, hole=hole)).notes
    assert notes[0].startswith("fewer than three meshes")
    assert notes[1] == "the narrowest section of the mesh: 2 mm across, from (0, 0) to (0, 1) in the file"
    assert bool(notes[2:]) == bool(caution)
    assert caution in " ".join(notes[2:])


def test_a_cabin_that_begins_right_at_the_hole_is_doubted(tmp_path: Path) -> None:
    """The grid begins at 0.3 of 2 mm; with 0.25 diameters the flow is 10 % too large."""
    x, thickness = ROUND
    notes = plan(case_on(plate((x[x >= -0.3], thickness)), tmp_path)).notes
    assert notes[2:] == [
        "the boundary that feeds the hole lies 300 um from it, less than the opening: the flow is too large "
        "by up to some 10 %, since the gas of a cabin comes from farther away"
    ]


def test_a_result_keeps_the_caution(tmp_path: Path) -> None:
    hole = 'diameter = "2 mm", wall_thickness = "1 mm", chamfer = "0.2 mm"'
    assert "from the wall of [orifice]" in str(solved(plate(), tmp_path, hole).caution)


def test_a_dry_run_of_a_sweep_names_what_a_run_would_refuse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep = '[sweep]\n"orifice.diameter" = ["1 mm", "2 mm"]\n'
    (tmp_path / "case.toml").write_text(case_text(plate(), tmp_path, HOLE) + sweep)
    main(["sweep", str(tmp_path / "case.toml"), "--dry-run"])
    told = capsys.readouterr().out
    assert "points    2 (1 of them invalid)" in told
    assert re.search('point 0: .*orifice.diameter = "1 mm": the narrowest section .* is 2 mm across', told)
    main(["sweep", str(tmp_path / "case.toml"), "--dry-run", "--json"])
    assert json.loads(capsys.readouterr().out)["bad_points"] == 1
