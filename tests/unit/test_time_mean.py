"""The mean of a swinging flow: what is counted, how well it is known, when a motion dies out."""

from __future__ import annotations

from math import inf, isnan, pi

import numpy as np
import pytest

from breachflow.runs.measure.time_mean import FEWEST_BATCHES, period_starts, settled_from, time_mean
from breachflow.runs.solve.unsteady.detect import FIRST, WINDOW, has_died_out, swings

TIMES = np.arange(2000)


def autoregressive(seed: int, memory: float) -> np.ndarray:
    """A series of mean 0.7 and standard deviation 0.05 that forgets over `memory` steps."""
    noise = np.random.default_rng(seed).normal(size=len(TIMES))
    kept = np.exp(-1.0 / memory)
    series = np.empty(len(TIMES))
    series[0] = noise[0]
    for n in range(1, len(series)):
        series[n] = kept * series[n - 1] + np.sqrt(1.0 - kept**2) * noise[n]
    return 0.7 + 0.05 * series


def test_of_a_sine_the_periods_are_counted_and_the_mean_is_known_well() -> None:
    values = 0.7 + 0.05 * np.sin(2.0 * pi * TIMES / 50.0)
    found = time_mean(values, 2e-6)
    assert found.spread == pytest.approx(0.05 / np.sqrt(2.0), rel=1e-3)
    assert found.periods in (38, 39)
    assert found.longest == pytest.approx(50 * 2e-6, rel=0.1)
    assert found.batches >= FEWEST_BATCHES
    assert abs(values.mean() - 0.7) <= found.error < 0.003
    assert found.duration == pytest.approx(2000 * 2e-6)


def test_the_stated_error_holds_the_mean_of_series_with_memory() -> None:
    """Of 50 series 95 % are expected to; 84 % leaves three and a half standard deviations below that."""
    held = 0
    for seed in range(50):
        values = autoregressive(seed, 10.0)
        found = time_mean(values, 1.0)
        held += abs(values.mean() - 0.7) <= found.error
    assert held >= 0.84 * 50


def test_means_of_batches_that_go_with_those_before_make_the_error_larger() -> None:
    """Short swings on a slow drift: their batches are shorter than its memory of 100 steps."""
    held, short = 0, np.sin(2.0 * pi * TIMES / 20.0)
    for seed in range(50):
        drifting = autoregressive(seed, 100.0) + 0.2 * short
        held += abs(drifting.mean() - 0.7) <= time_mean(drifting, 1.0).error
    assert held >= 0.8 * 50


def test_a_quiet_spell_is_not_all_that_counts() -> None:
    """Collapses in the first half, none in the second."""
    values = 0.7 + 0.01 * np.sin(TIMES) - 0.2 * ((TIMES < 1000) & (TIMES % 250 < 60))
    assert settled_from(values) <= 0.2 * len(values)


def test_a_series_of_less_than_two_periods_has_no_error() -> None:
    found = time_mean(0.7 + 0.05 * np.sin(2.0 * pi * TIMES / 3000.0), 1.0)
    assert isnan(found.error)
    assert (found.periods, found.longest) == (0, inf)


def test_noise_within_a_swing_makes_no_periods() -> None:
    values = 0.7 + 0.05 * np.sin(2.0 * pi * TIMES / 200.0)
    noisy = values + 0.002 * np.random.default_rng(1).normal(size=len(TIMES))
    assert len(period_starts(noisy)) == len(period_starts(values)) == 9


def test_the_start_is_forgotten() -> None:
    values = 0.7 + 0.01 * np.sin(TIMES) + 0.2 * np.exp(-TIMES / 50.0)
    assert 100 < settled_from(values) < 600
    assert settled_from(0.7 + 0.01 * np.sin(TIMES)) < 100


@pytest.mark.parametrize(("decay", "is_dead"), [(200.0, True), (1000.0, True), (4000.0, False), (inf, False)])
def test_a_motion_dies_out_where_its_spread_falls_below_a_third(decay: float, is_dead: bool) -> None:
    """The spread falls by exp(-0.8 * 2000/decay) from the first tenths to the last."""
    assert has_died_out(0.7 + 0.05 * np.exp(-TIMES / decay) * np.sin(TIMES / 8.0)) is is_dead


def test_a_swing_of_more_than_a_hundredth_is_seen_once_the_start_is_over() -> None:
    def rows(width: float) -> list[dict[str, float]]:
        return [{"discharge_coefficient": 0.7 * (1.0 + width * (n % 2))} for n in range(2 * WINDOW)]

    assert swings(rows(0.011), FIRST)
    assert not swings(rows(0.009), FIRST)
    assert not swings(rows(0.011), FIRST - 1)
