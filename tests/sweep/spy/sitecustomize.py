"""For worker processes of tests: Python imports this first where PYTHONPATH has its folder.

BREACHFLOW_SPY_LOG: a file; a worker writes a line to it for every solution that it begins.
BREACHFLOW_SPY_DEADLY: a text; a worker that begins a task whose case contains it dies.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any


def _spy() -> None:
    from breachflow.sweeps.workers import task as work

    log, deadly, original = os.environ["BREACHFLOW_SPY_LOG"], os.environ["BREACHFLOW_SPY_DEADLY"], work.solve

    def solve(task: work.Task, *arguments: Any) -> work.TaskResult:
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, f"{task.solution}\n".encode())
        os.close(descriptor)
        if deadly and deadly in task.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(task, *arguments)

    work.solve = solve


if "breachflow.sweeps.workers.process" in sys.orig_argv:
    _spy()
