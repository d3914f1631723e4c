"""`breachflow.estimate`: arguments as text and in SI units, errors, and the estimate."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import breachflow
from breachflow import estimate
from breachflow.cli.commands.estimate import estimate as command
from breachflow.constants import SPECIES
from breachflow.errors import OutOfRange, UsageError
from breachflow.leak.answer import answer_sections
from breachflow.leak.law_flows import MassFlow
from breachflow.leak.laws import NAMES, Law

CABIN: dict[str, Any] = {"pressure": "1 atm", "temperature": "295 K"}

CASES: list[dict[str, Any]] = [
    {"diameter": "2 mm"},
    {"diameter": "2 mm", "wall_thickness": "1.6 mm", "edge_radius": "0.1 mm", "gas": "helium"},
    {"width": "17 um", "length": "30 mm", "wall_thickness": "2.5 mm", "outside": "0.2 atm"},
    {"diameter": "2 mm", "outside": "0.5 atm", "law": "bragg"},
    {"diameter": "1 um", "discharge_coefficient": 0.83, "outside": "vacuum"},
    {"diameter": "2 mm", "outside": "10 kPa", "volume": "1005 m3", "until": "490 mmHg"},
    {"mass_flow": "1.6 +- 0.3 kg/day", "length": "30 mm", "wall_thickness": "2 mm"},
    {"rate": "1.3 mmHg/h", "volume": "1005 m3"},
    {"diameter": "2 mm", "wall_thickness": "2 mm", "angle": "30 deg", "discharge_coefficient": 0.8},
]
"""Examples that contain every argument of the function."""


def as_options(arguments: dict[str, Any]) -> list[str]:
    names = {"discharge_coefficient": "cd"}
    return [
        text
        for name, value in arguments.items()
        for text in (f"--{names.get(name, name.replace('_', '-'))}", str(value))
    ]


@pytest.mark.parametrize("arguments", CASES, ids=lambda arguments: " ".join(arguments))
def test_the_command_prints_what_the_function_gives(arguments: dict[str, Any]) -> None:
    found = estimate(**CABIN, **arguments)
    options = as_options(CABIN | arguments)
    printed = CliRunner().invoke(command, [*options, "--json"])
    assert json.loads(printed.output) == json.loads(json.dumps(asdict(found)))
    assert CliRunner().invoke(command, options).output == f"{found}\n"


def test_the_options_of_the_command_are_the_arguments_of_the_function() -> None:
    options = {parameter.name for parameter in command.params} - {"list", "as_json", "explain"}
    assert options == set(inspect.signature(estimate).parameters)
    assert {name for case in CASES for name in case} | set(CABIN) == options


def test_numbers_are_in_si_units() -> None:
    text = estimate(
        **CABIN, diameter="2 mm", wall_thickness="1 mm", outside="1 kPa", volume="2 m3", until="50 kPa"
    )
    numbers = estimate(
        pressure=101325,
        temperature=295.0,
        diameter=np.float64(0.002),
        wall_thickness=1e-3,
        outside=1000.0,
        volume=2,
        until=50e3,
    )
    assert numbers == text


def test_a_gas_is_a_name_or_a_species_or_its_numbers() -> None:
    by_name = estimate(**CABIN, diameter="2 mm", gas="argon")
    assert estimate(**CABIN, diameter="2 mm", gas=SPECIES["argon"]) == by_name
    # Argon has 2.272e-5 Pa s at 300 K; Sutherland's law with the constant of air is 1 % off at 221 K.
    numbers = {"gamma": 1.67, "molar_mass": "39.948 g/mol", "viscosity": "2.272e-5 Pa s"}
    by_numbers = estimate(**CABIN, diameter="2 mm", gas=numbers)
    assert by_numbers.mass_flow == by_name.mass_flow
    assert by_numbers.reynolds == pytest.approx(by_name.reynolds, rel=0.03)
    unknown = estimate(**CABIN, diameter="2 mm", gas={"gamma": 5 / 3, "molar_mass": 39.948e-3})
    assert (unknown.mass_flow, unknown.reynolds, unknown.regime) == (by_name.mass_flow, None, "continuum")


def test_the_exponent_of_the_pressure() -> None:
    choked = estimate(**CABIN, diameter="2 mm", law="ideal")
    assert choked.pressure_exponent == pytest.approx(1.0, abs=1e-9)
    crack = {"width": "10 um", "length": "30 mm", "wall_thickness": "2 mm"}
    found = estimate(**CABIN, **crack, law="slip")
    # Into vacuum the law is delta/12 + 1.018 times p, and delta grows with p.
    viscous = found.rarefaction_parameter / 12.0
    expected = 1.0 + viscous / (viscous + 1.018)
    assert found.pressure_exponent == pytest.approx(expected, rel=1e-6)
    assert f"grows as p^{expected:.3g} about this pressure" in str(found)
    still = estimate(**CABIN, diameter="2 mm", outside="1 atm")
    assert still.pressure_exponent is None


def test_a_custom_gas_is_that_of_a_case() -> None:
    table = {"gamma": 1.3, "molar_mass": "30 g/mol", "viscosity": "15 uPa s"}
    case = breachflow.parse_case(
        'gas = { gamma = 1.3, molar_mass = "30 g/mol", viscosity = "15 uPa s" }\n'
        'orifice = { shape = "round", diameter = "2 mm" }\n[boundary]\n'
        'cabin = { kind = "reservoir", pressure = "1 atm", temperature = "295 K" }\n'
        'space = { kind = "vacuum" }\n'
    )
    here, there = (estimate(**CABIN, diameter="2 mm", gas=gas) for gas in (table, case.species))
    assert here == there


def test_a_law_of_the_callers_own() -> None:
    half = Law(
        "half",
        "half the ideal flow",
        "any",
        "any",
        "a test",
        (),
        lambda leak: MassFlow(0.5 * leak.ideal, 0.0),
    )
    found = estimate(**CABIN, diameter="2 mm", law=half)
    assert (found.law, found.discharge_coefficient, found.basis) == ("half", 0.5, {"half": 1.0})
    assert [law.name for law in found.laws] == ["half", *NAMES]


def test_an_estimate_is_a_record_that_does_not_change() -> None:
    found = estimate(**CABIN, diameter="2 mm")
    with pytest.raises(FrozenInstanceError):
        found.mass_flow = 0.0  # type: ignore[misc]


def test_html_has_every_row_of_the_text() -> None:
    found = estimate(**CABIN, diameter="1 um")
    html = found._repr_html_()
    sections = answer_sections(found)
    assert html.count("<table>") == len(sections) == 5
    assert html.count("<tr>") == sum(len(section.rows) for section in sections)
    # "depth <= 0.02 diameters" is escaped.
    assert "depth &lt;= 0.02 diameters" in html
    assert re.search(r"<(?!/?(table|caption|tr|th|td)\b)", html) is None


def test_cautions_follow_the_answer_in_text_and_html() -> None:
    found = estimate(**CABIN, diameter="0.5 mm")
    (warning,) = found.warnings
    labels = [row.split("  ")[1] for row in str(found).splitlines()[:6]]
    assert labels == [
        "leak rate", "discharge coefficient", "thrust", "flow with pressure", "cautions", "uncertainty"
    ]  # fmt: skip
    assert f"  cautions               - {warning}\n" in str(found)
    assert f"cautions</th><td style='text-align:left'>- {warning}</td>" in found._repr_html_()


def test_friction_is_flagged_for_the_inviscid_rounded_throat_too() -> None:
    # 0.5 mm of air from 1 atm: Re = 6270 C_d/0.83, below 10 000.
    found = estimate(
        **CABIN, diameter="0.5 mm", wall_thickness="1 mm", edge_radius="0.6 mm", law="kliegel-levine"
    )
    assert found.warnings[0].startswith("Reynolds number below 10 000")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"diameter": "2mm"}, 'diameter = "2mm" needs a space between number and unit; write "2 mm"'),
        ({"diameter": "{2} mm"}, 'diameter = "{2} mm" does not begin with a number; write e.g. "2 mm"'),
        ({"diameter": -1e-3}, "diameter = -0.001: must be above 0"),
        ({"diameter": True}, "diameter = True: must be a length as text with a unit, or a number in m"),
        (
            {"diameter": float("nan")},
            "diameter = nan: must be a length as text with a unit, or a number in m",
        ),
        ({"diameter": "2 mm", "temperature": 0}, "temperature = 0: must be above 0 K"),
        ({"diameter": "2 mm", "wall_thickness": -1.0}, "wall_thickness = -1.0: must not be below 0"),
        ({}, "say how large the hole is: diameter (round), or width and length (slit)"),
        (
            {"diameter": 1e-3, "width": 1e-3},
            "say how large the hole is: diameter (round), or width and length",
        ),
        (
            {"diameter": "2 mm", "outside": "2 atm"},
            'outside = "2 atm": must not be above pressure = "1 atm": gas flows outwards',
        ),
        ({"diameter": "2 mm", "until": "40 kPa"}, "until needs volume: how much gas there is to lose"),
        (
            {"diameter": "2 mm", "volume": 1.0, "until": 2e5},
            'until = 200000.0: must be above outside and not above pressure = "1 atm"',
        ),
        (
            {"diameter": "2 mm", "law": "ideal", "discharge_coefficient": 0.6},
            "law and discharge_coefficient both say how much flows: give one of them",
        ),
        ({"diameter": "2 mm", "discharge_coefficient": 1.2}, "discharge_coefficient = 1.2: must be above 0"),
        (
            {"diameter": "2 mm", "law": "pery"},
            'law = "pery": no law of `breachflow estimate --list` and no file; the table.h5 of a sweep may '
            'be given; did you mean "perry"?',
        ),
        (
            {"diameter": "2 mm", "gas": "helum"},
            'gas = "helum": allowed: air, nitrogen, oxygen, helium, argon, ',
        ),
        (
            {"diameter": "2 mm", "gas": {"gamma": 1.4, "mass": 0.03}},
            'gas: unknown key "mass"; allowed: gamma, molar_mass, viscosity, viscosity_exponent, ',
        ),
        (
            {"diameter": "2 mm", "gas": {"gamma": 1.4}},
            "gas: no molar_mass; allowed: gamma, ",
        ),
        (
            {"diameter": "2 mm", "gas": {"gamma": 2.0, "molar_mass": 0.03}},
            "gas: gamma = 2 must be above 1 and at most 5/3",
        ),
        (
            {"diameter": "2 mm", "gas": {"gamma": 1.4, "molar_mass": "29 kg/mol"}},
            'gas: molar_mass = "29 kg/mol": must be at least 1 g/mol and at most 400 g/mol',
        ),
        (
            {"diameter": "2 mm", "gas": {"gamma": "1.4", "molar_mass": 0.029}},
            'gas: gamma = "1.4" must be a number, without quotes or unit',
        ),
        (
            {"diameter": "2 mm", "gas": {"gamma": 1.4, "molar_mass": 0.029, "prandtl": 7.0}},
            "gas: prandtl = 7 must be at least 0.1 and at most 2",
        ),
        (
            {"diameter": "2 mm", "gas": {"N2": 0.79, "O2": 0.21}},
            'gas: unknown key "N2"; allowed: gamma, molar_mass, ',
        ),
        ({"diameter": "1e200 m"}, 'diameter = "1e200 m": must be at least 1e-12 m and at most 1000 m'),
        (
            {"diameter": "2 mm", "pressure": 1e-300},
            "pressure = 1e-300: must be at least 1e-15 Pa and at most 1e6",
        ),
    ],
)
def test_mistakes_name_the_argument(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        estimate(**CABIN | arguments)
    assert str(caught.value).startswith(message)


def test_a_law_that_does_not_hold() -> None:
    with pytest.raises(
        OutOfRange, match=r"^the law perry holds for depth <= 0.02 diameters, .* is below 0.05$"
    ):
        estimate(**CABIN, diameter="2 mm", law="perry")


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys\n"
        "from breachflow import estimate\n"
        "found = estimate(diameter='2 mm', pressure='1 atm', temperature=295.0, volume=1, until=5e4)\n"
        "str(found), found._repr_html_()\n"
        "print(sorted({'numpy', 'numba', 'h5py', 'pydantic', 'click', 'rich', 'scipy'} & set(sys.modules)))\n"
    )
    folder = Path(breachflow.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder
    )
    assert done.stdout == "[]\n"
