"""The page of promises: it is what its tool writes, and every promise is held by tests that are collected."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import reliability
from reliability import Promise, figure, measured

ROOT = Path(__file__).parents[2]
PROMISES = reliability.promises()
RECORDS = reliability.records()


@cache
def functions(file: str) -> set[str]:
    """The functions of a file of tests."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_page_is_what_its_tool_writes() -> None:
    assert reliability.PAGE.read_text(encoding="utf-8") == reliability.page()


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
def test_a_promise_is_held_by_tests_and_measured(promise: Promise) -> None:
    for test in promise.tests:
        file, name = test.split("::")
        assert Path(file).name.startswith("test_")
        assert name in functions(file), test
    text = figure(promise, measured(promise, RECORDS))
    assert text != "not measured", f"python tools/reliability.py {promise.name}"
    assert "broken" not in text


def test_names_are_told_apart() -> None:
    names = [promise.name for promise in PROMISES]
    assert len(set(names)) == len(names)
    assert set(RECORDS) == {test for promise in PROMISES for test in promise.tests}


@pytest.mark.slow
def test_the_tests_of_promises_are_collected() -> None:
    tests = sorted({test for promise in PROMISES for test in promise.tests})
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--collect-only",
        "-n0",
        "-m",
        "slow or not slow",
        *tests,
    ]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    assert set(tests) == {line.partition("[")[0] for line in output.splitlines() if "::" in line}


def record(**changes: object) -> dict[str, object]:
    of_one = {"date": "2026-01-01", "version": "1", "passed": 1, "failed": 0, "skipped": 0}
    return {**of_one, "seconds": 1.0, "counts": {"kills": 1200}, "most": {"delay": 0.25}, **changes}


def test_figures_add_up_and_say_what_is_broken() -> None:
    promise = Promise("x", "g", "It holds.", ["a.py::a", "a.py::b"], "{kills} kills, {delay} s at most")
    both = {"a.py::a": record(), "a.py::b": record(most={"delay": 0.5}, date="2026-01-02")}
    found = measured(promise, both)
    assert figure(promise, found) == "2 400 kills, 0.5 s at most"
    assert found.dates == ["2026-01-01", "2026-01-02"]
    skipping = {**both, "a.py::b": record(skipped=1)}
    assert figure(promise, measured(promise, skipping)).endswith("(1 tests could not be made here)")
    failing = {**both, "a.py::b": record(passed=0, failed=1)}
    assert figure(promise, measured(promise, failing)) == "**broken**: 1 of 2 tests fail"
    assert figure(promise, measured(promise, {"a.py::a": record()})) == "not measured"


CAMPAIGN = """
import pytest
from tally import tally, tally_most

@pytest.mark.parametrize("number", [1, 2, 3])
def test_one(number):
    tally(tried=number)
    tally_most(largest=number)
    assert number < 3

def test_two():
    tally(tried=100)
"""


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_counts_of_a_run_replace_earlier_ones(tmp_path: Path, workers: str) -> None:
    """In a session of its own, whose only promise names the first test."""
    for name in ("conftest.py", "tally.py", "example_counts.py"):
        (tmp_path / name).write_bytes((ROOT / "tests" / name).read_bytes())
    (tmp_path / "reliability").mkdir()
    (tmp_path / "reliability" / "promises.toml").write_text(
        '[[promise]]\ntests = ["test_own.py::test_one"]\n'
    )
    (tmp_path / "test_own.py").write_text(CAMPAIGN)
    known = {"test_own.py::test_one": record(), "test_own.py::test_gone": record()}
    (tmp_path / "tally.json").write_text(json.dumps(known))
    command = [sys.executable, "-m", "pytest", "-q", workers, "--tally=tally.json", "test_own.py"]
    environment = {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT / "solver")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout
    (written,) = json.loads((tmp_path / "tally.json").read_text()).items()
    assert written[0] == "test_own.py::test_one"
    assert (written[1]["passed"], written[1]["failed"], written[1]["skipped"]) == (2, 1, 0)
    assert (written[1]["counts"], written[1]["most"]) == ({"tried": 6}, {"largest": 3.0})
