"""Where a leak is: against plain enumeration, published numbers, simulation; and properties of the answer."""

from __future__ import annotations

import json
import math
import random
from dataclasses import asdict
from pathlib import Path
from typing import Any

import naive_location as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_location import Station

import breachflow
from breachflow.cli.main import main
from breachflow.errors import UsageError
from breachflow.inference.locate.compute import location_of
from breachflow.inference.locate.grammar.read import EXAMPLE, LOCATE, parse_locate
from breachflow.inference.locate.grammar.schema import LocateCase
from breachflow.shipped import find_case
from breachflow.theory.chance import chance_of_more
from breachflow.theory.emptying.seal import NetLoss, SealLaw, both_leaks
from breachflow.validation.judge import Status
from breachflow.validation.plan import ValidationMode, make_plan
from breachflow.validation.validate import validate

SHIPPED = "locate/russian_segment"
NOISE = '{ correlated = "0.05 mmHg", time = "1 h", resolution = "0.1 mmHg", every = "1 min" }'


def case_text(
    station: Station,
    tests: list[tuple[list[str], dict[str, tuple[float, float]], dict[str, tuple[float, float]]]],
    order: list[str] | None = None,
    suspect: str = "",
) -> str:
    """The case of a station in TOML; slopes in mmHg/h."""
    names = order or list(station.volumes)
    lines = ['gas = "air"', "[compartment]"]
    lines += [
        f'{name} = {{ volume = "{station.volumes[name]} m3", pressure = "740 mmHg", temperature = "295 K" }}'
        for name in names
    ]
    lines.append("[hatch]")
    for name, (one, other) in station.hatches.items():
        state = "closed" if name in station.shut else "open"
        lines.append(f'{name} = {{ between = ["{one}", "{other}"], state = "{state}" }}')
    weights = ", ".join(f"{name} = {station.weights[name]}" for name in names)
    lines += [
        "[suspect]",
        f'rate = "{station.rate} kg/day"',
        f'rate_uncertainty = "{station.spread} kg/day"',
        f"weight = {{ {weights} }}",
        f"two_leaks = {station.two}",
        suspect,
    ]
    for closed, slopes, known in tests:
        lines += ["[[test]]", f"closed = {json.dumps(closed)}"]
        for table, values in (("slope", slopes), ("known", known)):
            inner = ", ".join(f'{name} = "{a!r} +- {b!r} mmHg/h"' for name, (a, b) in values.items())
            lines.append(f"{table} = {{ {inner} }}")
    return "\n".join(lines)


def random_station(seed: int) -> Station:
    """A tree of compartments with sometimes a ring, sometimes a hatch that is shut."""
    source = random.Random(seed)
    count = source.randint(2, 9)
    names = [f"m{i}" for i in range(count)]
    hatches = {f"h{i}": (names[source.randrange(i)], names[i]) for i in range(1, count)}
    if count > 3 and source.random() < 0.3:
        hatches["ring"] = (names[0], names[-1])
    return Station(
        {name: round(10 ** source.uniform(0.7, 3.0), 3) for name in names},
        hatches,
        {name: round(source.uniform(0.05, 1.0), 3) for name in names},
        rate=round(10 ** source.uniform(-1.0, 1.3), 3),
        spread=round(10 ** source.uniform(-2.0, 0.0), 3),
        two=round(source.uniform(0.0, 0.5), 3),
        shut=[source.choice(list(hatches))] if source.random() < 0.3 else [],
    )


def random_tests(station: Station, seed: int) -> list[Any]:
    """Tests of one or two hatches, with slopes of some of the sides."""
    source = random.Random(seed)
    tests = []
    for _ in range(source.randint(1, 4)):
        closed = source.sample(list(station.hatches), min(len(station.hatches), source.randint(1, 2)))
        slopes: dict[str, tuple[float, float]] = {}
        known: dict[str, tuple[float, float]] = {}
        seen: set[str] = set()
        for name in station.volumes:
            side = station.side_of(name, closed)
            if not side & seen and source.random() < 0.9:
                seen |= side
                size = station.rate * station.fall({name: 1.0}, side)
                slopes[name] = (source.uniform(-1.2, 0.3) * size, 10 ** source.uniform(-1.0, 0.5) * size)
                if source.random() < 0.3:
                    known[name] = (source.uniform(-0.1, 0.1) * size, 0.05 * size)
        if slopes:
            tests.append((closed, slopes, known))
    return tests


@pytest.mark.parametrize("seed", range(40))
def test_against_enumeration(seed: int) -> None:
    """Random stations of 2 to 9 compartments and their tests."""
    station = random_station(seed)
    tests = random_tests(station, seed + 1000)
    found = location_of(parse_locate(case_text(station, tests)))
    chances = [chance for _, chance in station.places()]
    for (closed, slopes, known), effect in zip(tests, found.tests, strict=True):
        chances = naive.after(station, chances, closed, slopes, known)
        for name, value in naive.of_compartments(station, chances).items():
            assert effect.probability[name] == pytest.approx(value, rel=1e-7, abs=1e-12)
    places = {
        tuple(sorted(shares.items())): chance
        for (shares, _), chance in zip(station.places(), chances, strict=True)
    }
    for place in found.hypotheses:
        assert place.probability == pytest.approx(places[tuple(sorted(place.share.items()))], abs=1e-9)
    assert sum(found.probability.values()) == pytest.approx(1.0 + found.two_leaks, abs=1e-12)
    ordered = [place.probability for place in found.hypotheses]
    assert ordered == sorted(ordered, reverse=True)


def test_the_shipped_case() -> None:
    report = validate(make_plan([SHIPPED], ValidationMode.FULL))
    assert {one.expected.quantity: one.reason for one in report.findings if one.reason} == {}
    assert [one.status for one in report.findings] == [Status.PASS] * 55


def shipped(*overrides: str) -> LocateCase:
    return breachflow.load_locate(find_case(SHIPPED).folder / "case.toml", overrides)


STATION = Station(
    {"a": 7.0, "b": 60.0, "c": 200.0, "d": 700.0},
    {"ab": ("a", "b"), "bc": ("b", "c"), "cd": ("c", "d")},
    {"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1},
)


def simulated_information(station: Station, closed: list[str], deviation: float, samples: int) -> float:
    """Mutual information of place and slopes, bit, by drawing both."""
    source = np.random.default_rng(3)
    places = station.places()
    sides = []
    for name in station.volumes:
        side = station.side_of(name, closed)
        if side not in sides:
            sides.append(side)
    models = [naive.predicted(station, shares, sides, [deviation**2] * len(sides)) for shares, _ in places]
    chances = np.array([chance for _, chance in places])
    means, inverses, roots, scales = [], [], [], []
    for mean, covariance in models:
        means.append(mean)
        inverses.append(np.linalg.inv(covariance))
        roots.append(np.linalg.cholesky(covariance))
        scales.append(np.linalg.det(covariance) ** -0.5)
    chosen = source.choice(len(places), samples, p=chances)
    noise = source.standard_normal((samples, len(sides)))
    slopes = np.array(means)[chosen] + np.einsum("nij,nj->ni", np.array(roots)[chosen], noise)
    off = slopes[:, None, :] - np.array(means)
    densities = np.array(scales) * np.exp(-0.5 * np.einsum("nki,kij,nkj->nk", off, np.array(inverses), off))
    own = densities[np.arange(samples), chosen]
    return float(np.mean(np.log2(own / (densities @ chances))))


@pytest.mark.parametrize("hatch", ["ab", "bc", "cd"])
def test_information_against_simulation(hatch: str) -> None:
    found = location_of(parse_locate(case_text(STATION, [], suspect=f"noise = {NOISE}")))
    (step,) = [one for one in found.next if one.hatch == hatch]
    hours = step.wait / 3600.0
    variance = 24 * 0.0025 / (hours**3 + 6 * hours**2 + 12 * hours) + 0.01 / 60 / hours**3
    drawn = simulated_information(STATION, [hatch], math.sqrt(variance), 100_000)
    assert step.gain == pytest.approx(drawn, abs=0.012)  # 4 sd of 100 000 draws
    assert step.score == pytest.approx(step.gain / (hours + 0.5), rel=1e-9)


def test_information_of_a_pair_in_a_ring_against_simulation() -> None:
    """In a ring no single hatch divides anything; two do."""
    ring = Station(
        {"a": 20.0, "b": 60.0, "c": 200.0}, {"ab": ("a", "b"), "bc": ("b", "c"), "ca": ("c", "a")},
        {"a": 0.4, "b": 0.3, "c": 0.3},
    )  # fmt: skip
    text = case_text(ring, [], suspect=f'noise = {NOISE}\nhatch_rule = "0.5 mmHg"')
    found = location_of(parse_locate(text))
    assert {step.hatch for step in found.next} == {"ab + bc", "ab + ca", "bc + ca"}
    assert found.next_without_rule
    step = found.next[0]
    hours = step.wait / 3600.0
    variance = 24 * 0.0025 / (hours**3 + 6 * hours**2 + 12 * hours) + 0.01 / 60 / hours**3
    drawn = simulated_information(ring, step.hatch.split(" + "), math.sqrt(variance), 100_000)
    assert step.gain == pytest.approx(drawn, abs=0.012)
    assert all(step.rule_limit is not None and step.wait <= step.rule_limit for step in found.next)


def test_the_best_wait_is_the_best() -> None:
    found = location_of(parse_locate(case_text(STATION, [], suspect=f"noise = {NOISE}")))
    step = found.next[0]
    for factor in (0.7, 1.4):
        hours = factor * step.wait / 3600.0
        if hours < 1.0 / 6.0:
            continue
        variance = 24 * 0.0025 / (hours**3 + 6 * hours**2 + 12 * hours) + 0.01 / 60 / hours**3
        other = simulated_information(STATION, [step.hatch], math.sqrt(variance), 100_000)
        assert other / (hours + 0.5) < step.score + 0.02
    assert [one.score for one in found.next] == sorted((one.score for one in found.next), reverse=True)


def test_the_threshold_is_where_the_odds_are_even() -> None:
    """The fall that decides, put in as a test of that side alone, makes a leak there as likely as not."""
    text = case_text(STATION, [], suspect=f'noise = {NOISE}\nhatch_rule = "0.5 mmHg"')
    for step in location_of(parse_locate(text)).next:
        assert step.threshold is not None
        assert step.threshold_side is not None
        hours = step.wait / 3600.0
        variance = 24 * 0.0025 / (hours**3 + 6 * hours**2 + 12 * hours) + 0.01 / 60 / hours**3
        slope = (-step.threshold / 133.322387415 / hours, math.sqrt(variance))
        test = ([step.hatch], {step.threshold_side[0]: slope}, {})
        after = location_of(parse_locate(case_text(STATION, [test]))).hypotheses
        there = sum(
            place.probability for place in after if any(name in step.threshold_side for name in place.share)
        )
        assert there == pytest.approx(0.5, abs=1e-6)


def test_the_limit_across_a_hatch() -> None:
    """0.5 mmHg at 1.6 kg/day: five minutes for 7 m3, 0.7 h for 60 m3 (0.79 with the tunnel), 3 h for half."""
    steps = {step.hatch: step for step in location_of(shipped("test=[]")).next}
    rate = 1.6 * naive.KG_DAY * naive.MOLAR * 295.0 / 133.322387415
    for hatch, volume in (("prk_hatch", 7.0), ("ro_hatch", 67.0), ("node1_aft", 266.7)):
        limit = steps[hatch].rule_limit
        assert limit == pytest.approx(0.5 * volume / rate, rel=1e-6)
        assert steps[hatch].wait <= limit
    free = {step.hatch: step for step in location_of(shipped("test=[]")).next_without_rule}
    assert all(step.rule_limit is None for step in free.values())
    assert free["prk_hatch"].wait == pytest.approx(600.0)
    assert free["prk_hatch"].gain > steps["prk_hatch"].gain


@pytest.mark.parametrize("seed", range(0, 40, 12))
def test_the_order_of_compartments_changes_nothing(seed: int) -> None:
    station = random_station(seed)
    tests = random_tests(station, seed + 1000)
    suspect = f"noise = {NOISE}"
    one = location_of(parse_locate(case_text(station, tests, suspect=suspect)))
    order = list(station.volumes)
    random.Random(seed).shuffle(order)
    other = location_of(parse_locate(case_text(station, tests, order, suspect)))
    assert other.probability == pytest.approx(one.probability, rel=1e-9, abs=1e-14)
    gains = [{step.hatch: step.gain for step in found.next} for found in (one, other)]
    assert gains[0] == pytest.approx(gains[1], abs=2e-3)  # of the quadrature, whose axes are others


def test_the_order_of_tests_changes_nothing() -> None:
    station, tests = random_station(5), random_tests(random_station(5), 1005)
    one = location_of(parse_locate(case_text(station, tests)))
    other = location_of(parse_locate(case_text(station, tests[::-1])))
    assert one.probability == pytest.approx(other.probability, rel=1e-9)


def test_a_test_that_tells_nothing_changes_nothing() -> None:
    vague = (["bc"], {"a": (-3.0, 1e7), "d": (5.0, 1e7)}, {})
    before, after = (location_of(parse_locate(case_text(STATION, tests))) for tests in ([], [vague]))
    assert after.probability == pytest.approx(before.probability, rel=1e-9)
    assert after.tests[0].gain == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("seed", range(0, 40, 8))
def test_units_change_nothing(seed: int) -> None:
    station = random_station(seed)
    text = case_text(station, random_tests(station, seed + 1000))
    other = (
        text.replace('m3"', '000 L"').replace(".000 L", " m3")
        if False
        else text.replace("295 K", "21.85 degC")
    )
    one = location_of(parse_locate(text))
    two = location_of(parse_locate(other))
    assert two.probability == pytest.approx(one.probability, rel=1e-6, abs=1e-12)
    scaled = "\n".join(_in_pascals(line) for line in text.splitlines())
    three = location_of(parse_locate(scaled))
    assert three.probability == pytest.approx(one.probability, rel=1e-9, abs=1e-14)


def _in_pascals(line: str) -> str:
    """The slopes of a line in Pa/h."""
    if not line.startswith(("slope", "known")):
        return line
    parts = line.split('"')
    for i in range(1, len(parts), 2):
        value, deviation = parts[i].removesuffix(" mmHg/h").split(" +- ")
        parts[i] = (
            " +- ".join(f"{float(number) * 133.322387415!r}" for number in (value, deviation)) + " Pa/h"
        )
    return '"'.join(parts)


def decimals(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers as people write them."""
    return st.floats(low, high).map(lambda number: round(number, 4))


@settings(max_examples=15)
@given(decimals(0.05, 20.0), decimals(0.0, 3.0), decimals(-3.0, 1.0), decimals(0.01, 1.0))
def test_probabilities_are_probabilities(rate: float, spread: float, slope: float, deviation: float) -> None:
    station = Station(STATION.volumes, STATION.hatches, STATION.weights, rate, spread)
    found = location_of(parse_locate(case_text(station, [(["ab"], {"a": (slope, deviation)}, {})])))
    assert sum(found.probability.values()) == pytest.approx(1.0 + found.two_leaks, rel=1e-12)
    assert sum(place.probability for place in found.hypotheses) == pytest.approx(1.0, rel=1e-12)
    assert all(0.0 <= value <= 1.0 for value in found.probability.values())
    assert 0.0 <= found.tests[0].fit <= 1.0


def test_an_uncertain_volume_tells_less() -> None:
    """Its variance is (w0^2 + sw^2) a^2 u^2, as draws of w and of the volume have it to first order."""
    text = case_text(STATION, [(["ab"], {"a": (-1.0, 0.01), "b": (0.0, 0.01)}, {})])
    known = location_of(parse_locate(text))
    vague = location_of(parse_locate(text, overrides=["compartment.a.volume_uncertainty=0.2"]))
    assert known.tests[0].fit < vague.tests[0].fit
    source = np.random.default_rng(2)
    fall = STATION.fall({"a": 1.0}, {"a"})
    drawn = source.normal(1.6, 0.3, 400_000) * fall * (1.0 + source.normal(0.0, 0.1, 400_000))
    variance = (1.6**2 + 0.3**2) * (0.1 * fall) ** 2 + (0.3 * fall) ** 2
    assert np.var(drawn) == pytest.approx(variance, rel=0.01)


def test_slopes_that_no_place_makes_are_told() -> None:
    both = (["bc"], {"a": (-0.5, 0.01), "d": (-0.5, 0.01)}, {})
    found = location_of(parse_locate(case_text(STATION, [both])))
    assert found.tests[0].fit < 1e-3
    assert found.warnings[0].startswith("test 1 (bc): no place makes such slopes of a/b and c/d by chance")
    fine = location_of(parse_locate(case_text(STATION, [(["bc"], {"a": (-0.5, 0.1), "d": (0, 0.1)}, {})])))
    assert fine.tests[0].fit > 0.05


def test_tests_that_exclude_all_but_one_place_and_then_that_one() -> None:
    """Probabilities that underflow stay probabilities, and a later test may not revive them."""
    tests = [
        (["cd"], {"a": (-1.0, 1e-4), "d": (0.0, 1e-5)}, {}),
        (["ab"], {"a": (-10.0, 1e-4), "b": (0.0, 1e-5)}, {}),
        (["ab"], {"a": (0.0, 1e-4), "b": (-0.1, 1e-5)}, {}),
    ]
    for count in (1, 2, 3):
        found = location_of(parse_locate(case_text(STATION, tests[:count], suspect=f"noise = {NOISE}")))
        assert sum(found.probability.values()) == pytest.approx(1.0 + found.two_leaks, rel=1e-12)
        assert all(step.gain >= -1e-12 for step in found.next)
    assert found.tests[2].fit < 1e-6


def test_a_hatch_that_divides_nothing_is_told() -> None:
    ring = Station(STATION.volumes, {**STATION.hatches, "ring": ("a", "d")}, STATION.weights)
    found = location_of(parse_locate(case_text(ring, [(["ab"], {"a": (-0.03, 0.01)}, {})])))
    assert found.warnings[0] == "test 1: ab shut divide nothing: the gas has another way round."
    assert found.probability == pytest.approx(found.prior, rel=1e-9)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_chances_against_scipy(count: int) -> None:
    from scipy import stats

    for square in (0.0, 0.1, 1.0, 5.0, 30.0, 200.0):
        assert chance_of_more(square, count) == pytest.approx(stats.chi2.sf(square, count), rel=1e-10)


@given(
    st.floats(0.1, 5.0), st.floats(0.0, 2.0), st.sampled_from([0.5, 1.0, 2.0, 2.5]),
    st.sampled_from([1.0, 2.0]), st.lists(st.floats(0.05, 0.99), min_size=2, max_size=5, unique=True),
)  # fmt: skip
def test_seals_against_least_squares(
    hull: float, seal: float, n: float, m: float, ratios: list[float]
) -> None:
    law = SealLaw(731.0, n, m)
    levels = [
        NetLoss(731.0 * r, hull * r**n - seal * (1 - r**m) + 0.01 * (-1) ** i, 0.01 * (i + 1))
        for i, r in enumerate(ratios)
    ]
    design = np.array([[r**n, r**m - 1.0] for r in ratios])
    weights = np.diag([level.deviation**-2 for level in levels])
    normal = design.T @ weights @ design
    found = both_leaks(levels, law)
    if found is None or np.linalg.cond(normal) > 1e8:
        return
    solved = np.linalg.solve(normal, design.T @ weights @ np.array([level.loss for level in levels]))
    inverse = np.linalg.inv(normal)
    assert (found.hull, found.seal) == pytest.approx(solved, rel=1e-6, abs=1e-6)
    assert found.hull_deviation == pytest.approx(math.sqrt(inverse[0, 0]), rel=1e-6)
    assert found.seal_deviation == pytest.approx(math.sqrt(inverse[1, 1]), rel=1e-6)
    assert found.correlation == pytest.approx(
        inverse[0, 1] / math.sqrt(inverse[0, 0] * inverse[1, 1]), abs=1e-6
    )


def test_one_pressure_level_does_not_tell_the_seal() -> None:
    one = 'seal.prk_hatch.level=[{ pressure = "700 mmHg", loss = "1.53396 +- 0.02 kg/day" }]'
    found = location_of(shipped(one))
    assert found.seals[0].seal is None
    assert "needs a second pressure level: one cannot tell the seal from the hull" in str(found)
    near = 'seal.prk_hatch.level=[{ pressure = "700 mmHg", loss = "1.53396 +- 0.02 kg/day" },' + (
        ' { pressure = "650 mmHg", loss = "1.28148 +- 0.02 kg/day" }]'
    )
    deviation = location_of(shipped(near)).seals[0].seal_uncertainty
    assert deviation == pytest.approx(0.19 / 86400.0, rel=0.03)  # two digits
    assert found.seals[0].next_level["0.5"] * 86400.0 == pytest.approx(0.0285, abs=1e-4)


def test_a_seal_by_slopes_is_that_by_losses() -> None:
    slope = 1.53396 * naive.KG_DAY * naive.MOLAR * 295.0 / 7.0
    first = f'{{ pressure = "700 mmHg", slope = "{-slope!r} +- {slope / 76.698!r} Pa/s" }}'
    second = '{ pressure = "400 mmHg", loss = "0.29884 +- 0.02 kg/day" }'
    found = location_of(shipped(f"seal.prk_hatch.level=[{first}, {second}]")).seals[0]
    assert found.seal == pytest.approx(0.3 / 86400.0, rel=1e-4)
    assert found.seal_uncertainty == pytest.approx(0.03124 / 86400.0, rel=1e-3)


def test_levels_that_fit_badly_are_told() -> None:
    levels = ", ".join(
        f'{{ pressure = "{p} mmHg", loss = "{w} +- 0.01 kg/day" }}'
        for p, w in ((700, 1.5), (500, 1.4), (300, 0.0))
    )
    found = location_of(shipped(f"seal.prk_hatch.level=[{levels}]"))
    assert found.seals[0].fit < 0.01
    assert "the levels fit badly" in str(found)


def test_text_of_the_shipped_case() -> None:
    assert str(location_of(shipped())).splitlines() == [
        "A leak of 1.6 kg/day in eight compartments: two hatches were shut",
        "  after 2 tests      ro 29 %, zarya 20 %, nauka 20 %, pkho 16 %, poisk 10 %, rassvet 10 %, usos 2 %,"
        " prk 0.6 %; two leaks 8 %",
        "  shut next          ro_hatch: wait 18.9 min; prk/ro falls by 0.63 mmHg/h if the leak is there, else"
        " pkho and 5 more by 0.046: 0.79 bit",
        "                     then poisk_hatch (10 min, 0.49 bit), rassvet_hatch (10 min, 0.48 bit),"
        " nauka_hatch (21.5 min, 0.59 bit)",
        "  keep shut at most  47.5 min (0.5 mmHg across the hatch at 1.6 kg/day)",
        "  decide             on prk/ro if it falls by more than 0.096 mmHg in that time",
        "  without the limit  the same",
        "  test 1             node1_aft shut: 0.20 bit",
        "  test 2             prk_hatch shut: 0.13 bit",
        "  leak               1.6 ± 0.3 kg/day = 3.53 lb/day, 92 places",
        "  seal of prk_hatch  0.30 ± 0.03 kg/day, hull 1.70 ± 0.02 kg/day (each from 731 mmHg)",
        "                     one more level would tell the seal: at 548 mmHg ± 0.029, at 365 mmHg ± 0.022,"
        " at 183 mmHg ± 0.018 kg/day",
    ]


def test_weights_by_volume_and_no_noise_are_told() -> None:
    text = case_text(STATION, [])
    found = location_of(parse_locate(text.replace("weight = ", "# ")))
    assert found.weight_by == "volume"
    assert found.prior["d"] > found.prior["a"]
    assert "by volume [assumed: suspect.weight gives your own]" in str(found)
    assert found.next == ()
    assert found.warnings == (
        "no hatch is proposed: suspect.noise, the noise of the records to come, is not given.",
    )


def test_json_python_and_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "leak.toml"
    path.write_text(EXAMPLE)
    found = breachflow.locate(breachflow.load_locate(path))
    assert main(["locate", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(asdict(found)))
    assert main(["locate", str(path)]) == 0
    assert capsys.readouterr().out == f"{found}\n"
    assert "shut next" in found._repr_html_()
    assert main(["locate", "--example"]) == 0
    assert capsys.readouterr().out == EXAMPLE
    assert main(["check", str(path)]) == 0
    out = capsys.readouterr().out
    assert "# node shut: tunnel/service/cargo | station\n" in out
    again = LOCATE.parse(out)
    assert breachflow.locate(again).probability == pytest.approx(found.probability, rel=1e-12)
    assert main(["check", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["places"] == 22
    with pytest.raises(UsageError, match=r"locate\(\) takes a leak to be located, not 'leak.toml'"):
        breachflow.locate("leak.toml")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("command", "name", "told"),
    [
        ("run", SHIPPED, "leak to be located: `breachflow locate` computes it"),
        ("cabin", SHIPPED, "leak to be located: `breachflow locate` computes it"),
        ("risk", SHIPPED, "leak to be located: `breachflow locate` computes it"),
        ("locate", "cabin/station", "cabin: `breachflow cabin` computes it"),
        ("locate", "orifice/slit", "flow: `breachflow run` computes it"),
    ],
)
def test_commands_name_each_other(
    command: str, name: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(find_case(name).folder)]) == 3
    error = capsys.readouterr().err
    assert error.endswith(f"this is the case of a {told}\n")
    assert error.count("\n") == 1


def test_a_shipped_case_is_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--from", SHIPPED, str(tmp_path / "mine")]) == 0
    assert f"  breachflow locate {tmp_path / 'mine' / 'case.toml'}" in capsys.readouterr().out
    assert breachflow.load_locate(tmp_path / "mine" / "case.toml").suspect.two_leaks == 0.1
