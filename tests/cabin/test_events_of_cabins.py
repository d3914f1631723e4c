"""Events, regulators and limits: what happens once, what happens again, and what must not."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from cabins import HOLE, MMHG, happened, marched, one_room, pressure

from breachflow.cabin.answer.answer import solve_cabin
from breachflow.cabin.grammar.read import parse_cabin
from breachflow.cabin.paths.flux import ideal_flux
from breachflow.errors import CaseError

WEAK = """
[supply.tank]
to = "a"
gas = "air"
flow = "1 kg/h"
on_below = "730 mmHg"
off_above = "750 mmHg"
"""
STRONG = WEAK.replace("1 kg/h", "40 kg/h")
LIMIT = '[limit]\nevacuation = { pressure = "490 mmHg" }\n'

TWO = (
    'gas = "air"\nthermal = "%s"\n[compartment]\n'
    'a = { volume = "70 m3", pressure = "760 mmHg", temperature = "295 K" }\n'
    'b = { volume = "30 m3", pressure = "%s", temperature = "275 K" }\n'
    '[hatch]\nh = { between = ["a", "b"], state = "closed" }\n[run]\nend_time = "100 s"\n'
)


def test_a_regulator_too_weak_to_stop_the_fall_switches_once() -> None:
    answer = marched(one_room(WEAK + LIMIT, end="20 h"))
    assert happened(answer) == [("supply_on", "tank"), ("limit", "evacuation")]


def test_a_strong_regulator_switches_on_and_off_and_keeps_its_band() -> None:
    answer = marched(one_room(STRONG, end="8 h"))
    words = [what for what, _ in happened(answer)]
    assert words == ["supply_on", "supply_off"] * (len(words) // 2) + ["supply_on"] * (len(words) % 2)
    assert len(words) > 4
    pressures = [reading.gases[0].pressure / MMHG for reading in answer.record.readings]
    assert min(pressures[20:]) > 730.0 - 1e-6
    assert max(pressures[20:]) < 750.0 + 1e-6


def test_a_regulated_supply_that_starts_below_its_level_feeds_at_once() -> None:
    answer = marched(one_room(WEAK.replace("730", "765").replace("750", "770"), end="1 h"))
    assert happened(answer)[0] == ("supply_on", "tank")
    assert answer.record.happenings[0].time == 0.0


def test_a_narrow_band_is_not_jumped_over() -> None:
    """On and off within what would be one step of the integrator."""
    room = 'volume = "70 m3", pressure = "730.1 mmHg", temperature = "295 K"'
    answer = marched(one_room(STRONG.replace("750", "730.2"), room=room, end="3 min"))
    assert len(happened(answer)) > 5
    highest = max(reading.gases[0].pressure for reading in answer.record.readings)
    assert highest < 730.2 * MMHG * (1.0 + 1e-9)


def test_a_limit_that_is_passed_at_the_start() -> None:
    answer = marched(one_room('[limit]\nhigh = { pressure = "800 mmHg" }\n'))
    assert happened(answer) == [("already", "high")]
    assert answer.record.first_crossing("high") == 0.0
    assert answer.reserve is not None
    assert answer.reserve.time == 0.0


def test_a_limit_is_told_again_after_it_has_recovered() -> None:
    answer = marched(one_room(STRONG + '[limit]\nlow = { pressure = "735 mmHg" }\n', end="6 h"))
    words = [what for what, name in happened(answer) if name == "low"]
    assert len(words) > 3
    assert words == ["limit", "recovered"] * (len(words) // 2) + ["limit"] * (len(words) % 2)


def test_an_event_on_a_condition_and_its_delay() -> None:
    event = '[[event]]\nwhen = { compartment = "a", pressure_below = "700 mmHg" }\npatch = "hole"\n'
    event += 'after = "10 min"\n'
    answer = marched(one_room(event, end="20 h"))
    assert happened(answer) == [("condition", "hole"), ("patch", "hole")]
    true, done = (found.time for found in answer.record.happenings[:2])
    assert done == pytest.approx(true + 600.0, rel=1e-12)
    tau = true / math.log(760.0 / 700.0)
    assert pressure(answer) == pytest.approx(760.0 * MMHG * math.exp(-done / tau), rel=1e-8)
    assert answer.end.leak_flows == (0.0,)


def test_a_condition_that_is_true_at_the_start_acts_at_once() -> None:
    event = '[[event]]\nwhen = { compartment = "a", pressure_below = "761 mmHg" }\npatch = "hole"\nto = 0.5\n'
    answer = marched(one_room(event))
    assert [(found.time, found.what.value, found.detail) for found in answer.record.happenings[:1]] == [
        (0.0, "patch", "to 0.5 of its flow")
    ]


def test_stop_at_ends_the_run_at_its_limit() -> None:
    case = one_room(LIMIT, end="2 day").replace("run.stop_at", "evacuation")
    answer = marched(case)
    assert answer.end.time == answer.record.first_crossing("evacuation")
    assert pressure(answer) == pytest.approx(490.0 * MMHG, rel=1e-12)


def test_opening_a_hatch_mixes_at_constant_mass_and_energy() -> None:
    text = TWO % ("adiabatic", "0 Pa") + '[[event]]\nat = "50 s"\nopen = "h"\n'
    answer = marched(parse_cabin(text))
    assert [gas.pressure for gas in answer.end.gases] == pytest.approx([0.7 * 760.0 * MMHG] * 2, rel=1e-12)
    assert answer.end.gases[0].temperature == pytest.approx(295.0, rel=1e-12)  # free expansion
    warm = marched(parse_cabin(text.replace("0 Pa", "760 mmHg")))
    assert warm.record.happenings[0].detail == "mixed: a -6.30 K, b +13.70 K"  # 100/(70/295 + 30/275) K
    assert warm.residuals.energy < 1e-14


def test_opening_between_isothermal_rooms_books_the_heat() -> None:
    answer = marched(parse_cabin(TWO % ("isothermal", "380 mmHg") + '[[event]]\nat = "50 s"\nopen = "h"\n'))
    amounts = (760.0 * 70.0 / 295.0 + 380.0 * 30.0 / 275.0) / (70.0 / 295.0 + 30.0 / 275.0)
    assert pressure(answer) == pytest.approx(amounts * MMHG, rel=1e-12)
    assert answer.residuals.energy < 1e-14
    assert answer.record.situation is not None
    assert answer.record.situation.books.heat != 0.0


def test_a_shut_hatch_divides_one_composition_and_pressure() -> None:
    text = (
        TWO % ("adiabatic", "380 mmHg")
        + '[[event]]\nat = "20 s"\nopen = "h"\n[[event]]\nat = "60 s"\nclose = "h"\n'
    )
    answer = marched(parse_cabin(text))
    a, b = answer.end.gases
    assert (a.pressure, a.temperature) == pytest.approx((b.pressure, b.temperature), rel=1e-14)
    assert answer.end.groups == (0, 1)


def test_acts_that_change_nothing_and_supplies_that_never_feed_are_told() -> None:
    events = '[[event]]\nwhen = { compartment = "a", pressure_above = "1 Pa" }\nstart = "tank"\n'
    answer = marched(one_room(WEAK + events, end="10 min"))
    assert answer.cautions == (
        "an event on tank changes nothing: it is so already",
        "supply tank: it never feeds",
    )


def test_people_without_oxygen_take_none() -> None:
    case = parse_cabin(
        'gas = { nitrogen = 0.99, oxygen = 0.01 }\nthermal = "adiabatic"\n[compartment]\n'
        'a = { volume = "5 m3", pressure = "101325 Pa", temperature = "295 K" }\n'
        '[crew]\nc = { in = "a", members = 9 }\n[run]\nend_time = "3 day"\n'
    )
    answer = marched(case)
    shares = answer.end.gases[0].shares
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert shares[1] < 1e-6
    assert answer.cautions == ("crew c: no oxygen is left to breathe long before the end",)
    assert answer.residuals.mass < 1e-9
    assert answer.residuals.energy < 1e-9


def test_an_empty_lock_with_warm_walls_fills() -> None:
    case = one_room(
        '[outside]\npressure = "1 atm"\ntemperature = "293 K"\n',
        thermal='{ conductance = "50 W/K", wall_temperature = "293 K" }',
        room='volume = "10 m3", pressure = "0 Pa", temperature = "293 K"',
        leak=HOLE.replace("3 mm", "30 mm"),
        end="40 s",
    )
    answer = marched(case)
    assert 293.0 < answer.end.gases[0].temperature < 1.4 * 293.0
    assert answer.residuals.energy < 1e-9


def test_a_stop_request_leaves_what_there_is() -> None:
    answer = solve_cabin(one_room(LIMIT, end="20 day"), stop=lambda: "because")
    assert answer.record.stopped == "because"
    assert 0.0 < answer.end.time < 20 * 86400.0
    assert answer.other is None


def test_a_fitted_law_ends_where_its_flows_end(tmp_path: Path) -> None:
    """The march says at which line and when; within the law, the flow is that of the law."""
    import numpy as np

    from breachflow.leak.fitted.law import FlowSample, HoleShape, fit_law
    from breachflow.leak.fitted.law_file import read_law
    from breachflow.results.files.tables import write_table
    from breachflow.results.table import SweepTable, TableAxis

    ratios = np.linspace(0.1, 0.7, 8)
    samples = [FlowSample(ratio, 0.0, 1.4, 0.83 - 0.1 * ratio, 1e-3) for ratio in ratios]
    law = fit_law(samples, HoleShape("round"))
    axis = TableAxis("point", np.arange(8), "", "point")
    write_table(tmp_path / "table.h5", SweepTable((axis,), {}, {"case": ""}, law.to_mapping()))
    text = (
        'gas = "air"\nthermal = "isothermal"\n[outside]\npressure = "{outside} mmHg"\ntemperature = "295 K"\n'
        '[compartment]\na = {{ volume = "70 m3", pressure = "760 mmHg", temperature = "295 K" }}\n'
        '[leak]\nx = {{ from = "a", kind = "table", file = "table.h5", diameter = "5 mm" }}\n'
        '[run]\nend_time = "6 h"\n'
    )
    answer = marched(parse_cabin(text.format(outside=100), path=tmp_path / "case.toml"))
    ratio = 100.0 * MMHG / pressure(answer)
    expected = read_law(tmp_path / "table.h5").discharge_coefficient(ratio, 0.0, 1.4).value
    gas = answer.end.gases[0]
    exact = expected * 0.25 * math.pi * 0.005**2 * ideal_flux(gas, 100.0 * MMHG)
    assert answer.end.leak_flows[0] == pytest.approx(exact, rel=1e-9)
    with pytest.raises(CaseError, match=r"case.toml:9: leak.x: its law does not hold at .* s: "):
        marched(parse_cabin(text.format(outside=400), path=tmp_path / "case.toml"))


def test_a_bore_between_two_compartments_ends_at_one_pressure() -> None:
    case = parse_cabin(
        'gas = "air"\nthermal = "isothermal"\n[compartment]\n'
        'a = { volume = "1 m3", pressure = "760 mmHg", temperature = "295 K" }\n'
        'b = { volume = "3 m3", pressure = "200 mmHg", temperature = "295 K" }\n'
        '[leak.x]\nfrom = "a"\nto = "b"\nkind = "crack"\nopening = "30 um"\nlength = "5 cm"\ndepth = "3 mm"\n'
        '[run]\nend_time = "9 day"\n'
    )
    answer = marched(case)
    assert [gas.pressure / MMHG for gas in answer.end.gases] == pytest.approx([340.0, 340.0], rel=1e-6)
    assert 0.0 < answer.table_errors["x"] < 3e-3
    assert answer.cautions == ()


def test_a_regulator_acts_between_its_start_and_its_end_alone() -> None:
    supply = WEAK + 'start = "5 h"\nend = "6 h"\n'
    answer = marched(one_room(supply, end="9 h"))
    assert [(found.time, found.what.value) for found in answer.record.happenings[:-1]] == [
        (18000.0, "supply_on")
    ]
    assert answer.record.situation is not None
    assert answer.record.situation.books.fed == pytest.approx(1.0, rel=1e-12)


def test_the_interval_of_the_reserve_time() -> None:
    """T is inversely proportional to the flow and proportional to the volume: ln T changes as both do."""
    room = 'volume = "70 m3", volume_uncertainty = 0.1, pressure = "760 mmHg", temperature = "295 K"'
    leak = HOLE.replace(" }", ", uncertainty = 0.2 }")
    found = solve_cabin(one_room(LIMIT, room=room, leak=leak, end="20 h")).reserve
    assert found is not None
    assert found.time is not None
    assert found.interval is not None
    by_leak, by_volume = 0.5 * math.log(1.2 / 0.8), 0.5 * math.log(1.1 / 0.9)
    width = 1.6448536 * math.hypot(by_leak, by_volume)
    expected = (found.time * math.exp(-width), found.time * math.exp(width))
    assert found.interval == pytest.approx(expected, rel=1e-6)
    by_limit = -1.0 / math.log(760.0 / 490.0)
    expected_change = {"leak": -1.0, "volume": 1.0, "temperature": -0.5, "limit": by_limit}
    assert found.sensitivity == pytest.approx(expected_change, rel=3e-4)  # differences of one per cent


def test_a_limit_that_a_variation_never_passes_has_no_upper_end() -> None:
    """A supply as strong as the leak less its uncertainty: the pressure may hold."""
    room = 'volume = "7 m3", pressure = "760 mmHg", temperature = "295 K"'
    supply = '[supply.s]\nto = "a"\ngas = "air"\nflow = "3.2 kg/h"\n'
    leak = HOLE.replace(" }", ", uncertainty = 0.2 }")
    found = solve_cabin(one_room(supply + LIMIT, room=room, leak=leak, end="20 h")).reserve
    assert found is not None
    assert found.interval is not None
    assert found.interval[1] is None


def test_a_hatch_that_is_shut_again_passes_its_limit_again() -> None:
    """The leak of room a alone pulls the difference up each time; open, the hatch has none."""
    events = "".join(
        f'[[event]]\nat = "{at} s"\n{act} = "h"\n' for at, act in ((10, "close"), (40, "open"), (60, "close"))
    )
    text = TWO % ("isothermal", "760 mmHg") + events + f"[leak]\n{HOLE.replace('3 mm', '20 mm')}\n"
    text += '[limit]\nhatch = { hatch_difference = "1 mmHg" }\n'
    answer = marched(parse_cabin(text.replace('"closed"', '"open"')))
    words = [what for what, _ in happened(answer)]
    assert words == ["close", "limit", "open", "close", "limit"]


def test_a_limit_that_an_event_brings_back_is_told() -> None:
    text = TWO % ("isothermal", "400 mmHg") + '[[event]]\nat = "50 s"\nopen = "h"\n'
    text += '[limit]\nlow = { pressure = "500 mmHg", in = ["b"] }\n'
    words = [what for what, _ in happened(marched(parse_cabin(text)))]
    assert words == ["already", "open", "recovered"]


@pytest.mark.parametrize("level", ["760 mmHg", "100 kPa", "70 kPa", "745 mmHg"])
@pytest.mark.parametrize("volume", ["1 m3", "75 m3", "1005 m3"])
def test_a_limit_at_the_pressure_of_the_start_is_reached_at_once(level: str, volume: str) -> None:
    """The pressure follows from the mass: rounding puts it beside its level, or on it."""
    room = f'volume = "{volume}", pressure = "{level}", temperature = "295 K"'
    limit = f'[limit]\nevacuation = {{ pressure = "{level}" }}\n'
    answer = marched(one_room(limit, room=room, end="1 s"))
    assert answer.record.first_crossing("evacuation") == 0.0
    assert happened(answer) == [("already", "evacuation")]


def test_an_empty_compartment_has_no_negative_mass() -> None:
    room = 'volume = "1e-9 m3", pressure = "760 mmHg", temperature = "295 K"'
    answer = marched(one_room(room=room, thermal='"adiabatic"', end="15 day"))
    assert 0.0 <= answer.end.masses[0] < 1e-18
