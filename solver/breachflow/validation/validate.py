"""Running the trials and judging them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from breachflow.case import Case
from breachflow.errors import BreachflowError
from breachflow.runs.progress import StopRequest, Watcher
from breachflow.validation.judge import Finding, Outcome, Status, judge, outcome_of
from breachflow.validation.plan import Key, Mode, Plan, Trial

Begin: TypeAlias = Callable[[int, Trial], Watcher | None]
"""Called before each run with its number, from 1, and a trial that needs it; gives who watches the run."""


@dataclass(frozen=True)
class Report:
    """What validation found."""

    mode: Mode
    findings: list[Finding]
    outcomes: dict[Key, Outcome]
    left_out: list[str]
    """Trials that this mode does not run."""
    planned: int
    """Runs that were to be done."""
    seconds: float
    stopped: str
    """Why it was stopped, if it was; then some runs are missing."""

    def with_status(self, status: Status) -> list[Finding]:
        """The findings of one kind."""
        return [finding for finding in self.findings if finding.status is status]

    def outcome(self, finding: Finding) -> Outcome:
        """The run that gave the number of a finding."""
        return self.outcomes[finding.trial.key]


def validate(plan: Plan, *, begin: Begin | None = None, stop: StopRequest | None = None) -> Report:
    """Do every run of a plan once, in a temporary folder, and judge every number."""
    started, outcomes, stopped = time.monotonic(), {}, ""
    names = {trial.key: trial for trial in (*plan.likes.values(), *reversed(plan.trials))}
    with TemporaryDirectory(prefix="breachflow-") as folder:
        for number, (key, case) in enumerate(plan.runs.items(), start=1):
            watch = begin(number, names[key]) if begin else None
            outcome = _outcome(case, Path(folder), watch, stop)
            stopped = (stop() if stop else None) or ""
            if stopped:
                break
            outcomes[key] = outcome
    done = [trial for trial in plan.trials if plan.needed_by(trial) <= outcomes.keys()]
    findings = [finding for trial in done for finding in _findings(plan, trial, outcomes)]
    seconds = time.monotonic() - started
    return Report(plan.mode, findings, outcomes, plan.left_out, len(plan.runs), seconds, stopped)


def _outcome(case: Case, folder: Path, watch: Watcher | None, stop: StopRequest | None) -> Outcome:
    """One run; whatever goes wrong with it is the case's own failure and does not end the others."""
    from breachflow.runs.run import run

    began = time.monotonic()
    with TemporaryDirectory(dir=folder) as place:
        try:
            return outcome_of(run(case, output=Path(place) / "result.vtkhdf", watch=watch, stop=stop))
        except BreachflowError as error:
            return Outcome({}, {}, {}, time.monotonic() - began, str(error))


def _findings(plan: Plan, trial: Trial, outcomes: dict[Key, Outcome]) -> list[Finding]:
    found = []
    for expected in trial.expected:
        other = plan.like(trial, expected)
        reference = outcomes[other.key] if other is not None else None
        found.append(judge(trial, expected, outcomes[trial.key], reference, plan.is_fast))
    return found
