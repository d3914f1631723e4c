"""Mean free path, Knudsen and Reynolds numbers, flow regimes, and rarefied flow through thin holes.

Lengths in m, pressures in Pa, temperatures in K. R is the specific gas constant, J/(kg K).
"""

from __future__ import annotations

import math
from enum import Enum
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_positive

THIN_HOLE_RANGE: Final = (0.0, 2000.0)
"""Rarefaction parameter over which the fit for thin holes was compared with simulations."""


class Regime(Enum):
    """Flow regimes by Knudsen number (mean free path in the ideal throat over diameter).

    Limits 0.01, 0.1 and 10: Schaaf and Chambré, "Flow of Rarefied Gases", 1961.
    """

    CONTINUUM = ("continuum", 0.01, True, "The inviscid continuum result can be trusted for a thin wall.")
    SLIP = (
        "slip",
        0.1,
        False,
        "Gas slips at the wall and friction matters: the inviscid result is only a rough guide.",
    )
    TRANSITIONAL = (
        "transitional",
        10.0,
        False,
        "Molecules cross the hole with few collisions: do not trust the inviscid continuum result.",
    )
    FREE_MOLECULAR = (
        "free-molecular",
        math.inf,
        False,
        "Molecules cross the hole without colliding: the inviscid continuum result does not apply.",
    )

    def __init__(self, label: str, largest_knudsen: float, inviscid_holds: bool, sentence: str) -> None:
        self.label = label
        self.largest_knudsen = largest_knudsen
        self.inviscid_holds = inviscid_holds
        self.sentence = sentence

    def __str__(self) -> str:
        """The label."""
        return self.label


def mean_free_path(
    viscosity: float, pressure: float, temperature: float, specific_gas_constant: float
) -> float:
    """lambda = (mu/p) sqrt(pi R T/2), m: the viscosity-based path (Sharipov and Seleznev 1998).

    Raises OutOfRange unless all values are positive. Published: dry air at 1 atm, 25 C, 66.35 nm (Jennings
    1988, J. Aerosol Sci. 19, 159); with today's viscosity this definition gives 0.6 % more.

    >>> round(mean_free_path(1.8443e-5, 101325.0, 298.15, 287.05) * 1e9, 1)
    66.7
    """
    _require_gas(viscosity, pressure, temperature, specific_gas_constant)
    return viscosity / pressure * math.sqrt(0.5 * math.pi * specific_gas_constant * temperature)


def knudsen_number(path: float, diameter: float) -> float:
    """Kn = lambda/d, dimensionless, with the diameter of the hole or width of the slit, m, not the radius.

    Raises OutOfRange unless the diameter is positive.

    >>> knudsen_number(6.5e-8, 1e-6)
    0.065
    """
    require_positive("diameter", diameter)
    return path / diameter


def reynolds_number(mass_flux: float, diameter: float, viscosity: float) -> float:
    """Re = (mdot/A) d/mu, dimensionless; mass flux in kg/(m2 s), diameter in m, viscosity in Pa s.

    Raises OutOfRange unless the viscosity is positive.

    >>> round(reynolds_number(239.17, 2e-3, 1.57e-5))
    30468
    """
    require_positive("viscosity", viscosity)
    return mass_flux * diameter / viscosity


def regime(knudsen: float) -> Regime:
    """The regime of a Knudsen number based on the diameter; raises OutOfRange unless Kn >= 0.

    >>> [str(regime(value)) for value in (1e-4, 0.065, 1.0, 50.0)]
    ['continuum', 'slip', 'transitional', 'free-molecular']
    """
    if not knudsen >= 0.0:
        raise OutOfRange(f"Knudsen number {knudsen:g} must not be negative")
    return next(candidate for candidate in Regime if knudsen <= candidate.largest_knudsen)


def rarefaction_parameter(
    radius: float, viscosity: float, pressure: float, temperature: float, specific_gas_constant: float
) -> float:
    """delta = p0 R_hole/(mu v0), v0 = sqrt(2 R T0), dimensionless; = sqrt(pi)/4 d/lambda.

    Raises OutOfRange unless all values are positive.

    Worked example: 1 um of radius in air at 1 atm, 295 K has delta = 13.6.

    >>> round(rarefaction_parameter(1e-6, 1.81e-5, 101325.0, 295.0, 287.05), 1)
    13.6
    """
    require_positive("radius", radius)
    _require_gas(viscosity, pressure, temperature, specific_gas_constant)
    return pressure * radius / (viscosity * math.sqrt(2.0 * specific_gas_constant * temperature))


def free_molecular_mass_flow(
    area: float, pressure: float, temperature: float, specific_gas_constant: float
) -> float:
    """Effusion into vacuum, A p0/sqrt(2 pi R T0), kg/s (Knudsen 1909); for Kn >> 1.

    Raises OutOfRange unless all values are positive. A lower bound for any thin hole into vacuum: 0.58263 of
    the ideal choked flow at gamma = 1.4.

    >>> from breachflow.theory.streams.nozzle import choked_mass_flux
    >>> round(free_molecular_mass_flow(1.0, 1.0, 1.0, 1.0) / choked_mass_flux(1.4), 5)
    0.58263
    """
    require_positive("area", area)
    _require_gas(1.0, pressure, temperature, specific_gas_constant)
    return area * pressure / math.sqrt(2.0 * math.pi * specific_gas_constant * temperature)


def thin_hole_flow(delta: float) -> float:
    """W = mdot/mdot_free-molecular of a thin round hole into vacuum, dimensionless; 0 <= delta <= 2000.

    W = 1 + d (0.000555 d^2 + 0.0375 d + 0.1468)/(1.92 * 0.000555 d^3 + 0.06675 d^2 + 0.3722 d + 1),
    a fit to F. Sharipov's simulations (J. Fluid Mech. 518 (2004) 35), hard spheres, gamma = 5/3; it meets
    the published values 1.014, 1.129, 1.463, 1.533, 1.523 at delta = 0.1, 1, 10, 100, 1000 (Varoutis et al.,
    J. Vac. Sci. Technol. A 26 (2008) 228, table 1, 1 %) within 0.1 %. Below delta = 1 it holds for every gas,
    at larger delta for gamma = 5/3: there W tends to C_d G sqrt(2 pi), which is 6 % less at gamma = 1.4.
    Raises OutOfRange for other delta.

    >>> [round(thin_hole_flow(delta), 3) for delta in (0.0, 0.1, 1.0, 10.0, 100.0, 1000.0)]
    [1.0, 1.015, 1.128, 1.463, 1.533, 1.523]
    """
    low, high = THIN_HOLE_RANGE
    if not low <= delta <= high:
        raise OutOfRange(f"the thin-hole fit holds for {low:g} <= delta <= {high:g}, not {delta:g}")
    numerator = (0.000555 * delta + 0.0375) * delta + 0.1468
    denominator = ((1.92 * 0.000555 * delta + 0.06675) * delta + 0.3722) * delta + 1.0
    return 1.0 + delta * numerator / denominator


def thin_hole_flow_of_gas(delta: float, continuum_limit: float) -> float:
    """`thin_hole_flow` for another gamma: its rise above 1, scaled to the gas's own W at large delta.

    continuum_limit = C_d G sqrt(2 pi), dimensionless. This is no published fit but an interpolation between
    two known limits: exact at delta = 0 and, except for the 1 % overshoot of W near delta = 100, at large
    delta. Raises OutOfRange outside the range of `thin_hole_flow`.

    >>> round(thin_hole_flow_of_gas(2000.0, 0.83 * 0.684731 * math.sqrt(2.0 * math.pi)), 3)
    1.425
    """
    require_positive("continuum limit", continuum_limit)
    rise = thin_hole_flow(delta) - 1.0
    return 1.0 + rise * (continuum_limit - 1.0) / (thin_hole_flow(THIN_HOLE_RANGE[1]) - 1.0)


def _require_gas(viscosity: float, pressure: float, temperature: float, specific_gas_constant: float) -> None:
    """Raises OutOfRange unless all values are positive."""
    require_positive("viscosity", viscosity)
    require_positive("pressure", pressure)
    require_positive("temperature", temperature)
    require_positive("specific gas constant", specific_gas_constant)
