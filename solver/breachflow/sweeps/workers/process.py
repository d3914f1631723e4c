"""A worker process: `python -m breachflow.sweeps.workers.process PIPE`, PIPE the number of an open pipe.

The process receives tasks through the pipe and sends results back. A thread of its own receives the tasks,
so that the sweep can send the next task while the process computes. When the pipe is closed, the sweep has
ended, and the process ends after the current iteration of its run at the latest.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Event, Thread

from breachflow.sweeps.workers.task import Task, solve


def serve(pipe: Connection) -> None:
    """Solve the tasks that arrive, until the pipe is closed."""
    tasks: SimpleQueue[Task | None] = SimpleQueue()
    closed = Event()

    def receive() -> None:
        try:
            with suppress(EOFError, OSError):
                while True:
                    tasks.put(pipe.recv())
        finally:
            closed.set()
            tasks.put(None)

    def stop() -> str | None:
        return "the sweep is over" if closed.is_set() else None

    Thread(target=receive, daemon=True).start()
    with suppress(OSError):
        while not closed.is_set() and (task := tasks.get()):
            pipe.send(solve(task, stop))


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
