"""CONTRIBUTING's recipe for a gas: one entry in `constants.py`, and its name in the user guide."""

from __future__ import annotations

import json
from math import sqrt

import pytest

from edited_package import EditedPackage

CONSTANTS = "solver/breachflow/constants.py"
SPECIES = "SPECIES: Final[dict[str, Species]] = {\n    species.name: species\n    for species in ("
RADON_LAW = "ViscosityLaw(2.3e-5, 0.8, 60.0, 0.0, 250.0, 600.0)"
RADON = f'        Species("radon", 5.0 / 3.0, 222.0e-3, {RADON_LAW}, 2.0 / 3.0),'
ROW = "| `radon` | 1.667 | 222 | 250 to 600 | 0.667 |"
HOLE = ("--diameter", "2 mm", "--pressure", "1 bar", "--temperature", "20 degC", "--json")
SWEEP = (
    "sweep",
    "cases/sweep/gases/case.toml",
    "--set=flow.model=inviscid",
    "--dry-run",
    "--json",
    "-o",
    "out",
)
GUIDE = "docs/user_guide.md"


@pytest.fixture(scope="module")
def with_radon(edited_package: EditedPackage) -> EditedPackage:
    edited_package.insert_after(CONSTANTS, SPECIES, RADON)
    assert edited_package.edited == {CONSTANTS}
    return edited_package


def test_a_gas_is_offered_and_computed(with_radon: EditedPackage) -> None:
    """Mass flows of monatomic gases are proportional to the square root of the molar mass."""
    flow = {
        gas: json.loads(with_radon.breachflow("estimate", *HOLE, "--gas", gas))["ideal_mass_flow"]
        for gas in ("argon", "radon")
    }
    assert flow["radon"] / flow["argon"] == pytest.approx(sqrt(222.0 / 39.948), rel=1e-12)
    assert "[radon|air" in with_radon.breachflow("estimate", "--help")
    with_radon.breachflow("init", "leak")
    assert "radon, nitrogen," in (with_radon.folder / "leak" / "case.toml").read_text()
    assert '"radon"' in with_radon.breachflow("schema")


def test_a_gas_is_swept_and_similar(with_radon: EditedPackage) -> None:
    """Without friction, gases of one heat-capacity ratio share one solution: radon adds only a point."""
    plans = [
        json.loads(with_radon.breachflow(*SWEEP, f'--set=sweep.gas=["air", "argon", {more}]'))
        for more in ('"helium"', '"helium", "radon"')
    ]
    assert [(plan["points"], plan["flows"]) for plan in plans] == [(3, 2), (4, 2)]


@pytest.mark.slow
def test_a_gas_is_tested_and_documented(with_radon: EditedPackage) -> None:
    """A test asks for the line in the guide; the properties of gases are tested for the new gas."""
    choice = ("tests/cases/test_documents.py", "-k", "lists_gases")
    with pytest.raises(AssertionError, match="test_guide_lists_gases_and_units"):
        with_radon.tests(*choice)
    with_radon.insert_after(GUIDE, "|---|---|---|---|---|", ROW)
    with_radon.tests(*choice)
    with_radon.tests("tests/properties/test_gas.py", "-k", "within_what_the_properties_cover and radon")
    assert with_radon.edited == {CONSTANTS, GUIDE}
