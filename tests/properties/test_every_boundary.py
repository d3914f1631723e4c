"""Properties of all kinds of boundary."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import (
    ROUNDING,
    angles,
    assert_equal,
    boosted,
    boundary_flux,
    direction,
    exact_flux,
    examples,
    gammas,
    largest_flux,
    machs,
    powers,
    roe_speeds,
    states,
)

from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Primitive

KINDS = list(BehaviorCode)
OPENINGS = [BehaviorCode.OPENING]
MOVES_WITH_ITS_SURROUNDINGS = [kind for kind in KINDS if kind not in OPENINGS]
"""Kinds without invariance along the face: the gas of an opening is at rest and enters along the normal."""

scalings = st.integers(-20, 20).map(lambda power: 4.0**power)


@pytest.mark.parametrize("kind", KINDS)
@examples
@given(inside=states(), outside=states(), angle=angles, mirror=st.booleans(), gamma=gammas)
def test_rotation_and_mirror(kind, inside, outside, angle, mirror, gamma):
    c, s = direction(angle)
    turn = np.array([[c, -s], [s, c]]) @ np.diag([1.0, -1.0 if mirror else 1.0])

    def turned(side: Primitive) -> Primitive:
        return Primitive(side.density, tuple((turn @ side.velocity).tolist()), side.pressure)

    there = boundary_flux(kind, inside, (1.0, 0.0), outside, gamma)
    expected = np.array([there[0], *(turn @ there[1:3]), there[3]])
    found = boundary_flux(kind, turned(inside), (c, s), turned(outside), gamma)
    # A wall's pressure goes with a high power of the Mach number where gamma is near 1.
    assert_equal(found, expected, largest_flux(gamma, inside, outside) + abs(expected), 1e-11)


@pytest.mark.parametrize("kind", KINDS)
@examples
@given(inside=states(), outside=states(), angle=angles, gamma=gammas)
def test_the_plane_in_space(kind, inside, outside, angle, gamma):
    normal = direction(angle)
    plane = boundary_flux(kind, inside, normal, outside, gamma)

    def lifted(side: Primitive) -> Primitive:
        return Primitive(side.density, (*side.velocity, 0.0), side.pressure)

    space = boundary_flux(kind, lifted(inside), (*normal, 0.0), lifted(outside), gamma)
    assert space[3] == 0.0
    assert_equal(np.delete(space, 3), plane, largest_flux(gamma, inside, outside) + abs(plane), 1e-11)


@pytest.mark.parametrize("kind", KINDS)
@examples
@given(inside=states(), outside=states(), density=scalings, speed=scalings, gamma=gammas)
def test_no_hidden_units(kind, inside, outside, density, speed, gamma):
    """Units of density and speed that differ by powers of four leave the fluxes exactly equal."""
    pressure = density * speed**2

    def rescaled(side: Primitive) -> Primitive:
        velocity = tuple(speed * u for u in side.velocity)
        return Primitive(density * side.density, velocity, pressure * side.pressure)

    found = boundary_flux(kind, rescaled(inside), (0.6, 0.8), rescaled(outside), gamma)
    units = np.array([density * speed, pressure, pressure, pressure * speed])
    assert np.array_equal(found, units * boundary_flux(kind, inside, (0.6, 0.8), outside, gamma))


@pytest.mark.parametrize("kind", MOVES_WITH_ITS_SURROUNDINGS)
@examples
@given(inside=states(), outside=states(), slip=machs, gamma=gammas)
def test_an_observer_moving_along_the_face(kind, inside, outside, slip, gamma):
    kick = np.array([0.0, slip])
    still = boundary_flux(kind, inside, (1.0, 0.0), outside, gamma)
    sides = boosted(inside, kick), boosted(outside, kick)
    moved = boundary_flux(kind, sides[0], (1.0, 0.0), sides[1], gamma)
    work = slip * still[2] + 0.5 * slip**2 * still[0]
    expected = still + np.array([0.0, 0.0, slip * still[0], work])
    assert_equal(moved, expected, largest_flux(gamma, inside, outside, *sides) + abs(expected))


@pytest.mark.parametrize("kind", KINDS)
@settings(examples, max_examples=40)
@given(
    densities=st.tuples(powers(-12.0, 3.0), powers(-12.0, 3.0)),
    temperatures=st.tuples(powers(-4.0, 2.0), powers(-4.0, 2.0)),
    mach=st.floats(-50.0, 50.0),
    slip=machs,
    gamma=gammas,
)
def test_always_finite(kind, densities, temperatures, mach, slip, gamma):
    sound = sqrt(gamma * temperatures[0])
    inside = Primitive(densities[0], (mach * sound, slip * sound), densities[0] * temperatures[0])
    outside = Primitive(densities[1], (0.0, 0.0), densities[1] * temperatures[1])
    for scheme in NumericalFlux:
        assert np.isfinite(boundary_flux(kind, inside, (1.0, 0.0), outside, gamma, scheme)).all()


@pytest.mark.parametrize("kind", OPENINGS)
@examples
@given(inside=states(), cold=powers(-0.5, 0.5), pressures=st.tuples(*2 * [powers(-2.0, 2.0)]), gamma=gammas)
def test_more_pressure_outside_lets_less_out_and_more_in(kind, inside, cold, pressures, gamma):
    """From the strongest inflow to the strongest outflow, across the switch between the two."""
    fluxes = [
        boundary_flux(kind, inside, (1.0, 0.0), Primitive(pressure / cold, (0.0, 0.0), pressure), gamma)[0]
        for pressure in sorted(pressures)
    ]
    assert fluxes[1] <= fluxes[0] + ROUNDING * largest_flux(gamma, inside)[0]


@pytest.mark.parametrize("kind", OPENINGS)
@examples
@given(inside=states(), cold=powers(-0.5, 0.5), pressure=powers(-2.0, 2.0), gamma=gammas)
def test_gas_goes_where_the_wave_from_inside_sends_it(kind, inside, cold, pressure, gamma):
    """Out where p + density x sound speed x u is more than the room's pressure, else in."""
    impedance = sqrt(gamma * inside.density * inside.pressure)
    arriving = inside.pressure + impedance * inside.velocity[0]
    room = Primitive(pressure / cold, (0.0, 0.0), pressure)
    mass = boundary_flux(kind, inside, (1.0, 0.0), room, gamma)[0]
    assert mass >= 0.0 if arriving > pressure else mass <= 0.0


@pytest.mark.parametrize("kind", OPENINGS)
@pytest.mark.parametrize("scheme", list(NumericalFlux))
@examples
@given(mach=st.floats(-0.7, 0.7), density=powers(-1.0, 1.0), cold=powers(-0.5, 0.5), gamma=gammas)
def test_inflow_and_outflow_meet_to_second_order(kind, scheme, mach, density, cold, gamma):
    """At a switch at Mach number m inside, the mass flux jumps by at most 1.2 m^2 rho a.

    A sound wave decides the switch; the flux of outflow has waves of finite strength.
    """
    pressure = density / cold
    sound = sqrt(gamma * pressure / density)
    meeting = pressure * (1.0 + gamma * mach)
    if meeting <= 0.05 * pressure:
        return
    inside = Primitive(density, (mach * sound, 0.0), pressure)
    sides = [
        boundary_flux(kind, inside, (1.0, 0.0), Primitive(1.0, (0.0, 0.0), meeting * share), gamma, scheme)
        for share in (1.0 - 1e-9, 1.0 + 1e-9)
    ]
    jump = abs(sides[0][0] - sides[1][0])
    assert jump <= (1.2 * mach**2 + 1e-7) * density * sound


@pytest.mark.parametrize("scheme", [flux for flux in NumericalFlux if flux != NumericalFlux.RUSANOV])
@examples
@given(inside=states(), outside=states(), mach=st.floats(1.001, 5.0), gamma=gammas)
def test_supersonic_inflow_is_the_given_one(scheme, inside, outside, mach, gamma):
    """No wave runs upstream: the given stream is supersonic, and so is the Roe average."""
    speed, sound = roe_speeds(inside, outside, (1.0, 0.0), gamma)
    own = mach * sqrt(gamma * outside.pressure / outside.density) + outside.velocity[0]
    kick = np.array([-max(own, 1.001 * sound + speed), 0.0])
    inside, outside = boosted(inside, kick), boosted(outside, kick)
    found = boundary_flux(BehaviorCode.RIEMANN, inside, (1.0, 0.0), outside, gamma, scheme)
    assert_equal(found, exact_flux(outside, (1.0, 0.0), gamma), largest_flux(gamma, inside, outside))
