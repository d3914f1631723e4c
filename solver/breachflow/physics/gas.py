"""The calorically perfect gas, and the records of its states and fluxes."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from breachflow.compiled import pointwise
from breachflow.vectors import Vector, combine, dot


class Gas(NamedTuple):
    """A calorically perfect gas in units of a reference state, in which p = density * temperature.

    Its viscosity at temperature T is viscosity * T^exponent (1 + S)/(T + S): Sutherland's law with exponent
    1.5, a power law T^(exponent - 1) with S = 0.
    """

    gamma: float
    viscosity: float = 0.0
    """Viscosity at temperature 1; 0 where the flow is inviscid."""
    exponent: float = 1.5
    sutherland: float = 0.0
    """Sutherland's constant S."""
    prandtl: float = 1.0


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
def temperature_of(state: Primitive) -> float:
    """T = p/rho."""
    return state.pressure / state.density


@pointwise
def viscosity_at(temperature: float, gas: Gas) -> float:
    """Dynamic viscosity at a temperature (Sutherland 1893, or a power law)."""
    power = temperature * sqrt(temperature) if gas.exponent == 1.5 else temperature**gas.exponent
    return gas.viscosity * power * (1.0 + gas.sutherland) / (temperature + gas.sutherland)


@pointwise
def conductivity_of(viscosity: float, gas: Gas) -> float:
    """Thermal conductivity k = mu c_p/Pr, with c_p = gamma/(gamma - 1) in units of the gas constant."""
    return viscosity * (gas.gamma / ((gas.gamma - 1.0) * gas.prandtl))


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
