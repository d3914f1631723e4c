"""A dask scheduler and its workers on this machine, which end with the test in any case."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LIMIT = 60.0
"""Time in s after which a process that has not started counts as failed."""


class Cluster:
    """A scheduler on a free port, and the workers that a test starts."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self._file = folder, folder / "scheduler.json"
        self._environment = {**os.environ, **settings}
        self._started: list[subprocess.Popen[bytes]] = []
        options = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self._file))
        self.scheduler = self._start("dask_scheduler", *options)

    def worker(self, preload: str = "") -> subprocess.Popen[bytes]:
        """Start a worker with one thread, which first runs some Python."""
        script = self.folder / f"preload{len(self._started)}.py"
        script.write_text(preload)
        return self._start(
            "dask_worker", "--scheduler-file", str(self._file), "--no-nanny", "--nthreads", "1",
            "--local-directory", str(self.folder), "--preload", str(script), "--death-timeout", "60",
        )  # fmt: skip

    @property
    def address(self) -> str:
        """Address of the scheduler, after it has started."""
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            if self._file.exists() and (text := self._file.read_text()):
                return str(json.loads(text)["address"])
            time.sleep(0.02)
        raise TimeoutError((self.folder / "dask_scheduler.log").read_text())

    def kill(self) -> None:
        for process in self._started:
            process.kill()
        for process in self._started:
            process.wait()
        self._started.clear()

    def _start(self, program: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *options]
        with (self.folder / f"{program}.log").open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment
            )
        self._started.append(process)
        return process


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Cluster]:
    cluster = Cluster(folder, **settings)
    try:
        yield cluster
    finally:
        cluster.kill()
