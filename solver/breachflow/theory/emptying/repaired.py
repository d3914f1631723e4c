"""What two measured leak rates, before and after a repair, tell; any units, no numpy.

Rates are normal: b1 with the standard deviation s1 before, b2 with s2 after, at one pressure. Then
(1 - x) b1 - b2 is normal too, and the leak has fallen by the share x or more with the probability
Phi(((1-x) b1 - b2)/sqrt((1-x)^2 s1^2 + s2^2)).                                                            (1)
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_positive

FAR_BELOW: Final = -35.0
"""Standard deviations below 0 from which the tail above 0 is taken from its asymptote."""


def normal_share(deviations: float) -> float:
    """Phi(z): share of a normal variable below z standard deviations above its mean.

    >>> round(normal_share(1.6448536), 6), f"{normal_share(-10.0):.5e}"
    (0.95, '7.61985e-24')
    """
    return 0.5 * math.erfc(-deviations / math.sqrt(2.0))


def probability_fell(before: tuple[float, float], after: tuple[float, float], share: float) -> float:
    """P of (1): the leak has fallen by `share` or more; rates with their standard deviations.

    Raises OutOfRange unless the deviations are positive and 0 <= share <= 1.

    1.70 +- 0.08 before, 0.35 +- 0.12 after: by half, by three quarters, by nine tenths.

    >>> [round(probability_fell((1.70, 0.08), (0.35, 0.12), x), 5) for x in (0.5, 0.75, 0.9)]
    [0.99996, 0.73122, 0.06724]
    """
    _require_share(share)
    require_positive("standard deviation before", before[1])
    require_positive("standard deviation after", after[1])
    kept = 1.0 - share
    return normal_share((kept * before[0] - after[0]) / math.hypot(kept * before[1], after[1]))


def residual_upper(after: tuple[float, float], confidence: float) -> float:
    """Upper limit of a rate that is not below 0: quantile of the normal distribution cut there.

    b2 + s2 Phi^-1(1 - (1 - q) Phi(b2/s2)). Raises OutOfRange unless the deviation is positive and 0 < q < 1.

    >>> [round(residual_upper(rate, 0.95), 5) for rate in ((0.35, 0.12), (-0.05, 0.10), (0.02, 0.30))]
    [0.54749, 0.1659, 0.60132]
    """
    rate, deviation = after
    require_positive("standard deviation after", deviation)
    if not 0.0 < confidence < 1.0:
        raise OutOfRange(f"a confidence of {confidence:g} must lie between 0 and 1")
    above = rate / deviation
    if above < FAR_BELOW:
        steepness, fall = -above - 1.0 / above, -math.log(1.0 - confidence)
        return 2.0 * fall * deviation / (steepness + math.sqrt(steepness**2 + 2.0 * fall))
    return rate - deviation * NormalDist().inv_cdf((1.0 - confidence) * normal_share(above))


def deviation_needed(before: tuple[float, float], share: float, left: float, confidence: float) -> float:
    """Largest standard deviation of the rate after that shows a fall by `share`, if `left` of it is left.

    ((1-x) - f) b1 = z sqrt((1-x)^2 s1^2 + s2^2), solved for s2; 0 where no record shows it. Raises
    OutOfRange unless the rate and its deviation are positive, 0 <= share <= 1 and 0.5 < confidence < 1.

    1.7 +- 0.1 kg/day before: 0.514 kg/day shows that it fell by half, if it stopped.

    >>> round(deviation_needed((1.7, 0.1), 0.5, 0.0, 0.95), 3)
    0.514
    """
    _require_share(share)
    require_positive("rate before", before[0])
    require_positive("standard deviation before", before[1])
    if not 0.5 < confidence < 1.0:
        raise OutOfRange(f"a confidence of {confidence:g} must lie between 0.5 and 1")
    kept = 1.0 - share
    sought = (kept - left) * before[0] / NormalDist().inv_cdf(confidence)
    return math.sqrt(max(sought**2 - (kept * before[1]) ** 2, 0.0)) if sought > 0.0 else 0.0


def _require_share(share: float) -> None:
    """Raises OutOfRange unless 0 <= share <= 1."""
    if not 0.0 <= share <= 1.0:
        raise OutOfRange(f"a share of {share:g} must lie in [0, 1]")
