"""The runs of a plan, and the judgment of their numbers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple, TypeAlias

from breachflow.cabin.answer.answer import solve_cabin
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.case import Case
from breachflow.errors import BreachflowError, UsageError
from breachflow.inference.case.answer import inference_of
from breachflow.inference.case.schema import RecordCase
from breachflow.inference.locate.compute import location_of
from breachflow.inference.locate.grammar.schema import LocateCase
from breachflow.runs.progress import StopRequest, Watcher
from breachflow.validation.judge import (
    Finding,
    Status,
    TrialResult,
    cabin_trial_result,
    judge,
    locate_trial_result,
    record_trial_result,
    trial_result,
)
from breachflow.validation.plan import AnyCase, Trial, TrialKey, ValidationMode, ValidationPlan

VARIED: Final = "reserve_time_"
"""Beginning of the names of numbers of a cabin that take marches of the case with other values."""

Begin: TypeAlias = Callable[[int, Trial], Watcher | None]
"""Called before each run with its number, from 1, and a trial that needs it; returns the run's watcher."""


@dataclass(frozen=True)
class ValidationReport:
    """The findings of a validation."""

    mode: ValidationMode
    findings: list[Finding]
    results: dict[TrialKey, TrialResult]
    left_out: list[str]
    """Names of the trials that the mode leaves out."""
    planned: int
    """Number of runs of the plan."""
    seconds: float
    """Wall time, s."""
    stopped: str
    """Why the validation was stopped before its end; empty if it was not."""

    def with_status(self, status: Status) -> list[Finding]:
        """The findings of one status."""
        return [finding for finding in self.findings if finding.status is status]

    def result_of(self, finding: Finding) -> TrialResult:
        """The result that a finding judges."""
        return self.results[finding.trial.key]


def validate(
    plan: ValidationPlan, *, begin: Begin | None = None, stop: StopRequest | None = None
) -> ValidationReport:
    """Do every run of a plan once, in a temporary folder, and judge its numbers.

    `stop` is asked during and after each run; its text ends the validation. A run that fails is a finding of
    its case, not an error.

    Raises UsageError where numba has settings that it cannot use.
    """
    started, results, stopped = time.monotonic(), {}, ""
    names = {trial.key: trial for trial in (*plan.likes.values(), *reversed(plan.trials))}
    with TemporaryDirectory(prefix="breachflow-") as folder:
        for number, (key, case) in enumerate(plan.runs.items(), start=1):
            watch = begin(number, names[key]) if begin else None
            result = _result(case, _Asked(Path(folder), plan.asks(key, VARIED), watch, stop))
            stopped = (stop() if stop else None) or ""
            if stopped:
                break
            results[key] = result
    done = [trial for trial in plan.trials if plan.needed_by(trial) <= results.keys()]
    findings = [finding for trial in done for finding in _findings(plan, trial, results)]
    seconds = time.monotonic() - started
    return ValidationReport(plan.mode, findings, results, plan.left_out, len(plan.runs), seconds, stopped)


class _Asked(NamedTuple):
    """How a run is to be made."""

    folder: Path
    """For its result."""
    varied: bool
    """Whether a cabin is marched with other values too."""
    watch: Watcher | None
    stop: StopRequest | None


def _result(case: AnyCase, asked: _Asked) -> TrialResult:
    """The result of one run; an error of the run becomes its failure, and the other runs go on.

    Raises UsageError where numba has settings that it cannot use.
    """
    began = time.monotonic()
    try:
        if isinstance(case, RecordCase):
            return record_trial_result(inference_of(case), time.monotonic() - began)
        if isinstance(case, LocateCase):
            return locate_trial_result(location_of(case), time.monotonic() - began)
        if isinstance(case, CabinCase):
            answer = solve_cabin(case, stop=asked.stop, varied=asked.varied)
            return cabin_trial_result(answer, time.monotonic() - began)
        return _flow_result(case, asked)
    except UsageError:  # of the compiler's settings: no run can begin
        raise
    except BreachflowError as error:
        return TrialResult({}, {}, {}, time.monotonic() - began, str(error))


def _flow_result(case: Case, asked: _Asked) -> TrialResult:
    from breachflow.runs.run import run

    with TemporaryDirectory(dir=asked.folder) as place:
        output = Path(place) / "result.vtkhdf"
        return trial_result(run(case, output=output, watch=asked.watch, stop=asked.stop))


def _findings(plan: ValidationPlan, trial: Trial, results: dict[TrialKey, TrialResult]) -> list[Finding]:
    found = []
    for expected in trial.expected:
        other = plan.like(trial, expected)
        reference = results[other.key] if other is not None else None
        found.append(judge(trial, expected, results[trial.key], reference, plan.is_fast))
    return found
