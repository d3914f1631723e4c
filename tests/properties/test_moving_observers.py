"""Fluxes in the frames of observers who move relative to the gas.

For an observer who moves along the face, the same waves cross it. One who moves across it observes
another ray x/t = s of the fan of waves, with the flux F - s U. Between two rays this flux changes by an
average of the states between them. The change must therefore have positive density and pressure.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import brentq
from strategies import (
    ROUNDING,
    angles,
    assert_equal,
    boosted,
    conserved_state,
    direction,
    exact_flux,
    examples,
    fastest_wave,
    gammas,
    largest_flux,
    machs,
    numerical_flux,
    states,
)

from breachflow.physics.fluxes import NumericalFlux

FLUXES = list(NumericalFlux)
FANS = [flux for flux in FLUXES if flux != NumericalFlux.RUSANOV]
"""Fluxes whose waves are the same for every observer; Rusanov's largest speed depends on the observer."""
RESOLVES_CONTACTS = [flux for flux in FANS if flux != NumericalFlux.HLLE]

X = np.array([1.0, 0.0])


def as_seen_with(kick: np.ndarray, flux: np.ndarray) -> np.ndarray:
    """The flux through the same face in a frame in which all velocities are larger by `kick`."""
    mass, momentum, energy = flux[0], flux[1:3], flux[3]
    work = kick @ momentum + 0.5 * kick @ kick * mass
    return np.array([mass, *(momentum + kick * mass), energy + work])


def along_ray(flux, left, right, speed: float, gamma: float) -> np.ndarray:
    """F - s U at x/t = s: the flux per unit of area through a face that moves at this speed."""
    kick = -speed * X
    found = numerical_flux(flux, boosted(left, kick), boosted(right, kick), (1.0, 0.0), gamma)
    return as_seen_with(-kick, found)


@pytest.mark.parametrize("flux", FLUXES)
@examples
@given(left=states(), right=states(), angle=angles, slip=machs, gamma=gammas)
def test_an_observer_moving_along_the_face(flux, left, right, angle, slip, gamma):
    """The mass flux is equal; that of momentum gains w times it, of energy w . momentum + w^2/2 times it."""
    normal = direction(angle)
    kick = slip * np.array([-normal[1], normal[0]])
    still = numerical_flux(flux, left, right, normal, gamma)
    sides = boosted(left, kick), boosted(right, kick)
    moved = numerical_flux(flux, *sides, normal, gamma)
    assert_equal(moved, as_seen_with(kick, still), largest_flux(gamma, left, right, *sides))


@pytest.mark.parametrize("flux", FANS)
@examples
@given(left=states(), right=states(), rays=st.tuples(machs, machs), gamma=gammas)
def test_between_two_rays_there_is_gas(flux, left, right, rays, gamma):
    slow, fast = sorted(rays)
    assume(fast - slow > 1e-3)
    change = along_ray(flux, left, right, slow, gamma) - along_ray(flux, left, right, fast, gamma)
    density, mx, my, energy = change / (fast - slow)
    rounding = ROUNDING * largest_flux(gamma, *(boosted(side, 4.0 * X) for side in (left, right)))
    assert density > -rounding[0] / (fast - slow)
    internal = energy - 0.5 * (mx**2 + my**2) / density
    assert internal > -10.0 * rounding[3] / (fast - slow)


@pytest.mark.parametrize("flux", FANS)
@examples
@given(left=states(), right=states(), gamma=gammas)
def test_the_whole_fan_conserves(flux, left, right, gamma):
    """On rays ahead of all waves and behind them, the states are the two given ones."""
    fastest = 1.001 * fastest_wave(left, right, (1.0, 0.0), gamma)
    size = 10.0 * largest_flux(gamma, left, right)
    for side, ray in ((left, -fastest), (right, fastest)):
        expected = exact_flux(side, (1.0, 0.0), gamma) - ray * conserved_state(side, gamma)
        assert_equal(along_ray(flux, left, right, ray, gamma), expected, size)


@pytest.mark.parametrize("flux", FLUXES)
@examples
@given(left=states(), right=states(), kick=st.floats(0.0, 4.0), gamma=gammas)
def test_more_mass_passes_where_everything_moves_faster(flux, left, right, kick, gamma):
    sides = boosted(left, kick * X), boosted(right, kick * X)
    here = numerical_flux(flux, left, right, (1.0, 0.0), gamma)[0]
    there = numerical_flux(flux, *sides, (1.0, 0.0), gamma)[0]
    assert there - here >= -ROUNDING * largest_flux(gamma, *sides)[0]


@pytest.mark.parametrize("flux", RESOLVES_CONTACTS)
@examples
@given(left=states(), right=states(), gamma=gammas)
def test_nothing_passes_an_observer_who_moves_with_the_contact(flux, left, right, gamma):
    """Without a mass flux there is no flux of energy and none of momentum along the face."""

    def mass_past(ray: float) -> float:
        return float(along_ray(flux, left, right, ray, gamma)[0])

    fastest = 1.001 * fastest_wave(left, right, (1.0, 0.0), gamma)
    contact = brentq(mass_past, -fastest, fastest, xtol=1e-15, rtol=1e-14)
    sides = boosted(left, -contact * X), boosted(right, -contact * X)
    found = numerical_flux(flux, *sides, (1.0, 0.0), gamma)
    assert_equal(found[[0, 2, 3]], np.zeros(3), 10.0 * largest_flux(gamma, *sides)[[0, 2, 3]])
