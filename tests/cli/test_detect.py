"""`breachflow detect`: what it prints and draws, and what it says of mistakes."""

from __future__ import annotations

import inspect
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import breachflow
from breachflow.cli.commands.detect import detect as command
from breachflow.cli.main import main

CASES: list[dict[str, Any]] = [
    {},
    {"volume": ["7 m3", "75 m3"], "noise": "0.05 mmHg", "noise_time": "1 h", "leak": "1 kg/day"},
    {"length": ["2 h"], "resolution": "1 mbar", "every": "10 s", "wander": "0.1 mbar", "gas": "nitrogen"},
    {"false_alarm": 0.01, "miss": 0.1, "pressure": "14.2 psia", "temperature": "20 degC"},
]
"""Examples that contain every argument of the function."""


def invoke(*options: str) -> Result:
    return CliRunner().invoke(command, [*options])


def as_options(arguments: dict[str, Any]) -> list[str]:
    return [
        text
        for name, value in arguments.items()
        for one in (value if isinstance(value, list) else [value])
        for text in (f"--{name.replace('_', '-')}", str(one))
    ]


@pytest.mark.parametrize("arguments", CASES, ids=lambda arguments: " ".join(arguments) or "nothing")
def test_the_command_prints_what_the_function_gives(arguments: dict[str, Any]) -> None:
    found = breachflow.detect(**arguments)
    options = as_options(arguments)
    assert json.loads(invoke(*options, "--json").output) == json.loads(json.dumps(asdict(found)))
    assert invoke(*options).output == f"{found}\n"
    assert invoke(*(word for option in options for word in option.split(" "))).output == f"{found}\n"


def test_the_options_of_the_command_are_the_arguments_of_the_function() -> None:
    options = {parameter.name for parameter in command.params} - {"as_json", "chart"}
    assert options == set(inspect.signature(breachflow.detect).parameters)
    assert {name for case in CASES for name in case} == options - {"noise_from"}


def test_text_of_a_station() -> None:
    lines = invoke("--length", "24 h", "--length", "7 day").output.splitlines()
    assert lines[:5] == [
        "smallest leak that a record shows",
        "  record of                      24 h     7 days",
        "  falling, mmHg/h              0.0806     0.0305",
        "  1005 m3, kg/day                3.06       1.16",
        "    lb/day                       6.75       2.55",
    ]
    assert lines[6:] == [
        "  meaning      a leak of this size is missed in 5 % of such records; 5 % of records without a leak"
        " show one",
        "  noise        the air of an open station wanders by 0.12 mmHg in an hour [measured: --wander gives"
        " your own]",
        "  gas          air at 295 K [assumed], 760 mmHg [assumed]; holes are thin and round, into vacuum",
        "  not counted  a temperature that drifts: 1 K is 0.34 % of the pressure; compare it first",
    ]


def test_pressures_have_the_unit_of_the_question() -> None:
    output = invoke("--resolution", "1 mbar", "--volume", "7 m3").output
    assert "falling, mbar/h" in output
    assert "a gauge in steps of 1 mbar, read every 1 min" in output
    assert "1013.3 mbar [assumed]" in output


def test_html_has_the_table() -> None:
    found = breachflow.detect(volume="7 m3", noise="0.05 mmHg", noise_time="1 h", resolution="1 mmHg")
    html = found._repr_html_()
    assert "7 m3, kg/day" in html
    assert "WARNING" not in html


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_chart_is_drawn(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"chart.{suffix}"
    options = ["--volume", "7 m3", "--volume", "75 m3", "--noise", "0.05 mmHg", "--noise-time", "1 h"]
    done = invoke(*options, "--leak", "0.1 kg/day", "--chart", str(path))
    assert done.output.splitlines()[-1] == f"wrote {path}"
    content = path.read_bytes()
    assert b"Breachflow report" in content[:4096]
    if suffix == "svg":
        # the text of a picture is drawn as paths; each has its text in a comment
        for text in (b"7 m3", b"75 m3", b"0.1 kg/day", b"lb/day", b"72 h"):
            assert b"<!-- " + text in content
    assert invoke(*options, "--chart", str(path)).exit_code == 0  # replaces its own picture


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("chart.pdf", 2, "chart.pdf: is no name of a picture; allowed: .png, .svg"),
        ("no/chart.png", 8, "no/chart.png: its folder does not exist; create it, or choose another"),
        ("other.png", 8, "other.png: is no picture of a report and is not replaced"),
    ],
)  # fmt: skip
def test_a_chart_that_cannot_be(
    name: str, code: int, message: str, tmp_path: Path, monkeypatch: Any, capfd: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("other.png").write_bytes(b"mine")
    assert main(["detect", "--chart", name]) == code
    out, error = capfd.readouterr()
    assert (out, error.count("\n")) == ("", 1)
    assert error.startswith(f"breachflow: error: {message}")
    assert Path("other.png").read_bytes() == b"mine"


def test_mistakes_name_options(capfd: Any) -> None:
    assert main(["detect", "--volume", "7", "m3", "--noise", "0.05", "mmHg"]) == 2
    error = capfd.readouterr().err
    assert error.startswith("breachflow: error: --noise needs --noise-time too: how large the noise is,")
    assert error.count("\n") == 1
