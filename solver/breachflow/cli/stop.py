"""Requests to stop a run: a signal, or a file."""

from __future__ import annotations

import os
import shlex
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, Final

from breachflow.cli.interrupts import interrupt
from breachflow.errors import Stopped

SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1") if hasattr(signal, name)
)


def to_go_on(arguments: Sequence[str], output: Path) -> str:
    """How a run that was stopped goes on, in words: by its own command."""
    from breachflow.results.checkpoint.pair import has_checkpoint

    if not has_checkpoint(output):
        return "no checkpoint could be written, so that the next run starts over"
    again = shlex.join(["breachflow", *(one for one in arguments if one != "--fresh")])
    return f"to go on from there: {again}"


class StopRequests:
    """Stop requests of a run: each call returns the reason to stop now, or None.

    Within a `with` block, the first signal asks to stop and the second one aborts the process at once. So
    does the first one before the first call: while a case is read and meshed there is nothing to keep.
    Entering the block raises Stopped where the file exists.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._before: dict[int, Any] = {}
        self._is_asked = False
        self.reason: str | None = None

    def __call__(self) -> str | None:
        self._is_asked = True
        if self.reason is None and self._file.exists():
            self.reason = f"the file {self._file.name} is there"
        return self.reason

    def __enter__(self) -> StopRequests:
        if self._file.exists():
            raise Stopped(f"{self._file}: this file stops every run in its folder; remove it to run")
        for number in SIGNALS:
            # `nohup` ignores SIGHUP on purpose
            if signal.getsignal(number) is not signal.SIG_IGN or number != getattr(signal, "SIGHUP", None):
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.reason = signal.Signals(number).name
        for other in self._before:
            signal.signal(other, interrupt)
        if not self._is_asked:
            interrupt(number, frame)
        with suppress(OSError):  # print() is not allowed here: the signal may have interrupted one
            os.write(2, b"\nbreachflow: stopping; once more aborts at once\n")
