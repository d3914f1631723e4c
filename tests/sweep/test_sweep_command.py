"""The command `breachflow sweep`: output, exit codes and files."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from small_sweeps import SIZES_AND_WALLS, Here, swept, table_bytes, written

from breachflow.cli.main import main
from breachflow.cli.printing.progress import sweep_watcher
from breachflow.results.files.tables import read_table
from breachflow.sweeps.progress import SweepProgress

Out = pytest.CaptureFixture[str]

TOO_THICK = (
    'orifice.wall_thickness = "21 mm": is more than 20 times the diameter; at most 20 mm; '
    'friction rules a longer one: write [flow] model = "laminar", or '
    "`breachflow estimate` computes tubes and cracks"
)


@pytest.fixture
def leak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new case in the working directory."""
    monkeypatch.chdir(tmp_path)
    return written(tmp_path, swept(SIZES_AND_WALLS))


@pytest.fixture
def done(again: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case with a finished sweep in the working directory."""
    monkeypatch.chdir(again)
    return again / "leak.toml"


def call(*arguments: object) -> int:
    return main(["sweep", *map(str, arguments)])


def told_json(out: Out) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(out.readouterr().out)
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ---- what is printed ----


def test_what_a_person_is_told(leak: Path, here: Here, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("breachflow.compiled.cache_is_cold", lambda: False)
    assert call("leak.toml") == 0
    first, *_, points, flows, law, table, text, report = capsys.readouterr().out.splitlines()
    assert first.startswith("0 of 12 points, 0.")
    assert points == "  points  12: 12 converged"
    assert flows == "  flows   6"
    assert law.startswith("  law     ")
    assert table == "  table   leak.sweep/table.h5"
    assert text == "          leak.sweep/table.csv"
    assert report == "`breachflow report leak.sweep/table.h5` draws it"
    assert sorted(path.name for path in leak.parent.iterdir()) == ["leak.sweep", "leak.toml"]
    names = ["ledger.sqlite", "owners", "points", "table.csv", "table.h5"]
    assert sorted(path.name for path in (leak.parent / "leak.sweep").iterdir()) == names
    assert list((leak.parent / "leak.sweep" / "owners").iterdir()) == []


def test_quiet_leaves_out_the_progress(done: Path, here: Here, capsys: Out) -> None:
    assert call("leak.toml", "--quiet") == 0
    out, err = capsys.readouterr()
    assert out.startswith("  points  12: 12 converged\n")
    assert err == ""


def test_one_object_and_nothing_else(done: Path, here: Here, capsys: Out) -> None:
    assert call("leak.toml", "--json") == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert err == ""
    assert found.pop("law").keys() == {"range", "leave_one_out"}
    assert found == {
        "table": str(done.parent / "leak.sweep" / "table.h5"),
        "points": 12,
        "counts": {"converged": 12},
        "flows": 6,
        "failures": {},
        "stopped": "",
    }


def test_a_terminal_gets_notes_as_they_are(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("breachflow.cli.printing.live.is_terminal", lambda: True)
    note = "point 3: [red]sweep.gas[/red] = {...}: is a [table]"
    with sweep_watcher() as watch:
        watch(SweepProgress(points=9, done=3, running=2, elapsed=4.0, remaining=75.0, note=""))
        watch(SweepProgress(points=9, done=4, running=2, elapsed=5.0, remaining=None, note=note))
    assert note in capsys.readouterr().out


# ---- the plan ----


def test_a_plan_writes_nothing(leak: Path, here: Here, capsys: Out) -> None:
    assert call("leak.toml", "--dry-run", "--workers", 2) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[:2] == [
        "orifice.diameter: 1 mm, 2 mm, 4 mm (3)",
        "orifice.wall_thickness: 0 mm, 0.1 mm, 0.2 mm, 0.4 mm (4)",
    ]
    assert out[2:6] == [
        "  points    12",
        "  flows     6; points of the same flow in other units are scaled",
        "  to solve  6, 3 of them from solved neighbors",
        "  workers   2",
    ]
    assert out[-1] == "  folder    leak.sweep"
    assert list(leak.parent.iterdir()) == [leak]
    assert call("leak.toml", "--dry-run", "--json", "--workers", 2) == 0
    found = told_json(capsys)
    assert found.pop("seconds") > 0.0
    assert found.pop("memory_bytes") > 0.0
    assert found == {
        "points": 12,
        "bad_points": 0,
        "flows": 6,
        "flows_done": 0,
        "flows_of_other_cases_or_versions": 0,
        "flows_from_neighbors": 3,
        "workers": 2,
    }
    assert list(leak.parent.iterdir()) == [leak]
    assert here.tasks == []


def test_a_plan_removes_nothing(leak: Path, capsys: Out) -> None:
    """Neither what a killed sweep left, nor anything in a folder to which a link leads."""
    elsewhere, folder = leak.parent / "elsewhere", leak.parent / "leak.sweep"
    token, partial = "0123456789abcdef" * 2, ".0123.vtkhdf.12ab34cd.partial"
    for name in (token, partial):
        (elsewhere / name).mkdir(parents=True)
    for link in (folder, folder / "owners"):
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(elsewhere)
        before = sorted(leak.parent.rglob("*"))
        assert call("leak.toml", "--dry-run", "--workers", 1) == 0
        assert sorted(leak.parent.rglob("*")) == before
        link.unlink()
    for entry in (folder / "owners" / token, folder / "points" / partial):
        entry.parent.mkdir(parents=True)
        entry.touch()
    before = sorted(leak.parent.rglob("*"))
    assert call("leak.toml", "--dry-run", "--workers", 1) == 0
    assert sorted(leak.parent.rglob("*")) == before


def test_a_plan_of_what_is_left(done: Path, here: Here, capsys: Out) -> None:
    left = done.with_suffix(".sweep") / "owners" / ("0123456789abcdef" * 2)  # by a sweep that was killed
    left.parent.mkdir(exist_ok=True)
    left.touch()
    before = files(done.parent)
    more = '--set=sweep."orifice.wall_thickness"=["0 mm", "0.1 mm", "0.3 mm"]'
    assert call("leak.toml", "--dry-run", "--json", more) == 0
    found = told_json(capsys)
    assert (found["points"], found["flows"], found["flows_done"]) == (9, 7, 4)
    assert found["flows_of_other_cases_or_versions"] == 2
    assert call("leak.toml", "--dry-run", more) == 0
    assert "2 solved flows in the ledger are of another case or of another version" in capsys.readouterr().out
    assert call("leak.toml", "--dry-run") == 0
    out = capsys.readouterr().out
    assert "  to solve  0: the ledger has every flow\n" in out
    assert "memory" not in out
    assert files(done.parent) == before


def test_a_plan_tells_bad_points(leak: Path, capsys: Out) -> None:
    many = [f"{21 + i} mm" for i in range(11)]
    walls = f'--set=sweep."orifice.wall_thickness"={json.dumps(many)}'
    sizes = '--set=sweep."orifice.diameter"=["1 mm"]'
    assert call("leak.toml", "--dry-run", walls, sizes) == 0
    out = capsys.readouterr().out.splitlines()
    assert "  points    11 (11 of them invalid)" in out
    assert f"point 0: {TOO_THICK}" in out
    assert out[-1] == "and 1 more invalid points"


# ---- options ----


def test_set_changes_the_case_and_the_sweep(done: Path, here: Here) -> None:
    sizes = '--set=sweep."orifice.diameter"=["2 mm"]'
    assert call("leak.toml", "--set", "boundary.cabin.pressure=50 kPa", sizes, "--quiet") == 0
    table = read_table(done.parent / "leak.sweep" / "table.h5")
    assert here.tasks == []
    assert table.shape == (1, 4)
    assert (table.column("cabin_pressure") == 5e4).all()
    assert table.column("scaled_from").tolist() == [[-2, -2, -2, -2]]


def test_another_folder(done: Path, here: Here, tmp_path: Path) -> None:
    assert call("leak.toml", "-o", "other", "--quiet", '--set=sweep."orifice.diameter"=["2 mm"]') == 0
    assert len(here.tasks) == 4
    assert read_table(done.parent / "other" / "table.h5").shape == (1, 4)
    assert read_table(done.parent / "leak.sweep" / "table.h5").shape == (3, 4)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["none.toml"], 3, "none.toml: no such file; `breachflow init` writes a case to start from"),
        (["plain.toml"], 3, "plain.toml: has no table [sweep], the keys to sweep; write e.g. "),
        (["leak.toml", "--workers", "0"], 2, "Invalid value for '--workers': 0 is not in the range"),
        (["leak.toml", "-o", "no/such"], 8, "no/such: cannot write: No such file or directory "),
    ],
)
def test_mistakes(leak: Path, capsys: Out, arguments: list[str], code: int, message: str) -> None:
    written(leak.parent, swept("").split("[sweep]")[0], "plain.toml")
    assert call(*arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("breachflow: error: ")
    assert message in err
    assert err.count("\n") == 1
    assert not (leak.parent / "leak.sweep").exists()


# ---- exit codes ----


def test_points_that_fail(leak: Path, here: Here, capsys: Out) -> None:
    assert call("leak.toml", '--set=sweep."orifice.wall_thickness"=["0 mm", "21 mm"]') == 12
    out, err = capsys.readouterr()
    assert f"point 1 failed: {TOO_THICK}" in out.splitlines()
    assert "  points  6: 5 converged, 1 failed" in out.splitlines()
    message = "1 of 6 points failed; their errors are in leak.sweep/table.h5"
    assert err == f"breachflow: error: {message}\n"
    table = read_table(leak.parent / "leak.sweep" / "table.h5")
    assert table.column("status").ravel().tolist().count("converged") == 5


def test_points_that_do_not_converge(leak: Path, here: Here, capsys: Out) -> None:
    assert call("leak.toml", "--set", "run.max_iterations=2") == 7
    out, err = capsys.readouterr()
    assert "  points  12: 12 not converged" in out.splitlines()
    assert "point 0 and 2 more: NOT CONVERGED" in out.splitlines()
    assert "  law     none: no points converged" in out.splitlines()
    assert err == (
        "breachflow: error: 12 of 12 points did NOT CONVERGE: do not trust their numbers; raise "
        "run.max_iterations or try another numerics.limiter\n"
    )


def test_failures_weigh_more_than_points_that_do_not_converge(leak: Path, here: Here, capsys: Out) -> None:
    walls = '--set=sweep."orifice.wall_thickness"=["0 mm", "21 mm"]'
    assert call("leak.toml", "--json", "--set", "run.max_iterations=2", walls) == 12
    found = told_json(capsys)
    assert found["counts"] == {"not converged": 5, "failed": 1}
    assert found["failures"] == {"1": TOO_THICK}
    assert found["law"] is None


# ---- stopping ----


@pytest.mark.parametrize("way", ["STOP", "SIGINT", "SIGTERM"])
def test_stopping_and_going_on(leak: Path, here: Here, capsys: Out, grid: Path, way: str) -> None:
    folder = leak.parent / "leak.sweep"

    def stop(_: object) -> None:
        if len(here.tasks) == 3:
            (leak.parent / "STOP").touch() if way == "STOP" else os.kill(os.getpid(), signal.Signals[way])

    here.before = stop
    assert call("leak.toml") == 6
    out, err = capsys.readouterr()
    table = read_table(folder / "table.h5")
    left = table.column("status").ravel().tolist().count("not computed")
    assert 0 < left < 12
    assert f"  points  12: {12 - left} converged, {left} not computed" in out.splitlines()
    reason = "the file STOP is there" if way == "STOP" else way
    last = f"breachflow: error: stopped ({reason}) with {left} points to go; the same command goes on"
    assert err.splitlines()[-1] == last
    (leak.parent / "STOP").unlink(missing_ok=True)
    assert call("leak.toml", "--quiet") == 0
    assert table_bytes(folder) == table_bytes(grid / "leak.sweep")


def test_a_file_that_stops_everything(leak: Path, here: Here, capsys: Out) -> None:
    (leak.parent / "STOP").touch()
    assert call("leak.toml") == 6
    assert "STOP: this file stops every run in its folder; remove it to run" in capsys.readouterr().err
    assert here.tasks == []
