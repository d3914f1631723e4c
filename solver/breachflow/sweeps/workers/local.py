"""Workers on this machine: new processes, each with a pipe."""

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

from breachflow.sweeps.workers.task import Task, TaskResult

TASKS_PER_WORKER: Final = 2
"""Tasks that a worker has at a time: one that it solves, and the next one."""

THREAD_VARIABLES: Final = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Environment variables that set the number of threads of libraries."""

EXIT_TIMEOUT: Final = 2.0
"""Time that workers have to end by themselves before they are killed, s."""


class LostTask(NamedTuple):
    """A task whose worker has ended before it returned a result."""

    task: Task
    reason: str
    """Ending of the worker; empty if it had not begun the task."""


WorkerOutcome: TypeAlias = TaskResult | LostTask


class Workers(Protocol):
    """Workers of any kind."""

    def free(self) -> int:
        """Number of further tasks that the workers take now."""

    def submit(self, task: Task) -> None:
        """Give a task to a worker."""

    def wait(self, seconds: float) -> list[WorkerOutcome]:
        """Outcomes of tasks; returns as soon as there is one, or empty after a time in s."""

    def close(self) -> None:
        """End all workers and their tasks."""


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    pipe: Connection
    tasks: deque[Task] = field(default_factory=deque)


class LocalWorkers:
    """Processes on this machine. A process that ends before its time is replaced by a new one."""

    def __init__(self, count: int, threads: int) -> None:
        """Start a number of processes, each with a number of threads."""
        self._threads = threads
        self._workers = [self._started() for _ in range(count)]

    def free(self) -> int:
        """Number of further tasks that the workers take now."""
        return sum(TASKS_PER_WORKER - len(worker.tasks) for worker in self._workers)

    def submit(self, task: Task) -> None:
        """Give a task to the worker with the fewest tasks."""
        worker = min(self._workers, key=lambda worker: len(worker.tasks))
        task = task._replace(threads=self._threads)
        worker.tasks.append(task)
        with suppress(OSError):  # the process has ended: `wait` returns its tasks as lost
            worker.pipe.send(task)

    def wait(self, seconds: float) -> list[WorkerOutcome]:
        """Results that have arrived within a time in s, and tasks of processes that have ended."""
        ready = wait([worker.pipe for worker in self._workers], seconds)
        return [outcome for pipe in ready for outcome in self._received(pipe)]

    def close(self) -> None:
        """Close all pipes, so that the processes end, and kill those that do not end in time."""
        for worker in self._workers:
            worker.pipe.close()
        deadline = time.monotonic() + EXIT_TIMEOUT
        for worker in self._workers:
            try:
                worker.process.wait(max(deadline - time.monotonic(), 0.0))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()

    def _received(self, pipe: object) -> Iterator[WorkerOutcome]:
        worker = next(worker for worker in self._workers if worker.pipe is pipe)
        try:
            result: TaskResult = worker.pipe.recv()
        except (EOFError, OSError):
            yield from self._replaced(worker)
            return
        worker.tasks.popleft()
        yield result

    def _replaced(self, worker: _Worker) -> Iterator[LostTask]:
        """Start a process in place of one that has ended, and return the tasks of that one."""
        worker.process.kill()
        reason = _ending(worker.process.wait())
        worker.pipe.close()
        self._workers[self._workers.index(worker)] = self._started()
        for number, task in enumerate(worker.tasks):
            yield LostTask(task, "" if number else reason)

    def _started(self) -> _Worker:
        ours, theirs = Pipe()
        process = subprocess.Popen(
            [sys.executable, "-m", "breachflow.sweeps.workers.process", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env={**os.environ, **dict.fromkeys(THREAD_VARIABLES, str(self._threads))},
            start_new_session=True,  # Ctrl-C goes to the sweep alone, which then ends its workers
        )
        theirs.close()
        return _Worker(process, ours)


def _ending(code: int) -> str:
    """Ending of a process in words, from its exit code."""
    if code == -9:
        return "its process was killed (signal 9), as when memory runs out"
    return f"its process ended by signal {-code}" if code < 0 else f"its process ended with code {code}"
