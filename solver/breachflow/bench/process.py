"""A `breachflow` command as a process of its own: its time, its peak memory and its output.

A small process in between, this module run as a program, starts the command and measures it. On Linux the
peak memory of a process starts at the memory of its parent. So the process in between imports no large
package.
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
    """Cost and output of a process that has ended."""

    seconds: float
    """Wall time, s."""
    peak_bytes: int | None
    """Peak resident memory; None where the system does not report it."""
    code: int
    """Exit code."""
    output: str
    errors: str
    processor_seconds: float | None = None
    """Processor time of the process and its children; None where the system does not report it."""


def breachflow_process(
    arguments: Sequence[str],
    environment: Mapping[str, str] | None = None,
    codes: Collection[int] = (0,),
) -> Finished:
    """Run a command, with variables added to the environment.

    Raises BreachflowError where its exit code is not one of `codes`.
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
    """Run a command as a child of this process and measure it."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "breachflow", *arguments], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - began
    return Finished(
        seconds, _peak_of_children(), done.returncode, done.stdout, done.stderr, _processor_seconds()
    )


def _peak_of_children() -> int | None:
    """Peak resident memory of the children, bytes. Linux counts in kB, macOS in bytes, Windows not at all."""
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
