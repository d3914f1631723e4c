"""Imports of each command: heavy packages are imported only where they are used, and fail at no variable."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import breachflow
from breachflow.cli.main import command_names
from breachflow.shipped import root

HEAVY = {"numpy", "numba", "h5py", "meshio", "scipy", "pydantic", "rich"}
CABIN = ("--diameter", "2 mm", "--pressure", "1 atm", "--temperature", "295 K")

REPORT = f"""
import sys
HEAVY = {sorted(HEAVY)}
from breachflow.cli.main import main
code = main(sys.argv[1:])
print(code, *(name for name in HEAVY if name in sys.modules), file=sys.stderr)
"""


def imported_by(*arguments: str, folder: Path) -> set[str]:
    """Heavy packages that a process imports while it runs one command successfully."""
    command = [sys.executable, "-c", REPORT, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(breachflow.__file__).parents[1])}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder, env=environment)
    code, *modules = done.stderr.splitlines()[-1].split()
    assert code == "0", done.stderr
    return set(modules)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        (),
        *((name, "--help") for name in command_names()),
        ("init", "--list"),
        ("estimate", *CABIN),
        ("liquid", "--liquid", "water", "--diameter", "1 mm", "--pressure", "3 bar", "--inventory", "20 kg"),
        ("reserve", "--from", "760 mmHg", "--to", "758 mmHg", "--after", "90 min", "--volume", "1005 m3"),
        ("detect", "--leak", "1 kg/day"),
        ("repair", "--before", "1.7 +- 0.1 kg/day", "--after", "0.3 +- 0.1 kg/day", "--volume", "400 m3"),
        ("reserve", *CABIN, "--volume", "1005 m3", "--feed", "1 kg/h"),
    ],
    ids=" ".join,
)
def test_nothing_heavy(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert imported_by(*arguments, folder=tmp_path) == set()


def test_an_interrupt_is_heeded_before_anything_slow_is_imported() -> None:
    """Until then Python itself answers it, with a traceback; `signal` imports enum alone."""
    command = [sys.executable, "-S", "-c", "import breachflow.cli.start, sys; print(*sys.modules)"]
    environment = {**os.environ, "PYTHONPATH": str(Path(breachflow.__file__).parents[1])}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert not {"typing", "pathlib", "re", "inspect", "click"} & set(done.stdout.split())


@pytest.mark.parametrize("words", [("schema",), ("schema", "--of", "locate"), ("init",)], ids=" ".join)
def test_schema_needs_the_models_alone(words: tuple[str, ...], tmp_path: Path) -> None:
    assert imported_by(*words, folder=tmp_path) == {"pydantic"}


@pytest.mark.parametrize("command", ["check", "mesh"])
def test_a_mesh_needs_no_compiler_and_no_result_file(command: str, tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(
        'gas = "air"\n[orifice]\nshape = "round"\ndiameter = "2 mm"\n[mesh]\nresolution = "coarse"\n'
        '[boundary]\ncabin = { kind = "reservoir", pressure = "1 atm", temperature = "295 K" }\n'
        'space = { kind = "vacuum" }\n'
    )
    assert not imported_by(command, "case.toml", folder=tmp_path) & {"numba", "h5py", "rich"}


def test_variables_at_which_libraries_fail_do_no_harm(tmp_path: Path) -> None:
    """The date of numpy's generated code, and a way to show pictures that matplotlib does not know."""
    case = shutil.copytree(root() / "cases" / "locate" / "russian_segment", tmp_path / "case")
    command = [sys.executable, "-m", "breachflow", "report", str(case), "-o", str(tmp_path / "report")]
    variables = {"SOURCE_DATE_EPOCH": "abc", "MPLBACKEND": "none such"}
    environment = {**os.environ, "PYTHONPATH": str(Path(breachflow.__file__).parents[1]), **variables}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "report" / "report.html").stat().st_size > 10_000
