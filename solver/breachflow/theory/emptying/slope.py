"""To what a slope can be known: the standard deviation of the best straight line through noise; no numpy.

Noise of a pressure record has memory. Of an error with the standard deviation s that forgets by exp(-|t|/tau)
(Ornstein-Uhlenbeck), the best linear unbiased estimate of the slope of a record of length T has the variance

    24 s^2 tau/(T^3 + 6 tau T^2 + 12 tau^2 T).                                                            (1)

It is the inverse of the squared norm of the centered line f = t - T/2 in the space that the covariance
reproduces (Parzen 1961, Annals of Mathematical Statistics 32, 951, section 6):
|f|^2 = (f(0)^2 + f(T)^2 + int f^2 dt/tau + tau int f'^2 dt)/(2 s^2). Long records (T >> tau) give
24 s^2 tau/T^3, short ones those of a random walk. An error w of each of the readings, taken D apart, adds
12 w^2 D/T^3; a random walk that grows to c in the unit of time adds c^2/T; a gauge in steps of q that the
noise does not move from step to step is known by its first and last reading alone, and adds q^2/(6 T^2).

Each term is the least of its noise alone, so that their sum is at most the least of all together. Of 40
readings or more it is within -7 and +4 % in the deviation: -7 % where w is a few s and tau half the record.
Any units: pressures have one, times another.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_positive
from breachflow.theory.roots import bisect_above

DITHER: Final = 0.5
"""Standard deviation of the noise, in steps of a gauge, from which its rounding is noise of its own.

The mean of rounded readings is then off by less than a four-hundredth of a step: exp(-2 pi^2 0.25)/pi
(Widrow and Kollar 2008, Quantization Noise, chapter 4).
"""


class SlopeNoise(NamedTuple):
    """The noise of a pressure record, each part of which may be absent."""

    correlated: float = 0.0
    """Standard deviation s of the noise with memory."""
    time: float = 1.0
    """Its memory tau."""
    white: float = 0.0
    """Standard deviation w of what each reading has for itself."""
    every: float = 0.0
    """Time D between two readings."""
    wander: float = 0.0
    """Standard deviation c of the random walk after one unit of time."""
    step: float = 0.0
    """Step q of the gauge."""

    def moves(self, length: float) -> float:
        """Standard deviation of the readings in a record of this length; a random walk has c^2 T/6."""
        return math.hypot(self.correlated, self.white, self.wander * math.sqrt(length / 6.0))

    def is_dithered(self, length: float) -> bool:
        """Whether the noise moves the gauge from step to step in a record of this length."""
        return self.moves(length) >= DITHER * self.step * (1.0 - 1e-9)


def slope_deviation(length: float, noise: SlopeNoise) -> float:
    """Standard deviation of the slope of a record of this length; pressure by time.

    Raises OutOfRange unless the length is positive, and the noise is a noise.

    Noise of 0.05 mmHg with a memory of 1 h, over 24 h; a random walk of 0.12 mmHg in an hour over a week.

    >>> round(slope_deviation(24.0, SlopeNoise(0.05, 1.0)), 7)
    0.0018481
    >>> round(slope_deviation(168.0, SlopeNoise(wander=0.12)), 6)
    0.009258
    """
    require_positive("length", length)
    require_noise(noise)
    s, tau, T = noise.correlated, noise.time, length
    remembered = 24.0 * s**2 * tau / (T**3 + 6.0 * tau * T**2 + 12.0 * tau**2 * T)
    return math.sqrt(
        remembered
        + 12.0 * noise.white**2 * noise.every / T**3
        + noise.wander**2 / T
        + _rounding(length, noise)
    )


def _rounding(length: float, noise: SlopeNoise) -> float:
    """Variance of the slope by the steps of the gauge: white noise of q/sqrt(12), or q^2/(6 T^2)."""
    if noise.is_dithered(length):
        return noise.step**2 * noise.every / length**3
    return noise.step**2 / (6.0 * length**2)


def length_for(deviation: float, noise: SlopeNoise, longest: float = math.inf) -> float:
    """Length of the record whose slope has this standard deviation; infinite where it is above `longest`.

    Raises OutOfRange unless the deviation is positive, and the noise is a noise.

    >>> round(length_for(0.0018481, SlopeNoise(0.05, 1.0)), 2)
    24.0
    """
    require_positive("deviation", deviation)
    require_noise(noise)
    if longest < math.inf and slope_deviation(longest, noise) > deviation:
        return math.inf
    start = 1e-9 * max(noise.time, noise.every)
    return bisect_above(lambda length: deviation - slope_deviation(length, noise), start, 2.0 * start)


def require_noise(noise: SlopeNoise) -> None:
    """Raises OutOfRange unless all parts are finite and at least 0, memory positive, and one is above 0."""
    if not all(0.0 <= part < math.inf for part in noise) or not noise.time > 0.0:
        raise OutOfRange(f"noise {tuple(noise)} must have finite parts of at least 0, and a memory above 0")
    if noise.correlated + noise.white + noise.wander + noise.step == 0.0:
        raise OutOfRange("a record without any noise knows its slope exactly: give one of its parts")
    if noise.white + noise.step > 0.0 and not noise.every > 0.0:
        raise OutOfRange("noise of single readings needs the time between two")
