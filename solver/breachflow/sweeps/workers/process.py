"""A worker process: `python -m breachflow.sweeps.workers.process PIPE`, the number of an open pipe.

Tasks come through the pipe and answers go back. Tasks are taken in by a thread of their own, so that the
sweep never waits for a worker that works. When the pipe ends, the sweep is over, whatever became of it: its
workers do not outlive it by more than an iteration.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Event, Thread

from breachflow.sweeps.workers.task import Task, solve


def serve(pipe: Connection) -> None:
    """Solve what comes until nothing comes any more."""
    tasks: SimpleQueue[Task | None] = SimpleQueue()
    over = Event()

    def take_in() -> None:
        try:
            with suppress(EOFError, OSError):
                while True:
                    tasks.put(pipe.recv())
        finally:
            over.set()
            tasks.put(None)

    def stop() -> str | None:
        return "the sweep is over" if over.is_set() else None

    Thread(target=take_in, daemon=True).start()
    with suppress(OSError):
        while not over.is_set() and (task := tasks.get()):
            pipe.send(solve(task, stop))


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
