"""CONTRIBUTING's recipe for an exact solution: closed form, table in a case, entry for runs, guide."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edited_package import EditedPackage

THEORY = "solver/breachflow/theory/fields/shear.py"
CASE = "solver/breachflow/case/exact.py"
RUNS = "solver/breachflow/runs/setup/exact.py"
GUIDE = "docs/user_guide.md"

FORMULA = '''"""A parallel stream whose speed is a sine across it, a steady solution of Euler's equations."""

from __future__ import annotations

import numpy as np

from breachflow.arrays import Floats
from breachflow.theory.fields.plane import PlaneState


def shear(x: Floats, y: Floats, speed: float) -> PlaneState:
    """u = speed (2 + sin(pi y)), v = 0, density and pressure 1; arrays of one shape.

    >>> float(shear(np.zeros(1), np.array([0.5]), 0.1).velocity_x[0].round(12))
    0.3
    """
    one, zero = np.ones_like(x), np.zeros_like(x)
    return PlaneState(one, speed * (2.0 + np.sin(np.pi * y)), zero, one)
'''

TABLE = '''class Shear(ExactSolution):
    """A parallel stream whose speed is a sine across it; the state is the same everywhere."""

    solution: Literal["shear"]
    velocity: Velocity = Field(description="Half the mean velocity.")
    shear_length: Size = Field(description="Half a wavelength.")


Exact: TypeAlias'''

FUNCTION = """def _shear(at: Any) -> tuple[Floats, ...]:
    scale = at.reference.length / at.given.shear_length
    return shear(scale * at.x, scale * at.y, at.given.velocity[0] / at.reference.velocity)


def _uniform(at: """

TEXT = """
gas = "air"
[mesh]
template = "block"
geometry = "planar"
x = ["0 m", "1 m"]
y = ["0 m", "1 m"]
cells = [16, 16]
[exact]
solution = "shear"
pressure = "100 kPa"
temperature = "300 K"
velocity = ["60 m/s", "0 m/s"]
shear_length = "1 m"
[boundary]
left = { kind = "exact" }
right = { kind = "exact" }
bottom = { kind = "exact" }
top = { kind = "exact" }
"""


@pytest.fixture(scope="module")
def with_shear(edited_package: EditedPackage) -> EditedPackage:
    edited_package.append(THEORY, FORMULA)
    edited_package.replace(CASE, "Exact: TypeAlias", TABLE)
    edited_package.replace(CASE, "| Poiseuille,", "| Poiseuille | Shear,")
    edited_package.replace(RUNS, "def _uniform(at: ", FUNCTION)
    edited_package.insert_after(RUNS, '    "manufactured": _manufactured,', '    "shear": _shear,')
    line = "from breachflow.theory.fields.ringleb import ringleb"
    edited_package.insert_after(RUNS, line, "from breachflow.theory.fields.shear import shear")
    assert edited_package.edited == {THEORY, CASE, RUNS}
    return edited_package


def test_a_solution_starts_a_run_and_judges_it(with_shear: EditedPackage, tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    case.write_text(TEXT)
    result = tmp_path / "result.h5"
    with_shear.breachflow("run", case, "-o", result)
    found = json.loads(with_shear.breachflow("show", result, "--json"))
    assert found["converged"] is True
    # Second order on a regular mesh; u/a is 0.17 to 0.52 across the stream.
    assert found["velocity_order"] > 1.8
    assert 0.0 < found["velocity_error"] < 2e-3


@pytest.mark.slow
def test_a_solution_is_offered_explained_and_must_be_in_the_guide(with_shear: EditedPackage) -> None:
    schema = json.loads(with_shear.breachflow("schema"))
    assert schema["$defs"]["Shear"]["properties"]["solution"]["const"] == "shear"
    with_shear.tests("tests/unit/test_doctests.py", "-k", "shear")
    choice = ("tests/cases/test_documents.py", "-k", "every_key and shear_length or every_choice and shear")
    with pytest.raises(AssertionError, match="2 failed"):
        with_shear.tests(*choice)
    with_shear.append(GUIDE, "\n| `shear` | `velocity`, `shear_length` | parallel stream |\n")
    with_shear.tests(*choice)
    assert with_shear.edited == {THEORY, CASE, RUNS, GUIDE}


def test_a_key_that_the_solution_lacks_is_named(with_shear: EditedPackage, tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    case.write_text(TEXT.replace("shear_length", "shear_lenght"))
    error = with_shear.breachflow("check", case, status=3)
    assert "shear_lenght" in error
    assert 'did you mean "shear_length"?' in error
