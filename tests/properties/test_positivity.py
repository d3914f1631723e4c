"""Fluxes near a vacuum: density and pressure stay positive and finite in a step."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import (
    angles,
    conserved_state,
    direction,
    examples,
    fastest_wave,
    gammas,
    largest_flux,
    machs,
    numerical_flux,
    powers,
    states,
)

from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Primitive

FLUXES = list(NumericalFlux)
SAFE = 0.5
"""CFL number at which the waves of a face reach only its half of the cell."""


@st.composite
def nearly_vacuum(draw, highest_mach=10.0):
    """Densities over twelve decades and temperatures over four: pressures over sixteen."""
    density = draw(powers(-12.0, 0.0))
    temperature = draw(powers(-3.0, 1.0))
    sound = sqrt(temperature)
    velocity = (draw(st.floats(-highest_mach, highest_mach)) * sound, draw(machs) * sound)
    return Primitive(density, velocity, density * temperature)


def stepped(flux, before, here, after, gamma: float) -> tuple[np.ndarray, np.ndarray]:
    """State of a cell after one step of forward Euler at the safe CFL number, and its rounding error."""
    normal = (1.0, 0.0)
    fastest = max(fastest_wave(*sides, normal, gamma) for sides in ((before, here), (here, after)))
    inflow = numerical_flux(flux, before, here, normal, gamma)
    outflow = numerical_flux(flux, here, after, normal, gamma)
    new = conserved_state(here, gamma) - SAFE / fastest * (outflow - inflow)
    size = conserved_state(here, gamma) + SAFE / fastest * (np.abs(outflow) + np.abs(inflow))
    return new, size


def internal_energy(state: np.ndarray) -> float:
    return float(state[3] - 0.5 * (state[1] ** 2 + state[2] ** 2) / state[0])


def entropy(state: np.ndarray, gamma: float) -> float:
    """ln(p/rho^gamma), up to a constant."""
    return log(internal_energy(state)) - gamma * log(state[0])


@pytest.mark.parametrize("flux", FLUXES)
@settings(examples, max_examples=60)
@given(before=nearly_vacuum(), here=nearly_vacuum(), after=nearly_vacuum(), gamma=gammas)
def test_one_step_near_vacuum_keeps_density_and_pressure_positive(flux, before, here, after, gamma):
    new, size = stepped(flux, before, here, after, gamma)
    assert new[0] > 0.0
    assert internal_energy(new) > -1e-14 * size[3]


@pytest.mark.parametrize("flux", FLUXES)
@examples
@given(here=nearly_vacuum(0.5), apart=st.floats(0.0, 100.0), gamma=gammas)
def test_gas_torn_apart_stays_positive(flux, here, apart, gamma):
    """The same gas recedes on both sides with speeds that leave a vacuum between (Einfeldt et al. 1991)."""
    speed = apart * sqrt(gamma * here.pressure / here.density)
    left = Primitive(here.density, (-speed, 0.0), here.pressure)
    right = Primitive(here.density, (speed, 0.0), here.pressure)
    still = Primitive(here.density, (0.0, 0.0), here.pressure)
    for sides in ((left, still, right), (left, left, right), (left, right, right)):
        new, size = stepped(flux, *sides, gamma)
        assert new[0] > 0.0
        assert internal_energy(new) > -1e-14 * size[3]


@pytest.mark.parametrize("flux", FLUXES)
@examples
@given(pressure=powers(-10.0, 10.0), density=powers(-10.0, 10.0), gamma=gammas, swap=st.booleans())
def test_a_jump_of_ten_decades_keeps_its_two_cells_positive(flux, pressure, density, gamma, swap):
    here, there = Primitive(1.0, (0.0, 0.0), 1.0), Primitive(density, (0.0, 0.0), pressure)
    left, right = (there, here) if swap else (here, there)
    for sides in ((left, left, right), (left, right, right)):
        new, size = stepped(flux, *sides, gamma)
        assert new[0] > 0.0
        assert internal_energy(new) > -1e-14 * size[3]


@pytest.mark.parametrize("flux", FLUXES)
@settings(examples, max_examples=40)
@given(before=states(), here=states(), after=states(), gamma=gammas)
def test_entropy_does_not_fall_below_the_least_around(flux, before, here, after, gamma):
    """The minimum principle of specific entropy (Tadmor 1986, Appl. Numer. Math. 2), to first order."""
    new, size = stepped(flux, before, here, after, gamma)
    least = min(entropy(conserved_state(side, gamma), gamma) for side in (before, here, after))
    rounding = 1e-13 * (size[3] / internal_energy(new) + size[0] / new[0])
    assert entropy(new, gamma) >= least - rounding


@pytest.mark.parametrize("flux", FLUXES)
@examples
@given(gas_side=nearly_vacuum(), thin=powers(-12.0, -8.0), swap=st.booleans(), angle=angles, gamma=gammas)
def test_next_to_nothing_the_flux_is_finite_and_bounded(flux, gas_side, thin, swap, angle, gamma):
    nothing = Primitive(thin * gas_side.density, (0.0, 0.0), thin * gas_side.pressure)
    sides = (nothing, gas_side) if swap else (gas_side, nothing)
    found = numerical_flux(flux, *sides, direction(angle), gamma)
    assert np.isfinite(found).all()
    assert np.all(np.abs(found) <= 2.0 * largest_flux(gamma, gas_side, nothing))


@pytest.mark.parametrize("flux", FLUXES)
@settings(examples, max_examples=60)
@given(
    densities=st.tuples(powers(-30.0, 30.0), powers(-30.0, 30.0)),
    temperatures=st.tuples(powers(-10.0, 10.0), powers(-10.0, 10.0)),
    speeds=st.tuples(*4 * [st.floats(-1e5, 1e5)]),
    angle=angles,
    gamma=st.one_of(gammas, st.floats(1.0001, 1.05)),
)
def test_never_inf_or_nan(flux, densities, temperatures, speeds, angle, gamma):
    left = Primitive(densities[0], speeds[:2], densities[0] * temperatures[0])
    right = Primitive(densities[1], speeds[2:], densities[1] * temperatures[1])
    found = numerical_flux(flux, left, right, direction(angle), gamma)
    assert np.isfinite(found).all()
