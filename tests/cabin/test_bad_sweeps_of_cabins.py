"""Wrong sweeps of cabins, each with the line and the message that a user sees, and points without a case."""

# ruff: noqa: E501  (one bad sweep a line)

from __future__ import annotations

import pytest

from breachflow.cabin.grammar.read import parse_cabin
from breachflow.document.sweep.points import sweep_points
from breachflow.errors import CaseError

HEAD = """\
gas = { nitrogen = 0.79, oxygen = 0.21 }
thermal = "isothermal"
[compartment.a]
volume = "70 m3"
pressure = "760 mmHg"
temperature = "295 K"
[compartment.b]
volume = "30 m3"
pressure = "760 mmHg"
temperature = "295 K"
[hatch.h]
between = ["a", "b"]
state = "open"
[leak.x]
from = "a"
kind = "hole"
diameter = "2 mm"
[crew.c]
in = "a"
members = 3
[[event]]
at = "1 h"
close = "h"
[[event]]
when = { compartment = "a", pressure_below = "700 mmHg" }
patch = "x"
[limit.low]
pressure = "490 mmHg"
[run]
end_time = "1 day"
[sweep]
"""

# (text under [sweep], each "LINE: message" after "case:")
BAD = [
    (
        '"leak.x.diameter" = ["1 mm", "5 kg"]',
        '32: sweep."leak.x.diameter" = "5 kg": is a mass, not a length; a length is in m, dm, cm, mm, um, ft, in or mil',
    ),
    (
        '"leak.x.diameter" = ["1 mm", 2]',
        '32: sweep."leak.x.diameter" = 2: needs a unit, e.g. "2 mm"; a length is in m, dm, cm, mm, um, ft, in or mil',
    ),
    (
        '"leak.x.diameter" = ["1mm"]',
        '32: sweep."leak.x.diameter" = "1mm": needs a space between number and unit; write "1 mm"',
    ),
    (
        '"leak.x.diameter" = ["1 mm", "1000 um"]',
        '32: sweep."leak.x.diameter" = "1000 um": is the same as "1 mm"; remove one',
    ),
    ('"leak.x.diameter" = []', '32: sweep."leak.x.diameter" = []: is empty; give at least one value'),
    (
        '"leak.x.diameter" = "1 mm"',
        '32: sweep."leak.x.diameter" = "1 mm": must be a list such as ["1 mm", "2 mm"] or a range { from = "1 mm", to = "2 mm" }',
    ),
    (
        '"leak.x.diameter" = { from = "1 mm", to = "5 mm" }',
        '32: sweep."leak.x.diameter".points: is missing: the number of values; write e.g. points = 25',
    ),
    (
        '"leak.x.diameter" = { from = "1 mm", to = "5 kPa", points = 3 }',
        '32: sweep."leak.x.diameter".to = "5 kPa": is a pressure, not a length; a length is in m, dm, cm, mm, um, ft, in or mil',
    ),
    (
        'leak.x.diameter = ["1 mm"]',
        '32: sweep.leak.x.diameter = ["1 mm"]: write the key in quotes: "leak.x.diameter"',
    ),
    (
        '"leak.x.diametr" = ["1 mm"]',
        '32: sweep."leak.x.diametr" = ["1 mm"]: unknown key; allowed: leak.x.from, leak.x.to, leak.x.start, leak.x.end, leak.x.uncertainty, leak.x.diameter, leak.x.area, leak.x.width, leak.x.length, leak.x.wall_thickness, leak.x.edge_radius, leak.x.discharge_coefficient, leak.x.growth; did you mean "leak.x.diameter"?',
    ),
    (
        '"leak.y.diameter" = ["1 mm"]',
        '32: sweep."leak.y.diameter" = ["1 mm"]: unknown key; allowed: leak.x.from, leak.x.to, leak.x.start, leak.x.end, leak.x.uncertainty, leak.x.diameter, leak.x.area, leak.x.width, leak.x.length, leak.x.wall_thickness, leak.x.edge_radius, leak.x.discharge_coefficient, leak.x.growth; did you mean "leak.x.diameter"?',
    ),
    (
        '"leak.x" = ["1 mm"]',
        '32: sweep."leak.x" = ["1 mm"]: is a table; allowed: leak.x.from, leak.x.to, leak.x.start, leak.x.end, leak.x.uncertainty, leak.x.diameter, leak.x.area, leak.x.width, leak.x.length, leak.x.wall_thickness, leak.x.edge_radius, leak.x.discharge_coefficient, leak.x.growth',
    ),
    (
        '"leak.x.kind" = ["hole", "crack"]',
        '32: sweep."leak.x.kind" = ["hole", "crack"]: cannot be swept: each kind has keys of its own; write a case for each',
    ),
    (
        '"leak.x.depth" = ["1 mm"]',
        '32: sweep."leak.x.depth" = ["1 mm"]: a hole has `wall_thickness`; a crack has `depth`',
    ),
    (
        '"leak.x.opening" = [[["0 s", 0.0], ["10 s", 1.0]]]',
        '32: sweep."leak.x.opening" = [[...]]: cannot be swept: a schedule is many values; write a case for each',
    ),
    (
        '"event.1.at" = ["1 kg"]',
        '32: sweep."event.1.at" = "1 kg": is a mass, not a time; a time is in s, ms, us, min, h or day',
    ),
    (
        '"event.3.at" = ["1 h"]',
        '32: sweep."event.3.at" = ["1 h"]: unknown key; allowed: event.1.at, event.1.after, event.1.close, event.1.open, event.1.patch, event.1.stop, event.1.start, event.1.move_crew, event.1.to, event.2.at, event.2.when.compartment, event.2.when.pressure_below, event.2.when.pressure_above, event.2.when.oxygen_pressure_below, event.2.when.carbon_dioxide_pressure_above, event.2.after, event.2.close, event.2.open, event.2.patch, event.2.stop, event.2.start, event.2.move_crew, event.2.to; did you mean "event.2.at"?',
    ),
    (
        '"event.0.at" = ["1 h"]',
        '32: sweep."event.0.at" = ["1 h"]: unknown key; allowed: event.1.at, event.1.after, event.1.close, event.1.open, event.1.patch, event.1.stop, event.1.start, event.1.move_crew, event.1.to, event.2.at, event.2.when.compartment, event.2.when.pressure_below, event.2.when.pressure_above, event.2.when.oxygen_pressure_below, event.2.when.carbon_dioxide_pressure_above, event.2.after, event.2.close, event.2.open, event.2.patch, event.2.stop, event.2.start, event.2.move_crew, event.2.to; did you mean "event.2.at"?',
    ),
    (
        '"event.at" = ["1 h"]',
        '32: sweep."event.at" = ["1 h"]: unknown key; allowed: event.1.at, event.1.after, event.1.close, event.1.open, event.1.patch, event.1.stop, event.1.start, event.1.move_crew, event.1.to, event.2.at, event.2.when.compartment, event.2.when.pressure_below, event.2.when.pressure_above, event.2.when.oxygen_pressure_below, event.2.when.carbon_dioxide_pressure_above, event.2.after, event.2.close, event.2.open, event.2.patch, event.2.stop, event.2.start, event.2.move_crew, event.2.to; did you mean "event.2.at"?',
    ),
    (
        "event = [1]",
        "32: sweep.event = [1]: is a table; allowed: event.1.at, event.1.after, event.1.close, event.1.open, event.1.patch, event.1.stop, event.1.start, event.1.move_crew, event.1.to, event.2.at, event.2.when.compartment, event.2.when.pressure_below, event.2.when.pressure_above, event.2.when.oxygen_pressure_below, event.2.when.carbon_dioxide_pressure_above, event.2.after, event.2.close, event.2.open, event.2.patch, event.2.stop, event.2.start, event.2.move_crew, event.2.to",
    ),
    (
        '"event.1.close" = { from = "h", to = "h", points = 2 }',
        '32: sweep."event.1.close": has no values between two others; write a list of them',
    ),
    (
        '"event.2.when.pressure_below" = ["700 K"]',
        '32: sweep."event.2.when.pressure_below" = "700 K": is a temperature, not a pressure; a pressure is in Pa, mPa, hPa, kPa, MPa, bar, mbar, atm, torr, mTorr, mmHg, inHg, mmH2O, inH2O or psia',
    ),
    ('"crew.c.members" = [2, 2.5]', '32: sweep."crew.c.members" = 2.5: must be a whole number'),
    (
        '"crew.c.members" = { from = 1, to = 4, points = 3 }',
        '32: sweep."crew.c.members": takes whole numbers, which 3 points from 1 to 4 are not',
    ),
    (
        '"compartment.a.volume" = ["10 m"]',
        '32: sweep."compartment.a.volume" = "10 m": is a length, not a volume; a volume is in m3, cm3, L, mL, ft3 or in3',
    ),
    (
        '"compartment.a.gas" = ["helum"]',
        '32: sweep."compartment.a.gas" = "helum": unknown gas; allowed: air, nitrogen, oxygen, helium, argon, carbon_dioxide, hydrogen, neon, krypton, xenon, methane, propane, ammonia, steam, sulfur_hexafluoride, r134a or a table { gamma = 1.4, molar_mass = "28.97 g/mol" } or a mixture { nitrogen = 0.79, oxygen = 0.21 }; did you mean "helium"?',
    ),
    (
        '"compartment.a.gas" = [{ nitrogen = 0.5, oxygen = 0.4 }]',
        '32: sweep."compartment.a.gas" = {...}: the mole fractions add up to 0.9, not 1',
    ),
    (
        '"compartment.c.volume" = ["10 m3"]',
        '32: sweep."compartment.c.volume" = ["10 m3"]: unknown key; allowed: compartment.a.volume, compartment.a.pressure, compartment.a.temperature, compartment.a.gas, compartment.a.thermal, compartment.a.volume_uncertainty, compartment.a.background, compartment.a.background_uncertainty, compartment.b.volume, compartment.b.pressure, compartment.b.temperature, compartment.b.gas, compartment.b.thermal, compartment.b.volume_uncertainty, compartment.b.background, compartment.b.background_uncertainty; did you mean "compartment.b.volume"?',
    ),
    (
        'thermal = ["isothermal", "warm"]',
        '32: sweep.thermal = "warm": unknown choice; allowed: "isothermal", "adiabatic"',
    ),
    (
        'thermal = [{ conductance = "1 W/K" }]',
        '32: sweep.thermal = {...}: thermal.wall_temperature: is missing: temperature of the walls; write e.g. "293.15 K"',
    ),
    (
        '"limit.low.source" = ["me"]',
        '32: sweep."limit.low.source" = ["me"]: cannot be swept: it changes no answer',
    ),
    (
        '"limit.low.pressure" = ["490 mmHg", "490 mmHgg"]',
        '32: sweep."limit.low.pressure" = "490 mmHgg": unknown unit "mmHgg"; a pressure is in Pa, mPa, hPa, kPa, MPa, bar, mbar, atm, torr, mTorr, mmHg, inHg, mmH2O, inH2O or psia',
    ),
    (
        '"run.sample" = ["1 s"]',
        '32: sweep."run.sample" = ["1 s"]: cannot be swept: it changes no number of the table',
    ),
    (
        '"run.end_time" = { from = "0 s", to = "1 day", points = 3, spacing = "log" }',
        '32: sweep."run.end_time".spacing = "log": equal ratios need both ends above zero',
    ),
    (
        '"output.file" = ["a.h5"]',
        '32: sweep."output.file" = ["a.h5"]: cannot be swept: it changes no answer; a sweep names its own files',
    ),
    ('title = ["a", "b"]', '32: sweep.title = ["a", "b"]: cannot be swept: it changes no answer'),
    ("sweep = [1]", "32: sweep.sweep = [1]: cannot be swept: it is the sweep itself"),
    (
        'volume = ["1 m3"]',
        '32: sweep.volume = ["1 m3"]: unknown key; allowed: gas, gas.*, thermal, outside.*, compartment.a.*, compartment.b.*, hatch.h.*, leak.x.*, crew.c.*, event.1.*, event.2.*, event.2.when.*, limit.low.*, run.*',
    ),
    (
        'mode = "paired"\n"leak.x.diameter" = ["1 mm", "2 mm"]\n"event.1.at" = ["1 h"]',
        '34: sweep."event.1.at" = ["1 h"]: has 1 values, but "leak.x.diameter" has 2; paired lists are equally long',
    ),
    (
        'mode = "all"\n"leak.x.diameter" = ["1 mm", "2 mm"]',
        '32: sweep.mode = "all": unknown mode; allowed: "grid", "paired" or a table { latin_hypercube = 64, seed = 1 }',
    ),
    ("", '31: sweep: has no key to sweep; write e.g. "leak.puncture.diameter" = ["2 mm", "4 mm"]'),
    (
        '"leak.x.diameter" = { from = "1 mm", to = "2 mm", points = 400 }\n"event.1.at" = { from = "1 s", to = "2 h", points = 400 }',
        "31: sweep: has 160000 points (400 x 400); at most 100000 are allowed",
    ),
]

# (text under [sweep], why its first point has no case)
INVALID = [
    (
        '"leak.x.diameter" = ["0 mm", "2 mm"]',
        'leak.x.diameter = "0 mm": must be at least 1e-12 m and at most 1000 m',
    ),
    ('"leak.x.from" = ["z", "a"]', 'leak.x.from = "z": no such compartment; allowed: a, b'),
    (
        '"compartment.b.pressure" = ["700 mmHg", "760 mmHg"]',
        'hatch.h.state = "open": a and b have different pressures and are one volume while the hatch is open; write state = "closed" with an event, or open_as = "orifice"',
    ),
    ('"event.1.close" = ["i", "h"]', 'event[1].close = "i": no such hatch; allowed: h'),
    (
        '"event.2.to" = [-1.0, 0.5]',
        "event[2].to = -1.0: must be the factor left of the flow, a number from 0",
    ),
    (
        '"leak.x.area" = ["1 cm2"]',
        "leak.x: a hole has a diameter, or an area, or width and length, and one of these alone",
    ),
]


@pytest.mark.parametrize(("entries", "faults"), BAD, ids=[f"{i}-{bad[0][:30]}" for i, bad in enumerate(BAD)])
def test_wrong_sweeps(entries: str, faults: str) -> None:
    with pytest.raises(CaseError) as caught:
        parse_cabin(f"{HEAD}{entries}\n")
    assert [fault.removeprefix("case:") for fault in caught.value.faults] == faults.split("\n")


@pytest.mark.parametrize(("entries", "error"), INVALID)
def test_points_without_a_case(entries: str, error: str) -> None:
    """A value out of the range of its key, or that contradicts others, makes one point invalid."""
    first, *others = sweep_points(parse_cabin(f"{HEAD}{entries}\n"))
    assert (first.case, first.error) == (None, error)
    assert all(point.case is not None for point in others)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("event.3.at=1 h", "case: --set event.3.at=1 h: no such entry; allowed: event.1, event.2"),
        ("event.at=1 h", "case: --set event.at=1 h: no such entry; allowed: event.1, event.2"),
        ("leak.x.diameter.y=1", "case: --set leak.x.diameter.y=1: leak.x.diameter is not a table"),
        (
            "event.1.at=1 kg",
            "case: --set event.1.at=1 kg: is a mass, not a time; a time is in s, ms, us, min, h or day",
        ),
    ],
)
def test_wrong_overrides(override: str, message: str) -> None:
    text = HEAD.removesuffix("[sweep]\n")
    with pytest.raises(CaseError) as caught:
        parse_cabin(text, overrides=[override])
    assert str(caught.value) == message


def test_what_can_be_swept() -> None:
    """Numbers, names, choices, tables in place of a name, keys that the case leaves out, and events by number."""
    text = HEAD + (
        '"compartment.a.volume" = ["50 m3", "70 m3"]\n"event.1.at" = { from = "1 h", to = "3 h", points = 3 }\n'
        'thermal = ["isothermal", { conductance = "100 W/K", wall_temperature = "295 K" }]\n'
        '"leak.x.from" = ["a", "b"]\n"crew.c.members" = { from = 2, to = 4, points = 3 }\n'
        '"event.2.to" = [0.0, 0.1]\n"compartment.b.volume_uncertainty" = [0.0, 0.1]\n'
        'gas = ["air", { nitrogen = 0.79, oxygen = 0.21 }]\n'
    )
    text = text.replace('gas = ["air"', "gas = [{ nitrogen = 0.7, oxygen = 0.3 }")
    points = sweep_points(parse_cabin(text))
    assert len(points) == 2 * 3 * 2 * 2 * 3 * 2 * 2 * 2
    case = points[-1].case
    assert case is not None
    assert (case.event[0].at, case.event[1].to, case.leak["x"].origin) == (10800.0, 0.1, "b")
    assert (case.crew["c"].members, case.compartment["b"].volume_uncertainty) == (4, 0.1)
    assert case.compartment["a"].volume == 70.0
    assert case.sweep is None
    assert parse_cabin(case.completed_text).model_dump() == case.model_dump()
