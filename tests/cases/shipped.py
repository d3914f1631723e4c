"""The cases that come with the program, as the tests run them."""

from __future__ import annotations

from breachflow.case import Case, load_case
from breachflow.case_kinds import CaseKind
from breachflow.shipped import ShippedCase, cases, find_case
from breachflow.validation.plan import Trial, ValidationMode, ValidationPlan, make_plan

FAST = make_plan([], ValidationMode.FAST)
AS_WRITTEN = make_plan([], ValidationMode.FULL)


def shipped_cases() -> list[ShippedCase]:
    return cases()


def flows_of(plan: ValidationPlan) -> list[Trial]:
    """The trials of cases that are flows; others are tested in tests/cabin and tests/inference."""
    return [trial for trial in plan.trials if trial.case.kind is CaseKind.FLOW]


def trial_of(name: str, fast: bool) -> Trial:
    """The trial of this name, such as orifice/slit."""
    return next(trial for trial in (FAST if fast else AS_WRITTEN).trials if trial.name == name)


def load(name: str, *overrides: str) -> Case:
    """A shipped case with other values."""
    return load_case(find_case(name).folder / "case.toml", overrides)
