"""The time of runs in time, known before: steps of cells by hand, and what a run says at its start."""

from __future__ import annotations

import math

import pytest

from breachflow.case import Case, parse_case
from breachflow.mesh.mesh import Mesh
from breachflow.numerics.explicit.step_levels import LEVEL_SPAN as KERNEL_SPAN
from breachflow.runs.setup.cost.march import (
    FASTEST,
    LEVEL_SPAN,
    RECORDS,
    cell_steps,
    expectation,
    march_seconds,
)
from breachflow.runs.setup.meshes import case_mesh
from breachflow.runs.solve import stepping
from cases.test_kept_iterations import HOLE

TUBE = """
gas = { gamma = 1.4, molar_mass = "28.97 g/mol" }
[mesh]
template = "block"
cells = [10, 1]
levels = 1
x = ["0 m", "1 m"]
y = ["0 m", "0.1 m"]
geometry = "planar"
[exact]
solution = "riemann"
left = { pressure = "1 bar", temperature = "300 K", velocity = ["0 m/s", "0 m/s"] }
right = { pressure = "0.1 bar", temperature = "240 K", velocity = ["0 m/s", "0 m/s"] }
[boundary]
left = { kind = "exact" }
right = { kind = "exact" }
bottom = { kind = "wall" }
top = { kind = "wall" }
[run]
mode = "transient"
end_time = "100 s"
"""


def tube(*overrides: str) -> tuple[Case, Mesh]:
    case = parse_case(TUBE, overrides=overrides)
    return case, case_mesh(case)


def test_cells_of_one_size_take_their_own_longest_step() -> None:
    """Four faces of a square cell of side h count half each: its step is cfl h / (2 w)."""
    case, mesh = tube()
    wave = FASTEST * math.sqrt(1.4 * case.species.specific_gas_constant * 300.0)
    step = case.numerics.cfl * 0.1 / (2.0 * wave)
    assert cell_steps(case, mesh, 100.0) == pytest.approx(10 * 100.0 / step, rel=0.01)


def test_no_step_is_longer_than_the_rows_of_history_are_apart() -> None:
    case, mesh = tube()
    assert cell_steps(case, mesh, 1e-6) == pytest.approx(10 * RECORDS)


def test_long_runs_say_so() -> None:
    case, mesh = tube("output.snapshots=0")
    assert march_seconds(case, mesh) < 60.0
    assert expectation(case, mesh) == ""
    longer, mesh = tube("run.end_time=36500 day")
    assert expectation(longer, mesh).startswith("takes about ")
    steady = parse_case(HOLE)
    assert march_seconds(steady, case_mesh(steady)) == 0.0


def test_the_time_of_implicit_steps_is_not_told() -> None:
    case, mesh = tube("run.time_step=1 s")
    assert march_seconds(case, mesh) == 0.0
    assert expectation(case, mesh) == ""


def test_the_numbers_of_the_solver() -> None:
    assert (LEVEL_SPAN, RECORDS) == (KERNEL_SPAN, stepping.RECORDS)
