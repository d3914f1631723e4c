"""What shut hatches divide: the sides of a station, each of which is one volume."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from breachflow.cabin.grammar.rooms import Hatch

StationSide: TypeAlias = tuple[str, ...]
"""Names of the compartments of one volume, in the order of the case."""


def sides_of(
    rooms: Iterable[str], hatches: Mapping[str, Hatch], closed: Collection[str]
) -> list[StationSide]:
    """The sides while the hatches `closed`, and those that are closed anyway, are shut.

    Sides are in the order of their first compartments.
    """
    joined = [
        hatch.between for name, hatch in hatches.items() if name not in closed and hatch.state == "open"
    ]
    names, found, sides = list(rooms), set[str](), []
    for name in names:
        if name in found:
            continue
        side, waiting = {name}, [name]
        while waiting:
            here = waiting.pop()
            new = {room for pair in joined if here in pair for room in pair if room not in side}
            side |= new
            waiting += sorted(new)
        found |= side
        sides.append(tuple(room for room in names if room in side))
    return sides


def side_text(side: StationSide) -> str:
    """A side in words.

    >>> side_text(("prk",)), side_text(("prk", "ro")), side_text(("a", "b", "c", "d"))
    ('prk', 'prk/ro', 'a and 3 more')
    """
    return "/".join(side) if len(side) <= 3 else f"{side[0]} and {len(side) - 1} more"
