"""The driver of a sweep: it gives solutions to workers, each once, and keeps the workers busy."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from breachflow.errors import UsageError
from breachflow.files import make_folder
from breachflow.runs.progress import StopRequest
from breachflow.sweeps.ledger import Claim, Ledger
from breachflow.sweeps.plan import SolutionPlan, SweepPlan, make_plan
from breachflow.sweeps.progress import SweepProgress, SweepWatcher, others_text
from breachflow.sweeps.record import SweepRecord
from breachflow.sweeps.workers.local import LocalWorkers, LostTask, WorkerOutcome, Workers
from breachflow.sweeps.workers.task import Task, TaskResult

if TYPE_CHECKING:
    from breachflow.document.sweep.rules import SweptDocument
    from breachflow.sweeps.result import SweepResult

LEDGER: Final = "ledger.sqlite"
"""Name of the ledger in the folder of a sweep."""

POLL_INTERVAL: Final = 0.2
"""Time between two checks for a stop request and for the claims of other sweeps, s."""

ATTEMPTS: Final = 3
"""Number of workers that may be lost over one solution before the sweep gives it up."""


@dataclass(frozen=True)
class SweepResources:
    """Processes and threads of a sweep."""

    workers: int
    threads: int = 1
    """Threads of each worker."""
    scheduler: str | None = None
    """Address of a dask scheduler; None for processes on this machine."""
    warm_up: Callable[[StopRequest], object] | None = None
    """What is done once before processes on this machine start."""

    def start(self, stop: StopRequest) -> Workers:
        """Start the workers, or connect to those of the scheduler.

        Raises UsageError where that fails, Stopped where that is asked for meanwhile.
        """
        if self.scheduler is not None:
            from breachflow.sweeps.workers.dask import ClusterWorkers

            return ClusterWorkers(self.scheduler, self.threads)
        if self.warm_up is not None:
            self.warm_up(stop)
        return LocalWorkers(self.workers, self.threads)


def default_workers(threads: int = 1) -> int:
    """Number of workers for which every thread has a core."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(cores // threads, 1)


def sweep_folder(case: SweptDocument) -> Path:
    """The folder NAME.sweep beside the case file NAME.toml."""
    name = case.path.stem if case.path else "case"
    return case.folder / f"{name}.sweep"


def sweep(
    case: SweptDocument,
    *,
    workers: int | None = None,
    threads: int = 1,
    scheduler: str | None = None,
    output: str | Path | None = None,
    watch: SweepWatcher | None = None,
    stop: StopRequest | None = None,
) -> SweepResult:
    """Compute the points of the case's `[sweep]` that the ledger does not have, and write the table.

    `workers` is the number of processes (None: one for each core), `threads` the number of threads of each.
    With a dask `scheduler` (tcp://HOST:PORT) its workers are used instead. `output` replaces the folder
    NAME.sweep beside the case. `watch` is called after each solution. `stop` is called several times a
    second; once it returns a reason, the sweep ends, and a later call computes the remaining points. A point
    that fails has a row with its error in the table.

    Raises UsageError where the workers or numba cannot be started, CaseError where the case has no `[sweep]`,
    and ResultError where the ledger or a file cannot be read or written.
    """
    from breachflow.sweeps.result import finish

    _require_positive("threads", threads)
    count = default_workers(threads) if workers is None else workers
    _require_positive("workers", count)
    plan = make_plan(case)
    plan.kind.require(
        threads
    )  # settings that cannot be used end the sweep, and are not the error of each point
    folder = Path(output) if output is not None else sweep_folder(case)
    make_folder(folder)
    with Ledger(folder / LEDGER) as ledger:
        ledger.discard_ended()
        record = SweepRecord(plan, ledger, folder)
        run = SweepRun(plan, record, watch or _ignore, stop or _never)
        run.solve(SweepResources(count, threads, scheduler, partial(plan.kind.warm_up, case)))
        return finish(plan, record, folder, run.lost, run.stopped)


def _require_positive(name: str, count: int) -> None:
    if count < 1:
        raise UsageError(f"{name} = {count}: at least 1")


def _ignore(_: SweepProgress) -> None:
    return


def _never() -> str | None:
    return None


@dataclass
class SweepRun:
    """The state of a sweep while it runs. Dictionaries are by digest of the solution."""

    plan: SweepPlan
    record: SweepRecord
    watch: SweepWatcher
    stop: StopRequest
    waiting: dict[str, SolutionPlan] = field(default_factory=dict)
    """Solutions that are still to be computed, in their order."""
    running: dict[str, Task] = field(default_factory=dict)
    """Tasks that the workers have."""
    claimed_elsewhere: dict[str, float] = field(default_factory=dict)
    """Solutions that another sweep has claimed, with the time of the last check, s."""
    attempts: dict[str, int] = field(default_factory=dict)
    """Number of workers that were lost over a solution."""
    lost: dict[str, str] = field(default_factory=dict)
    """Solutions that failed for a reason that may not come again, with the reason."""
    stopped: str = ""
    """Reason for the end of the sweep before all was done; empty otherwise."""
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Count what is done and what is left."""
        entries = self.record.entries
        self.waiting = {name: one for name, one in self.plan.solutions.items() if name not in entries}
        self.done = len(self.plan.points) - sum(len(one.points) for one in self.waiting.values())
        self.cost = self.left = sum(one.cost for one in self.waiting.values())

    def solve(self, resources: SweepResources) -> None:
        """Start workers, compute every solution that is not done, and end the workers."""
        self._report(others_text(self.record.others, self.plan.kind.name) if self.waiting else "")
        if not self.waiting:
            return
        workers = replace(resources, workers=min(resources.workers, len(self.waiting))).start(self.stop)
        try:
            self.work(workers)
        finally:
            workers.close()

    def work(self, workers: Workers) -> None:
        """Submit tasks and record their results until every solution is done or the sweep is stopped."""
        try:
            while (self.waiting or self.running) and not self._is_stopped():
                self._submit(workers)
                for outcome in workers.wait(POLL_INTERVAL):
                    self._submit(workers)  # before the result is written: no worker waits for the disk
                    self._take(outcome)
        finally:
            for solution in self.running:
                self.record.release(solution)

    def _is_stopped(self) -> bool:
        self.stopped = self.stopped or self.stop() or ""
        return bool(self.stopped)

    def _submit(self, workers: Workers) -> None:
        """Submit solutions whose parents have ended, as many as the workers take."""
        free = workers.free()
        if not free:
            return
        for name, solution in list(self.waiting.items()):
            if all(self._has_ended(parent.solution) for parent in solution.parents) and self._claimed(name):
                self.running[name] = self._task(solution)
                del self.waiting[name]
                workers.submit(self.running[name])
                free -= 1
                if not free:
                    return

    def _has_ended(self, solution: str) -> bool:
        return solution in self.record.entries or solution in self.lost

    def _claimed(self, solution: str) -> bool:
        """Whether this sweep now has the claim; a claim of another sweep is checked again after a while."""
        now = time.monotonic()
        if now - self.claimed_elsewhere.get(solution, -POLL_INTERVAL) < POLL_INTERVAL:
            return False
        claim = self.record.claim(solution)
        if claim is Claim.OTHERS:
            self.claimed_elsewhere[solution] = now
        elif claim is Claim.DONE:
            self._count(self.waiting.pop(solution))
            self._report()
        return claim is Claim.MINE

    def _task(self, solution: SolutionPlan) -> Task:
        neighbors = self.record.neighbors(solution)
        case, kind = solution.case, solution.kind.name
        return Task(
            solution=solution.digest,
            text=case.completed_text,
            folder=str(case.folder),
            neighbors=neighbors,
            kind=kind,
            output=str(self.record.file(solution.digest).absolute()),
        )

    def _take(self, outcome: WorkerOutcome) -> None:
        """Record a result, or submit the task again that a worker did not complete."""
        if isinstance(outcome, LostTask):
            self._take_loss(outcome)
        elif outcome.stopped:
            self._submit_again(outcome.solution)
        elif outcome.error and not outcome.lasting:
            self._give_up(outcome.solution, outcome.error)
        else:
            task = self.running.pop(outcome.solution)
            solution = self.plan.solutions[outcome.solution]
            self.record.write(outcome, _nearest_first(solution) if task.neighbors else [])
            self._count(solution)
            self._report(_note(solution, outcome))

    def _take_loss(self, loss: LostTask) -> None:
        solution = loss.task.solution
        self.attempts[solution] = self.attempts.get(solution, 0) + bool(loss.reason)
        if self.attempts[solution] < ATTEMPTS:
            self._submit_again(solution)
        else:
            self._give_up(solution, f"{loss.reason}, {ATTEMPTS} times")

    def _submit_again(self, solution: str) -> None:
        del self.running[solution]
        self.record.release(solution)
        self.waiting = {solution: self.plan.solutions[solution], **self.waiting}

    def _give_up(self, solution: str, reason: str) -> None:
        del self.running[solution]
        self.record.release(solution)
        self.lost[solution] = reason
        self._count(self.plan.solutions[solution])
        self._report(f"{_point_names(self.plan.solutions[solution])}: {reason}")

    def _count(self, solution: SolutionPlan) -> None:
        """Count the points and the time of a solution that has ended."""
        self.done += len(solution.points)
        self.left -= solution.cost

    def _report(self, note: str = "") -> None:
        """Call the watcher."""
        elapsed, left = time.monotonic() - self.began, max(self.left, 0.0)
        self.watch(
            SweepProgress(
                points=len(self.plan.points),
                done=self.done,
                running=len(self.running),
                elapsed=elapsed,
                remaining=elapsed * left / (self.cost - left) if left < self.cost else None,
                note=note,
            )
        )


def _nearest_first(solution: SolutionPlan) -> list[str]:
    return [parent.solution for parent in sorted(solution.parents, key=lambda parent: -parent.weight)]


def _note(solution: SolutionPlan, result: TaskResult) -> str:
    """A line about a solution that failed or did not converge; empty otherwise."""
    if result.error:
        return f"{_point_names(solution)}: {result.error}"
    status = solution.kind.status(result.summary)
    return "" if status == solution.kind.good else f"{_point_names(solution)}: {status.upper()}"


def _point_names(solution: SolutionPlan) -> str:
    first, *others = solution.points
    return f"point {first}" + (f" and {len(others)} more" if others else "")
