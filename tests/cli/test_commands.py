"""The commands: output, exit codes, and one line for every mistake of a user.

A function replaces the solver: it reports prepared progress to the watcher and writes a small result.
"""

from __future__ import annotations

import doctest
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import click
import numpy as np
import pytest
from one_cell import one_cell
from rich.console import Console
from rich.live import Live

import breachflow
from breachflow import __version__
from breachflow.case import Case, json_schema, load_case, parse_case
from breachflow.cli.commands.estimate import HEADINGS
from breachflow.cli.main import command_names, group, main
from breachflow.cli.printing import progress as progress_text
from breachflow.cli.printing.header import case_rows
from breachflow.cli.printing.live import LiveLine, PlainLines
from breachflow.cli.printing.progress import show_run, tolerant
from breachflow.cli.stop import SIGNALS, StopRequests
from breachflow.errors import MeshError, NonPhysicalState, OutputLocked, ResultError, Stopped
from breachflow.mesh import Mesh
from breachflow.mesh.quality import mesh_quality
from breachflow.results import Column, Quantity, Result, ResultData, read_result, write_result
from breachflow.results.checkpoint.pair import checkpoint_paths
from breachflow.results.text import summary_rows
from breachflow.runs.progress import Progress, StopRequest, Watcher
from breachflow.runs.setup.cost.steady import HOW_SURE
from breachflow.runs.setup.meshes import RunPlan
from breachflow.templates.hole_lines import OrificeShape
from breachflow.templates.library.orifice import orifice_mesh

SUMMARY = {
    "mass_flow": Quantity(6.2e-4, "kg/s", "mass flow"),
    "mass_flow_uncertainty": Quantity(9e-7, "kg/s", "of the mass flow"),
    "throughput": Quantity(52.2, "Pa m3/s", "pressure times volume flow at 293.15 K"),
    "discharge_coefficient": Quantity(0.83, "1", "mass flow over the ideal one"),
    "discharge_coefficient_uncertainty": Quantity(0.0012, "1", "its uncertainty"),
    "thrust": Quantity(0.331, "N", "push on the vessel"),
    "thrust_coefficient": Quantity(1.04, "1", "thrust over pressure and area"),
    "ideal_mass_flow": Quantity(7.47e-4, "kg/s", "one-dimensional isentropic mass flow"),
    "expected_discharge_coefficient": Quantity(0.84, "1", "from theory"),
    "expected_discharge_coefficient_uncertainty": Quantity(0.01, "1", "of it"),
    "reynolds": Quantity(21700.0, "1", "Reynolds number"),
    "observed_order": Quantity(float("nan"), "1", "of the discharge coefficient"),
    "regime": Quantity("continuum", "", "flow regime"),
    "converged": Quantity(True, "", "whether the run met its criteria"),
    "cells": Quantity(4, "1", "cells"),
    "wall_time": Quantity(75.0, "s", "time of the run"),
}

STORY = [
    Progress(1, 2, 1000, 1, None, 1.0, 7.0e-4, 0.94, 0.1, None),
    Progress(1, 2, 1000, 9, None, 1e-3, 6.5e-4, 0.87, 0.9, 4.0, note="level 1 of 2 is done"),
    Progress(2, 2, 4000, 2, None, 1e-1, 6.3e-4, 0.84, 2.5, 3.0),
    Progress(2, 2, 4000, 5, None, 1e-4, 6.2e-4, 0.83, 3.0, 1.0),
]


def result_data(case: Case, **changes: Quantity) -> ResultData:
    return one_cell(
        case,
        summary=SUMMARY | changes,
        history={
            "cfl": Column(np.full(8, 2.0), "1", "longest pseudo-time step"),
            "level": Column(np.full(8, 3), "1", "mesh of the grid sequence"),
            "iteration": Column(np.arange(8), "1", "iteration"),
            "residual": Column(10.0 ** -np.arange(8.0), "1", "relative residual"),
        },
    )


class Solver:
    """Replaces `breachflow.runs.run`: reports progress, obeys a stop, writes a result."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.changes: dict[str, Quantity] = {}
        self.before_the_end: Callable[[], None] = lambda: None

    def run(
        self,
        case: Case,
        *,
        output: Path | None = None,
        threads: int | None = None,
        watch: Watcher | None = None,
        stop: StopRequest | None = None,
        command: str = "",
        fresh: bool = False,
        start: Path | None = None,
    ) -> Result:
        self.calls.append(
            {
                "case": case,
                "output": output,
                "threads": threads,
                "watch": watch,
                "command": command,
                "fresh": fresh,
                "start": start,
            }
        )
        for progress in STORY:
            if watch is not None:
                watch(progress)
            if stop is not None:
                stop()
        self.before_the_end()
        reason = stop() if stop is not None else None
        if reason is not None:
            self.changes["converged"] = Quantity(False, "", "stopped")
            self.changes["stopped"] = Quantity(reason, "", "why")
        path = output or case.result_path
        write_result(path, result_data(case, **self.changes))
        return read_result(path)


@pytest.fixture
def solver(monkeypatch: pytest.MonkeyPatch) -> Solver:
    double = Solver()
    module = ModuleType("breachflow.runs.run")
    module.run = double.run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "breachflow.runs.run", module)
    monkeypatch.setattr("breachflow.compiled.cache_is_cold", lambda: False)
    return double


def case_mesh(case: Case) -> Mesh:
    if case.mesh.mesh_file is not None:
        raise AssertionError("a mesh is made only after its name is checked")
    return orifice_mesh(OrificeShape(case.orifice.diameter, case.orifice.wall_thickness, across=8))


def plan(case: Case) -> RunPlan:
    mesh = case_mesh(case)
    return RunPlan(
        cells=[mesh.n_cells // 4, mesh.n_cells],
        memory_bytes=300_000_000,
        seconds=4.26 if case.run.mode == "steady" else 0.0,
        quality=mesh_quality(mesh),
        patches={name: len(faces) for name, faces in mesh.patches.items()},
        notes=["the wall is thin\nindeed"],
    )


@pytest.fixture
def planner(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("breachflow.runs.setup.meshes")
    module.plan, module.case_mesh = plan, case_mesh  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "breachflow.runs.setup.meshes", module)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Path:
    """The working directory, with the case that `init` writes."""
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    capfd.readouterr()
    return tmp_path


Invoke = Callable[..., tuple[int, str, str]]


@pytest.fixture
def invoke(folder: Path, capfd: pytest.CaptureFixture[str]) -> Invoke:
    """Exit code, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return call


CASE = "breach/case.toml"


# ---------------------------------------------------------------- the group


def test_help_lists_every_command_under_its_section(invoke: Invoke) -> None:
    code, out, err = invoke("--help")
    assert (code, err) == (0, "")
    assert out.split("  -h, --help  Show this message and exit.\n\n")[1] == LIST
    assert invoke() == (0, out, "")


@pytest.mark.parametrize("name", command_names())
def test_the_help_of_a_command_has_an_example_that_it_takes(name: str, invoke: Invoke) -> None:
    code, out, err = invoke(name, "--help")
    assert (code, err) == (0, "")
    examples = re.split(r"\nExamples?:\n", out)[1].split("\n\n")[0].splitlines()
    command = group.get_command(click.Context(group), name)
    assert command is not None
    for example in examples:
        program, called, *words = shlex.split(example.split(" > ")[0])
        assert (program, called) == ("breachflow", name)
        with suppress(click.exceptions.Exit):  # of an option that prints and ends
            command.make_context(name, words)  # raises UsageError where an option is wrong


def test_options_of_an_estimate_stand_below_what_they_are_about(invoke: Invoke) -> None:
    out = invoke("estimate", "--help")[1]
    headings = [line for line in out.splitlines() if line.endswith(":") and not line.startswith(" ")]
    about = [*HEADINGS, "Options"]
    assert sorted(headings) == sorted(f"{heading}:" for heading in ["Examples", *about])
    assert headings[-1] == "Options:"
    assert out.index("The hole:") < out.index("  --diameter QUANTITY") < out.index("The gas and both sides:")


@pytest.mark.parametrize("name", ["iss/soyuz_ms09", "soyuz_ms09", "cases/iss/soyuz_ms09/case.toml"])
def test_the_name_of_a_shipped_case_is_no_file_but_known(name: str, invoke: Invoke) -> None:
    told = "no such file; it names a shipped case: `breachflow init --from iss/soyuz_ms09` copies it"
    assert invoke("run", name) == (3, "", f"breachflow: error: {name}: {told}\n")


def test_a_folder_is_the_case_in_it(invoke: Invoke) -> None:
    invoke("init", "breach")
    assert invoke("check", "breach") == invoke("check", CASE)


LIST = """\
Prepare a case:
  check   Print the completed case, what to expect of it, its mesh and cost.
  init    Write a case to start from.
  mesh    Write the mesh of a case, to view it or for another program.
  schema  Print the JSON schema of case files.

Compute:
  cabin     Follow leaking compartments: pressure, oxygen, limits.
  detect    Tell how small a leak a pressure record can show.
  estimate  Estimate a leak from closed forms: mass flow, thrust, regime.
  infer     Tell a leak from a pressure record.
  liquid    Bound the leak of a liquid, such as coolant, into vacuum.
  locate    Tell where a leak is, and which hatch to shut next.
  repair    Tell whether a repair has worked, from a record or from two rates.
  reserve   Tell how long a leaking cabin has until a pressure limit.
  risk      Tell how probable it is that a hole leaves less than some time.
  run       Compute a case and write its result.
  sweep     Compute a case over lists and ranges of its values.

Look at results:
  compare  Compare two results of runs or of cabins, or two tables of sweeps.
  export   Write parts of a result as CSV and VTU files.
  report   Draw a sweep's table, a result, a record or a leak to be located.
  show     Print the summary of a result, or the table of a sweep.

Check the program:
  bench     Measure what runs cost on this machine; compare two measurements.
  validate  Run the shipped cases and compare their numbers with references.
"""


def test_version(invoke: Invoke) -> None:
    assert invoke("--version") == (0, f"breachflow {__version__}\n", "")


NAMED = [
    ("run", "'CASE'"),
    ("check", "'CASE'"),
    ("show", "'RESULT|TABLE'"),
    ("init", "'[NAME]'"),
    ("report", "'TABLE|RESULT|CASE'"),
    ("mesh", CASE, "-o", "'-o' / '--output'"),
]
"""Commands before a name, and what that is called."""

MISTAKES = [
    (("rum", "x"), 2, 'no command "rum"; did you mean "run"?; `breachflow --help` lists what is possible'),
    (("quux",), 2, f'no command "quux"; there are {", ".join(command_names())}; `breachflow --help` lists'),
    (("run",), 2, "Missing argument 'CASE'; `breachflow run --help` lists what is possible"),
    *(((*words, ""), 2, f"Invalid value for {of}: the name is empty; `") for *words, of in NAMED),
    (
        ("check", CASE, "--set", "title=\udcff"),
        3,
        f"{CASE}: --set title=\\udcff: is not valid text (UTF-8)",
    ),
    (("run", "no.toml"), 3, "no.toml: no such file; `breachflow init` writes a case to start from"),
    (("check", "."), 3, "case.toml: no such file; `breachflow init` writes a case to start from"),
    (("mesh", CASE, "-o", "a.stl"), 2, "a.stl: a mesh is written as .msh (Gmsh) or .vtu (VTK)"),
    (("run", CASE, "-o", "a.txt"), 2, "a.txt: the name of a result ends in .vtkhdf or .h5"),
    (
        ("run", CASE, "-o", "no/a.h5"),
        8,
        "no/a.h5: its folder does not exist; create it, or choose another place with -o",
    ),
    (("show", "no.vtkhdf"), 8, "no.vtkhdf: "),
    (("show", CASE), 8, "breach/case.toml: a case and no result: `breachflow check` says"),
    (("init",), 2, "breach/case.toml: exists already, and is left as it is; give another NAME"),
    (("init", CASE), 2, "breach/case.toml: exists already"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), MISTAKES)
def test_a_mistake_gives_one_line_and_its_exit_code(
    arguments: tuple[str, ...], code: int, message: str, invoke: Invoke, solver: Solver, planner: None
) -> None:
    found, out, err = invoke(*arguments)
    assert (found, out) == (code, "")
    assert err.startswith(f"breachflow: error: {message}")
    assert err.count("\n") == 1
    assert solver.calls == []


def test_a_misspelt_option_is_recognized(invoke: Invoke) -> None:
    code, _, err = invoke("run", CASE, "--outptu", "x.h5")
    assert code == 2
    assert "--output" in err


@pytest.mark.parametrize("error", [MeshError, NonPhysicalState, ResultError, OutputLocked])
def test_errors_of_a_run_keep_their_exit_code(
    error: type[MeshError | NonPhysicalState], invoke: Invoke, solver: Solver
) -> None:
    def fail() -> None:
        raise error("cell 7: what is wrong\nand what to do")

    solver.before_the_end = fail
    code, _, err = invoke("run", CASE, "--quiet")
    place = f"{CASE}: " if error is NonPhysicalState else ""  # the others name their file
    assert (code, err) == (
        error.exit_code,
        f"breachflow: error: {place}cell 7: what is wrong and what to do\n",
    )


def test_the_unexpected_is_70_with_the_traceback_in_a_file(
    invoke: Invoke, solver: Solver, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    solver.before_the_end = lambda: [][1]
    code, out, err = invoke("run", CASE, "--quiet")
    assert (code, out, err.count("\n")) == (70, "", 1)
    assert "a fault of breachflow itself, not of your input: IndexError: list index out of range" in err
    (log,) = folder.glob("breachflow-*.log")
    assert str(log) in err
    assert "breachflow run breach/case.toml --quiet\n\nTraceback (most recent call last)" in log.read_text()


def test_an_operating_system_error_is_8(invoke: Invoke, solver: Solver) -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device", "somewhere")

    solver.before_the_end = fail
    assert invoke("run", CASE, "--quiet") == (
        8,
        "",
        "breachflow: error: somewhere: No space left on device\n",
    )


def start(*arguments: str, stdout: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "breachflow", *arguments]
    return subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, text=True)


def test_a_reader_that_goes_away_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    with start("schema", stdout=write) as process:
        os.close(write)
        _, err = process.communicate()
    assert (process.returncode, err) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk_under_the_output_is_8() -> None:
    with Path("/dev/full").open("w") as full, start("schema", stdout=full) as process:
        _, err = process.communicate()
    assert (process.returncode, err) == (8, "breachflow: error: standard output: No space left on device\n")


# ---------------------------------------------------------------- run


def test_run_prints_header_progress_and_summary(invoke: Invoke, solver: Solver) -> None:
    code, out, err = invoke("run", CASE)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "breach",
        "  gas      air (gamma = 1.4, 28.9644 g/mol)",
        "  hole     round, diameter 2 mm, area 3.142 mm2",
        "  wall     1.6 mm (0.8 of the diameter), sharp edges",
        "  cabin    101.325 kPa, 293.15 K",
        "  outside  vacuum",
        "  mesh     template orifice, medium",
        "  run      steady, until the residual has fallen to 1e-06",
        "  result   breach/result.vtkhdf",
        "[0.9 s] level 1 of 2 is done",
        "[2.5 s, 3.0 s left] 2/2: 4000 cells, step 2, 6.3000e-04 kg/s, Cd 0.8400, residual 1.0e-01",
        "breach",
        *ANSWER,
        "  file                   breach/result.vtkhdf",
        "next",
        "  breachflow report breach/result.vtkhdf",
        "      pictures, and one page for a browser",
        "  breachflow init --from sweep/hole_size",
        "      a case over many sizes, to start a sweep from",
    ]


ANSWER = [
    "  status                 converged",
    "  leak rate              53.57 ± 0.08 kg/day (0.6200 ± 0.0009 g/s, 118.10 ± 0.17 lb/day,"
    " 52.20 ± 0.08 Pa m3/s at 293.15 K)",
    "  discharge coefficient  0.8300 ± 0.0012",
    "  thrust                 0.331 N",
    "  closed forms expect    0.840 ± 0.010: computed is 1.2 % lower, within both (from theory)",
    "  regime                 continuum: flow regime",
    "  inputs                 gas air (gamma = 1.4, 28.9644 g/mol); hole round, diameter 2 mm, area 3.142 mm2"
    "; wall 1.6 mm (0.8 of the diameter), sharp edges; cabin 101.325 kPa, 293.15 K; outside vacuum;"
    " mesh template orifice, medium",
]


def test_run_hands_on_what_it_was_given(invoke: Invoke, solver: Solver) -> None:
    arguments = ("run", CASE, "-o", "other.h5", "--set", "orifice.diameter=3 mm", "--threads", "2", "--quiet")
    code, out, _ = invoke(*arguments, "--fresh", "--start", "a.h5")
    (call,) = solver.calls
    assert code == 0
    assert (call["output"], call["threads"], call["watch"]) == (Path("other.h5"), 2, None)
    assert (call["fresh"], call["start"]) == (True, Path("a.h5"))
    assert call["case"].orifice.diameter == 0.003
    assert (
        call["command"]
        == "breachflow run breach/case.toml -o other.h5 --set 'orifice.diameter=3 mm' --threads 2 --quiet "
        "--fresh --start a.h5"
    )
    assert out.splitlines()[:2] == ["breach", "  status                 converged"]


def test_a_first_run_says_that_it_compiles(
    invoke: Invoke, solver: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("breachflow.compiled.cache_is_cold", lambda: True)
    _, out, _ = invoke("run", CASE)
    assert (
        "first run with this version: compiling the kernels once (about half a minute on two cores)"
        in out.splitlines()
    )


def test_json_is_one_object_with_the_names_of_the_summary(invoke: Invoke, solver: Solver) -> None:
    code, out, err = invoke("run", CASE, "--json")
    assert (code, err) == (0, "")
    expected = {name: quantity.value for name, quantity in SUMMARY.items()}
    found = json.loads(out)
    assert found.pop("inputs") == {
        "gas": "air",
        "shape": "round",
        "diameter": 0.002,
        "wall_thickness": 0.0016,
        "chamfer": 0.0,
        "rounding": 0.0,
        "cabin_pressure": 101325.0,
        "cabin_temperature": 293.15,
        "outside_pressure": 0.0,
        "mode": "steady",
    }
    units = found.pop("units")
    assert (units["mass_flow"], units["diameter"], units["discharge_coefficient"]) == ("kg/s", "m", "1")
    assert (found.pop("file"), found.pop("cautions")) == (str(Path("breach/result.vtkhdf").resolve()), [])
    assert found == {**expected, "observed_order": None}
    assert invoke("show", "breach/result.vtkhdf", "--json") == (0, out, "")


@pytest.mark.parametrize("option", [(), ("--json",), ("--quiet",)])
def test_not_converged_is_7_and_loud(invoke: Invoke, solver: Solver, option: tuple[str, ...]) -> None:
    solver.changes["converged"] = Quantity(False, "", "whether the run met its criteria")
    code, out, err = invoke("run", CASE, *option)
    assert code == 7
    assert err.startswith("breachflow: error: NOT CONVERGED: the result was written to ")
    assert ('"converged": false' if option == ("--json",) else "NOT CONVERGED") in out
    assert Path("breach/result.vtkhdf").exists()


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_stops_with_a_result_and_6(
    invoke: Invoke, solver: Solver, number: signal.Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    inherited = signal.signal(
        number, signal.default_int_handler
    )  # nohup has SIGHUP ignored, which a run respects
    before = [signal.getsignal(each) for each in SIGNALS]
    solver.before_the_end = lambda: os.kill(os.getpid(), number)
    assert main(["run", CASE, "--quiet"]) == 6
    err = capfd.readouterr().err
    assert "breachflow: stopping; once more aborts at once\n" in err
    assert (
        f"breachflow: error: stopped before it was done ({number.name}); the state it reached is in " in err
    )
    assert err.endswith("; no checkpoint could be written, so that the next run starts over\n")
    assert Path("breach/result.vtkhdf").exists()
    assert [signal.getsignal(each) for each in SIGNALS] == before
    signal.signal(number, inherited)


def test_a_stopped_run_says_how_it_goes_on(invoke: Invoke, solver: Solver) -> None:
    """By the same command, but for --fresh."""

    def keep() -> None:
        checkpoint_paths(Path("breach/result.vtkhdf"))[0].touch()
        Path("breach/STOP").touch()

    solver.before_the_end = keep
    code, _, err = invoke("run", CASE, "--fresh", "--set", "orifice.diameter=3 mm", "--quiet")
    assert code == 6
    assert err.endswith(
        "; to go on from there: breachflow run breach/case.toml --set 'orifice.diameter=3 mm' --quiet\n"
    )


def test_a_message_holds_nothing_that_a_terminal_obeys(invoke: Invoke, tmp_path: Path) -> None:
    """Names in files may; and long ones are cut."""
    path = tmp_path / "mesh.toml"
    path.write_text("gas = 1\n")
    code, _, err = invoke("run", str(path), "--set", f"\x1b[31m{'x' * 2000}=1")
    assert code == 3
    assert "\x1b" not in err
    assert len(err) < 4000


@pytest.mark.parametrize("numbers", [(signal.SIGINT, signal.SIGINT), (signal.SIGTERM, signal.SIGINT)])
def test_a_second_signal_aborts_at_once(
    invoke: Invoke, solver: Solver, numbers: tuple[signal.Signals, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> None:
        for number in numbers:
            os.kill(os.getpid(), number)

    solver.before_the_end = interrupt
    assert main(["run", CASE, "--quiet"]) == 6
    assert capfd.readouterr().err.endswith("breachflow: error: aborted; nothing more was written\n")
    assert not Path("breach/result.vtkhdf").exists()


def test_a_stop_file_stops_the_run_and_refuses_the_next(invoke: Invoke, solver: Solver) -> None:
    solver.before_the_end = Path("breach/STOP").touch
    code, _, err = invoke("run", CASE, "--quiet")
    assert code == 6
    assert err.startswith("breachflow: error: stopped before it was done (the file STOP is there); the state")
    code, out, err = invoke("run", CASE)
    assert (code, out) == (6, "")
    assert err.endswith("breach/STOP: this file stops every run in its folder; remove it to run\n")


def test_a_run_that_converged_before_it_could_stop_is_done(invoke: Invoke, solver: Solver) -> None:
    class Deaf(Solver):
        def run(self, case: Case, **options: Any) -> Result:
            options["stop"]()  # before the signal, and not again
            return super().run(case, **{**options, "stop": None})

    deaf = Deaf()
    deaf.before_the_end = lambda: os.kill(os.getpid(), signal.SIGINT)
    sys.modules["breachflow.runs.run"].run = deaf.run  # type: ignore[attr-defined]
    assert invoke("run", CASE, "--quiet")[0] == 0


def test_stop_requests_keep_their_first_reason(tmp_path: Path) -> None:
    stop = StopRequests(tmp_path / "STOP")
    assert stop() is None
    (tmp_path / "STOP").touch()
    assert stop() == "the file STOP is there"
    (tmp_path / "STOP").unlink()
    assert stop() == "the file STOP is there"
    (tmp_path / "STOP").touch()
    with pytest.raises(Stopped, match="remove it to run"), stop:
        pass


# ---------------------------------------------------------------- progress and tables


def test_plain_lines_are_two_seconds_apart(capfd: pytest.CaptureFixture[str]) -> None:
    lines = PlainLines()
    for tenth in range(100):
        progress = replace(STORY[0], iteration=tenth, elapsed=0.1 * tenth, time=1e-5)
        show_run(lines, progress, "kg/s per m")
    printed = capfd.readouterr().out.splitlines()
    assert [line.split("step ")[1].split(",")[0] for line in printed] == ["20", "40", "60", "80"]
    assert printed[0] == ("[2.0 s] 1/2: 1000 cells, step 20, t = 10 us, 7.0000e-04 kg/s per m, Cd 0.9400")


def test_the_live_line_keeps_notes_above_it() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)
    with Live(console=console, auto_refresh=False, transient=True) as live:
        lines = LiveLine(live)
        for progress in STORY:
            show_run(lines, progress, "kg/s")
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "[0.9 s] level 1 of 2 is done" in text
    assert "[3.0 s, 1.0 s left] 2/2: 4000 cells, step 5, 6.2000e-04 kg/s, Cd 0.8300, residual 1.0e-04" in text


def test_a_validation_on_a_terminal_says_which_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)

    @contextmanager
    def lines() -> Iterator[LiveLine]:
        with Live(console=console, auto_refresh=False, transient=True) as live:
            yield LiveLine(live)

    monkeypatch.setattr(progress_text, "progress_lines", lines)
    with progress_text.validation_watcher(29) as begin:
        watch = begin(3, SimpleNamespace(name="orifice/slit"))
        watch(STORY[2])
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "[0.0 s] 3/29 orifice/slit\r" in text
    assert "[0.0 s] 3/29 orifice/slit: 4000 cells, step 2" in text


def test_a_validation_in_a_log_is_a_line_for_each_run(capfd: pytest.CaptureFixture[str]) -> None:
    with progress_text.validation_watcher(29) as begin:
        assert begin(3, SimpleNamespace(name="orifice/slit")) is None
    assert capfd.readouterr().out == "[0.0 s] 3/29 orifice/slit\n"


def test_worked_examples_of_progress() -> None:
    outcome = doctest.testmod(progress_text)
    assert (outcome.attempted, outcome.failed) == (2, 0)


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), ResultError("standard output: full")])
def test_a_run_survives_a_terminal_that_is_gone(error: Exception) -> None:
    told = []

    def fail(progress: Progress) -> None:
        told.append(progress)
        raise error

    tolerant(fail)(STORY[0])
    assert told == STORY[:1]


def test_a_terminal_gets_a_table(invoke: Invoke, solver: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("breachflow.cli.printing.lines.is_terminal", lambda: True)
    solver.changes["note"] = Quantity("[red]\x1b[31m", "", "hostile")
    _, out, _ = invoke("run", CASE, "--quiet")
    assert "  leak rate               53.57 ± 0.08 kg/day (0.6200 ± 0.0009 g/s" in out
    assert "[red]?[31m" in out
    assert "\x1b" not in out


def test_flow_of_a_slit_without_length_is_per_meter() -> None:
    cd = Quantity(0.8, "1", "")
    rows = summary_rows({"mass_flow": Quantity(1e-3, "kg/s per m", ""), "discharge_coefficient": cd})
    assert rows[0] == ("leak rate", "86.4 kg/day per m (1.00 g/s per m, 190 lb/day per m)")


HEADERS = [
    ({"orifice.wall_thickness": "0 mm"}, "wall", "knife edge"),
    (
        {"orifice.chamfer": "0.5 mm"},
        "wall",
        "1.6 mm (0.8 of the diameter), upstream edge chamfered by 500 um",
    ),
    ({"orifice.rounding": "1 mm"}, "wall", "1.6 mm (0.8 of the diameter), upstream edge rounded by 1 mm"),
    (
        {"boundary.space": '{ kind = "outlet", pressure = "20 kPa" }'},
        "outside",
        "20 kPa (0.1974 of the cabin's)",
    ),
    ({"mesh.resolution": "{ across = 40 }"}, "mesh", "template orifice, 40 cells across"),
    (
        {"orifice": '{ shape = "slit", width = "1 mm" }'},
        "hole",
        "slit, width 1 mm; flows are per meter of its length",
    ),
    (
        {"orifice": '{ shape = "slit", width = "1 mm", length = "30 mm" }'},
        "hole",
        "slit, width 1 mm, length 30 mm, area 30 mm2",
    ),
    (
        {"run": '{ mode = "transient", end_time = "2 ms" }'},
        "run",
        "transient, 2 ms",
    ),
]


def test_the_wall_of_a_mesh_file_is_not_called_a_knife_edge_unasked() -> None:
    """The default of wall_thickness says nothing about the wall of a mesh."""
    text = (
        'gas = "air"\norifice = { shape = "round", diameter = "2 mm" }\n'
        'mesh = { file = "plate.msh", geometry = "axisymmetric" }\n[boundary]\n'
        'cabin = { kind = "reservoir", pressure = "1 atm", temperature = "300 K" }\n'
    )
    case = parse_case(text)
    assert dict(case_rows(case, case.result_path))["wall"].startswith("as in the mesh")


@pytest.mark.parametrize(("changes", "label", "text"), HEADERS)
def test_header(changes: dict[str, str], label: str, text: str, folder: Path) -> None:
    case = load_case(CASE, [f"{key}={value}" for key, value in changes.items()])
    assert dict(case_rows(case, case.result_path))[label] == text


# ---------------------------------------------------------------- the other commands


def test_init_writes_a_case_that_reads(invoke: Invoke) -> None:
    code, out, err = invoke("init", "deep/my leak")
    assert (code, err) == (0, "")
    assert out.splitlines()[1:] == [
        "  breachflow check 'deep/my leak/case.toml'",
        "  breachflow run 'deep/my leak/case.toml'",
    ]
    case = load_case("deep/my leak/case.toml")
    assert (case.title, case.orifice.diameter) == ("my leak", 0.002)
    line, name = Path("deep/my leak/case.toml").read_text().splitlines()[0].split(" ./")
    assert line == "#:schema"
    assert json.loads(Path("deep/my leak", name).read_text()) == json_schema()


def test_init_never_overwrites(invoke: Invoke) -> None:
    Path(CASE).write_text("mine")
    assert invoke("init")[0] == 2
    assert Path(CASE).read_text() == "mine"


@pytest.mark.parametrize("name", ["x" * 250, os.fsdecode(b"bad\xff"), 'quote"\\', "."])
def test_init_takes_any_name(name: str, invoke: Invoke) -> None:
    assert invoke("init", name)[0] == 0
    assert len(load_case(Path(name) / "case.toml").title) > 0


def test_check_prints_a_case_again(invoke: Invoke, planner: None) -> None:
    code, out, err = invoke("check", CASE, "--set", "mesh.resolution=coarse")
    assert (code, err) == (0, "")
    again = parse_case(out, path=Path(CASE).resolve())
    assert again.completed_text == load_case(CASE, ["mesh.resolution=coarse"]).completed_text
    comments = [line for line in out.splitlines() if line.startswith("#")]
    cells = plan(again).cells
    assert comments[8] == f"# cells of each level: {cells[0]}, {cells[1]}"
    assert comments[10].startswith("# smallest cell: ")
    faces = plan(again).patches
    assert comments[-4:] == [
        f"# patches: {', '.join(f'{name} ({count} faces)' for name, count in faces.items())}",
        "# memory: about 300 MB",
        f"# time: about 4.3 s, {HOW_SURE}; the first run compiles too: half a minute",
        "# the wall is thin\\nindeed",
    ]


def expectations(out: str) -> list[str]:
    """The lines of `check` before those of the mesh."""
    lines = out[out.index("# area") : out.index("# cells")].splitlines()
    return [line.removeprefix("# ") for line in lines]


def test_check_says_what_to_expect(invoke: Invoke, planner: None) -> None:
    coarse = ("--set", "mesh.resolution=coarse")
    lines = expectations(invoke("check", CASE, *coarse)[1])
    assert lines[0] == "area of the hole: 3.142 mm2"
    assert lines[1].startswith("expected flow: 54.1 ± 1.6 kg/day = 119 ± 3 lb/day = 0.626 ± 0.018 g/s")
    assert lines[2].startswith("expected discharge coefficient: 0.83 ± 0.02 (best estimate: ")
    assert lines[3:] == [
        "ideal nozzle: 64.92 kg/day; no hole of this area passes more",
        "Reynolds number 25400, Knudsen number 4.87e-05, rarefaction delta 13600",
        "model: laminar. Friction and heat conduction, slip walls at 293.15 K",
        "regime: continuum. A dense gas; friction acts in layers that fill about 0.63 % of the hole "
        "(Re 2.54e+04)",
        "caution: Reynolds number 2.54e+04 in a bore 0.8 diameters long: the real flow may be turbulent. "
        "Sharp round bores of 1 to 7 diameters pass 0.839 ± 2 % into a vacuum, where laminar flow "
        "passes 0.820",
    ]
    expected = json.loads(invoke("check", CASE, "--json", *coarse)[1])["expected"]
    known = breachflow.estimate(
        diameter="2 mm", wall_thickness="1.6 mm", pressure="101.325 kPa", temperature="293.15 K"
    )
    for name in ("mass_flow", "mass_flow_uncertainty", "discharge_coefficient"):
        assert expected[f"expected_{name}"] == pytest.approx(getattr(known, name), rel=1e-12)
    for name in ("reynolds", "knudsen", "ideal_mass_flow"):
        assert expected[name] == pytest.approx(getattr(known, name), rel=1e-12)


@pytest.mark.parametrize(
    ("change", "line", "text"),
    [
        ("orifice.chamfer=0.5 mm", 1, "expected flow: not known: no closed form holds for this case"),
        ("flow.model=inviscid", -1, "caution: wall thickness 0.8 diameters: the numerical flux"),
        ("gas={ gamma = 1.4, molar_mass = '29 g/mol' }", 4, "Reynolds number not known, Knudsen"),
        ("boundary.space={ kind = 'outlet', pressure = '60 kPa' }", -1, "caution: Reynolds number 2.29e+04 "),
    ],
)  # fmt: skip
def test_check_says_where_the_model_is_in_doubt(
    change: str, line: int, text: str, invoke: Invoke, planner: None
) -> None:
    out = invoke("check", CASE, "--set", "mesh.resolution=coarse", "--set", change)[1]
    assert expectations(out)[line].startswith(text)


def test_check_does_not_guess_the_time_of_a_transient_run(invoke: Invoke, planner: None) -> None:
    table = 'run={ mode = "transient", end_time = "2 ms" }'
    assert "# time" not in invoke("check", CASE, "--set", table)[1]
    assert json.loads(invoke("check", CASE, "--json", "--set", table)[1])["seconds"] is None


def test_check_json(invoke: Invoke, planner: None) -> None:
    code, out, err = invoke("check", CASE, "--json", "--set", "mesh.resolution=coarse")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert set(found) == {
        "case", "expected", "cells", "memory_bytes", "seconds", "patches", "quality", "notes",
    }  # fmt: skip
    assert found["quality"]["cells"] == found["cells"][-1]
    assert set(found["quality"]["smallest_angle"]) == {"value", "number", "place"}
    assert set(found["patches"]) == {"cabin", "space", "wall", "axis"}


@pytest.mark.parametrize("suffix", [".msh", ".vtu"])
def test_mesh_is_written_where_it_is_wanted(suffix: str, invoke: Invoke, planner: None) -> None:
    code, out, err = invoke("mesh", CASE, "-o", f"hole{suffix}", "--set", "mesh.resolution=coarse")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == f"wrote hole{suffix}"
    assert lines[2].startswith("  smallest cell: ")
    assert Path(f"hole{suffix}").stat().st_size > 10_000


def test_mesh_goes_beside_the_case(invoke: Invoke, planner: None) -> None:
    code, out, _ = invoke("mesh", CASE, "--set", "mesh.resolution=coarse")
    assert (code, out.splitlines()[0]) == (0, "wrote breach/mesh.vtu")


def test_mesh_does_not_replace_its_own_source(invoke: Invoke, planner: None) -> None:
    invoke("mesh", CASE, "-o", "breach/own.msh", "--set", "mesh.resolution=coarse")
    before = Path("breach/own.msh").read_bytes()
    table = 'mesh={ file = "own.msh", geometry = "axisymmetric" }'
    code, _, err = invoke("mesh", CASE, "-o", "breach/own.msh", "--set", table)
    assert code == 2
    assert "breach/own.msh: is the mesh file that the case reads; choose another name with -o" in err
    assert Path("breach/own.msh").read_bytes() == before


def test_mesh_does_not_replace_a_file_of_others(invoke: Invoke, planner: None) -> None:
    Path("notes.msh").write_text("mine", encoding="utf-8")
    code, _, err = invoke("mesh", CASE, "-o", "notes.msh")
    assert (code, Path("notes.msh").read_text(encoding="utf-8")) == (8, "mine")
    assert "notes.msh: is no mesh that breachflow wrote and is not replaced; remove it, or choose" in err


def test_show_prints_summary_and_end_of_history(invoke: Invoke, solver: Solver) -> None:
    _, of_run, _ = invoke("run", CASE, "--quiet")
    shutil.move("breach/result.vtkhdf", "moved.vtkhdf")
    code, out, err = invoke("show", "moved.vtkhdf")
    assert (code, err) == (0, "")
    assert out.splitlines()[: len(ANSWER) + 1] == of_run.splitlines()[:-1]
    assert out.splitlines()[len(ANSWER) + 1] == "  file                   moved.vtkhdf"


def test_all_prints_what_is_behind_the_answer(invoke: Invoke, solver: Solver) -> None:
    code, out, err = invoke("run", CASE, "--quiet", "--all")
    assert (code, err) == (0, "")
    lines = out.splitlines()[len(ANSWER) + 1 :]
    assert lines == [
        "  ideal mass flow             0.000747 kg/s (one-dimensional isentropic mass flow)",
        "  thrust coefficient          1.04",
        "  Reynolds number             21700",
        "  observed order of accuracy  not estimated",
        "  cells                       4",
        "  computing time              1 min 15 s",
        "  file                        breach/result.vtkhdf",
        "end of the history",
        "  iteration  level  cfl  residual",
        "          3      3    2     0.001",
        "          4      3    2    0.0001",
        "          5      3    2     1e-05",
        "          6      3    2     1e-06",
        "          7      3    2     1e-07",
    ]


def test_schema_is_json_and_knows_the_tables(invoke: Invoke) -> None:
    code, out, err = invoke("schema")
    assert (code, err) == (0, "")
    assert {"orifice", "boundary", "mesh", "run"} <= set(json.loads(out)["properties"])
