"""The cabin as it is computed: what does not change in time. SI units; built from a case by `build`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from breachflow.cabin.model.gas import Gases, RoomGas, Shares
from breachflow.cabin.paths.law import FlowLaw

SPACE = -1
"""Number of what is outside, in place of that of a room."""


class Room(NamedTuple):
    """One compartment."""

    name: str
    volume: float
    """m3."""
    pressure: float
    """Pa, at the start."""
    temperature: float
    """K, at the start."""
    shares: Shares
    """Gas at the start."""
    isothermal: bool
    heat_conductance: float
    """W/K; 0 of an adiabatic compartment."""
    wall_temperature: float
    """K."""


class HatchPath(NamedTuple):
    """One hatch."""

    name: str
    rooms: tuple[int, int]
    is_open: bool
    """At the start."""
    law: FlowLaw | None
    """The flow through it while it is open; None where it makes one volume of the two."""


class LeakLine(NamedTuple):
    """One leak, or the unexplained loss of a compartment."""

    name: str
    rooms: tuple[int, int]
    """Where it comes from and where it goes."""
    law: FlowLaw
    start: float
    """s."""
    end: float
    """s."""
    corners: tuple[tuple[float, float], ...]
    """Times, s, and factors on the flow, linear between them; none: 1."""
    factor: float = 1.0
    """Of a variation of the case."""
    is_background: bool = False

    def factor_at(self, time: float) -> float:
        """Factor on the flow at a time, s, while the leak is there."""
        return self.factor * _between(self.corners, time)


class Feed(NamedTuple):
    """One supply."""

    name: str
    room: int
    gas: RoomGas
    """Gas that is fed; its pressure says nothing."""
    mass_flow: float
    """kg/s."""
    contents: float
    """kg; infinite where it does not end."""
    on_below: float | None
    """Pa."""
    off_above: float | None
    """Pa."""
    start: float
    """s."""
    end: float
    """s."""


class People(NamedTuple):
    """One crew."""

    name: str
    room: int
    oxygen: float
    """kg/s that all of them take in."""
    carbon_dioxide: float
    """kg/s that all of them add to the gas."""


class Cabin(NamedTuple):
    """All that does not change."""

    gases: Gases
    rooms: Sequence[Room]
    hatches: Sequence[HatchPath]
    leaks: Sequence[LeakLine]
    feeds: Sequence[Feed]
    people: Sequence[People]
    outside: RoomGas

    @property
    def room_names(self) -> list[str]:
        """The name of each room."""
        return [room.name for room in self.rooms]

    def corners(self, after: float) -> list[float]:
        """Times, s, at which a leak or a supply changes its rule, later than `after`."""
        times = [
            time for leak in self.leaks for time in (leak.start, leak.end, *(at for at, _ in leak.corners))
        ]
        times += [time for feed in self.feeds for time in (feed.start, feed.end)]
        return sorted({time for time in times if time > after})


def _between(corners: Sequence[tuple[float, float]], time: float) -> float:
    """A factor that is linear between corners and constant outside of them; 1 without corners."""
    if not corners:
        return 1.0
    if time <= corners[0][0]:
        return corners[0][1]
    for (t0, f0), (t1, f1) in pairwise(corners):
        if time <= t1:
            return f0 + (f1 - f0) * (time - t0) / (t1 - t0)
    return corners[-1][1]
