"""What must hold of any cabin: mass and energy, scaling, the order of its tables."""

from __future__ import annotations

import pytest
from cabins import marched
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from breachflow.cabin.grammar.read import parse_cabin
from example_counts import up_to

TEMPERATURES = st.sampled_from([280, 310])
LEVELS = st.sampled_from([0.0, 1.0, 300.0, 760.0, 1500.0])
GASES = st.sampled_from(
    ['"air"', '"helium"', "{ nitrogen = 0.79, oxygen = 0.21 }", '{ gamma = 1.3, molar_mass = "40 g/mol" }']
)
THERMAL = st.sampled_from(
    ['"isothermal"', '"adiabatic"', '{ conductance = "80 W/K", wall_temperature = "285 K" }']
)
KINDS = st.sampled_from(
    [
        'kind = "hole", diameter = "8 mm", discharge_coefficient = 0.7',
        'kind = "hole", diameter = "5 mm"',
        'kind = "power", flow = "9 kg/day", at_pressure = "760 mmHg", exponent = 2.0',
        'kind = "conductance", conductance = "2 L/s"',
    ]
)


@st.composite
def cabins(draw: st.DrawFn) -> str:
    """Three rooms in a row, the last one open to what is outside, with a supply and a hatch."""
    rooms = [
        f'{name} = {{ volume = "{draw(st.sampled_from([5, 40]))} m3", pressure = "{draw(LEVELS)} mmHg", '
        f'temperature = "{draw(TEMPERATURES)} K", gas = {draw(GASES)}, thermal = {draw(THERMAL)} }}'
        for name in "abc"
    ]
    return (
        "[compartment]\n" + "\n".join(rooms) + "\n"
        f'[outside]\npressure = "{draw(st.sampled_from([0, 200]))} mmHg"\ntemperature = "250 K"\n'
        f'[leak]\nab = {{ from = "a", to = "b", {draw(KINDS)} }}\n'
        f'bc = {{ from = "c", to = "b", {draw(KINDS)} }}\n'
        f'out = {{ from = "c", {draw(KINDS)}, start = "100 s" }}\n'
        '[supply.s]\nto = "b"\ngas = "oxygen"\nflow = "2 kg/h"\ntemperature = "290 K"\ncontents = "0.5 kg"\n'
        '[hatch]\nh = { between = ["a", "c"], state = "closed", open_as = "orifice", diameter = "9 mm" }\n'
        '[[event]]\nat = "200 s"\nopen = "h"\n[[event]]\nat = "900 s"\nclose = "h"\n'
        '[run]\nend_time = "1500 s"\nsample = "500 s"\ntolerance = 1e-7\n'
    )


@pytest.mark.slow
@settings(max_examples=up_to(200), phases=[Phase.explicit, Phase.generate])
@given(cabins())
def test_mass_and_energy_are_conserved(text: str) -> None:
    answer = marched(parse_cabin(text))
    assert answer.residuals.mass < 1e-9
    assert answer.residuals.energy < 1e-9
    for reading in answer.record.readings:
        assert all(gas.pressure >= 0.0 and gas.temperature > 0.0 for gas in reading.gases)


ROW = (
    'gas = "air"\nthermal = "adiabatic"\n[compartment]\n{rooms}\n'
    '[leak]\nab = {{ from = "a", to="b", kind = "hole", area = "{first} cm2", discharge_coefficient=0.8 }}\n'
    'out = {{ from = "b", kind = "hole", area = "{second} cm2", discharge_coefficient = 0.8 }}\n'
    '[run]\nend_time = "600 s"\n'
)


def row(volumes: tuple[float, float], areas: tuple[float, float], reverse: bool = False) -> dict[str, float]:
    rooms = [
        f'{name} = {{ volume = "{volume} m3", pressure = "760 mmHg", temperature = "295 K" }}'
        for name, volume in zip("ab", volumes, strict=True)
    ]
    text = ROW.format(rooms="\n".join(rooms[::-1] if reverse else rooms), first=areas[0], second=areas[1])
    answer = marched(parse_cabin(text))
    return dict(zip(answer.cabin.room_names, (gas.pressure for gas in answer.end.gases), strict=True))


def test_volumes_and_areas_scaled_together_change_no_pressure() -> None:
    assert row((50.0, 10.0), (8.0, 5.0)) == pytest.approx(row((150.0, 30.0), (24.0, 15.0)), rel=1e-8)


def test_the_order_of_compartments_changes_nothing() -> None:
    assert row((50.0, 10.0), (8.0, 5.0)) == pytest.approx(
        row((50.0, 10.0), (8.0, 5.0), reverse=True), rel=1e-8
    )
