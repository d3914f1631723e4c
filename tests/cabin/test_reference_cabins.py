"""Cabins whose answers were computed twice by other code: own integration at 1e-11, and closed forms.

Pressures are in mmHg, times in s, temperatures in K, masses in kg. Tolerances are the digits of references.
"""

from __future__ import annotations

from math import log, pi

import pytest
from cabins import MMHG, marched, pressure

from breachflow.cabin.answer.answer import CabinAnswer
from breachflow.cabin.grammar.read import parse_cabin
from breachflow.constants import SPECIES

HOUR, DAY = 3600.0, 86400.0


def room(name: str, volume: float, mmhg: float, temperature: float, more: str = "") -> str:
    return (
        f'[compartment.{name}]\nvolume = "{volume!r} m3"\npressure = "{mmhg!r} mmHg"\n'
        f'temperature = "{temperature!r} K"\n{more}\n'
    )


def hole(origin: str, size: str, more: str = "", to: str = "space", name: str = "hole") -> str:
    return (
        f'[leak.{name}]\nfrom = "{origin}"\nto = "{to}"\nkind = "hole"\n{size}\n'
        f"discharge_coefficient = 0.83\n{more}\n"
    )


def cabin(thermal: str, end: float, *parts: str, gas: str = '"air"', top: str = "") -> CabinAnswer:
    """The march of a case until a time, s."""
    text = f'gas = {gas}\nthermal = {thermal}\n{top}\n{"".join(parts)}[run]\nend_time = "{end!r} s"\n'
    return marched(parse_cabin(text))


def crossing(answer: CabinAnswer, limit: str = "low") -> float:
    found = answer.record.first_crossing(limit)
    assert found is not None
    return found


def mmhg(answer: CabinAnswer) -> list[float]:
    return [gas.pressure / MMHG for gas in answer.end.gases]


def temperatures(answer: CabinAnswer) -> list[float]:
    return [gas.temperature for gas in answer.end.gases]


LOW = '[limit]\nlow = { pressure = "490 mmHg" }\n'
ISOTHERMAL, ADIABATIC = '"isothermal"', '"adiabatic"'


@pytest.mark.parametrize(("thermal", "expected"), [(ISOTHERMAL, 848985.887), (ADIABATIC, 625833.941)])
def test_a_station_with_a_small_hole(thermal: str, expected: float) -> None:
    answer = cabin(thermal, 12 * DAY, room("a", 1005.0, 760.0, 295.0), hole("a", 'diameter = "2 mm"'), LOW)
    assert crossing(answer) == pytest.approx(expected, rel=1e-8)


def test_walls_that_give_heat() -> None:
    """To 3e-6: at 65 kPa thin gas conducts 1.5e-5 less heat here (`THIN_GAS`), and not in the reference."""
    walls = '{ conductance = "300 W/K", wall_temperature = "295 K" }'
    answer = cabin(walls, 600.0, room("a", 70.0, 760.0, 295.0), hole("a", 'diameter = "20 mm"'), LOW)
    assert crossing(answer) == pytest.approx(545.4078, rel=3e-6)
    assert mmhg(answer) == pytest.approx([471.4526], rel=3e-6)
    assert temperatures(answer) == pytest.approx([283.5161], rel=3e-6)
    assert answer.end.masses == pytest.approx([54.06196], rel=3e-6)


@pytest.mark.parametrize(("thermal", "expected"), [(ISOTHERMAL, 550.5494), (ADIABATIC, 429.8219)])
def test_a_vessel_into_air(thermal: str, expected: float) -> None:
    vessel = '[compartment.a]\nvolume = "1 m3"\npressure = "303975 Pa"\ntemperature = "293.15 K"\n'
    limit = '[limit]\nlow = { pressure = "102338.25 Pa" }\n'
    answer = cabin(
        thermal, 600.0, '[outside]\npressure = "101325 Pa"\ntemperature = "293.15 K"\n', vessel,
        hole("a", 'diameter = "5 mm"').replace("0.83", "0.6"), limit,
    )  # fmt: skip
    assert crossing(answer) == pytest.approx(expected, rel=2e-7)
    at = next(one for one in answer.record.happenings if one.what.value == "limit")
    if thermal == ADIABATIC:
        assert at.reading.gases[0].temperature == pytest.approx(214.7851, rel=1e-6)


@pytest.mark.parametrize(
    ("thermal", "expected"), [(ISOTHERMAL, [676.0660, 481.3580]), (ADIABATIC, [649.5404, 413.7376])]
)
def test_mir(thermal: str, expected: list[float]) -> None:
    rooms = room("base", 350.0, 750.0, 293.15) + room("spektr", 62.0, 750.0, 293.15)
    hatch = '[hatch]\nh = { between = ["base", "spektr"], state = "open" }\n'
    hatch += '[[event]]\nat = "402 s"\nclose = "h"\n'
    answer = cabin(thermal, 600.0, rooms, hole("spektr", 'area = "6.4516 cm2"'), hatch)
    assert mmhg(answer) == pytest.approx(expected, rel=2e-7)


def test_mir_with_a_hatch_of_half_a_square_meter() -> None:
    rooms = room("base", 350.0, 750.0, 293.15) + room("spektr", 62.0, 750.0, 293.15)
    hatch = (
        '[hatch]\nh = { between = ["base", "spektr"], state = "open", area = "0.5 m2", '
        'open_as = "orifice" }\n'
        '[[event]]\nat = "402 s"\nclose = "h"\n'
    )
    answer = cabin(ISOTHERMAL, 600.0, rooms, hole("spektr", 'area = "6.4516 cm2"'), hatch)
    assert mmhg(answer) == pytest.approx([676.0660, 481.3578], rel=2e-7)


@pytest.mark.parametrize(
    ("thermal", "pressures", "warmth"),
    [
        (ISOTHERMAL, [410.9944, 406.7245, 356.8134], [295.0] * 3),
        (ADIABATIC, [337.0190, 333.5219, 292.5970], [233.8403, 233.5746, 233.5549]),
    ],
)
def test_three_rooms_in_a_row(thermal: str, pressures: list[float], warmth: list[float]) -> None:
    """Walls of the middle rooms stay where gas flows through: 3e-7 is the last digit of the references."""
    rooms = "".join(
        room(name, volume, 760.0, 295.0) for name, volume in (("a", 100.0), ("b", 60.0), ("c", 7.5))
    )
    leaks = hole("a", 'area = "20 cm2"', to="b", name="ab") + hole("b", 'area = "10 cm2"', to="c", name="bc")
    answer = cabin(thermal, 900.0, rooms, leaks, hole("c", 'area = "8 cm2"', name="out"))
    assert mmhg(answer) == pytest.approx(pressures, rel=3e-7)
    assert temperatures(answer) == pytest.approx(warmth, rel=3e-7)


def test_a_feed_that_holds_a_level() -> None:
    parts = (
        room("a", 1005.0, 720.0, 295.0), hole("a", 'diameter = "2 mm"'),
        '[supply]\ns = { to = "a", gas = "nitrogen", flow = "2.5 kg/h" }\n',
    )  # fmt: skip
    assert mmhg(cabin(ISOTHERMAL, 48 * HOUR, *parts, gas='"nitrogen"')) == pytest.approx(
        [732.43822], rel=2e-8
    )
    level = cabin(ISOTHERMAL, 1000 * DAY, *parts, gas='"nitrogen"')
    assert mmhg(level) == pytest.approx([863.23963], rel=2e-8)


def test_a_tank_with_a_regulator() -> None:
    feed = (
        '[supply]\ntank = { to = "a", gas = "air", flow = "4 kg/h", contents = "30 kg", '
        'on_below = "730 mmHg", off_above = "750 mmHg" }\n'
    )
    answer = cabin(
        ISOTHERMAL, 14 * HOUR, room("a", 70.0, 760.0, 295.0), hole("a", 'diameter = "3 mm"'), feed, LOW
    )
    times = {one.what.value: one.time for one in answer.record.happenings}
    assert times["supply_on"] == pytest.approx(2411.54, rel=3e-6)
    assert times["supply_empty"] == pytest.approx(29411.54, rel=3e-7)
    assert crossing(answer) == pytest.approx(49398.03, rel=2e-7)


@pytest.mark.parametrize(
    ("exponent", "pressures"),
    [
        (2.0, [590.34783, 495.54745, 426.98113, 334.43350]),
        (1.0, [587.1485, 472.2512, 379.8378, 245.7245]),
    ],
)
def test_a_tunnel_that_was_at_620_after_18_hours(exponent: float, pressures: list[float]) -> None:
    """p^2: 1/p grows by 1/620 - 1/730 in 18 h; a hole: ln p falls by ln(730/620)."""
    constant = SPECIES["air"].specific_gas_constant
    per_hour = {2.0: 730.0 * (1.0 / 620.0 - 1.0 / 730.0), 1.0: log(730.0 / 620.0)}[exponent] / 18.0
    flow = per_hour / HOUR * 730.0 * MMHG * 7.0 / (constant * 295.0)
    assert flow * DAY == pytest.approx({2.0: 1.903146, 1.0: 1.751959}[exponent], rel=5e-7)
    if exponent == 2.0:
        assert HOUR / per_hour == pytest.approx(365236.364, rel=1e-9)
    leak = (
        f'[leak.x]\nfrom = "a"\nkind = "power"\nflow = "{flow!r} kg/s"\nat_pressure = "730 mmHg"\n'
        f"exponent = {exponent!r}\n"
    )
    for hours, expected in zip((24, 48, 72, 120), pressures, strict=True):
        answer = cabin(ISOTHERMAL, hours * HOUR, room("a", 7.0, 730.0, 295.0), leak)
        assert mmhg(answer) == pytest.approx([expected], rel=2e-7)


def test_a_hole_that_grows() -> None:
    size = 'diameter = "0.5 mm"\ngrowth = "0.1 mm/day"'
    answer = cabin(ISOTHERMAL, 20 * DAY, room("a", 1005.0, 760.0, 295.0), hole("a", size), LOW)
    assert crossing(answer) == pytest.approx(1541465.89, rel=1e-8)


@pytest.mark.parametrize(("thermal", "hours"), [(ISOTHERMAL, 13.46958), (ADIABATIC, 10.49808)])
def test_a_space_station_of_a_competition(thermal: str, hours: float) -> None:
    """University Physics Competition 2024, problem A: 50 m by 4 m, 10 mm, from 1 to 0.3 atm; h/C_d."""
    limit = '[limit]\nlow = { pressure = "30397.5 Pa" }\n'
    answer = cabin(
        thermal, 20 * HOUR, room("a", pi * 4.0 * 50.0, 760.0, 293.15), hole("a", 'diameter = "10 mm"'), limit
    )
    assert 0.83 * crossing(answer) / HOUR == pytest.approx(hours, rel=1e-6)


def test_an_empty_room_fills_from_outside() -> None:
    """From an endless room, gas of T_0 arrives at gamma T_0."""
    outside = '[outside]\npressure = "101325 Pa"\ntemperature = "293.15 K"\n'
    answer = cabin(ADIABATIC, 40.0, outside, room("a", 10.0, 0.0, 293.15), hole("a", 'diameter = "30 mm"'))
    assert pressure(answer) == pytest.approx(65982.0, rel=2e-6)
    assert temperatures(answer) == pytest.approx([1.4 * 293.15], rel=1e-6)


def test_two_rooms_become_one_pressure() -> None:
    full = room("a", 100.0, 760.0, 295.0)
    answer = cabin(
        ADIABATIC, 6 * HOUR, full, room("b", 10.0, 0.0, 295.0), hole("a", 'diameter = "30 mm"', to="b")
    )
    assert mmhg(answer) == pytest.approx([760.0 * 100.0 / 110.0] * 2, rel=1e-9)
    assert mmhg(answer) == pytest.approx([690.90899, 690.90899], rel=2e-7)
    assert temperatures(answer) == pytest.approx([287.0751, 407.4903], rel=1e-6)
    assert answer.end.masses == pytest.approx([111.77862, 7.874752], rel=1e-6)


def test_a_small_lock_fills_for_weeks() -> None:
    outside = '[outside]\npressure = "101325 Pa"\ntemperature = "295 K"\n'
    limits = (
        '[limit]\nhalf = { pressure = "50662.5 Pa", direction = "rising" }\n'
        'full = { pressure = "100311.75 Pa", direction = "rising" }\n'
    )
    answer = cabin(
        ISOTHERMAL, 30 * DAY, outside, room("a", 0.1, 0.0, 295.0), hole("a", 'diameter = "20 um"'), limits
    )
    assert crossing(answer, "half") == pytest.approx(962334.2, rel=2e-7)
    assert crossing(answer, "full") == pytest.approx(2253530.5, rel=2e-7)


@pytest.mark.parametrize(("leak", "time"), [("", 132801.56), (hole("a", 'diameter = "3 mm"'), 16037.97)])
def test_four_people_breathe(leak: str, time: float) -> None:
    crew = '[crew]\nc = { in = "a", members = 4, scrubbed = true }\n'
    crew += '[limit]\nlow = { oxygen_pressure = "16 kPa" }\n'
    air = room("a", 75.0, 760.0, 295.0).replace("760.0 mmHg", "101325 Pa")
    answer = cabin(
        ISOTHERMAL,
        2 * DAY,
        air,
        leak,
        crew,
        gas="{ nitrogen = 0.79, oxygen = 0.21 }",
    )
    assert crossing(answer) == pytest.approx(time, rel=5e-7)
    if leak:
        at = next(one for one in answer.record.happenings if one.what.value == "limit")
        assert at.reading.gases[0].pressure == pytest.approx(78311.7, rel=1e-6)


def test_a_tunnel_that_leaks_to_both_sides() -> None:
    """Hull p^2 of 1.7 kg/day, and a seal from a station at 731 mmHg that feeds 0.3 kg/day at 731 mmHg."""
    rooms = room("prk", 7.0, 731.0, 295.0) + room("station", 1e9, 731.0, 295.0)
    leaks = "".join(
        f'[leak.{name}]\nfrom = "{origin}"\nto = "{to}"\nkind = "power"\nflow = "{flow} kg/day"\n'
        'at_pressure = "731 mmHg"\nexponent = 2.0\n'
        for name, origin, to, flow in (("hull", "prk", "space", 1.7), ("seal", "station", "prk", 0.3))
    )
    assert mmhg(cabin(ISOTHERMAL, 72 * HOUR, rooms, leaks))[0] == pytest.approx(469.89821, rel=2e-7)
    assert mmhg(cabin(ISOTHERMAL, 100 * DAY, rooms, leaks))[0] == pytest.approx(283.11508, rel=2e-7)
