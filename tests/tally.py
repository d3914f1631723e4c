"""Counts of what campaigns try: the figures of `docs/reliability.md`.

A test counts while it runs, and asserts as any other test:

    from tally import tally, tally_most

    def test_kills(...):
        for instant in instants:
            kill_at(instant)
            tally(kills=1, lost=is_lost())
        tally_most(longest_stop=seconds)

`tally` adds to counts of this test, `tally_most` keeps the largest of values. Properties of Hypothesis
count in the same way. Without the option `--tally FILE` nothing is written. With it, the outcomes and the
counts of those tests that a promise names (`tests/reliability/promises.toml`) replace those of an earlier
run in FILE; the examples of a parametrized test are added up. `python tools/reliability.py NAME` measures
the promise NAME, and writes the page.
"""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from breachflow.version import __version__

PROMISES: Final = Path(__file__).with_name("reliability") / "promises.toml"

COUNTS: Final = "counts"
MOST: Final = "most"

_now: Final[dict[str, dict[str, float]]] = {COUNTS: {}, MOST: {}}
"""Counts and largest values of the test that runs."""


def tally(**counts: int) -> None:
    """Add to counts of the test that runs, by name."""
    for name, count in counts.items():
        _now[COUNTS][name] = _now[COUNTS].get(name, 0) + int(count)


def tally_most(**values: float) -> None:
    """Keep the largest value of each name in the test that runs."""
    for name, value in values.items():
        _now[MOST][name] = max(_now[MOST].get(name, value), float(value))


def promised_tests() -> set[str]:
    """The tests that promises name, as pytest names them, without parameters."""
    promises = tomllib.loads(PROMISES.read_text(encoding="utf-8"))["promise"]
    return {test for promise in promises for test in promise["tests"]}


class TallyPlugin:
    """Collects the counts of all workers, and writes them at the end of the session."""

    def __init__(self, path: Path, is_worker: bool) -> None:
        self._path, self._is_worker = path, is_worker
        self._promised = promised_tests()
        self._records: dict[str, dict[str, Any]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Attach the counts of a test to its report, with which they travel from a worker."""
        for numbers in _now.values():
            numbers.clear()
        try:
            return (yield)
        finally:
            item.user_properties.append(("tally", {kind: dict(numbers) for kind, numbers in _now.items()}))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = report.nodeid.partition("[")[0]
        if test not in self._promised or (report.when != "call" and report.passed):
            return
        record = self._records.setdefault(test, _empty())
        record[report.outcome] += 1
        record["seconds"] = round(record["seconds"] + report.duration, 1)
        counted = dict(report.user_properties).get("tally", {})
        _add(record, counted if isinstance(counted, dict) else {})

    def pytest_sessionfinish(self) -> None:
        if self._is_worker:
            return
        known = json.loads(self._path.read_text()) if self._path.exists() else {}
        known = {test: record for test, record in known.items() if test in self._promised} | self._records
        self._path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")


def _empty() -> dict[str, Any]:
    """The record of a test that has not run."""
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "version": __version__,
        "passed": 0,
        "failed": 0,
        "skipped": 0,
        "seconds": 0.0,
        COUNTS: {},
        MOST: {},
    }


def _add(record: dict[str, Any], counted: Mapping[str, Mapping[str, float]]) -> None:
    for name, count in counted.get(COUNTS, {}).items():
        record[COUNTS][name] = record[COUNTS].get(name, 0) + count
    for name, value in counted.get(MOST, {}).items():
        record[MOST][name] = max(record[MOST].get(name, value), value)
