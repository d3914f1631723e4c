"""`breachflow export`: the files it writes, read back by other programs, and what it refuses."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pyvista

from breachflow.arrays import Floats
from breachflow.cli.main import main
from breachflow.results import Column, Field, Quantity, ResultData, Snapshot, SnapshotWriter, write_result
from breachflow.results.files.tables import write_table
from breachflow.templates.library.orifice import orifice_mesh
from report_tables import HOLE, SHAPE, patches_of, sweep_table

Read = Callable[[str], dict[str, Floats]]


def fields_at(x: Floats, y: Floats, shift: float = 0.0) -> dict[str, Field]:
    """Fields that a plane through neighbors meets exactly, also where the axis mirrors them."""
    return {
        "pressure": Field(1e5 + 1e6 * x + shift, "Pa", "static pressure"),
        "velocity": Field(np.column_stack([1e4 * x, 1e4 * y]), "m/s", "velocity"),
    }


def linear_result() -> ResultData:
    mesh = orifice_mesh(SHAPE)
    count = np.diff(mesh.cell_offsets)[:, None]
    centers = np.add.reduceat(mesh.points[mesh.cell_points], mesh.cell_offsets[:-1], axis=0) / count
    times = Column(np.array([1e-6, 2e-6]), "s", "physical time")
    return ResultData(
        points=mesh.points,
        cell_offsets=mesh.cell_offsets,
        cell_points=mesh.cell_points,
        cell_types=mesh.cell_types,
        fields=fields_at(*centers.T),
        summary={
            "mass_flow": Quantity(6.2e-4, "kg/s", "mass flow through the hole"),
            "discharge_coefficient": Quantity(0.83, "1", "mass flow over the ideal one"),
            "discharge_coefficient_uncertainty": Quantity(0.008, "1", "from the mesh"),
            "regime": Quantity("continuum", "", "flow regime"),
            "converged": Quantity(True, "", "settled"),
        },
        history={"mass_flow": Column(np.array([1.0, np.nan]), "kg/s", "mass flow"), "time": times},
        case_text=HOLE,
        case_completed=HOLE,
        provenance={},
        probes={
            name: {"mach": Column(np.array([value, 0.5]), "1", "Mach number"), "time": times}
            for name, value in (("lip", 1.0), ("axis, near", 2.0))
        },
        patches=patches_of(mesh),
    )


@pytest.fixture
def result(tmp_path: Path) -> Path:
    write_result(tmp_path / "hole.vtkhdf", linear_result())
    return tmp_path / "hole.vtkhdf"


def read_csv(path: Path) -> dict[str, list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        heading, *rows = csv.reader(file)
    return dict(zip(heading, map(list, zip(*rows, strict=True)), strict=True))


def numbers(column: list[str]) -> Floats:
    return np.array([float(cell or "nan") for cell in column])


def test_history_and_probes_begin_with_the_time(result: Path) -> None:
    assert main(["export", str(result), "--history", "--probes"]) == 0
    history, probes = (read_csv(result.with_name(f"hole.{part}.csv")) for part in ("history", "probes"))
    assert history == {"time [s]": ["1e-06", "2e-06"], "mass_flow [kg/s]": ["1.0", ""]}
    assert list(probes) == ["probe", "time [s]", "mach"]
    assert sorted(zip(probes["probe"], probes["mach"], strict=True)) == [
        ("axis, near", "0.5"), ("axis, near", "2.0"), ("lip", "0.5"), ("lip", "1.0"),
    ]  # fmt: skip


def test_a_line_follows_linear_fields_to_the_axis_and_leaves_out_the_wall(result: Path) -> None:
    line = ["--line", "-1 mm,0 mm", "0.5 mm,1.5 mm", "--points", "31"]
    assert main(["export", str(result), *line]) == 0
    found = read_csv(result.with_name("hole.line.csv"))
    x, y, pressure = (numbers(found[name]) for name in ("x [m]", "y [m]", "pressure [Pa]"))
    np.testing.assert_allclose(numbers(found["distance [m]"]), np.linspace(0.0, 1.5e-3 * 2**0.5, 31))
    in_wall = (x > 0.0) & (y > 1e-3)
    assert in_wall.sum() == 10
    np.testing.assert_array_equal(np.isnan(pressure), in_wall)
    free = ~in_wall & (x < -3e-4)  # a cell beside the wall sees itself mirrored, and is no plane
    np.testing.assert_allclose(pressure[free], 1e5 + 1e6 * x[free], rtol=1e-9)
    np.testing.assert_allclose(numbers(found["velocity_x [m/s]"])[free], 1e4 * x[free], rtol=1e-6)
    assert numbers(found["velocity_y [m/s]"])[0] == pytest.approx(0.0, abs=1e-9)


def test_cells_and_vtu_hold_the_same_fields(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = result.with_name("out")
    assert main(["export", str(result), "--fields", "--vtu", "-o", str(folder), "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert [(file["part"], Path(file["file"]).name) for file in files] == [
        ("fields", "hole.fields.csv"), ("vtu", "hole.fields.vtu"),
    ]  # fmt: skip
    assert files[1]["columns"] == {"pressure": "Pa", "velocity": "m/s"}
    grid, cells = pyvista.read(folder / "hole.fields.vtu"), read_csv(folder / "hole.fields.csv")
    assert files[0]["rows"] == files[1]["rows"] == grid.n_cells == len(cells["x [m]"])
    np.testing.assert_array_equal(numbers(cells["pressure [Pa]"]), grid.cell_data["pressure"])
    np.testing.assert_array_equal(numbers(cells["velocity_y [m/s]"]), grid.cell_data["velocity"][:, 1])
    np.testing.assert_allclose(
        numbers(cells["x [m]"]), grid.cell_centers().points[:, 0], rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("read", [lambda path: path, lambda path: path.with_name("hole.fields.vtu")])
def test_paraview_shows_the_main_numbers(result: Path, read: Callable[[Path], Path]) -> None:
    assert main(["export", str(result), "--vtu"]) == 0
    shown = pyvista.read(read(result)).field_data
    assert {name: shown[name].tolist() for name in shown} == {
        "mass_flow": [6.2e-4],
        "discharge_coefficient": [0.83],
        "discharge_coefficient_uncertainty": [0.008],
        "converged": [1.0],
    }


def test_a_snapshot_is_chosen_by_its_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = linear_result()
    x = np.arange(data.n_cells, dtype=np.float64)
    writer = SnapshotWriter(tmp_path / "hole.vtkhdf")
    for time, shift in ((1e-6, 0.0), (2e-6, 7.0)):
        writer.write(Snapshot(time, fields_at(x, x, shift)))
    writer.finish(replace(data, fields={}))
    command = ["export", str(tmp_path / "hole.vtkhdf"), "--vtu"]
    for number, time, pressure in (("1", 1e-6, 1e5), ("2", 2e-6, 1e5 + 7.0)):
        assert main([*command, "--snapshot", number]) == 0
        grid = pyvista.read(tmp_path / "hole.fields.vtu")
        assert (grid.field_data["TimeValue"][0], grid.cell_data["pressure"][0]) == (time, pressure)
    assert main([*command, "--snapshot", "3"]) == 2
    assert "hole.vtkhdf has 2 snapshots" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "say what to export: --history, --events, --probes, --line, --fields, --vtu"),
        (["--history", "--points", "5"], "--points is the number of points of a --line"),
        (["--line", "0,0", "1 mm,0 mm"], '"0,0": a coordinate has no unit; a length is in m'),
        (["--line", "0 mm", "1 mm,0 mm"], '"0 mm" is no point; write x and y'),
        (["--line", "1 m,1 m", "2 m,1 m"], "from (1 m, 1 m) to (2 m, 1 m) lies in the gas"),
        (["--vtu", "--snapshot", "1"], "has no snapshots: it is the state at the end"),
    ],
)  # fmt: skip
def test_a_wrong_request_writes_nothing(
    result: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert main(["export", str(result), *options]) == 2
    assert message in capsys.readouterr().err
    assert [entry.name for entry in result.parent.iterdir()] == [result.name]


def test_nothing_is_written_where_one_part_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_result(tmp_path / "hole.vtkhdf", replace(linear_result(), probes={}))
    assert main(["export", str(tmp_path / "hole.vtkhdf"), "--history", "--probes"]) == 2
    assert "hole.vtkhdf has no probes" in capsys.readouterr().err
    assert [entry.name for entry in tmp_path.iterdir()] == ["hole.vtkhdf"]


def test_a_table_is_named_as_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_table(tmp_path / "table.h5", sweep_table({"diameter": (1e-3, 2e-3)}))
    assert main(["export", str(tmp_path / "table.h5"), "--fields"]) == 8
    assert "is the table of a sweep; as CSV it is in" in capsys.readouterr().err
