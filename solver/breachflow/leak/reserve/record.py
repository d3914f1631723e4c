"""What the ways to a reserve time share: a record without a time, its interval and its verdict."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from breachflow.leak.reserve.answer import ByLaw, Reserve, ReserveVerdict
from breachflow.leak.reserve.cabin import LeakingCabin

NINETY: Final = 1.6449
"""Standard deviations to each end of a 90 % interval of a normal distribution."""


def unanswered(cabin: LeakingCabin, pressure: float, known_by: str) -> Reserve:
    """A record of the cabin alone, without a time."""
    return Reserve(
        verdict=str(ReserveVerdict.NO_RATE),
        known_by=known_by,
        pressure=pressure,
        limit=cabin.limit,
        limit_given=cabin.limit_given,
        time=ByLaw(None, None, None, None),
        interval=None,
        least_time=None,
        rate=None,
        rate_uncertainty=None,
        rate_by_law=None,
        fall=None,
        elapsed=None,
        resolution=None,
        resolution_given=False,
        wander=None,
        wait=None,
        cooling=None,
        gas=cabin.gas.name,
        heat_capacity_ratio=cabin.gas.heat_capacity_ratio,
        temperature=cabin.temperature,
        temperature_given=cabin.temperature_given,
        volume=cabin.volume,
        mass_flow=None,
        mass_flow_uncertainty=None,
        equivalent_diameter=None,
        feed=cabin.feed,
        feed_rate=cabin.pressure_rate(cabin.feed),
        holding_pressure=None,
        warnings=(),
        pressure_unit=cabin.pressure_unit,
    )


def verdict_on(times: ByLaw) -> str:
    """Whether the pressure falls to the limit by the law of a hole at constant temperature."""
    return str(ReserveVerdict.HOLDS if times.hole_isothermal is None else ReserveVerdict.FALLS)


def interval_of(
    relative_deviation: float | None, time_at: Callable[[float], float | None]
) -> tuple[float | None, float | None] | None:
    """90 % interval of a time, s; `time_at` gives it for a rate times a factor.

    Its upper end is None where the rate may be 0, or the feed may hold. None without a deviation.

    >>> [round(time) for time in interval_of(0.2041, lambda factor: 248.3 / factor)]
    [186, 374]
    """
    if relative_deviation is None:
        return None
    spread = NINETY * relative_deviation
    return time_at(1.0 + spread), time_at(1.0 - spread) if spread < 1.0 else None


def finite(time: float) -> float | None:
    """The time; None of one that never comes."""
    return time if math.isfinite(time) else None
