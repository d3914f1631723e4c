"""CONTRIBUTING's recipe for a case key: one line in a table of `case/`, and its name in the user guide."""

from __future__ import annotations

import json

import pytest

from edited_package import EditedPackage

CASE = "cases/orifice/thick_wall/case.toml"
ORIFICE = "solver/breachflow/case/orifice.py"
GUIDE = "docs/user_guide.md"
DIAMETER = '    diameter: Annotated[float, OPENING] = Field(description="Diameter of the hole.")'
TAPER = '    taper: Annotated[float, LENGTH] = Field(default=0.0, description="Loss of diameter.")'


@pytest.fixture(scope="module")
def with_taper(edited_package: EditedPackage) -> EditedPackage:
    edited_package.insert_after(ORIFICE, DIAMETER, TAPER)
    assert edited_package.edited == {ORIFICE}
    return edited_package


def test_a_key_is_read_completed_and_explained(with_taper: EditedPackage) -> None:
    schema = json.loads(with_taper.breachflow("schema"))["$defs"]["RoundOrifice"]["properties"]
    assert schema["taper"]["description"] == "Loss of diameter."
    checked = json.loads(with_taper.breachflow("check", CASE, "--json", "--set", "orifice.taper=20 um"))
    assert '\ntaper = "20 um"\nwall_thickness = ' in checked["case"]
    error = with_taper.breachflow("check", CASE, "--set", "orifice.taper=2 kPa", status=3)
    assert "--set orifice.taper=2 kPa: is a pressure, not a length" in error


def test_a_key_is_swept_and_keeps_flows_apart(with_taper: EditedPackage) -> None:
    swept = 'sweep={ "orifice.taper" = ["0 mm", "0.1 mm", "0.2 mm"] }'
    plan = json.loads(
        with_taper.breachflow("sweep", CASE, "--dry-run", "--json", "--set", swept, "-o", "out")
    )
    assert (plan["points"], plan["flows"]) == (3, 3)


def test_the_guide_must_describe_a_key(with_taper: EditedPackage) -> None:
    choice = ("tests/cases/test_documents.py", "-k", "every_key and taper")
    with pytest.raises(AssertionError, match="1 failed"):
        with_taper.tests(*choice)
    with_taper.append(GUIDE, "\n`taper`: loss of diameter.\n")
    with_taper.tests(*choice)
    assert with_taper.edited == {ORIFICE, GUIDE}
