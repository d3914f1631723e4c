"""Friction in the units of the solver: the gas's viscosity law, and slip and temperature jump at walls."""

from __future__ import annotations

from math import pi, sqrt
from typing import Final

from breachflow.case.boundaries import BoundaryTable, Slip, Wall
from breachflow.case.schema import Case
from breachflow.physics.gas import Gas
from breachflow.runs.setup.reference import Reference
from breachflow.theory.gases.friction import friction_law

SLIP: Final = 1.018
"""Viscous slip coefficient of diffuse reflection (Sharipov and Seleznev 1998, J. Phys. Chem. Ref. Data 27).

Maxwell's own value, sqrt(pi)/2 = 0.886, is 15 % less.
"""

JUMP_OVER_SMOLUCHOWSKI: Final = 1.174
"""Kinetic coefficient of the temperature jump of a monatomic gas, 1.95 (same source), over Smoluchowski's."""


def solver_gas(case: Case, reference: Reference) -> Gas:
    """The gas of a case in units of its reference; without viscosity where the flow is inviscid."""
    gamma = case.species.heat_capacity_ratio
    law = friction_law(case.species, reference.temperature) if case.flow.is_viscous else None
    if law is None:
        return Gas(gamma)
    scale = reference.density * reference.velocity * reference.length
    return Gas(gamma, law.viscosity / scale, law.exponent, law.sutherland, law.prandtl)


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
