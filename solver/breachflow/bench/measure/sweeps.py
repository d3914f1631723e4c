"""Cost of a sweep of twenty points beside six single runs, and the time of its record keeping.

The sweep uses one worker a core. The single runs, evenly spread over the same points, follow one another,
each on all cores. Start-up counts, compilation does not. The busy fraction of two workers is the processor
time of all processes over twice the wall time of a sweep of a hundred points. Record keeping is measured with
a worker that returns a ready solution.
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
"""Points of a sweep, and the number of them that are single runs."""

BUSY_POINTS, BUSY_WORKERS = 100, 2
"""Points and workers of the sweep whose processor time is measured."""

ANSWERED: Final = (0, NotConverged.exit_code)
"""Exit codes of commands that count: a run that does not converge takes its time too."""

LINES: Final = {
    "thickness ratio": ("orifice.wall_thickness", 0.0, 4.0, "mm"),
    "pressure ratio": ("boundary.space.pressure", 0.0, 95.0, "kPa"),
}
"""Swept key, first value, last value and unit of each line. t/d goes from 0 to 2, p_outside/p0 to 0.95."""


def measure(options: BenchOptions, _: Sequence[Measurement] = ()) -> Iterator[Measurement]:
    """Cost of both lines of points, busy fraction of the workers, and time of record keeping."""
    resolution = options.resolutions[min(1, len(options.resolutions) - 1)]
    for line in LINES:
        yield from _line(options, resolution, line)
    yield from _busy(options)
    yield from _record_keeping(options)


def _line(options: BenchOptions, resolution: str, line: str) -> Iterator[Measurement]:
    """Wall times of the sweep of a line and of its single runs, and their ratio."""
    key, first, last, unit = LINES[line]
    values = [first + (last - first) * number / (POINTS - 1) for number in range(POINTS)]
    chosen = [values[round(number * (POINTS - 1) / (RUNS - 1))] for number in range(RUNS)]
    parameters: Parameters = {"line": line, "resolution": resolution}
    with case_file(thick_hole(resolution, key, values, unit)) as path:
        breachflow_process(["run", str(path), "--json"])  # compiles the kernels, if they are not compiled yet
        options.tell(f"{line}: {POINTS} points")
        swept = _swept(path).seconds
        options.tell(f"{line}: {RUNS} single runs")
        runs = sum(_run(path, f"--set={key}={value} {unit}").seconds for value in chosen)
    yield Measurement(SECTION, "swept", parameters, "s", swept, swept, False)
    yield Measurement(SECTION, "single_runs", parameters, "s", runs, runs, False)
    yield Measurement(SECTION, "swept_over_runs", parameters, "1", swept / runs, swept / runs, False)


def _run(path: Path, *options: str) -> Finished:
    return breachflow_process(["run", str(path), "--json", *options], codes=ANSWERED)


def _swept(path: Path, *options: str) -> Finished:
    return breachflow_process(["sweep", str(path), "--json", *options], codes=ANSWERED)


def _busy(options: BenchOptions) -> Iterator[Measurement]:
    """Fraction of the cores of two workers that a sweep keeps busy."""
    options.tell(f"{BUSY_POINTS} points on {BUSY_WORKERS} workers")
    values = [2.0 * number / (BUSY_POINTS - 1) for number in range(BUSY_POINTS)]
    with case_file(thick_hole(options.resolutions[0], "orifice.wall_thickness", values, "mm")) as path:
        done = _swept(path, f"--workers={BUSY_WORKERS}")
    if done.processor_seconds is not None:
        fraction = done.processor_seconds / (BUSY_WORKERS * done.seconds)
        yield Measurement(SECTION, "busy", {"points": BUSY_POINTS}, "1", fraction, fraction, True)


def _record_keeping(options: BenchOptions) -> Iterator[Measurement]:
    """Time per point of plan, ledger, files, table and law: the measurement `books`."""
    options.tell("record keeping")
    found = repeated(partial(_record_seconds, options.resolutions[0]), options.seconds)
    times = spread(found)
    yield Measurement(SECTION, "books", {"points": BUSY_POINTS}, "s", times.best, times.median, False)


def _record_seconds(resolution: str) -> float:
    """Time of record keeping per point, s."""
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
    """A worker that solves its first task and returns this solution for every task."""

    def __init__(self) -> None:
        self._answer: TaskResult | None = None
        self._outcomes: list[WorkerOutcome] = []
        self.seconds = 0.0
        """Time of the solution, s."""

    def free(self) -> int:
        """Number of tasks that it can take: one at a time."""
        return 0 if self._outcomes else 1

    def submit(self, task: Task) -> None:
        """Take a task and do it at once."""
        began = time.perf_counter()
        self._answer = self._answer or solve(task)
        self.seconds += time.perf_counter() - began
        self._outcomes.append(replace(self._answer, solution=task.solution))

    def wait(self, _: float) -> list[WorkerOutcome]:
        """The outcomes since the last call."""
        done, self._outcomes = self._outcomes, []
        return done

    def close(self) -> None:
        """Nothing to end."""
