"""Requests to stop a run: a signal, or a file."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, Final

from breachflow.errors import Stopped

SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1") if hasattr(signal, name)
)


class StopRequests:
    """Stop requests of a run: each call returns the reason to stop now, or None.

    Within a `with` block, the first signal asks to stop and the second one aborts the process at once.
    Entering the block raises Stopped where the file exists.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._before: dict[int, Any] = {}
        self.reason: str | None = None

    def __call__(self) -> str | None:
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

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.reason = signal.Signals(number).name
        for other in self._before:
            signal.signal(other, signal.default_int_handler)
        with suppress(OSError):  # print() is not allowed here: the signal may have interrupted one
            os.write(2, b"\nbreachflow: stopping; once more aborts at once\n")
