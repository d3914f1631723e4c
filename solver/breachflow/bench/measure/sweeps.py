"""What a sweep of twenty points costs, beside single runs on the same cores, and what its record cost.

Twenty points as one `breachflow sweep`, on a worker a core, over six of them, evenly spread, as processes
`breachflow run`, each on all cores, one after the other: all of it with start-up, none with compilation. How
busy a hundred points keep two workers is the processor time of all processes over twice the time that the
sweep takes, start-up included. The books of a point are measured with a worker that has its answer ready.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from breachflow.bench.holes import case_file, thick_hole
from breachflow.bench.options import BenchOptions
from breachflow.bench.process import Finished, breachflow_process
from breachflow.bench.records import Measurement, Parameters
from breachflow.bench.timing import repeated, spread
from breachflow.case import load_case
from breachflow.errors import NotConverged
from breachflow.sweeps.driver import LEDGER, SweepRun
from breachflow.sweeps.ledger import Ledger
from breachflow.sweeps.plan import make_plan
from breachflow.sweeps.progress import SweepProgress
from breachflow.sweeps.record import SweepRecord
from breachflow.sweeps.result import finish
from breachflow.sweeps.workers.local import WorkerOutcome
from breachflow.sweeps.workers.task import Task, TaskResult, solve

SECTION: Final = "sweep"

POINTS, RUNS = 20, 6

BUSY_POINTS, BUSY_WORKERS = 100, 2

ANSWERED: Final = (0, NotConverged.exit_code)
"""Exit codes of commands that did all there was to do: a point that does not settle takes its time too."""

LINES: Final = {
    "thickness ratio": ("orifice.wall_thickness", 0.0, 4.0, "mm"),
    "pressure ratio": ("boundary.space.pressure", 0.0, 95.0, "kPa"),
}
"""What is swept, with its ends: t/d from 0 to 2 into vacuum, and pressure ratios up to 0.95 at t/d = 0.5."""


def measure(options: BenchOptions, _: Sequence[Measurement] = ()) -> Iterator[Measurement]:
    """Both lines of points, how busy workers are, and the record."""
    resolution = options.resolutions[min(1, len(options.resolutions) - 1)]
    for line in LINES:
        yield from _line(options, resolution, line)
    yield from _busy(options)
    yield from _books(options)


def _line(options: BenchOptions, resolution: str, line: str) -> Iterator[Measurement]:
    key, first, last, unit = LINES[line]
    values = [first + (last - first) * number / (POINTS - 1) for number in range(POINTS)]
    parameters: Parameters = {"line": line, "resolution": resolution}
    with case_file(thick_hole(resolution, key, values, unit)) as path:
        breachflow_process(["run", str(path), "--json"])  # what is not yet compiled is so now
        options.tell(f"{line}: {POINTS} points")
        swept = _swept(path).seconds
        runs = 0.0
        for number in range(RUNS):
            value = values[round(number * (POINTS - 1) / (RUNS - 1))]
            options.tell(f"{line}: single run {number + 1} of {RUNS}")
            command = ["run", str(path), "--json", f"--set={key}={value} {unit}"]
            runs += breachflow_process(command, codes=ANSWERED).seconds
    yield Measurement(SECTION, "swept", parameters, "s", swept, swept, False)
    yield Measurement(SECTION, "single_runs", parameters, "s", runs, runs, False)
    yield Measurement(SECTION, "swept_over_runs", parameters, "1", swept / runs, swept / runs, False)


def _swept(path: Path, *options: str) -> Finished:
    return breachflow_process(["sweep", str(path), "--json", *options], codes=ANSWERED)


def _busy(options: BenchOptions) -> Iterator[Measurement]:
    options.tell(f"{BUSY_POINTS} points on {BUSY_WORKERS} workers")
    values = [2.0 * number / (BUSY_POINTS - 1) for number in range(BUSY_POINTS)]
    with case_file(thick_hole(options.resolutions[0], "orifice.wall_thickness", values, "mm")) as path:
        done = _swept(path, f"--workers={BUSY_WORKERS}")
    if done.processor_seconds is not None:
        share = done.processor_seconds / (BUSY_WORKERS * done.seconds)
        yield Measurement(SECTION, "busy", {"points": BUSY_POINTS}, "1", share, share, True)


def _books(options: BenchOptions) -> Iterator[Measurement]:
    """Time of a point that costs nothing to solve: plan, ledger, files, table, law."""
    options.tell("books")
    found = repeated(partial(_kept_books, options.resolutions[0]), options.seconds)
    times = spread(found)
    yield Measurement(SECTION, "books", {"points": BUSY_POINTS}, "s", times.best, times.median, False)


def _kept_books(resolution: str) -> float:
    """s for a point."""
    values = [2.0 * number / (BUSY_POINTS - 1) for number in range(BUSY_POINTS)]
    with case_file(thick_hole(resolution, "orifice.wall_thickness", values, "mm")) as path:
        began = time.perf_counter()
        plan = make_plan(load_case(path))
        with Ledger(path.parent / LEDGER) as ledger:
            ready = _Ready()
            record = SweepRecord(plan, ledger, path.parent)
            SweepRun(plan, record, _ignore, lambda: None).work(ready)
            finish(plan, record, path.parent, {}, "")
        return (time.perf_counter() - began - ready.seconds) / BUSY_POINTS


def _ignore(_: SweepProgress) -> None:
    return


class _Ready:
    """A worker that solves its first task and gives the same answer to all others."""

    def __init__(self) -> None:
        self._answer: TaskResult | None = None
        self._outcomes: list[WorkerOutcome] = []
        self.seconds = 0.0
        """That it took to solve."""

    def free(self) -> int:
        """One at a time."""
        return 0 if self._outcomes else 1

    def submit(self, task: Task) -> None:
        """Take a task, which is done at once."""
        began = time.perf_counter()
        self._answer = self._answer or solve(task)
        self.seconds += time.perf_counter() - began
        self._outcomes.append(replace(self._answer, solution=task.solution))

    def wait(self, _: float) -> list[WorkerOutcome]:
        """What has been done."""
        done, self._outcomes = self._outcomes, []
        return done

    def close(self) -> None:
        """Nothing goes on."""
