"""Records that say nothing of a leak give no size; others give the same answer however they are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import MMHG, correlated, world

import breachflow
from breachflow.cli.main import main

HOUR = 3600.0
TIMES = np.arange(0.0, 24.0 * HOUR, 600.0)


def noisy(seed: int = 1) -> np.ndarray:
    """24 h of a leaking tunnel in mmHg, to a tenth."""
    generator = np.random.default_rng(seed)
    noise = correlated(generator, TIMES, 0.1, HOUR) + 0.05 * generator.standard_normal(len(TIMES))
    return np.round((735.0 * np.exp(-2e-3 * TIMES / HOUR) + noise) * 10.0) / 10.0


def frozen() -> np.ndarray:
    values = noisy()
    values[60:100] = values[60]
    return values


def stepped() -> np.ndarray:
    return noisy() + 5.0 * (TIMES > 11.0 * HOUR)


def ramped() -> np.ndarray:
    """Let in over half an hour: no single difference is large."""
    return noisy() + 20.0 * np.clip((TIMES - 11.0 * HOUR) / (0.5 * HOUR), 0.0, 1.0)


def rising() -> np.ndarray:
    return noisy()[::-1]


def infer(pressures: Any, **options: Any) -> breachflow.Inference:
    times = TIMES[: len(pressures)]
    return breachflow.infer(times, pressures, pressure_unit="mmHg", volume="7 m3", **options)


@pytest.mark.parametrize(
    ("pressures", "verdict", "reason"),
    [
        (np.full(144, 741.2), "frozen", "all 144 readings are 741.2 mmHg"),
        (frozen(), "frozen", "all 40 readings from 10 h to 16.5 h are"),
        (stepped(), "unmarked_step", "the pressure jumps by +4.9"),
        (ramped(), "unmarked_step", "the pressure jumps by +"),
        (rising(), "inconsistent", "the pressure rises by more than the noise"),
        (noisy()[:3], "too_short", "3 readings; at least 8 are needed"),
        (noisy()[:7], "too_short", "7 readings; at least 8 are needed"),
        (noisy()[:1], "too_short", "1 reading; at least 8 are needed"),
    ],
)
def test_no_size_is_told(pressures: np.ndarray, verdict: str, reason: str) -> None:
    found = infer(pressures)
    assert (found.verdict, found.reason[: len(reason)]) == (verdict, reason)
    assert found.law is found.equivalent_diameter is found.crack_opening is found.time_to_limit is None
    assert "hole" not in str(found)


def test_the_same_record_without_its_fault_is_a_leak() -> None:
    assert infer(noisy()).verdict == infer(stepped(), step="11 h").verdict == "leak"
    kept = infer(frozen(), exclude=("10 h", "16.6 h"))
    assert (kept.verdict, kept.used, kept.gaps) == ("leak", 104, 1)


def test_spikes_are_left_out() -> None:
    values = noisy()
    values[[20, 90]] = 9999.0, 0.5
    found = infer(values)
    assert (found.verdict, found.used, found.caution[0]) == ("leak", 142, "2 spikes left out")
    assert found.fractional_rate.median == pytest.approx(infer(noisy()).fractional_rate.median, rel=0.01)


def rates(found: breachflow.Inference) -> list[float]:
    """The 90 % interval of the rate and the exponent."""
    rate, exponent = found.fractional_rate, found.exponent
    return [rate.low, rate.median, rate.high, exponent.low, exponent.median, exponent.high]


WORLD = world("tunnel", 3)


@pytest.mark.parametrize(("unit", "factor"), [("mbar", 100.0), ("psia", 6894.757293168361)])
def test_units_change_nothing(unit: str, factor: float) -> None:
    """Rounding of a unit's factor alone: 1e-9."""
    known = breachflow.infer(WORLD.times, WORLD.pressures / MMHG, pressure_unit="mmHg", volume="7 m3")
    other = breachflow.infer(WORLD.times, WORLD.pressures / factor, pressure_unit=unit, volume="7 m3")
    assert rates(other) == pytest.approx(rates(known), rel=1e-9)
    assert other.mass_flow.median == pytest.approx(known.mass_flow.median, rel=1e-9)


def test_the_same_record_gives_the_same_bits() -> None:
    assert rates(infer(noisy())) == rates(infer(noisy()))


def test_readings_twice_over_say_no_more() -> None:
    """Each reading a second time a minute later: the interval stays within 5 %."""
    times = np.sort(np.concatenate([TIMES, TIMES + 60.0]))
    once = infer(noisy())
    twice = breachflow.infer(times, np.repeat(noisy(), 2), pressure_unit="mmHg", volume="7 m3")
    assert rates(twice)[:3] == pytest.approx(rates(once)[:3], rel=0.05)
    width = once.fractional_rate.high - once.fractional_rate.low
    assert twice.fractional_rate.high - twice.fractional_rate.low == pytest.approx(width, rel=0.05)


def test_columns_in_any_order_and_more_digits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(float(time), float(value)) for time, value in zip(TIMES, noisy(), strict=True)]
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    lines = [f"{time:g},{value:.1f}" for time, value in rows]
    first.write_text("\n".join(["time [s],pressure [mmHg]", *lines]))
    lines = [f"{value:.7f};{time / 3600.0!r}" for time, value in rows]
    second.write_text("\n".join(["pressure [mmHg];time [h]", *lines]))
    answers = []
    for file in (first, second):
        assert main(["infer", str(file), "--volume", "7 m3", "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out)["fractional_rate"]["median"])
    assert answers[0] == pytest.approx(answers[1], rel=1e-9)
