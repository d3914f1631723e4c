"""A worker process: `python -m breachflow.sweeps.workers.process PIPE`, PIPE the number of an open pipe.

The process receives tasks through the pipe and sends results back. A thread of its own receives the tasks,
so that the sweep can send the next task while the process computes. When the pipe is closed, the sweep has
ended, and the process ends after the current iteration of its run, or at once where none has begun.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Event, Thread

from breachflow.sweeps.workers.task import Task, solve


def serve(pipe: Connection, leave: Callable[[], object] = lambda: None) -> None:
    """Solve the tasks that arrive, until the pipe is closed.

    `leave` is called at once where it is closed while no run iterates: there is nothing to keep.
    """
    tasks: SimpleQueue[Task | None] = SimpleQueue()
    closed, iterates = Event(), Event()

    def receive() -> None:
        try:
            with suppress(EOFError, OSError):
                while True:
                    tasks.put(pipe.recv())
        finally:
            closed.set()
            tasks.put(None)
            if not iterates.is_set():
                leave()

    def stop() -> str | None:
        iterates.set()
        return "the sweep is over" if closed.is_set() else None

    Thread(target=receive, daemon=True).start()
    with suppress(OSError):
        while not closed.is_set() and (task := tasks.get()):
            iterates.clear()
            pipe.send(solve(task, stop))


if __name__ == "__main__":
    # without taking down the compiler's memory, which takes half a second
    serve(Connection(int(sys.argv[1])), leave=lambda: os._exit(0))
    os._exit(0)
