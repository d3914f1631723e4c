"""The command `bench`: output, files and exit codes. The measurements are made up."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest

from breachflow.bench.machine import machine, versions
from breachflow.bench.options import CELLS, RESOLUTIONS, SECONDS, BenchOptions
from breachflow.bench.records import Measurement, read_benchmark
from breachflow.cli.main import main
from breachflow.compiled import set_threads
from breachflow.version import source_digest

Invoke = Callable[..., tuple[int, str, str]]

LIMIT = Measurement("limits", "memory", {"threads": 1}, "B/s", 2.5e10, 2e10, True)
START = Measurement("start-up", "help", {}, "s", 0.125, 0.25, False)
STAGE = Measurement("throughput", "stage", {"elements": "triangles", "cells": 50}, "1/s", 4e6, 3e6, True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[BenchOptions, Collection[str]]]:
    """Options and sections that a command asked to measure; nothing is measured."""
    calls: list[tuple[BenchOptions, Collection[str]]] = []

    def measure(options: BenchOptions, only: Collection[str]) -> Iterator[list[Measurement]]:
        calls.append((options, only))
        options.tell("limits: all")
        yield [LIMIT]
        yield [STAGE, START]

    monkeypatch.setattr("breachflow.bench.sections.measure", measure)
    monkeypatch.setattr("breachflow.cli.commands.bench.duration", lambda _: "1 s")
    return calls


@pytest.fixture
def invoke(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    asked: list[tuple[BenchOptions, Collection[str]]],
) -> Invoke:
    """Runs the command in an empty folder; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(("bench", *arguments))
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return call


def test_each_section_is_printed_when_it_is_done(invoke: Invoke) -> None:
    code, out, err = invoke()
    assert (code, err) == (0, "[1 s] limits: all\n")
    assert out.splitlines() == [
        "machine limits",
        "  threads  memory GB/s  cache GB/s  multiply-add Gflop/s  divide G/s  square root G/s",
        "        1           25           -                     -           -                -",
        "",
        "throughput, million cells/s (a stage is all sweeps: million cells x stages/s)",
        "  elements   cells  states  gradients  fluxes  balances  stage",
        "  triangles     50       -          -       -         -      4",
        "",
        "start-up, s",
        "  --help  check  run, beside the solution  first run, more than that",
        "   0.125      -                         -                          -",
        "",
    ]


def test_the_file_has_everything(invoke: Invoke) -> None:
    code, out, _ = invoke("--json", "now.json", "--seconds", "0.5")
    assert (code, out.splitlines()[-1]) == (0, "wrote now.json")
    found = read_benchmark(Path("now.json"))
    assert found.records == [LIMIT, STAGE, START]
    assert (found.machine, found.versions) == (machine(), versions())
    assert found.source_digest == source_digest()
    assert found.options["seconds"] == 0.5


def test_options_reach_the_measurements(
    invoke: Invoke, asked: list[tuple[BenchOptions, Collection[str]]]
) -> None:
    invoke()
    invoke(
        *("--only", "steady", "--only", "limits", "--cells", "500", "--resolution", "coarse"),
        *("--resolution", "32", "--threads", "1", "--seconds", "0"),
    )
    (first, everything), (second, only) = asked
    assert (first.cells, first.resolutions, first.seconds) == (CELLS, RESOLUTIONS, SECONDS)
    assert first.threads == tuple(sorted({1, set_threads(None)}))
    assert everything == ()
    assert only == ("steady", "limits")
    assert second.as_json() == {
        "threads": [1], "cells": [500], "resolutions": ["coarse", "32"], "seconds": 0.0
    }  # fmt: skip


def test_ctrl_c_leaves_no_file(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(options: BenchOptions, only: Collection[str]) -> Iterator[list[Measurement]]:
        yield [START]
        raise KeyboardInterrupt

    monkeypatch.setattr("breachflow.bench.sections.measure", measure)
    code, out, err = invoke("--json", "now.json")
    assert code == 6
    assert out.startswith("start-up, s\n")
    assert err == "\nbreachflow: error: aborted; nothing more was written\n"
    assert not Path("now.json").exists()


def slower(record: dict[str, object], factor: float) -> dict[str, object]:
    return record | {"value": record["value"] * factor}  # type: ignore[operator]


def change(source: str, target: str, **factors: float) -> None:
    """Copy a file of measurements, with the values of the named records multiplied by a factor."""
    content = json.loads(Path(source).read_text())
    content["records"] = [slower(one, factors.get(one["name"], 1.0)) for one in content["records"]]
    Path(target).write_text(json.dumps(content | {"date": "later"}))


def test_the_same_is_not_worse(invoke: Invoke) -> None:
    invoke("--json", "old.json")
    change("old.json", "new.json", help=1.1)
    code, out, err = invoke("--compare", "old.json", "new.json")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "2 measurements, none more than 1.2 times worse"


def test_what_is_worse_is_marked_and_named(invoke: Invoke) -> None:
    invoke("--json", "old.json")
    change("old.json", "new.json", help=2.0, stage=2.0)
    code, out, err = invoke("--compare", "old.json", "new.json")
    assert code == 11
    digest, date = source_digest(), json.loads(Path("old.json").read_text())["date"]
    assert out.splitlines() == [
        f"{date}, sources {digest}, and later, sources {digest}",
        "  measurement                                     first   second  unit  times better",
        "  limits memory threads=1                       2.5e+10  2.5e+10  B/s           1.00  machine",
        "  throughput stage elements=triangles cells=50  4000000  8000000  1/s           2.00  better",
        "  start-up help                                   0.125     0.25  s             0.50  WORSE",
        "",
    ]
    assert err == "breachflow: error: 1 of 2 measurements are more than 1.2 times worse: start-up help\n"


def test_the_tolerance_is_a_choice(invoke: Invoke) -> None:
    invoke("--json", "old.json")
    change("old.json", "new.json", help=2.0)
    assert invoke("--compare", "old.json", "new.json", "--tolerance", "2.1")[0] == 0
    assert invoke("--compare", "old.json", "new.json", "--tolerance", "1.9")[0] == 11


def test_notes_come_before_the_verdict(invoke: Invoke) -> None:
    invoke("--json", "old.json")
    change("old.json", "new.json", memory=0.5)
    code, out, _ = invoke("--compare", "old.json", "new.json")
    assert code == 0
    assert out.splitlines()[-2] == (
        "note: the limits of the same machine are 0.50 to 0.50 times what they were: "
        "something else was running; measure again when it is quiet"
    )


MISTAKES = [
    (("--only", "limit"), 2, "Invalid value for '--only': 'limit' is not one of 'limits', "),
    (("--cells", "3"), 2, "Invalid value for '--cells': 3 is not in the range x>=4"),
    (("--resolution", "7"), 3, "case:4: mesh.resolution.across = 7: is out of range; allowed: at least 8"),
    (("--resolution", "fin"), 3, 'case:4: mesh.resolution = "fin": '),
    (("--json", "."), 8, ".: is a folder; give a file name"),
    (("--json", "no/a.json"), 8, "no/a.json: its folder does not exist; create it"),
    (("--tolerance", "2"), 2, "--tolerance: is for --compare"),
    (("--compare", "a.json"), 2, "Option '--compare' requires 2 arguments"),
    (("--compare", "a.json", "b.json"), 8, "a.json: no such file; `breachflow bench --json FILE` writes one"),
    (
        ("--compare", "a.json", "b.json", "--only", "limits"),
        2,
        "--compare measures nothing: give it alone, or with --tolerance",
    ),
    (("--compare", "a", "b", "--tolerance", "0.9"), 2, "Invalid value for '--tolerance': 0.9 is not in "),
]


@pytest.mark.parametrize(("arguments", "code", "message"), MISTAKES, ids=[m for _, _, m in MISTAKES])
def test_mistakes_are_found_before_anything_is_measured(
    arguments: tuple[str, ...],
    code: int,
    message: str,
    invoke: Invoke,
    asked: list[tuple[BenchOptions, Collection[str]]],
) -> None:
    found, out, err = invoke(*arguments)
    assert (found, out, asked) == (code, "", [])
    assert err.startswith(f"breachflow: error: {message}")
    assert err.count("\n") == 1
