"""Meshes of holes of any outline: what Gmsh makes, what is refused, and that its process never stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from math import cos, pi, sin
from pathlib import Path

import numpy as np
import pytest

from breachflow.case import Case, load_case, parse_case
from breachflow.case.mesh_setting import mesh_setting
from breachflow.errors import CaseError, MeshError
from breachflow.mesh import Mesh
from breachflow.mesh.metric import compute_metric
from breachflow.mesh.quality import mesh_quality
from breachflow.runs.setup.meshes import case_mesh, plan
from breachflow.runs.setup.passage import passage_of
from breachflow.runs.start_file import mesh_digest
from breachflow.sweeps.flow.similarity import flow_digest
from breachflow.templates import outline_mesh
from breachflow.templates.outline_mesh import LIBRARIES
from with_gmsh import needs_gmsh

EXAMPLES = Path(__file__).parents[2] / "examples"

CASE = """
gas = "air"
[orifice]
shape = "outline"
outline = OUTLINE
unit = "mm"
wall_thickness = "WALL"
[mesh]
template = "outline"
resolution = { across = 8 }
[boundary]
cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }
space = { kind = "vacuum" }
"""

TRIANGLE = [[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]]
STAR = [
    [round((1.0, 0.5)[k % 2] * cos(0.2 * pi * k), 6), round((1.0, 0.5)[k % 2] * sin(0.2 * pi * k), 6)]
    for k in range(10)
]
TWO = [TRIANGLE, [[3.0, 0.0], [4.0, 0.0], [4.0, 1.0], [3.0, 1.0]]]


def case_of(outline: object, wall: str = "0 mm", *changes: str, folder: Path | None = None) -> Case:
    text = CASE.replace("OUTLINE", repr(outline).replace("'", '"')).replace("WALL", wall)
    return parse_case(text, path=None if folder is None else folder / "case.toml", overrides=changes)


def area_of(mesh: Mesh, faces: np.ndarray) -> np.ndarray:
    """The area vectors of faces, (n, 3), m2."""
    return np.asarray(compute_metric(mesh, axisymmetric=False).face_area[faces])


@needs_gmsh
@pytest.mark.parametrize(
    ("outline", "wall", "area"),
    [
        pytest.param(TRIANGLE, "0 mm", 2.0, id="knife edge"),
        pytest.param(STAR, "0.3 mm", 5 * 0.5 * sin(0.2 * pi), id="star", marks=pytest.mark.slow),
        pytest.param(TWO, "0 mm", 3.0, id="two holes"),
        pytest.param(TWO, "1 mm", 3.0, id="two bores", marks=pytest.mark.slow),
        pytest.param([[1e4 + x, y - 1e4] for x, y in TRIANGLE], "0 mm", 2.0, id="far from the origin"),
    ],
)
def test_the_mesh_has_the_hole_and_a_wall(outline: object, wall: str, area: float) -> None:
    """The opening is exact, the wall has two sides, and the gas fills two half-spheres and the bores."""
    case = case_of(outline, wall)
    mesh, hole, thickness = case_mesh(case), case.hole, case.hole.wall_thickness
    assert hole.area == pytest.approx(1e-6 * area, rel=1e-6)
    passage = passage_of(case, mesh)
    assert passage.area == pytest.approx(1e-6 * area, rel=1e-6)
    assert passage.direction == pytest.approx([1.0, 0.0, 0.0], abs=1e-12)
    assert passage.center == pytest.approx([thickness, 0.0, 0.0], abs=1e-9)
    assert passage.bore == (0.0, thickness)
    assert set(mesh.patches) == {"cabin", "space", "wall"}
    wall_area = area_of(mesh, mesh.patches["wall"])
    keys = case.mesh.resolved(mesh_setting(case)).model_dump()
    cabin, plume = (keys[f"{side}_extent"] * hole.diameter for side in ("cabin", "plume"))
    disks = np.array([-wall_area[wall_area[:, 0] < 0.0, 0].sum(), wall_area[wall_area[:, 0] > 0.0, 0].sum()])
    # polygons with edges up to a third of the radius within circles: 2 % less
    assert sorted(disks) == pytest.approx(
        sorted([pi * plume**2 - hole.area, pi * cabin**2 - hole.area]), rel=0.03
    )
    volume = 2.0 / 3.0 * pi * (cabin**3 + plume**3) + hole.area * thickness
    assert compute_metric(mesh, axisymmetric=False).volume.sum() == pytest.approx(volume, rel=0.08)


@pytest.mark.slow
@needs_gmsh
@pytest.mark.parametrize("folder", sorted(EXAMPLES.glob("*/case.toml")), ids=lambda path: path.parent.name)
def test_an_example_is_meshed(folder: Path) -> None:
    """Its corners are an outline, and its mesh has the opening."""
    planned = plan(load_case(folder))
    assert planned.cells[0] > 5000
    assert set(planned.patches) == {"cabin", "space", "wall"}


@pytest.mark.slow
@needs_gmsh
def test_cells_are_about_as_many_as_estimated_and_none_is_flat() -> None:
    """On 8 and 12 cells across; a third is what the estimate is for: a choice of resolution and a limit."""
    for across, wall in ((8, "0 mm"), (12, "0.4 mm")):
        case = case_of(STAR, wall, f"mesh.resolution.across={across}")
        mesh = case_mesh(case)
        assert mesh.n_cells == pytest.approx(case.mesh.finest_cells(mesh_setting(case)), rel=0.33)
        assert mesh_quality(mesh).smallest_angle.value > 3.0


@needs_gmsh
@pytest.mark.slow
def test_the_same_case_has_the_same_mesh() -> None:
    """From another corner on, or the other way around, it is another mesh, as fine."""
    mesh = case_mesh(case_of(TRIANGLE))
    turned = case_of([*TRIANGLE[::-1], TRIANGLE[2]])
    assert mesh_digest(mesh) == mesh_digest(case_mesh(case_of(TRIANGLE)))
    assert case_mesh(turned).n_cells == pytest.approx(mesh.n_cells, rel=0.05)


def test_points_of_a_sweep_share_a_flow_that_differs_in_size_alone() -> None:
    """A unit, a factor, a place and a pressure change no flow; a corner and a wall do."""
    flow = flow_digest(case_of(STAR))
    for same in ("orifice.scale=3", 'orifice.unit="um"', f"orifice.outline={[[x + 2, y] for x, y in STAR]}"):
        assert flow_digest(case_of(STAR, "0 mm", same)) == flow
    for other in ('orifice.wall_thickness="0.1 mm"', f"orifice.outline={[*STAR[:-1], [0.5, -0.3]]}"):
        assert flow_digest(case_of(STAR, "0 mm", other)) != flow


def test_a_file_is_read_and_the_completed_case_does_without_it(tmp_path: Path) -> None:
    file = tmp_path / "star.csv"
    file.write_text("\n".join(f"{x}, {y}" for x, y in STAR))
    case = case_of("star.csv", folder=tmp_path)
    file.unlink()
    again = parse_case(case.completed_text)
    assert again.completed_text == case.completed_text
    assert again.hole.area == pytest.approx(2.5e-6 * sin(0.2 * pi), rel=1e-5)


REFUSED = {
    ('orifice.wall_thickness="1 um"',): "is too thin for cells within it: at least 17.7 um",
    ("orifice.outline=[[0,0],[2,2],[2,0],[0,1]]",): "the edges 1-2 and 3-4 cross",
    ("orifice.outline=[[0,0],[1,true],[0,1]]",): "point 2, [1, true], must be two numbers, e.g. [1.5, 0]",
    ('orifice.outline="../../../../etc/passwd"',): "lies outside the case's folder and its project",
    ('orifice.diameter="2 mm"',): "an outline has its size by its points, `unit` and `scale`",
    ('orifice.unit="ft"',): 'unknown choice; allowed: "m", "cm", "mm", "um", "in"',
    ('orifice.chamfer="1 um"',): "the lips of an outline are sharp; remove it",
    ('mesh.template="spatial"',): '"spatial" makes no hole of shape = "outline"; write template = "outline"',
    ('flow.model="laminar"',): 'the template "outline" has no fine cells at the wall; write "inviscid"',
    ("mesh.cabin_extent=3", "orifice.outline=[[0,0],[20,0],[20,1],[0,1]]"): "must be at least 5.95: the "
    "outline reaches 1.98 equal-area diameters far",
    ("mesh.resolution.across=320",): "cells, more than 3000000",
    ("orifice.outline=[[0,0],[100,0],[100,0.1],[0,0.1]]",): "is 1002 hydraulic diameters around",
    ("orifice.outline=[[[0,0],[1,0],[0,1]],[[90,0],[91,0],[90,1]]]",): "holes so far apart do not act",
    ('orifice.unit="m"', "orifice.scale=1e6"): "gives an equal-area diameter of",
}  # fmt: skip


@pytest.mark.parametrize("changes", REFUSED, ids=" ".join)
def test_what_no_mesh_can_have_is_refused_with_its_key(changes: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        case_of(STAR, "0 mm", *changes, folder=tmp_path)
    assert REFUSED[changes] in str(caught.value)


def test_without_gmsh_an_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline_mesh, "find_spec", lambda _: None)
    with pytest.raises(CaseError, match='not installed: pip install "breachflow\\[mesh\\]"'):
        case_mesh(case_of(STAR))


def standing_in(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a script in the place of the process of Gmsh."""
    monkeypatch.setattr(outline_mesh, "find_spec", lambda _: True)
    monkeypatch.setattr(outline_mesh, "COMMAND", (sys.executable, "-c", f"import os, sys, time\n{script}"))


FAILURES = {
    "sys.stderr.write('libGLU.so.1: cannot open'); sys.exit(3)": "Gmsh cannot be loaded: libGLU.so.1: cannot "
    f"open; on Debian and Ubuntu install {LIBRARIES}",
    "sys.exit('Exception: Invalid mesh')": "Gmsh cannot mesh this outline: Exception: Invalid mesh",
    "os.kill(os.getpid(), 9)": "Gmsh was ended \\(signal 9\\): too little memory",
    "sys.stderr.write('x' * 1000000); sys.exit('MemoryError')": "Gmsh was ended \\(x*MemoryError\\): ",
    "time.sleep(600)": "Gmsh took more than 1 s for some [0-9]+ cells",
    "": "cannot be read|no such file",
}


@pytest.mark.parametrize("script", FAILURES)
def test_why_gmsh_failed_is_said(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    standing_in(monkeypatch, script)
    if "sleep" in script:
        monkeypatch.setattr(outline_mesh, "SECONDS", (1.0, 0.0))
    with pytest.raises(CaseError, match=FAILURES[script]):
        case_mesh(case_of(STAR))


@needs_gmsh
def test_a_mesh_with_another_opening_or_a_way_beside_it_is_refused() -> None:
    """A union of cabin and plume has no wall, and its flow looks healthy."""
    case = case_of(TRIANGLE)
    mesh, form = case_mesh(case), case.hole.form  # type: ignore[union-attr]
    with pytest.raises(MeshError, match=r"an opening of 0\.25 times the area"):
        outline_mesh._require_hole(mesh, form.moved((0.0, 0.0), 2.0))
    surface = mesh.surfaces["orifice"]
    faces = surface.faces[: len(surface.faces) // 2]
    part = area_of(mesh, faces)[:, 0] @ surface.sides[: len(faces)]
    mesh.surfaces["orifice"] = type(surface)(faces, surface.sides[: len(faces)])  # type: ignore[index]
    with pytest.raises(MeshError, match="gas passes beside the hole"):
        outline_mesh._require_hole(mesh, form.moved((0.0, 0.0), float(np.sqrt(abs(part) / form.area))))


def descendants(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120.0
    while not condition():
        assert time.monotonic() < deadline, "what was awaited did not happen"
        time.sleep(0.02)


@needs_gmsh
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_gmsh_ends_with_the_command(tmp_path: Path, number: signal.Signals) -> None:
    """A mesh of a million cells would take minutes; also where nobody is left to end it."""
    (tmp_path / "case.toml").write_text(CASE.replace("OUTLINE", repr(STAR)).replace("WALL", "0 mm"))
    command = [sys.executable, "-m", "breachflow", "mesh", "case.toml", "--set", "mesh.resolution.across=48"]
    with subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        wait_for(lambda: descendants(process.pid))
        (gmsh,) = descendants(process.pid)
        process.send_signal(number)
        process.communicate()
    wait_for(lambda: not Path(f"/proc/{gmsh}/stat").exists())
    assert process.returncode in (6, -number)
    assert not list(tmp_path.glob("*.vtu"))
