"""The calorically perfect gas, and the records of its states and fluxes."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from breachflow.compiled import pointwise
from breachflow.vectors import Vector, combine, dot


class Gas(NamedTuple):
    """A calorically perfect gas in units of a reference state, in which p = density * temperature."""

    gamma: float


class Primitive(NamedTuple):
    """State of the gas by density, velocity and pressure."""

    density: float
    velocity: Vector
    pressure: float


class Conserved(NamedTuple):
    """Mass, momentum and total energy: a state (per volume) or a flux (per area and time)."""

    density: float
    momentum: Vector
    energy: float


@pointwise
def conserved_of(state: Primitive, gas: Gas) -> Conserved:
    """Conserved state of a primitive one."""
    kinetic = 0.5 * state.density * dot(state.velocity, state.velocity)
    momentum = combine(state.density, state.velocity, 0.0, state.velocity)
    return Conserved(state.density, momentum, state.pressure / (gas.gamma - 1.0) + kinetic)


@pointwise
def primitive_of(state: Conserved, gas: Gas) -> Primitive:
    """Primitive state of a conserved one."""
    velocity = combine(1.0 / state.density, state.momentum, 0.0, state.momentum)
    kinetic = 0.5 * dot(state.momentum, velocity)
    return Primitive(state.density, velocity, (gas.gamma - 1.0) * (state.energy - kinetic))


@pointwise
def sound_speed(state: Primitive, gas: Gas) -> float:
    """c = sqrt(gamma p/rho)."""
    return sqrt(gas.gamma * state.pressure / state.density)


@pointwise
def total_energy(state: Primitive, gas: Gas) -> float:
    """Internal and kinetic energy per volume."""
    return 1.0 / (gas.gamma - 1.0) * state.pressure + 0.5 * state.density * dot(
        state.velocity, state.velocity
    )
