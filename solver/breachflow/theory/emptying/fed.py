"""Time until a leaking volume that is fed has fallen to a limit, from the rate of its fall; no numpy.

To the laws of `reserve` a feed of the same gas, with mass flow w, adds the rate a = w R T/V:

    dp/dt = -r (p/p1)^n + a.                                                                              (1)

r is the rate that the leak alone makes at p1. The pressure tends to p_inf = p1 (a/r)^(1/n), where the feed
makes up for the loss. With k = r/p1, the times from p1 to p are

    n = 0:  (p1 - p)/(r - a),        n = 1:  ln((p1 - p_inf)/(p - p_inf))/k,                              (2)
    n = 2:  (artanh(p_inf/p) - artanh(p_inf/p1))/(k p_inf/p1).

Where the gas exchanges no heat, its mass m counts beside p. In units of their values at the start, with
the time in V/(volume flow of the leak) = gamma p1/r and the feed f = gamma a/r at the starting temperature,
the balances of mass and energy are

    dm/dt = f - sqrt(p m),           dp/dt = gamma (f - p sqrt(p/m)).                                     (3)

While p > f the gas is colder than the feed, m > p. The pressure can stop falling only where m = p^3/f^2,
which is above p: it falls all the way to f, and never below.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.emptying import reserve
from breachflow.theory.ranges import require_gamma, require_positive
from breachflow.theory.roots import bisect

STEP: Final = 0.01
"""Step of the fourth-order integration of (3), over V/(volume flow of the leak) as it is then: it grows with
sqrt(m/p) as the gas cools. The relative error of the answer is below 2e-8."""

MOST_STEPS: Final = 100_000
"""Steps after which the pressure differs from its end by rounding alone."""


class FedFall(NamedTuple):
    """A fall with a feed; one unit of pressure, and rates in that unit by the unit of the times."""

    pressure: float
    """Pressure at the start."""
    limit: float
    """Pressure to which the time is wanted."""
    rate: float
    """Rate of fall that the leak alone makes at the start."""
    feed: float
    """Rate of rise that the feed alone makes at the temperature of the start; may be 0."""


def linear_time(fall: FedFall) -> float:
    """Time of (2), n = 0: a loss that does not lessen. inf where the feed is at least the loss.

    Raises OutOfRange unless the pressures and the rate are positive and the limit is below the pressure.

    >>> linear_time(FedFall(760.0, 490.0, 2.0, 0.5))
    180.0
    """
    _require(fall)
    net = fall.rate - fall.feed
    return (fall.pressure - fall.limit) / net if net > 0.0 else math.inf


def hole_time(fall: FedFall) -> float:
    """Time of (2), n = 1: a choked hole at constant temperature. inf where the limit is never reached.

    Raises OutOfRange as `linear_time`.

    By hand, with half the loss made up for: p_inf = 380, 760 ln(380/110) = 942.17.

    >>> round(hole_time(FedFall(760.0, 490.0, 1.0, 0.5)), 2)
    942.17
    """
    _require(fall)
    end = holding_pressure(fall, reserve.HOLE)
    if fall.limit <= end:
        return math.inf
    return fall.pressure / fall.rate * math.log((fall.pressure - end) / (fall.limit - end))


def crack_time(fall: FedFall) -> float:
    """Time of (2), n = 2: laminar flow through a crack. inf where the limit is never reached.

    Raises OutOfRange as `linear_time`.

    By hand, with a quarter of the loss made up for: p_inf = 380, 1520 (artanh(380/490) - artanh(1/2)).

    >>> round(crack_time(FedFall(760.0, 490.0, 1.0, 0.25)), 3)
    736.744
    """
    _require(fall)
    end = holding_pressure(fall, reserve.CRACK)
    if fall.limit <= end:
        return math.inf
    if end == 0.0:
        return reserve.time_to_limit(fall.pressure, fall.limit, fall.rate, reserve.CRACK)
    angle = math.atanh(end / fall.limit) - math.atanh(end / fall.pressure)
    return angle * fall.pressure**2 / (fall.rate * end)


def adiabatic_hole_time(fall: FedFall, gamma: float) -> float:
    """Time by (3): a choked hole where the gas exchanges no heat. inf where the limit is never reached.

    Raises OutOfRange as `linear_time`, and unless 1 < gamma <= 5/3.

    Without a feed it is the closed form of `reserve`, 344.254.

    >>> [round(adiabatic_hole_time(FedFall(760.0, 490.0, 1.0, feed), 1.4), 3) for feed in (0.0, 0.3)]
    [344.254, 775.769]
    """
    _require(fall)
    require_gamma(gamma)
    feed, limit = gamma * fall.feed / fall.rate, fall.limit / fall.pressure
    if limit <= feed:
        return math.inf
    if feed == 0.0:
        return reserve.time_to_limit(*fall[:3], reserve.adiabatic_exponent(gamma))
    state, time = _Volume(1.0, 1.0), 0.0
    for _ in range(MOST_STEPS):
        step = STEP * math.sqrt(state.mass / state.pressure)
        after = _step(state, step, feed, gamma)
        if after.pressure <= limit:
            return gamma * fall.pressure / fall.rate * (time + _part(state, limit, feed, gamma, step))
        state, time = after, time + step
    return math.inf


def holding_pressure(fall: FedFall, exponent: float) -> float:
    """p_inf of (1): the pressure at which the feed makes up for the loss by a law p^`exponent`, above 0.

    For the hole without heat exchange it is gamma times that of n = 1. Raises OutOfRange as `linear_time`,
    and unless the exponent is positive.

    >>> holding_pressure(FedFall(760.0, 490.0, 1.0, 0.25), 2.0)
    380.0
    """
    _require(fall)
    require_positive("exponent", exponent)
    return float(fall.pressure * (fall.feed / fall.rate) ** (1.0 / exponent))


class _Volume(NamedTuple):
    """Pressure and mass of the volume over those at the start; or their rates of change."""

    pressure: float
    mass: float

    def moved(self, rates: _Volume, time: float) -> _Volume:
        return _Volume(self.pressure + time * rates.pressure, self.mass + time * rates.mass)


def _rates(state: _Volume, feed: float, gamma: float) -> _Volume:
    """The right-hand side of (3)."""
    p, m = state
    return _Volume(gamma * (feed - p * math.sqrt(p / m)), feed - math.sqrt(p * m))


def _step(state: _Volume, time: float, feed: float, gamma: float) -> _Volume:
    """The state after a step by the classical method of Runge and Kutta (1901)."""
    first = _rates(state, feed, gamma)
    second = _rates(state.moved(first, 0.5 * time), feed, gamma)
    third = _rates(state.moved(second, 0.5 * time), feed, gamma)
    fourth = _rates(state.moved(third, time), feed, gamma)
    sums = (a + 2.0 * b + 2.0 * c + d for a, b, c, d in zip(first, second, third, fourth, strict=True))
    return state.moved(_Volume(*sums), time / 6.0)


def _part(state: _Volume, limit: float, feed: float, gamma: float, step: float) -> float:
    """The time within a step at which the pressure has fallen to the limit."""
    return bisect(lambda part: limit - _step(state, part, feed, gamma).pressure, 0.0, step)


def _require(fall: FedFall) -> None:
    """Raises OutOfRange unless pressures and rate are above 0, the feed is 0 or above, the limit is lower."""
    if not (math.isfinite(fall.feed) and fall.feed >= 0.0):
        raise OutOfRange(f"the feed {fall.feed:g} must be finite and not negative")
    reserve.time_to_limit(*fall[:3], reserve.LINEAR)
