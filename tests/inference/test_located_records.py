"""Tests of hatches by records of the pressure: as by their slopes, and records that are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import breachflow
from breachflow.errors import CaseError

HOUR, MMHG = 3600.0, 133.322387415

CASE = """\
gas = "air"
[compartment]
a = { volume = "60 m3", pressure = "740 mmHg", temperature = "295 K" }
b = { volume = "200 m3", pressure = "740 mmHg", temperature = "295 K" }
[hatch]
ab = { between = ["a", "b"], state = "open" }
[suspect]
rate = "1.6 kg/day"
rate_uncertainty = "0.3 kg/day"
noise = { correlated = "0.05 mmHg", time = "1 h" }
[[test]]
closed = ["ab"]
record = { a = "a.csv" }
slope = { b = "0 +- 0.05 mmHg/h" }
"""


def write(path: Path, slope: float, hours: float = 3.0, seed: int = 1) -> None:
    """A record of noise of 0.05 mmHg that lasts half an hour, read every minute in steps of 0.01 mmHg."""
    random = np.random.default_rng(seed)
    times = np.arange(0.0, hours * HOUR, 60.0)
    share, noise = np.exp(-60.0 / 1800.0), np.zeros(len(times))
    noise[0] = 0.05 * random.standard_normal()
    for i in range(1, len(times)):
        noise[i] = share * noise[i - 1] + 0.05 * np.sqrt(1.0 - share**2) * random.standard_normal()
    values = np.round(740.0 + slope * times / HOUR + noise, 2)
    lines = [f"{time:.0f},{value:.2f}" for time, value in zip(times, values, strict=True)]
    path.write_text("\n".join(["time [s],pressure [mmHg]", *lines]) + "\n")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    (tmp_path / "case.toml").write_text(CASE)
    write(tmp_path / "a.csv", -0.5)
    return tmp_path / "case.toml"


def test_a_record_gives_its_slope(case: Path) -> None:
    """Its truth lies within three standard deviations, which are those of a record of 3 h: about 0.02."""
    for seed in range(5):
        write(case.with_name("a.csv"), -0.5, seed=seed)
        (test,) = breachflow.locate(breachflow.load_locate(case)).tests
        slope, deviation = (value * HOUR / MMHG for value in test.slopes[1])
        assert 0.005 < deviation < 0.05
        assert abs(slope + 0.5) < 3.5 * deviation
        assert test.by_record


def test_the_record_and_its_slope_tell_the_same(case: Path) -> None:
    found = breachflow.locate(breachflow.load_locate(case))
    slope, deviation = found.tests[0].slopes[1]
    given = CASE.replace('record = { a = "a.csv" }', "").replace(
        "slope = { ", f'slope = {{ a = "{slope!r} +- {deviation!r} Pa/s", '
    )
    case.write_text(given)
    same = breachflow.locate(breachflow.load_locate(case))
    assert same.probability == pytest.approx(found.probability, rel=1e-9)
    assert "ab shut: b 0.00 ± 0.05, a -0." in str(found)
    assert "ab shut: b" not in str(same)


def test_a_part_of_the_record_counts(case: Path) -> None:
    write(case.with_name("a.csv"), 0.0, hours=6.0)
    text = case.with_name("a.csv").read_text().splitlines()
    for i, line in enumerate(text[181:], start=181):  # from 3 h on it falls
        time, value = line.split(",")
        text[i] = f"{time},{float(value) - 0.8 * (float(time) / HOUR - 3.0):.2f}"
    case.with_name("a.csv").write_text("\n".join(text))
    for window, truth in (('from = "3 h"', -0.8), ('to = "3 h"', 0.0)):
        case.write_text(f"{CASE}{window}\n")
        slope, deviation = breachflow.locate(breachflow.load_locate(case)).tests[0].slopes[1]
        assert slope * HOUR / MMHG == pytest.approx(truth, abs=4.0 * deviation * HOUR / MMHG)
        assert deviation * HOUR / MMHG < 0.1


def frozen(path: Path) -> None:
    path.write_text("time [s],pressure [mmHg]\n" + "".join(f"{60 * i},740.0\n" for i in range(200)))


def short(path: Path) -> None:
    path.write_text("time [s],pressure [mmHg]\n0,740.0\n60,740.1\n120,739.9\n")


def stepped(path: Path) -> None:
    write(path, -0.1)
    lines = path.read_text().splitlines()
    later = [f"{time},{float(value) + 5.0:.2f}" for time, value in (line.split(",") for line in lines[90:])]
    path.write_text("\n".join([*lines[:90], *later]))


def unsorted(path: Path) -> None:
    path.write_text("time [s],pressure [mmHg]\n0,740.0\n120,740.1\n60,739.9\n")


def absent(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (frozen, "frozen: "),
        (short, "too short: 3 readings"),
        (stepped, "unmarked step: "),
        (unsorted, "a.csv:4: "),
        (absent, "a.csv: "),
    ],
)
def test_a_record_that_is_none_is_told_with_its_place(
    spoil: Callable[[Path], None], words: str, case: Path
) -> None:
    spoil(case.with_name("a.csv"))
    with pytest.raises(CaseError) as caught:
        breachflow.locate(breachflow.load_locate(case))
    told = str(caught.value)
    assert told.startswith(f'{case}:13: test[1].record.a = "a.csv": ')
    assert words in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('{ a = "a.csv" }', '{ x = "a.csv" }', "no such compartment; allowed: a, b"),
        ('{ a = "a.csv" }', '{ b = "a.csv" }', "is on one side with b: a side has one value"),
        ('{ a = "a.csv" }', '{ a = "../../../../a.csv" }', "a.csv"),
        ('{ a = "a.csv" }', "{ a = 3 }", "must be a path in quotes, relative to the case's folder"),
        ('record = { a = "a.csv" }', 'from = "1 h"', "says nothing without a record"),
    ],
)
def test_what_is_wrong_is_told(old: str, new: str, message: str, case: Path) -> None:
    case.write_text(CASE.replace(old, new))
    with pytest.raises(CaseError) as caught:
        breachflow.load_locate(case)
    assert any(message in line for line in caught.value.faults)


def test_the_completed_case_has_its_record(case: Path) -> None:
    loaded = breachflow.load_locate(case)
    again = case.with_name("again.toml")
    again.write_text(loaded.completed_text)
    assert breachflow.load_locate(again).test[0].record == {"a": case.with_name("a.csv")}
