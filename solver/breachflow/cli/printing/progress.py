"""The progress of runs, sweeps and validations in words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from breachflow.cli.printing.lines import print_line
from breachflow.cli.printing.live import LiveLine, ProgressLines, progress_lines
from breachflow.errors import ResultError
from breachflow.units import time_text
from breachflow.words import duration

if TYPE_CHECKING:
    from breachflow.runs.progress import Progress, Watcher
    from breachflow.sweeps.progress import SweepProgress, SweepWatcher
    from breachflow.validation.plan import Trial
    from breachflow.validation.validate import Begin

Event = TypeVar("Event")


def announce_compilation() -> None:
    """Say that the kernels are compiled first, where no run has compiled them or none could keep them."""
    from breachflow.compiled import cache_is_cold, code_cache
    from breachflow.machine_code.folder import CACHE_VARIABLE

    trouble = code_cache().trouble
    if trouble:
        print_line(f"{trouble}; set {CACHE_VARIABLE} to a folder that can hold it")
    if cache_is_cold():
        print_line(
            "first run with this version: compiling the kernels once (about half a minute on two cores)"
        )


@contextmanager
def run_watcher(flow_unit: str) -> Iterator[Watcher]:
    """Shows the progress of a run; `flow_unit` is the unit of its mass flow."""
    with progress_lines() as lines:
        yield tolerant(lambda progress: show_run(lines, progress, flow_unit))


def show_run(lines: ProgressLines, progress: Progress, flow_unit: str) -> None:
    """Show the state of a run, and first its note where it has one."""
    if progress.note:
        lines.note(f"[{duration(progress.elapsed)}] {progress.note}")
    lines.state(run_state(progress, flow_unit), progress.elapsed)


def run_state(progress: Progress, flow_unit: str) -> str:
    """State of a run as one line; the least important part is last, where a narrow terminal cuts it off."""
    remaining = "" if progress.remaining is None else f", {duration(progress.remaining)} left"
    time = "" if progress.time is None else f"t = {time_text(progress.time)}, "
    residual = f", residual {progress.residual:.1e}" if progress.time is None else ""
    coefficient = progress.discharge_coefficient
    cd = "" if coefficient != coefficient else f", Cd {coefficient:.4f}"
    return (
        f"[{duration(progress.elapsed)}{remaining}] {progress.level}/{progress.levels}: "
        f"{progress.cells} cells, step {progress.iteration}, {time}{progress.mass_flow:.4e} {flow_unit}"
        f"{cd}{residual}"
    )


@contextmanager
def sweep_watcher() -> Iterator[SweepWatcher]:
    """Shows the progress of a sweep."""
    with progress_lines() as lines:
        yield tolerant(lambda progress: show_sweep(lines, progress))


def show_sweep(lines: ProgressLines, progress: SweepProgress) -> None:
    """Show how many points are done, and first the note where there is one."""
    if progress.note:
        lines.note(progress.note)
    state = f"{progress.done} of {progress.points} points, {sweep_times(progress)}"
    if progress.running == 0:  # at the start and at the end
        lines.step(state)
    else:
        lines.state(state, progress.elapsed)


def sweep_times(progress: SweepProgress) -> str:
    """Elapsed and estimated remaining time of a sweep.

    >>> from breachflow.sweeps.progress import SweepProgress
    >>> sweep_times(SweepProgress(points=9, done=3, running=2, elapsed=4.0, remaining=75.0, note=""))
    '4.0 s, about 1 min 15 s left'
    """
    is_known = progress.remaining is not None and progress.done < progress.points
    left = f", about {duration(progress.remaining or 0.0)} left" if is_known else ""
    return duration(progress.elapsed) + left


@contextmanager
def validation_watcher(count: int) -> Iterator[Begin]:
    """Shows which of `count` runs of a validation is going on; on a terminal, how far it is."""
    began = time.monotonic()
    with progress_lines() as lines:

        def begin(number: int, trial: Trial) -> Watcher | None:
            def heading() -> str:
                return f"[{duration(time.monotonic() - began)}] {number}/{count} {trial.name}"

            def watch(progress: Progress) -> None:
                state = f"{heading()}: {progress.cells} cells, step {progress.iteration}"
                lines.state(state, time.monotonic() - began)

            lines.step(heading())
            return tolerant(watch) if isinstance(lines, LiveLine) else None

        yield begin


def tolerant(watch: Callable[[Event], None]) -> Callable[[Event], None]:
    """This watcher, with its errors suppressed: a full disk under the log must not end a run."""

    def tell(event: Event) -> None:
        with suppress(OSError, ResultError):
            watch(event)

    return tell
