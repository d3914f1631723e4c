"""Physical properties of every kind of boundary, against exact solutions."""

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
    boundary_flux,
    direction,
    exact_flux,
    examples,
    gammas,
    largest_flux,
    mirror_image,
    powers,
)

from breachflow.physics.boundary import BEHAVIORS, BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Primitive
from breachflow.theory.fields import riemann
from breachflow.theory.streams import nozzle

KINDS = list(BehaviorCode)
IMPERMEABLE = [kind for kind in KINDS if not BEHAVIORS[kind.name.lower()].passes_mass]
OPEN = [kind for kind in KINDS if kind not in IMPERMEABLE]
MATCHED = [kind for kind in OPEN if kind != BehaviorCode.VACUUM]
"""Open kinds outside of which there can be the same gas as inside."""
OPENINGS = [BehaviorCode.OPENING]
UPWIND_FLUXES = [flux for flux in NumericalFlux if flux != NumericalFlux.RUSANOV]
NEWTON = 1e-11
"""Tolerance: three steps of Newton's method give the speed of an inflow."""

densities = powers(-3.0, 3.0)
temperatures = powers(-1.0, 1.0)
sideways = st.floats(-2.0, 2.0)
REST = Primitive(1.0, (0.0, 0.0), 1.0)


def moving(density, temperature, mach, along, angle, gamma) -> Primitive:
    """Gas that moves out of the domain at this Mach number, and along the face at another."""
    sound = sqrt(gamma * temperature)
    nx, ny = direction(angle)
    velocity = (sound * (mach * nx - along * ny), sound * (mach * ny + along * nx))
    return Primitive(density, velocity, density * temperature)


@pytest.mark.parametrize("kind", IMPERMEABLE)
@examples
@given(
    density=densities,
    temperature=temperatures,
    mach=st.floats(-15.0, 6.0),
    along=sideways,
    angle=angles,
    gamma=gammas,
)
def test_walls_let_nothing_through_and_feel_the_exact_pressure(
    kind, density, temperature, mach, along, angle, gamma
):
    """Reference of the pressure: the exact solution of the Riemann problem with the mirrored state."""
    normal = direction(angle)
    inside = moving(density, temperature, mach, along, angle, gamma)
    found = boundary_flux(kind, inside, normal, REST, gamma)
    speed = mach * sqrt(gamma * temperature)
    side = riemann.RiemannState(density, speed, inside.pressure)
    star = riemann.star_state(side, riemann.RiemannState(density, -speed, inside.pressure), gamma)
    assert (found[0], found[3]) == (0.0, 0.0)
    expected = star.pressure * np.array(normal)
    scale = max(star.pressure, inside.pressure)
    # The iteration of the reference, from the two-rarefaction guess, has an error of 1e-12 of the pressure.
    assert np.abs(found[1:3] - expected).max() <= 1e-10 * scale


@examples
@given(mach=sideways, along=sideways, angle=angles)
def test_mirror_turns_only_the_normal_velocity(mach, along, angle):
    inside = moving(2.0, 1.5, mach, along, angle, 1.4)
    found = mirror_image(inside, direction(angle))
    expected = moving(2.0, 1.5, -mach, along, angle, 1.4)
    assert (found.density, found.pressure) == (inside.density, inside.pressure)
    assert found.velocity == pytest.approx(expected.velocity, rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("scheme", list(NumericalFlux))
@pytest.mark.parametrize("kind", [*IMPERMEABLE, *MATCHED])
@settings(examples, max_examples=15)
@given(density=densities, temperature=temperatures, angle=angles, gamma=gammas)
def test_equal_gas_at_rest_on_both_sides_stays(scheme, kind, density, temperature, angle, gamma):
    normal = direction(angle)
    rest = moving(density, temperature, 0.0, 0.0, angle, gamma)
    found = boundary_flux(kind, rest, normal, rest, gamma, scheme)
    expected = np.array([0.0, *(rest.pressure * np.array(normal)), 0.0])
    assert_equal(found, expected, largest_flux(gamma, rest), 1e-14)


@examples
@given(
    density=densities,
    temperature=temperatures,
    mach=st.floats(-15.0, 3.0),
    along=sideways,
    angle=angles,
    gamma=gammas,
)
def test_vacuum_is_the_exact_riemann_solution(density, temperature, mach, along, angle, gamma):
    inside = moving(density, temperature, mach, along, angle, gamma)
    found = boundary_flux(BehaviorCode.VACUUM, inside, direction(angle), REST, gamma)
    sound = sqrt(gamma * temperature)
    side = riemann.RiemannState(density, mach * sound, inside.pressure)
    exact = riemann.sample(side, riemann.RiemannState(0.0, 0.0, 0.0), gamma, np.zeros(1))
    nx, ny = direction(angle)
    speed, slip = float(exact.velocity[0]), along * sound
    velocity = (speed * nx - slip * ny, speed * ny + slip * nx)
    at_face = Primitive(float(exact.density[0]), velocity, float(exact.pressure[0]))
    expected = exact_flux(at_face, (nx, ny), gamma)
    assert_equal(found, expected, largest_flux(gamma, inside))


def test_gas_at_rest_is_drawn_into_vacuum_at_the_known_rate():
    """rho0 a0 (2/(gamma+1))^((gamma+1)/(gamma-1)) (Toro 2009, section 4.6)."""
    found = boundary_flux(BehaviorCode.VACUUM, REST, (1.0, 0.0), REST, 1.4)
    assert found[0] == pytest.approx(sqrt(1.4) * (1.0 / 1.2) ** 6, rel=1e-14)


@pytest.mark.parametrize("kind", OPENINGS)
@examples
@given(
    density=densities,
    temperature=temperatures,
    mach=st.floats(0.0, 0.999),
    angle=angles,
    gamma=gammas,
)
def test_opening_reproduces_its_own_isentropic_stream(kind, density, temperature, mach, angle, gamma):
    normal = direction(angle)
    rest = moving(density, temperature, 0.0, 0.0, angle, gamma)
    ratio = nozzle.pressure_ratio_from_mach(mach, gamma)
    cooling = ratio ** ((gamma - 1.0) / gamma)
    inside = moving(density * ratio / cooling, temperature * cooling, -mach, 0.0, angle, gamma)
    found = boundary_flux(kind, inside, normal, rest, gamma)
    assert_equal(found, exact_flux(inside, normal, gamma), largest_flux(gamma, rest), NEWTON)


@pytest.mark.parametrize("kind", OPENINGS)
@examples
@given(
    inside_pressure=st.floats(0.05, 0.999),
    heat=st.floats(0.5, 2.0),
    mach=st.floats(-0.9, 0.0),
    gamma=gammas,
)
def test_opening_gives_gas_of_its_own_enthalpy_and_entropy(kind, inside_pressure, heat, mach, gamma):
    """For any state inside, the inflow has the total temperature and pressure of the reservoir."""
    inside = moving(inside_pressure / heat, heat, mach, 0.3, 0.0, gamma)
    mass, momentum, along, energy = boundary_flux(kind, inside, (1.0, 0.0), REST, gamma)
    assert mass < 0.0
    assert along == 0.0
    enthalpy = gamma / (gamma - 1.0)
    assert energy / mass == pytest.approx(enthalpy, rel=ROUNDING)
    # From momentum = p + mass u and h0 = gamma/(gamma-1) p/rho + u^2/2, with rho = mass/u, follows u.
    a, b = 0.5 - gamma / (gamma - 1.0), gamma / (gamma - 1.0) * momentum / mass
    roots = np.roots([a, b, -enthalpy])
    speed = float(roots[np.argmin(np.abs(roots))].real)
    pressure, rho = momentum - mass * speed, mass / speed
    assert pressure / rho**gamma == pytest.approx(1.0, rel=1e-9)
    assert abs(speed) <= sqrt(2.0 * gamma / (gamma + 1.0)) * (1.0 + 1e-9)


@pytest.mark.parametrize("kind", OPENINGS)
@examples
@given(mach=st.floats(0.0, 0.7), along=sideways, heat=st.floats(0.5, 2.0), pressure=st.floats(1.01, 1.1))
def test_gas_leaves_through_a_wave_that_takes_it_to_the_rooms_pressure(kind, mach, along, heat, pressure):
    """Exact: isentropic expansion to the room's pressure; HLLC with one wave for the fan is within 5 %."""
    inside = moving(pressure / heat, heat, mach, along, 0.0, 1.4)
    sound = sqrt(1.4 * heat)
    speed = mach * sound + 5.0 * sound * (1.0 - pressure ** (-1.0 / 7.0))
    exact = inside.density * pressure ** (-1.0 / 1.4) * speed
    mass, _, side, _ = boundary_flux(kind, inside, (1.0, 0.0), REST, 1.4)
    assert mass == pytest.approx(exact, rel=0.05)
    assert side == pytest.approx(mass * inside.velocity[1], rel=ROUNDING, abs=1e-15)


@pytest.mark.parametrize("kind", [*OPENINGS, BehaviorCode.VACUUM])
@examples
@given(pressure=st.floats(0.2, 1.5), mach=st.floats(-0.9, 0.9))
def test_flux_has_no_jumps(kind, pressure, mach):
    """Newton's method needs a continuous flux: inflow and outflow agree at rest."""
    here = moving(1.0, pressure, mach, 0.0, 0.0, 1.4)
    near = moving(1.0, pressure * (1.0 + 1e-8), mach + 1e-8, 0.0, 0.0, 1.4)
    change = boundary_flux(kind, near, (1.0, 0.0), REST, 1.4) - boundary_flux(
        kind, here, (1.0, 0.0), REST, 1.4
    )
    assert np.abs(change).max() <= 1e-6


@pytest.mark.parametrize("kind", OPENINGS)
def test_inflow_and_outflow_meet_at_rest(kind):
    for tilt in (-1e-9, 1e-9):
        inside = Primitive(1.3, (0.0, 0.0), 1.0 + tilt)
        found = boundary_flux(kind, inside, (1.0, 0.0), REST, 1.4)
        assert found == pytest.approx(np.array([0.0, 1.0, 0.0, 0.0]), abs=1e-8)


@pytest.mark.parametrize("kind", OPENINGS)
@pytest.mark.parametrize("scheme", list(NumericalFlux))
@examples
@given(
    density=densities,
    temperature=temperatures,
    mach=st.floats(0.0, 3.0),
    along=sideways,
    angle=angles,
    gamma=gammas,
)
def test_opening_at_the_streams_own_pressure_changes_nothing(
    kind, scheme, density, temperature, mach, along, angle, gamma
):
    inside = moving(density, temperature, mach, along, angle, gamma)
    outside = Primitive(3.0, (0.0, 0.0), inside.pressure)
    if mach == 0.0:
        inside = moving(density, temperature, mach, 0.0, angle, gamma)
    found = boundary_flux(kind, inside, direction(angle), outside, gamma, scheme)
    if (
        np.dot(inside.velocity, direction(angle)) >= 0.0
    ):  # otherwise rounding has turned a stream along the face
        assert_equal(found, exact_flux(inside, direction(angle), gamma), largest_flux(gamma, inside))


@pytest.mark.parametrize("kind", OPENINGS)
@pytest.mark.parametrize("scheme", list(NumericalFlux))
@examples
@given(mach=st.floats(1.01, 5.0), share=st.floats(1e-6, 0.999), gamma=gammas)
def test_opening_does_not_reach_a_supersonic_stream(kind, scheme, mach, share, gamma):
    """The stream leaves up to the pressure behind a normal shock; a higher one drives a shock upstream."""
    inside = moving(1.0, 1.0, mach, 0.2, 0.0, gamma)
    back = share * (1.0 + 2.0 * gamma / (gamma + 1.0) * (mach**2 - 1.0))
    outside = Primitive(back, (0.0, 0.0), back)
    found = boundary_flux(kind, inside, (1.0, 0.0), outside, gamma, scheme)
    assert_equal(found, exact_flux(inside, (1.0, 0.0), gamma), largest_flux(gamma, inside))


@pytest.mark.parametrize("scheme", list(NumericalFlux))
@examples
@given(mach=st.floats(-3.0, 3.0), along=sideways, angle=angles, gamma=gammas)
def test_inflow_and_extrapolation_of_the_gas_inside(scheme, mach, along, angle, gamma):
    inside = moving(1.7, 0.6, mach, along, angle, gamma)
    expected = exact_flux(inside, direction(angle), gamma)
    for kind in (BehaviorCode.RIEMANN, BehaviorCode.EXTRAPOLATE):
        found = boundary_flux(kind, inside, direction(angle), inside, gamma, scheme)
        assert_equal(found, expected, largest_flux(gamma, inside))


@examples
@given(mach=st.floats(-0.3, 0.9), heat=st.floats(0.5, 2.0), pressure=st.floats(0.3, 2.0))
def test_quiet_reservoir_is_two_sided_and_close_to_the_reservoir(mach, heat, pressure):
    """The flux is that against gas at rest: mass enters where the wave from inside has less than p0."""
    inside = moving(pressure / heat, heat, mach, 0.0, 0.0, 1.4)
    side = riemann.RiemannState(inside.density, inside.velocity[0], inside.pressure)
    star = riemann.star_state(side, riemann.RiemannState(1.0, 0.0, 1.0), 1.4)
    found = boundary_flux(BehaviorCode.RIEMANN, inside, (1.0, 0.0), REST, 1.4)
    if abs(star.velocity_left) > 0.1:
        assert np.sign(found[0]) == np.sign(star.velocity_left)
