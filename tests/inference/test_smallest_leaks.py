"""To what a slope can be known, against generalized least squares; and the smallest leaks of `detect`."""

from __future__ import annotations

import doctest
import importlib
import math
import pkgutil
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import breachflow
import breachflow.inference
from breachflow.errors import OutOfRange, UsageError
from breachflow.theory.emptying.slope import SlopeNoise, length_for, slope_deviation

HOUR, DAY, MMHG = 3600.0, 86400.0, 133.322387415
SPECIFIC = 8.31446261815324 / 28.9644e-3
"""Gas constant of air, J/(kg K)."""
TUNNEL_SENSOR = {"noise": "0.05 mmHg", "noise_time": "1 h", "resolution": "0.01 mmHg"}


def exact_deviation(length: float, covariance: np.ndarray, times: np.ndarray) -> float:
    """Standard deviation of the slope beside an unknown level, by generalized least squares."""
    design = np.stack([np.ones_like(times), times / length], axis=1)
    information = design.T @ np.linalg.solve(covariance, design)
    return float(np.sqrt(np.linalg.inv(information)[1, 1])) / length


def remembered(times: np.ndarray, deviation: float, memory: float) -> np.ndarray:
    return deviation**2 * np.exp(-np.abs(times[:, None] - times[None]) / memory)


@pytest.mark.parametrize("memory", [0.01, 0.1, 1.0, 10.0, 300.0])
def test_noise_with_memory_against_least_squares(memory: float) -> None:
    """240 readings; the closed form is their limit, which they reach as (D/tau)^2/12."""
    times = np.linspace(0.0, 24.0, 240 if memory > 0.5 else 2400)
    exact = exact_deviation(24.0, remembered(times, 0.05, memory), times)
    step = times[1] / memory
    assert slope_deviation(24.0, SlopeNoise(0.05, memory)) == pytest.approx(exact, rel=step**2 / 12 + 1e-7)


@pytest.mark.parametrize("length", [1.0, 24.0])
def test_a_random_walk_against_least_squares(length: float) -> None:
    """The best slope of a random walk is that between its ends: c/sqrt(T)."""
    times = np.linspace(0.0, length, 200)
    walk = 0.12**2 * np.minimum(times[:, None], times[None]) + 1e-12 * np.eye(200)
    exact = exact_deviation(length, walk, times)
    assert slope_deviation(length, SlopeNoise(wander=0.12)) == pytest.approx(exact, rel=1e-5)
    assert exact == pytest.approx(0.12 / math.sqrt(length), rel=1e-5)


@pytest.mark.parametrize("readings", [40, 100, 300])
@pytest.mark.parametrize("memory", [0.1, 0.5, 2.0, 10.0])
@pytest.mark.parametrize("share", [0.001, 0.03, 0.3, 1.0, 3.0, 10.0])
def test_white_noise_beside_it_stays_near_least_squares(share: float, memory: float, readings: int) -> None:
    """The sum of the two least variances is not that of their sum: by the bounds that the module states."""
    every = 1.0 / readings
    times = np.arange(readings + 1) * every
    covariance = remembered(times, 1.0, memory) + share**2 * np.eye(readings + 1)
    found = slope_deviation(1.0, SlopeNoise(1.0, memory, share, every))
    assert -0.07 < found / exact_deviation(1.0, covariance, times) - 1.0 < 0.04


def test_a_gauge_that_the_noise_does_not_move() -> None:
    """Simulated: the slope of rounded first and last readings, whose level is any."""
    random = np.random.default_rng(4)
    start = random.uniform(0.0, 1.0, 200_000)
    slope = np.round(start - 0.3) - np.round(start) + 0.3
    assert slope_deviation(1.0, SlopeNoise(step=1.0, every=0.01)) == pytest.approx(1 / math.sqrt(6))
    # A fall of 0.3 steps has the variance 0.3 (1 - 0.3); that of all falls is the mean of f (1 - f), 1/6.
    assert np.std(slope) == pytest.approx(math.sqrt(0.3 * 0.7), rel=0.01)
    falls = random.uniform(0.0, 1.0, 200_000)
    assert np.std(np.round(start - falls) - np.round(start) + falls) == pytest.approx(
        1 / math.sqrt(6), rel=0.01
    )


def test_a_gauge_that_the_noise_moves_counts_less() -> None:
    still, moved = SlopeNoise(0.4, 1e-3, 0.0, 0.01, 0.0, 1.0), SlopeNoise(0.5, 1e-3, 0.0, 0.01, 0.0, 1.0)
    assert (still.is_dithered(1.0), moved.is_dithered(1.0)) == (False, True)
    assert slope_deviation(1.0, moved) < slope_deviation(1.0, still)
    plain = slope_deviation(1.0, moved._replace(step=0.0))
    assert slope_deviation(1.0, moved) ** 2 - plain**2 == pytest.approx(0.01, rel=1e-9)
    assert SlopeNoise(wander=1.0, step=1.0, every=1.0).is_dithered(1.6)  # sqrt(1.6/6) > 1/2
    assert not SlopeNoise(wander=1.0, step=1.0, every=1.0).is_dithered(1.4)


@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3), st.floats(0.0, 10.0), st.floats(1e-4, 1e4))
def test_the_length_for_a_deviation_has_it(noise: float, memory: float, walk: float, length: float) -> None:
    found = SlopeNoise(noise, memory, wander=walk)
    assert length_for(slope_deviation(length, found), found) == pytest.approx(length, rel=1e-6)
    longer = slope_deviation(2.0 * length, found)
    assert longer < slope_deviation(length, found)
    assert math.isinf(length_for(0.5 * longer, found, 2.0 * length))


@pytest.mark.parametrize(
    "noise",
    [SlopeNoise(), SlopeNoise(-1.0), SlopeNoise(1.0, 0.0), SlopeNoise(white=1.0), SlopeNoise(math.nan)],
)
def test_what_is_no_noise(noise: SlopeNoise) -> None:
    with pytest.raises(OutOfRange):
        slope_deviation(1.0, noise)


HOURS = ("1 h", "3 h", "6 h", "12 h", "24 h", "72 h")

TABLE = {
    "7 m3": (0.0489, 0.0197, 0.00949, 0.00408, 0.00161, 0.000335),
    "75 m3": (0.524, 0.211, 0.102, 0.0437, 0.0172, 0.00359),
    "260 m3": (1.82, 0.732, 0.353, 0.151, 0.0597, 0.0124),
    "1005 m3": (7.02, 2.83, 1.36, 0.585, 0.231, 0.0481),
}
"""kg/day, both probabilities 5 %, 295 K; computed by another program to three digits."""


@pytest.mark.parametrize("volume", TABLE)
def test_table_of_a_fine_sensor(volume: str) -> None:
    found = breachflow.detect(volume=volume, length=HOURS, temperature="295 K", **TUNNEL_SENSOR)
    assert found.smallest_kg_per_day[0] == pytest.approx(TABLE[volume], rel=5e-3)  # three digits
    assert found.dithered == (True,) * 6


def test_table_of_a_coarse_gauge_and_of_an_open_station() -> None:
    coarse = breachflow.detect(volume="1005 m3", noise="0.05 mmHg", noise_time="1 h", resolution="1 mmHg")
    assert coarse.smallest_kg_per_day[0] == pytest.approx((51.5, 17.2, 8.61, 4.29, 2.14, 0.710), rel=5e-3)
    assert coarse.dithered == (False,) * 6
    station = breachflow.detect(volume="1005 m3")
    assert station.smallest_kg_per_day[0] == pytest.approx((15.0, 8.66, 6.12, 4.33, 3.06, 1.77), rel=5e-3)
    assert station.noise.is_default


def test_a_leak_of_the_size_is_seen_as_often_as_said() -> None:
    """Simulated: slopes of the best line through noise with memory, with and without the smallest leak."""
    random = np.random.default_rng(7)
    times, memory = np.linspace(0.0, 6.0, 121), 1.0
    covariance = remembered(times, 0.05, memory)
    design = np.stack([np.ones_like(times), times], axis=1)
    estimate = np.linalg.solve(design.T @ np.linalg.solve(covariance, design), design.T)
    noise = random.multivariate_normal(np.zeros(121), covariance, 20_000, method="cholesky")
    slopes = (estimate @ np.linalg.solve(covariance, noise.T))[1]
    found = breachflow.detect(
        volume="1 m3", length="6 h", noise="0.05 mmHg", noise_time="1 h", false_alarm=0.02, miss=0.1
    )
    rate = found.smallest_pressure_rate[0] * HOUR / MMHG
    threshold = rate * 2.0537 / (2.0537 + 1.2816)
    assert np.mean(slopes < -threshold) == pytest.approx(0.02, abs=0.004)  # 4 sd of 20 000
    assert np.mean(slopes - rate > -threshold) == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize(("alarm", "miss"), [(0.05, 0.05), (0.01, 0.2), (1e-6, 0.4)])
def test_the_probabilities_set_the_limit(alarm: float, miss: float) -> None:
    found = breachflow.detect(volume="75 m3", length="6 h", false_alarm=alarm, miss=miss, **TUNNEL_SENSOR)
    z = sum(NormalDist().inv_cdf(1.0 - chance) for chance in (alarm, miss))
    # 12 h^-1 of white noise 0.01/sqrt(12) each minute: 0.01^2/60/216; memory: 24 0.05^2/(216 + 216 + 72).
    rate = z * math.sqrt(24 * 0.0025 / 504 + 1e-4 / 60 / 216) * MMHG / HOUR
    assert found.smallest_pressure_rate[0] == pytest.approx(rate, rel=1e-9)
    assert found.smallest[0][0] == pytest.approx(rate * 75 / (SPECIFIC * 295), rel=1e-6)


@pytest.mark.parametrize("leak", ["1 kg/day", "0.5 lb/day", "3 mmHg/day", 1e-6])
def test_the_record_that_is_needed_shows_the_leak(leak: str | float) -> None:
    asked = breachflow.detect(volume=["7 m3", "400 m3"], leak=leak, noise="0.3 mbar", noise_time="2 h")
    assert asked.length_needed is not None
    assert asked.leak is not None
    for volume, length, flow in zip(asked.volumes, asked.length_needed, asked.leak, strict=True):
        again = breachflow.detect(volume=volume, length=length, noise="0.3 mbar", noise_time="2 h")
        assert again.smallest[0][0] == pytest.approx(flow, rel=1e-6)


def test_a_leak_that_no_record_shows_and_one_that_few_readings_would() -> None:
    found = breachflow.detect(volume="1e9 m3", leak="1e-9 kg/day")
    assert found.length_needed == (None,)
    assert "no record shows it" in str(found)
    short = breachflow.detect(volume="7 m3", leak="100 kg/day", every="2 min", **TUNNEL_SENSOR)
    assert short.length_needed == (1200.0,)


@pytest.mark.parametrize(
    ("given", "other"),
    [
        ({"noise": "0.05 mmHg"}, {"noise": f"{0.05 * 1.33322387415} mbar"}),
        ({"volume": "1005 m3"}, {"volume": "1005000 L"}),
        ({"length": "1 day"}, {"length": 86400.0}),
        ({"wander": "0.12 mmHg"}, {"wander": f"{0.12 * 0.133322387415} kPa"}),
        ({"temperature": "295 K"}, {"temperature": "21.85 degC"}),
    ],
    ids=lambda value: str(next(iter(value))),
)
def test_units_change_nothing(given: dict[str, str], other: dict[str, str]) -> None:
    usual = {"volume": "75 m3", "length": "9 h", **TUNNEL_SENSOR, "wander": "0.01 mmHg"}
    one, two = breachflow.detect(**usual | given), breachflow.detect(**usual | other)
    assert one.smallest[0] == pytest.approx(two.smallest[0], rel=1e-9)


@given(st.floats(1.0, 1e4), st.floats(60.0, 1e7), st.floats(1.1, 50.0))
def test_a_larger_volume_hides_more_and_a_longer_record_shows_more(
    volume: float, length: float, factor: float
) -> None:
    sensor = {"noise": "0.05 mmHg", "noise_time": "1 h"}
    table = breachflow.detect(volume=[volume, factor * volume], length=[length, factor * length], **sensor)
    (small, long), (large, _) = table.smallest
    assert large == pytest.approx(factor * small, rel=1e-9)
    assert long < small


def test_what_is_not_counted_is_told() -> None:
    found = breachflow.detect(volume="1005 m3", length="30 s", **TUNNEL_SENSOR)
    assert [text.partition(",")[0] for text in found.warnings] == [
        "1005 m3: the air of an open station wanders by 0.12 mmHg in an hour",
        "a record of fewer than 10 readings is judged roughly.",
    ]
    falls = breachflow.detect(volume="7 m3", resolution="100 mmHg")
    assert "its slope changes on the way" in falls.warnings[0]
    assert "first and last reading alone count" in str(falls)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"volume": "7 m3"}, "the noise of 7 m3 is not known: a wander of 0.12 mmHg in an hour is assumed"),
        ({"volume": "7 m3", "noise": "0.05 mmHg"}, "noise needs noise_time too: how large the noise is"),
        ({"noise_time": "1 h"}, "noise_time needs noise too: how large the noise is, and how long it lasts"),
        ({"noise": "0 mmHg", "noise_time": "1 h"}, "give the noise of the record: noise and noise_time"),
        ({"every": "1 min"}, "give the noise of the record: noise and noise_time, resolution or wander"),
        ({"noise": "0.05", "noise_time": "1 h"}, 'noise = "0.05" has no unit; a pressure is in Pa'),
        ({"length": "5 kg"}, 'length = "5 kg" is a mass, not a time; a time is in s'),
        ({"length": "0 h"}, 'length = "0 h": must be above 0'),
        ({"length": []}, "length: 1 to 12 values are taken, not 0"),
        ({"volume": ["1 m3"] * 13}, "volume: 1 to 12 values are taken, not 13"),
        ({"volume": "-1 m3"}, 'volume = "-1 m3": must be above 0'),
        ({"leak": "0 kg/day"}, 'leak = "0 kg/day": must be above 0'),
        ({"leak": "3 mm"}, 'leak = "3 mm" is a length, not a pressure rate'),
        ({"leak": "3 sccm"}, 'leak = "3 sccm" "sccm" refers to a temperature; write e.g. "sccm at 0 degC"'),
        ({"false_alarm": 0.5}, "false_alarm = 0.5: must be at least 1e-09 and below 0.5"),
        ({"miss": 0.0}, "miss = 0.0: must be at least 1e-09 and below 0.5"),
        ({"miss": "5 %"}, 'miss = "5 %": must be a probability, such as 0.05'),
        ({"gas": "oxyfuel"}, 'gas = "oxyfuel": allowed: air, '),
        ({"temperature": "0 K"}, 'temperature = "0 K": must be above 0 K'),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_told(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        breachflow.detect(**arguments)  # type: ignore[arg-type]
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    "name",
    [
        module.name
        for module in pkgutil.walk_packages(breachflow.inference.__path__, "breachflow.inference.")
        if not module.ispkg and module.name.split(".")[2] in ("sensor", "detect", "repair", "locate")
    ],
)
def test_worked_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
