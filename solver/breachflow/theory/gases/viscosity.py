"""Viscosity of gases and of their mixtures at low pressure, and bounds where no law is known; no numpy.

At low pressure the viscosity of a gas depends on temperature alone. T in K, mu in Pa s.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from breachflow.constants import VISCOSITY_TEMPERATURE, MixtureLaw, Viscosity, ViscosityLaw
from breachflow.errors import OutOfRange

ANY_GAS: Final = (5e-6, 3.5e-5)
"""Pa s at 300 K: bounds for every gas. Hexane 6.6e-6, hydrogen 9.0e-6, neon 3.2e-5 (CRC Handbook)."""

SLOPES: Final = (0.5, 1.5)
"""Bounds of d ln mu/d ln T: hard spheres, and molecules with strong attraction (Sutherland, T << S)."""


class ViscosityBounds(NamedTuple):
    """Two viscosities, Pa s, between which that of a gas lies."""

    low: float
    high: float


def viscosity(law: Viscosity, temperature: float) -> float:
    """Viscosity of a gas or mixture, Pa s. Raises OutOfRange outside the range of the law.

    Published: air at 300 K 1.846e-5 Pa s (Incropera and DeWitt, table A.4).

    >>> from breachflow.constants import SPECIES
    >>> [round(viscosity(SPECIES[gas].viscosity, 300.0) * 1e5, 3) for gas in ("air", "helium")]
    [1.849, 1.997]
    """
    low, high = viscosity_range(law)
    if not low <= temperature <= high:
        raise OutOfRange(f"the viscosity law holds for {low:g} to {high:g} K, not {temperature:g} K")
    return _evaluated(law, temperature)


def viscosity_range(law: Viscosity) -> tuple[float, float]:
    """The temperatures, K, between which the law of a gas, or of all gases of a mixture, holds."""
    laws = [part.viscosity for part in law.parts] if isinstance(law, MixtureLaw) else [law]
    return max(one.low for one in laws), min(one.high for one in laws)


def viscosity_bounds(law: Viscosity | None, temperature: float) -> ViscosityBounds:
    """Bounds of the viscosity at any temperature, of any gas; within the range of a law both are its value.

    Outside it, mu changes from the end of the range at least as T^0.5 and at most as T^1.5: in kinetic theory
    mu ~ sqrt(T)/Omega(T), and Omega falls more slowly than 1/T (Chapman and Cowling 1970, chapter 10).
    Without a law it begins at `ANY_GAS` and 300 K.

    >>> [round(bound * 1e6, 2) for bound in viscosity_bounds(None, 75.0)]
    [0.62, 17.5]
    """
    if law is None:
        ends, place = ANY_GAS, VISCOSITY_TEMPERATURE
    else:
        low, high = viscosity_range(law)
        place = min(max(temperature, low), high)
        ends = (_evaluated(law, place),) * 2
    factors = sorted((temperature / place) ** slope for slope in SLOPES)
    return ViscosityBounds(ends[0] * factors[0], ends[1] * factors[1])


def _evaluated(law: Viscosity, temperature: float) -> float:
    if isinstance(law, MixtureLaw):
        return wilke(
            [part.fraction for part in law.parts],
            [part.molar_mass for part in law.parts],
            [_evaluated(part.viscosity, temperature) for part in law.parts],
        )
    ratio = temperature / VISCOSITY_TEMPERATURE
    attraction = _attraction(law, VISCOSITY_TEMPERATURE) / _attraction(law, temperature)
    return law.viscosity * math.pow(ratio, law.exponent) * attraction


def _attraction(law: ViscosityLaw, temperature: float) -> float:
    """1 + C/T + D/T^2."""
    return 1.0 + (law.constant + law.second_constant / temperature) / temperature


def wilke(fractions: list[float], molar_masses: list[float], viscosities: list[float]) -> float:
    """mu = sum_i x_i mu_i/sum_j x_j phi_ij, Pa s, of a mixture by mole fractions x (C. R. Wilke 1950).

    phi_ij = (1 + (mu_i/mu_j)^(1/2) (M_j/M_i)^(1/4))^2/(8 (1 + M_i/M_j))^(1/2), J. Chem. Phys. 18, 517;
    on average within 2 % of measurements, worse where hydrogen or helium is mixed with
    heavy gases. Lists (n,) in one order. Bird, Stewart and Lightfoot (2002), example 1.4-2: carbon dioxide,
    oxygen and nitrogen, 0.133, 0.039 and 0.828, at 293 K have 1.714e-5 Pa s.

    >>> round(wilke([0.133, 0.039, 0.828], [44.01, 32.0, 28.02], [1.462e-5, 2.031e-5, 1.754e-5]) * 1e5, 3)
    1.714
    """
    weights = interaction_weights(fractions, molar_masses, viscosities)
    return sum(x * mu / weight for x, mu, weight in zip(fractions, viscosities, weights, strict=True))


def interaction_weights(
    fractions: list[float], molar_masses: list[float], viscosities: list[float]
) -> list[float]:
    """sum_j x_j phi_ij of each gas i, (n,), with the phi of `wilke`; lists (n,) in one order."""
    gases = list(zip(fractions, molar_masses, viscosities, strict=True))
    return [
        sum(
            x * (1.0 + math.sqrt(mu_i / mu_j) * (m_j / m_i) ** 0.25) ** 2 / math.sqrt(8.0 * (1.0 + m_i / m_j))
            for x, m_j, mu_j in gases
        )
        for _, m_i, mu_i in gases
    ]
