"""Progress while a command computes: one live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from breachflow.cli.printing.lines import is_terminal, print_line

if TYPE_CHECKING:
    from rich.live import Live

LINE_INTERVAL: Final = 2.0
"""s between two plain lines."""
LIVE_INTERVAL: Final = 0.1
"""s between two states of the live line."""


class ProgressLines(Protocol):
    """Lines that show progress."""

    def note(self, text: str) -> None:
        """Show a line that stays."""

    def state(self, text: str, elapsed: float) -> None:
        """Show where the work is, `elapsed` seconds after its start, unless that was shown just before."""

    def step(self, text: str) -> None:
        """Show where the work is, in any case: a part of it begins or has ended."""


@contextmanager
def progress_lines() -> Iterator[ProgressLines]:
    """A live line while the block runs, where standard output is a terminal; plain lines elsewhere."""
    if not is_terminal():
        yield PlainLines()
        return
    from rich.live import Live
    from rich.text import Text

    with Live(Text("starting"), auto_refresh=False, transient=True) as live:
        yield LiveLine(live)


class PlainLines:
    """Progress as the lines of a log: notes, steps and, every two seconds, the state."""

    def __init__(self) -> None:
        self._last = 0.0

    def note(self, text: str) -> None:
        """Print a line."""
        print_line(text)

    def state(self, text: str, elapsed: float) -> None:
        """Print a line where the last state is two seconds old."""
        if elapsed - self._last >= LINE_INTERVAL:
            self._last = elapsed
            print_line(text)

    def step(self, text: str) -> None:
        """Print a line."""
        print_line(text)


class LiveLine:
    """Progress on one line that is overwritten; notes are printed above it."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._last = -LIVE_INTERVAL

    def note(self, text: str) -> None:
        """Print a line above the live line; the next state is shown at once."""
        from rich.text import Text

        self._live.console.print(Text(text))
        self._last = -LIVE_INTERVAL

    def state(self, text: str, elapsed: float) -> None:
        """Overwrite the live line where it is a tenth of a second old."""
        if elapsed - self._last >= LIVE_INTERVAL:
            self._last = elapsed
            self.step(text)

    def step(self, text: str) -> None:
        """Overwrite the live line."""
        from rich.text import Text

        self._live.update(Text(text, no_wrap=True, overflow="ellipsis"), refresh=True)
