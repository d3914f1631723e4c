"""What each option of `infer` does to a record whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_bad_records import PRESSURES
from worlds import CABIN_TEMPERATURE, DAY, GAS_CONSTANT, HOUR, MMHG, correlated, falling, wandering

import breachflow
from breachflow.cli.main import main
from breachflow.inference.fit.quiet import wander_of
from breachflow.inference.record.record import PressureRecord

TIMES = np.arange(0.0, 36.0 * HOUR, 600.0)
START = 740.0
RATE = 2.5e-3 / HOUR
GENERATOR = np.random.default_rng(5)
NOISE = correlated(GENERATOR, TIMES, 0.08, HOUR) + 0.03 * GENERATOR.standard_normal(len(TIMES))


def rounded(values: np.ndarray) -> np.ndarray:
    return np.round(values * 10.0) / 10.0


LEAK = rounded(START * falling(TIMES, RATE, 1.0) + NOISE)


def infer(pressures: np.ndarray, temperatures: Any = None, **options: Any) -> breachflow.Inference:
    known = {"pressure_unit": "mmHg", "volume": "70 m3", "volume_uncertainty": 0.0}
    return breachflow.infer(TIMES, pressures, temperatures, **(known | options))


def holds(found: breachflow.Inference, rate: float = RATE) -> bool:
    """Whether the 90 % interval of the rate holds the truth."""
    return found.fractional_rate.low < rate < found.fractional_rate.high


def width(found: breachflow.Inference) -> float:
    """Of the 90 % interval of the rate, mmHg/h."""
    return (found.pressure_rate.high - found.pressure_rate.low) * HOUR / MMHG


def test_a_volume_makes_the_mass_and_the_hole() -> None:
    found = infer(LEAK)
    hole = 2e-3 * (RATE * 70.0 * DAY / (53.745 / 1.19653)) ** 0.5
    flow = RATE * START * MMHG * 70.0 / (GAS_CONSTANT * CABIN_TEMPERATURE)
    assert found.mass_flow.low < flow < found.mass_flow.high
    assert found.equivalent_diameter.low < hole < found.equivalent_diameter.high
    less_sure = infer(LEAK, volume_uncertainty=0.2).mass_flow
    assert np.log(less_sure.high / less_sure.low) == pytest.approx(2.0 * 1.645 * 0.2, rel=0.05)


def test_a_crack_is_given_by_its_length_and_depth() -> None:
    found = infer(LEAK, length="30 mm", depth="2 mm")
    assert 25e-6 < found.crack_opening.median < 28e-6
    assert infer(LEAK).crack_opening is None


def test_a_repress_changes_the_leak_as_the_pressure_does() -> None:
    """By 60 mmHg at 15 h: the law holds the pressure that is there, before and after."""
    before, after = TIMES < 15.0 * HOUR, TIMES >= 15.0 * HOUR
    truth = np.empty(len(TIMES))
    truth[before] = START * falling(TIMES[before], RATE, 2.0)
    raised = START * falling(np.array([15.0 * HOUR]), RATE, 2.0)[0] + 60.0
    truth[after] = raised * falling(TIMES[after] - 15.0 * HOUR, RATE * raised / START, 2.0)
    record = rounded(truth + NOISE)
    assert infer(record).verdict == "unmarked_step"
    found = infer(record, step="15.05 h")
    assert holds(found)
    assert (found.verdict, found.law) == ("leak", "crack-like")


@pytest.mark.slow
def test_gas_that_was_let_in_is_subtracted(tmp_path: Path) -> None:
    """2 kg/h from 5 to 20 h into 70 m3 that leak as p: dp/dt = -k p + feed, by its closed form."""
    feed = 2.0 / HOUR * GAS_CONSTANT * CABIN_TEMPERATURE / 70.0 / MMHG
    since, until = (RATE * np.maximum(TIMES - hour * HOUR, 0.0) for hour in (5.0, 20.0))
    grown = feed / RATE * (np.exp(-until) - np.exp(-since))
    record = rounded(START * falling(TIMES, RATE, 1.0) + grown + NOISE)
    masses, flows = tmp_path / "masses.csv", tmp_path / "flows.csv"
    masses.write_text("time [h],mass [kg]\n0,0\n5,0\n20,30\n36,30\n")
    flows.write_text("time [h];flow [kg/h]\n0;0\n5;2\n20;0\n")
    pair = (np.array([0.0, 5.0, 20.0, 36.0]) * HOUR, np.array([0.0, 0.0, 30.0, 30.0]))
    found = [infer(record, known=known) for known in (masses, flows, pair)]
    assert all(map(holds, found))
    medians = [one.fractional_rate.median for one in found]
    assert medians == pytest.approx([medians[0]] * 3, rel=1e-6)
    assert "without further feed" in found[0].caution[-1]
    assert infer(record).verdict != "leak"


@pytest.mark.slow
def test_a_sensor_takes_the_temperature_away() -> None:
    swing = 0.8 * np.sin(2.0 * np.pi * TIMES / DAY + 1.0)
    kelvins = np.round((CABIN_TEMPERATURE + swing) * 10.0) / 10.0
    record = rounded(START * falling(TIMES, RATE, 1.0) * (1.0 + swing / CABIN_TEMPERATURE) + NOISE)
    with_sensor, without = infer(record, kelvins), infer(record, kelvins, temperature_weight="none")
    assert holds(with_sensor)
    assert with_sensor.temperature_weight.low < 1.0 < with_sensor.temperature_weight.high
    assert without.temperature_weight is None
    assert without.noise.standard_deviation > 3.0 * with_sensor.noise.standard_deviation
    assert infer(record, kelvins, temperature_weight="0.5 +- 0.001").temperature_weight.median < 0.6


def test_a_box_that_is_warm_is_told() -> None:
    box = 307.0 + correlated(np.random.default_rng(9), TIMES, 0.5, 2.0 * HOUR)
    assert any("a warm box" in caution for caution in infer(LEAK, box).caution)
    assert any("speaks for" in caution for caution in infer(LEAK, box).caution)


def test_a_wave_is_fitted() -> None:
    record = rounded(LEAK + 0.6 * np.sin(2.0 * np.pi * TIMES / (92.9 * 60.0)))
    found, without = infer(record), infer(record, period="none")
    assert (found.assumed.period, without.assumed.period) == (5574.0, None)
    assert without.noise.standard_deviation + without.noise.white > 2.0 * found.noise.standard_deviation
    other = infer(rounded(LEAK + 0.6 * np.sin(2.0 * np.pi * TIMES / (3.1 * HOUR))), period="3.1 h")
    assert other.noise.standard_deviation < 0.2 * MMHG


def test_a_background_is_no_leak() -> None:
    """A known fall of 1 mmHg/h beside the leak, and one that is known to 0.5 alone."""
    record = rounded(LEAK - 1.0 * TIMES / HOUR)
    plain, beside = infer(LEAK), infer(record, background="1 mmHg/h")
    assert beside.fractional_rate.median == pytest.approx(plain.fractional_rate.median, rel=1e-3)
    unsure, alone = (width(infer(LEAK, to_time="3 h", background=one)) for one in ("0 +- 0.5 mmHg/h", None))
    assert 1.0 <= unsure / np.hypot(alone, 2.0 * 1.645 * 0.5) < 1.1  # tails of 16 readings are heavy
    straight = rounded(START - 1.85 * TIMES / HOUR + NOISE)
    assert infer(straight, background="1.85 +- 0.2 mmHg/h").verdict == "no_leak_shown"


def test_a_wander_widens_the_interval() -> None:
    """By c/sqrt(T) and more: c is known to half of itself."""
    own, wandered = width(infer(LEAK, exponent=1)), width(infer(LEAK, wander="0.5 mmHg", exponent=1))
    least = 2.0 * 1.645 * 0.5 / 36.0**0.5
    assert own < 0.3 * least
    assert least < wandered < 1.4 * least


def test_the_wander_of_a_quiet_record(tmp_path: Path) -> None:
    generator = np.random.default_rng(2)
    times = np.arange(0.0, 120.0 * HOUR, 300.0)
    quiet = 740.0 + wandering(generator, times, 0.15)
    file = tmp_path / "quiet.csv"
    rows = [f"{time:g},{value:.2f}" for time, value in zip(times, quiet, strict=True)]
    file.write_text("\n".join(["time [s],pressure [mmHg]", *rows]))
    found = infer(LEAK, noise_from=file)
    assert found.noise.wander / MMHG == pytest.approx(0.15, rel=0.2)
    assert found.noise.wander_given
    with pytest.raises(breachflow.CaseError, match=r"lasts 2 h; a wander is read from at least 7\.5 h"):
        wander_of(PressureRecord("quiet", times[:25], MMHG * quiet[:25]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"volume": None, "volume_uncertainty": 0.1}, "volume_uncertainty = 0.1 needs volume"),
        ({"volume_uncertainty": 15}, "volume_uncertainty = 15: must be relative, at least 0 and at most 1"),
        ({"length": "30 mm"}, "length needs depth too: both are those of a crack"),
        ({"exponent": "two"}, 'exponent = "two": must be any, or a number from 0.5 to 2.5'),
        ({"exponent": 3}, "exponent = 3: must be any, or a number from 0.5 to 2.5"),
        (
            {"temperature_weight": "half"},
            'temperature_weight = "half": must be a number up to 1000 such as "1 +- 0.25", or none',
        ),
        (
            {"wander": "0.1 mmHg", "noise_from": "q.csv"},
            "wander and noise_from both say how far the air wanders: give one of them",
        ),
        (
            {"known": "k.csv", "volume": None, "volume_uncertainty": None},
            "known needs volume: by how much gas raises the pressure",
        ),
        ({"exclude": ("9 h", "8 h")}, "exclude: ends before it begins: 9 h to 8 h"),
        (
            {"from_time": "99 h"},
            "from_time, to_time and exclude leave no reading of a record from 0 h to 35.8333 h",
        ),
        ({"step": "noon"}, 'step = "noon" does not begin with a number; write e.g. "2 ms"'),
        ({"until": "490"}, f'until = "490" has no unit; {PRESSURES}'),
    ],
)
def test_options_that_are_none(options: dict[str, Any], message: str) -> None:
    with pytest.raises(breachflow.UsageError) as caught:
        infer(LEAK, **options)
    assert str(caught.value) == message


def test_the_command_names_its_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "r.csv"
    file.write_text("time [h],pressure [mmHg]\n" + "".join(f"{hour},{740 - hour}\n" for hour in range(20)))
    assert main(["infer", str(file), "--from", "30 h"]) == 2
    message = "--from, --to and --exclude leave no reading of a record from 0 h to 19 h"
    assert message in capsys.readouterr().err


def test_an_answer_is_a_table_in_a_notebook() -> None:
    page = infer(LEAK)._repr_html_()
    assert page.startswith("<table")
    assert "verdict" in page
