"""Intervals hold the truth as often as they say, laws are not told wrongly, changes are told.

The slow study makes 420 records of seven kinds; the quick one looks at a few through the fit alone.
"""

from __future__ import annotations

import numpy as np
import pytest
from bound import bound
from study import Answered, changes, share, study
from worlds import HOUR, KINDS, MMHG, World, changing, correlated, falling, world

from breachflow.inference.fit.mixture import Parts
from breachflow.inference.fit.posterior import posterior
from breachflow.inference.fit.rates import exponent_quantiles, fractional_rate
from breachflow.inference.fit.setup import FitOptions, problem_of
from breachflow.inference.record.record import PressureRecord

SEEDS = range(60)
"""Of each kind: 420 worlds."""

HALF_WIDTHS = {
    "tunnel": 0.011,
    "module": 0.019,
    "station": 0.033,
    "coarse": 0.014,
    "gaps": 0.012,
}
"""Median half-width of the rate over the rate, of a prototype on 40 worlds of each kind.

For `long` and `drift` it had 0.0009 and 0.134, which no honest interval has: its grid of exponents held the
truth. These are held against their bounds.
"""


def record_of(one: World) -> PressureRecord:
    """A world as the fit takes it."""
    return PressureRecord("world", one.times, one.pressures, one.temperatures, factor=MMHG)


def place(one: World) -> float:
    """Where the truth lies in the distribution of the rate: even between 0 and 1 where that is right."""
    found = posterior(problem_of(record_of(one), FitOptions(wander=one.wander / HOUR**0.5)))
    return float(fractional_rate(found, Parts(found)).below(one.rate)[0])


@pytest.fixture(scope="module")
def places() -> np.ndarray:
    """Of eight worlds of each kind."""
    return np.array([place(world(kind, seed)) for kind in KINDS for seed in range(1000, 1008)])


@pytest.mark.parametrize(("level", "least", "most"), [(0.9, 46, 56), (0.68, 29, 47), (0.5, 19, 37)])
def test_intervals_of_a_few_worlds(places: np.ndarray, level: float, least: int, most: int) -> None:
    """Of 56: 2.6 standard deviations of the binomial distribution to each side."""
    assert least <= np.sum(np.abs(places - 0.5) < 0.5 * level) <= most


def test_an_exponent_between_the_steps_of_the_grid() -> None:
    """Precise records know n to a hundredth of a step: the grid becomes as fine. 20 records."""
    held = []
    for seed in range(20):
        generator = np.random.default_rng([seed, 7])
        exponent, rate = generator.uniform(0.9, 2.1), generator.uniform(0.003, 0.015) / HOUR
        times = np.arange(0.0, 60.0 * HOUR, 600.0)
        noise = correlated(generator, times, 0.05, HOUR) + 0.02 * generator.standard_normal(len(times))
        readings = np.round((740.0 * falling(times, rate, exponent) + noise) * 100.0) / 100.0
        record = PressureRecord("fine", times, MMHG * readings, factor=MMHG)
        found = posterior(problem_of(record, FitOptions()))
        low, high = exponent_quantiles(found, (0.05, 0.95))
        inside = fractional_rate(found, Parts(found)).below(rate)[0]
        held += [low < exponent < high, abs(inside - 0.5) < 0.45]
    assert sum(held) >= 31


def test_a_growing_leak_is_told_with_its_time() -> None:
    (grown,) = changes(range(1), 1.5, 2.0)
    moment, found = float(grown.truth.kind.split()[-1]), grown.found.change
    assert grown.found.verdict == "changed"
    assert found is not None
    assert found.probability_grew > 0.999
    assert found.time == pytest.approx(moment, abs=0.05 * 48.0 * HOUR)
    assert found.low < moment < found.high
    after, before = found.after.mass_flow.median, found.before.mass_flow.median
    assert after / before == pytest.approx(1.5, rel=0.1)


def test_a_leak_that_stays_is_not_told_as_changed() -> None:
    """A p^2 law bends the fall as a leak that shrinks would."""
    (same,) = changes(range(1), 1.0, 2.0)
    assert same.found.verdict == "leak"
    assert same.found.change_strength < 3.0


def test_the_truth_of_worlds_is_that_of_their_equation() -> None:
    """dg/dt = -k g^n by differences, and a change multiplies the rate."""
    times = np.linspace(0.0, 10.0, 20001)
    for exponent in (0.75, 1.0, 1.5, 2.0):
        share_left = falling(times, 0.1, exponent)
        slope = np.gradient(share_left, times)[1:-1]
        assert slope == pytest.approx(-0.1 * share_left[1:-1] ** exponent, rel=1e-6)
    assert changing(0, 1.5, 1.0).fall > changing(0, 1.0, 1.0).fall


@pytest.fixture(scope="module")
def worlds() -> dict[str, list[Answered]]:
    return study(SEEDS)


def everyone(worlds: dict[str, list[Answered]]) -> list[Answered]:
    return [one for answers in worlds.values() for one in answers]


@pytest.mark.slow
def test_nine_in_ten_intervals_hold_the_truth(worlds: dict[str, list[Answered]]) -> None:
    """88 to 93 % of 420, no kind below 80 %: sampling errors are 1.4 and 4 %."""
    held = {kind: share([one.holds for one in answers]) for kind, answers in worlds.items()}
    assert 0.88 <= share([one.holds for one in everyone(worlds)]) <= 0.93, held
    assert min(held.values()) >= 0.8, held


@pytest.mark.slow
@pytest.mark.parametrize("kind", HALF_WIDTHS)
def test_intervals_are_no_wider_than_they_need(kind: str, worlds: dict[str, list[Answered]]) -> None:
    width = float(np.median([one.half_width for one in worlds[kind]]))
    assert width <= 1.3 * HALF_WIDTHS[kind]


@pytest.mark.slow
def test_long_records_tell_nearly_all_they_can(worlds: dict[str, list[Answered]]) -> None:
    """Their bound is that of one who knows the noise exactly: the noise of 60 means is known to a tenth."""
    beside = [one.half_width / bound(one.truth).half_width for one in worlds["long"]]
    assert np.median(beside) <= 1.3


@pytest.mark.slow
def test_a_wander_widens_intervals_no_more_than_it_must(worlds: dict[str, list[Answered]]) -> None:
    """Beside a random walk of c no estimate is better than c/sqrt(T), were there no other noise."""
    least = [one.truth for one in worlds["drift"]]
    floors = [1.645 * one.wander / HOUR**0.5 / one.times[-1] ** 0.5 / (one.rate * one.start) for one in least]
    widths = [one.half_width for one in worlds["drift"]]
    assert np.median(widths) <= 1.3 * np.median(floors)


@pytest.mark.slow
def test_no_law_is_told_wrongly(worlds: dict[str, list[Answered]]) -> None:
    assert [one.truth for one in everyone(worlds) if one.law_is_wrong] == []


@pytest.mark.slow
def test_the_law_is_told_where_the_pressure_fell(worlds: dict[str, list[Answered]]) -> None:
    """By a tenth: as often as one could tell who knows the noise exactly, within two deviations of the count.

    In short noisy records a tenth is not enough for anyone.
    """
    known = [one for one in everyone(worlds) if one.law_is_known and one.truth.fall > 0.1]
    at_best = np.array([bound(one.truth).told for one in known])
    spread = np.sqrt(np.sum(at_best * (1.0 - at_best)))
    assert sum(one.law_is_told for one in known) >= at_best.sum() - 2.0 * spread


@pytest.mark.slow
@pytest.mark.parametrize("exponent", [1.0, 2.0])
def test_changes_are_told_where_there_are_some(exponent: float) -> None:
    """At most 1 of 20 without a change, at least 19 of 20 that grew by half."""
    same, grown = (changes(range(20), factor, exponent) for factor in (1.0, 1.5))
    assert sum(one.found.verdict == "changed" for one in same) <= 1
    assert sum(one.found.verdict == "changed" for one in grown) >= 19
