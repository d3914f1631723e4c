"""A number of a run that becomes NaN, at a random step in a random cell: the run recovers, or says where."""

from __future__ import annotations

import random

import numpy as np
import pytest

from breachflow.case import Case, parse_case
from breachflow.errors import NonPhysicalState
from breachflow.results.data import Summary
from breachflow.runs.solve.driver import solve
from breachflow.runs.solve.iteration import Iteration
from breachflow.runs.summary.summary import run_summary
from cases.test_kept_iterations import HOLE, parts

SEED = 20261201

STEPS = 18
"""Fewer than the runs take."""

TRANSIENT = ["run.mode=transient", "run.end_time=20 us"]


def spoiled(case: Case, chance: random.Random | None) -> Summary:
    """The summary of a run, in whose state a random number becomes NaN after a random step."""
    meshes, context = parts(case)
    iteration = Iteration()
    at = chance.randrange(1, STEPS) if chance is not None else 0
    for step, problem in enumerate(solve(meshes, context, iteration), start=1):
        last = problem
        if chance is not None and step == at:
            cells, numbers = iteration.state.shape
            iteration.state[chance.randrange(cells), chance.randrange(numbers)] = np.nan
    assert step > at
    assert np.all(np.isfinite(iteration.state))
    return run_summary(last, iteration, len(meshes))


def test_a_steady_run_recovers() -> None:
    """It goes back to its best state, and ends where it would have."""
    case, chance = parse_case(HOLE), random.Random(SEED)
    whole = spoiled(case, None)
    assert whole["converged"].value
    for _ in range(4):
        found = spoiled(case, chance)
        assert found["converged"].value
        # both have fallen by six orders; the flow follows its residual
        assert found["mass_flow"].value == pytest.approx(whole["mass_flow"].value, rel=1e-5)


@pytest.mark.parametrize("overrides", [[], ["run.time_step=0.5 us"]], ids=["explicit", "implicit"])
def test_a_run_in_time_ends_with_the_place(overrides: list[str]) -> None:
    """A state that is lost has no earlier one to go back to."""
    case, chance = parse_case(HOLE, overrides=[*TRANSIENT, *overrides]), random.Random(SEED)
    for _ in range(4):
        with pytest.raises(NonPhysicalState, match=r"cell \d+|cannot be solved"):
            spoiled(case, chance)
