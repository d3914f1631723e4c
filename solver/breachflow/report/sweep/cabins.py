"""The points of a sweep of cabins: what their pictures and rows show, and in which units."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from breachflow.report.sweep.points import Points
from breachflow.units.display import DisplayUnit, in_mmhg, time_unit

RESERVE: Final = "reserve_time"
LOW, HIGH = f"{RESERVE}_interval.low", f"{RESERVE}_interval.high"

_SIZES: Final = ("diameter", "area", "width", "opening", "flow", "conductance")
"""Keys of a leak that say how large it is."""

_ROOM: Final = re.compile(r"compartments\.(.+)\.pressure")
_CROSSING: Final = re.compile(r"crossings\.(.+)")


def abscissa(points: Points) -> str | None:
    """The swept number along which pictures go: a size of a leak, or else that with the most values."""
    numbers = [name for name in points.swept if points.table.column(name).dtype.kind in "if"]
    sizes = [name for name in numbers if points.keys[name].startswith("leak.") and name.endswith(_SIZES)]
    most = sorted(numbers, key=lambda name: len(set(points.values(name))))
    return next(iter([*sizes, *most[::-1]]), None)


def limit_name(points: Points) -> str:
    """Name of the limit that the reserve time is of; empty where points differ in it."""
    names = {name for name in points.texts("reserve_limit") if name}
    return names.pop().replace("_", " ") if len(names) == 1 else ""


def reserve_unit(points: Points) -> DisplayUnit:
    """Name and unit of the reserve time."""
    limit = limit_name(points)
    longest = float(np.nanmax(points.numbers(RESERVE), initial=0.0))
    return time_unit(f"time until {limit}" if limit else "reserve time", longest)


def rooms(points: Points) -> dict[str, str]:
    """Names of the compartments by the column of their pressure at the end."""
    found = ((name, _ROOM.fullmatch(name)) for name in points.table.variables)
    return {name: room[1] for name, room in found if room}


def listed_columns(points: Points) -> dict[str, DisplayUnit]:
    """Columns that the page lists for each point, after the swept ones."""
    time = reserve_unit(points)
    found = {RESERVE: time}
    if np.isfinite(points.numbers(LOW)).any():
        found |= {LOW: time._replace(name="90 % from"), HIGH: time._replace(name="to")}
    for name in points.table.variables:
        crossing = _CROSSING.fullmatch(name)
        if crossing and crossing[1] not in points.texts("reserve_limit"):
            longest = float(np.nanmax(points.numbers(name), initial=0.0))
            found[name] = time_unit(f"time until {crossing[1]}", longest)
    for name, room in rooms(points).items():
        found[name] = in_mmhg(f"{room} at the end")
    return found | {"lost_mass": DisplayUnit("lost", 1.0, "kg")}
