"""Implicit steps in time: their order, what they conserve, and what they do where a step cannot be solved."""

from __future__ import annotations

import numpy as np
import pytest

from breachflow.case import parse_case
from breachflow.errors import NonPhysicalState
from breachflow.numerics.implicit import in_time
from breachflow.numerics.implicit.in_time import TimeStepper, backward_difference
from breachflow.runs.setup.meshes import case_meshes
from breachflow.runs.setup.problem import Problem, make_problem
from breachflow.runs.setup.start import exact_start
from cases.test_kept_iterations import VORTEX

END = 0.6
"""Time at the end in units of the reference: the vortex moves by a sixth of its size."""


def problem() -> Problem:
    case = parse_case(VORTEX)
    return make_problem(case, case_meshes(case)[-1])


def marched(flow: Problem, steps: list[float]) -> np.ndarray:
    """The state after steps of these parts of the end time, from the exact start."""
    stepper, state = TimeStepper(flow.discretization), exact_start(flow)
    for part in steps:
        assert stepper.take_step(state, part * END) == part * END
    return state


def test_weights_are_exact_for_parabolas() -> None:
    """The derivative of t^2 at t = 1 is 2, from its values at 0 and at -1/ratio, whatever the ratio."""
    for ratio in (0.25, 1.0, 2.0):
        weights = backward_difference(ratio)
        assert sum(weights) == pytest.approx(0.0, abs=1e-15)
        before = -1.0 / ratio
        assert weights.new * 1.0 + weights.before * before**2 == pytest.approx(2.0)
    assert backward_difference(0.0) == (1.0, -1.0, 0.0)


@pytest.mark.slow
def test_steps_are_of_second_order_and_may_change_their_length() -> None:
    """Errors against 64 steps, after 8 and 16; the third march alternates between two lengths."""
    flow = problem()
    exact = marched(flow, [1 / 64] * 64)
    errors = [np.abs(marched(flow, [1 / n] * n) - exact).mean() for n in (8, 16)]
    assert errors[0] / errors[1] == pytest.approx(4.0, abs=1.0)
    uneven = np.abs(marched(flow, [1 / 12, 1 / 24] * 8) - exact).mean()
    assert errors[1] < uneven < errors[0]


def test_a_step_that_cannot_be_solved_is_halved_and_then_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = problem()
    stepper, state = TimeStepper(flow.discretization), exact_start(flow)
    start = state.copy()
    tried: list[float] = []
    monkeypatch.setattr(TimeStepper, "_solves", lambda *given: bool(tried.append(given[-1])))
    with pytest.raises(NonPhysicalState, match="cannot be solved"):
        stepper.take_step(state, 1.0)
    assert tried == [0.5**n for n in range(in_time.HALVINGS)]
    assert np.array_equal(state, start)
