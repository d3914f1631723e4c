"""CabinReserve time: when the limit that counts is passed, how certain that is, and what it depends on.

The interval takes each stated uncertainty alone, by plus and minus one standard deviation, and adds the
changes of ln T in squares. It is that of a normal distribution of ln T.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from breachflow.cabin.march.march import March, Stop
from breachflow.cabin.march.plan import Itinerary, Measured, itinerary
from breachflow.cabin.march.record import Record
from breachflow.cabin.model.build import AS_WRITTEN, Builder, Variation
from breachflow.cabin.model.cabin import Cabin
from breachflow.cabin.paths.estimated import LawEnds

EVACUATION: Final = "evacuation"
"""Name of the limit whose time is the reserve time, where there is one of this name."""

NINETY: Final = 1.6448536269514722
"""Standard deviations of a normal distribution on each side of 90 %."""

STEP: Final = 0.01
"""Relative change of a number for a sensitivity: the error of the difference is some 1e-4 of it."""

BEYOND: Final = 4.0
"""A varied march goes on for this many times the reserve time before the limit counts as never passed."""

TOLERANCE: Final = 1e-8
"""Of varied marches."""


class TimeSpread(NamedTuple):
    """A stated uncertainty and what it does."""

    name: str
    relative: float
    """Change of ln T for one standard deviation."""
    is_open: bool
    """Whether the limit is never passed on one side."""


class CabinReserve(NamedTuple):
    """When the limit that counts is passed."""

    limit: str
    time: float | None
    """s; None where it is never passed before the end."""
    interval: tuple[float, float | None] | None = None
    """s, 90 %; the upper one None where the limit may never be passed; None without uncertainties."""
    spreads: tuple[TimeSpread, ...] = ()
    sensitivity: Mapping[str, float] = {}
    """d ln T/d ln x of leak, volume, temperature and limit."""


class FurtherStopped(Exception):  # a request is no error
    """A request has ended a march that varies the case; its text says which request."""


class Variations:
    """Marches of a case with some numbers varied."""

    def __init__(self, builder: Builder, limit: str, time: float, stop: Stop | None = None) -> None:
        self._builder, self._limit, self._stop = builder, limit, stop
        self._end = BEYOND * time

    def time(self, varied: Variation) -> float | None:
        """Time at which the limit is first passed, s; None where it is not, nan where a law ends before.

        Raises FurtherStopped where a request ends the march.
        """
        plan = _until(itinerary(self._builder.case, varied.limit), self._limit, self._end)
        try:
            record = further_march(self._builder.cabin(varied), plan, self._stop)
        except LawEnds:
            return math.nan
        return record.first_crossing(self._limit)


def further_march(cabin: Cabin, plan: Itinerary, stop: Stop | None) -> Record:
    """A march beside that of the case. Raises FurtherStopped where a request ends it."""
    record = March(cabin, plan, sampled=False, stop=stop).run()
    if record.stopped:
        raise FurtherStopped(record.stopped)
    return record


def limit_that_counts(plan: Itinerary) -> str | None:
    """The limit of the reserve time: `evacuation`, or else the first one of a pressure; None without one."""
    names = [limit.name for limit in plan.limits]
    if EVACUATION in names:
        return EVACUATION
    return next((limit.name for limit in plan.limits if limit.level.measure is Measured.PRESSURE), None)


def reserve(
    builder: Builder, plan: Itinerary, time: float | None, stop: Stop | None = None
) -> CabinReserve | None:
    """The reserve time with its interval and sensitivities; None where no limit counts.

    Args:
        builder: The case.
        plan: Its itinerary.
        time: Time of the first crossing as marched, s.
        stop: Asked after each step of the marches that vary the case.

    Raises FurtherStopped where a request ends one of these.
    """
    name = limit_that_counts(plan)
    if name is None:
        return None
    if time is None or time <= 0.0:
        return CabinReserve(name, time)
    varied = Variations(builder, name, time, stop)
    spreads = tuple(_spreads(builder, varied, time))
    return CabinReserve(name, time, _interval(time, spreads), spreads, _sensitivity(builder, varied))


def _until(plan: Itinerary, limit: str, end: float) -> Itinerary:
    limits = [watched for watched in plan.limits if watched.name == limit]
    return plan._replace(limits=limits, end=end, stop_at=limit, tolerance=max(plan.tolerance, TOLERANCE))


def _spreads(builder: Builder, varied: Variations, time: float) -> Iterator[TimeSpread]:
    for name, low, high in _uncertainties(builder):
        below, above = varied.time(low), varied.time(high)
        changes = [abs(math.log(found / time)) for found in (below, above) if found and found > 0.0]
        is_open = below is None or above is None
        if changes:
            yield TimeSpread(name, sum(changes) / len(changes), is_open)


def _uncertainties(builder: Builder) -> Iterator[tuple[str, Variation, Variation]]:
    """Name of each stated uncertainty, and the case with one standard deviation less and more."""
    for name in builder.case.leak:
        spread = builder.uncertainty(name)
        if spread:
            yield f"leak {name}", Variation(leaks={name: 1.0 - spread}), Variation(leaks={name: 1.0 + spread})
    for name, room in builder.case.compartment.items():
        if room.volume_uncertainty:
            low, high = 1.0 - room.volume_uncertainty, 1.0 + room.volume_uncertainty
            yield f"volume of {name}", Variation(volumes={name: low}), Variation(volumes={name: high})
        if room.background_uncertainty:
            change = room.background_uncertainty
            less, more = Variation(backgrounds={name: -change}), Variation(backgrounds={name: change})
            yield f"background of {name}", less, more


def _interval(time: float, spreads: tuple[TimeSpread, ...]) -> tuple[float, float | None] | None:
    if not spreads:
        return None
    width = NINETY * math.hypot(*(spread.relative for spread in spreads))
    high = None if any(spread.is_open for spread in spreads) else time * math.exp(width)
    return time * math.exp(-width), high


def _sensitivity(builder: Builder, varied: Variations) -> dict[str, float]:
    pairs = {
        "leak": ("all_leaks", bool(builder.case.leak)),
        "volume": ("all_volumes", True),
        "temperature": ("temperature", True),
        "limit": ("limit", True),
    }
    found = {}
    for name, (key, applies) in pairs.items():
        if applies:
            low, high = (varied.time(AS_WRITTEN.with_factor(key, 1.0 + sign * STEP)) for sign in (-1.0, 1.0))
            if low and high and low * high > 0.0:
                found[name] = math.log(high / low) / math.log((1.0 + STEP) / (1.0 - STEP))
    return found
