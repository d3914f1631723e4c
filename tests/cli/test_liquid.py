"""`breachflow liquid`: bounds of the leak of a liquid, what is printed, and mistakes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from scipy.integrate import solve_ivp

from breachflow.cli.commands.liquid import liquid as command
from breachflow.theory.holes.liquid import drain_time, volume_until

COOLANT = ("--density", "692 kg/m3", "--vapor-pressure", "5.15 kPa", "--diameter", "0.8 mm")
WATER = ("--liquid", "water", "--diameter", "1 mm", "--pressure", "3 bar")


def invoke(*options: str) -> Result:
    return CliRunner().invoke(command, [*options])


def answer(*options: str) -> dict[str, Any]:
    result = invoke(*options, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.output))


# Soyuz MS-22, 15 December 2022: a hole of about 0.8 mm (TASS). The pressure of the loop was not published:
# bounds at three. By hand: A sqrt(2 rho p) and 0.61 of it.
@pytest.mark.parametrize(
    ("pressure", "expected", "most"), [("1 bar", 13.0, 21.3), ("1.5 bar", 15.9, 26.1), ("3 bar", 22.5, 36.9)]
)
def test_the_coolant_of_a_radiator(pressure: str, expected: float, most: float) -> None:
    found = answer(*COOLANT, "--pressure", pressure)
    assert found["expected"] * 3600 == pytest.approx(expected, abs=0.05)
    assert found["most"] * 3600 == pytest.approx(most, abs=0.05)
    pascals = float(pressure.split()[0]) * 1e5
    assert (found["least"] / found["expected"]) ** 2 == pytest.approx(1 - 5150 / pascals, rel=1e-9)


def test_a_loop_drains_slower_as_its_gas_expands() -> None:
    constant = answer(*COOLANT, "--pressure", "1.5 bar", "--inventory", "20 kg")
    assert constant["drain_time"] == pytest.approx(20 / constant["expected"], rel=1e-12)
    assert constant["least_drain_time"] == pytest.approx(20 / constant["most"], rel=1e-12)
    # As much gas as liquid: 2/3 (2^1.5 - 1) times as long.
    volume = f"{20 / 692!r} m3"
    behind = answer(*COOLANT, "--pressure", "1.5 bar", "--inventory", "20 kg", "--gas-volume", volume)
    assert behind["drain_time"] / constant["drain_time"] == pytest.approx(2 / 3 * (2**1.5 - 1), rel=1e-9)
    assert behind["boils_after"] is None


def test_a_loop_that_comes_to_its_vapor_pressure_is_followed_until_then() -> None:
    # Ammonia at 20 bar over 857.5 kPa: the gas of 10 L grows to 23.32 L, and 13.32 L of 610.2 kg/m3 are gone.
    ammonia = ("--liquid", "ammonia", "--diameter", "1 mm", "--pressure", "20 bar")
    found = answer(*ammonia, "--inventory", "20 kg", "--gas-volume", "10 L")
    assert found["boils_after"] == pytest.approx(8.130, abs=1e-3)
    assert (
        "then it boils before the hole: not covered"
        in invoke(*ammonia, "--inventory", "20 kg", "--gas-volume", "10 L").output
    )


@pytest.mark.parametrize("exponent", [1.0, 1.4])
def test_the_time_to_drain_is_that_of_the_equation(exponent: float) -> None:
    """dv/dt = q0 (1 + v/V0)^(-n/2), integrated by scipy."""
    time = drain_time(3.0, 0.3, 2.0, exponent)
    found = solve_ivp(
        lambda _, v: 0.3 * (1.0 + v / 2.0) ** (-0.5 * exponent),
        (0.0, time), [0.0], rtol=1e-11, atol=1e-12, method="DOP853",
    )  # fmt: skip
    assert found.y[0, -1] == pytest.approx(3.0, rel=1e-9)
    assert (1.0 + volume_until(0.4, 2.0, exponent) / 2.0) ** -exponent == pytest.approx(0.4, rel=1e-12)


def test_water_freezes_in_a_vacuum() -> None:
    # 4184 x 20/2.5009e6 = 3.3 %; of the rest 0.3336/2.8345 = 11.8 %.
    found = answer(*WATER)
    assert found["evaporated_share"] == pytest.approx(0.0334, abs=1e-4)
    assert found["frozen_share"] == pytest.approx(0.0334 + 0.9666 * 0.1177, abs=2e-4)
    lines = invoke(*WATER).output.splitlines()
    assert (
        "  in vacuum  about 3.3 % evaporates and cools the rest to its triple point, 15 % freezes it" in lines
    )
    assert lines[-1] == "CAUTION: the plume boils and freezes, and ice may plug the hole: not modeled."


def test_friction_leaves_the_upper_bound_alone() -> None:
    small = answer("--liquid", "water", "--diameter", "1 um", "--pressure", "3 bar")
    assert (small["expected"], small["least"]) == (None, None)
    assert "friction rules, and only the upper bound holds" in small["cautions"][0]
    # Re = 998.2 x 24.52 x 1e-4/1.0016e-3
    middle = answer("--liquid", "water", "--diameter", "0.1 mm", "--pressure", "3 bar")
    assert middle["reynolds"] == pytest.approx(2443.0, rel=1e-3)
    assert "may be a fifth more" in middle["cautions"][0]
    assert "without a viscosity" in answer(*COOLANT, "--pressure", "1 bar")["cautions"][0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "say which liquid: --liquid (allowed: water, ammonia, isooctane), or --density and"),
        (("--liquid", "watr"), 'did you mean "water"?'),
        (("--liquid", "water"), "say --diameter too"),
        (("--density", "692 kg/m3", "--diameter", "1 mm", "--pressure", "1 bar"), "say --vapor-pressure too"),
        ((*WATER, "--density", "1 kg/L"), '--density contradicts --liquid "water", which has its own'),
        ((*WATER, "--gas-volume", "1 L"), "--gas-volume needs --inventory"),
        ((*WATER, "--inventory", "0 kg"), "must be above 0"),
        ((*WATER, "--inventory", "1 L"), "is a volume, not a mass"),
        (("--liquid", "water", "--diameter", "1 mm", "--pressure", "3 barg"), "gauge pressures are not"),
        (
            ("--liquid", "ammonia", "--diameter", "1 mm", "--pressure", "8 bar"),
            "two phases are not covered. They flow with 10 to 100 % of 88.3 kg/h",
        ),
    ],
)  # fmt: skip
def test_mistakes_and_refusals(options: tuple[str, ...], message: str) -> None:
    result = invoke(*options)
    assert result.exit_code == 2
    assert message in result.output
