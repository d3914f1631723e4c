"""`breachflow reserve` and `breachflow.reserve`: what they print, and what they say of mistakes."""

from __future__ import annotations

import inspect
import json
from dataclasses import asdict
from typing import Any

import pytest
from click.testing import CliRunner, Result

import breachflow
from breachflow.cli.commands.reserve import reserve as command
from breachflow.errors import OutOfRange, UsageError

NAMES = {"from_pressure": "from", "to_pressure": "to", "discharge_coefficient": "cd"}

READINGS = {"from_pressure": "760 mmHg", "to_pressure": "758 mmHg", "after": "90 min"}

CASES: list[dict[str, Any]] = [
    {"rate": "1 +- 0.2 mmHg/h", "pressure": "745 mmHg", "temperature": "20 degC"},
    {"rate": "1.6 kg/day", "pressure": "14.2 psia", "volume": "7 m3", "until": "10 psia", "gas": "nitrogen"},
    READINGS | {"resolution": "1 mmHg", "volume": "1005 m3"},
    READINGS | {"wander": "0.12 mmHg"},
    READINGS | {"to_pressure": "760 mmHg", "volume": "1005 m3", "feed": "20 kg/h"},
    {"diameter": "2 mm", "volume": "1005 m3", "pressure": "1 atm", "feed": "1 kg/h"},
    {"diameter": "2 mm", "volume": "75 m3", "pressure": "1 atm", "discharge_coefficient": 0.7},
]
"""Examples that contain every argument of the function."""


def invoke(*options: str) -> Result:
    return CliRunner().invoke(command, [*options])


def as_options(arguments: dict[str, Any]) -> list[str]:
    return [
        text
        for name, value in arguments.items()
        for text in (f"--{NAMES.get(name, name.replace('_', '-'))}", str(value))
    ]


@pytest.mark.parametrize("arguments", CASES, ids=lambda arguments: " ".join(arguments))
def test_the_command_prints_what_the_function_gives(arguments: dict[str, Any]) -> None:
    found = breachflow.reserve(**arguments)
    options = as_options(arguments)
    assert json.loads(invoke(*options, "--json").output) == json.loads(json.dumps(asdict(found)))
    assert invoke(*options).output == f"{found}\n"


def test_the_options_of_the_command_are_the_arguments_of_the_function() -> None:
    options = {parameter.name for parameter in command.params} - {"as_json"}
    assert options == set(inspect.signature(breachflow.reserve).parameters)
    assert {name for case in CASES for name in case} == options


@pytest.mark.parametrize("arguments", CASES[:5], ids=lambda arguments: " ".join(arguments))
def test_quotes_may_be_left_out(arguments: dict[str, Any]) -> None:
    options = as_options(arguments)
    words = [word for option in options for word in option.split(" ")]
    assert len(words) > len(options)
    assert invoke(*words).output == invoke(*options).output
    equals = [f"{name}={value}" for name, value in zip(options[::2], options[1::2], strict=True)]
    assert invoke(*(word for text in equals for word in text.split(" "))).output == invoke(*options).output


def test_a_word_too_many_is_told() -> None:
    rate = ("--rate", "1", "mmHg/h", "--pressure", "745", "mmHg")
    assert "Got unexpected extra argument (more)" in invoke(*rate, "--json", "more").output
    assert "Got unexpected extra argument (more)" in invoke("more", *rate).output
    assert 'unknown unit "mmHg more"' in invoke(*rate, "more").output
    assert 'write "1 mmHg/h"' in invoke("--rate", "-1", "mmHg/h", "--pressure", "745", "mmHg").output


def test_text_of_two_readings() -> None:
    assert invoke(*as_options(CASES[2])).output.splitlines() == [
        "  pressure            758 mmHg = 101.1 kPa, falling 1.3 ± 0.3 mmHg/h = 0.04931 Pa/s (68 %)",
        "  time to 490 mmHg    248 h = 10.3 days (90 % by the gauge: 186 to 374 h)    hole, isothermal",
        "                      201 h linear (cautious) ... 256 h hole, adiabatic ... 312 h crack (p^2)",
        "  limit               490 mmHg = 65.33 kPa [not verified: --until gives your own]",
        "  interval            by the gauge alone (steps of 1 mmHg), at the law of the hole",
        "  not counted         gas that cools by 0.78 K in this time looks the same;"
        " the air of an open station wanders by ± 0.098 mmHg/h (--wander counts it)",
        "  leak                51 ± 10 kg/day = 110 ± 20 lb/day = 0.585 g/s"
        " (1005 m3 of air at 295 K [assumed])",
        "  like                a thin round hole of 1.94 mm into vacuum",
        "  to know it to 10 %  read again in 94 min",
    ]


def test_text_of_a_hole_has_both_walls() -> None:
    lines = invoke(*as_options(CASES[6] | {"discharge_coefficient": 0.83})).output.splitlines()
    # A thirteenth of the station of 1005 m3: 235.829 h and 173.843 h x 75/1005.
    assert lines[2] == "  time to 490 mmHg  17.6 h    walls keep the gas at its temperature (slow leaks)"
    assert lines[3] == "                    13 h    no heat from the walls (fast leaks)"


def test_text_of_a_fast_leak_has_the_flow_of_both_walls() -> None:
    lines = invoke("--rate", "12 mmHg/min", "--pressure", "640 mmHg", "--volume", "75 m3").output.splitlines()
    # 26.66 Pa/s x 75 m3/(287.06 x 295) J/kg = 23.6 g/s; 1.4 times less without heat.
    at = next(i for i, line in enumerate(lines) if line.startswith("  leak "))
    assert lines[at].split("  ")[-1].startswith("2040 kg/day = 4498 lb/day = 23.62 g/s")
    assert lines[at + 1].strip() == "1457 kg/day if the walls give no heat"
    assert not any("looks the same" in line for line in lines)


def test_readings_far_apart_have_a_rate_by_law() -> None:
    output = invoke("--from", "730 mmHg", "--to", "620 mmHg", "--after", "18 h").output
    # 110/18; 620 ln(730/620)/18; 620^2 (1/620 - 1/730)/18.
    assert "now 6.11 mmHg/h linear ... 5.63 mmHg/h hole ... 5.19 mmHg/h crack" in output


def test_text_without_a_rate_says_how_long_to_wait() -> None:
    lines = invoke(*as_options(READINGS | {"to_pressure": "760 mmHg"})).output.splitlines()
    assert lines[1] == "  time to 490 mmHg  not a rate yet: at least 404 h = 16.8 days"
    assert "[by its digits: --resolution gives your own]" in lines[0]
    assert lines[-1].startswith(
        "  wait              until the gauge has fallen by 1 mmHg: one step tells the rate"
    )


def test_text_of_a_feed_that_holds() -> None:
    # The hole loses 53.75 kg/day at 760 mmHg, in proportion to the pressure; the feed is 60 kg/day.
    output = invoke(*as_options(CASES[5] | {"feed": "2.5 kg/h"})).output
    assert "time to 490 mmHg  never: the feed holds more than 760 mmHg" in output
    fed = invoke(
        "--rate", "6 mmHg/h", "--pressure", "730 mmHg", "--volume", "7 m3", "--feed", "1 kg/day"
    ).output
    assert "mmHg hole, isothermal ... " in fed
    assert "never crack (p^2)" in fed


def test_times_are_in_the_units_that_suit_them() -> None:
    def headline(rate: str) -> str:
        return invoke("--rate", rate, "--pressure", "760 mmHg").output.splitlines()[1].split("  ")[2]

    assert headline("5 mmHg/s") == "66.7 s"
    assert headline("10 mmHg/min") == "33.4 min"
    assert headline("100 mmHg/h") == "3.34 h"
    assert headline("5 mmHg/day") == "66.7 days = 1600 h"
    assert headline("0.1 mmHg/day") == "9.13 years = 3340 days"


def test_the_air_of_an_open_station_wanders() -> None:
    # 0.12 mmHg/h over an hour, beside 0.1/sqrt(6) of the gauge: hypot is 0.1268; at 1.5 h, 1 mmHg: 0.2893.
    fine = {"from_pressure": "760.0 mmHg", "to_pressure": "758.0 mmHg", "after": "1 h"}
    found = breachflow.reserve(**fine, wander="0.12 mmHg")
    assert found.rate is not None
    assert found.rate_uncertainty == pytest.approx(found.rate * 0.1268 / 2, rel=1e-3)
    assert found.warnings == ()
    assert "wanders by more than this gauge resolves" in breachflow.reserve(**fine).warnings[0]
    assert breachflow.reserve(**fine, volume="7 m3").warnings == ()
    assert breachflow.reserve(**fine, wander="0 mmHg").warnings == ()
    coarse = breachflow.reserve(**READINGS, resolution="1 mmHg", wander="0.12 mmHg")
    assert coarse.rate_uncertainty == pytest.approx(coarse.rate * 0.2893 / (2 / 1.5), rel=1e-3)
    assert "(90 % by the gauge and the wander: 183 to 386 h)" in str(coarse)


def test_a_notebook_shows_a_table() -> None:
    found = breachflow.reserve(**READINGS, volume="1005 m3")
    html = found._repr_html_()
    assert html.count("<tr>") == len(str(found).splitlines())
    assert "248 h = 10.3 days" in html
    assert "&quot;" in breachflow.reserve(rate=0.04, pressure=1e5)._repr_html_()


def test_a_small_fall_may_be_cold_gas() -> None:
    small = READINGS | {"to_pressure": "759.0 mmHg"}
    assert breachflow.reserve(**small, wander="0.12 mmHg").warnings == (
        "gas that cools by 0.39 K falls as much without a leak: compare temperatures first.",
    )
    assert breachflow.reserve(**READINGS).warnings == ()


def test_a_rate_may_be_so_uncertain_that_the_time_has_no_end() -> None:
    found = breachflow.reserve(rate="1 +- 0.7 mmHg/h", pressure="745 mmHg")
    assert found.interval is not None
    assert found.interval[1] is None
    assert "(90 % by the rate: 145 h or longer)" in str(found)


def test_a_mass_flow_is_a_rate_of_a_volume() -> None:
    # 1.9 kg/day out of 7 m3 at 295 K is 7.18 mmHg/h (287.06 x 295 x 1.9/86400/7/133.322 x 3600).
    for text in ("1.9 kg/day", "79.1667 g/h", "1021.13 sccm at 0 degC"):
        found = breachflow.reserve(rate=text, pressure="730 mmHg", volume="7 m3")
        assert found.rate == pytest.approx(7.183 * 133.322 / 3600, rel=5e-4)


MISTAKES = [
    ((), "say what is known of the leak: --rate and --pressure, or --from, --to and --after, or --diameter"),
    (("--rate", "1 mmHg/h"), "--rate needs --pressure too"),
    (
        ("--rate", "-1 mmHg/h", "--pressure", "745 mmHg"),
        'it says how fast the pressure falls; write "1 mmHg/h"',
    ),
    (("--rate", "0 mmHg/h", "--pressure", "745 mmHg"), '--rate "0 mmHg/h": must be above 0'),
    (("--rate", "nan mmHg/h", "--pressure", "745 mmHg"), "is not a finite number"),
    (("--rate", "1 mmHg", "--pressure", "745 mmHg"), "is a pressure, not a pressure rate"),
    (("--rate", "1 mmHg/hr", "--pressure", "745 mmHg"), 'write "1 mmHg/h"'),
    (("--rate", "1 +- x mmHg/h", "--pressure", "745 mmHg"), "does not begin with a number"),
    (("--rate", "1.6 kg/day", "--pressure", "745 mmHg"), "is a mass flow, which needs --volume"),
    (("--rate", "1.6 kg/d", "--pressure", "745 mmHg", "--volume", "7 m3"), 'write "1.6 kg/day"'),
    (("--rate", "5 sccm", "--pressure", "745 mmHg", "--volume", "7 m3"), "sccm"),
    (
        ("--rate", "1 mmHg/h", "--pressure", "480 mmHg"),
        "the limit of 490 mmHg, taken without --until, is reached",
    ),
    (
        ("--rate", "1 mmHg/h", "--pressure", "745 mmHg", "--until", "745 mmHg"),
        "or the limit is reached already",
    ),
    (("--rate", "1 mmHg/h", "--pressure", "745 mmHg", "--until", "0 mmHg"), "must be above 0"),
    (("--rate", "1 mmHg/h", "--pressure", "745 mmHg", "--feed", "1 kg/h"), "--feed needs --volume"),
    (
        ("--rate", "1 mmHg/h", "--pressure", "745 mmHg", "--resolution", "1 Pa"),
        "--rate and --resolution are two ways",
    ),
    (("--rate", "1 mmHg/h", "--pressure", "745 mmHg", "--cd", "0.8"), "--rate and --cd are two ways"),
    (("--rate", "1 mmHg/h", "--pressure", "745 mmHg", "--temperature", "0 K"), "must be above 0 K"),
    (("--from", "758 mmHg", "--to", "760 mmHg", "--after", "1 h"), "the pressure has risen from --from"),
    (("--from", "760 mmHg", "--to", "758 mmHg"), "--from needs --after too"),
    (("--from", "760 mmHg", "--to", "758 mmHg", "--after", "0 h"), '--after "0 h": must be above 0'),
    (("--from", "760 mmHg", "--to", "758 mmHg", "--after", "1 mm"), "is a length, not a time"),
    (
        ("--from", "760 mmHg", "--to", "758 mmHg", "--after", "1 h", "--pressure", "1 atm"),
        "both are the pressure now",
    ),
    (("--from", "760 mmHg", "--to", "480 mmHg", "--after", "1 h"), "is reached already"),
    (("--diameter", "2 mm", "--pressure", "1 atm"), "--diameter needs --volume too"),
    (
        ("--diameter", "2 mm", "--pressure", "1 atm", "--volume", "7 m3", "--rate", "1 Pa/s"),
        "are two ways to know",
    ),
    (("--diameter", "2 mm", "--pressure", "1 atm", "--volume", "7 m3", "--gas", "steam"), "is a liquid"),
    (("--rate", "1 Pa/s", "--pressure", "1 atm", "--volume", "7 m3", "--gas", "steam"), "is a liquid"),
    (("--rate", "1 Pa/s", "--pressure", "1 atm", "--gas", "hellium"), 'did you mean "helium"?'),
    (("--rat", "1 Pa/s"), "--rate"),
]


@pytest.mark.parametrize(("options", "message"), MISTAKES, ids=lambda part: " ".join(part)[:60])
def test_mistakes_give_one_clear_message(options: tuple[str, ...], message: str) -> None:
    result = invoke(*options)
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output


def test_errors_of_the_function_name_its_arguments() -> None:
    with pytest.raises(UsageError, match=r"^rate needs pressure too$"):
        breachflow.reserve(rate=1.0)
    with pytest.raises(UsageError, match=r"to_pressure is the same as from_pressure: give resolution"):
        breachflow.reserve(from_pressure=1e5, to_pressure=1e5, after=60.0)
    with pytest.raises(OutOfRange, match="is a liquid"):
        breachflow.reserve(rate=1.0, pressure=1e5, volume=7.0, gas="steam")
