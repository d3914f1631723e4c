"""Workers on this machine: processes of their own, started afresh, with a pipe each."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Final, NamedTuple, Protocol, TypeAlias

from breachflow.sweeps.workers.task import Answer, Task

DEPTH: Final = 2
"""Tasks that a worker has: one to solve, and one that waits so that it need not."""

THREADS: Final = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Variables of the environment that say how many threads libraries use."""

FAREWELL: Final = 2.0
"""s that workers have to end by themselves."""


class Lost(NamedTuple):
    """A task whose worker is gone, and how; empty if it had not begun."""

    task: Task
    reason: str


Outcome: TypeAlias = Answer | Lost


class Workers(Protocol):
    """Whatever solves tasks, here or elsewhere."""

    def free(self) -> int:
        """How many more tasks it takes now."""

    def submit(self, task: Task) -> None:
        """Take a task."""

    def wait(self, seconds: float) -> list[Outcome]:
        """What has become of tasks, at once if there is something, else as soon as there is."""

    def close(self) -> None:
        """End everything that goes on."""


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    pipe: Connection
    tasks: deque[Task] = field(default_factory=deque)


class LocalWorkers:
    """So many processes on this machine, each with so many threads."""

    def __init__(self, count: int, threads: int) -> None:
        self._threads = threads
        self._workers = [self._started() for _ in range(count)]

    def free(self) -> int:
        """How many more tasks they take now."""
        return sum(DEPTH - len(worker.tasks) for worker in self._workers)

    def submit(self, task: Task) -> None:
        """Give a task to the worker with the fewest."""
        worker = min(self._workers, key=lambda worker: len(worker.tasks))
        task = task._replace(threads=self._threads)
        worker.tasks.append(task)
        with suppress(OSError):  # it is gone: `wait` will notice
            worker.pipe.send(task)

    def wait(self, seconds: float) -> list[Outcome]:
        """Answers, and tasks of workers that are gone, in whose place new ones are started."""
        ready = wait([worker.pipe for worker in self._workers], seconds)
        return [outcome for pipe in ready for outcome in self._received(pipe)]

    def close(self) -> None:
        """Tell all to end, and end those that do not."""
        for worker in self._workers:
            worker.pipe.close()
        deadline = time.monotonic() + FAREWELL
        for worker in self._workers:
            try:
                worker.process.wait(max(deadline - time.monotonic(), 0.0))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()

    def _received(self, pipe: object) -> Iterator[Outcome]:
        worker = next(worker for worker in self._workers if worker.pipe is pipe)
        try:
            answer: Answer = worker.pipe.recv()
        except (EOFError, OSError):
            yield from self._replaced(worker)
            return
        worker.tasks.popleft()
        yield answer

    def _replaced(self, worker: _Worker) -> Iterator[Lost]:
        """Start another in place of one that is gone, and give back its tasks."""
        worker.process.kill()
        reason = _ending(worker.process.wait())
        worker.pipe.close()
        self._workers[self._workers.index(worker)] = self._started()
        for number, task in enumerate(worker.tasks):
            yield Lost(task, "" if number else reason)

    def _started(self) -> _Worker:
        ours, theirs = Pipe()
        process = subprocess.Popen(
            [sys.executable, "-m", "breachflow.sweeps.workers.process", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env={**os.environ, **dict.fromkeys(THREADS, str(self._threads))},
            start_new_session=True,  # Ctrl-C is for the sweep, which tells its workers
        )
        theirs.close()
        return _Worker(process, ours)


def _ending(code: int) -> str:
    """How a process ended, in words."""
    if code == -9:
        return "its process was killed (signal 9), as when memory runs out"
    return f"its process ended by signal {-code}" if code < 0 else f"its process ended with code {code}"
