"""Distributions of the sizes of holes: the probability that a hole is larger; and of counts; no numpy."""

from __future__ import annotations

import math

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_positive


def pareto_exceedance(size: float, smallest: float, exponent: float) -> float:
    """P(D > d) = (d_0/d)^k of holes from d_0 on: a power law (Pareto); 1 up to d_0.

    Raises OutOfRange unless size, smallest size and exponent are positive.

    From 1 mm with k = 2.5, a hole is larger than 30.7135 mm with the probability 1.91283e-4.

    >>> f"{pareto_exceedance(30.7135, 1.0, 2.5):.5e}"
    '1.91283e-04'
    """
    require_positive("size", size)
    require_positive("smallest size", smallest)
    require_positive("exponent", exponent)
    return float((smallest / size) ** exponent) if size > smallest else 1.0


def lognormal_exceedance(size: float, median: float, sigma: float) -> float:
    """P(D > d) where ln D is normal about ln(median) with the standard deviation sigma.

    Raises OutOfRange unless all are positive.

    A normal variable is above its mean and one standard deviation with the probability 0.158655.

    >>> round(lognormal_exceedance(3.0 * math.e**0.8, 3.0, 0.8), 6)
    0.158655
    """
    require_positive("size", size)
    require_positive("median", median)
    require_positive("sigma", sigma)
    return 0.5 * math.erfc(math.log(size / median) / (sigma * math.sqrt(2.0)))


def probability_of_any(expected: float) -> float:
    """1 - exp(-N): the probability that something happens at least once, where N is expected (Poisson).

    Raises OutOfRange unless 0 <= N.

    >>> f"{probability_of_any(10 * 0.01 * 1.91283e-4):.5e}"
    '1.91281e-05'
    """
    if not expected >= 0.0:
        raise OutOfRange(f"an expected number of {expected:g} must not be negative")
    return -math.expm1(-expected)
