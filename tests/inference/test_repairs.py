"""Whether a repair has worked: against published numbers, simulation and quadrature, and what it refuses."""

from __future__ import annotations

import inspect
import json
import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import breachflow
from breachflow.cli.commands.repair import repair as command
from breachflow.cli.main import main
from breachflow.errors import UsageError
from breachflow.theory.emptying.repaired import deviation_needed, probability_fell, residual_upper

DAY, HOUR = 86400.0, 3600.0
BEFORE = "1.70 +- 0.08 kg/day"
SPECIFIC = 8.31446261815324 / 28.9644e-3

CASES: list[dict[str, Any]] = [
    {"before": BEFORE, "after": "0.35 +- 0.12 kg/day", "planned": "0.6 kg/day"},
    {
        "before": "1.2 +- 0.1 mmHg/h", "after": "-0.1 +- 0.4 mmHg/h", "noise": "0.05 mmHg",
        "noise_time": "1 h", "resolution": "0.1 mmHg", "every": "2 min", "wander": "0.02 mmHg",
        "since": "10 min", "left": 0.1,
    },
    {
        "before": BEFORE, "after": "0.2 +- 0.1 mmHg/h", "volume": "75 m3", "temperature": "20 degC",
        "gas": "nitrogen", "before_pressure": "730 mmHg", "after_pressure": "700 mmHg", "exponent": 2.0,
    },
]  # fmt: skip
"""Examples that contain every argument of the function."""


def as_options(arguments: dict[str, Any]) -> list[str]:
    return [text for name, value in arguments.items() for text in (f"--{name.replace('_', '-')}", str(value))]


@pytest.mark.parametrize("arguments", CASES, ids=lambda arguments: " ".join(arguments))
def test_the_command_prints_what_the_function_gives(arguments: dict[str, Any]) -> None:
    found, options = breachflow.repair(**arguments), as_options(arguments)
    output = CliRunner().invoke(command, [*options, "--json"]).output
    assert json.loads(output) == json.loads(json.dumps(asdict(found)))
    assert CliRunner().invoke(command, options).output == f"{found}\n"
    words = [word for option in options for word in option.split(" ")]
    assert CliRunner().invoke(command, words).output == f"{found}\n"
    assert "what is left" in found._repr_html_()


OF_A_RECORD = {
    "record", "at", "from_time", "to_time", "exclude", "step", "known", "temperature_weight", "period",
    "background", "noise_from",
}  # fmt: skip


def test_the_options_of_the_command_are_the_arguments_of_the_function() -> None:
    options = {parameter.name for parameter in command.params} - {"as_json"}
    assert options == set(inspect.signature(breachflow.repair).parameters)
    assert {name for case in CASES for name in case} == options - OF_A_RECORD


@pytest.mark.parametrize(
    ("after", "residual"),
    [("0.35 +- 0.12", 0.54749), ("-0.05 +- 0.10", 0.16590), ("0.02 +- 0.30", 0.60132)],
)
def test_known_numbers(after: str, residual: float) -> None:
    found = breachflow.repair(before=BEFORE, after=f"{after} kg/day")
    assert found.residual_upper_kg_per_day == pytest.approx(residual, abs=5e-6)
    assert found.verdict == "worked"
    if after.startswith("0.35"):
        fell = [found.probability_fell[share] for share in ("0.5", "0.75", "0.9")]
        assert fell == pytest.approx([0.99996, 0.73122, 0.06724], abs=5e-6)


@pytest.mark.parametrize(("noise", "memory", "hours"), [(0.05, 1, 4.95), (0.10, 2, 9.90)])
def test_how_long_a_record_must_be(noise: float, memory: float, hours: float) -> None:
    """1.7 +- 0.1 kg/day out of 1005 m3: by half, if it stopped."""
    found = breachflow.repair(
        before="1.7 +- 0.1 kg/day", after="1.2 +- 1.0 kg/day", volume="1005 m3", noise=f"{noise} mmHg",
        noise_time=f"{memory} h", since="1 h",
    )  # fmt: skip
    assert found.record_needed == pytest.approx(hours * HOUR, rel=1e-3)  # three digits
    assert found.wait == pytest.approx(found.record_needed - HOUR)
    assert found.verdict == "too early"


def test_a_record_so_long_shows_a_leak_that_stopped() -> None:
    """Simulated: rates after of records of the length that is needed, where nothing is left."""
    random = np.random.default_rng(11)
    needed = deviation_needed((1.7, 0.1), 0.5, 0.0, 0.95)
    shares = [
        probability_fell((1.7, 0.1), (float(rate), needed), 0.5) for rate in random.normal(0.0, needed, 4000)
    ]
    assert np.mean(shares) > 0.8
    assert probability_fell((1.7, 0.1), (0.0, needed), 0.5) == pytest.approx(0.95, abs=1e-12)


@given(
    st.floats(0.1, 10.0), st.floats(0.01, 1.0), st.floats(-3.0, 10.0), st.floats(0.01, 3.0),
    st.floats(0.0, 0.99),
)  # fmt: skip
def test_against_scipy(b1: float, s1: float, b2: float, s2: float, share: float) -> None:
    """P(b2 <= (1-x) b1) is that of their difference; the residual is a quantile of a cut normal variable."""
    difference = stats.norm(loc=b2 - (1 - share) * b1, scale=math.hypot(s2, (1 - share) * s1))
    assert probability_fell((b1, s1), (b2, s2), share) == pytest.approx(
        difference.cdf(0.0), rel=1e-9, abs=1e-300
    )
    if b2 / s2 > -8.0:  # scipy's own quantile fails further out
        cut = stats.truncnorm(-b2 / s2, np.inf, loc=b2, scale=s2)
        assert residual_upper((b2, s2), 0.95) == pytest.approx(cut.ppf(0.95), rel=1e-6)


@pytest.mark.parametrize("above", [-5.0, -20.0, -34.99, -35.01, -60.0])
def test_a_rate_far_below_nothing_has_a_residual_all_the_same(above: float) -> None:
    """By quadrature of the tail in logarithms: x with Q(z + x)/Q(z) = 0.05."""
    found = residual_upper((above, 1.0), 0.95)
    tail = stats.norm.logsf(-above + found) - stats.norm.logsf(-above)
    assert tail == pytest.approx(math.log(0.05), rel=1e-5)


def test_what_is_said_is_as_often_true() -> None:
    """Simulated with uniform truths: of those repairs of which about 90 % is said, 90 % fell by half."""
    random = np.random.default_rng(5)
    true_before, true_after = random.uniform(0.0, 4.0, (2, 400_000))
    before = true_before + random.normal(0.0, 0.15, true_before.size)
    after = true_after + random.normal(0.0, 0.25, true_after.size)
    said = stats.norm.cdf((0.5 * before - after) / math.hypot(0.5 * 0.15, 0.25))
    kept = (before > 1.0) & (before < 3.0) & (after > 0.3)
    for share in (0.1, 0.5, 0.9):
        near = kept & (np.abs(said - share) < 0.03)
        assert np.mean(true_after[near] < 0.5 * true_before[near]) == pytest.approx(share, abs=0.015)


@pytest.mark.parametrize(
    ("after", "other", "verdict"),
    [
        ("0.1 +- 0.1 kg/day", {}, "worked"),
        ("0.1 +- 0.1 kg/day", {"planned": "0.3 kg/day"}, "worked"),
        ("0.1 +- 0.1 kg/day", {"planned": "0.2 kg/day"}, "partly"),
        ("1.2 +- 0.1 kg/day", {}, "partly"),
        ("1.6 +- 0.2 kg/day", {}, "no change shown"),
        ("1.8 +- 0.2 kg/day", {}, "no change shown"),
        ("2.4 +- 0.2 kg/day", {}, "worse"),
        ("1.0 +- 0.8 kg/day", {}, "too early"),
        ("9 +- 2 kg/day", {}, "worse"),
        ("0.8 +- 0.001 kg/day", {"before": "1.7 +- 1.7 kg/day"}, "no change shown"),
    ],
)
def test_verdicts(after: str, other: dict[str, str], verdict: str) -> None:
    found = breachflow.repair(**{"before": BEFORE, "after": after} | other)
    assert found.verdict == verdict
    assert str(found).startswith("  verdict  ")
    assert found.wait is None


def test_rates_of_the_pressure_need_no_volume_and_agree_with_one() -> None:
    plain = breachflow.repair(before="1.2 +- 0.1 mmHg/h", after="0.4 +- 0.1 mmHg/h")
    with_volume = breachflow.repair(before="1.2 +- 0.1 mmHg/h", after="0.4 +- 0.1 mmHg/h", volume="75 m3")
    assert plain.residual_upper is None
    assert plain.probability_fell == pytest.approx(with_volume.probability_fell, rel=1e-12)
    rate = with_volume.residual_upper_pressure_rate
    assert rate is not None
    assert plain.residual_upper_pressure_rate == pytest.approx(rate, rel=1e-12)
    assert with_volume.residual_upper == pytest.approx(rate * 75.0 / (SPECIFIC * 295.0), rel=1e-6)


@pytest.mark.parametrize("unit", ["lb/day", "g/h", "kg/s"])
def test_units_change_nothing(unit: str) -> None:
    size = {"lb/day": 0.45359237 / DAY, "g/h": 1e-3 / HOUR, "kg/s": 1.0}[unit] * DAY
    given = breachflow.repair(before=BEFORE, after=f"{0.35 / size:.15g} +- {0.12 / size:.15g} {unit}")
    plain = breachflow.repair(before=BEFORE, after="0.35 +- 0.12 kg/day")
    assert given.probability_fell == pytest.approx(plain.probability_fell, rel=1e-9)
    assert given.residual_upper == pytest.approx(plain.residual_upper, rel=1e-9)


def test_rates_at_two_pressures_compare_by_the_law() -> None:
    here = {"before_pressure": "730 mmHg", "after_pressure": "365 mmHg", "before": BEFORE}
    found = breachflow.repair(**here, after="0.1 +- 0.03 kg/day", exponent=2)
    same = breachflow.repair(before=BEFORE, after="0.4 +- 0.12 kg/day")
    assert found.probability_fell == pytest.approx(same.probability_fell, rel=1e-9)
    assert found.residual_upper == pytest.approx(same.residual_upper, rel=1e-9)
    assert found.warnings[0].startswith("the pressures differ: the rate after counts 2 times at that before")
    assert "at 730 mmHg, by p^2" in str(found)


def test_a_rate_before_that_is_hardly_known() -> None:
    found = breachflow.repair(before="1 +- 0.8 kg/day", after="0.1 +- 0.1 kg/day", volume="1005 m3")
    assert found.record_needed is None
    assert found.warnings == (
        "the rate before is not known well enough: no record after the repair shows a fall by half.",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"after": "0.3 kg/day"}, 'after = "0.3 kg/day": needs its standard deviation; write e.g. "1.7'),
        ({"after": "0.3 mmHg/h"}, 'after = "0.3 mmHg/h": needs its standard deviation; write e.g. "0.3'),
        ({"after": None}, "before needs after too"),
        ({"before": None, "after": None}, "say what is known of the leak: before and after, or a record"),
        ({"at": "6 h"}, "at says something of a record: give it, or remove at"),
        ({"step": "6 h"}, "step says something of a record: give it, or remove step"),
        ({"after": 0.3}, 'after = 0.3: must be a text such as "1.7 +- 0.1 kg/day"'),
        ({"after": "0.3 +- 0 kg/day"}, 'after = "0.3 +- 0 kg/day": its standard deviation must be above 0'),
        ({"after": "0.3 +- -1 kg/day"}, 'after = "0.3 +- -1 kg/day": its standard deviation must be above 0'),
        ({"after": "0.3 +- 0.1"}, 'after = "0.3 +- 0.1": "0.3" has no unit; a pressure rate is in Pa/s'),
        ({"after": "0.3 +- 0.1 kg/dy"}, 'after = "0.3 +- 0.1 kg/dy": "0.3 kg/dy" unknown unit "kg/dy"'),
        ({"after": "0.3 +- 0.1 kg"}, 'after = "0.3 +- 0.1 kg": "0.3 kg" is a mass, not a pressure rate'),
        ({"before": "0 +- 1 kg/day"}, 'before = "0 +- 1 kg/day": must be above 0: there was no leak'),
        ({"after": "0.1 +- 0.1 mmHg/h"}, "after is a rate of the pressure and before a mass flow: give"),
        ({"before_pressure": "1 atm"}, "before_pressure needs after_pressure too"),
        ({"exponent": 2.0}, "exponent needs before_pressure too"),
        (
            {"before_pressure": "1 atm", "after_pressure": "0.5 atm"},
            "before_pressure needs exponent too: how the leak falls with the pressure, 1 for a hole",
        ),
        (
            {"before_pressure": "1 atm", "after_pressure": "0.5 atm", "exponent": 4.0},
            "exponent = 4.0: must lie in 0.5 to 2.5",
        ),
        ({"planned": "0 kg/day"}, 'planned = "0 kg/day": must be above 0'),
        ({"planned": "0.1 mmHg/h"}, "planned is a rate of the pressure, before and after are mass flows"),
        ({"planned": 0.1}, 'planned = 0.1: must be a text such as "0.2 kg/day"'),
        ({"left": 0.5}, "left = 0.5: must be at least 0 and below 0.5"),
        ({"wander": "0.1 mmHg"}, "wander with mass flows needs volume: how fast the pressure falls by them"),
        ({"volume": "7 m3", "noise": "1 Pa"}, "noise needs noise_time too: how large the noise is"),
        ({"since": "-1 h"}, 'since = "-1 h": must be above 0'),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_told(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        breachflow.repair(**{"before": BEFORE, "after": "0.3 +- 0.1 kg/day"} | arguments)
    assert str(caught.value).startswith(message)


def test_mistakes_name_options(capfd: Any) -> None:
    assert main(["repair", "--before", "1.7", "kg/day", "--after", "0.3 +- 0.1 kg/day"]) == 2
    assert capfd.readouterr().err == (
        'breachflow: error: --before "1.7 kg/day": needs its standard deviation; write e.g.'
        ' "1.7 +- 0.1 kg/day";'
        " `breachflow repair --help` lists what is possible\n"
    )
