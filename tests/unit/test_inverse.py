"""The opening that leaks as much as was measured."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachflow import estimate
from breachflow.cli.main import main
from breachflow.constants import SPECIES
from breachflow.errors import OutOfRange, UsageError
from breachflow.leak.blend.best_estimate import best_estimate
from breachflow.leak.breach import LeakState
from breachflow.leak.inverse.size import THIN_ROUND, OpeningFamily, equivalent_hole, size_of

TUNNEL: dict[str, Any] = {"pressure": "730 mmHg", "temperature": "295 K"}
CRACK: dict[str, Any] = {"length": "30 mm", "wall_thickness": "2 mm"}
FAMILIES = [THIN_ROUND, OpeningFamily(2e-3), OpeningFamily(2e-3, 30e-3), OpeningFamily(1e-3, 1e-2, 1e-4)]


@given(
    family=st.sampled_from(FAMILIES),
    exponent=st.floats(-8.5, -2.4),
    gas=st.sampled_from(["air", "helium", "carbon_dioxide"]),
    outside=st.sampled_from([0.0, 3e4, 1e5]),
)
def test_the_size_of_a_flow_is_that_which_has_it(
    family: OpeningFamily, exponent: float, gas: str, outside: float
) -> None:
    size, state = 10.0**exponent, LeakState(SPECIES[gas], 101325.0, 295.0, outside)

    def flow_of(breach: Any) -> float:
        return best_estimate(breach, state).mass_flow

    found = size_of(family, flow_of(family.of(size)), flow_of)
    assert found is not None
    assert flow_of(family.of(found)) == pytest.approx(flow_of(family.of(size)), rel=1e-9)
    assert found == pytest.approx(size, rel=1e-8)


def test_a_jump_of_the_flow_is_found_and_the_ends_are_tried() -> None:
    def jump(breach: Any) -> float:
        return breach.size * (1.0 if breach.size < 2e-4 else 3.0)

    found = size_of(THIN_ROUND, 4e-4, jump)
    assert found == pytest.approx(2e-4, rel=1e-9)
    slit = OpeningFamily(0.0, 1e-2)
    assert size_of(slit, 5e-3, lambda breach: breach.size) == pytest.approx(5e-3, rel=1e-9)  # the widest
    assert size_of(slit, 5.1e-3, lambda breach: breach.size) is None
    assert size_of(THIN_ROUND, 1e-60, lambda breach: breach.size**2) is None
    assert size_of(THIN_ROUND, 1e60, lambda breach: breach.size**2) is None


def test_the_crack_of_a_measured_flow() -> None:
    found = estimate(mass_flow="1.6 +- 0.3 kg/day", **CRACK, **TUNNEL)
    opening = found.found
    assert opening is not None
    assert found.mass_flow * 86400 == pytest.approx(1.6, rel=1e-9)
    assert estimate(width=opening.size, **CRACK, **TUNNEL).mass_flow == pytest.approx(
        found.mass_flow, rel=1e-9
    )
    assert opening.equivalent_diameter == pytest.approx(
        equivalent_hole(LeakState(SPECIES["air"], found.pressure, 295.0), found.mass_flow), rel=1e-9
    )
    # A tenth more flow is a wider crack by a tenth over the exponent.
    wider = estimate(mass_flow="1.616 kg/day", **CRACK, **TUNNEL).found
    assert wider is not None
    assert math.log(wider.size / opening.size) == pytest.approx(
        math.log(1.01) / opening.size_exponent, rel=2e-3
    )
    assert opening.law_uncertainty is not None
    assert opening.size_uncertainty == pytest.approx(
        opening.size * math.hypot(0.3 / 1.6, opening.law_uncertainty) / opening.size_exponent, rel=1e-12
    )


def test_a_rate_in_a_volume_is_a_mass_flow() -> None:
    # 1.3 mmHg/h x 1005 m3/(287.06 J/kg/K x 295 K) = 49.37 kg/day.
    found = estimate(rate="1.3 +- 0.1 mmHg/h", volume="1005 m3", **TUNNEL).found
    assert found is not None
    assert found.measured_mass_flow * 86400 == pytest.approx(49.37, abs=0.01)
    assert found.measured_mass_flow_uncertainty == pytest.approx(found.measured_mass_flow / 13.0, rel=1e-12)


def test_a_law_or_a_coefficient_of_ones_own() -> None:
    by_law = estimate(mass_flow="1.6 kg/day", law="bgk", **CRACK, **TUNNEL)
    assert by_law.law == "bgk"
    assert by_law.mass_flow * 86400 == pytest.approx(1.6, rel=1e-9)
    given_coefficient = estimate(mass_flow="1.6 kg/day", discharge_coefficient=0.6, **TUNNEL)
    assert given_coefficient.found is not None
    assert given_coefficient.found.size_uncertainty is None
    assert given_coefficient.mass_flow == pytest.approx(0.6 * given_coefficient.ideal_mass_flow, rel=1e-12)


def test_the_opening_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--pressure", "730 mmHg", "--temperature", "295 K", "--length", "30 mm", "--depth", "2 mm"]
    assert main(["estimate", "--mass-flow", "1.6 kg/day", *options]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "  opening                a crack 17.1 ± 0.4 um wide, 30 mm long, 2 mm deep"
    assert lines[1].strip() == "± 2.2 % by the law; the flow grows as size^2.69"
    assert lines[2] == "  like                   a thin round hole of 0.352 mm"
    assert lines[3].startswith("  leak rate              1.60 kg/day (0.0185 g/s, 3.53 lb/day")
    assert main(["estimate", "--mass-flow", "1.6 kg/day", *options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["found"]["shape"] == "crack"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"mass_flow": "1 kg/day", "diameter": "2 mm"},
            'diameter = "2 mm": mass_flow and rate ask how large the hole is: leave it out',
        ),
        (
            {"mass_flow": "1 kg/day", "rate": "1 mmHg/h"},
            "mass_flow and rate both say how much leaks: give one of them",
        ),
        ({"rate": "1 mmHg/h"}, 'rate = "1 mmHg/h" needs volume: how much leaks at that rate'),
        ({"rate": "1 kg/day"}, 'rate = "1 kg/day" is a mass flow: give it as mass_flow'),
        ({"mass_flow": "1 +- 0 kg/day"}, 'mass_flow = "1 +- 0 kg/day": must be above 0'),
        ({"mass_flow": -1.0}, "mass_flow = -1.0: must be above 0"),
    ],
)
def test_mistakes(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        estimate(**arguments, **TUNNEL)
    assert str(raised.value) == message


def test_flows_that_no_opening_has() -> None:
    with pytest.raises(
        OutOfRange, match=r"^no opening of this kind \(at most half as wide as its 30.0 mm\) leaks 1 kg/s$"
    ):
        estimate(mass_flow="1 kg/s", **CRACK, **TUNNEL)
    with pytest.raises(
        OutOfRange, match=r"^nothing flows through any hole: the pressures inside and outside are equal$"
    ):
        estimate(mass_flow="1 kg/s", outside="730 mmHg", **TUNNEL)
