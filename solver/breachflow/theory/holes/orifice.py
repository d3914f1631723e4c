"""Discharge coefficients of holes from published fits and theories; dimensionless, no numpy.

C_d is the mass flow over the isentropic one through the whole hole at the same pressure ratio
r = p_outside/p0 (choked where r < r*). C_i is the contraction coefficient at constant density.
None of these may judge a flow into vacuum.
"""

from __future__ import annotations

import math
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.theory.coefficient import Coefficient
from breachflow.theory.ranges import require_gamma
from breachflow.theory.roots import bisect
from breachflow.theory.slit.table import tabulated_discharge_coefficient
from breachflow.theory.streams.nozzle import (
    choked_mass_flux,
    critical_pressure_ratio,
    mach_from_pressure_ratio,
    mass_flux,
)

ROUND_INCOMPRESSIBLE: Final = 0.5914
"""C_i of a thin round hole in a large wall, commonly quoted from free-streamline computations."""

PERRY_COEFFICIENTS: Final = (0.8414, -0.1002, 0.8415, -3.9, 4.6001, -1.6827)
PERRY_RANGE: Final = (0.05, 1.0)
"""Range of r. Below 0.05 the fit would be extrapolated."""
PERRY_UNCERTAINTY: Final = 0.02
OTHER_GAS_UNCERTAINTY: Final = 0.03
"""Relative uncertainties of Perry's fit: for air, and for another gas."""
SLIT_UNCERTAINTY: Final = 0.01
"""Relative uncertainty of the exact slit for real edges."""

JOBSON_RANGE: Final = (0.2, 1.0)
"""Range of r of both one-dimensional theories; below 0.2 they depart from the exact slit."""
JOBSON_UNCERTAINTY: Final = 0.012
BRAGG_UNCERTAINTY: Final = 0.018
"""Relative uncertainties: the largest distance from the exact slit in that range, at its lower end, for
1.1 <= gamma <= 5/3."""

C_I_RANGE: Final = (0.5, 1.0)
"""Range of C_i, from Borda's mouthpiece to a full nozzle."""


def perry(pressure_ratio: float) -> float:
    """C_d = 0.8414 - 0.1002 r + 0.8415 r^2 - 3.9 r^3 + 4.6001 r^4 - 1.6827 r^5, air, sharp thin plate, round.

    Fit to the measurements of J. A. Perry, Trans. ASME 71 (1949) 757; 1-2 %. Valid for 0.05 <= r <= 1; raises
    OutOfRange otherwise.

    >>> round(perry(0.5), 4), round(perry(0.528282), 4)
    (0.7491, 0.7374)
    """
    low, high = PERRY_RANGE
    if not low <= pressure_ratio <= high:
        raise OutOfRange(f"Perry's fit is used for {low:g} <= r <= {high:g}, not r = {pressure_ratio:g}")
    return float(sum(c * pressure_ratio**k for k, c in enumerate(PERRY_COEFFICIENTS)))


def jobson(pressure_ratio: float, gamma: float, incompressible: float = ROUND_INCOMPRESSIBLE) -> float:
    """Jobson's C_d (Proc. Inst. Mech. Engrs 169 (1955) 767), with f = 1/C_i - 1/(2 C_i^2):

    r >= r*: C = (1 - sqrt(1 - 4 f r^(2/gamma) (1-r)/phi^2))/(2 f r^(1/gamma));
    r < r*: the root of C ((1+gamma) r* - r) = 1 - r + f C^2 G^2. Valid for 0.2 <= r < 1, 0.5 < C_i <= 1,
    1 < gamma <= 5/3; raises OutOfRange otherwise. Within 0.5 % of the exact slit for r >= 0.3, 1.2 % for
    r >= 0.2. The limit for r -> 1 is C_i, that for C_i -> 1 the full nozzle.

    >>> round(jobson(0.9999999, 1.4, 0.6110155), 5)
    0.61102
    """
    _require_theory(pressure_ratio, gamma, incompressible)
    force = 1.0 / incompressible - 0.5 / incompressible**2
    critical = critical_pressure_ratio(gamma)
    if pressure_ratio >= critical:
        expansion = float(pressure_ratio ** (1.0 / gamma))
        flux = mass_flux(pressure_ratio, gamma)
        root = math.sqrt(1.0 - 4.0 * force * expansion**2 * (1.0 - pressure_ratio) / flux**2)
        return (1.0 - root) / (2.0 * force * expansion)
    square = force * choked_mass_flux(gamma) ** 2
    linear = (1.0 + gamma) * critical - pressure_ratio
    return (linear - math.sqrt(linear**2 - 4.0 * square * (1.0 - pressure_ratio))) / (2.0 * square)


def bragg(pressure_ratio: float, gamma: float, incompressible: float = ROUND_INCOMPRESSIBLE) -> float:
    """Bragg's C_d (J. Mech. Eng. Sci. 2 (1960) 35): the flux along the wall is K mdot/area.

    K = sqrt(2/C_i - 1/C_i^2); m the subsonic Mach number that carries the flux K C phi(r); wall-force defect
    F/(p0 A) = (1 + gamma m^2)(1 + (gamma-1)/2 m^2)^(-gamma/(gamma-1)) - 1; r >= r*:
    C phi^2 r^(-1/gamma) = 1 - r + F/(p0 A); r < r*: C ((1+gamma) r* - r) = 1 - r + F/(p0 A).
    Valid for 0.2 <= r < 1, 0.5 < C_i <= 1, 1 < gamma <= 5/3; raises OutOfRange otherwise. Within 0.3 % of the
    exact slit for r >= 0.5, 1.8 % for r >= 0.2. The slit at r = 0.7, gamma = 1.4 has 0.6789118 (Chaplygin):

    >>> abs(bragg(0.7, 1.4, 0.6110155) / 0.6789118 - 1.0) < 0.001
    True
    """
    _require_theory(pressure_ratio, gamma, incompressible)
    spread = math.sqrt(2.0 / incompressible - 1.0 / incompressible**2)
    critical, flux = critical_pressure_ratio(gamma), mass_flux(pressure_ratio, gamma)
    if pressure_ratio >= critical:
        momentum = float(flux**2 * pressure_ratio ** (-1.0 / gamma))
    else:
        momentum = (1.0 + gamma) * critical - pressure_ratio

    def excess(mach: float) -> float:
        contraction = _subsonic_flux(mach, gamma) / (spread * flux)
        return contraction * momentum - 1.0 + pressure_ratio - _wall_force_defect(mach, gamma)

    # The excess rises up to the Mach number of the jet, the largest that the flow along the wall can have.
    jet = mach_from_pressure_ratio(max(pressure_ratio, critical), gamma)
    return _subsonic_flux(bisect(excess, 0.0, jet), gamma) / (spread * flux)


def perry_of_gas(pressure_ratio: float, gamma: float) -> Coefficient:
    """C_d of a thin, sharp, round hole: Perry's fit (air) times the exact slit's dependence on gamma.

    C_d(r, gamma) = C_d,Perry(r) C_slit(r, gamma)/C_slit(r, 1.4). Valid for 0.05 <= r <= 1 and
    1.05 <= gamma <= 5/3; 2 % at gamma = 1.4, 3 % for other gases.
    Raises OutOfRange outside these ranges.

    >>> round(perry_of_gas(0.5, 1.4).value, 4)
    0.7491
    """
    value = perry(pressure_ratio)
    if abs(gamma - 1.4) < 0.01:
        return Coefficient(value, PERRY_UNCERTAINTY * value)
    slits = [tabulated_discharge_coefficient(pressure_ratio, g) for g in (gamma, 1.4)]
    value *= slits[0] / slits[1]
    return Coefficient(value, OTHER_GAS_UNCERTAINTY * value)


def expected_slit(pressure_ratio: float, gamma: float) -> Coefficient:
    """C_d of a long slit in a thin wall at any r in [0, 1] by the exact inviscid theory, +- 1 %.

    The theory is computed to 2e-5. The 1 % allows for a real edge: a radius of 1 % of the width already
    raises the flow by more. Raises OutOfRange unless 0 <= r <= 1 and, below r*, 1.05 <= gamma <= 5/3.

    >>> round(expected_slit(1.0, 1.4).value, 7)
    0.6110155
    """
    value = tabulated_discharge_coefficient(pressure_ratio, gamma)
    return Coefficient(value, SLIT_UNCERTAINTY * value)


def _subsonic_flux(mach: float, gamma: float) -> float:
    """Mass flux at a Mach number, in units of p0/sqrt(R T0)."""
    base = 1.0 + 0.5 * (gamma - 1.0) * mach * mach
    return float(math.sqrt(gamma) * mach * base ** (-(gamma + 1.0) / (2.0 * (gamma - 1.0))))


def _wall_force_defect(mach: float, gamma: float) -> float:
    """F/(p0 A) of Bragg's theory."""
    base = 1.0 + 0.5 * (gamma - 1.0) * mach * mach
    return float((1.0 + gamma * mach * mach) * base ** (-gamma / (gamma - 1.0)) - 1.0)


def _require_theory(pressure_ratio: float, gamma: float, incompressible: float) -> None:
    """Raises OutOfRange outside the ranges of both one-dimensional theories."""
    require_gamma(gamma)
    low, high = JOBSON_RANGE
    if not low <= pressure_ratio < high:
        raise OutOfRange(f"the theory may be used for {low:g} <= r < {high:g}, not r = {pressure_ratio:g}")
    low, high = C_I_RANGE
    if not low < incompressible <= high:
        raise OutOfRange(f"C_i = {incompressible:g} must lie in ({low:g}, {high:g}]")
