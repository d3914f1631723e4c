"""The command `cabin`, and what `check`, `show` and `init` make of its cases and results."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from breachflow.cli.main import main
from breachflow.results.files.cabin.series import read_series
from breachflow.risk.read import EXAMPLE
from breachflow.shipped import root

MIR = root() / "cases" / "cabin" / "mir_spektr" / "case.toml"


@pytest.fixture
def mir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.toml").write_bytes(MIR.read_bytes())
    return tmp_path


def test_what_it_prints(mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cabin", ".", "--quiet"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == ""
    assert lines[0] == "Mir: Spektr punctured, its hatch shut after 402 s"
    assert lines[1].split() == [
        "402",
        "s",
        "hatch",
        "spektr",
        "shut",
        "base",
        "676.07",
        "mmHg",
        "spektr",
        "676.07",
        "mmHg",
    ]
    assert lines[2].split()[:7] == ["590", "s", "spektr", "below", "490", "mmHg", "(evacuation)"]
    assert "  time to evacuation  589.628 s = 9.827 min (90 %: 581 s to 598 s)" in lines
    assert lines[-1] == "  file  mir.h5"
    assert main(["show", "mir.h5"]) == 0
    assert capsys.readouterr().out == out


def test_json_and_its_file(mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cabin", "case.toml", "--json", "-o", "other.nc"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["reserve_time"] == printed["crossings"]["evacuation"] == pytest.approx(589.62780, abs=1e-5)
    low, high = printed["reserve_time_interval"]
    assert low < printed["reserve_time"] < high
    # dp/dt = -p/tau in both parts: T = t_shut + tau_s ln(...), so that ln T falls with the limit by tau_s/T
    assert printed["reserve_time_sensitivity"]["limit"] == pytest.approx(-0.98858, abs=1e-4)
    assert printed["other_thermal"]["pressure"]["spektr"] == pytest.approx(55160.4, abs=2.0)
    assert [event["what"] for event in printed["events"]] == ["close", "limit", "end"]
    assert main(["show", "other.nc", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == printed


def test_xarray_opens_the_result(mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import xarray

    assert main(["cabin", "case.toml", "--quiet"]) == 0
    series = read_series("mir.h5")
    with xarray.open_dataset("mir.h5", engine="h5netcdf") as data:
        assert data.pressure.dims == ("time", "compartment")
        assert data.pressure.attrs["units"] == "Pa"
        assert list(data.compartment.values) == ["base", "spektr"]
        at_shut = data.sel(time=402.0)
        assert at_shut.sizes["time"] == 2  # both sides of the event
        assert list(at_shut.hatch_open.values[:, 0]) == [True, False]
        assert list(at_shut.group.values[:, 1]) == [0, 1]
        assert data.event_text.values[0] == "hatch spektr shut"
        np.testing.assert_array_equal(data.leak_flow.values, series.variables["leak_flow"].values)
        assert series.to_xarray().pressure.equals(data.pressure)
    assert series.attributes["case_as_given"] == MIR.read_text()


def test_equal_runs_give_equal_files(mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cabin", "case.toml", "--quiet"]) == 0
    first = Path("mir.h5").read_bytes()
    assert main(["cabin", "case.toml", "--quiet"]) == 0  # its own result is replaced
    assert Path("mir.h5").read_bytes() == first


def test_a_file_of_something_else_is_not_replaced(mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("notes.h5").write_text("notes")
    assert main(["cabin", "case.toml", "-o", "notes.h5"]) == 8
    assert "notes.h5: is no result of a cabin and is not replaced" in capsys.readouterr().err
    assert Path("notes.h5").read_text() == "notes"
    assert main(["cabin", "case.toml", "-o", "case.toml"]) == 2
    assert main(["cabin", "case.toml", "-o", "no/where.h5"]) == 8


def test_a_stop_is_a_result_and_an_exit_code(
    mir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from breachflow.cli.stop import StopRequests

    monkeypatch.setattr(StopRequests, "__call__", lambda _: "SIGTERM")
    assert main(["cabin", "case.toml"]) == 6
    out, err = capsys.readouterr()
    assert "stopped" in out
    assert "(SIGTERM); what came before is in" in err
    assert json.loads(str(read_series("mir.h5").attributes["summary"]))["stopped"] == "SIGTERM"


def test_a_file_named_stop_refuses_to_begin(mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("STOP").touch()
    assert main(["cabin", "case.toml"]) == 6
    assert not Path("mir.h5").exists()


def test_check_says_what_happens_and_what_does_not(mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = [
        "--set",
        'limit.low={ pressure = "0.5 Pa" }',
        "--set",
        'compartment.c={ volume = "1 m3", pressure = "1 Pa", temperature = "290 K" }',
    ]
    assert main(["check", "case.toml", *more]) == 0
    out = capsys.readouterr().out
    comments = [line for line in out.splitlines() if line.startswith("# ")]
    assert comments[0] == "# 0 s: c already below 490 mmHg (evacuation)"
    assert comments[1] == "# 402 s: hatch spektr shut"
    assert "# limit low: never passed" in comments
    assert "# caution: compartment c: no hatch, leak, supply or crew reaches it" in comments
    assert not Path("mir.h5").exists()


@pytest.mark.parametrize("command", ["run", "mesh"])
def test_commands_of_flows_name_the_kind(command: str, mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "case.toml"]) == 3
    assert "this is the case of a cabin: `breachflow cabin` computes it" in capsys.readouterr().err


def test_cases_of_cabins_and_of_risks_are_told_apart(mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("risk.toml").write_text(EXAMPLE, encoding="utf-8")
    assert main(["cabin", "risk.toml"]) == 3
    told = (
        "breachflow: error: risk.toml:21: holes: this is the case of a risk: `breachflow risk` computes it\n"
    )
    assert capsys.readouterr().err == told
    assert main(["risk", "case.toml"]) == 3
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.endswith("this is the case of a cabin: `breachflow cabin` computes it\n")


def test_report_draws_the_result(mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cabin", "case.toml", "--quiet", "--unit", "kPa", "--set", "thermal=adiabatic"]) == 0
    capsys.readouterr()
    assert main(["report", "mir.h5"]) == 0
    written = {path.name for path in Path("mir.report").iterdir()}
    assert written == {
        "report.html",
        *(f"{name}.{kind}" for name in ("pressures", "flows", "temperatures") for kind in ("png", "svg")),
    }
    page = Path("mir.report/report.html").read_text()
    assert "time to evacuation" in page
    assert "hatch spektr shut" in page
    assert "spektr 55.16 kPa" in page


def test_curves_of_one_pressure_are_one_line(mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from breachflow.report.cabin.data import CabinPicture

    assert main(["cabin", "case.toml", "--quiet", "--set", "event=[]"]) == 0
    data = CabinPicture(read_series("mir.h5"))
    assert [curve.label for curve in data.curves("pressure", "compartment", 1.0)] == ["base + spektr"]
    assert data.curves("oxygen_pressure", "compartment", 1.0) == []
    assert data.limits("pressure") == {"evacuation": pytest.approx(490.0, rel=1e-12)}
    assert data.events == []


def test_python_gives_what_the_command_gives(mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import breachflow

    found = breachflow.solve_cabin(breachflow.load_cabin("case.toml"), varied=False)
    assert found.summary["reserve_time"] == pytest.approx(589.62780, abs=1e-5)
    assert repr(found).startswith("Mir: Spektr punctured")
    found.write("own.h5")
    again = breachflow.read_cabin("own.h5")
    np.testing.assert_array_equal(
        again.variables["pressure"].values, found.series.variables["pressure"].values
    )
    with pytest.raises(breachflow.UsageError, match=r"solve_cabin\(\) takes a cabin, not 'case.toml'"):
        breachflow.solve_cabin("case.toml")  # type: ignore[arg-type]


def test_export(mir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A column for each quantity of each compartment, with its unit; what happened, a line each."""
    import csv

    assert main(["cabin", "case.toml", "--quiet"]) == 0
    capsys.readouterr()
    assert main(["export", "mir.h5", "--history", "--events", "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert [(one["part"], one["file"]) for one in files] == [
        ("history", "mir.history.csv"),
        ("events", "mir.events.csv"),
    ]
    assert files[0]["columns"]["leak_flow.puncture"] == "kg/s"
    with Path("mir.history.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    series = read_series("mir.h5")
    times = [float(row["time [s]"]) for row in rows]
    assert times == series.axes["time"].values.tolist()
    found = [float(row["pressure.spektr [Pa]"]) for row in rows]
    assert found == series.variables["pressure"].values[:, 1].tolist()
    assert rows[0]["hatch_open.spektr"] == "true"
    assert rows[-1]["mole_fraction.spektr.air"] == "1.0"
    with Path("mir.events.csv").open(encoding="utf-8") as file:
        events = list(csv.reader(file))
    assert events[0] == ["event_time [s]", "event_what", "event_name", "event_text"]
    assert events[1] == ["402.0", "close", "spektr", "hatch spektr shut"]


@pytest.mark.parametrize(
    ("option", "name"),
    [(["--probes"], "probes"), (["--vtu"], "vtu"), (["--history", "--snapshot=1"], "snapshot")],
)
def test_export_has_no_fields(
    option: list[str], name: str, mir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cabin", "case.toml", "--quiet"]) == 0
    assert main(["export", "mir.h5", *option]) == 2
    assert capsys.readouterr().err == (
        f"breachflow: error: --{name}: mir.h5 is of a cabin, which has --history and --events\n"
    )
