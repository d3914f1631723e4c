"""The command `report`: output, files, and one line for every mistake of a user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import breachflow
from breachflow.cli.main import main
from breachflow.report.style import MARK
from breachflow.results.files.tables import write_table
from report_tables import sweep_table, write_hole

SIZES = (1e-3, 2e-3)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands run in an empty folder. Pictures are drawn but not saved, because saving is slow."""
    monkeypatch.setattr("breachflow.report.picture._saved", lambda *_: MARK.encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> str:
    """The line that a failing command prints, without the program's name."""
    assert main(["report", *arguments]) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err.removeprefix("breachflow: error: ").rstrip("\n")


def test_the_table_of_a_sweep(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "leak.sweep").mkdir()
    write_table(here / "leak.sweep" / "table.h5", sweep_table({"diameter": SIZES}))
    assert main(["report", "leak.sweep/table.h5"]) == 0
    names = ["report.html", "flow.png", "flow.svg", "ratios.png", "ratios.svg"]
    folder = "leak.sweep/table.report"
    assert capsys.readouterr().out.splitlines() == [f"wrote {folder}/{name}" for name in names]
    assert sorted(path.name for path in (here / folder).iterdir()) == sorted(names)
    assert "<h1>Holes of a hull</h1>" in (here / folder / "report.html").read_text()


def test_the_result_of_a_run_as_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_hole(here / "hole.vtkhdf")
    assert main(["report", "hole.vtkhdf", "-o", "out", "--json"]) == 0
    names = ["report.html", "mach.png", "mach.svg", "history.png", "history.svg"]
    assert json.loads(capsys.readouterr().out) == {"files": [f"out/{name}" for name in names]}
    assert sorted(path.name for path in (here / "out").iterdir()) == sorted(names)


def test_a_report_may_be_written_again(here: Path) -> None:
    write_table(here / "table.h5", sweep_table({"diameter": SIZES}))
    assert [main(["report", "table.h5"]) for _ in range(2)] == [0, 0]


def test_a_result_that_did_not_converge_is_drawn_all_the_same(here: Path) -> None:
    write_hole(here / "hole.vtkhdf", converged=False)
    assert main(["report", "hole.vtkhdf"]) == 0
    assert "NOT CONVERGED: do not trust these numbers" in (here / "hole.report" / "report.html").read_text()


def test_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert error_of(capsys, "table.h5", code=8) == "table.h5: cannot read: No such file or directory"


def test_a_near_name(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_table(here / "table.h5", sweep_table({"diameter": SIZES}))
    assert error_of(capsys, "tables.h5", code=8).endswith("; did you mean table.h5?")


GIVE = "give the table.h5 that `breachflow sweep` wrote, or the .vtkhdf file that `breachflow run` wrote"


@pytest.mark.parametrize(
    ("name", "what"),
    [("leak.sweep", "a folder"), ("case.toml", "a case"), ("table.csv", "a table as text")],
)
def test_what_is_often_given_instead(
    name: str, what: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "leak.sweep").mkdir()
    (here / "case.toml").touch()
    (here / "table.csv").touch()
    assert error_of(capsys, name, code=8) == f"{name}: is {what}; {GIVE}"


def test_neither_a_table_nor_a_result(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "photo.png").write_bytes(b"\x89PNG")
    assert error_of(capsys, "photo.png", code=8).startswith("photo.png: not an HDF5 file; ")


def test_a_damaged_table(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_table(here / "table.h5", sweep_table({"diameter": SIZES}))
    content = bytearray((here / "table.h5").read_bytes())
    content[len(content) // 2] ^= 1
    (here / "table.h5").write_bytes(content)
    assert error_of(capsys, "table.h5", code=8).startswith("table.h5: ")


def test_the_folder_is_a_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_table(here / "table.h5", sweep_table({"diameter": SIZES}))
    (here / "out").write_text("mine")
    assert "out: is a file, and a folder belongs here; remove it, or give" in error_of(
        capsys, "table.h5", "-o", "out", code=8
    )
    assert (here / "out").read_text() == "mine"


def test_no_folder_for_the_folder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_table(here / "table.h5", sweep_table({"diameter": SIZES}))
    message = error_of(capsys, "table.h5", "-o", "no/where", code=8)
    assert "No such file or directory" in message
    assert "create the folder first, or choose another place with -o" in message


def test_a_file_of_somebody_else(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_table(here / "table.h5", sweep_table({"diameter": SIZES}))
    (here / "out").mkdir()
    (here / "out" / "report.html").write_text("<h1>my thesis</h1>")
    assert error_of(capsys, "table.h5", "-o", "out", code=8) == (
        "out/report.html: is not of a report, and was left as it is; choose another folder"
    )
    assert [path.name for path in (here / "out").iterdir()] == ["report.html"]


@pytest.mark.parametrize("package", ["matplotlib", "jinja2"])
def test_without_the_packages(
    package: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "breachflow.report.chart.find_spec", lambda name: None if name == package else find_spec(name)
    )
    assert error_of(capsys, "table.h5", code=2) == (
        f"reports need {package}: pip install 'breachflow[report]'"
    )


def test_help_loads_nothing_heavy(here: Path) -> None:
    program = (
        "import sys; from breachflow.cli.commands.report import report\n"
        "report(['--help'], standalone_mode=False)\n"
        "print({'numpy', 'h5py', 'pydantic', 'matplotlib', 'jinja2', 'rich'} & set(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(breachflow.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=here, env=environment
    )
    assert "TABLE|RESULT" in done.stdout
    assert done.stdout.splitlines()[-1] == "set()"
