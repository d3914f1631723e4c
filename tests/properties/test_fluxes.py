"""What every numerical flux owes to physics, whatever the states on its two sides."""

from __future__ import annotations

from math import cos, hypot, sin, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breachflow.analytic import riemann
from breachflow.physics.flux import NumericalFlux, flux_euler, numerical_flux
from breachflow.physics.gas import Conserved, Gas, Primitive

FLUXES = list(NumericalFlux)
RESOLVES_CONTACTS = [NumericalFlux.HLLC]
KNOWS_WAVE_SPEEDS = [NumericalFlux.HLLC, NumericalFlux.HLLE]
"""Upwind in supersonic flow, and exact at an isolated shock (Einfeldt 1988)."""

ROUNDING = 1e-12
"""Some ten operations on numbers whose differences are up to a thousand times smaller."""

gammas = st.sampled_from([1.1, 1.4, 5.0 / 3.0])
angles = st.floats(0.0, 6.3)
machs = st.floats(-4.0, 4.0)


@st.composite
def states(draw, decades=2.0, dimension=2):
    """Gas of any density and temperature within these decades, moving at Mach numbers up to 4 per axis."""
    density = 10.0 ** draw(st.floats(-decades, decades))
    temperature = 10.0 ** draw(st.floats(-1.0, 1.0))
    velocity = tuple(draw(machs) * sqrt(temperature) for _ in range(dimension))
    return Primitive(density, velocity, density * temperature)


def direction(angle: float) -> tuple[float, float]:
    return cos(angle), sin(angle)


def numbers(flux: Conserved) -> np.ndarray:
    return np.array([flux.density, *flux.momentum, flux.energy])


def scale(gas: Gas, *sides: Primitive) -> np.ndarray:
    """The largest flux of mass, momentum and energy that the states on the two sides could carry."""
    density = max(side.density for side in sides)
    fastest = max(hypot(*side.velocity) + sqrt(gas.gamma * side.pressure / side.density) for side in sides)
    momentum = density * fastest**2
    dimension = len(sides[0].velocity)
    energy = momentum * fastest / (gas.gamma - 1.0)
    return np.array([density * fastest, *dimension * [momentum], energy])


def assert_equal(found: np.ndarray, expected: np.ndarray, size: np.ndarray) -> None:
    assert np.all(np.abs(found - expected) <= ROUNDING * size), (found, expected)


def roe_speeds(left: Primitive, right: Primitive, normal, gas: Gas) -> tuple[float, float]:
    """Speed and sound speed of the Roe average, by total enthalpy (Toro 2009, equation 11.60)."""

    def enthalpy(side: Primitive) -> float:
        internal = gas.gamma / (gas.gamma - 1.0) * side.pressure / side.density
        return internal + 0.5 * float(np.dot(side.velocity, side.velocity))

    a, b = sqrt(left.density), sqrt(right.density)
    velocity = (a * np.array(left.velocity) + b * np.array(right.velocity)) / (a + b)
    total = (a * enthalpy(left) + b * enthalpy(right)) / (a + b)
    square = (gas.gamma - 1.0) * (total - 0.5 * float(velocity @ velocity))
    return float(velocity @ np.array(normal)), sqrt(max(square, 0.0))


def fastest_wave(left: Primitive, right: Primitive, normal, gas: Gas) -> float:
    speed, sound = roe_speeds(left, right, normal, gas)
    own = [
        abs(float(np.dot(side.velocity, normal))) + sqrt(gas.gamma * side.pressure / side.density)
        for side in (left, right)
    ]
    return max(*own, abs(speed) + sound)


@pytest.mark.parametrize("flux", FLUXES)
@settings(deadline=None)
@given(state=states(), angle=angles, gamma=gammas)
def test_consistency(flux, state, angle, gamma):
    gas, normal = Gas(gamma), direction(angle)
    found = numbers(numerical_flux(flux, state, state, normal, gas))
    assert_equal(found, numbers(flux_euler(state, normal, gas)), scale(gas, state))


@settings(deadline=None)
@given(state=states(), angle=angles, gamma=gammas)
def test_euler_flux_by_its_definition(state, angle, gamma):
    n = np.array(direction(angle))
    velocity = np.array(state.velocity)
    energy = state.pressure / (gamma - 1.0) + 0.5 * state.density * velocity @ velocity
    speed = velocity @ n
    expected = [
        state.density * speed,
        *(state.density * speed * velocity + state.pressure * n),
        speed * (energy + state.pressure),
    ]
    found = numbers(flux_euler(state, direction(angle), Gas(gamma)))
    assert_equal(found, np.array(expected), scale(Gas(gamma), state))


@pytest.mark.parametrize("flux", FLUXES)
@settings(deadline=None)
@given(left=states(), right=states(), angle=angles, gamma=gammas)
def test_what_leaves_one_side_enters_the_other(flux, left, right, angle, gamma):
    gas, (nx, ny) = Gas(gamma), direction(angle)
    there = numbers(numerical_flux(flux, left, right, (nx, ny), gas))
    back = numbers(numerical_flux(flux, right, left, (-nx, -ny), gas))
    assert_equal(there, -back, scale(gas, left, right))


@pytest.mark.parametrize("flux", FLUXES)
@settings(deadline=None)
@given(
    left=states(dimension=3),
    right=states(dimension=3),
    seed=st.integers(0, 2**32 - 1),
    mirror=st.booleans(),
)
def test_rotation_and_mirror(flux, left, right, seed, mirror):
    gas = Gas(1.4)
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    if mirror:
        turn[:, 0] *= -1.0

    def turned(side: Primitive) -> Primitive:
        return Primitive(side.density, tuple((turn @ side.velocity).tolist()), side.pressure)

    normal = (0.6, 0.0, 0.8)
    there = numbers(numerical_flux(flux, left, right, normal, gas))
    expected = np.array([there[0], *(turn @ there[1:4]), there[4]])
    turned_normal = tuple((turn @ np.array(normal)).tolist())
    found = numbers(numerical_flux(flux, turned(left), turned(right), turned_normal, gas))
    assert_equal(found, expected, scale(gas, left, right))


@pytest.mark.parametrize("flux", FLUXES)
@settings(deadline=None)
@given(left=states(), right=states(), angle=angles, gamma=gammas)
def test_the_plane_in_space(flux, left, right, angle, gamma):
    gas, normal = Gas(gamma), direction(angle)
    plane = numbers(numerical_flux(flux, left, right, normal, gas))

    def lifted(side: Primitive) -> Primitive:
        return Primitive(side.density, (*side.velocity, 0.0), side.pressure)

    space = numbers(numerical_flux(flux, lifted(left), lifted(right), (*normal, 0.0), gas))
    assert space[3] == 0.0
    assert_equal(np.delete(space, 3), plane, scale(gas, left, right))


@pytest.mark.parametrize("flux", FLUXES)
@settings(deadline=None)
@given(left=states(), right=states(), angle=angles, slip=machs, gamma=gammas)
def test_an_observer_moving_along_the_face(flux, left, right, angle, slip, gamma):
    """Mass flux is the same; momentum gains w times it; energy w . momentum + w^2/2 times it."""
    gas, normal = Gas(gamma), direction(angle)
    w = slip * np.array([-normal[1], normal[0]])

    def boosted(side: Primitive) -> Primitive:
        return Primitive(side.density, tuple((np.array(side.velocity) + w).tolist()), side.pressure)

    still = numbers(numerical_flux(flux, left, right, normal, gas))
    moved = numbers(numerical_flux(flux, boosted(left), boosted(right), normal, gas))
    momentum = still[1:3] + w * still[0]
    energy = still[3] + w @ still[1:3] + 0.5 * w @ w * still[0]
    size = scale(gas, left, right, boosted(left), boosted(right))
    assert_equal(moved, np.array([still[0], *momentum, energy]), size)


@pytest.mark.parametrize("flux", KNOWS_WAVE_SPEEDS)
@settings(deadline=None)
@given(left=states(), right=states(), mach=st.floats(1.001, 5.0), angle=angles, gamma=gammas)
def test_supersonic_flow_is_upwind(flux, left, right, mach, angle, gamma):
    """All waves run the same way: the left gas is supersonic, and so is the Roe average."""
    gas, normal = Gas(gamma), direction(angle)
    speed, sound = roe_speeds(left, right, normal, gas)
    own = mach * sqrt(gamma * left.pressure / left.density) - float(np.dot(left.velocity, normal))
    boost = max(own, 1.001 * sound - speed)

    def boosted(side: Primitive) -> Primitive:
        velocity = np.array(side.velocity) + boost * np.array(normal)
        return Primitive(side.density, tuple(velocity.tolist()), side.pressure)

    left, right = boosted(left), boosted(right)
    found = numbers(numerical_flux(flux, left, right, normal, gas))
    assert_equal(found, numbers(flux_euler(left, normal, gas)), scale(gas, left, right))


@pytest.mark.parametrize("flux", RESOLVES_CONTACTS)
@pytest.mark.parametrize("normal", [(1.0, 0.0), (0.0, -1.0)])
@settings(deadline=None)
@given(left=states(decades=5.0), right=states(decades=5.0), gamma=gammas)
def test_contact_at_rest_is_exact(flux, normal, left, right, gamma):
    along = (normal[1], normal[0])
    sides = [
        Primitive(side.density, (side.velocity[0] * along[0], side.velocity[0] * along[1]), 2.0)
        for side in (left, right)
    ]
    found = numerical_flux(flux, *sides, normal, Gas(gamma))
    expected = np.array([0.0, 2.0 * normal[0], 2.0 * normal[1], 0.0])
    assert np.all(np.abs(numbers(found) - expected) <= 1e-15 * scale(Gas(gamma), *sides))


@pytest.mark.parametrize("flux", RESOLVES_CONTACTS)
@settings(deadline=None)
@given(left=states(), right=states(), speed=machs, angle=angles, gamma=gammas)
def test_moving_contact_is_exact(flux, left, right, speed, angle, gamma):
    """Equal pressures and normal speeds: the flux is that of the side the gas comes from."""
    gas, normal = Gas(gamma), direction(angle)
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
    found = numbers(numerical_flux(flux, *sides, normal, gas))
    assert_equal(found, numbers(flux_euler(upwind, normal, gas)), scale(gas, *sides))


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
@settings(deadline=None)
@given(ahead=states(), strength=st.floats(1.01, 20.0), gamma=gammas)
def test_isolated_shock_is_exact(flux, ahead, strength, gamma):
    """Both sides of one shock: the flux is that of the side the shock leaves at the face."""
    gas, normal = Gas(gamma), (1.0, 0.0)
    behind = behind_shock(ahead, strength, gamma)
    shock = ahead.velocity[0] - strength * sqrt(gamma * ahead.pressure / ahead.density)
    at_face = ahead if shock > 0.0 else behind
    found = numbers(numerical_flux(flux, ahead, behind, normal, gas))
    assert_equal(found, numbers(flux_euler(at_face, normal, gas)), scale(gas, ahead, behind))


@pytest.mark.parametrize("flux", FLUXES)
def test_standing_shock(flux):
    """Gas at Mach 2 before a standing shock: exact with the two-wave fluxes, smeared with Rusanov's."""
    ahead = Primitive(1.0, (2.0 * sqrt(1.4), 0.0), 1.0)
    behind = behind_shock(ahead, 2.0, 1.4)
    assert behind.pressure == pytest.approx(4.5, rel=1e-14)  # NACA 1135, table II
    found = numbers(numerical_flux(flux, ahead, behind, (1.0, 0.0), Gas(1.4)))
    exact = numbers(flux_euler(ahead, (1.0, 0.0), Gas(1.4)))
    error = np.abs(found - exact).max() / exact.max()
    assert error < 1e-14 if flux in KNOWS_WAVE_SPEEDS else 0.1 < error < 2.0


@settings(deadline=None)
@given(left=states(), right=states(), gamma=gammas)
def test_mass_flux_near_the_exact_one(left, right, gamma):
    """Where the exact solution of the Riemann problem is close to rest or one wave, all fluxes come close."""
    gas = Gas(gamma)
    near = Primitive(
        left.density * (1.0 + 1e-6 * right.velocity[0]),
        (left.velocity[0] + 1e-6 * right.velocity[1], left.velocity[1]),
        left.pressure * (1.0 + 1e-6 * right.velocity[0]),
    )
    a, b = (riemann.State(side.density, side.velocity[0], side.pressure) for side in (left, near))
    exact = riemann.sample(a, b, gamma, np.zeros(1))
    for flux in FLUXES:
        found = numerical_flux(flux, left, near, (1.0, 0.0), gas).density
        mass = float(exact.density[0] * exact.velocity[0])
        assert abs(found - mass) <= 2e-5 * scale(gas, left, near)[0]


@st.composite
def nearly_vacuum(draw):
    """Gas at Mach numbers up to 10 whose density may be ten orders below that of its neighbors."""
    density = 10.0 ** draw(st.floats(-10.0, 0.0))
    temperature = 10.0 ** draw(st.floats(-2.0, 1.0))
    sound = sqrt(1.4 * temperature)
    velocity = (draw(st.floats(-10.0, 10.0)) * sound, draw(st.floats(-3.0, 3.0)) * sound)
    return Primitive(density, velocity, density * temperature)


@pytest.mark.parametrize("flux", FLUXES)
@settings(deadline=None, max_examples=300)
@given(before=nearly_vacuum(), here=nearly_vacuum(), after=nearly_vacuum())
def test_one_step_near_vacuum_keeps_density_and_pressure_positive(flux, before, here, after):
    gas, normal = Gas(1.4), (1.0, 0.0)
    inflow = numbers(numerical_flux(flux, before, here, normal, gas))
    outflow = numbers(numerical_flux(flux, here, after, normal, gas))
    assert np.isfinite(inflow).all()
    assert np.isfinite(outflow).all()
    fastest = max(fastest_wave(before, here, normal, gas), fastest_wave(here, after, normal, gas))
    velocity = np.array(here.velocity)
    energy = here.pressure / 0.4 + 0.5 * here.density * velocity @ velocity
    old = np.array([here.density, *(here.density * velocity), energy])
    new = old - 0.5 / fastest * (outflow - inflow)
    assert new[0] > 0.0
    internal = new[3] - 0.5 * (new[1] ** 2 + new[2] ** 2) / new[0]
    assert internal > -1e-14 * new[3]


@pytest.mark.parametrize("flux", FLUXES)
@settings(deadline=None)
@given(gas_side=nearly_vacuum(), thin=st.floats(1e-12, 1e-8), swap=st.booleans())
def test_next_to_nothing_the_flux_is_finite_and_bounded(flux, gas_side, thin, swap):
    nothing = Primitive(thin * gas_side.density, (0.0, 0.0), thin * gas_side.pressure)
    sides = (nothing, gas_side) if swap else (gas_side, nothing)
    found = numbers(numerical_flux(flux, *sides, (1.0, 0.0), Gas(1.4)))
    assert np.isfinite(found).all()
    assert np.all(np.abs(found) <= 2.0 * scale(Gas(1.4), gas_side, nothing))
