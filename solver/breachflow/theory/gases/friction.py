"""Friction of a gas as the solver and the rules of similarity take it: viscosity law and Prandtl number."""

from __future__ import annotations

from math import log
from typing import Final, NamedTuple

from breachflow.constants import Species, Viscosity, ViscosityLaw
from breachflow.errors import OutOfRange
from breachflow.theory.gases.viscosity import viscosity, viscosity_range


class FrictionLaw(NamedTuple):
    """Viscosity mu(T0) t^exponent (1 + S)/(t + S) of t = T/T0, and the Prandtl number."""

    viscosity: float
    """mu(T0), Pa s."""
    exponent: float
    sutherland: float
    """S."""
    prandtl: float


def friction_law(gas: Species, temperature: float) -> FrictionLaw | None:
    """Friction of a gas whose cabin has a temperature T0, K; None where its viscosity is not known there."""
    gamma = gas.heat_capacity_ratio
    if gas.viscosity is None:
        return None
    try:
        warm = viscosity(gas.viscosity, temperature)
    except OutOfRange:
        return None
    shape = viscosity_shape(gas.viscosity, temperature, 2.0 / (gamma + 1.0))
    return FrictionLaw(warm, shape.exponent, shape.sutherland, gas.prandtl or eucken_number(gamma))


WARMER: Final = 1.02
"""Temperature over the cabin's at which a law is met that holds no lower than there."""


class ViscosityShape(NamedTuple):
    """mu/mu_0 = t^exponent (1 + S)/(t + S) of the temperature t over the reference's."""

    exponent: float
    sutherland: float
    """S."""


def viscosity_shape(law: Viscosity, temperature: float, sonic: float) -> ViscosityShape:
    """The solver's form of a law of viscosity about a temperature, K.

    Sutherland's law and power laws are taken as they are. Any other law is met at the temperature and at
    `sonic` times it, the sonic temperature: the friction that acts on a hole lies between. Where the law does
    not reach so far down, its slope at the temperature decides. Published: air has
    a Sutherland constant of 110.4 K (US Standard Atmosphere 1976), 0.377 at 293.15 K.

    >>> from breachflow.constants import SPECIES
    >>> shape = viscosity_shape(SPECIES["air"].viscosity, 293.15, 1.0 / 1.2)
    >>> shape.exponent, round(shape.sutherland, 3)
    (1.5, 0.382)
    """
    if isinstance(law, ViscosityLaw) and law.second_constant == 0.0 and law.constant == 0.0:
        return ViscosityShape(law.exponent + 1.0, 0.0)
    if isinstance(law, ViscosityLaw) and law.second_constant == 0.0 and law.exponent == 0.5:
        return ViscosityShape(1.5, law.constant / temperature)
    other = sonic if sonic * temperature >= viscosity_range(law)[0] else WARMER
    change = viscosity(law, other * temperature) / viscosity(law, temperature)
    constant = (other**1.5 - change * other) / (change - other**1.5)
    if constant >= 0.0:
        return ViscosityShape(1.5, constant)
    return ViscosityShape(log(change) / log(other) + 1.0, 0.0)


def eucken_number(gamma: float) -> float:
    """Eucken's estimate of the Prandtl number, 4 gamma/(9 gamma - 5); 2/3 of a monatomic gas.

    Chapman and Cowling 1970, section 13.31; for the gases of the table it is up to 7 % off.
    """
    return 4.0 * gamma / (9.0 * gamma - 5.0)
