"""Processes that another one of this program starts: such a process never outlives it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from threading import Thread
from typing import Any, NamedTuple


class Ended(NamedTuple):
    """How a process ended."""

    code: int
    """Its exit code, or minus the signal that ended it."""
    said: str
    """Its standard error."""


def run_child(command: Sequence[str], job: Mapping[str, Any], seconds: float) -> Ended:
    """Run a command in a process of its own, which reads a job (JSON) in the first line of its input.

    Raises TimeoutExpired after so many seconds. The process has ended when this returns or raises.
    """
    with TemporaryFile() as said:
        # a session of its own: an interrupt from the keyboard reaches this process alone, which then kills it
        process = Popen(command, stdin=PIPE, stdout=DEVNULL, stderr=said, start_new_session=True)
        try:
            _hand_over(job, process)
            process.wait(seconds)
        finally:
            process.kill()
            process.communicate()
        said.seek(0)
        return Ended(process.returncode, said.read().decode(errors="replace"))


def _hand_over(job: Mapping[str, Any], process: Popen[bytes]) -> None:
    """Write the job to the process, whose input stays open: it ends when that does."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # it has ended; its exit code says why
        process.stdin.write(json.dumps(job).encode() + b"\n")
        process.stdin.flush()


def end_with_parent() -> None:
    """End this process when its input ends, which is a pipe from its parent: also by a kill of the parent."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):  # the buffer of `sys.stdin` would be locked at the end
            pass
        os._exit(1)

    Thread(target=wait, daemon=True).start()
