"""A worked record: a crack of which all numbers are known, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest

import breachflow
from breachflow.inference.fit.mixture import Parts
from breachflow.inference.fit.posterior import posterior
from breachflow.inference.fit.rates import fractional_rate
from breachflow.inference.fit.setup import FitOptions, problem_of
from breachflow.inference.record.record import PressureRecord

MMHG = 133.322387415
HOUR = 3600.0


def crack_record() -> tuple[np.ndarray, np.ndarray]:
    """18 h every 10 minutes, mmHg to a tenth: a p^2 law with 0.00985663 of the gas an hour, two waves."""
    hours = np.arange(109) / 6.0
    waves = 0.15 * np.sin(2.0 * np.pi * hours / 3.1) + 0.06 * np.sin(2.0 * np.pi * hours / 0.47 + 1.0)
    return hours, np.round((730.0 / (1.0 + hours / 101.4545) + waves) * 10.0) / 10.0


@pytest.fixture(scope="module")
def found() -> breachflow.Inference:
    hours, pressures = crack_record()
    return breachflow.infer(
        hours,
        pressures,
        time_unit="h",
        pressure_unit="mmHg",
        volume="7 m3",
        volume_uncertainty=0.15,
        until="490 mmHg",
    )


def test_the_rate_holds_the_truth(found: breachflow.Inference) -> None:
    """Bounds of a prototype: 0.00976 to 0.00998 an hour, median 0.00986; the truth is 0.00985663.

    Its exponents were 0.125 apart, which makes the interval wider by an eighth of its half: 3e-5.
    """
    rate = found.fractional_rate
    assert rate is not None
    hourly = [HOUR * value for value in (rate.low, rate.median, rate.high)]
    assert hourly == pytest.approx([0.00976, 0.00986, 0.00998], abs=3e-5)
    assert hourly[0] < 0.00985663 < hourly[2]


def test_the_law_is_a_crack(found: breachflow.Inference) -> None:
    """The prototype spread the weight of an exponent over its step of 0.125: 0.04 to both sides."""
    exponent = found.exponent
    assert (found.verdict, found.law) == ("leak", "crack-like")
    assert exponent is not None
    assert [exponent.low, exponent.median, exponent.high] == pytest.approx([1.86, 2.00, 2.14], abs=0.04)


def test_the_time_needs_no_volume(found: breachflow.Inference) -> None:
    """48.8 to 50.5 h by the prototype; its wider exponents make 0.15 h."""
    time = found.time_to_limit
    assert time is not None
    assert [time.low / HOUR, time.high / HOUR] == pytest.approx([48.8, 50.5], abs=0.15)


def test_the_volume_makes_the_interval_of_the_mass(found: breachflow.Inference) -> None:
    flow = found.mass_flow
    assert flow is not None
    daily = [86400.0 * value for value in (flow.low, flow.median, flow.high)]
    assert daily == pytest.approx([1.48, 1.90, 2.44], abs=0.015)


def test_a_straight_line_is_wrong(found: breachflow.Inference) -> None:
    line = found.least_squares
    assert line is not None
    assert line.rate * HOUR / MMHG == pytest.approx(6.097, abs=1e-3)
    assert line.error * HOUR / MMHG == pytest.approx(0.025, abs=1e-3)


@pytest.mark.parametrize("exponent", [1.07, 1.3, 1.4375, 1.81, 1.93])
def test_an_exponent_between_the_points_of_the_grid(exponent: float) -> None:
    """A record that knows n far better than the step of the grid: rate and time still hold the truth.

    White noise of 0.03 mmHg beside a fall by a third: the standard deviation of n is 0.005.
    """
    hours = np.arange(0.0, 48.0, 1.0 / 6.0)
    noise = 0.03 * np.random.default_rng(3).standard_normal(len(hours))
    power, rate = exponent - 1.0, 0.0088
    pressures = 730.0 * (1.0 + power * rate * hours) ** (-1.0 / power) + noise
    found = breachflow.infer(
        hours, pressures, time_unit="h", pressure_unit="mmHg", volume="7 m3", until="400 mmHg"
    )
    time = ((730.0 / 400.0) ** power - 1.0) / (power * rate)
    assert found.fractional_rate is not None
    assert found.time_to_limit is not None
    assert found.exponent is not None
    assert found.fractional_rate.low * HOUR < rate < found.fractional_rate.high * HOUR
    assert found.time_to_limit.low / HOUR < time < found.time_to_limit.high / HOUR
    assert found.exponent.low < exponent < found.exponent.high
    assert found.exponent.high - found.exponent.low < 0.03


def test_the_law_of_a_hole_would_be_confident_and_false() -> None:
    """n = 1 assumed gives 0.00912 +- 0.0001 an hour; its bend is then told as a change."""
    hours, pressures = crack_record()
    record = PressureRecord("crack", HOUR * hours, MMHG * pressures, factor=MMHG)
    fitted = posterior(problem_of(record, FitOptions()), (1.0,))
    wrong = HOUR * fractional_rate(fitted, Parts(fitted)).quantiles((0.05, 0.5, 0.95))
    assert wrong[1] == pytest.approx(0.00912, abs=1e-4)
    assert wrong[2] < 0.0096
    units = {"time_unit": "h", "pressure_unit": "mmHg"}
    assert breachflow.infer(hours, pressures, volume="7 m3", exponent=1, **units).verdict == "changed"


def test_pascals_are_shown_in_mmhg() -> None:
    """Arrays in Pa, which is what they are without a unit, say the same as those in mmHg."""
    hours, pressures = crack_record()
    shown = breachflow.infer(hours, pressures, time_unit="h", pressure_unit="mmHg", volume="7 m3")
    found = breachflow.infer(HOUR * hours, MMHG * pressures, volume="7 m3")
    assert found.unit_factor == pytest.approx(MMHG)
    rows = [[line for line in str(one).splitlines() if "mmHg" in line] for one in (found, shown)]
    assert rows[0] == rows[1]
    frozen = breachflow.infer(HOUR * hours, np.full(len(hours), 730.0 * MMHG))
    assert "all 109 readings are 730 mmHg" in str(frozen)
    assert "would say 0.000 ± 0.000 mmHg/day" in str(frozen)


def test_a_record_without_noise_has_an_answer() -> None:
    """Far exponents have no weight to the last bit; the noise is rounding, 1e-16 of the pressure."""
    times = 600.0 * np.arange(109)
    found = breachflow.infer(times, 97325.0 / (1.0 + times / 365236.0), wander="0 mmHg")
    assert found.law == "crack-like"
    assert found.fractional_rate is not None
    assert found.fractional_rate.median == pytest.approx(1.0 / 365236.0, rel=1e-6)
