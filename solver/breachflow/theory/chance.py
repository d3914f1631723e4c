"""How probable a sum of squares is by chance; no numpy."""

from __future__ import annotations

import math

from breachflow.errors import OutOfRange


def chance_of_more(square: float, count: int) -> float:
    """Probability that a sum of `count` squared standard normal variables is larger (chi-squared).

    exp(-x) sum of x^k/k! for an even count, x = square/2; for an odd one erfc(sqrt(x)) + exp(-x) sum of
    x^(k-1/2)/Gamma(k+1/2) (Abramowitz and Stegun 1964, 26.4.4 and 26.4.5). Raises OutOfRange unless
    0 <= square and 1 <= count.

    >>> round(chance_of_more(3.841459, 1), 6), round(chance_of_more(5.991465, 2), 6)
    (0.05, 0.05)
    >>> round(chance_of_more(7.814728, 3), 6), round(chance_of_more(9.487729, 4), 6)
    (0.05, 0.05)
    """
    if not (0.0 <= square < math.inf and count >= 1):
        raise OutOfRange(f"the sum {square:g} of {count} squares must be finite, of one square at least")
    half = 0.5 * square
    start, total = (0.0, 0.0) if count % 2 == 0 else (0.5, math.erfc(math.sqrt(half)))
    terms = range(count // 2)
    if half == 0.0:
        return 1.0
    return total + sum(
        math.exp(-half + (k + start) * math.log(half) - math.lgamma(k + start + 1.0)) for k in terms
    )
