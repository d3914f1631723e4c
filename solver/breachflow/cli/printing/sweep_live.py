"""What a person sees while a sweep is going on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from breachflow.cli.printing.lines import is_terminal, print_line
from breachflow.cli.printing.live import LINE_INTERVAL
from breachflow.sweeps.progress import SweepProgress, SweepWatcher
from breachflow.words import duration

BAR: Final = "points"


@contextmanager
def sweep_watcher() -> Iterator[SweepWatcher]:
    """A bar over the points on a terminal, plain lines elsewhere; notes are lines of their own."""
    if not is_terminal():
        yield PlainLines()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(BAR), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def watch(progress: SweepProgress) -> None:
            if progress.note:
                bar.console.print(progress.note, markup=False, highlight=False)
            bar.update(task, total=progress.points, completed=progress.done, description=times(progress))

        yield watch


class PlainLines:
    """A line for every note, and one now and then."""

    def __init__(self) -> None:
        self._last = -LINE_INTERVAL

    def __call__(self, progress: SweepProgress) -> None:
        """Tell where the sweep is."""
        if progress.note:
            print_line(progress.note)
        if progress.elapsed - self._last >= LINE_INTERVAL or progress.done == progress.points:
            self._last = progress.elapsed
            print_line(f"{progress.done} of {progress.points} points, {times(progress)}")


def times(progress: SweepProgress) -> str:
    """How long it has taken, and how long it still may.

    >>> times(SweepProgress(points=9, done=3, running=2, elapsed=4.0, remaining=75.0, note=""))
    '4.0 s, about 1 min 15 s left'
    """
    left = "" if progress.remaining is None else f", about {duration(progress.remaining)} left"
    return duration(progress.elapsed) + left
