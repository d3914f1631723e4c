"""`breachflow estimate`: numbers, warnings, errors, and that it stays light."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner, Result

from breachflow.cli.estimate import estimate

CABIN = ("--pressure", "1 atm", "--temperature", "295 K")


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(estimate, [*arguments])


def answer(*arguments: str) -> dict[str, Any]:
    result = invoke(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.output))


def test_two_millimeters_of_a_station() -> None:
    # Worked by hand: 0.83 x 0.68473 x 101325 Pa x 3.14159 mm2/sqrt(287.06 x 295) = 53.7 kg/day.
    found = answer("--diameter", "2 mm", *CABIN, "--volume", "1005 m3")
    assert found["mass_flow"] * 86400 == pytest.approx(53.7, abs=0.05)
    assert found["discharge_coefficient"] == pytest.approx(0.83, abs=1e-12)
    assert found["thrust"] == pytest.approx(0.33, abs=0.01)
    assert found["pressure_rate"] * 3600 / 133.322 == pytest.approx(-1.41, abs=0.005)
    assert found["time_constant"] == pytest.approx(101325 / -found["pressure_rate"], rel=1e-12)
    assert found["regime"] == "continuum"
    assert found["warnings"] == []


def test_text_names_units_outside_and_warns_of_nothing() -> None:
    lines = invoke("--diameter", "2 mm", *CABIN).output.splitlines()
    assert "outside                vacuum (p_outside/p0 = 0, choked)" in lines
    assert "                       53.71 kg/day = 118.4 lb/day" in lines
    assert not any("WARNING" in line for line in lines)


def test_perry_with_back_pressure_and_given_coefficient() -> None:
    # Perry 1949 at r = 0.5: 0.7491 (worked by hand from the six coefficients).
    expected = answer("--diameter", "2 mm", *CABIN, "--outside", "0.5 atm")
    assert expected["discharge_coefficient"] == pytest.approx(0.7491, abs=5e-5)
    assert expected["discharge_coefficient_uncertainty"] == pytest.approx(0.015, abs=1e-3)
    given = answer("--diameter", "2 mm", *CABIN, "--outside", "0.5 atm", "--cd", "0.6")
    assert given["discharge_coefficient_uncertainty"] is None
    assert given["mass_flow"] / expected["mass_flow"] == pytest.approx(
        0.6 / expected["discharge_coefficient"]
    )


def test_slit_uses_slit_theory() -> None:
    # Chaplygin 1904 at r = 0.6, gamma = 5/3: 0.6962677.
    arguments = ("--width", "1 mm", "--length", "30 mm", *CABIN, "--outside", "0.6 atm", "--gas", "helium")
    assert answer(*arguments)["discharge_coefficient"] == pytest.approx(0.6962677, abs=1e-7)


def test_one_micrometer_is_loud_and_lies_between_the_two_limits() -> None:
    found = answer("--diameter", "1 um", *CABIN)
    # At the throat of air, 53.53 kPa and 245.8 K: mu = 1.576e-5 Pa s, so the path is 0.0981 um.
    assert found["knudsen"] == pytest.approx(0.0981, abs=0.0005)
    assert found["inviscid_holds"] is False
    # Free-molecular flow, 0.58263 of the ideal one, is a lower bound for any thin hole into vacuum.
    assert 0.58263 < found["rarefied_mass_flow"] / found["ideal_mass_flow"] < 0.83
    output = invoke("--diameter", "1 um", *CABIN).output
    assert "WARNING: slip flow: Gas slips at the wall and friction matters" in output


def test_low_reynolds_number_is_flagged() -> None:
    found = answer("--diameter", "0.2 mm", *CABIN)
    assert found["inviscid_holds"] is True
    assert found["warnings"][0].startswith("Reynolds number below 10 000")


@pytest.mark.parametrize(("diameter", "low"), [("0.7 mm", True), ("0.9 mm", False)])
def test_reynolds_number_is_taken_at_the_throat(diameter: str, low: bool) -> None:
    # By hand: 0.83 x 238.4 kg/(m2 s) d/1.576e-5 Pa s is 10 000 at 0.797 mm (0.92 mm with the gas at rest).
    found = answer("--diameter", diameter, *CABIN)
    assert found["reynolds"] == pytest.approx(12.54e6 * float(diameter.split()[0]) * 1e-3, rel=2e-3)
    assert bool(found["warnings"]) is low


def test_outside_the_viscosity_law_only_the_regime_is_unknown() -> None:
    cold = ("--diameter", "2 mm", "--pressure", "1 atm", "--temperature", "20 K")
    found = answer(*cold)
    at_295 = answer("--diameter", "2 mm", *CABIN)
    assert found["mass_flow"] / at_295["mass_flow"] == pytest.approx((295 / 20) ** 0.5, rel=1e-12)
    assert (found["regime"], found["reynolds"], found["knudsen"]) == ("unknown", None, None)
    assert found["inviscid_holds"] is None
    output = invoke(*cold).output
    assert "WARNING: unknown regime: The continuum assumption was not checked" in output
    assert "100 to 1900 K, not 16.6667 K" in output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--diameter", "2mm", *CABIN), '--diameter "2mm" needs a space'),
        (("--diameter", "2 s", *CABIN), '"2 s" is a time, not a length'),
        (("--diameter", "0 mm", *CABIN), '--diameter "0 mm": must be above 0'),
        (("--diameter", "-2 mm", *CABIN), '--diameter "-2 mm": must be above 0'),
        (
            ("--diameter", "2 mm", *CABIN, "--outside", "2 atm"),
            '--outside "2 atm": must not be above --pressure "1 atm"',
        ),
        (("--diameter", "2 mm", *CABIN, "--outside", "-1 Pa"), '--outside "-1 Pa": must not be below 0'),
        (
            ("--diameter", "2 mm", "--pressure", "vacuum", "--temperature", "295 K"),
            '--pressure "vacuum" does not begin with a number',
        ),
        (
            ("--diameter", "2 mm", "--pressure", "1 atm", "--temperature", "-300 degC"),
            '--temperature "-300 degC": must be above 0 K',
        ),
        (("--diameter", "2 mm", *CABIN, "--width", "1 mm"), "--diameter (round), or --width and --length"),
        (CABIN, "say how large the hole is"),
        (("--diameter", "2 mm", *CABIN, "--cd", "1.2"), "is not in the range 0.0<x<=1.0"),
        (("--diameter", "2 mm", *CABIN, "--volume", "0 m3"), '--volume "0 m3": must be above 0'),
        (("--diameter", "2 mm", *CABIN, "--gas", "xenon"), "'xenon' is not one of 'air'"),
    ],
)
def test_mistakes_give_one_clear_message(arguments: tuple[str, ...], message: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output


def test_process_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from breachflow.cli.estimate import estimate\n"
        "estimate(sys.argv[1:], standalone_mode=False)\n"
        "heavy = {'numpy', 'numba', 'h5py', 'pydantic', 'rich', 'scipy', 'meshio'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", code, "--width", "1 mm", "--length", "9 mm", *CABIN]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
