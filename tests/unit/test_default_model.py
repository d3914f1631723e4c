"""Which model of the flow a case has that does not state one."""

from __future__ import annotations

from math import nan

import pytest

from breachflow.case import parse_case
from breachflow.errors import CaseError
from breachflow.runs.summary.model import inviscid_cautions
from breachflow.runs.summary.regime import model_words

HOLE = """
gas = "air"
orifice = { shape = "round", diameter = "2 mm" }
[boundary]
cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }
space = { kind = "vacuum" }
"""
CUSTOM = 'gas={ gamma = 1.4, molar_mass = "29 g/mol" }'
VISCOUS = 'gas={ gamma = 1.4, molar_mass = "29 g/mol", viscosity = "2e-5 Pa s" }'
TRANSIENT = ("run.mode=transient", "run.end_time=1 us", "numerics.background=1e-3")


@pytest.mark.parametrize(
    ("overrides", "model"),
    [
        ((), "laminar"),
        (("flow.model=inviscid",), "inviscid"),
        ((CUSTOM,), "inviscid"),
        ((VISCOUS,), "laminar"),
        (("boundary.cabin.temperature=70 K",), "inviscid"),  # the viscosity of air is known from 80 K
        (TRANSIENT, "laminar"),
        ((*TRANSIENT, CUSTOM), "inviscid"),
        ((*TRANSIENT, "boundary.wall={ kind = 'slip' }"), "laminar"),
    ],
)  # fmt: skip
def test_a_hole_has_friction_where_the_viscosity_is_known(overrides: tuple[str, ...], model: str) -> None:
    case = parse_case(HOLE, overrides=overrides)
    assert case.flow.model == model
    assert parse_case(case.completed_text).flow.model == model


def test_the_summary_says_why_a_hole_has_no_friction() -> None:
    words = model_words(parse_case(HOLE, overrides=["boundary.cabin.temperature=70 K"]))
    assert "the viscosity of air is known from 80 to 2000 K, and the gas has 70 K" in words
    assert "viscosity" not in model_words(parse_case(HOLE, overrides=["flow.model=inviscid"]))


@pytest.mark.parametrize(("temperature", "advised"), [("70 K", False), ("300 K", True), ("2500 K", False)])
def test_laminar_flow_is_advised_where_it_is_accepted(temperature: str, advised: bool) -> None:
    """The viscosity of air is known from 80 to 2000 K; elsewhere laminar flow is refused."""
    wall = ("orifice.wall_thickness=1.6 mm", f"boundary.cabin.temperature={temperature}")
    case = parse_case(HOLE, overrides=[*wall, "flow.model=inviscid"])
    (caution, *_) = [caution.text for caution in inviscid_cautions(case, nan)]
    assert caution.endswith('To have friction, write [flow] model = "laminar"') == advised
    if not advised:
        assert "To have friction" not in caution
        with pytest.raises(CaseError, match="laminar flow needs it"):
            parse_case(HOLE, overrides=[*wall, "flow.model=laminar"])


def test_a_wall_with_friction_needs_a_viscosity() -> None:
    with pytest.raises(CaseError, match="the viscosity of the gas is not known; give viscosity"):
        parse_case(HOLE, overrides=[CUSTOM, "boundary.wall={ kind = 'no_slip' }"])


@pytest.mark.parametrize(("diameter", "background"), [("2 mm", 3e-5), ("20 cm", 3e-7), ("20 m", 1e-8)])
def test_the_background_of_laminar_flow_in_time_is_as_dense_as_its_steps_need(
    diameter: str, background: float
) -> None:
    """nu = mu R T/p = 1.51e-5 m2/s and c = 343 m/s: nu/(c d) is 2.2e-5 at 2 mm."""
    run = ("run.mode=transient", "run.end_time=1 us", f"orifice.diameter={diameter}")
    assert parse_case(HOLE, overrides=run).numerics.background == background
    assert parse_case(HOLE, overrides=[*run, "flow.model=inviscid"]).numerics.background == 1e-8
    assert parse_case(HOLE, overrides=[*run, "numerics.background=1e-4"]).numerics.background == 1e-4


def test_a_small_hole_in_thin_gas_has_no_run_in_time() -> None:
    small = ("orifice.diameter=20 um", "boundary.cabin.pressure=20 kPa")
    with pytest.raises(CaseError, match="its friction makes the time steps too short"):
        parse_case(HOLE, overrides=["run.mode=transient", "run.end_time=1 us", *small])
