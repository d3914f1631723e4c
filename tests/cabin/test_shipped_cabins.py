"""Every shipped cabin gives the numbers of its expected.toml: closed forms and other integrations."""

from __future__ import annotations

import pytest

from breachflow.validation.judge import Status
from breachflow.validation.plan import Trial, ValidationMode, make_plan
from breachflow.validation.validate import validate

PLAN = make_plan(["cabin"], ValidationMode.FULL)
CASES = {trial.case.name: trial for trial in PLAN.trials}


def _marks(trial: Trial) -> list[pytest.MarkDecorator]:
    return [pytest.mark.slow] if trial.case.expectations.full else []


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=_marks(trial)) for name, trial in sorted(CASES.items())]
)
def test_gives_the_expected_numbers(name: str) -> None:
    report = validate(make_plan([name], ValidationMode.FULL))
    expected = sum(len(trial.expected) for trial in PLAN.trials if trial.case.name == name)
    missed = {
        f"{one.trial.name} {one.expected.quantity}": one.reason for one in report.findings if one.reason
    }
    assert missed == {}
    assert [one.status for one in report.findings] == [Status.PASS] * expected


def test_a_wrong_number_is_missed(tmp_path: object) -> None:
    """The judgment of a cabin can fail: the adiabatic answer is not the isothermal one."""
    trial = next(one for one in PLAN.trials if one.name == "cabin/mir_spektr")
    found = [one.quantity for one in trial.expected]
    assert "compartments.spektr.pressure" in found
    wrong = Trial(trial.case, None, ("thermal=adiabatic",))
    plan = make_plan(["cabin/mir_spektr"], ValidationMode.FULL)
    plan.trials = [wrong]
    plan.likes = {}
    plan.runs = {wrong.key: wrong.case.load(wrong.overrides)}
    statuses = {one.expected.quantity: one.status for one in validate(plan).findings}
    assert statuses["compartments.spektr.pressure"] is Status.FAIL
    assert statuses["mass_residual"] is Status.PASS
