"""Discharge coefficient of a rounded throat by its inviscid transonic flow; no numpy."""

from __future__ import annotations

import math
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.theory.coefficient import Coefficient
from breachflow.theory.ranges import require_gamma

SMALLEST_CURVATURE: Final = 1.0
"""Ratio Rc/Rt below which three terms of the series are not accurate."""

TRUSTED_CURVATURE: Final = 2.0
TRUSTED_UNCERTAINTY: Final = 0.0015
"""Relative uncertainty, commonly stated for Rc/Rt from TRUSTED_CURVATURE on."""


def throat_discharge_coefficient(curvature_ratio: float, gamma: float) -> Coefficient:
    """C_d of a choked axisymmetric throat whose wall has the radius of curvature Rc = q Rt, inviscid.

    C_d = 1 - (gamma+1)/(1+q)^2 (1/96 - (8 gamma-27)/(2304 (1+q))
    + (754 gamma^2-757 gamma+3633)/(276480 (1+q)^2)):
    J. R. Kliegel and J. N. Levine, AIAA J. 7 (1969) 1375. Dimensionless; a circular arc on both sides of the
    throat. 0.15 % for q >= 2; for 1 <= q < 2 the stated uncertainty grows as the first term left out,
    (1+q)^-5, to 1.1 % at q = 1. Raises OutOfRange for q < 1, and unless 1 < gamma <= 5/3.
    Hall's series in 1/q (1962), derived again for this module, has 754 gamma^2-909 gamma+3087 in the last
    term instead of the published polynomial: 8e-5 more flow at q = 2, far below the uncertainty. By hand at q
    = 2, gamma = 1.4: 1 - 4/15 (0.010417 + 0.002286 + 0.001628).

    >>> coefficient = throat_discharge_coefficient(2.0, 1.4)
    >>> round(coefficient.value, 5), coefficient.uncertainty
    (0.99618, 0.0015)
    """
    require_gamma(gamma)
    if not (math.isfinite(curvature_ratio) and curvature_ratio >= SMALLEST_CURVATURE):
        raise OutOfRange(
            f"Kliegel and Levine's series is used for Rc/Rt >= {SMALLEST_CURVATURE:g},"
            f" not Rc/Rt = {curvature_ratio:g}"
        )
    s = 1.0 + curvature_ratio
    second = (754.0 * gamma * gamma - 757.0 * gamma + 3633.0) / (276480.0 * s * s)
    defect = (gamma + 1.0) / (s * s) * (1.0 / 96.0 - (8.0 * gamma - 27.0) / (2304.0 * s) + second)
    growth = max((1.0 + TRUSTED_CURVATURE) / s, 1.0) ** 5
    return Coefficient(1.0 - defect, TRUSTED_UNCERTAINTY * growth)
