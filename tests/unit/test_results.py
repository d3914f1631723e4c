"""Result files: what is written is read back unchanged, by the program and by VTK."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import pyvista
import xarray
from hypothesis import given, settings
from hypothesis import strategies as st
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline
from vtkmodules.vtkIOHDF import vtkHDFReader

from breachflow.case import parse_case
from breachflow.errors import OutputLocked, ResultError, UsageError
from breachflow.results import (
    Column,
    Field,
    Patch,
    Quantity,
    ResultData,
    Snapshot,
    SnapshotWriter,
    output_lock,
    read_result,
    write_result,
)
from breachflow.results.text import detail_rows

WIDTH = 6
N_CELLS = WIDTH * WIDTH


def fields(shift: float = 0.0) -> dict[str, Field]:
    cells = np.arange(N_CELLS, dtype=np.float64)
    return {
        "pressure": Field(cells + shift, "Pa", "static pressure"),
        "velocity": Field(np.column_stack([cells, -cells]) + shift, "m/s", "velocity"),
    }


def result_data(**changes: Any) -> ResultData:
    """A square of quadrilaterals."""
    x, y = np.meshgrid(np.linspace(0, 1, WIDTH + 1), np.linspace(0, 1, WIDTH + 1))
    corner = (np.arange(WIDTH) + (WIDTH + 1) * np.arange(WIDTH)[:, np.newaxis]).ravel()
    quads = np.column_stack([corner, corner + 1, corner + WIDTH + 2, corner + WIDTH + 1])
    content: dict[str, Any] = {
        "points": np.column_stack([x.ravel(), y.ravel()]),
        "cell_offsets": np.arange(N_CELLS + 1, dtype=np.int32) * 4,
        "cell_points": quads.ravel().astype(np.int32),
        "cell_types": np.full(N_CELLS, 9, dtype=np.uint8),
        "fields": fields(),
        "summary": {
            "mass_flow": Quantity(7.1234e-4, "kg/s", "mass flow through the hole"),
            "discharge_coefficient": Quantity(0.8345, "1", "discharge coefficient"),
            "discharge_coefficient_uncertainty": Quantity(0.0012, "1", "its uncertainty"),
            "thrust": Quantity(0.412, "N", "thrust"),
            "regime": Quantity("choked", "", "flow regime"),
            "converged": Quantity(True, "", "whether the run converged"),
            "cells": Quantity(N_CELLS, "", "number of cells"),
        },
        "history": {
            "iteration": Column(np.arange(5), "", "iteration"),
            "residual": Column(10.0 ** -np.arange(5.0), "1", "relative residual"),
        },
        "case_text": 'title = "µ-leak"\n',
        "case_completed": 'title = "µ-leak"\ngas = "air"\n',
        "provenance": {"version": "0.1.0", "threads": 2, "clean": True, "title": "µ-leak"},
        "patches": {
            "wall": Patch("wall", np.array([[6, 13], [13, 20], [20, 27]], dtype=np.int32)),
            "µ/left": Patch("reservoir", np.array([[7, 0]])),
        },
        "probes": {"lip": {"pressure": Column(np.array([1.0, 2.0]), "Pa", "static pressure")}},
    }
    return ResultData(**{**content, **changes})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "result.vtkhdf"


def vtk_times(path: Path) -> dict[float, pyvista.UnstructuredGrid]:
    """Every time step as ParaView's reader returns it; VTK treats a single step as a steady file."""
    reader = vtkHDFReader()
    reader.SetFileName(str(path))
    reader.UpdateInformation()
    times = reader.GetOutputInformation(0).Get(vtkStreamingDemandDrivenPipeline.TIME_STEPS())
    grids = {}
    for time in times or [1e-6]:
        reader.UpdateTimeStep(time)
        grids[time] = pyvista.wrap(reader.GetOutput()).copy()
    return grids


def test_what_is_written_is_read(path: Path) -> None:
    data = result_data()
    write_result(path, data)
    result = read_result(path)
    assert result.summary == data.summary
    assert result.provenance == data.provenance
    assert (result.case_text, result.case_completed) == (data.case_text, data.case_completed)
    np.testing.assert_array_equal(result.field("pressure"), data.fields["pressure"].values)
    np.testing.assert_array_equal(result.field("velocity")[:, :2], data.fields["velocity"].values)
    np.testing.assert_array_equal(result.field("velocity")[:, 2], 0.0)
    np.testing.assert_array_equal(result.points, np.pad(data.points, ((0, 0), (0, 1))))
    np.testing.assert_array_equal(result.cells.points, data.cell_points)
    np.testing.assert_array_equal(result.cells.offsets, data.cell_offsets)
    np.testing.assert_array_equal(result.history["residual"].values, data.history["residual"].values)
    np.testing.assert_array_equal(result.probes["lip"]["pressure"].values, [1.0, 2.0])
    assert list(result.patches) == ["wall", "µ/left"]
    assert [patch.kind for patch in result.patches.values()] == ["wall", "reservoir"]
    assert result.patches["wall"].faces.tolist() == [[6, 13], [13, 20], [20, 27]]
    assert result.fields["velocity"].unit == "m/s"
    assert result.history["residual"].description == "relative residual"
    assert (len(result.times), len(result.snapshots), result.n_cells) == (0, 0, N_CELLS)


def test_only_the_result_is_left(path: Path) -> None:
    write_result(path, result_data())
    assert [entry.name for entry in path.parent.iterdir()] == ["result.vtkhdf"]
    assert path.stat().st_mode & 0o600 == 0o600


@pytest.mark.parametrize("name", ["result.vtkhdf", "result.h5", "100% é.vtkhdf", "no_suffix"])
def test_any_file_name_serves(tmp_path: Path, name: str) -> None:
    write_result(str(tmp_path / name), result_data())
    assert read_result(str(tmp_path / name)).mass_flow == 7.1234e-4


def test_pyvista_opens_it(path: Path) -> None:
    write_result(path, result_data())
    grid = pyvista.read(path)
    assert grid.n_cells == N_CELLS
    assert grid.n_points == (WIDTH + 1) ** 2
    np.testing.assert_array_equal(grid.cell_data["pressure"], np.arange(N_CELLS))
    np.testing.assert_array_equal(grid.cell_data["velocity"][:, 1], -np.arange(N_CELLS))
    assert grid.compute_cell_sizes().cell_data["Area"].sum() == pytest.approx(1.0, rel=1e-12)


def test_layout_is_what_vtk_needs(path: Path) -> None:
    write_result(path, result_data())
    with h5py.File(path) as file:
        vtk = file["VTKHDF"]
        assert vtk.attrs["Version"].tolist() == [1, 0]
        assert vtk.attrs["Version"].dtype == np.int64
        kind = vtk.attrs.get_id("Type").get_type()
        assert not kind.is_variable_str()
        assert kind.get_cset() == h5py.h5t.CSET_ASCII
        assert vtk.attrs["Type"] == b"UnstructuredGrid"
        assert [vtk[name].dtype for name in ("Points", "Offsets", "Connectivity", "Types")] == [
            np.float64,
            np.int64,
            np.int64,
            np.uint8,
        ]


def test_every_array_has_checksum_and_every_value_its_unit(path: Path) -> None:
    write_result(path, result_data())
    unfiltered, without_unit = [], []

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            if item.shape and not (item.fletcher32 and item.shuffle and item.compression == "gzip"):
                unfiltered.append(name)
            if not name.startswith(("VTKHDF", "case")) or "CellData" in name:
                without_unit.extend([name] if not {"units", "description"} <= set(item.attrs) else [])

    with h5py.File(path) as file:
        file.visititems(visit)
    assert (unfiltered, without_unit) == ([], [])


def test_values_by_name(path: Path) -> None:
    write_result(path, result_data())
    result = read_result(path)
    assert result["mass_flow"] == result.mass_flow == 7.1234e-4
    assert result.converged is True
    assert result.cells.types.tolist() == [9] * N_CELLS  # the cells, not the summary's number
    assert result["cells"] == N_CELLS
    assert {"mass_flow", "regime", "history"} <= set(dir(result))


def test_unknown_names_get_the_nearest(path: Path) -> None:
    write_result(path, result_data())
    result = read_result(path)
    with pytest.raises(KeyError, match="no quantity 'mass_flux' in the summary; did you mean 'mass_flow'"):
        result["mass_flux"]
    with pytest.raises(AttributeError, match="a result has no 'trust'; did you mean 'thrust'"):
        _ = result.trust
    with pytest.raises(KeyError, match="no field 'pressur'; did you mean 'pressure'"):
        result.field("pressur")
    with pytest.raises(KeyError, match="no field 'zzz'; there are pressure, velocity"):
        result.field("zzz")


TABLE = """\
result.vtkhdf: µ-leak
  status                 converged
  leak rate              61.5 kg/day (0.712 g/s, 136 lb/day)
  discharge coefficient  0.8345 ± 0.0012
  thrust                 0.412 N
  regime                 choked: flow regime"""


def test_table(path: Path) -> None:
    write_result(path, result_data())
    result = read_result(path)
    assert str(result) == TABLE
    assert repr(result) == (
        "<Result result.vtkhdf: mass flow 0.00071234 kg/s, discharge coefficient 0.8345 ± 0.0012, converged>"
    )


# ---- the case ----

HOLE = """
title = "a hole"
gas = "air"
[orifice]
shape = "round"
diameter = "2 mm"
[mesh]
file = "../meshes/plate.msh"
geometry = "axisymmetric"
[boundary]
wall = { kind = "wall" }
cabin = { kind = "reservoir", pressure = "1 atm", temperature = "295 K" }
space = { kind = "vacuum" }
"""


def test_a_result_knows_its_case(tmp_path: Path) -> None:
    """Paths are relative to the folder that it was run in, wherever the result is now."""
    folder = tmp_path / "leak"
    folder.mkdir()
    case = parse_case(HOLE, path=folder / "hole.toml", allow_outside=True)
    provenance = {"folder": str(folder)}
    data = result_data(case_text=case.text, case_completed=case.completed_text, provenance=provenance)
    write_result(tmp_path / "elsewhere.vtkhdf", data)
    found = read_result(tmp_path / "elsewhere.vtkhdf").case
    assert (found.title, found.orifice.diameter) == ("a hole", 0.002)
    assert found.mesh.file == tmp_path / "meshes" / "plate.msh"
    assert found.result_path == folder / "result.vtkhdf"
    assert found.completed_text == case.completed_text


def test_without_its_folder_a_case_is_beside_its_result(path: Path) -> None:
    case = parse_case(HOLE, path=path.with_name("hole.toml"), allow_outside=True)
    write_result(path, result_data(case_completed=case.completed_text, provenance={}))
    assert read_result(path).case.result_path == path


def test_a_case_that_cannot_be_read_any_more(path: Path) -> None:
    write_result(path, result_data(case_completed=f'gravity = "9.81"\n{HOLE}'))
    with pytest.raises(ResultError) as caught:
        _ = read_result(path).case
    assert str(caught.value).startswith(f"{path}: /case/completed: this version cannot read the case: ")
    assert "gravity" in str(caught.value)


# ---- for notebooks and other programs ----


def test_html_has_the_main_numbers_and_no_color(path: Path) -> None:
    summary = {
        **result_data().summary,
        "caution": Quantity("a <b>thick</b> wall & more; a low Reynolds number", "", "cautions"),
        "law_perry": Quantity(0.84, "1", "Perry"),
    }
    write_result(path, result_data(summary=summary))
    left = 'style="text-align: left"'
    rows = [
        ("status", "converged"),
        ("leak rate", "61.5 kg/day (0.712 g/s, 136 lb/day)"),
        ("discharge coefficient", "0.8345 ± 0.0012"),
        ("thrust", "0.412 N"),
        ("cautions", "- a &lt;b&gt;thick&lt;/b&gt; wall &amp; more"),
        ("", "- a low Reynolds number"),
        ("regime", "choked: flow regime"),
        ("file", str(path)),
    ]
    body = "".join(f"<tr><th {left}>{label}</th><td {left}>{text}</td></tr>" for label, text in rows)
    html = f"<table><caption>µ-leak</caption><tbody>{body}</tbody></table>"
    assert read_result(path)._repr_html_() == html


def test_html_says_not_converged(path: Path) -> None:
    write_result(path, result_data(summary={"converged": Quantity(False, "", "")}, provenance={}))
    html = read_result(path)._repr_html_()
    assert "<caption>result.vtkhdf</caption>" in html
    assert ">NOT CONVERGED: do not trust these numbers<" in html


def test_to_xarray(path: Path, tmp_path: Path) -> None:
    write_result(path, result_data())
    result = read_result(path)
    dataset = result.to_xarray()
    assert dict(dataset.sizes) == {"cell": N_CELLS, "component": 3, "row": 5}
    assert dataset.pressure.dims == ("cell",)
    assert dataset.velocity.dims == ("cell", "component")
    assert dataset.velocity.attrs == {"units": "m/s", "long_name": "velocity"}
    np.testing.assert_array_equal(dataset.velocity.sel(component="y"), -np.arange(N_CELLS))
    centers = (np.arange(WIDTH) + 0.5) / WIDTH
    np.testing.assert_allclose(dataset.x.values.reshape(WIDTH, WIDTH), [centers] * WIDTH, rtol=1e-15)
    np.testing.assert_allclose(dataset.y.values.reshape(WIDTH, WIDTH).T, [centers] * WIDTH, rtol=1e-15)
    np.testing.assert_array_equal(dataset.z, 0.0)
    assert dataset.x.attrs["units"] == "m"
    np.testing.assert_array_equal(dataset.history_residual, 10.0 ** -np.arange(5.0))
    assert dataset.attrs == {"title": "µ-leak", **{n: q.value for n, q in result.summary.items()}}
    dataset.to_netcdf(tmp_path / "result.nc", engine="h5netcdf")
    with xarray.open_dataset(tmp_path / "result.nc", engine="h5netcdf") as again:
        assert again.attrs["mass_flow"] == 7.1234e-4
        xarray.testing.assert_identical(again.pressure, dataset.pressure)


def test_to_xarray_has_every_time(path: Path) -> None:
    write_transient(path, 100.0, 3)
    dataset = read_result(path).to_xarray()
    assert dataset.velocity.dims == ("time", "cell", "component")
    assert dataset.time.values.tolist() == [1e-6 * (i + 1) for i in range(3)]
    assert dataset.pressure.isel(cell=0).values.tolist() == [100.0, 101.0, 102.0]


def test_to_xarray_without_xarray(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_result(path, result_data())
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(UsageError, match=r"^to_xarray\(\) needs xarray: pip install xarray$"):
        read_result(path).to_xarray()


def test_table_says_not_converged_and_carries_no_control_characters(path: Path) -> None:
    summary = {
        "mass_flow": Quantity(2.0, "kg/(s m)", "per length of the slit"),
        "converged": Quantity(False, "", "whether the run converged"),
        "regime": Quantity("\x1b[31mred\n", "", "hostile"),
    }
    write_result(path, result_data(summary=summary, provenance={}))
    assert str(read_result(path)).splitlines() == [
        "result.vtkhdf",
        "  status     NOT CONVERGED: do not trust these numbers (whether the run converged)",
        "  regime     ?[31mred?: hostile",
        "  mass flow  2 kg/(s m)",
    ]
    assert repr(read_result(path)).endswith("mass flow 2 kg/(s m), NOT CONVERGED>")


def summary_of(path: Path, **summary: Quantity) -> tuple[list[str], str]:
    write_result(path, result_data(summary=summary, provenance={}))
    return str(read_result(path)).splitlines()[1:], repr(read_result(path))


def test_labels_are_what_people_say_and_only_the_coefficient_is_compared(path: Path) -> None:
    lines, _ = summary_of(
        path,
        mass_flow=Quantity(0.5, "kg/s", ""),
        ideal_mass_flow=Quantity(1.0, "kg/s", "choked"),
        discharge_coefficient=Quantity(0.5, "1", ""),
        discharge_coefficient_uncertainty=Quantity(0.01, "1", ""),
        expected_discharge_coefficient=Quantity(0.4, "1", "Perry"),
        expected_discharge_coefficient_uncertainty=Quantity(0.03, "1", ""),
        law_bragg=Quantity(0.42, "1", "momentum balance"),
        law_bragg_uncertainty=Quantity(0.01, "1", ""),
        converged=Quantity(True, "", ""),
        reynolds=Quantity(2e4, "1", ""),
        knudsen=Quantity(1e-4, "1", ""),
        residual_drop=Quantity(1e-7, "1", ""),
    )
    assert [line.split("  ")[1] for line in lines] == [
        "status",
        "leak rate",
        "discharge coefficient",
        "closed forms expect",
    ]
    assert lines[0].endswith(
        "converged, but CONTRADICTS the closed forms, which expect 0.40 ± 0.03 instead of 0.500"
    )
    assert lines[3].endswith("0.40 ± 0.03: computed is 25 % higher, more than both explain (Perry)")
    assert dict(detail_rows(read_result(path).summary)) == {
        "ideal mass flow": "1 kg/s (choked)",
        "law bragg": "0.420 ± 0.010 (momentum balance)",
        "Reynolds number": "20000",
        "Knudsen number": "0.0001",
        "residual": "1e-07",
    }


STOPPED = Quantity("SIGINT", "", "why")
TIME = Quantity(2.0e-3, "s", "physical time")


@pytest.mark.parametrize(
    ("converged", "others", "status"),
    [
        (True, {"time": TIME}, "end time 2 ms reached"),
        (True, {}, "converged"),
        (False, {"stopped": STOPPED}, "STOPPED: SIGINT"),
        (False, {"stopped": STOPPED, "time": TIME}, "STOPPED at 2 ms: SIGINT"),
        (
            False,
            {"stopped": Quantity("", "", "why")},
            "NOT CONVERGED: do not trust these numbers (the residual fell to 1e-3)",
        ),
    ],
)
def test_status_says_how_the_run_ended(
    path: Path, converged: bool, others: dict[str, Quantity], status: str
) -> None:
    lines, line = summary_of(path, converged=Quantity(converged, "", "the residual fell to 1e-3"), **others)
    assert lines[0].split(maxsplit=1) == ["status", status]
    assert line == f"<Result result.vtkhdf: {status.partition(': do')[0]}>"
    assert not any(line.startswith("  stopped") for line in lines)


def test_an_empty_result_reads_back(path: Path) -> None:
    empty = {"summary": {}, "history": {}, "fields": {}, "provenance": {}, "probes": {}, "case_text": ""}
    write_result(path, result_data(**empty, case_completed=""))
    result = read_result(path)
    assert str(result) == "result.vtkhdf"
    assert (result.summary, result.history, result.fields, result.case_text) == ({}, {}, {}, "")


def test_empty_columns_and_long_provenance(path: Path) -> None:
    history = {"time": Column(np.zeros(0), "s", "time")}
    write_result(path, result_data(history=history, provenance={"command": "x" * 100_000, "a/b": 1.5}))
    result = read_result(path)
    assert result.history["time"].values.shape == (0,)
    assert result.provenance["command"] == "x" * 16000 + " ... (shortened)"
    assert result.provenance["a/b"] == 1.5


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
VALUES = st.one_of(
    st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=True), TEXT
)


@settings(max_examples=25)
@given(
    summary=st.dictionaries(st.sampled_from("abcde"), st.builds(Quantity, VALUES, TEXT, TEXT)),
    provenance=st.dictionaries(st.sampled_from("abcde"), VALUES),
    probe=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10),
    case_text=TEXT,
    column=st.lists(st.floats(width=64, allow_nan=False), max_size=10),
)
def test_any_content_reads_back(
    tmp_path_factory: pytest.TempPathFactory,
    summary: dict[str, Quantity],
    provenance: dict[str, Any],
    probe: str,
    case_text: str,
    column: list[float],
) -> None:
    path = tmp_path_factory.mktemp("any") / "result.vtkhdf"
    probes = {probe: {"pressure": Column(np.array(column), "Pa", "")}}
    write_result(
        path, result_data(summary=summary, provenance=provenance, probes=probes, case_text=case_text)
    )
    result = read_result(path)
    assert result.summary == summary
    assert result.provenance == provenance
    assert result.case_text == case_text
    assert list(result.probes) == [probe]
    assert result.probes[probe]["pressure"].values.tolist() == column


def test_a_field_of_the_wrong_length_is_refused(path: Path) -> None:
    wrong = {"pressure": Field(np.zeros(7), "Pa", "static pressure")}
    with pytest.raises(ValueError, match="field 'pressure' has 7 values for 36 cells"):
        write_result(path, result_data(fields=wrong))
    assert not path.exists()


def test_a_patch_of_points_that_do_not_exist_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="patch 'wall' has a face with a point that is not one of 49"):
        write_result(path, result_data(patches={"wall": Patch("wall", np.array([[0, 49]]))}))
    assert not path.exists()


def test_a_result_of_an_older_version_has_no_patches(path: Path) -> None:
    write_result(path, result_data())
    image = path.read_bytes()
    path.write_bytes(image[: image.rindex(b"\nbreachflow sha256 ")])
    with h5py.File(path, "r+") as file:
        del file["patches"]
    assert read_result(path).patches == {}


def write_transient(path: Path, shift: float, n_steps: int) -> None:
    writer = SnapshotWriter(path)
    for i in range(n_steps):
        writer.write(Snapshot(1e-6 * (i + 1), fields(shift + i)))
    writer.finish(result_data())


@pytest.mark.parametrize("name", ["result.vtkhdf", "result.h5", "100% é.vtkhdf"])
def test_transient_result_reads_back(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_transient(path, 100.0, 3)
    result = read_result(path)
    np.testing.assert_array_equal(result.times, np.array([1, 2, 3]) * 1e-6)
    assert [snapshot.fields["pressure"].values[0] for snapshot in result.snapshots] == [100, 101, 102]
    assert [snapshot.time for snapshot in result.snapshots[1:]] == result.times[1:].tolist()
    assert result.field("pressure")[0] == 102.0
    assert result.fields["velocity"].unit == "m/s"
    assert result.summary == result_data().summary
    assert "snapshots" in str(result).splitlines()[-1]
    assert "3, from 1 us to 3 us" in str(result)


@pytest.mark.parametrize("name", ["result.vtkhdf", "100% é.vtkhdf"])
@pytest.mark.parametrize("n_steps", [1, 4])
def test_vtk_reads_every_time(tmp_path: Path, name: str, n_steps: int) -> None:
    path = tmp_path / name
    write_transient(path, 100.0, n_steps)
    grids = vtk_times(path)
    assert list(grids) == [1e-6 * (i + 1) for i in range(n_steps)]
    for i, grid in enumerate(grids.values()):
        assert grid.n_cells == N_CELLS
        np.testing.assert_array_equal(grid["pressure"], np.arange(N_CELLS) + 100.0 + i)
        np.testing.assert_array_equal(grid["velocity"][:, 1], -np.arange(N_CELLS) + 100.0 + i)
    with h5py.File(path) as file:
        steps = file["VTKHDF/Steps"]
        assert file["VTKHDF"].attrs["Version"].tolist() == [2, 0]
        assert len(steps["Values"]) == steps.attrs["NSteps"] == n_steps


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda result: pickle.loads(pickle.dumps(result))])
def test_a_result_can_be_copied_and_pickled(path: Path, twin: Any) -> None:
    """The snapshots of the twin are read from the same files."""
    write_result(path, result_data())
    steady = twin(read_result(path))
    assert steady.mass_flow == 7.1234e-4
    assert np.array_equal(steady.field("pressure"), fields()["pressure"].values)
    write_transient(path, 2.0, 3)
    result = read_result(path)
    found = twin(result)
    assert len(found.snapshots) == 3
    for one, other in zip(found.snapshots, result.snapshots, strict=True):
        assert one.time == other.time
        assert np.array_equal(one.fields["velocity"].values, other.fields["velocity"].values)


def test_the_index_can_grow_with_the_run(path: Path) -> None:
    writer = SnapshotWriter(path)
    writer.write_index(result_data())
    assert read_result(path).field("pressure")[1] == 1.0
    for i in range(3):
        writer.write(Snapshot(float(i), fields(10.0 * i)))
        writer.write_index(result_data())
        assert read_result(path).times.tolist() == [float(k) for k in range(i + 1)]
        assert read_result(path).field("pressure")[1] == 1.0 + 10.0 * i


def test_a_rerun_mixes_no_snapshots(path: Path) -> None:
    write_transient(path, 100.0, 5)
    writer = SnapshotWriter(path)
    writer.write(Snapshot(1.0, fields(700.0)))
    old = read_result(path)  # whole until the new index is there
    assert [snapshot.fields["pressure"].values[0] for snapshot in old.snapshots] == [100, 101, 102, 103, 104]
    writer.write(Snapshot(2.0, fields(800.0)))
    writer.finish(result_data())
    assert [grid["pressure"][0] for grid in vtk_times(path).values()] == [700.0, 800.0]
    assert len(list((path.parent / "result.steps").iterdir())) == 2
    with pytest.raises(ResultError, match=r"000000\.h5: this snapshot is missing; keep result\.steps beside"):
        _ = old.snapshots[0]


def test_a_steady_rerun_removes_old_snapshots_and_nothing_else(path: Path) -> None:
    write_transient(path, 100.0, 2)
    other = path.with_suffix(".h5")
    write_transient(other, 0.0, 2)
    (path.parent / "result.steps" / "notes.txt").write_text("mine")
    write_result(path, result_data())
    assert [entry.name for entry in (path.parent / "result.steps").iterdir()] == ["notes.txt"]
    assert len(read_result(other).snapshots[0].fields) == 2
    write_result(other, result_data())
    assert not (path.parent / "result.h5.steps").exists()


def test_a_snapshot_of_another_run_is_refused(tmp_path: Path) -> None:
    for name, shift in (("a", 0.0), ("b", 50.0)):
        write_transient(tmp_path / f"{name}.vtkhdf", shift, 2)
    (tmp_path / "b.steps/000001.h5").replace(tmp_path / "a.steps/000001.h5")
    result = read_result(tmp_path / "a.vtkhdf")
    assert result.snapshots[0].fields["pressure"].values[0] == 0.0
    with pytest.raises(
        ResultError, match="not the snapshot that the result names; it belongs to another run"
    ):
        _ = result.fields


def test_without_its_snapshots_the_summary_still_reads(path: Path) -> None:
    write_transient(path, 100.0, 2)
    (path.parent / "result.steps").rename(path.parent / "away")
    assert read_result(path).mass_flow == 7.1234e-4
    assert np.isnan(vtk_times(path)[1e-6]["pressure"]).all()


def test_a_renamed_transient_result_says_so(path: Path) -> None:
    write_transient(path, 100.0, 2)
    path.rename(path.with_name("other.vtkhdf"))
    with pytest.raises(
        ResultError, match=r"its snapshots are in 'result\.steps', but those of a file of this"
    ):
        read_result(path.with_name("other.vtkhdf"))


def test_snapshots_must_fit_each_other(path: Path) -> None:
    writer = SnapshotWriter(path)
    writer.write(Snapshot(1.0, fields()))
    with pytest.raises(ValueError, match=r"snapshot at 1\.0 s after the one at 1\.0 s"):
        writer.write(Snapshot(1.0, fields()))
    with pytest.raises(ValueError, match="fields differ in name, shape or type"):
        writer.write(Snapshot(2.0, {"pressure": fields()["pressure"]}))
    with pytest.raises(ValueError, match="the time of a snapshot is nan"):
        writer.write(Snapshot(float("nan"), fields()))


def test_import_is_light() -> None:
    code = "import sys, breachflow.results; print({'h5py', 'numba', 'scipy'} & set(sys.modules))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert output.stdout == "set()\n"


def test_lock_is_exclusive_and_leaves_nothing(path: Path) -> None:
    with output_lock(path):
        assert path.with_name("result.vtkhdf.lock").read_text().split()[0].isdecimal()
        message = r"result\.vtkhdf: process \d+ on .* is writing this result"
        with pytest.raises(OutputLocked, match=message), output_lock(path):
            raise AssertionError
    with output_lock(path):
        pass
    assert list(path.parent.iterdir()) == []
