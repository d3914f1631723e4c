"""Errors that a run raises before it solves anything, and the limits that its summary states."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from breachflow.case import Case, parse_case
from breachflow.errors import CaseError, MeshError, UsageError
from breachflow.runs.run import run
from breachflow.runs.setup.meshes import case_mesh, plan
from breachflow.runs.setup.problem import make_problem
from breachflow.runs.setup.start import puncture
from breachflow.runs.setup.states import primitive_rows
from breachflow.runs.summary.expected import expected_summary
from breachflow.theory.slit.free_streamline import discharge_coefficient

MESHES = Path(__file__).parents[2] / "meshes"

PLATE = """
gas = "air"
[orifice]
shape = "round"
diameter = "2 mm"
wall_thickness = "1 mm"
[mesh]
file = "{folder}/plate_triangles.msh"
geometry = "axisymmetric"
unit = "mm"
[boundary]
cabin = {{ kind = "reservoir", pressure = "100 kPa", temperature = "293 K" }}
space = {{ kind = "vacuum" }}
wall = {{ kind = "wall" }}
axis = {{ kind = "axis" }}
"""

HOLE = """
gas = "air"
flow = {{ model = "inviscid" }}
orifice = {{ shape = "{shape}", {size} = "2 mm" }}
mesh = {{ resolution = "coarse" }}
[boundary]
cabin = {{ kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }}
space = {{ kind = "outlet", pressure = "{outside:g} kPa", temperature = "150 K" }}
"""


def plate(*overrides: str, without: str = "") -> Case:
    lines = PLATE.format(folder=MESHES).splitlines()
    text = "\n".join(line for line in lines if not (without and line.startswith(without)))
    return parse_case(text, overrides=overrides, allow_outside=True)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (["mesh.unit=m"], CaseError, "is 2 m across, from (0, 0) to (0, 1) in the file: with unit = \"mm\""),
        (["orifice.diameter=1.9 mm"], CaseError, "diameter=1.9 mm: the narrowest section of the mesh"),
        (["mesh.file=none.msh"], MeshError, "none.msh"),
        (['probes.far=["1 m", "0 m"]'], CaseError, '["1 m", "0 m"]: no cell of the mesh holds this point'),
    ],
    ids=["unit", "diameter", "no mesh", "probe"],
)  # fmt: skip
def test_what_does_not_fit_is_refused(
    change: list[str], error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error) as caught:
        run(plate(*change), output=tmp_path / "result.vtkhdf")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "result.vtkhdf").exists()


def test_a_patch_without_a_boundary_is_named_with_what_to_write() -> None:
    with pytest.raises(CaseError) as caught:
        plan(plate(without="axis"))
    assert (
        "has a patch 'axis' (52 edges at x = -12 to 5, y = 0) with no boundary; "
        'add axis = { kind = "axis" } or the like; '
        "its patches are 'cabin', 'space', 'wall', 'axis'" in str(caught.value)
    )


def test_a_boundary_without_a_patch_is_named() -> None:
    case = plate('boundary.lid={ kind = "wall" }')
    with pytest.raises(CaseError, match=r"boundary\.lid=.*: the mesh .* has no such patch; its patches are"):
        plan(case)


@pytest.mark.parametrize(("output", "threads"), [("result.txt", None), ("result.vtkhdf", 0)])
def test_arguments_that_cannot_be_served(output: str, threads: int | None, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"ends in \.vtkhdf or \.h5|threads = 0: at least 1"):
        run(plate(), output=tmp_path / output, threads=threads)
    with pytest.raises(UsageError, match=r"read it with breachflow\.load_case"):
        run("case.toml", output=tmp_path / "result.vtkhdf")  # type: ignore[arg-type]


def test_a_puncture_starts_from_the_temperatures_of_both_sides() -> None:
    text = HOLE.format(shape="round", size="diameter", outside=20.0)
    case = parse_case(text, overrides=["run.mode=transient", "run.end_time=1 us"])
    problem = make_problem(case, case_mesh(case))
    state = primitive_rows(puncture(problem), problem.gas.gamma)
    temperature = state[:, -1] / state[:, 0] * problem.reference.temperature
    behind = problem.metric.centroid[:, 0] > 0.0
    assert np.allclose(temperature[behind], 150.0)
    assert np.allclose(temperature[~behind], 300.0)


@pytest.mark.parametrize("ratio", [0.3, 0.6, 0.8, 0.9])
def test_a_slit_lies_within_its_own_uncertainty_of_the_exact_theory(ratio: float, tmp_path: Path) -> None:
    """Reference: free-streamline theory (Chaplygin 1904; Frankl 1947), exact to 3e-4; the mesh is coarse."""
    text = HOLE.format(shape="slit", size="width", outside=100.0 * ratio)
    result = run(parse_case(text), output=tmp_path / "result.vtkhdf")
    assert result.converged is True
    error = abs(result.discharge_coefficient - discharge_coefficient(ratio, 1.4))
    assert error <= result.discharge_coefficient_uncertainty
    assert result.discharge_coefficient_uncertainty <= 0.06


@pytest.mark.parametrize(
    ("gas", "pressure", "temperature", "words"),
    [
        ('"hydrogen"', "700 bar", "288.15 K", "hydrogen is no perfect gas here (Z = 1.4, gamma = 1.408"),
        ('"carbon_dioxide"', "1 bar", "600 K", "the real mass flow is about 2.1 % less"),
        ('"steam"', "1 bar", "295 K", "steam at 100 kPa and 295 K is a liquid: it boils at about 4 kPa"),
        ("{ air = 0.9, steam = 0.1 }", "1 bar", "295 K", "steam at 10 kPa and 295 K is a liquid"),
        ('"helium"', "20 Pa", "15 K", "whether the gas is a continuum is not known"),
        (
            '{ gamma = 1.3, molar_mass = "30 g/mol", name = "x" }',
            "50 bar",
            "300 K",
            "whether x is a perfect gas",
        ),
    ],
)
def test_a_gas_that_is_not_perfect_is_told_before_the_run(
    gas: str, pressure: str, temperature: str, words: str
) -> None:
    case = parse_case(
        HOLE.format(shape="round", size="diameter", outside=0),
        overrides=[
            f"gas={gas}",
            f"boundary.cabin.pressure={pressure}",
            f"boundary.cabin.temperature={temperature}",
        ],
    )
    assert words in str(expected_summary(case)["caution"].value)


def test_of_air_at_one_bar_nothing_is_told() -> None:
    case = parse_case(HOLE.format(shape="round", size="diameter", outside=0))
    assert expected_summary(case)["caution"].value == ""
