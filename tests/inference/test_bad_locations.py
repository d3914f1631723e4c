"""What is said of cases of leaks to be located that are not valid: line, key, value, what is allowed."""

from __future__ import annotations

import pytest

from breachflow.errors import CaseError
from breachflow.inference.locate.grammar.read import parse_locate

CASE = """\
gas = "air"
[compartment]
a = { volume = "7 m3", pressure = "740 mmHg", temperature = "295 K" }
b = { volume = "60 m3", pressure = "740 mmHg", temperature = "295 K" }
c = { volume = "700 m3", pressure = "740 mmHg", temperature = "295 K" }
[hatch]
ab = { between = ["a", "b"], state = "open" }
bc = { between = ["b", "c"], state = "open" }
[suspect]
rate = "1.6 kg/day"
rate_uncertainty = "0.3 kg/day"
weight = { a = 0.4, b = 0.3, c = 0.3 }
two_leaks = 0.1
hatch_rule = "0.5 mmHg"
handling = "0.5 h"
noise = { correlated = "0.05 mmHg", time = "1 h" }
[[test]]
closed = ["ab"]
slope = { a = "-0.3 +- 0.1 mmHg/h", c = "0 +- 0.1 mmHg/h" }
known = { c = "0.01 +- 0.02 mmHg/h" }
[seal.ab]
inside = "a"
outside_pressure = "731 mmHg"
hull_exponent = 2
seal_exponent = 2
level = [{ pressure = "700 mmHg", loss = "1.5 +- 0.02 kg/day" }]
"""

BAD = [
    ('gas = "air"', "", 'case:1: gas: is missing: the gas of a, b, c; write e.g. "air"'),
    ('gas = "air"', 'gas = "ayr"', 'case:1: gas = "ayr": '),
    (
        'volume = "7 m3"',
        'volume = "0 m3"',
        'case:3: compartment.a.volume = "0 m3": must be at least 1e-12 m3',
    ),
    ('volume = "7 m3"', "volume = 7", "case:3: compartment.a.volume = 7: needs a unit"),
    (
        '["a", "b"]',
        '["a", "x"]',
        'case:7: hatch.ab.between = ["a", "x"]: value 2: no such compartment; allowed',
    ),
    ('["a", "b"]', '["a", "a"]', 'case:7: hatch.ab.between = ["a", "a"]: must name two compartments'),
    ('["a", "b"]', '["a"]', "case:7: hatch.ab.between"),
    ("ab = { between", '"" = { between', "case:7: hatch."),
    (
        'rate = "1.6 kg/day"',
        'rate = "0 kg/day"',
        'case:10: suspect.rate = "0 kg/day": must be at least 1e-24 kg/s',
    ),
    (
        'rate = "1.6 kg/day"',
        'rate = "1 mmHg/h"',
        'case:10: suspect.rate = "1 mmHg/h": is a pressure rate, not',
    ),
    ('rate = "1.6 kg/day"\n', "", "case:9: suspect.rate: is missing"),
    (
        '"0.3 kg/day"',
        '"-0.3 kg/day"',
        'case:11: suspect.rate_uncertainty = "-0.3 kg/day": must be at least 0',
    ),
    ("a = 0.4", "x = 0.4", "case:12: suspect.weight.x = 0.4: no such compartment; allowed: a, b, c"),
    ("a = 0.4, ", "", "case:12: suspect.weight: is missing: that of a; 0 excludes a compartment"),
    ("a = 0.4", "a = -0.4", "case:12: suspect.weight.a = -0.4: must be a number of at least 0"),
    ("a = 0.4, b = 0.3, c = 0.3", "a = 0, b = 0, c = 0.0", "case:12: suspect.weight"),
    ("a = 0.4, b = 0.3", "a = 0.0, b = 0.0", "case:13: suspect.two_leaks = 0.1: must be 0: one"),
    ("two_leaks = 0.1", "two_leaks = 1.0", "case:13: suspect.two_leaks = 1.0: is out of range"),
    ('"0.5 mmHg"', '"-0.5 mmHg"', 'case:14: suspect.hatch_rule = "-0.5 mmHg": must be at least'),
    ('"0.5 h"', '"-1 h"', 'case:15: suspect.handling = "-1 h": must be at least 0 s'),
    (', time = "1 h"', "", "case:16: suspect.noise.time: is missing: correlated needs it"),
    ('correlated = "0.05 mmHg", ', "", "case:16: suspect.noise"),
    ('correlated = "0.05 mmHg"', 'colored = "1 Pa"', "case:16: suspect.noise.colored"),
    (
        'closed = ["ab"]',
        'closed = ["xy"]',
        'case:18: test[1].closed = ["xy"]: "xy": no such hatch; allowed: ab, bc',
    ),
    ('closed = ["ab"]', "closed = []", "case:18: test[1].closed = []: "),
    ('closed = ["ab"]\n', "", "case:17: test[1].closed: is missing"),
    (
        "slope = { a",
        "slope = { x",
        'case:19: test[1].slope.x = "-0.3 +- 0.1 mmHg/h": no such compartment; allowed',
    ),
    (
        '"-0.3 +- 0.1 mmHg/h"',
        '"-0.3 mmHg/h"',
        'case:19: test[1].slope.a = "-0.3 mmHg/h": has no standard deviation',
    ),
    (
        '"-0.3 +- 0.1 mmHg/h"',
        '"-0.3 +- 0 mmHg/h"',
        'case:19: test[1].slope.a = "-0.3 +- 0 mmHg/h": must have a standard',
    ),
    (
        '"-0.3 +- 0.1 mmHg/h"',
        "-0.3",
        "case:19: test[1].slope.a = -0.3: must be a text with its standard deviation",
    ),
    (
        '"-0.3 +- 0.1 mmHg/h"',
        '"-0.3 +- 0.1 kg/day"',
        'case:19: test[1].slope.a = "-0.3 +- 0.1 kg/day": is a mass flow',
    ),
    ('c = "0 +- 0.1 mmHg/h" }', 'b = "0 +- 1 Pa/h", c = "0 +- 1 Pa/h" }', "case:19: test[1].slope.c"),
    ("known = { c", 'known = { b = "0 +- 1 Pa/h", c', "case:20: test[1].known.c"),
    ('slope = { a = "-0.3 +- 0.1 mmHg/h", c = "0 +- 0.1 mmHg/h" }\n', "", "case:17: test[1]: has no slope"),
    (
        ', c = "0 +- 0.1 mmHg/h" }',
        " }",
        'case:20: test[1].known.c = "0.01 +- 0.02 mmHg/h": says nothing: its',
    ),
    ("[seal.ab]", "[seal.xy]", "case:21: seal.xy: no such hatch; allowed: ab, bc"),
    ('inside = "a"', 'inside = "x"', 'case:22: seal.ab.inside = "x": no such compartment; allowed: a, b, c'),
    ("hull_exponent = 2", "hull_exponent = 4", "case:24: seal.ab.hull_exponent = 4"),
    (
        'pressure = "700 mmHg"',
        'pressure = "740 mmHg"',
        'case:26: seal.ab.level[1].pressure = "740 mmHg": must not be above',
    ),
    (', loss = "1.5 +- 0.02 kg/day"', "", "case:26: seal.ab.level[1]"),
    ("[seal.ab]", '[run]\nend_time = "1 h"\n[seal.ab]', "case:21: run"),
    ("[suspect]", "[suspekt]", "case:9: suspekt"),
]


def test_the_case_is_valid() -> None:
    assert parse_locate(CASE).suspect.two_leaks == 0.1


@pytest.mark.parametrize(("old", "new", "message"), BAD, ids=lambda text: text[:30])
def test_a_fault_is_told_in_one_line(old: str, new: str, message: str) -> None:
    assert old in CASE
    with pytest.raises(CaseError) as caught:
        parse_locate(CASE.replace(old, new, 1))
    told = caught.value.faults
    assert any(line.startswith(message) for line in told), told
    assert all("\n" not in line for line in told)
