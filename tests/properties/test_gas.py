"""Conversion of states between sets of variables, over all states that occur in runs."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import (
    LARGEST_GAMMA,
    SMALLEST_GAMMA,
    conserved_of,
    conserved_state,
    examples,
    gammas,
    numbers,
    powers,
    primitive_of,
)

from breachflow.constants import GAS_CONSTANT, SPECIES
from breachflow.physics.gas import Conserved, Primitive

densities = powers(-15.0, 15.0)
temperatures = powers(-8.0, 8.0)
machs = st.floats(-100.0, 100.0)


def at_mach(density, temperature, machs, gamma) -> Primitive:
    sound = sqrt(gamma * temperature)
    return Primitive(density, tuple(sound * mach for mach in machs), density * temperature)


@examples
@given(density=densities, temperature=temperatures, machs=st.tuples(machs, machs), gamma=gammas)
def test_conserved_by_its_definition(density, temperature, machs, gamma):
    state = at_mach(density, temperature, machs, gamma)
    assert numbers(conserved_of(state, gamma)) == pytest.approx(conserved_state(state, gamma), rel=1e-14)


@pytest.mark.parametrize("dimension", [2, 3])
@examples
@given(density=densities, temperature=temperatures, machs=st.tuples(machs, machs, machs), gamma=gammas)
def test_there_and_back(dimension, density, temperature, machs, gamma):
    """The rounding error of the pressure grows with the ratio of kinetic to internal energy."""
    state = at_mach(density, temperature, machs[:dimension], gamma)
    back = primitive_of(conserved_of(state, gamma), gamma)
    assert back.density == state.density
    assert back.velocity == pytest.approx(state.velocity, rel=1e-15)
    kinetic = 0.5 * density * float(np.dot(state.velocity, state.velocity))
    rounding = 1e-15 * (1.0 + (gamma - 1.0) * kinetic / state.pressure)
    assert back.pressure == pytest.approx(state.pressure, rel=rounding)


@examples
@given(
    density=densities,
    momentum=st.tuples(powers(-5.0, 5.0), powers(-5.0, 5.0)),
    share=powers(-6.0, 6.0),
    gamma=gammas,
)
def test_back_and_there(density, momentum, share, gamma):
    """Internal over kinetic energy, at which their sum keeps enough digits."""
    kinetic = 0.5 * float(np.dot(momentum, momentum)) / density
    state = Conserved(density, momentum, kinetic * (1.0 + share))
    again = conserved_of(primitive_of(state, gamma), gamma)
    assert numbers(again) == pytest.approx(numbers(state), rel=2e-15)


@pytest.mark.parametrize("species", SPECIES.values(), ids=SPECIES)
def test_every_gas_is_within_what_the_properties_cover(species):
    assert SMALLEST_GAMMA <= species.heat_capacity_ratio <= LARGEST_GAMMA
    assert species.specific_gas_constant * species.molar_mass == pytest.approx(GAS_CONSTANT, rel=1e-15)
    assert 1e-3 < species.molar_mass < 0.5  # kg/mol: no gas is lighter than hydrogen atoms
