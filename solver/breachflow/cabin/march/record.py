"""What a march leaves behind: readings, happenings, crossings, how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from breachflow.cabin.march.plan import Watched
from breachflow.cabin.model.situation import Reading, Situation


class What(StrEnum):
    """What happened."""

    CLOSE = "close"
    OPEN = "open"
    PATCH = "patch"
    STOP = "stop"
    START = "start"
    MOVE_CREW = "move_crew"
    NOTHING = "no_effect"
    """An event whose act changed nothing: the hatch was so already."""
    CONDITION = "condition"
    """The condition of a delayed event came true."""
    SUPPLY_ON = "supply_on"
    SUPPLY_OFF = "supply_off"
    SUPPLY_EMPTY = "supply_empty"
    LIMIT = "limit"
    RECOVERED = "recovered"
    ALREADY = "already"
    """A limit that was passed at the start."""
    END = "end"


class Happening(NamedTuple):
    """Something that happened."""

    time: float
    """s."""
    what: What
    name: str
    """Hatch, leak, supply, crew or limit."""
    places: tuple[str, ...]
    """Compartments of a limit; where a crew went."""
    reading: Reading
    """The state just after."""
    detail: str = ""


class Crossing(NamedTuple):
    """The first crossing of a limit in one place."""

    limit: Watched
    place: str
    time: float
    """s; 0 where it was passed at the start."""


@dataclass
class Record:
    """What a march leaves behind."""

    readings: list[Reading] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    situation: Situation | None = None
    """At the end."""
    first: Situation | None = None
    """At the start, before any event."""
    steps: int = 0
    stopped: str = ""
    """Why it was stopped before its end; empty if it was not."""

    def first_crossing(self, name: str) -> float | None:
        """Time of the first crossing of a limit, s; None where it is never passed."""
        times = [crossing.time for crossing in self.crossings if crossing.limit.name == name]
        return min(times, default=None)
