"""What a person sees while a run is going on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from breachflow.cli.printing.lines import is_terminal, print_line
from breachflow.errors import ResultError
from breachflow.runs.progress import Progress, Watcher
from breachflow.words import duration

if TYPE_CHECKING:
    from rich.live import Live

LINE_INTERVAL: Final = 2.0
"""s between two plain lines."""
LIVE_INTERVAL: Final = 0.1
"""s between two states of the live line."""


@contextmanager
def watcher(flow_unit: str) -> Iterator[Watcher]:
    """Shows progress as it is told: one live line on a terminal, plain lines elsewhere."""
    if not is_terminal():
        yield tolerant(PlainLines(flow_unit))
        return
    from rich.live import Live
    from rich.text import Text

    with Live(Text("starting"), auto_refresh=False, transient=True) as live:
        yield tolerant(LiveLine(live, flow_unit))


def tolerant(watch: Watcher) -> Watcher:
    """A full disk under the log, or a terminal that was closed, is no reason to lose a run."""

    def tell(progress: Progress) -> None:
        with suppress(OSError, ResultError):
            watch(progress)

    return tell


class PlainLines:
    """A line for every note, and one now and then."""

    def __init__(self, flow_unit: str) -> None:
        self._flow_unit = flow_unit
        self._last = 0.0

    def __call__(self, progress: Progress) -> None:
        if progress.note:
            print_line(f"[{duration(progress.elapsed)}] {progress.note}")
        elif progress.elapsed - self._last >= LINE_INTERVAL:
            self._last = progress.elapsed
            print_line(state_line(progress, self._flow_unit))


class LiveLine:
    """A line that is written over again and again; notes go above it."""

    def __init__(self, live: Live, flow_unit: str) -> None:
        self._live = live
        self._flow_unit = flow_unit
        self._last = -LIVE_INTERVAL

    def __call__(self, progress: Progress) -> None:
        from rich.text import Text

        if progress.note:
            self._live.console.print(Text(f"[{duration(progress.elapsed)}] {progress.note}"))
        if progress.note or progress.elapsed - self._last >= LIVE_INTERVAL:
            self._last = progress.elapsed
            line = Text(state_line(progress, self._flow_unit), no_wrap=True, overflow="ellipsis")
            self._live.update(line, refresh=True)


def state_line(progress: Progress, flow_unit: str) -> str:
    """Where the run is; what matters least comes last, where a narrow terminal cuts it off."""
    remaining = "" if progress.remaining is None else f", {duration(progress.remaining)} left"
    time = "" if progress.time is None else f"t = {progress.time:.3e} s, "
    coefficient = progress.discharge_coefficient
    cd = "" if coefficient != coefficient else f"Cd {coefficient:.4f}, "
    return (
        f"[{duration(progress.elapsed)}{remaining}] {progress.level}/{progress.levels}: "
        f"{progress.cells} cells, step {progress.iteration}, {time}{progress.mass_flow:.4e} {flow_unit}, "
        f"{cd}residual {progress.residual:.1e}"
    )
