"""`breachflow compare` of two tables of sweeps: inputs, points, columns over the points of both."""

from __future__ import annotations

import json
from dataclasses import replace
from math import hypot, isnan, nan
from pathlib import Path

import numpy as np
import pytest

from breachflow.cli.main import main
from breachflow.errors import ResultError
from breachflow.results.against.number import NumberChange
from breachflow.results.against.tables import ColumnChange, TableChange, compare_tables
from breachflow.results.files.tables import write_table
from breachflow.results.table import SweepTable, TableAxis, Variable

CASE = """
gas = "air"
orifice = { shape = "round", diameter = "1 mm" }
[boundary]
cabin = { kind = "reservoir", pressure = "1 bar", temperature = "300 K" }
space = { kind = "vacuum" }
[sweep]
"""
GRID = '"orifice.diameter" = ["1 mm", "2 mm", "4 mm"]\n"boundary.cabin.pressure" = ["1 bar", "2 bar"]\n'
LIST = (
    'mode = "paired"\n"orifice.diameter" = ["1 mm", "2 mm"]\n"boundary.cabin.pressure" = ["1 bar", "2 bar"]\n'
)


def column(values: object, unit: str = "1") -> Variable:
    return Variable(np.array(values), unit, "")


def grid(diameters: list[float], coefficients: list[list[float]], **more: Variable) -> SweepTable:
    """A table over diameters and two pressures."""
    axes = (
        TableAxis("diameter", np.array(diameters), "m", "", "orifice.diameter"),
        TableAxis("cabin_pressure", np.array([1e5, 2e5]), "Pa", "", "boundary.cabin.pressure"),
    )
    status = column([["converged"] * 2] * len(diameters), "")
    variables = {"discharge_coefficient": column(coefficients), "status": status, **more}
    return SweepTable(axes, variables, {"case": CASE + GRID, "source_digest": "1"})


BEFORE = grid(
    [1e-3, 2e-3, 4e-3],
    [[0.8, 0.81], [0.82, nan], [0.84, 0.85]],
    discharge_coefficient_uncertainty=column(np.full((3, 2), 0.03)),
    result=column([["a"] * 2] * 3, ""),
)
AFTER = grid(
    [2e-3, 4e-3, 8e-3],
    [[0.83, nan], [0.84, 0.833], [0.9, 0.9]],
    discharge_coefficient_uncertainty=column(np.full((3, 2), 0.04)),
    result=column([["b"] * 2] * 3, ""),
)


def change_of(found: TableChange, name: str) -> ColumnChange:
    (one,) = [one for one in found.columns if one.name == name]
    return one


def test_points_are_told_apart_by_their_swept_values() -> None:
    found = compare_tables(BEFORE, AFTER)
    assert (found.swept, found.shared, found.only_before, found.only_after) == (
        ["diameter", "cabin_pressure"], 4, 2, 2,
    )  # fmt: skip
    assert [one.name for one in found.columns] == ["discharge_coefficient", "status"]


def test_the_largest_relative_change_has_its_point_and_both_uncertainties() -> None:
    found = change_of(compare_tables(BEFORE, AFTER), "discharge_coefficient")
    assert (found.differing, found.place) == (2, (4e-3, 2e5))
    assert isinstance(found.largest, NumberChange)
    assert (found.largest.before, found.largest.after) == (0.85, 0.833)
    assert found.largest.bands == pytest.approx(0.017 / hypot(0.03, 0.04), rel=1e-12)


def test_a_value_that_only_one_table_has_comes_first() -> None:
    coefficients = BEFORE.column("discharge_coefficient").copy()
    coefficients[0, 0], coefficients[2, 0] = 0.1, nan
    other = replace(BEFORE, variables={**BEFORE.variables, "discharge_coefficient": column(coefficients)})
    found = change_of(compare_tables(BEFORE, other), "discharge_coefficient")
    assert (found.differing, found.place) == (2, (4e-3, 1e5))
    assert isinstance(found.largest, NumberChange)
    assert isnan(found.largest.after)


def test_words_and_what_is_equal() -> None:
    status = column([["converged"] * 2, ["converged", "failed"], ["failed"] * 2], "")
    other = replace(BEFORE, variables={**BEFORE.variables, "status": status})
    found = compare_tables(BEFORE, other)
    assert change_of(found, "discharge_coefficient") == ("discharge_coefficient", 0, (), None)
    words = change_of(found, "status")
    assert (words.differing, words.place, words.largest) == (
        3,
        (2e-3, 2e5),
        ("status", "converged", "failed"),
    )


def paired(coefficients: list[float], entries: str = LIST, **more: Variable) -> SweepTable:
    axis = TableAxis("point", np.arange(2), "1", "")
    swept = {"diameter": column([1e-3, 2e-3], "m"), "cabin_pressure": column([1e5, 2e5], "Pa")}
    variables = {**swept, "discharge_coefficient": column(coefficients), **more}
    return SweepTable((axis,), variables, {"case": CASE + entries})


def test_a_list_of_points_is_told_apart_by_its_swept_keys_too() -> None:
    found = compare_tables(paired([0.8, 0.81]), paired([0.8, 0.82]))
    assert found.swept == ["diameter", "cabin_pressure"]
    assert change_of(found, "discharge_coefficient").place == (2e-3, 2e5)
    against_grid = compare_tables(BEFORE, paired([0.9, 0.9]))
    assert (against_grid.shared, against_grid.only_before, against_grid.only_after) == (2, 4, 0)


def test_over_other_keys_no_points_are_compared() -> None:
    other = paired([0.8, 0.81], 'mode = "paired"\n"orifice.diameter" = ["1 mm", "2 mm"]\n')
    found = compare_tables(paired([0.8, 0.81]), other)
    assert (found.swept, found.shared) == ([], 0)


def test_a_case_that_is_none_is_refused() -> None:
    with pytest.raises(ResultError, match="attribute 'case': the case cannot be read: "):
        compare_tables(BEFORE, replace(AFTER, attributes={"case": "= 1"}))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[str]:
    assert main(["compare", *map(str, arguments)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return [" ".join(line.split()) for line in out.splitlines()]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = AFTER.attributes | {"case": CASE.replace("300 K", "310 K") + GRID, "source_digest": "2"}
    write_table(tmp_path / "a.h5", BEFORE)
    write_table(tmp_path / "b.h5", replace(AFTER, attributes=changed))
    assert printed(capsys, tmp_path / "a.h5", tmp_path / "b.h5") == [
        "a.h5 -> b.h5",
        'input boundary.cabin.temperature: "300 K" -> "310 K"',
        "program other sources of Breachflow",
        "points 4 in both, 2 only before, 2 only after",
        "discharge coefficient 0.85 -> 0.833: 2 % less, 0.34 times the uncertainty of both (differs at 2 of "
        "4 points, most at diameter 0.004 m, cabin pressure 200000 Pa)",
        "status the same",
    ]
    assert main(["compare", str(tmp_path / "a.h5"), str(tmp_path / "b.h5"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["points"] == {"both": 4, "before": 2, "after": 2}
    coefficient = found["columns"]["discharge_coefficient"]
    assert coefficient["at"] == {"diameter": 0.004, "cabin_pressure": 2e5}
    assert coefficient["largest"]["relative_change"] == pytest.approx(-0.02)
    (tmp_path / "c").mkdir()
    write_table(tmp_path / "c" / "a.h5", paired([0.8, 0.8], 'mode = "paired"\ngas = ["air", "helium"]\n'))
    first, *_, last = printed(capsys, tmp_path / "a.h5", tmp_path / "c" / "a.h5")
    assert first == f"{tmp_path / 'a.h5'} -> {tmp_path / 'c' / 'a.h5'}"
    assert last == "points not compared: other keys are swept"
