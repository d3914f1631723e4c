"""Cases that take a tenth of a second, and workers within this process, for the tests of sweeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from breachflow.case import Case, load_case, parse_case
from breachflow.sweeps.driver import sweep
from breachflow.sweeps.progress import SweepProgress
from breachflow.sweeps.result import SweepResult
from breachflow.sweeps.workers.local import WorkerOutcome
from breachflow.sweeps.workers.task import Task, TaskResult, solve

TWICE_CONVERGED = 2e-6
"""Relative tolerance of two runs of one flow, whose mass flows converge to 1e-6 (run.mass_flow_tolerance)."""

OTHER_START = 5e-5
"""Relative tolerance of two runs of one flow from different starts.

The limiter may leave more than one steady state: on these 8 cells, in a wall of 0.025 diameters, two of them
2e-5 apart, where the mesh uncertainty is 1 %.
"""

CASE = """\
title = "{title}"
gas = "air"
flow = {{ model = "inviscid" }}

[orifice]
shape = "{shape}"
{size} = "2 mm"
wall_thickness = "{thickness!r} mm"

[mesh]
resolution = {{ across = 8 }}

[boundary]
cabin = {{ kind = "reservoir", pressure = "100 kPa", temperature = "293.15 K" }}
space = {{ kind = "outlet", pressure = "{outside!r} kPa" }}

{more}
"""

SIZES = {"round": "diameter", "slit": "width"}


def case_text(
    shape: str = "round", thickness: float = 0.0, outside: float = 0.0, more: str = "", title: str = "leak"
) -> str:
    """A hole of 2 mm in a cabin of 100 kPa; mm and kPa."""
    return CASE.format(
        title=title, shape=shape, size=SIZES[shape], thickness=thickness, outside=outside, more=more
    )


def small_case(shape: str = "round", thickness: float = 0.0, outside: float = 0.0, *overrides: str) -> Case:
    return parse_case(case_text(shape, thickness, outside), overrides=overrides)


def swept(entries: str, more: str = "", **choices: Any) -> str:
    """A case with a table [sweep]."""
    return case_text(more=f"{more}\n[sweep]\n{entries}\n", **choices)


def written(folder: Path, text: str, name: str = "leak.toml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


_ANSWERS: dict[Any, TaskResult] = {}


def solved(task: Task) -> TaskResult:
    """Solve a case; the same case with the same start is solved once for all tests."""
    start = tuple((one.text, one.state.tobytes(), one.weight) for one in task.neighbors)
    if (task.text, start) not in _ANSWERS:
        _ANSWERS[task.text, start] = solve(task)
    return _ANSWERS[task.text, start]


class Here:
    """Workers within this process, which record their tasks.

    `before` is called with every task and may return its outcome.
    """

    def __init__(self, before: Callable[[Task], WorkerOutcome | None] = lambda _: None) -> None:
        self.tasks: list[Task] = []
        self.before = before
        self.starts = 0
        self._outcomes: list[WorkerOutcome] = []

    def start(self, _: object = None) -> Here:
        """Replaces `SweepResources.start`."""
        self.starts += 1
        return self

    def free(self) -> int:
        return 2 - len(self._outcomes)

    def submit(self, task: Task) -> None:
        self.tasks.append(task)
        assert len(self.tasks) < 500, "the sweep goes round in circles"
        self._outcomes.append(self.before(task) or solved(task))

    def wait(self, _: float) -> list[WorkerOutcome]:
        outcomes, self._outcomes = self._outcomes[:1], self._outcomes[1:]
        return outcomes

    def close(self) -> None:
        self._outcomes = []

    @property
    def solved(self) -> list[str]:
        return [task.solution for task in self.tasks]


class Told:
    """A watcher that records what it receives."""

    def __init__(self) -> None:
        self.all: list[SweepProgress] = []

    def __call__(self, progress: SweepProgress) -> None:
        self.all.append(progress)

    @property
    def notes(self) -> list[str]:
        return [progress.note for progress in self.all if progress.note]


def run_sweep(path: Path, overrides: Sequence[str] = (), **options: Any) -> SweepResult:
    return sweep(load_case(path, overrides), workers=1, **options)


SIZES_AND_WALLS = """
"orifice.diameter" = ["1 mm", "2 mm", "4 mm"]
"orifice.wall_thickness" = ["0 mm", "0.1 mm", "0.2 mm", "0.4 mm"]
"""
"""Twelve points of six flows: t/d = 0, 0.025, 0.05, 0.1, 0.2 and 0.4."""


MANY_WALLS = """
"orifice.diameter" = ["1 mm", "2 mm"]
"orifice.wall_thickness" = { from = "0 mm", to = "0.9 mm", points = 7 }
"""

POINTS, FLOWS = 14, 10


def table_bytes(folder: Path) -> tuple[bytes, bytes]:
    """The table in both forms."""
    return (folder / "table.h5").read_bytes(), (folder / "table.csv").read_bytes()
