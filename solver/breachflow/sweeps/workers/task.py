"""What a worker does, wherever it runs: solve one flow. It touches no file but a mesh, and keeps no books."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from breachflow.arrays import Floats
from breachflow.results import Quantity
from breachflow.runs.progress import StopRequest

if TYPE_CHECKING:
    from breachflow.case.schema import Case


class NeighborTask(NamedTuple):
    """A solved flow to start from."""

    text: str
    """Its completed case."""
    state: Floats
    """As `runs.solve.transfer.solved_state` has it."""
    weight: float


class Task(NamedTuple):
    """One flow to solve."""

    flow: str
    text: str
    """The completed case."""
    folder: str
    """That paths in the case are relative to."""
    neighbors: tuple[NeighborTask, ...] = ()
    threads: int = 1


@dataclass(frozen=True)
class Answer:
    """What became of a task."""

    flow: str
    summary: Mapping[str, Quantity]
    image: bytes
    """The result file."""
    state: Floats | None
    """For its neighbors to start from; None if there is no solution."""
    error: str
    """Why there is no solution; empty if there is one."""
    lasting: bool
    """Whether the same task would fail again: the case is at fault, and not this program or machine."""
    stopped: bool
    seconds: float
    """Processor time."""


def solve(task: Task, stop: StopRequest | None = None) -> Answer:
    """Do a task; whatever goes wrong with it is told in the answer."""
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
    return Answer(task.flow, {}, b"", None, reason, lasting, False, time.process_time() - began)


def _solved(task: Task, stop: StopRequest | None, began: float) -> Answer:
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
    return Answer(
        flow=task.flow,
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
