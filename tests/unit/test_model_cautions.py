"""What no model covers is said before anything is computed: gas too hot, slits too short."""

from __future__ import annotations

import pytest

from breachflow.case import parse_case
from breachflow.runs.summary.cautions import model_cautions

CASE = """
gas = "air"
orifice = { shape = "round", diameter = "2 mm", wall_thickness = "0.4 mm" }
flow = { model = "inviscid" }
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "vacuum" }
"""

HOT = "the heat capacity of {} at {} K is not known (it is up to 1500 K)"


def texts(*overrides: str) -> str:
    return " ".join(caution.text for caution in model_cautions(parse_case(CASE, overrides=overrides), 1e4))


@pytest.mark.parametrize(
    ("gas", "temperature", "words"),
    [
        ("air", 1400, ""),
        ("air", 2000, HOT.format("air", 2000)),
        ("carbon_dioxide", 6000, HOT.format("carbon_dioxide", 6000)),
        ("argon", 4000, ""),
        ("argon", 9000, "argon at 9000 K is no perfect gas: its atoms lose electrons"),
    ],
)
def test_gas_too_hot(gas: str, temperature: float, words: str) -> None:
    found = texts(f"gas={gas}", f"boundary.cabin.temperature={temperature} K")
    assert words in found
    assert bool(words) == ("heat capacity of" in found or "lose electrons" in found)


@pytest.mark.parametrize(("length", "widths"), [("1 um", "0.0005"), ("19 mm", "9.5"), ("20 mm", "")])
def test_slits_too_short(length: str, widths: str) -> None:
    """Ten widths are enough; the caution may mean as much as all of the flow."""
    shape = f'{{shape="slit",width="2 mm",length="{length}",wall_thickness="0.4 mm"}}'
    found = texts(f"orifice={shape}")
    assert (f"the slit is {widths} widths long: the computed flow is planar" in found) == bool(widths)
    assert ("widths long" in found) == bool(widths)
