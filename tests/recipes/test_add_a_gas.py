"""CONTRIBUTING's recipe for a gas: one entry in `constants.py`, and its name in the user guide."""

from __future__ import annotations

import json
from math import sqrt

import pytest

from edited_package import EditedPackage

CONSTANTS = "solver/breachflow/constants.py"
HYDROGEN = '        Species("hydrogen", 1.405, 2.01588e-3, Sutherland(8.411e-6, 273.0, 97.0)),'
XENON = '        Species("xenon", 5.0 / 3.0, 131.293e-3, Sutherland(2.1e-5, 273.0, 252.0)),'
HOLE = ("--diameter", "2 mm", "--pressure", "1 bar", "--temperature", "20 degC", "--json")
SWEEP = ("sweep", "cases/sweep/gases/case.toml", "--dry-run", "--json", "-o", "out")
GUIDE = "docs/user_guide.md"


@pytest.fixture(scope="module")
def with_xenon(edited_package: EditedPackage) -> EditedPackage:
    edited_package.insert_after(CONSTANTS, HYDROGEN, XENON)
    assert edited_package.edited == {CONSTANTS}
    return edited_package


def test_a_gas_is_offered_and_computed(with_xenon: EditedPackage) -> None:
    """Mass flows of monatomic gases are proportional to the square root of the molar mass."""
    flow = {
        gas: json.loads(with_xenon.breachflow("estimate", *HOLE, "--gas", gas))["ideal_mass_flow"]
        for gas in ("argon", "xenon")
    }
    assert flow["xenon"] / flow["argon"] == pytest.approx(sqrt(131.293 / 39.948), rel=1e-12)
    assert "hydrogen|xenon]" in with_xenon.breachflow("estimate", "--help")
    with_xenon.breachflow("init", "leak")
    assert "hydrogen, xenon," in (with_xenon.folder / "leak" / "case.toml").read_text()
    assert '"xenon"' in with_xenon.breachflow("schema")


def test_a_gas_is_swept_and_similar(with_xenon: EditedPackage) -> None:
    """Gases with the same heat-capacity ratio share one solution: xenon adds a point and no solution."""
    plans = [
        json.loads(with_xenon.breachflow(*SWEEP, f'--set=sweep.gas=["air", "argon", {more}]'))
        for more in ('"helium"', '"helium", "xenon"')
    ]
    assert [(plan["points"], plan["flows"]) for plan in plans] == [(3, 2), (4, 2)]


def test_a_gas_is_tested_and_documented(with_xenon: EditedPackage) -> None:
    """A test asks for the line in the guide; the properties of gases are tested for the new gas."""
    choice = ("tests/cases/test_documents.py", "-k", "lists_gases")
    with pytest.raises(AssertionError, match="test_guide_lists_gases_and_units"):
        with_xenon.tests(*choice)
    with_xenon.replace(GUIDE, '`"hydrogen"`, or a table', '`"hydrogen"`, `"xenon"`, or a table')
    with_xenon.tests(*choice)
    with_xenon.tests("tests/properties/test_gas.py", "-k", "within_what_the_properties_cover and xenon")
    assert with_xenon.edited == {CONSTANTS, GUIDE}
