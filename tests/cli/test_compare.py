"""`breachflow compare`: inputs, numbers with their uncertainties, fields on one mesh."""

from __future__ import annotations

import json
from dataclasses import replace
from math import nan
from pathlib import Path

import numpy as np
import pytest

from breachflow.case import parse_case
from breachflow.cli.main import main
from breachflow.results import Quantity, Result, read_result
from breachflow.results.against.number import NumberChange
from breachflow.results.against.runs import compare_results
from breachflow.runs.run import run
from cases.test_kept_iterations import HOLE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of two pressures on one mesh, and of another mesh."""
    folder = tmp_path_factory.mktemp("compared")
    changes = {
        "a": [],
        "b": ["boundary.space.pressure=69 kPa"],
        "c": ["mesh.resolution={across=12}", "title=finer"],
    }
    for name, overrides in changes.items():
        run(parse_case(HOLE, overrides=overrides), output=folder / f"{name}.h5", threads=1)
    return folder


@pytest.fixture
def result(folder: Path) -> Result:
    return read_result(folder / "a.h5")


def printed(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> list[str]:
    files = [str(folder / word) if word.endswith(".h5") else word for word in arguments]
    assert main(["compare", *files]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return [" ".join(line.split()) for line in out.splitlines()]


def test_a_result_against_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, inputs, *lines = printed(capsys, folder, "a.h5", "a.h5")
    assert (first, inputs) == ("a.h5 -> a.h5", "inputs the same")
    assert len(lines) > 6
    assert [line for line in lines if not line.endswith("the same")] == []


def test_another_pressure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, folder, "a.h5", "b.h5")
    assert 'input boundary.space.pressure: "70 kPa" -> "69 kPa"' in lines
    before, after = (read_result(folder / name).summary["mass_flow"].value for name in ("a.h5", "b.h5"))
    (flow,) = [line for line in lines if line.startswith("mass flow ")]
    assert flow.startswith(f"mass flow {before:.6g} -> {after:.6g} kg/s: ")
    assert " more, " in flow
    (pressure,) = [line for line in lines if line.startswith("pressure ")]
    assert "of its largest value at most, at x = " in pressure
    assert main(["compare", str(folder / "a.h5"), str(folder / "b.h5"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["numbers"]["mass_flow"]["relative_change"] == pytest.approx(after / before - 1.0, rel=1e-12)
    assert found["fields"]["pressure"]["largest"] == pytest.approx(0.01, abs=2e-3)  # 1 kPa of 100 kPa


def test_another_mesh(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, folder, "a.h5", "c.h5")
    assert "input mesh.resolution: { across = 8 } -> { across = 12 }" in lines or (
        "input mesh.resolution.across: 8 -> 12" in lines
    )
    assert lines[-1] == "fields not compared: the meshes differ"
    assert not any("title" in line for line in lines)


def test_a_change_in_one_cell_has_its_place(result: Result) -> None:
    fields = {name: replace(one, values=one.values.copy()) for name, one in result.steady_fields.items()}
    cell, largest = 17, float(result.field("pressure").max())
    fields["pressure"].values[cell] += 0.25 * largest
    (change,) = [
        one for one in compare_results(result, replace(result, steady_fields=fields)).fields if one.largest
    ]
    assert (change.name, change.largest) == ("pressure", pytest.approx(0.25, rel=1e-12))
    assert change.typical == pytest.approx(0.25 / np.sqrt(result.n_cells), rel=1e-12)
    corners = result.cells.points[result.cells.offsets[cell] : result.cells.offsets[cell + 1]]
    assert change.place == pytest.approx(result.points[corners, :2].mean(axis=0))


def test_a_change_over_the_uncertainty_of_both() -> None:
    assert NumberChange("x", "m", 1.0, 6.0, 3.0, 4.0).bands == 1.0
    assert np.isnan(NumberChange("x", "m", 1.0, 6.0, nan, 4.0).bands)
    assert NumberChange("x", "m", -2.0, -1.0, nan, nan).relative == 0.5
    assert NumberChange("x", "m", nan, nan, nan, nan).is_same


def test_words_and_numbers_that_only_one_has(result: Result) -> None:
    summary = {**result.summary, "caution": Quantity("mind", "", ""), "converged": Quantity(False, "", "")}
    del summary["thrust"]
    found = compare_results(result, replace(result, summary=summary))
    assert {(one.key, one.after) for one in found.words} >= {("caution", "mind"), ("converged", "False")}
    (thrust,) = [one for one in found.numbers if one.name == "thrust"]
    assert np.isnan(thrust.after)
    assert not np.isnan(thrust.before)


def test_what_is_no_result_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = folder / "other.toml"
    other.write_text(HOLE)
    assert main(["compare", str(folder / "a.h5"), str(other)]) == 8
    assert "other.toml: a case and no result" in capsys.readouterr().err
