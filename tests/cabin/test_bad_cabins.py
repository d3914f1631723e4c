"""Wrong cases of cabins: each mistake is told with its line, all of a file at once."""

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

# (old text, new text, line, message after "case:LINE: ")
BAD = [
    ('gas = "air"\nthermal', "thermal", 1, 'gas: is missing: the gas of a, b; write e.g. "air"'),
    ('thermal = "isothermal"\n', "", 1, "thermal: is missing: how the gas exchanges heat of a, b"),
    ('thermal = "isothermal"', 'thermal = "warm"', 2, 'unknown choice; allowed: "isothermal", "adiabatic"'),
    ('thermal = "isothermal"', 'thermal = { conductance = "1 W/K" }', 2, "wall_temperature: is missing"),
    ('volume = "70 m3"', "volume = 70", 4, 'compartment.a.volume = 70: needs a unit, e.g. "350 m3"'),
    ('volume = "70 m3"', 'volume = "0 m3"', 4, "must be more than 0 m3 and at most 1e9 m3"),
    ('volume = "70 m3"', 'volum = "70 m3"', 4, 'unknown key "volum"; allowed: volume, pressure'),
    ('m3"\npressure = "760 mmHg"', 'm3"\npressure = "-1 Pa"', 5, "must be at least 0 Pa and at most"),
    ('between = ["a", "b"]', 'between = ["a", "c"]', 12, "value 2: no such compartment; allowed: a, b"),
    ('between = ["a", "b"]', 'between = ["a", "a"]', 12, "must name two compartments"),
    ('state = "open"\n', "", 11, "hatch.h.state: is missing: whether it is open at the start"),
    ('state = "open"', 'state = "shut"', 13, 'unknown choice; allowed: "open", "closed"'),
    ('state = "open"', 'state = "open"\nopen_as = "orifice"', 11, "diameter: is missing: an orifice has"),
    ('"30 m3"\npressure = "760 mmHg"', '"30 m3"\npressure = "700 mmHg"', 13, "a and b have different"),
    ('"30 m3"', '"30 m3"\nthermal = "adiabatic"', 13, "joins an isothermal compartment with one that is not"),
    ('from = "a"', 'from = "space"', 15, "no such compartment; allowed: a, b"),
    ('from = "a"', 'from = "a"\nto = "a"', 16, 'must be "space" or another compartment'),
    ('kind = "hole"', 'kind = "hol"', 16, 'allowed: "hole", "crack", "power", "conductance", "table"'),
    ('kind = "hole"', 'kind = "crack"', 14, "leak.x.opening: is missing: width of the crack"),
    ('diameter = "2 mm"\n[supply', "[supply", 14, "a hole has a diameter, or an area, or width and length"),
    ('diameter = "2 mm"', 'diameter = "2 mm"\narea = "1 cm2"', 14, "and one of these alone"),
    ('diameter = "2 mm"', 'area = "2 mm"', 17, "is a length, not an area; an area is in m2, cm2, mm2"),
    ('diameter = "2 mm"', 'area = "2 mm2"\ngrowth = "1 mm/day"', 18, "is the growth of a diameter; give one"),
    ('diameter = "2 mm"', 'diameter = "2 mm"\ndepth = "1 mm"', 18, "a hole has `wall_thickness`; a crack"),
    ('diameter = "2 mm"', 'diameter = "2 mm"\nopening = [["1 s", 1.0], ["1 s", 2.0]]', 18, "times must"),
    ('diameter = "2 mm"', 'diameter = "2 mm"\nopening = [["1 s", "x"]]', 18, "must be a number"),
    ('diameter = "2 mm"', 'diameter = "2 mm"\nstart = "2 s"\nend = "1 s"', 19, "must be after start"),
    ('diameter = "2 mm"', 'width = "2 mm"\nlength = "3 mm"', 18, "must be at least 2 times the width"),
    ('to = "b"', 'to = "c"', 19, "no such compartment; allowed: a, b"),
    ('flow = "1 kg/h"', 'flow = "1 kg/h"\non_below = "1 bar"', 18, "supply.s.off_above: is missing"),
    ('flow = "1 kg/h"', 'flow = "1 kg/h"\non_below = "1 bar"\noff_above = "0.9 bar"', 23, "must be above on"),
    ('flow = "1 kg/h"', 'flow = "1 kg/hr"', 21, 'write "1 kg/h"'),
    ('at = "1 h"\n', "", 22, "has a time `at` or a condition `when`, and one of these alone"),
    ('close = "h"', 'close = "i"', 24, 'no such hatch; allowed: h'),
    ('close = "h"', 'open = "h"', 24, "the hatch is open then"),
    ('close = "h"', 'close = "h"\npatch = "x"', 22, "does one thing: give one of close, open, patch"),
    ('close = "h"', 'patch = "x"\nto = "a"', 25, "must be the factor left of the flow"),
    ('close = "h"', 'move_crew = "c"\nto = "b"', 24, "no such crew; the case has no [crew]"),
    ('at = "1 h"', 'when = { compartment = "a" }', 23, "has a compartment and one of pressure_below"),
    ('at = "1 h"', 'when = { compartment = "a", oxygen_pressure_below = "1 kPa" }', 23, "no gas of the"),
    ('pressure = "490 mmHg"', 'oxygen_pressure = "16 kPa"', 26, "no gas of the case states its oxygen"),
    ('pressure = "490 mmHg"', 'pressure = "490 mmHg"\nin = ["d"]', 27, '"d": no such compartment'),
    ('pressure = "490 mmHg"', "", 25, "has one of pressure, oxygen_pressure"),
    ('end_time = "1 day"', "", 27, "run.end_time: is missing: time at the end"),
    ('end_time = "1 day"', 'end_time = "1 day"\nstop_at = "hi"', 29, "no such limit; allowed: low"),
    ('end_time = "1 day"', 'end_time = "1 day"\nsample = "1 ms"', 29, "more than 1000000 samples"),
    ('end_time = "1 day"', 'end_time = "1 day"\n[output]\nfile = "a.vtkhdf"', 30, "must end in"),
    ("[run]", "[outside]\npressure = \"1 bar\"\n[run]", 27, "outside.temperature: is missing"),
    ("[run]", '[crew.c]\nin = "a"\nmembers = 3\n[run]', 27, "breathes oxygen, which no gas"),
    ("[run]", "[mesh]\n[run]", 27, 'unknown key "mesh"'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "message"), BAD, ids=[f"{i}-{bad[3][:30]}" for i, bad in enumerate(BAD)]
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD
    with pytest.raises(CaseError) as caught:
        parse_cabin(GOOD.replace(old, new, 1))
    assert any(fault.startswith(f"case:{line}: ") and message in fault for fault in caught.value.faults), str(
        caught.value
    )


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
