"""Friction in the units of the solver: the gas's viscosity law, and slip and temperature jump at walls."""

from __future__ import annotations

from math import log, pi, sqrt
from typing import Final, NamedTuple

from breachflow.case.boundaries import BoundaryTable, Slip, Wall
from breachflow.case.schema import Case
from breachflow.constants import Viscosity, ViscosityLaw
from breachflow.physics.gas import Gas
from breachflow.runs.setup.reference import Reference
from breachflow.theory.gases.viscosity import viscosity, viscosity_range

SLIP: Final = 1.018
"""Viscous slip coefficient of diffuse reflection (Sharipov and Seleznev 1998, J. Phys. Chem. Ref. Data 27).

Maxwell's own value, sqrt(pi)/2 = 0.886, is 15 % less.
"""

JUMP_OVER_SMOLUCHOWSKI: Final = 1.174
"""Kinetic coefficient of the temperature jump of a monatomic gas, 1.95 (same source), over Smoluchowski's."""


def solver_gas(case: Case, reference: Reference) -> Gas:
    """The gas of a case in units of its reference; without viscosity where the flow is inviscid."""
    species = case.species
    gamma = species.heat_capacity_ratio
    if not case.flow.is_viscous:
        return Gas(gamma)
    assert species.viscosity is not None
    warm = viscosity(species.viscosity, reference.temperature)
    scale = reference.density * reference.velocity * reference.length
    law = viscosity_shape(species.viscosity, reference.temperature, 2.0 / (gamma + 1.0))
    return Gas(gamma, warm / scale, law.exponent, law.sutherland, species.prandtl or eucken_number(gamma))


class ViscosityShape(NamedTuple):
    """mu/mu_0 = t^exponent (1 + S)/(t + S) of the temperature t over the reference's."""

    exponent: float
    sutherland: float
    """S."""


def viscosity_shape(law: Viscosity, temperature: float, sonic: float) -> ViscosityShape:
    """The solver's form of a law of viscosity about a temperature, K.

    Sutherland's law and power laws are taken as they are. Any other law is met at the temperature and at
    `sonic` times it, the sonic temperature: the friction that acts on a hole lies between.

    >>> from breachflow.constants import SPECIES
    >>> shape = viscosity_shape(SPECIES["air"].viscosity, 293.15, 1.0 / 1.2)
    >>> shape.exponent, round(shape.sutherland, 3)
    (1.5, 0.371)
    """
    if isinstance(law, ViscosityLaw) and law.second_constant == 0.0 and law.constant == 0.0:
        return ViscosityShape(law.exponent + 1.0, 0.0)
    if isinstance(law, ViscosityLaw) and law.second_constant == 0.0 and law.exponent == 0.5:
        return ViscosityShape(1.5, law.constant / temperature)
    cold = max(sonic, viscosity_range(law)[0] / temperature)
    fall = viscosity(law, cold * temperature) / viscosity(law, temperature)
    constant = (cold**1.5 - fall * cold) / (fall - cold**1.5)
    if constant >= 0.0:
        return ViscosityShape(1.5, constant)
    return ViscosityShape(log(fall) / log(cold) + 1.0, 0.0)


def eucken_number(gamma: float) -> float:
    """Eucken's estimate of the Prandtl number, 4 gamma/(9 gamma - 5); 2/3 of a monatomic gas.

    Chapman and Cowling 1970, section 13.31; for the gases of the table it is up to 7 % off.
    """
    return 4.0 * gamma / (9.0 * gamma - 5.0)


def slip_coefficients(entry: BoundaryTable, gas: Gas) -> tuple[float, float]:
    """Coefficients of slip and of the temperature jump at a wall; 0 and 0 where the gas sticks."""
    if isinstance(entry, Wall):
        momentum, energy = 1.0, 1.0
    elif isinstance(entry, Slip):
        momentum, energy = entry.accommodation, entry.thermal_accommodation
    else:
        return 0.0, 0.0
    smoluchowski = 0.5 * sqrt(pi) * 2.0 * gas.gamma / ((gas.gamma + 1.0) * gas.prandtl)
    jump = JUMP_OVER_SMOLUCHOWSKI * smoluchowski
    return SLIP * (2.0 - momentum) / momentum, jump * (2.0 - energy) / energy
