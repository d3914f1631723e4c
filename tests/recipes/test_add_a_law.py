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

ENTRY = """    Law(
        "half-open",
        "half-open hole",
        "round hole",
        "depth <= 0.02 diameters, p_outside/p0 <= 0.5, Kn <= 0.01",
        "Nobody 1900",
        (conditions.round_hole, *_DENSE_THIN, conditions.pressure_ratio(0.0, 0.5)),
        by_coefficient(law_flows.half_open),
        inviscid=True,
    ),"""

ORIFICE = "solver/breachflow/theory/holes/orifice.py"
FLOWS = "solver/breachflow/leak/law_flows.py"
LAWS = "solver/breachflow/leak/laws.py"
HOLE = ("--diameter", "2 mm", "--pressure", "1 atm", "--temperature", "295 K")

CASE = """
gas = "air"
orifice = { shape = "round", diameter = "2 mm" }
[boundary]
cabin = { kind = "reservoir", pressure = "1 atm", temperature = "295 K" }
space = { kind = "vacuum" }
"""


@pytest.fixture(scope="module")
def with_law(edited_package: EditedPackage) -> EditedPackage:
    edited_package.append(ORIFICE, FORMULA)
    old = "import require_gamma"
    edited_package.replace(ORIFICE, old, f"{old}, require_pressure_ratio")
    edited_package.append(FLOWS, FLOW)
    edited_package.insert_after(LAWS, "LAWS: Final[tuple[Law, ...]] = (", ENTRY)
    assert edited_package.edited == {ORIFICE, FLOWS, LAWS}
    return edited_package


def comparison() -> tuple[float, str]:
    """What the summary of a run compares with."""
    from breachflow.case import parse_case
    from breachflow.runs.summary.comparison import comparison_summary

    found = comparison_summary(parse_case(CASE))["law_half-open"]
    return float(found.value), found.description


def test_a_law_is_an_entry_and_two_functions(with_law: EditedPackage) -> None:
    listed = with_law.breachflow("estimate", "--list")
    assert "half-open: half-open hole" in listed
    assert "Nobody 1900" in listed
    printed = " ".join(with_law.breachflow("estimate", *HOLE).split())
    assert "half-open 0.301 ± 10 % half-open hole" in printed
    asked = json.loads(
        with_law.breachflow("estimate", *HOLE, "--outside", "0.5 atm", "--law", "half-open", "--json")
    )
    assert asked["discharge_coefficient"] == pytest.approx(0.375, rel=1e-12)
    assert asked["law_range"] == "depth <= 0.02 diameters, p_outside/p0 <= 0.5, Kn <= 0.01"
    outside = with_law.breachflow("estimate", *HOLE, "--outside", "0.6 atm", "--law", "half-open", status=2)
    assert "here: p_outside/p0 0.6 is above 0.5" in outside
    assert with_law.call(comparison) == [0.25, "half-open hole: Nobody 1900"]


def test_the_tests_of_laws_take_it_up(with_law: EditedPackage) -> None:
    tests = ("tests/unit/test_doctests.py", "tests/validation/test_laws.py")
    with_law.tests(*tests, "-k", "holes.orifice or leak.laws or every_law_holds")
