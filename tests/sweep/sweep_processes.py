"""Sweeps as separate processes with their workers: started, observed, killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PATIENCE: Final = 120.0
"""Time in s after which a process that has not done what a test waits for counts as hanging."""

AFTERLIFE: Final = 10.0
"""Time in s that a worker may live after its sweep; it checks between two iterations of its run."""

SPY: Final = Path(__file__).parent / "spy"


@contextmanager
def sweeping(path: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The command `breachflow sweep`; it is killed with its workers at the end of the block."""
    command = [sys.executable, "-m", "breachflow", "sweep", str(path), *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def spied(log: Path, deadly: str = "") -> dict[str, str]:
    """An environment in which workers record the tasks that they begin, and die of some tasks."""
    return {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(SPY), os.environ.get("PYTHONPATH")])),
        "BREACHFLOW_SPY_LOG": str(log),
        "BREACHFLOW_SPY_DEADLY": deadly,
    }


def wait_until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was awaited did not happen"
        time.sleep(0.01)


def solved_files(folder: Path) -> int:
    """Number of solutions on disk."""
    points = folder / "points"
    return sum(name.suffix == ".vtkhdf" for name in points.iterdir()) if points.is_dir() else 0


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return [pid for pid in pids if _parent(pid) == process.pid]


def are_gone(pids: list[int]) -> bool:
    return not any(_state(pid) for pid in pids)


def _parent(pid: int) -> int:
    return int(_stat(pid)[1]) if _state(pid) else 0


def _state(pid: int) -> str:
    """Empty for a process that has ended."""
    state = _stat(pid)[0]
    return "" if state in "ZX" else state


def _stat(pid: int) -> list[str]:
    """State, parent and further data of a process."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return ["X", "0"]
