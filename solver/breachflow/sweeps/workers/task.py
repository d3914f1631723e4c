"""The task of a worker: run one case. A worker reads no file but a mesh, and writes none."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from breachflow.arrays import CellRows
from breachflow.results import Quantity
from breachflow.runs.progress import StopRequest

if TYPE_CHECKING:
    from breachflow.case.schema import Case


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
    """Run the case of a task. Raises nothing: the result tells every error."""
    from breachflow.errors import BreachflowError, NotEnoughMemory, Stopped

    began = time.process_time()
    try:
        return _solved(task, stop, began)
    except MemoryError:
        reason, lasting = "there is not enough memory; choose a coarser mesh or fewer workers", False
    except BreachflowError as error:
        reason, lasting = str(error), not isinstance(error, Stopped | NotEnoughMemory)
    except Exception as error:
        reason, lasting = f"a fault of breachflow itself: {type(error).__name__}: {str(error)[:200]}", False
    return TaskResult(task.solution, {}, b"", None, reason, lasting, False, time.process_time() - began)


def _solved(task: Task, stop: StopRequest | None, began: float) -> TaskResult:
    from breachflow.errors import Stopped
    from breachflow.results import result_bytes
    from breachflow.runs.run import compute
    from breachflow.runs.solve.transfer import Neighbor, can_transfer, solved_state

    case = _case(task.text, task.folder)
    near = [Neighbor(_case(one.text, task.folder), one.state, one.weight) for one in task.neighbors]
    neighbors = near if all(can_transfer(case, one.case) for one in near) else []
    data = compute(case, threads=task.threads, stop=stop, command="breachflow sweep", neighbors=neighbors)
    reason = "" if data.summary["converged"].value else str(data.summary["stopped"].value)
    stopped = bool(reason and stop and stop())
    if reason and not stopped:  # the case has a limit of its own, run.wall_clock
        raise Stopped(reason)
    return TaskResult(
        solution=task.solution,
        summary=data.summary,
        image=result_bytes(data),
        state=solved_state(case, data.fields),
        error="",
        lasting=True,
        stopped=stopped,
        seconds=time.process_time() - began,
    )


def _case(text: str, folder: str) -> Case:
    from breachflow.case import parse_case

    return parse_case(text, path=Path(folder) / "case.toml", allow_outside=True)
