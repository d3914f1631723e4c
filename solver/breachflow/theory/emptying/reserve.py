"""Time until a leaking volume has fallen to a limit, from the rate of its fall; any units, no numpy.

A leak into vacuum whose pressure falls at the rate r when it is p1, by a law dp/dt ~ -p^n, takes

    t = p1/r ln(p1/p)  (n = 1),      t = p1/r ((p1/p)^(n-1) - 1)/(n - 1)  else                            (1)

to fall to p. Volume, gas and size of the leak cancel. n = 0 is a loss that does not lessen; n = 1 a choked
hole whose gas keeps its temperature; n = 1 + (gamma-1)/(2 gamma) the same hole where the gas exchanges no
heat, since then T ~ p^((gamma-1)/gamma); n = 2 laminar flow through a crack at constant temperature. The
time grows with n. Pressures have one unit, and rates that unit by the unit of the times.
"""

from __future__ import annotations

import math
from typing import Final

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_gamma, require_positive

LINEAR: Final = 0.0
"""n of a loss that does not lessen: the least time of all laws whose flow falls with the pressure."""
HOLE: Final = 1.0
"""n of a choked hole at constant temperature."""
CRACK: Final = 2.0
"""n of laminar flow through a crack at constant temperature."""


def adiabatic_exponent(gamma: float) -> float:
    """n of a choked hole where the gas exchanges no heat: 1 + (gamma-1)/(2 gamma).

    Raises OutOfRange unless 1 < gamma <= 5/3.

    >>> round(adiabatic_exponent(1.4), 6)
    1.142857
    """
    require_gamma(gamma)
    return 1.0 + 0.5 * (gamma - 1.0) / gamma


def time_to_limit(pressure: float, limit: float, rate: float, exponent: float) -> float:
    """Time of (1) from `pressure`, where it falls at `rate`, to `limit`, by the law p^`exponent`.

    Raises OutOfRange unless the pressures and the rate are positive and the limit is below the pressure.

    From 760 to 490 mmHg at first 1 mmHg/h: 270 h linear, 760 ln(760/490) = 333.57 h through a hole, and
    760 (760/490 - 1) = 418.78 h through a crack.

    >>> [round(time_to_limit(760.0, 490.0, 1.0, n), 3) for n in (0.0, 1.0, 8 / 7, 1.5, 2.0)]
    [270.0, 333.574, 344.254, 373.008, 418.776]
    """
    _require_fall(pressure, limit)
    require_positive("rate", rate)
    return pressure / rate * _power_integral(math.log(pressure / limit), exponent - 1.0)


def rate_of_readings(first: float, second: float, elapsed: float, exponent: float) -> float:
    """Rate of fall at the second of two readings, by the law p^`exponent`: (1) solved for r.

    A straight line through the readings is the rate between them, which is that at the second for n = 0 only.
    Raises OutOfRange unless the readings and the time are positive and the second is below the first.

    From 760 to 758 mmHg in 1.5 h, a hole falls at 758 ln(760/758)/1.5 = 1.33158 mmHg/h at the end.

    >>> [round(rate_of_readings(760.0, 758.0, 1.5, n), 5) for n in (0.0, 1.0, 2.0)]
    [1.33333, 1.33158, 1.32982]
    """
    _require_fall(first, second)
    require_positive("time", elapsed)
    return second / elapsed * _power_integral(math.log(first / second), 1.0 - exponent)


def rate_deviation(resolution: float, elapsed: float, wander: float = 0.0) -> float:
    """Standard deviation of a rate from two readings, taken `elapsed` apart: sqrt(q^2/(6 t^2) + c^2/t).

    A reading in steps of q is off by up to half a step, evenly: q/sqrt(12), and the difference of two by
    q/sqrt(6). Air that wanders without a leak, like a random walk, by c times the root of time, adds c^2/t.
    Raises OutOfRange unless resolution and wander are at least 0 and not both 0, and the time is positive.

    >>> round(rate_deviation(1.0, 1.5), 4), round(rate_deviation(1.0, 1.5, 0.12), 4)
    (0.2722, 0.2893)
    """
    _require_noise(resolution, wander)
    require_positive("time", elapsed)
    return math.hypot(resolution / (math.sqrt(6.0) * elapsed), wander / math.sqrt(elapsed))


def time_to_know(rate: float, resolution: float, relative: float, wander: float = 0.0) -> float:
    """Time between two readings after which a rate has the relative standard deviation `relative`.

    The inverse of `rate_deviation`, with s = relative x rate: t = (c^2 + sqrt(c^4 + 2/3 s^2 q^2))/(2 s^2).
    Raises OutOfRange unless the rate and the deviation are positive, and as `rate_deviation`.

    1.33 mmHg/h, read in steps of 1 mmHg, is known to 10 % after 3.07 h; with a wander of 0.12 mmHg in an hour
    after 3.50 h.

    >>> round(time_to_know(1.33, 1.0, 0.1), 2), round(time_to_know(1.33, 1.0, 0.1, 0.12), 2)
    (3.07, 3.5)
    """
    require_positive("rate", rate)
    require_positive("relative deviation", relative)
    _require_noise(resolution, wander)
    square, walk = (relative * rate) ** 2, wander**2
    return (walk + math.sqrt(walk**2 + square * resolution**2 / 1.5)) / (2.0 * square)


def cooling_of_fall(first: float, second: float, temperature: float) -> float:
    """Fall of the temperature, K, by which a closed volume without a leak shows the same fall of pressure.

    p/T is constant. Raises OutOfRange unless all are positive and the second pressure is the lower one.

    At 760 mmHg and 295 K a fall by 2.58 mmHg is a cooling by 1 K.

    >>> round(cooling_of_fall(760.0, 760.0 - 2.576, 295.0), 3)
    1.0
    """
    _require_fall(first, second)
    require_positive("temperature", temperature)
    return temperature * (1.0 - second / first)


def _power_integral(logarithm: float, power: float) -> float:
    """int_0^x exp(k s) ds = (exp(k x) - 1)/k, x the logarithm, k the power; to rounding near k = 0 too."""
    return math.expm1(power * logarithm) / power if power else logarithm


def _require_noise(resolution: float, wander: float) -> None:
    """Raises OutOfRange unless both are finite and at least 0, and one is above it."""
    if not (0.0 <= resolution < math.inf and 0.0 <= wander < math.inf and resolution + wander > 0.0):
        raise OutOfRange(f"resolution {resolution:g} and wander {wander:g} must not be below 0, nor both 0")


def _require_fall(pressure: float, limit: float) -> None:
    """Raises OutOfRange unless both are positive and the limit is below the pressure."""
    require_positive("pressure", pressure)
    require_positive("lower pressure", limit)
    if not limit < pressure:
        raise OutOfRange(f"the pressure {pressure:g} must be above {limit:g}, to which it falls")
