"""Every shipped case is complete, runs, converges, and gives the numbers that its expected.toml states."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shipped import CASES, ShippedCase, shipped_cases

import breachflow
from breachflow.cli.main import main
from breachflow.mesh.write import write_mesh
from breachflow.results import Result
from breachflow.run.plan import case_mesh

FIELDS = {"density": 1, "velocity": 3, "pressure": 1, "temperature": 1, "mach": 1}
"""Numbers per cell of the fields of every result."""

Run = Callable[[ShippedCase, bool], Result]
every_case = pytest.mark.parametrize("case", shipped_cases(), ids=lambda case: case.name)
every_way = pytest.mark.parametrize(
    "fast", [pytest.param(True, id="fast"), pytest.param(False, id="as_written", marks=pytest.mark.slow)]
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a case once for all tests of this file; failures are remembered too."""
    done: dict[tuple[str, bool], Result] = {}

    def once(case: ShippedCase, fast: bool) -> Result:
        key = case.name, fast
        if key not in done:
            overrides = case.fast if fast else []
            output = tmp_path_factory.mktemp(case.folder.name) / "result.vtkhdf"
            done[key] = breachflow.run(case.load(*overrides), output=output)
        return done[key]

    return once


def test_there_are_cases_of_every_kind() -> None:
    assert {case.name.split("/")[0] for case in shipped_cases()} >= {
        "iss",
        "orifice",
        "teststand",
        "imported",
        "transient",
    }


@every_case
def test_is_complete(case: ShippedCase) -> None:
    text = (case.folder / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "## Sources" in text
    assert case.expected
    for expected in case.expected:
        assert 0.0 < expected.tolerance <= expected.fast_tolerance < 0.05 * abs(expected.value)
        assert expected.why
        assert expected.source


@every_case
def test_passes_its_check(case: ShippedCase, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(case.path)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("title = ")
    assert "# memory: about" in printed


@every_way
@every_case
def test_converges(case: ShippedCase, fast: bool, run: Run) -> None:
    result = run(case, fast)
    assert result.converged is True
    assert result.stopped == ""
    if case.load().run.mode == "steady":
        assert result.residual_drop <= 1e-6
        assert result.mass_imbalance < 1e-6


@every_way
@every_case
def test_gives_the_expected_numbers(case: ShippedCase, fast: bool, run: Run) -> None:
    result = run(case, fast)
    for expected in case.expected:
        tolerance = expected.fast_tolerance if fast else expected.tolerance
        computed = result.summary[expected.quantity].value
        assert computed == pytest.approx(expected.value, abs=tolerance, rel=0.0), expected.source


@every_way
@every_case
def test_opens_in_pyvista(case: ShippedCase, fast: bool, run: Run) -> None:
    pyvista = pytest.importorskip("pyvista")
    result = run(case, fast)
    grid: Any = pyvista.read(result.path)
    assert grid.n_cells == result.n_cells == result["cells"]
    assert grid.n_points == len(result.points)
    for name, components in FIELDS.items():
        values = grid.cell_data[name]
        assert values.shape == ((grid.n_cells, components) if components > 1 else (grid.n_cells,))
        first = result.snapshots[0].fields[name].values if len(result.times) else result.field(name)
        assert (values == first).all()


def shipped(name: str) -> ShippedCase:
    return ShippedCase(CASES / name)


def test_imported_plate_agrees_with_the_template(run: Run, tmp_path: Path) -> None:
    """The same hole on two unrelated meshes: 1 %, the mesh uncertainty of a coarse mesh with a bore."""
    imported = run(shipped("imported/plate"), True)
    other = shipped("iss/soyuz_ms09").load("orifice.wall_thickness=1 mm", "mesh.resolution=coarse")
    template = breachflow.run(other, output=tmp_path / "template.vtkhdf")
    assert template.ideal_mass_flow == pytest.approx(imported.ideal_mass_flow, rel=1e-12)
    assert imported.discharge_coefficient == pytest.approx(template.discharge_coefficient, rel=0.01)


@every_way
def test_puncture_settles_to_the_steady_flow(fast: bool, run: Run, tmp_path: Path) -> None:
    """Late mass flow against a steady run on the very same mesh.

    0.2 %: the cabin's far boundary, at 6 diameters, is the exact reservoir in the one and lets sound
    out in the other, which at 10 diameters was measured to cost 0.05 %.
    """
    puncture = shipped("transient/puncture")
    case = puncture.load(*(puncture.fast if fast else []))
    write_mesh(case_mesh(case), tmp_path / "same.msh")
    steady = tmp_path / "case.toml"
    steady.write_text(
        """
        gas = "air"
        orifice = { shape = "round", diameter = "2 mm", wall_thickness = "1.6 mm" }
        mesh = { file = "same.msh", geometry = "axisymmetric" }
        [boundary]
        cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }
        space = { kind = "vacuum" }
        wall = { kind = "wall" }
        axis = { kind = "axis" }
        """,
        encoding="utf-8",
    )
    late = run(puncture, fast)
    settled = breachflow.run(breachflow.load_case(steady))
    assert settled.converged is True
    assert late.mass_flow == pytest.approx(settled.mass_flow, rel=2e-3)


def test_puncture_records_its_history(run: Run) -> None:
    """Snapshots, probes and mass flow in time; the first instant is the exact Riemann solution."""
    puncture = shipped("transient/puncture")
    result = run(puncture, True)
    end = puncture.load(*puncture.fast).run.end_time
    assert result.times == pytest.approx([end * k / 6 for k in range(7)])
    assert len(result.snapshots) == 7
    assert set(result.probes) == {"lip", "axis"}
    assert result.probes["axis"]["pressure"].values[0] == pytest.approx(101325.0, rel=1e-3)
    flow = result.history["mass_flow"].values
    assert flow[0] < 0.9 * flow[-1]
