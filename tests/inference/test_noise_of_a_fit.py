"""What is said of the noise, and how its linear algebra runs."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import HOUR, MMHG, correlated, falling

import breachflow
from breachflow.inference.fit.one_thread import on_one_thread


def test_a_reading_has_no_more_noise_than_it_shows() -> None:
    """Of 4000 readings in 60 means, with noise whose memory is a tenth of the length of a mean."""
    generator = np.random.default_rng(5)
    times = np.linspace(0.0, 48.0 * HOUR, 4000)
    noise = correlated(generator, times, 0.1, 300.0) + 0.05 * generator.standard_normal(len(times))
    readings = np.round((740.0 * falling(times, 0.002 / HOUR, 1.0) + noise) * 100.0) / 100.0
    found = breachflow.infer(times, readings, pressure_unit="mmHg", wander=0.0)
    assert found.noise.white / MMHG < 0.1


def test_a_fit_runs_on_one_thread() -> None:
    """And leaves the number of threads as it was."""
    threads = pytest.importorskip("threadpoolctl")

    def counts() -> set[int]:
        return {one["num_threads"] for one in threads.threadpool_info() if one["user_api"] == "blas"}

    with threads.threadpool_limits(2, user_api="blas"):
        before = counts()
        assert on_one_thread(counts)() == {1}
        assert counts() == before
