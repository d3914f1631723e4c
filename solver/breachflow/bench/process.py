"""One `breachflow` command as a process of its own: its time, its peak memory, what it prints.

Run as a module, this file is the process in between: it starts the command and tells what it cost. On Linux
the peak of a process begins at that of the one which started it; so the one in between must be small, and
imports nothing large.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from breachflow.errors import BreachflowError


class Finished(NamedTuple):
    """What a process took and printed."""

    seconds: float
    peak_bytes: int | None
    """Largest resident memory; None where the system does not tell."""
    code: int
    output: str
    errors: str
    processor_seconds: float | None = None
    """Of the process and all that it started; None where the system does not tell."""


def breachflow_process(
    arguments: Sequence[str],
    environment: Mapping[str, str] | None = None,
    codes: Collection[int] = (0,),
) -> Finished:
    """Run a command, with additions to the environment.

    Raises BreachflowError where it ends with another exit code than these.
    """
    command = [sys.executable, "-m", __name__, *arguments]
    variables = {**os.environ, **(environment or {})}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables)
    if done.returncode != 0:
        raise BreachflowError(f"{' '.join(command)}: {_last_line(done.stderr)}")
    finished = Finished(**json.loads(done.stdout))
    if finished.code not in codes:
        raise BreachflowError(f"breachflow {' '.join(arguments)}: {_last_line(finished.errors)}")
    return finished


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2] or "no reason given"


def observed(arguments: Sequence[str]) -> Finished:
    """Run a command from here and measure it."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "breachflow", *arguments], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - began
    return Finished(
        seconds, _peak_of_children(), done.returncode, done.stdout, done.stderr, _processor_seconds()
    )


def _peak_of_children() -> int | None:
    """Bytes; Linux counts in kB, macOS in B, and Windows not at all."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def _processor_seconds() -> float | None:
    try:
        import resource
    except ImportError:
        return None
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    print(json.dumps(observed(sys.argv[1:])._asdict()))
