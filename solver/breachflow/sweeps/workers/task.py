"""The task of a worker: compute one case.

A worker reads no file but those of the case, and writes none but checkpoints.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from breachflow.arrays import CellRows
from breachflow.results import Quantity
from breachflow.runs.progress import StopRequest


class NeighborTask(NamedTuple):
    """A solution to start from."""

    text: str
    """Completed case of the solution."""
    state: CellRows
    """State (n_cells, 4) of the solution, dimensionless (`runs.solve.transfer.solved_state`)."""
    weight: float
    """Weight in the mean of all neighbors; the weights add up to 1."""


class Task(NamedTuple):
    """One solution to compute."""

    solution: str
    """Digest of the solution."""
    text: str
    """The completed case."""
    folder: str
    """The folder that paths in the case are relative to."""
    neighbors: tuple[NeighborTask, ...] = ()
    """Solutions to start from; empty for the ordinary initial state."""
    threads: int = 1
    kind: str = "flow"
    """Name of the kind of the case (`sweeps.kind`)."""
    output: str = ""
    """The result file, which the sweep will write: checkpoints lie beside it; empty where nothing is kept."""


class SolvedTask(NamedTuple):
    """What a kind computes of a task."""

    summary: Mapping[str, Quantity]
    image: bytes
    """Content of the result file."""
    state: CellRows | None = None
    """State (n_cells, 4) that other solutions start from; None where none does."""
    stopped: bool = False
    """Whether it was stopped before its end on request."""


@dataclass(frozen=True)
class TaskResult:
    """Result of a task, as a worker returns it."""

    solution: str
    """Digest of the solution."""
    summary: Mapping[str, Quantity]
    """The summary of the run; empty if it failed."""
    image: bytes
    """Content of the result file; empty if the run failed."""
    state: CellRows | None
    """State (n_cells, 4) that other solutions start from; None if the run failed."""
    error: str
    """Why the run failed; empty if it did not."""
    lasting: bool
    """Whether the same task would fail again: the case is at fault, neither the program nor the machine."""
    stopped: bool
    """Whether the run was stopped before its end on request."""
    seconds: float
    """Processor time, s."""


def solve(task: Task, stop: StopRequest | None = None) -> TaskResult:
    """Compute the case of a task. Raises nothing: the result tells every error."""
    from breachflow.errors import BreachflowError, NotEnoughMemory, Stopped
    from breachflow.sweeps.kind import kind_named

    began = time.process_time()
    try:
        found = kind_named(task.kind).solve(task, stop)
        spent = time.process_time() - began
        return TaskResult(task.solution, *found[:3], "", True, found.stopped, spent)
    except MemoryError:
        reason, lasting = "there is not enough memory; choose a coarser mesh or fewer workers", False
    except BreachflowError as error:
        reason, lasting = str(error), not isinstance(error, Stopped | NotEnoughMemory)
    except Exception as error:
        reason, lasting = f"a fault of breachflow itself: {type(error).__name__}: {str(error)[:200]}", False
    return TaskResult(task.solution, {}, b"", None, reason, lasting, False, time.process_time() - began)
