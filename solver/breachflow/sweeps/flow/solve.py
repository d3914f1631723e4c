"""A worker's run of a flow, which may start from solved neighbors."""

from __future__ import annotations

from pathlib import Path

from breachflow.case.read import parse_case
from breachflow.case.schema import Case
from breachflow.errors import Stopped
from breachflow.runs.progress import StopRequest
from breachflow.sweeps.workers.task import SolvedTask, Task


def solve_flow(task: Task, stop: StopRequest | None) -> SolvedTask:
    """Run the case of a task. Raises BreachflowError where the run fails."""
    from breachflow.results import result_bytes
    from breachflow.results.checkpoint.pair import Earlier
    from breachflow.runs.kept.keeper import RunKeeper
    from breachflow.runs.run import compute
    from breachflow.runs.solve.transfer import Neighbor, can_transfer, solved_state

    case = _case(task.text, task.folder)
    near = [Neighbor(_case(one.text, task.folder), one.state, one.weight) for one in task.neighbors]
    neighbors = near if all(can_transfer(case, one.case) for one in near) else []
    keeper = RunKeeper(Path(task.output), Earlier.GO_ON_OR_DISCARD) if task.output else None
    data = compute(
        case, threads=task.threads, stop=stop, command="breachflow sweep", neighbors=neighbors, keeper=keeper
    )
    reason = "" if data.summary["converged"].value else str(data.summary["stopped"].value)
    stopped = bool(reason and stop and stop())
    if reason and not stopped:  # the case has a limit of its own, run.wall_clock
        raise Stopped(reason)
    return SolvedTask(data.summary, result_bytes(data), solved_state(case, data.fields), stopped)


def _case(text: str, folder: str) -> Case:
    return parse_case(text, path=Path(folder) / "case.toml", allow_outside=True)
