"""Leaks by fitted laws: the march integrates the law itself, and ends where the law does."""

from __future__ import annotations

import pytest
from cabins import MMHG
from scipy.integrate import quad

from breachflow.cabin.answer.answer import solve_cabin
from breachflow.cabin.grammar.read import parse_cabin
from breachflow.constants import SPECIES
from breachflow.errors import CaseError
from breachflow.leak.breach import Breach, Leak, LeakState, Section
from breachflow.leak.fitted.law_file import leak_law, read_law
from breachflow.shipped import cases_with_law

CRACK = """\
gas = "air"
thermal = "isothermal"
[compartment]
prk = { volume = "7 m3", pressure = "731 mmHg", temperature = "295 K" }
[leak.crack]
from = "prk"
kind = "table"
law = "sweep/crack"
width = "17 um"
length = "30 mm"
wall_thickness = "2 mm"
[limit]
evacuation = { pressure = "490 mmHg" }
[run]
end_time = "3 day"
"""

# (old text, new text, line, message after "case:LINE: ")
BAD = [
    ('law = "sweep/crack"', 'law = "sweep/crak"', 8,
     'leak.crack.law = "sweep/crak": no such law; allowed: "sweep/crack"; did you mean "sweep/crack"?'),
    ('law = "sweep/crack"\n', "", 5,
     "leak.crack: has the file or the name of a law, and one of these alone"),
    ('law = "sweep/crack"', 'law = "sweep/crack"\nfile = "table.h5"', 5,
     "leak.crack: has the file or the name of a law, and one of these alone"),
    ('length = "30 mm"\n', "", 5, "leak.crack: has a diameter, or width and length, and one of these alone"),
    ('width = "17 um"\nlength = "30 mm"\n', "", 5,
     "leak.crack: has a diameter, or width and length, and one of these alone"),
    ('width = "17 um"', 'width = "17 um"\ndiameter = "1 mm"', 5,
     "leak.crack: has a diameter, or width and length, and one of these alone"),
    ('length = "30 mm"', 'length = "30 um"', 10,
     'leak.crack.length = "30 um": must be at least 2 times the width'),
    ('"2 mm"', '"2 mm"\nedge_radius = "3 mm"', 12,
     'leak.crack.edge_radius = "3 mm": is larger than wall_thickness'),
]  # fmt: skip


def crack(pressure: float) -> Leak:
    breach = Breach(Section.SLIT, 17e-6, 2e-3, 30e-3)
    return Leak(breach, LeakState(SPECIES["air"], pressure, 295.0, 0.0))


def test_a_crack_by_the_shipped_law() -> None:
    """T = V/(R T) times the integral of dp/mdot, mdot by the law at each pressure: 1e-7, as the march."""
    law = read_law(cases_with_law()["sweep/crack"].law or "")

    def slowness(pressure: float) -> float:
        leak = crack(pressure)
        found = law.discharge_coefficient(0.0, leak.breach.depth_ratio, leak.gamma, leak.delta)
        return 1.0 / (found.value * leak.ideal)

    gas = SPECIES["air"].specific_gas_constant * 295.0
    expected = 7.0 / gas * quad(slowness, 490.0 * MMHG, 731.0 * MMHG, epsrel=1e-10)[0]
    answer = solve_cabin(parse_cabin(CRACK), varied=False)
    assert answer.record.first_crossing("evacuation") == pytest.approx(expected, rel=1e-7)


def test_the_interval_is_that_of_the_law() -> None:
    at_start = leak_law(cases_with_law()["sweep/crack"].law or "").flow(crack(731.0 * MMHG))
    reserve = solve_cabin(parse_cabin(CRACK)).reserve
    assert reserve is not None
    (spread,) = reserve.spreads
    assert spread.name == "leak crack"
    assert spread.relative == pytest.approx(
        at_start.uncertainty / at_start.value, rel=1e-3
    )  # ln T ~ -ln flow


def test_a_law_ends_at_check() -> None:
    reason = r"case:5: leak.crack: its law does not hold at .* s: rarefaction parameter = .* is outside"
    with pytest.raises(CaseError, match=reason):
        solve_cabin(parse_cabin(CRACK.replace("3 day", "60 day")), varied=False)
    round_hole = parse_cabin(CRACK.replace('width = "17 um"\nlength = "30 mm"\n', 'diameter = "1 mm"\n'))
    with pytest.raises(CaseError, match=r"case:5: leak.crack: its law does not hold at 0 s: .*slit"):
        solve_cabin(round_hole, varied=False)


@pytest.mark.parametrize(("old", "new", "line", "message"), BAD)
def test_wrong_leaks_by_fitted_laws(old: str, new: str, line: int, message: str) -> None:
    assert old in CRACK
    with pytest.raises(CaseError) as caught:
        parse_cabin(CRACK.replace(old, new))
    assert str(caught.value) == f"case:{line}: {message}"
