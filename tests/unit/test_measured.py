"""Measured data: the reading of a CSV file, and its rows beside what a sweep computes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from breachflow.errors import ResultError, UsageError
from breachflow.report.html import render
from breachflow.report.sweep.measured import MeasuredPoints, computed_at
from breachflow.report.sweep.measured_table import BEYOND, UNJUDGED, WITHIN, measured_headline, measured_rows
from breachflow.report.sweep.page import sweep_page
from breachflow.report.sweep.points import Points
from breachflow.report.write import write_report
from breachflow.results.measured import MeasuredData, read_measured
from breachflow.theory.streams.nozzle import ideal_mass_flow
from report_tables import sweep_table, write_hole

AIR = 8.31446261815324 / 28.9644e-3


def measured(folder: Path, text: str) -> MeasuredData:
    path = folder / "stand.csv"
    path.write_text(text, encoding="utf-8")
    return read_measured(path)


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_are_read_in_their_units(tmp_path: Path, separator: str) -> None:
    lines = [
        [
            "\ufeffDiameter [mm]",
            "mass flow (kg/day)",
            "cabin-temperature [degC]",
            "Mass flow uncertainty [%]",
            "date",
        ],
        ["2", "86.4", "20", "2", "2026-01-02"],
        ["# a remark"] + [""] * 4,
        [],
        ["4", "", "20", "", ""],
    ]
    data = measured(tmp_path, "\n".join(separator.join(line) for line in lines))
    assert data.lines == (2, 5)
    assert data.left_out == ("date",)
    np.testing.assert_allclose(data.column("diameter"), [2e-3, 4e-3], rtol=1e-15)
    np.testing.assert_allclose(data.column("mass_flow"), [1e-3, np.nan], rtol=1e-12)
    np.testing.assert_allclose(data.column("mass_flow_uncertainty"), [2e-5, np.nan], rtol=1e-12)
    np.testing.assert_allclose(data.column("cabin_temperature"), 293.15, rtol=1e-15)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: ends without headings; write a line of headings"),
        ("mass flow [sccm]\n5\n", 'line 1: "mass flow [sccm]": "sccm" refers to a temperature'),
        ("mass flow [sccm at 0 degC]\n5\n", 'line 2: mass flow [sccm at 0 degC]: "5" needs the name'),
        ("gas\nair\n", "line 1: no column is measured: discharge coefficient or mass flow"),
        ("Cd\n", "has headings but no row of values"),
        ("diameter, Cd\n2, 0.8\n", 'line 1: "diameter" has no unit in brackets; a length is in m'),
        ("diameter [psia], Cd\n2, 0.8\n", 'line 1: "diameter [psia]": is a pressure, not a length'),
        ("Cd [mm]\n0.8\n", 'line 1: "Cd [mm]" is a pure number: its unit is [1] or [%]'),
        ("pressure raito, Cd\n0, 0.8\n", 'no column "pressure raito"; did you mean "pressure ratio"?'),
        ("Cd, cd\n0.8, 0.8\n", 'line 1: two columns are "discharge coefficient"'),
        ("Cd\n\n0.8, 3\n", "line 3: has 2 cells for 1 headings"),
        ("Cd; gas\n0,8; air\n", 'line 2: Cd: "0,8" is not a number; write a decimal point'),
        ("Cd\nnan\n", 'line 2: Cd: "nan" is not a number'),
        ("Cd\n-1\n", 'line 2: Cd: "-1" must not be negative'),
        ("Cd, gas\n0.8, heluim\n", 'gas: "heluim" unknown gas; allowed: air,'),
        ("pressure ratio, Cd\n1.9, 0.8\n", "must be at most 1: it is the pressure outside over that inside"),
        ('"Cd\n0.8\n', "line 2: unexpected end of data"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ResultError) as caught:
        measured(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path}/stand.csv")
    assert message in str(caught.value)


def test_a_flow_of_standard_volume_is_of_the_gas_of_its_row(tmp_path: Path) -> None:
    """By hand: 5e-6 x 101325 / 60 m3 Pa/s x 4.002602e-3 / (8.3144626 x 273.15) = 1.488135e-8 kg/s."""
    path = tmp_path / "stand.csv"
    path.write_text("gas, leak rate [sccm at 32 degF]\nhelium, 5\nair, \n")
    np.testing.assert_allclose(read_measured(path).column("mass_flow"), [1.488135e-8, np.nan], rtol=1e-6)


def test_a_file_that_is_no_text_or_missing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "excel.csv").write_bytes("Cd\n0.8\n".encode("utf-16"))
    with pytest.raises(ResultError, match="is no text in UTF-8"):
        read_measured(tmp_path / "excel.csv")
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(ResultError, match="cannot be read"):
            read_measured(path)


# ---------------------------------------------------------------- beside the points of a sweep


PRESSURES = (0.0, 30e3, 50e3, 80e3)


def over_pressures() -> Points:
    return Points(sweep_table({"space_pressure": PRESSURES}))


def test_the_computed_value_lies_on_the_line_between_two_points() -> None:
    points = over_pressures()
    at, value = points.numbers("pressure_ratio"), points.numbers("discharge_coefficient")
    groups = {"thickness_ratio": 0.0, "heat_capacity_ratio": 1.4}
    middle = computed_at(points, {"pressure_ratio": 0.5 * (at[2] + at[3]), **groups})
    np.testing.assert_allclose(middle.value, 0.5 * (value[2] + value[3]), rtol=1e-12)
    np.testing.assert_allclose(middle.uncertainty, 0.004 + 0.25 * abs(value[2] - value[3]), rtol=1e-9)
    last = computed_at(points, {"pressure_ratio": at[3], **groups})
    np.testing.assert_allclose(last, (value[3], 0.004), rtol=1e-12)


@pytest.mark.parametrize("place", [(0.9, 0.0, 1.4), (0.3, 0.5, 1.4), (0.3, 0.0, 1.3), (np.nan, 0.0, 1.4)])
def test_nothing_is_computed_away_from_the_points(place: tuple[float, float, float]) -> None:
    groups = dict(zip(("pressure_ratio", "thickness_ratio", "heat_capacity_ratio"), place, strict=True))
    assert np.isnan(computed_at(over_pressures(), groups).value)


def test_points_that_did_not_converge_judge_nothing() -> None:
    points = Points(sweep_table({"diameter": (2e-3,)}, unconverged=[0]))
    groups = {"pressure_ratio": 0.0, "thickness_ratio": 0.0, "heat_capacity_ratio": 1.4}
    assert np.isnan(computed_at(points, groups).value)


def test_another_key_that_changes_the_coefficient_forbids_a_comparison() -> None:
    points = Points(sweep_table({"mesh_resolution": ("coarse", "fine")}))
    groups = {"pressure_ratio": 0.0, "thickness_ratio": 0.0, "heat_capacity_ratio": 1.4}
    assert np.isnan(computed_at(points, groups).value)


def test_a_mass_flow_gives_its_coefficient_and_back(tmp_path: Path) -> None:
    data = measured(
        tmp_path,
        "diameter [mm], outside pressure [kPa], temperature [degC], "
        "mass flow [g/s], mass flow uncertainty [%], Cd\n"
        "2, 50, 20, 0.6, 1,\n2, 50, 20, , , 0.8\n",
    )
    rows = MeasuredPoints(data, over_pressures())
    ideal = ideal_mass_flow(np.pi * 1e-6, 101325.0, 293.15, 1.4, AIR, 50e3)
    np.testing.assert_allclose(rows.numbers("pressure_ratio"), 50e3 / 101325.0, rtol=1e-12)
    np.testing.assert_allclose(rows.numbers("discharge_coefficient"), [0.6e-3 / ideal, 0.8], rtol=1e-12)
    np.testing.assert_allclose(rows.numbers("mass_flow"), [0.6e-3, 0.8 * ideal], rtol=1e-12)
    np.testing.assert_allclose(
        rows.numbers("discharge_coefficient_uncertainty"), [6e-6 / ideal, np.nan], rtol=1e-12
    )


def test_rows_are_judged_by_both_uncertainties(tmp_path: Path) -> None:
    points = over_pressures()
    value = points.numbers("discharge_coefficient")[0]
    text = "pressure ratio, Cd, Cd uncertainty\n" + "".join(
        f"{ratio},{cd},{spread}\n"
        for ratio, cd, spread in (
            (0.0, value * 1.02, 0.02), (0.0, value * 0.9, 0.02), (0.0, value, ""), (0.95, value, 0.02),
        )
    )  # fmt: skip
    rows = MeasuredPoints(measured(tmp_path, text), points)
    lines = measured_rows(rows).lines
    assert [line[-1] for line in lines] == [
        WITHIN, BEYOND, UNJUDGED, "not compared: outside of the sweep",
    ]  # fmt: skip
    assert [line[7] for line in lines] == ["+2.0 %", "-10.0 %", "+0.0 %", ""]
    headline = measured_headline(rows)
    assert headline.value == "-10.0 to +2.0 %"
    assert headline.detail == f"3 of 4 rows compared, 1 {WITHIN}, 1 {BEYOND}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("diameter [mm], Cd\n2, 0.8\n", "the row states no wall thickness, which the sweep varies"),
        ("t/d, mass flow [g/s]\n0, 0.8\n", "the row states no coefficient, nor all that gives one"),
        ("t/d, Cd, Cd uncertainty\n0.25, 0.8, 1\n", WITHIN),
    ],
)
def test_a_row_that_is_not_compared_says_why(tmp_path: Path, text: str, why: str) -> None:
    points = Points(sweep_table({"wall_thickness": (0.0, 1e-3)}))
    assert measured_rows(MeasuredPoints(measured(tmp_path, text), points)).lines[0][-1].endswith(why)


def test_the_page_lists_measured_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("breachflow.report.picture._saved", lambda *_: b"")
    data = measured(tmp_path, "pressure ratio [1], Cd [1], operator <b>\n0.1, 0.8, me\n")
    page = sweep_page(Path("table.h5"), over_pressures().table, data)
    text = render(page).decode()
    assert "<h2>Measured data</h2>" in text
    assert "Columns left out: operator &lt;b&gt;." in text


def test_data_beside_the_result_of_one_run_are_refused(tmp_path: Path) -> None:
    write_hole(tmp_path / "hole.vtkhdf")
    with pytest.raises(UsageError, match="is the result of one run: sweep the case"):
        write_report(tmp_path / "hole.vtkhdf", data=tmp_path / "stand.csv")
