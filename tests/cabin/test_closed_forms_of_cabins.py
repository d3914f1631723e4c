"""Marches against closed forms that share no code with them but the ideal mass flux.

Tolerances: the integration keeps 1e-9 a step and takes some tens of steps.
"""

from __future__ import annotations

import math

import pytest
from cabins import HOLE, MMHG, marched, one_room, pressure

from breachflow.constants import GAS_CONSTANT, SPECIES
from breachflow.theory.emptying import blowdown

R = SPECIES["air"].specific_gas_constant
TAU = blowdown.time_constant(70.0, 0.83 * math.pi * 0.25 * 0.003**2, 295.0, 1.4, R)


@pytest.mark.parametrize(
    ("thermal", "form"),
    [
        ('"isothermal"', lambda t: blowdown.isothermal_pressure(t, TAU)),
        ('"adiabatic"', lambda t: blowdown.adiabatic_pressure(t, TAU, 1.4)),
        (
            '{ conductance = "1e-9 W/K", wall_temperature = "295 K" }',
            lambda t: blowdown.adiabatic_pressure(t, TAU, 1.4),
        ),
    ],
)
def test_emptying_into_a_vacuum(thermal: str, form) -> None:
    answer = marched(one_room(thermal=thermal, end="2 day"))
    assert pressure(answer) == pytest.approx(760.0 * MMHG * form(172800.0), rel=1e-7)


@pytest.mark.parametrize(
    ("thermal", "form"),
    [
        ('"isothermal"', blowdown.isothermal_pressure_over_ambient),
        ('"adiabatic"', blowdown.adiabatic_pressure_over_ambient),
    ],
)
def test_emptying_into_a_room(thermal: str, form) -> None:
    more = '[outside]\npressure = "300 mmHg"\ntemperature = "295 K"\n'
    for seconds in (2e4, 1e5):
        answer = marched(one_room(more, thermal=thermal, end=f"{seconds:g} s"))
        assert pressure(answer) == pytest.approx(
            300.0 * MMHG * form(seconds, 760.0 / 300.0, TAU, 1.4), rel=1e-7
        )


@pytest.mark.parametrize("outside", ["295 K", "1.5 K"])
def test_equal_pressures_are_reached_and_kept(outside: str) -> None:
    """Equal to 1e-6, below which the flow is linear, after ten times the time that emptying takes."""
    more = f'[outside]\npressure = "300 mmHg"\ntemperature = "{outside}"\n'
    answer = marched(one_room(more, end="30 day"))
    assert pressure(answer) == pytest.approx(300.0 * MMHG, rel=1e-6)
    assert answer.record.steps < 400


def test_power_law() -> None:
    """dp/dt = -k p^n: p = p0 (1 + (n-1) k p0^(n-1) t)^(-1/(n-1)), k from the flow at p0."""
    leak = 'x = { from = "a", kind = "power", flow = "5 kg/day", at_pressure = "760 mmHg", exponent = 1.5 }'
    answer = marched(one_room(leak=leak, end="10 day"))
    mass = 760.0 * MMHG * 70.0 / (R * 295.0)
    expected = 760.0 * MMHG * (1.0 + 0.5 * 50.0 / mass) ** -2.0
    assert pressure(answer) == pytest.approx(expected, rel=1e-8)


def test_conductance() -> None:
    """V dp/dt = -C p."""
    leak = 'x = { from = "a", kind = "conductance", conductance = "1 L/s" }'
    answer = marched(one_room(leak=leak, end="10 h"))
    assert pressure(answer) == pytest.approx(760.0 * MMHG * math.exp(-36.0 / 70.0), rel=1e-8)


def test_an_opening_over_time() -> None:
    """A leak that opens within ten minutes has lost what the mean of its factor has."""
    leak = HOLE.replace(" }", ', opening = [["0 s", 0.0], ["600 s", 1.0], ["1200 s", 0.5]] }')
    answer = marched(one_room(leak=leak, end="3000 s"))
    effective = 0.5 * 600.0 + 0.75 * 600.0 + 0.5 * 1800.0
    assert pressure(answer) == pytest.approx(760.0 * MMHG * math.exp(-effective / TAU), rel=1e-8)


def test_two_isothermal_rooms_of_different_temperature_are_one_volume() -> None:
    """They share the pressure: dp/dt = -mdot R/sum(V/T), and the leak is that of its own room."""
    from breachflow.cabin.grammar.read import parse_cabin

    case = parse_cabin(
        'gas = "air"\nthermal = "isothermal"\n[compartment]\n'
        'a = { volume = "70 m3", pressure = "760 mmHg", temperature = "295 K" }\n'
        'b = { volume = "30 m3", pressure = "760 mmHg", temperature = "275 K" }\n'
        f'[hatch]\nh = {{ between = ["a", "b"], state = "open" }}\n[leak]\n{HOLE}\n'
        '[run]\nend_time = "1 day"\n'
    )
    answer = marched(case)
    area = 0.83 * math.pi * 0.25 * 0.003**2
    tau = (70.0 / 295.0 + 30.0 / 275.0) * 295.0 / (area * 0.6847314563772704 * math.sqrt(R * 295.0))
    assert pressure(answer) == pytest.approx(760.0 * MMHG * math.exp(-86400.0 / tau), rel=1e-8)
    assert answer.residuals.energy < 1e-12


def test_the_best_estimate_of_a_thick_hole_is_that_of_estimate() -> None:
    """The table is within 1e-5 of the law, and the march uses it."""
    from breachflow.leak.blend.best_estimate import best_estimate
    from breachflow.leak.breach import Breach, LeakState, Section

    leak = 'x = { from = "a", kind = "hole", diameter = "2 mm", wall_thickness = "1.6 mm" }'
    answer = marched(one_room(leak=leak, end="20 day"))
    assert 0.0 < answer.table_errors["x"] < 1e-5
    for reading in (answer.record.readings[0], answer.end):
        state = LeakState(SPECIES["air"], reading.gases[0].pressure, 295.0)
        exact = best_estimate(Breach(Section.ROUND, 2e-3, 1.6e-3), state).mass_flow
        assert reading.leak_flows[0] == pytest.approx(exact, rel=1e-5)


def test_oxygen_is_that_of_the_moles_left() -> None:
    """A leak takes no gas before another, and people take oxygen at a constant rate."""
    from breachflow.cabin.grammar.read import parse_cabin

    case = parse_cabin(
        'gas = { nitrogen = 0.79, oxygen = 0.21 }\nthermal = "isothermal"\n[compartment]\n'
        'a = { volume = "75 m3", pressure = "101325 Pa", temperature = "295 K" }\n'
        '[crew]\nc = { in = "a", members = 4 }\n[run]\nend_time = "1 day"\n'
    )
    answer = marched(case)
    moles = 101325.0 * 75.0 / (GAS_CONSTANT * 295.0)
    oxygen = 0.21 * moles - 4 * 0.84 / 31.9988e-3
    dioxide = 4 * 1.0 / 44.0095e-3
    fractions = answer.cabin.gases.mole_fractions(answer.end.gases[0].shares)
    expected = [0.79 * moles, oxygen, dioxide]
    assert fractions == pytest.approx([part / sum(expected) for part in expected], rel=1e-9)
    assert answer.residuals.mass < 1e-12
