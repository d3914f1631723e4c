"""CONTRIBUTING's recipe for a law: a formula, its flow and an entry in the table of laws."""

from __future__ import annotations

import json

import pytest

from edited_package import EditedPackage

FORMULA = '''

def half_open(pressure_ratio: float) -> float:
    """C_d = (1 + r)/4, 0 <= r <= 1: no law, a formula to test the recipe of CONTRIBUTING with.

    >>> half_open(1.0)
    0.5
    """
    require_pressure_ratio(pressure_ratio)
    return 0.25 * (1.0 + pressure_ratio)
'''

FLOW = '''

def half_open(leak: Leak) -> Coefficient:
    """Half of the hole is closed."""
    return Coefficient(orifice.half_open(leak.pressure_ratio), 0.025)
'''

ENTRY = '''    Law(
        "half-open",
        "half-open hole",
        "round hole",
        "depth <= 0.02 diameters, p_outside/p0 <= 0.5, Kn <= 0.01",
        "Nobody 1900",
        (conditions.round_hole, *_DENSE_THIN, conditions.pressure_ratio(0.0, 0.5)),
        by_coefficient(law_flows.half_open),
        inviscid=True,
    ),
)
"""All laws, in the order in which they are listed."""'''

HOLE = ("--diameter", "2 mm", "--pressure", "1 atm", "--temperature", "295 K")

COMPARISON = """
import breachflow
from breachflow.runs.summary.comparison import comparison_summary
case = breachflow.parse_case('''
gas = "air"
orifice = { shape = "round", diameter = "2 mm" }
[boundary]
cabin = { kind = "reservoir", pressure = "1 atm", temperature = "295 K" }
space = { kind = "vacuum" }
''')
found = comparison_summary(case)["law_half-open"]
print(found.value, found.description)
"""


@pytest.fixture
def with_law(edited_package: EditedPackage) -> EditedPackage:
    edited_package.append("solver/breachflow/theory/holes/orifice.py", FORMULA)
    edited_package.replace(
        "solver/breachflow/theory/holes/orifice.py",
        "import require_gamma",
        "import require_gamma, require_pressure_ratio",
    )
    edited_package.append("solver/breachflow/leak/law_flows.py", FLOW)
    edited_package.replace(
        "solver/breachflow/leak/laws.py", ')\n"""All laws, in the order in which they are listed."""', ENTRY
    )
    return edited_package


def test_a_law_is_an_entry_and_two_functions(with_law: EditedPackage) -> None:
    listed = with_law.breachflow("estimate", "--list")
    assert "half-open: half-open hole" in listed
    assert "Nobody 1900" in listed
    assert "half-open    0.301 +- 10 %    half-open hole" in with_law.breachflow("estimate", *HOLE)
    asked = json.loads(
        with_law.breachflow("estimate", *HOLE, "--outside", "0.5 atm", "--law", "half-open", "--json")
    )
    assert asked["discharge_coefficient"] == pytest.approx(0.375, rel=1e-12)
    assert asked["law_range"] == "depth <= 0.02 diameters, p_outside/p0 <= 0.5, Kn <= 0.01"
    outside = with_law.breachflow("estimate", *HOLE, "--outside", "0.6 atm", "--law", "half-open", status=2)
    assert "here: p_outside/p0 0.6 is above 0.5" in outside
    assert with_law.python(COMPARISON) == "0.25 half-open hole: Nobody 1900\n"
    assert len(with_law.edited) == 3


def test_the_tests_of_laws_take_it_up(with_law: EditedPackage) -> None:
    with_law.tests("tests/unit/test_doctests.py", "-k", "orifice or laws")
    with_law.tests("tests/validation/test_laws.py", "-k", "every_law_holds")
