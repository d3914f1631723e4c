"""Runs that do not settle by themselves: one part is held while the rest does, and must not matter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from breachflow.case import Case, parse_case
from breachflow.numerics.implicit.newton import ImplicitStepper
from breachflow.numerics.space.layout import interior_faces
from breachflow.numerics.space.reconstruction import FACTORS, limiter_factors
from breachflow.runs.measure.flow_rate import FlowRate
from breachflow.runs.run import compute
from breachflow.runs.setup.meshes import case_mesh
from breachflow.runs.setup.problem import make_problem
from breachflow.runs.setup.start import steady_guess
from breachflow.runs.solve.hold.held import AGREEMENT, MOST_HOLDS, SMALL, Hold
from breachflow.runs.solve.hold.parts import HeldPart
from breachflow.runs.solve.iteration import Ending
from breachflow.runs.summary.solved_run import SolvedRun
from breachflow.runs.summary.summary import summarize
from cases.plates import case_text, cut, plate

HOLE = 'diameter = "2 mm", wall_thickness = "1 mm"'
NOTHING = Hold()


def case_on_triangles(folder: Path, *overrides: str) -> Case:
    text = case_text(cut(plate()), folder, HOLE)
    return parse_case(text, path=folder / "case.toml", overrides=["flow.model=inviscid", *overrides])


def stepper_on(case: Case) -> tuple[ImplicitStepper, np.ndarray]:
    """A stepper, and a state that differs from that of the start in every cell."""
    problem = make_problem(case, case_mesh(case))
    state = steady_guess(problem)
    state *= 1.0 + 0.2 * np.random.default_rng(3).random(len(state))[:, None]
    return ImplicitStepper(problem.discretization, 20.0), state


def test_held_factors_are_those_that_the_limiter_would_choose(tmp_path: Path) -> None:
    """To single precision, in which they are kept; at another state they are not."""
    stepper, state = stepper_on(case_on_triangles(tmp_path))
    free = stepper.evaluate(state).copy()
    factors = np.empty((interior_faces(stepper.discretization.layout), FACTORS), np.float32)
    work = stepper.arrays.work
    limiter_factors(work.primitive, work.gradient, stepper.discretization, factors)
    assert 0.0 <= factors.min() < 0.5 < factors.max() <= 1.0
    stepper.hold(NOTHING.cells, factors)
    assert stepper.evaluate(state) == pytest.approx(free, abs=1e-6 * np.abs(free).max())
    other = state * (1.0 + 0.2 * np.random.default_rng(4).random(len(state))[:, None])
    held = stepper.evaluate(other).copy()
    stepper.hold(NOTHING.cells, NOTHING.factors)
    assert np.abs(stepper.evaluate(other) - held).max() > 1e-3 * np.abs(held).max()


def test_held_cells_stay_and_the_others_take_the_step(tmp_path: Path) -> None:
    stepper, state = stepper_on(case_on_triangles(tmp_path))
    cells = np.random.default_rng(5).random(len(state)) < 0.4
    stepper.hold(cells, NOTHING.factors)
    stepper.evaluate(state)
    before = state.copy()
    stepper.step(state)
    assert np.array_equal(state[cells], before[cells])
    assert (state[~cells] != before[~cells]).any(axis=1).all()


@pytest.mark.parametrize(
    ("coefficients", "is_proven"),
    [
        ([0.83], False),
        ([0.83, 0.83 * (1 + 0.9 * AGREEMENT[2])], True),
        ([0.83, 0.83 * (1 + 1.1 * AGREEMENT[2])], False),
        ([0.83] * (MOST_HOLDS - 1) + [0.83 * (1 + 0.9 * SMALL)], True),
        ([0.83] * (MOST_HOLDS - 1) + [0.83 * (1 + 1.1 * SMALL)], False),
        ([0.83 * (1 + 2.0 * SMALL), *[0.83] * (MOST_HOLDS - 3), 0.8301, 0.83], False),
    ],
)
def test_two_holds_must_agree_or_all_must_nearly(coefficients: list[float], is_proven: bool) -> None:
    assert Hold(part=HeldPart.LIMITER, coefficients=coefficients).is_proven(AGREEMENT[2]) is is_proven
    assert not Hold(coefficients=coefficients).is_proven(AGREEMENT[2])


def test_a_run_on_triangles_settles_with_a_part_held(tmp_path: Path) -> None:
    """Into vacuum on 204 triangles: without holding, the residual stays above 1e-5 for 400 iterations."""
    case = case_on_triangles(tmp_path, "run.max_iterations=100")
    summary = compute(case, threads=1).summary
    assert summary["converged"].value is True
    assert summary["iterations"].value > 100
    assert summary["held"].value in list(HeldPart)
    assert summary["held_change"].value <= SMALL
    assert summary["residual_drop"].value <= 1e-6 < summary["plume_residual_drop"].value
    assert summary["mass_imbalance"].value <= 1e-6
    assert "was held more than once while the rest settled" in str(summary["caution"].value)
    assert summary["discharge_coefficient"].value == pytest.approx(0.84, abs=0.02)  # a mesh of 204 cells


def ended(case: Case, **changes: object) -> SolvedRun:
    ending = Ending(100, True, FlowRate(1e-3, 1e-3, 0.3, 0.83), 1e-7, 3e-2, 1e-8, 450, 1.0)
    return SolvedRun(case, ending._replace(**changes))


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (HeldPart.PLUME, "it cannot act on the hole, but do not use its fields, it was held more than once"),
        (
            HeldPart.LIMITER,
            "the limiter of the scheme alternates between states without end (the residual fell to 3e-02)",
        ),
        (
            HeldPart.FAR,
            "the plume more than two openings from the hole still moves (its residual fell to 3e-02)",
        ),
    ],
)
def test_a_summary_says_what_was_held_and_by_how_much_it_changed_the_answer(
    part: HeldPart, words: str, tmp_path: Path
) -> None:
    case = case_on_triangles(tmp_path)
    summary = summarize(ended(case, held=str(part), held_change=2e-5))
    assert words in str(summary["caution"].value)
    assert "within 2e-05 of each other" in str(summary["caution"].value)
    assert (summary["held"].value, summary["held_change"].value) == (str(part), 2e-5)
    failed = summarize(ended(case, converged=False, held=str(part), held_change=2e-3))
    assert (
        f"it settles while its {part} is held, to coefficients 2e-03 apart" in failed["converged"].description
    )
    short = summarize(ended(case, converged=False, held=str(part)))
    assert f"its {part} was held, and the iterations ended before" in short["converged"].description
    assert "held" not in summarize(ended(case))
