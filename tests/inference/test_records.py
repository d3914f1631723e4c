"""Records as loggers and spreadsheets write them are read right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import breachflow
from breachflow import CaseError, UsageError
from breachflow.inference.record.arrays import record_of
from breachflow.inference.record.gate import resolution
from breachflow.inference.record.headings import ColumnChoice
from breachflow.inference.record.read import read_record
from breachflow.inference.record.record import PressureRecord
from breachflow.inference.record.select import time_in
from breachflow.inference.record.times import ADVICE

MMHG = 133.322387415
MBAR, PSIA = 100.0, 6894.757293168361

READ = {
    "time [h];pressure [mbar]\n0;1013,2\n0,5;1013,1\n": ([0.0, 1800.0], [1013.2 * MBAR, 1013.1 * MBAR]),
    "\ufefftime [min]\tpressure [psia]\r\n0\t14.7\r\n1\t14.69\r\n": (
        [0.0, 60.0],
        [14.7 * PSIA, 14.69 * PSIA],
    ),
    '"time [s]","pressure (kPa)"\n"0","101.3"\n"60","101.2"\n': ([0.0, 60.0], [101300.0, 101200.0]),
    "time [s], pressure [mmHg], \n0, 745 ,\n\n60,744,,\n": ([0.0, 60.0], [745 * MMHG, 744 * MMHG]),
    "# sensor 4\ntime [s],pressure [mmHg]\n# start\n0,745\n60,744 \n": (
        [0.0, 60.0],
        [745 * MMHG, 744 * MMHG],
    ),
    "time [s],pressure [mmHg]\r0,745\r60,744\r": ([0.0, 60.0], [745 * MMHG, 744 * MMHG]),
    "pressure [mm Hg],Elapsed Time [hours]\n745,0\n744,1\n": ([0.0, 3600.0], [745 * MMHG, 744 * MMHG]),
    "Timestamp,Pressure [mmHg]\n2026-06-05T16:00:00+02:00,745\n2026-06-05T14:10:00Z,744\n": (
        [0.0, 600.0],
        [745 * MMHG, 744 * MMHG],
    ),
    "date time,pressure [hPa]\n2026-06-05 14:00:00,1000\n2026-06-05 14:10:00.5,999\n": (
        [0.0, 600.5],
        [1e5, 99900.0],
    ),
    "GMT,pressure [hPa]\n2026-156T23:59:00Z,1000\n2026-157T00:10:00Z,999\n": ([0.0, 660.0], [1e5, 99900.0]),
    "time,pressure [hPa]\n23:50,1000\n00:10,999\n": ([85800.0, 87000.0], [1e5, 99900.0]),
    "time [s],pressure [hPa]\n0,1000\n0,1000\n60,999\n": ([0.0, 60.0], [1e5, 99900.0]),
    "time [s],pressure [hPa]\n0,1000\n60,\n120,999\n": ([0.0, 120.0], [1e5, 99900.0]),
    "time [s],humidity [%],pressure [hPa],note\n0,44,1e3,ok\n60,43,9.99e2,\n": ([0.0, 60.0], [1e5, 99900.0]),
}


@pytest.mark.parametrize(("text", "values"), READ.items())
def test_a_record_is_read(text: str, values: tuple[list[float], list[float]], tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_bytes(text.encode())
    found = read_record(file)
    assert found.times == pytest.approx(values[0], abs=1e-9)
    assert found.pressures == pytest.approx(values[1], rel=1e-14)


SENSORS = "time [s],P_1 [hPa],P_2 [Pa],T 1 [degC],T 2 [degC]\n0,1000,99900,20,21\n60,999,99800,20,21\n"


@pytest.mark.parametrize("heading", ["P_2 [Pa]", "p 2", "P_2"])
def test_one_of_several_sensors_is_chosen(heading: str, tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text(SENSORS)
    found = read_record(file, ColumnChoice(heading, "t 2"))
    assert found.pressures == pytest.approx([99900.0, 99800.0])
    assert found.temperatures == pytest.approx([294.15, 294.15])
    assert found.notes == ('columns left out: "P_1 [hPa]", "T 1 [degC]"',)
    message = r'no column is "P_3", chosen as the pressure, among "time \[s\]", "P_1 \[hPa\]", '
    with pytest.raises(CaseError, match=message):
        read_record(file, ColumnChoice("P_3"))
    with pytest.raises(UsageError, match=r"^pressure_column is for a file: arrays have no headings$"):
        breachflow.infer([0.0, 60.0], [1e5, 1e5], pressure_column=heading)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8"])
def test_a_degree_sign_is_read(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_bytes("time [s],pressure [mmHg],Temp [°C]\n0,745,20\n60,744,\n".encode(encoding))
    temperatures = read_record(file).temperatures
    assert temperatures is not None
    assert temperatures[0] == 293.15
    assert np.isnan(temperatures[1])


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("time [s],humidity [%],pressure [hPa]\n0,1,1000\n0,1,1000\n9,1,\n60,1,999\n")
    assert read_record(file).notes == (
        'columns left out: "humidity [%]"',
        "1 line without a pressure left out",
        "1 repeated line left out",
    )


START = datetime(2026, 6, 5, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "times",
    [
        [0, 60, 120],
        np.array([0.0, 60.0, 120.0]),
        [START + timedelta(minutes=step) for step in range(3)],
        ["2026-06-05T14:00Z", "2026-06-05T14:01Z", "2026-06-05T14:02Z"],
        np.array(["2026-06-05T14:00", "2026-06-05T14:01", "2026-06-05T14:02"], dtype="datetime64[s]"),
        np.array([0, 60, 120], dtype="timedelta64[s]"),
    ],
)
def test_times_of_all_kinds(times: Any) -> None:
    assert list(record_of(times, [3.0, 2.0, 1.0]).times) == [0.0, 60.0, 120.0]


def test_a_series_is_read_by_what_it_gives_numpy() -> None:
    class Series:
        """As a series of pandas is one."""

        def __init__(self, values: list[float]) -> None:
            self._values = values

        def __len__(self) -> int:
            return len(self._values)

        def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
            return np.array(self._values, dtype=dtype)

    found = record_of(Series([0.0, 1.0]), Series([99.0, 98.0]), units=("h", "kPa", "K"))
    assert (list(found.times), list(found.pressures)) == ([0.0, 3600.0], [99000.0, 98000.0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0, 1], [1.0, np.nan]), "pressures[1]: is nan; leave readings out that are none"),
        (([0, np.inf], [1.0, 2.0]), "times[1]: is inf; leave readings out that are none"),
        (([0, 1], [1.0]), "pressures: has 1 values for 2 times"),
        (([0, 1], ["a", "b"]), "pressures: must be numbers"),
        (([0, 1], [1.0, -2.0]), "pressures[1]: must be above 0; pressures are absolute"),
        (([], []), "times: is empty"),
        ((["2026-06-05T14:00Z", "06/05/26"], [1, 2]), f"times[1]: may be day or month first; {ADVICE}"),
        (([0, 1], [1.0, 2.0], [20.0, 21.0]), "temperatures[0]: is 20 K, no temperature of a cabin"),
        (([0, 1], None), "times needs pressures, unless it is the path of a record"),
        (("r.csv", [1.0]), "pressures stand in the file already"),
    ],
)  # fmt: skip
def test_arrays_that_are_none(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(breachflow.UsageError) as caught:
        breachflow.infer(*arguments)
    assert str(caught.value) == message


def test_arrays_that_do_not_rise() -> None:
    with pytest.raises(breachflow.CaseError) as caught:
        breachflow.infer([0, 2, 1], [3.0, 2.0, 1.0])
    assert str(caught.value) == "record: reading 3: the time is before that of reading 2; times must rise"


@pytest.mark.parametrize(("step", "shown"), [(0.1, 0.1), (0.5, 0.5), (1.0, 1.0), (0.3, 0.3), (0.01, 0.01)])
def test_the_resolution_is_found(step: float, shown: float) -> None:
    """A record that falls by more than a step from reading to reading too."""
    values = np.round((730.0 - 0.77 * np.arange(60.0) ** 1.1) / step) * step
    record = PressureRecord("r", np.arange(60.0), values * MMHG, factor=MMHG)
    assert resolution(record) / MMHG == pytest.approx(shown, rel=1e-6)


def test_times_as_people_give_them() -> None:
    dated = record_of(["2026-06-05T14:00Z", "2026-06-05T15:00Z"], [2.0, 1.0])
    plain = record_of([0.0, 3600.0], [2.0, 1.0])
    assert time_in(dated, "step", "2026-06-05T16:30+02:00") == 1800.0
    assert time_in(dated, "step", "0.5 h") == time_in(plain, "step", "30 min") == 1800.0
    assert time_in(plain, "step", 1800) == 1800.0
    with pytest.raises(breachflow.UsageError) as caught:
        time_in(plain, "step", "2026-06-05T14:30Z")
    assert (
        str(caught.value) == 'step = "2026-06-05T14:30Z" is a date, but the record has none; write e.g. "6 h"'
    )
