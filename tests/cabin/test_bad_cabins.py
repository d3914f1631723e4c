"""Wrong cases of cabins: each mistake is told with its line, all of a file at once."""

# ruff: noqa: E501  (one bad case a line)

from __future__ import annotations

import pytest

from breachflow.cabin.grammar.read import parse_cabin
from breachflow.case import parse_case
from breachflow.errors import CaseError

GOOD = """\
gas = "air"
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
[supply.s]
to = "b"
gas = "air"
flow = "1 kg/h"
[[event]]
at = "1 h"
close = "h"
[limit.low]
pressure = "490 mmHg"
[run]
end_time = "1 day"
"""

# (old text, new text, each "LINE: message" after "case:")
BAD = [
    ('gas = "air"\nthermal', 'thermal', '1: gas: is missing: the gas of a, b; write e.g. "air"'),
    ('thermal = "isothermal"\n', '', '1: thermal: is missing: how the gas exchanges heat of a, b; write e.g. "isothermal"'),
    ('thermal = "isothermal"', 'thermal = "warm"', '2: thermal = "warm": unknown choice; allowed: "isothermal", "adiabatic"'),
    ('thermal = "isothermal"', 'thermal = { conductance = "1 W/K" }', '2: thermal.wall_temperature: is missing: temperature of the walls; write e.g. "293.15 K"\n18: supply.s.temperature: is missing: b is not isothermal; write e.g. "293 K"'),
    ('volume = "70 m3"', 'volume = 70', '4: compartment.a.volume = 70: needs a unit, e.g. "350 m3"; a volume is in m3, cm3, L, mL, ft3 or in3'),
    ('volume = "70 m3"', 'volume = "0 m3"', '4: compartment.a.volume = "0 m3": must be at least 1e-12 m3 and at most 1e9 m3'),
    ('volume = "70 m3"', 'volum = "70 m3"', '4: compartment.a.volum = "70 m3": unknown key "volum"; allowed: volume, pressure, temperature, gas, thermal, volume_uncertainty, background, background_uncertainty; did you mean "volume"?'),
    ('m3"\npressure = "760 mmHg"', 'm3"\npressure = "-1 Pa"', '5: compartment.a.pressure = "-1 Pa": must be 0, or at least 1e-15 Pa and at most 1e6 MPa'),
    ('between = ["a", "b"]', 'between = ["a", "c"]', '12: hatch.h.between = ["a", "c"]: value 2: no such compartment; allowed: a, b'),
    ('between = ["a", "b"]', 'between = ["a", "a"]', '12: hatch.h.between = ["a", "a"]: must name two compartments'),
    ('state = "open"\n', '', '11: hatch.h.state: is missing: whether it is open at the start'),
    ('state = "open"', 'state = "shut"', '13: hatch.h.state = "shut": unknown choice; allowed: "open", "closed"'),
    ('state = "open"', 'state = "open"\nopen_as = "orifice"', '11: hatch.h.diameter: is missing: an orifice has a diameter or an area; write e.g. "80 cm"'),
    ('"30 m3"\npressure = "760 mmHg"', '"30 m3"\npressure = "700 mmHg"', '13: hatch.h.state = "open": a and b have different pressures and are one volume while the hatch is open; write state = "closed" with an event, or open_as = "orifice"'),
    ('"30 m3"', '"30 m3"\nthermal = "adiabatic"', '13: hatch.h.between = ["a", "b"]: joins an isothermal compartment with one that is not: open, they are one volume; give both one thermal model, or write open_as = "orifice"\n19: supply.s.temperature: is missing: b is not isothermal; write e.g. "293 K"'),
    ('from = "a"', 'from = "space"', '15: leak.x.from = "space": no such compartment; allowed: a, b'),
    ('from = "a"', 'from = "a"\nto = "a"', '16: leak.x.to = "a": must be "space" or another compartment'),
    ('kind = "hole"', 'kind = "hol"', '16: leak.x.kind = "hol": unknown choice; allowed: "hole", "crack", "power", "conductance", "table"; did you mean "hole"?'),
    ('kind = "hole"', 'kind = "crack"', '14: leak.x.opening: is missing: width of the crack; write e.g. "2 mm"\n14: leak.x.length: is missing: length of the crack along the wall; write e.g. "30 mm"\n14: leak.x.depth: is missing: depth of the crack through the wall; write e.g. "2 mm"\n17: leak.x.diameter = "2 mm": unknown key "diameter"; allowed: from, to, start, end, uncertainty, kind, opening, length, depth'),
    ('diameter = "2 mm"\n[supply', '[supply', '14: leak.x: a hole has a diameter, or an area, or width and length, and one of these alone'),
    ('diameter = "2 mm"', 'diameter = "2 mm"\narea = "1 cm2"', '14: leak.x: a hole has a diameter, or an area, or width and length, and one of these alone'),
    ('diameter = "2 mm"', 'area = "2 mm"', '17: leak.x.area = "2 mm": is a length, not an area; an area is in m2, cm2, mm2, ft2 or in2'),
    ('diameter = "2 mm"', 'area = "2 mm2"\ngrowth = "1 mm/day"', '18: leak.x.growth = "1 mm/day": is the growth of a diameter; give one'),
    ('diameter = "2 mm"', 'diameter = "2 mm"\ndepth = "1 mm"', '18: leak.x.depth = "1 mm": a hole has `wall_thickness`; a crack has `depth`'),
    ('diameter = "2 mm"', 'diameter = "2 mm"\nopening = [["1 s", 1.0], ["1 s", 2.0]]', '18: leak.x.opening = [[...], [...]]: times must rise from each pair to the next'),
    ('diameter = "2 mm"', 'diameter = "2 mm"\nopening = [["1 s", 1e308]]', '18: leak.x.opening[1] = ["1 s", 1e+308]: the second value 1e+308 must be at most 1e+06'),
    ('diameter = "2 mm"', 'diameter = "2 mm"\nopening = [["1 s", 1' + 320 * "0" + "]]", '18: leak.x.opening[1] = ["1 s", an integer of 1064 bits]: the second value an integer of 1064 bits must be at most 1e+06'),
    ('diameter = "2 mm"', 'diameter = "2 mm"\nopening = [["1 s", "x"]]', '18: leak.x.opening[1] = ["1 s", "x"]: the second value "x" must be a number, without quotes or unit'),
    ('diameter = "2 mm"', 'diameter = "2 mm"\nstart = "2 s"\nend = "1 s"', '19: leak.x.end = "1 s": must be after start'),
    ('diameter = "2 mm"', 'width = "2 mm"\nlength = "3 mm"', '18: leak.x.length = "3 mm": must be at least 2 times the width'),
    ('to = "b"', 'to = "c"', '19: supply.s.to = "c": no such compartment; allowed: a, b'),
    ('flow = "1 kg/h"', 'flow = "1 kg/h"\non_below = "1 bar"', '18: supply.s.off_above: is missing: a regulator has on_below and off_above'),
    ('flow = "1 kg/h"', 'flow = "1 kg/h"\non_below = "1 bar"\noff_above = "0.9 bar"', '23: supply.s.off_above = "0.9 bar": must be above on_below'),
    ('flow = "1 kg/h"', 'flow = "1 kg/hr"', '21: supply.s.flow = "1 kg/hr": the unit "kg/hr" is not accepted; write "1 kg/h"'),
    ('at = "1 h"\n', '', '22: event[1]: has a time `at` or a condition `when`, and one of these alone'),
    ('close = "h"', 'close = "i"', '24: event[1].close = "i": no such hatch; allowed: h'),
    ('close = "h"', 'open = "h"', '24: event[1].open = "h": the hatch is open then'),
    ('close = "h"', 'close = "h"\npatch = "x"', '22: event[1]: does one thing: give one of close, open, patch, stop, start, move_crew'),
    ('close = "h"', 'patch = "x"\nto = "a"', '25: event[1].to = "a": must be the factor left of the flow, a number from 0'),
    ('close = "h"', 'move_crew = "c"\nto = "b"', '24: event[1].move_crew = "c": no such crew; the case has no [crew]'),
    ('at = "1 h"', 'when = { compartment = "a" }', '23: event[1].when: has a compartment and one of pressure_below, pressure_above, oxygen_pressure_below, carbon_dioxide_pressure_above'),
    ('at = "1 h"', 'when = { compartment = "a", oxygen_pressure_below = "1 kPa" }', '23: event[1].when: no gas of the case states its oxygen; write the gas as a mixture, such as { nitrogen = 0.79, oxygen = 0.21 }'),
    ('pressure = "490 mmHg"', 'oxygen_pressure = "16 kPa"', '26: limit.low.oxygen_pressure = "16 kPa": no gas of the case states its oxygen; write the gas as a mixture, such as { nitrogen = 0.79, oxygen = 0.21 }'),
    ('pressure = "490 mmHg"', 'pressure = "490 mmHg"\nin = ["d"]', '27: limit.low.in = ["d"]: "d": no such compartment; allowed: a, b'),
    ('pressure = "490 mmHg"', '', '25: limit.low: has one of pressure, oxygen_pressure, carbon_dioxide_pressure, pressure_rate, hatch_difference'),
    ('end_time = "1 day"', '', '27: run.end_time: is missing: time at the end; write e.g. "2 day"'),
    ('end_time = "1 day"', 'end_time = "1 day"\nstop_at = "hi"', '29: run.stop_at = "hi": no such limit; allowed: low'),
    ('end_time = "1 day"', 'end_time = "1 day"\nsample = "1 ms"', '29: run.sample = "1 ms": more than 1000000 samples until end_time; choose a longer one'),
    ('end_time = "1 day"', 'end_time = "1 day"\n[output]\nfile = "a.vtkhdf"', '30: output.file = "a.vtkhdf": must end in .h5 or .nc'),
    ('[run]', '[outside]\npressure = "1 bar"\n[run]', '27: outside.temperature: is missing: of the gas that may flow in; write e.g. "293 K"'),
    ('[run]', '[crew.c]\nin = "a"\nmembers = 3\n[run]', '27: crew.c: breathes oxygen, which no gas of the case states; write the gas as a mixture, such as { nitrogen = 0.79, oxygen = 0.21 }'),
    ('[run]', '[mesh]\n[run]', '27: mesh: unknown key "mesh"; allowed: title, gas, thermal, outside, compartment, hatch, leak, supply, crew, event, limit, run, output, sweep'),
    ('volume = "70 m3"', 'volume = "70 kg"', '4: compartment.a.volume = "70 kg": is a mass, not a volume; a volume is in m3, cm3, L, mL, ft3 or in3'),
    ('volume = "70 m3"', 'volume = "nan m3"', '4: compartment.a.volume = "nan m3": is not a finite number'),
    ('volume = "70 m3"', 'volume = true', '4: compartment.a.volume = true: is not a volume; write a number and a unit in quotes, e.g. "350 m3"'),
    ('volume = "70 m3"', 'volume = "70m3"', '4: compartment.a.volume = "70m3": needs a space between number and unit; write "70 m3"'),
    ('m3"\npressure = "760 mmHg"', 'm3"\npressure = "14.7 psi"', '5: compartment.a.pressure = "14.7 psi": the unit "psi" is not accepted; gauge or absolute? write psia (a gauge pressure needs the ambient pressure added)'),
    ('temperature = "295 K"', 'temperature = "-300 degC"', '6: compartment.a.temperature = "-300 degC": must be at least 1e-6 K and at most 1e6 K'),
    ('temperature = "295 K"', 'temperature = 295', '6: compartment.a.temperature = 295: needs a unit, e.g. "293.15 K"; a temperature is in K, degC or degF'),
    ('volume = "70 m3"\n', '', '3: compartment.a.volume: is missing: volume of the gas; write e.g. "350 m3"'),
    ('"70 m3"', '"70 m3"\nvolume_uncertainty = 1.5', '5: compartment.a.volume_uncertainty = 1.5: is out of range; allowed: at least 0, less than 1'),
    ('"70 m3"', '"70 m3"\nbackground_uncertainty = "0.1 kg/day"', '5: compartment.a.background_uncertainty = "0.1 kg/day": says nothing without background'),
    ('"70 m3"', '"70 m3"\ngas = "helum"', '5: compartment.a.gas = "helum": unknown gas; allowed: air, nitrogen, oxygen, helium, argon, carbon_dioxide, hydrogen, neon, krypton, xenon, methane, propane, ammonia, steam, sulfur_hexafluoride, r134a or a table { gamma = 1.4, molar_mass = "28.97 g/mol" } or a mixture { nitrogen = 0.79, oxygen = 0.21 }; did you mean "helium"?'),
    ('gas = "air"', 'gas = { nitrogen = 0.7, oxygen = 0.2 }', '1: gas: the mole fractions add up to 0.9, not 1'),
    ('gas = "air"', 'gas = { nitrogen = 0.7, oxygn = 0.3 }', '1: gas.oxygn = 0.3: unknown key "oxygn"; allowed: air, nitrogen, oxygen, helium, argon, carbon_dioxide, hydrogen, neon, krypton, xenon, methane, propane, ammonia, steam, sulfur_hexafluoride, r134a; did you mean "oxygen"?'),
    ('thermal = "isothermal"', 'thermal = { conductance = "0 W/K", wall_temperature = "295 K" }', '2: thermal.conductance = "0 W/K": must be more than 0 W/K; write thermal = "adiabatic"\n18: supply.s.temperature: is missing: b is not isothermal; write e.g. "293 K"'),
    ('[compartment.a]', '[compartment."a/b"]', '3: compartment."a/b": a name has 1 to 60 printable characters and no /\n12: hatch.h.between = ["a", "b"]: value 1: no such compartment; allowed: a/b, b\n15: leak.x.from = "a": no such compartment; allowed: a/b, b'),
    ('[compartment.a]', '[compartment.space]', '3: compartment.space: "space" is the name of what is outside; choose another\n12: hatch.h.between = ["a", "b"]: value 1: no such compartment; allowed: space, b\n15: leak.x.from = "a": no such compartment; allowed: space, b'),
    ('between = ["a", "b"]', 'between = ["a"]', '12: hatch.h.between = ["a"]: has 1 value; needs 2'),
    ('between = ["a", "b"]', 'between = "a"', '12: hatch.h.between = "a": must be an array'),
    ('state = "open"', 'state = true', '13: hatch.h.state = true: must be text in quotes; allowed: "open", "closed"'),
    ('state = "open"', 'state = "open"\ndiameter = "1 m"\narea = "1 m2"', '15: hatch.h.area = "1 m2": a hatch has a diameter or an area; remove one'),
    ('state = "open"', 'state = "open"\nopen_as = "hole"', '14: hatch.h.open_as = "hole": unknown choice; allowed: "merged", "orifice"'),
    ('state = "open"', 'state = "open"\nopen_as = "orifice"\ndiameter = "1 m"\ndischarge_coefficient = 2.0', '16: hatch.h.discharge_coefficient = 2.0: is out of range; allowed: more than 0, at most 1'),
    ('diameter = "2 mm"', 'diameter = "2 mm"\ndischarge_coefficient = 0.0', '18: leak.x.discharge_coefficient = 0.0: is out of range; allowed: more than 0, at most 1'),
    ('diameter = "2 mm"', 'diameter = "2 mm"\ndischarge_coefficient = 0.8\nwall_thickness = "1 mm"', '19: leak.x.wall_thickness = "1 mm": has no use beside discharge_coefficient; remove one'),
    ('diameter = "2 mm"', 'diameter = "2 mm"\nedge_radius = "1 mm"', '18: leak.x.edge_radius = "1 mm": is larger than wall_thickness'),
    ('diameter = "2 mm"', 'diameter = "-2 mm"', '17: leak.x.diameter = "-2 mm": must be at least 1e-12 m and at most 1000 m'),
    ('diameter = "2 mm"', 'diameter = "2 mm"\nuncertainty = "5 %"', '18: leak.x.uncertainty = "5 %": must be a number, without quotes or unit'),
    ('kind = "hole"\n', '', '14: leak.x.kind: is missing; allowed: "hole", "crack", "power", "conductance", "table"'),
    ('kind = "hole"\ndiameter = "2 mm"', 'kind = "power"\nflow = "1 kg/day"\nat_pressure = "760 mmHg"\nexponent = 3', '19: leak.x.exponent = 3: is out of range; allowed: at least 0.5, at most 2.5'),
    ('kind = "hole"\ndiameter = "2 mm"', 'kind = "power"\nflow = "1 kg/day"\nexponent = 2', '14: leak.x.at_pressure: is missing: pressure at which the flow is known; write e.g. "490 mmHg"'),
    ('kind = "hole"\ndiameter = "2 mm"', 'kind = "conductance"\nconductance = "1 m3"', '17: leak.x.conductance = "1 m3": is a volume, not a volume flow; a volume flow is in m3/s, m3/h, L/s or L/min'),
    ('kind = "hole"\ndiameter = "2 mm"', 'kind = "crack"\nopening = "1 mm"\nlength = "1 mm"\ndepth = "1 mm"', '18: leak.x.length = "1 mm": must be at least 2 times the width'),
    ('kind = "hole"\ndiameter = "2 mm"', 'kind = "table"\nfile = "../../../table.h5"\ndiameter = "1 mm"', '17: leak.x.file = "../../../table.h5": lies outside the case\'s folder and its project; move it there or use --allow-outside'),
    ('flow = "1 kg/h"', 'flow = "0 kg/h"', '21: supply.s.flow = "0 kg/h": must be at least 1e-24 kg/s and at most 1e6 kg/s'),
    ('flow = "1 kg/h"', 'flow = "1 kg/h"\nstart = "2 h"\nend = "1 h"', '23: supply.s.end = "1 h": must be after start'),
    ('thermal = "isothermal"', 'thermal = "adiabatic"', '18: supply.s.temperature: is missing: b is not isothermal; write e.g. "293 K"'),
    ('[run]', '[crew.c]\nin = "z"\nmembers = 0\n[run]', '28: crew.c.in = "z": no such compartment; allowed: a, b\n29: crew.c.members = 0: is out of range; allowed: at least 1, at most 1000'),
    ('[run]', '[crew.c]\nmembers = 1.5\n[run]', '27: crew.c.in: is missing: compartment in which they are\n28: crew.c.members = 1.5: must be a whole number'),
    ('close = "h"', 'close = "h"\nafter = "1 min"', '25: event[1].after = "1 min": counts from a condition; remove it, or give `when`'),
    ('close = "h"', 'close = "h"\nto = 0.5', '25: event[1].to = 0.5: belongs to patch or move_crew; remove it'),
    ('close = "h"', 'patch = "y"', '24: event[1].patch = "y": no such leak; allowed: x'),
    ('close = "h"', 'patch = "x"\nto = -1.0', '25: event[1].to = -1.0: must be the factor left of the flow, a number from 0'),
    ('close = "h"', 'stop = "t"', '24: event[1].stop = "t": no such supply; allowed: s'),
    ('[[event]]', '[event]', '22: event: must be an array of tables: write [[event]]'),
    ('at = "1 h"', 'at = "1 h"\nwhen = { compartment = "a", pressure_below = "1 bar" }', '22: event[1]: has a time `at` or a condition `when`, and one of these alone'),
    ('at = "1 h"', 'when = { compartment = "z", pressure_below = "700 mmHg" }', '23: event[1].when.compartment = "z": no such compartment; allowed: a, b'),
    ('at = "1 h"', 'at = "-1 h"', '23: event[1].at = "-1 h": must be at least 0 s and at most 36500 day'),
    ('pressure = "490 mmHg"', 'hatch_difference = "1 mmHg"\nin = ["a"]', '27: limit.low.in = ["a"]: "a": no such hatch; allowed: h'),
    ('pressure = "490 mmHg"', 'pressure = "490 mmHg"\ndirection = "up"', '27: limit.low.direction = "up": unknown choice; allowed: "falling", "rising"'),
    ('pressure = "490 mmHg"', 'pressure = "490 mmHg"\nin = []', '27: limit.low.in = []: is empty'),
    ('pressure = "490 mmHg"', 'pressure = "490 mmHg"\npressure_rate = "1 mmHg/h"', '25: limit.low: has one of pressure, oxygen_pressure, carbon_dioxide_pressure, pressure_rate, hatch_difference'),
    ('end_time = "1 day"', 'end_time = "0 s"', '28: run.end_time = "0 s": must be at least 1e-9 s and at most 36500 day'),
    ('end_time = "1 day"', 'end_time = "1 day"\ntolerance = 1e-3', '29: run.tolerance = 0.001: is out of range; allowed: at least 1e-12, at most 1e-05'),
    ('end_time = "1 day"', 'end_time = "1 day"\nmode = "steady"', '29: run.mode = "steady": unknown key "mode"; allowed: end_time, sample, stop_at, tolerance'),
    ('[run]', '[risk]\nyears = 1\n[run]', '27: risk: this is the case of a risk: `breachflow risk` computes it'),
    ('[run]', '[boundary.x]\n[run]', '27: boundary: unknown key "boundary"; allowed: title, gas, thermal, outside, compartment, hatch, leak, supply, crew, event, limit, run, output, sweep'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "faults"), BAD, ids=[f"{i}-{bad[2][:30]}" for i, bad in enumerate(BAD)]
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, faults: str) -> None:
    assert old in GOOD
    with pytest.raises(CaseError) as caught:
        parse_cabin(GOOD.replace(old, new, 1))
    assert [fault.removeprefix("case:") for fault in caught.value.faults] == faults.split("\n")


def test_the_good_case_is_good_and_completes_to_itself() -> None:
    case = parse_cabin(GOOD)
    again = parse_cabin(case.completed_text)
    assert again.model_dump() == case.model_dump()


def test_all_mistakes_of_a_file_at_once() -> None:
    text = (
        GOOD.replace('"70 m3"', '"70"').replace('["a", "b"]', '["a", "z"]').replace('"490 mmHg"', '"490 mHg"')
    )
    text = text.replace('close = "h"', 'close = "g"').replace('kind = "hole"', 'kind = "hole"\nareaa = 1')
    with pytest.raises(CaseError) as caught:
        parse_cabin(text)
    assert [fault.split(": ")[0] for fault in caught.value.faults] == [
        "case:4",
        "case:12",
        "case:17",
        "case:25",
        "case:27",
    ]


def test_each_kind_of_case_names_the_other() -> None:
    with pytest.raises(
        CaseError, match="case:3: compartment: this is the case of a cabin: `breachflow cabin`"
    ):
        parse_case(GOOD)
    flow = 'gas = "air"\n[orifice]\nshape = "round"\n[boundary]\n'
    with pytest.raises(CaseError, match="case:4: boundary: this is the case of a flow: `breachflow run`"):
        parse_cabin(flow)
