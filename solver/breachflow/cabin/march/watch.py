"""Watching: how far a measure is from its level, and the times at which levels are passed within a step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from breachflow.cabin.march.plan import Deed, Level, Measured, Watched
from breachflow.cabin.model.cabin import Cabin, Feed
from breachflow.cabin.model.network import Network, partial_pressure
from breachflow.cabin.model.situation import Reading

INTERIOR = 4
"""Parts of a step at whose ends levels are looked at: two crossings within a part are missed."""

RECOVERY = 1e-6
"""Distance from its level, over the level, at which a measure has recovered: no chattering around it."""


class LimitAt(NamedTuple):
    """A limit in places that have one value."""

    limit: Watched
    places: tuple[int, ...]


class Watch(NamedTuple):
    """A measure that must not reach 0 from above."""

    distance: Callable[[Reading], float]
    """More than 0 before the level is passed."""
    token: LimitAt | Deed | Feed
    """What the watch stands for."""
    ends_segment: bool


class Passing(NamedTuple):
    """A level that was passed within a step."""

    time: float
    watch: Watch


def distance(network: Network, level: Level, place: int) -> Callable[[Reading], float]:
    """How far a measure of a room, or of a hatch, is from a level, in its unit; below 0 beyond it."""
    measure = _measure(network, level.measure, place)
    sign = 1.0 if level.falling else -1.0
    return lambda reading: sign * (measure(reading) - level.value)


def passings(
    watches: Sequence[Watch], reading_at: Callable[[float], Reading], start: float, end: float
) -> list[Passing]:
    """The levels that are passed in (start, end], in the order of time.

    One that is at its level or beyond at the start is not passed: it must first be before it.
    """
    if not watches:
        return []
    times = [start + (end - start) * i / INTERIOR for i in range(INTERIOR)] + [end]
    readings = [reading_at(time) for time in times]
    found = []
    for watch in watches:
        values = [watch.distance(reading) for reading in readings]
        for i in range(INTERIOR):
            if values[i] > 0.0 >= values[i + 1]:
                found.append(Passing(_root(watch, reading_at, times[i], times[i + 1]), watch))
                break
    return sorted(found, key=lambda passing: passing.time)


def _root(watch: Watch, reading_at: Callable[[float], Reading], start: float, end: float) -> float:
    """The time at which a distance is 0, to rounding, on the side where the level is passed."""
    from scipy.optimize import brentq

    left, right = watch.distance(reading_at(start)), watch.distance(reading_at(end))
    if right == 0.0:
        return end
    assert left > 0.0 > right
    time = float(brentq(lambda t: watch.distance(reading_at(t)), start, end, xtol=1e-12 * end, rtol=1e-14))
    return max(time, start)


def places_of(cabin: Cabin, network: Network, watched: Watched) -> list[tuple[int, ...]]:
    """The places of a limit that have one value: rooms of one volume; each shut hatch on its own."""
    if watched.level.measure is Measured.DIFFERENCE:
        is_open = network.situation.hatch_open
        return [(i,) for i in watched.places if not is_open[i] or cabin.hatches[i].law is not None]
    groups = [tuple(room for room in group.rooms if room in watched.places) for group in network.groups]
    return [rooms for rooms in groups if rooms]


def _measure(network: Network, measure: Measured, place: int) -> Callable[[Reading], float]:
    gases, cabin = network.gases, network.cabin
    match measure:
        case Measured.PRESSURE:
            return lambda reading: reading.gases[place].pressure
        case Measured.RATE:
            return lambda reading: -reading.pressure_rates[place]
        case Measured.DIFFERENCE:
            first, second = cabin.hatches[place].rooms
            return lambda reading: abs(reading.gases[first].pressure - reading.gases[second].pressure)
        case Measured.OXYGEN | Measured.CARBON_DIOXIDE:
            index = gases.place_of("oxygen" if measure is Measured.OXYGEN else "carbon_dioxide")
            return lambda reading: partial_pressure(gases, reading.gases[place], index)
