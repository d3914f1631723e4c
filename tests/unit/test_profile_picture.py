"""The picture of the profile across the bore of laminar flow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import breachflow
from breachflow.report.result.geometry import Hole, hole_of
from breachflow.report.result.pictures import profile
from breachflow.report.result.section import bore_section, developed_speed, slip_of
from breachflow.results import Result

CRACK = """
gas = "air"
orifice = { shape = "slit", width = "8 um", length = "30 mm", wall_thickness = "0.24 mm" }
mesh = { resolution = { across = 8 } }
flow = { model = "laminar" }
[boundary]
cabin = { kind = "reservoir", pressure = "50 kPa", temperature = "295 K" }
space = { kind = "vacuum" }
"""


@pytest.fixture(scope="module")
def crack(tmp_path_factory: pytest.TempPathFactory) -> Result:
    case = breachflow.parse_case(CRACK, path=tmp_path_factory.mktemp("crack") / "case.toml")
    return breachflow.run(case)


@pytest.mark.parametrize("is_round", [True, False])
@pytest.mark.parametrize("slip", [0.0, 0.3])
def test_the_mean_of_the_parabola_is_one(is_round: bool, slip: float) -> None:
    place = np.linspace(0.0, 1.0, 2001)
    weight = place if is_round else np.ones_like(place)
    parabola = developed_speed(place, Hole(1.0, 0.0, 1.0, 0.0, is_round), slip)
    mean = np.trapezoid(weight * parabola, place) / np.trapezoid(weight, place)
    assert mean == pytest.approx(1.0, rel=1e-6)


def test_the_profile_of_a_crack_is_the_parabola_with_slip(crack: Result) -> None:
    hole = hole_of(crack)
    assert hole is not None
    section = bore_section(crack, hole, 0.5)
    assert section is not None
    # s = 2 sigma l/(h/2): l = mu v0/p is some 0.2 um at three quarters of the pressure, the half-width 4 um.
    slip = slip_of(crack, hole, section)
    assert 0.08 < slip < 0.14
    # 3 %: 8 cells; between the centers of cells the velocity is a plane.
    expected = developed_speed(section.place, hole, slip)
    np.testing.assert_allclose(section.speed / section.mean_speed, expected, atol=0.03)


def test_the_picture_tells_the_departure_from_the_parabola(crack: Result) -> None:
    drawing = profile.draw(crack)
    assert drawing is not None
    assert "the parabola of developed flow with slip by" in drawing.description
    assert len(drawing.figure.axes) == 4  # with the color bar


def test_inviscid_flow_and_thin_walls_have_no_profile(crack: Result, tmp_path: Path) -> None:
    for given in (CRACK.replace('"laminar"', '"inviscid"'), CRACK):
        case = breachflow.parse_case(given.replace("0.24 mm", "1 um"), path=tmp_path / "case.toml")
        assert profile.draw(breachflow.run(case)) is None
