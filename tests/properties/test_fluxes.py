"""Physical properties of every numerical flux, for any two states."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import (
    angles,
    assert_equal,
    boosted,
    direction,
    exact_flux,
    examples,
    flux_euler,
    gammas,
    largest_flux,
    machs,
    numerical_flux,
    roe_speeds,
    states,
)

from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Primitive
from breachflow.theory.fields import riemann

FLUXES = list(NumericalFlux)
RESOLVES_CONTACTS = [flux for flux in FLUXES if flux not in (NumericalFlux.HLLE, NumericalFlux.RUSANOV)]
KNOWS_WAVE_SPEEDS = [flux for flux in FLUXES if flux != NumericalFlux.RUSANOV]
"""Upwind in supersonic flow, and exact at an isolated shock (Einfeldt 1988)."""

scalings = st.integers(-20, 20).map(lambda power: 4.0**power)
"""Scales by which every product and the square roots of the Roe average remain exact."""


@pytest.mark.parametrize("flux", FLUXES)
@examples
@given(state=states(), angle=angles, gamma=gammas)
def test_consistency(flux, state, angle, gamma):
    normal = direction(angle)
    found = numerical_flux(flux, state, state, normal, gamma)
    assert_equal(found, exact_flux(state, normal, gamma), largest_flux(gamma, state))


@examples
@given(state=states(), angle=angles, gamma=gammas)
def test_euler_flux_by_its_definition(state, angle, gamma):
    normal = direction(angle)
    found = flux_euler(state, normal, gamma)
    assert_equal(found, exact_flux(state, normal, gamma), largest_flux(gamma, state))


@pytest.mark.parametrize("flux", FLUXES)
@examples
@given(left=states(), right=states(), angle=angles, gamma=gammas)
def test_what_leaves_one_side_enters_the_other(flux, left, right, angle, gamma):
    nx, ny = direction(angle)
    there = numerical_flux(flux, left, right, (nx, ny), gamma)
    back = numerical_flux(flux, right, left, (-nx, -ny), gamma)
    assert_equal(there, -back, largest_flux(gamma, left, right))


@pytest.mark.parametrize("flux", FLUXES)
@examples
@given(
    left=states(dimension=3),
    right=states(dimension=3),
    seed=st.integers(0, 2**32 - 1),
    mirror=st.booleans(),
    gamma=gammas,
)
def test_rotation_and_mirror(flux, left, right, seed, mirror, gamma):
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    if mirror:
        turn[:, 0] *= -1.0

    def turned(side: Primitive) -> Primitive:
        return Primitive(side.density, tuple((turn @ side.velocity).tolist()), side.pressure)

    normal = (0.6, 0.0, 0.8)
    there = numerical_flux(flux, left, right, normal, gamma)
    expected = np.array([there[0], *(turn @ there[1:4]), there[4]])
    turned_normal = tuple((turn @ np.array(normal)).tolist())
    found = numerical_flux(flux, turned(left), turned(right), turned_normal, gamma)
    assert_equal(found, expected, largest_flux(gamma, left, right))


@pytest.mark.parametrize("flux", FLUXES)
@examples
@given(left=states(), right=states(), angle=angles, gamma=gammas)
def test_the_plane_in_space(flux, left, right, angle, gamma):
    normal = direction(angle)
    plane = numerical_flux(flux, left, right, normal, gamma)

    def lifted(side: Primitive) -> Primitive:
        return Primitive(side.density, (*side.velocity, 0.0), side.pressure)

    space = numerical_flux(flux, lifted(left), lifted(right), (*normal, 0.0), gamma)
    assert space[3] == 0.0
    assert_equal(np.delete(space, 3), plane, largest_flux(gamma, left, right))


@pytest.mark.parametrize("flux", FLUXES)
@examples
@given(left=states(), right=states(), density=scalings, speed=scalings, gamma=gammas)
def test_no_hidden_units(flux, left, right, density, speed, gamma):
    """Units of density and speed that differ by powers of four change no digit of the fluxes."""
    pressure = density * speed**2

    def rescaled(side: Primitive) -> Primitive:
        velocity = tuple(speed * u for u in side.velocity)
        return Primitive(density * side.density, velocity, pressure * side.pressure)

    found = numerical_flux(flux, rescaled(left), rescaled(right), (0.6, 0.8), gamma)
    units = np.array([density * speed, pressure, pressure, pressure * speed])
    assert np.array_equal(found, units * numerical_flux(flux, left, right, (0.6, 0.8), gamma))


@pytest.mark.parametrize("flux", KNOWS_WAVE_SPEEDS)
@examples
@given(left=states(), right=states(), mach=st.floats(1.001, 5.0), angle=angles, gamma=gammas)
def test_supersonic_flow_is_upwind(flux, left, right, mach, angle, gamma):
    """All waves run in the same direction: the left gas is supersonic, and so is the Roe average."""
    normal = direction(angle)
    speed, sound = roe_speeds(left, right, normal, gamma)
    own = mach * sqrt(gamma * left.pressure / left.density) - float(np.dot(left.velocity, normal))
    kick = max(own, 1.001 * sound - speed) * np.array(normal)
    left, right = boosted(left, kick), boosted(right, kick)
    found = numerical_flux(flux, left, right, normal, gamma)
    assert_equal(found, exact_flux(left, normal, gamma), largest_flux(gamma, left, right))


@pytest.mark.parametrize("flux", RESOLVES_CONTACTS)
@pytest.mark.parametrize("normal", [(1.0, 0.0), (0.0, -1.0)])
@examples
@given(left=states(decades=5.0), right=states(decades=5.0), gamma=gammas)
def test_contact_at_rest_is_exact(flux, normal, left, right, gamma):
    along = (normal[1], normal[0])
    sides = [
        Primitive(side.density, (side.velocity[0] * along[0], side.velocity[0] * along[1]), 2.0)
        for side in (left, right)
    ]
    found = numerical_flux(flux, *sides, normal, gamma)
    expected = np.array([0.0, 2.0 * normal[0], 2.0 * normal[1], 0.0])
    assert_equal(found, expected, largest_flux(gamma, *sides), 1e-15)


@pytest.mark.parametrize("flux", RESOLVES_CONTACTS)
@examples
@given(left=states(), right=states(), speed=machs, angle=angles, gamma=gammas)
def test_moving_contact_is_exact(flux, left, right, speed, angle, gamma):
    """With equal pressures and normal speeds, the flux is that of the upstream state."""
    normal = direction(angle)
    along = (-normal[1], normal[0])
    sides = [
        Primitive(
            side.density,
            (speed * normal[0] + slip * along[0], speed * normal[1] + slip * along[1]),
            1.0,
        )
        for side, slip in ((left, left.velocity[0]), (right, right.velocity[0]))
    ]
    upwind = sides[0] if speed > 0.0 else sides[1]
    found = numerical_flux(flux, *sides, normal, gamma)
    assert_equal(found, exact_flux(upwind, normal, gamma), largest_flux(gamma, *sides))


def behind_shock(ahead: Primitive, strength: float, gamma: float) -> Primitive:
    """Gas behind a shock that runs in -x at Mach `strength` into gas ahead (NACA 1135, equations 93-95)."""
    square = strength**2
    sound = sqrt(gamma * ahead.pressure / ahead.density)
    density = ahead.density * (gamma + 1.0) * square / ((gamma - 1.0) * square + 2.0)
    pressure = ahead.pressure * (2.0 * gamma * square - (gamma - 1.0)) / (gamma + 1.0)
    shock = ahead.velocity[0] - strength * sound
    speed = shock + strength * sound * ahead.density / density
    return Primitive(density, (speed, ahead.velocity[1]), pressure)


@pytest.mark.parametrize("flux", KNOWS_WAVE_SPEEDS)
@examples
@given(ahead=states(), strength=st.floats(1.01, 20.0), gamma=gammas)
def test_isolated_shock_is_exact(flux, ahead, strength, gamma):
    """Both sides of one shock: the flux is that of the state at the face after the shock has passed."""
    behind = behind_shock(ahead, strength, gamma)
    shock = ahead.velocity[0] - strength * sqrt(gamma * ahead.pressure / ahead.density)
    at_face = ahead if shock > 0.0 else behind
    found = numerical_flux(flux, ahead, behind, (1.0, 0.0), gamma)
    assert_equal(found, exact_flux(at_face, (1.0, 0.0), gamma), largest_flux(gamma, ahead, behind))


@pytest.mark.parametrize("flux", KNOWS_WAVE_SPEEDS)
@pytest.mark.parametrize("swap", [False, True])
@examples
@given(strength=st.floats(1.01, 20.0), slip=machs, gamma=gammas)
def test_standing_shock_is_exact(flux, swap, strength, slip, gamma):
    """Both states of a shock at rest have the same flux, and the face between them has this flux."""
    sign = -1.0 if swap else 1.0
    ahead = Primitive(1.0, (strength * sqrt(gamma), slip), 1.0)
    sides = [ahead, behind_shock(ahead, strength, gamma)]
    sides = [Primitive(side.density, (sign * side.velocity[0], slip), side.pressure) for side in sides]
    expected = exact_flux(sides[0], (1.0, 0.0), gamma)
    found = numerical_flux(flux, *(reversed(sides) if swap else sides), (1.0, 0.0), gamma)
    assert_equal(found, expected, largest_flux(gamma, *sides))


@pytest.mark.parametrize("flux", FLUXES)
def test_standing_shock_of_the_tables(flux):
    """Gas at Mach 2 before a standing shock: exact with the two-wave fluxes, smeared with Rusanov's."""
    ahead = Primitive(1.0, (2.0 * sqrt(1.4), 0.0), 1.0)
    behind = behind_shock(ahead, 2.0, 1.4)
    assert behind.pressure == pytest.approx(4.5, rel=1e-14)  # NACA 1135, table II
    found = numerical_flux(flux, ahead, behind, (1.0, 0.0), 1.4)
    exact = exact_flux(ahead, (1.0, 0.0), 1.4)
    error = np.abs(found - exact).max() / exact.max()
    assert error < 1e-14 if flux in KNOWS_WAVE_SPEEDS else 0.1 < error < 2.0


@pytest.mark.parametrize("flux", FLUXES)
@examples
@given(left=states(), right=states(), gamma=gammas)
def test_mass_flux_near_the_exact_one(flux, left, right, gamma):
    """For states that differ by 1e-6, the flux agrees with that of the exact Riemann solution."""
    near = Primitive(
        left.density * (1.0 + 1e-6 * right.velocity[0]),
        (left.velocity[0] + 1e-6 * right.velocity[1], left.velocity[1]),
        left.pressure * (1.0 + 1e-6 * right.velocity[0]),
    )
    a, b = (riemann.RiemannState(side.density, side.velocity[0], side.pressure) for side in (left, near))
    exact = riemann.sample(a, b, gamma, np.zeros(1))
    mass = float(exact.density[0] * exact.velocity[0])
    found = numerical_flux(flux, left, near, (1.0, 0.0), gamma)[0]
    assert abs(found - mass) <= 2e-5 * largest_flux(gamma, left, near)[0]
