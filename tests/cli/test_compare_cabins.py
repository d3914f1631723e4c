"""`breachflow compare` of two results of cabins: inputs, numbers, events, quantities over time."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from breachflow.cabin.answer.against import CabinChange, compare_cabins
from breachflow.cabin.answer.over_time import HistoryChange
from breachflow.cabin.answer.result import CabinResult
from breachflow.cabin.grammar.read import parse_cabin
from breachflow.cli.main import main
from breachflow.errors import ResultError
from breachflow.results.files.cabin.series import CabinSeries, SeriesVariable, write_series
from breachflow.results.files.tables import write_table
from breachflow.results.table import SweepTable, TableAxis, Variable

CABIN = """
gas = "air"
thermal = "isothermal"
compartment.lab = { volume = "10 m3", pressure = "100 kPa", temperature = "300 K" }
compartment.node = { volume = "20 m3", pressure = "100 kPa", temperature = "300 K" }
hatch.door = { between = ["lab", "node"], state = "open" }
leak.hole = { from = "lab", kind = "hole", diameter = "10 mm", discharge_coefficient = 0.8 }
limit.low = { pressure = "90 kPa", source = "of this case" }
run = { end_time = "10 min", sample = "60 s" }
[[event]]
at = "3 min"
close = "door"
"""


def solved(text: str = CABIN) -> CabinSeries:
    return CabinResult(parse_cabin(text), varied=False).series


@pytest.fixture(scope="module")
def before() -> CabinSeries:
    return solved()


@pytest.fixture(scope="module")
def after() -> CabinSeries:
    """With a hatch that is shut a minute later."""
    return solved(CABIN.replace('"3 min"', '"4 min"'))


@pytest.fixture(scope="module")
def found(before: CabinSeries, after: CabinSeries) -> CabinChange:
    return compare_cabins(before, after)


def history(found: CabinChange, name: str) -> HistoryChange:
    (one,) = [one for one in found.histories if one.name == name]
    return one


def test_a_result_against_itself(before: CabinSeries) -> None:
    found = compare_cabins(before, before)
    assert (found.inputs, found.words, found.events, found.names) == ([], [], [], [])
    assert all(one.is_same for one in found.numbers)
    assert [one for one in found.histories if one.largest] == []
    assert len(found.histories) > 7


def test_inputs_numbers_and_events(found: CabinChange, before: CabinSeries, after: CabinSeries) -> None:
    assert [(one.key, one.before, one.after) for one in found.inputs] == [
        (
            "event",
            '[{ at = "180 s", after = "0 s", close = "door" }]',
            '[{ at = "240 s", after = "0 s", close = "door" }]',
        )
    ]
    numbers = {one.name: one for one in found.numbers}
    texts = (json.loads(str(series.attributes["summary"])) for series in (before, after))
    pressures = [text["compartments"]["lab"]["pressure"] for text in texts]
    changed = numbers["compartments.lab.pressure"]
    assert [changed.before, changed.after, changed.unit] == [*pressures, "Pa"]
    events = {one.what: (one.before, one.after) for one in found.events}
    assert events["close door"] == (180.0, 240.0)


def test_a_flag_differs_at_once_and_a_pressure_most_where_the_hatch_shuts(found: CabinChange) -> None:
    """From 180 s on the laboratory falls faster before: most at 240 s, by what the node has fed meanwhile."""
    flag = history(found, "hatch_open")
    assert (flag.places, flag.time, flag.before, flag.after) == (("door",), 180.0, 0.0, 1.0)
    pressure = history(found, "pressure")
    assert (pressure.places, pressure.time) == (("lab",), 240.0)
    assert pressure.largest == pytest.approx((pressure.after - pressure.before) / 1e5, rel=1e-3)


def line(times: list[float], values: list[float]) -> CabinSeries:
    """A result with one quantity of one compartment."""
    axes = {"time": TableAxis("time", np.array(times), "s", ""), "compartment": room("lab")}
    one = SeriesVariable(("time", "compartment"), np.array(values)[:, None], "Pa", "")
    return CabinSeries(axes, {"pressure": one}, {"summary": "{}", "case": ""})


def room(*names: str) -> TableAxis:
    return TableAxis("compartment", np.array(names, dtype=object), "", "")


def test_other_times_are_interpolated_and_both_sides_of_a_jump_count() -> None:
    jump, rare = line([0.0, 2.0, 2.0, 4.0], [8.0, 6.0, 2.0, 0.0]), line([0.0, 4.0], [8.0, 0.0])
    (found,) = compare_cabins(jump, rare).histories
    assert (found.time, found.before, found.after, found.largest) == (2.0, 6.0, 4.0, 0.25)
    (found,) = compare_cabins(rare, line([0.0, 2.0, 2.0, 4.0], [8.0, 4.0, 1.0, 0.0])).histories
    assert (found.time, found.before, found.after) == (2.0, 4.0, 1.0)
    (found,) = compare_cabins(rare, line([0.0, 2.0], [8.0, 4.0])).histories
    assert found.largest == 0.0


def test_a_value_that_only_one_has() -> None:
    (found,) = compare_cabins(line([0.0, 1.0], [1.0, np.nan]), line([0.0, 1.0], [1.0, 1.0])).histories
    assert (found.time, found.largest) == (1.0, np.inf)
    gone = line([0.0, 1.0], [np.nan, np.nan])
    assert compare_cabins(gone, gone).histories[0].largest == 0.0


def test_names_that_only_one_has(before: CabinSeries) -> None:
    other = solved(CABIN.replace("compartment.node", "compartment.hub").replace('"node"', '"hub"'))
    found = compare_cabins(before, other)
    assert {(one.key, one.before, one.after) for one in found.names} == {
        ("compartment", "node", None),
        ("compartment", None, "hub"),
    }
    assert history(found, "pressure").largest == 0.0  # of the laboratory, which both have


def test_the_interval_of_the_reserve_time_is_its_band() -> None:
    summaries = (
        '{"reserve_time": 100, "reserve_time_interval": [97, 103]}',
        '{"reserve_time": 110, "reserve_time_interval": [106, 114]}',
    )
    plain = line([0.0, 1.0], [1.0, 1.0])
    one, other = (replace(plain, attributes={"summary": summary}) for summary in summaries)
    change = {one.name: one for one in compare_cabins(one, other).numbers}["reserve_time"]
    assert change.bands == 2.0


@pytest.mark.parametrize("summary", ["", "[]", '{"events": [1]}', '{"events": [{"what": "x"}]}'])
def test_contents_of_another_program_are_refused(summary: str, before: CabinSeries) -> None:
    other = replace(before, attributes={**before.attributes, "summary": summary})
    with pytest.raises(ResultError, match=r"attribute 'summary': is (no JSON object|not that of a cabin)"):
        compare_cabins(before, other)


def test_the_command(
    before: CabinSeries, after: CabinSeries, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(tmp_path / name) for name in ("a.h5", "b.h5")]
    for file, series in zip(files, (before, after), strict=True):
        write_series(file, series)
    assert main(["compare", *files]) == 0
    lines = [" ".join(one.split()) for one in capsys.readouterr().out.splitlines()]
    assert lines[0] == "a.h5 -> b.h5"
    assert "close door 180 s -> 240 s" in lines
    (pressure,) = [one for one in lines if one.startswith("pressure ")]
    assert pressure.endswith("lab at 240 s")
    assert lines[-1].endswith("quantities are the same at all times")
    assert main(["compare", *files, "--all"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > len(lines) + 10
    assert main(["compare", *files, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["histories"]["pressure"]["time"] == 240.0
    assert {"what": "close door", "before": 180.0, "after": 240.0} in found["events"]


def test_files_of_two_kinds_are_refused(
    before: CabinSeries, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_series(tmp_path / "a.h5", before)
    table = SweepTable((room("x"),), {"y": Variable(np.ones(1), "1", "")}, {})
    write_table(tmp_path / "b.h5", table)
    assert main(["compare", str(tmp_path / "a.h5"), str(tmp_path / "b.h5")]) == 2
    assert capsys.readouterr().err == (
        f"breachflow: error: {tmp_path / 'a.h5'} is the result of a cabin, {tmp_path / 'b.h5'} is the table "
        "of a sweep; give two results of runs, two of cabins, or two tables of sweeps\n"
    )
