"""Solve the flows of a sweep, each once, by workers that never wait for the books."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from breachflow.errors import UsageError
from breachflow.files import make_folder
from breachflow.runs.progress import StopRequest
from breachflow.runs.solve.warm_up import warm_up
from breachflow.sweeps.ledger import Claim, Ledger
from breachflow.sweeps.plan import FlowPlan, SweepPlan, make_plan
from breachflow.sweeps.progress import SweepProgress, SweepWatcher
from breachflow.sweeps.record import Books
from breachflow.sweeps.workers.local import LocalWorkers, Lost, Outcome, Workers
from breachflow.sweeps.workers.task import Answer, Task

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.sweeps.result import SweepResult

LEDGER: Final = "ledger.sqlite"

PATIENCE: Final = 0.2
"""s between two looks at what other sweeps and the person have done."""

ATTEMPTS: Final = 3
"""Workers that may be lost over one flow."""


@dataclass(frozen=True)
class Means:
    """What a sweep computes with."""

    workers: int
    threads: int = 1
    scheduler: str | None = None
    """Address of a dask scheduler; None for processes on this machine."""

    def start(self) -> Workers:
        """The workers."""
        if self.scheduler is not None:
            from breachflow.sweeps.workers.dask import ClusterWorkers

            return ClusterWorkers(self.scheduler, self.threads)
        warm_up()
        return LocalWorkers(self.workers, self.threads)


def default_workers(threads: int = 1) -> int:
    """As many as have a core each for all their threads."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(cores // threads, 1)


def sweep_folder(case: Case) -> Path:
    """NAME.sweep beside the case file NAME.toml."""
    name = case.path.stem if case.path else "case"
    return case.folder / f"{name}.sweep"


def sweep(
    case: Case,
    *,
    workers: int | None = None,
    threads: int = 1,
    scheduler: str | None = None,
    output: str | Path | None = None,
    watch: SweepWatcher | None = None,
    stop: StopRequest | None = None,
) -> SweepResult:
    """Compute every point of the case's `[sweep]` that its ledger does not have, and write the table.

    `workers` processes (all cores if None) of so many `threads` each, or the workers of a dask `scheduler`
    (tcp://HOST:PORT); `output` replaces the folder NAME.sweep beside the case. `watch` is told of every
    flow that is done; `stop` is asked several times a second, and what is not done then is done next time.
    Points that fail are rows with their error.

    Raises UsageError, CaseError (no `[sweep]`) or ResultError.
    """
    from breachflow.sweeps.result import finish

    _counted("threads", threads)
    means = Means(
        _counted("workers", default_workers(threads) if workers is None else workers), threads, scheduler
    )
    plan = make_plan(case)
    folder = Path(output) if output is not None else sweep_folder(case)
    make_folder(folder)
    with Ledger(folder / LEDGER) as ledger:
        books = Books(plan, ledger, folder)
        run = Run(plan, books, watch or _ignore, stop or _never)
        run.solve(means)
        return finish(plan, books, folder, run.lost, run.stopped)


def _counted(name: str, count: int) -> int:
    if count < 1:
        raise UsageError(f"{name} = {count}: at least 1")
    return count


def _ignore(_: SweepProgress) -> None:
    return


def _never() -> str | None:
    return None


@dataclass
class Run:
    """One sweep while it goes on."""

    plan: SweepPlan
    books: Books
    watch: SweepWatcher
    stop: StopRequest
    waiting: dict[str, FlowPlan] = field(default_factory=dict)
    """Flows that are to be done, in their order."""
    running: dict[str, Task] = field(default_factory=dict)
    others: dict[str, float] = field(default_factory=dict)
    """Flows that another sweep computes, and when that was last seen."""
    attempts: dict[str, int] = field(default_factory=dict)
    """Workers that were lost over a flow."""
    lost: dict[str, str] = field(default_factory=dict)
    """By flow, why it could not be done this time."""
    stopped: str = ""
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        records = self.books.records
        self.waiting = {name: flow for name, flow in self.plan.flows.items() if name not in records}
        self.done = len(self.plan.points) - sum(len(flow.points) for flow in self.waiting.values())
        self.cost = self.left = sum(flow.seconds for flow in self.waiting.values())

    def solve(self, means: Means) -> None:
        """Everything that is not done."""
        self._tell()
        if not self.waiting:
            return
        workers = replace(means, workers=min(means.workers, len(self.waiting))).start()
        try:
            self.work(workers)
        finally:
            workers.close()

    def work(self, workers: Workers) -> None:
        """Give the flows to workers and take what becomes of them, until all are done."""
        try:
            while (self.waiting or self.running) and not self._is_stopped():
                self._submit(workers)
                for outcome in workers.wait(PATIENCE):
                    self._submit(workers)  # before the books: a worker must not wait for them
                    self._take(outcome)
        finally:
            for flow in self.running:
                self.books.release(flow)

    def _is_stopped(self) -> bool:
        self.stopped = self.stopped or self.stop() or ""
        return bool(self.stopped)

    def _submit(self, workers: Workers) -> None:
        """As many flows as the workers take whose parents are done."""
        free = workers.free()
        if not free:
            return
        for name, flow in list(self.waiting.items()):
            if all(self._is_over(parent.flow) for parent in flow.parents) and self._claimed(name):
                self.running[name] = self._task(flow)
                del self.waiting[name]
                workers.submit(self.running[name])
                free -= 1
                if not free:
                    return

    def _is_over(self, flow: str) -> bool:
        return flow in self.books.records or flow in self.lost

    def _claimed(self, flow: str) -> bool:
        """Whether it is ours to do; if another sweep has it, ask again only after a while."""
        now = time.monotonic()
        if now - self.others.get(flow, -PATIENCE) < PATIENCE:
            return False
        claim = self.books.claim(flow)
        if claim is Claim.OTHERS:
            self.others[flow] = now
        elif claim is Claim.DONE:
            self._count(self.waiting.pop(flow))
            self._tell()
        return claim is Claim.MINE

    def _task(self, flow: FlowPlan) -> Task:
        neighbors = self.books.neighbors(flow)
        return Task(flow.digest, flow.case.completed_text, str(flow.case.folder), neighbors)

    def _take(self, outcome: Outcome) -> None:
        """Write an answer down; try a task again whose worker is gone."""
        if isinstance(outcome, Lost):
            self._take_loss(outcome)
        elif outcome.stopped:
            self._again(outcome.flow)
        elif outcome.error and not outcome.lasting:
            self._give_up(outcome.flow, outcome.error)
        else:
            task = self.running.pop(outcome.flow)
            flow = self.plan.flows[outcome.flow]
            self.books.write(outcome, _nearest_first(flow) if task.neighbors else [])
            self._count(flow)
            self._tell(_note(flow, outcome))

    def _take_loss(self, loss: Lost) -> None:
        flow = loss.task.flow
        self.attempts[flow] = self.attempts.get(flow, 0) + bool(loss.reason)
        if self.attempts[flow] < ATTEMPTS:
            self._again(flow)
        else:
            self._give_up(flow, f"{loss.reason}, {ATTEMPTS} times")

    def _again(self, flow: str) -> None:
        del self.running[flow]
        self.books.release(flow)
        self.waiting = {flow: self.plan.flows[flow], **self.waiting}

    def _give_up(self, flow: str, reason: str) -> None:
        del self.running[flow]
        self.books.release(flow)
        self.lost[flow] = reason
        self._count(self.plan.flows[flow])
        self._tell(f"{_names(self.plan.flows[flow])}: {reason}")

    def _count(self, flow: FlowPlan) -> None:
        """A flow is over."""
        self.done += len(flow.points)
        self.left -= flow.seconds

    def _tell(self, note: str = "") -> None:
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


def _nearest_first(flow: FlowPlan) -> list[str]:
    return [parent.flow for parent in sorted(flow.parents, key=lambda parent: -parent.weight)]


def _note(flow: FlowPlan, answer: Answer) -> str:
    """A line about a flow that did not go as it should."""
    if answer.error:
        return f"{_names(flow)}: {answer.error}"
    return "" if answer.summary["converged"].value else f"{_names(flow)}: NOT CONVERGED"


def _names(flow: FlowPlan) -> str:
    first, *others = flow.points
    return f"point {first}" + (f" and {len(others)} more" if others else "")
