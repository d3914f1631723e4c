"""What happens and what is watched, as a case says it, with numbers in place of names."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from breachflow.cabin.grammar.actions import Event, EventCondition, Limit
from breachflow.cabin.grammar.checks import CONDITIONS, LIMITS
from breachflow.cabin.grammar.names import ACTIONS
from breachflow.cabin.grammar.schema import CabinCase

SAMPLES = 200
"""Samples of a run whose case states no interval."""


class Measured(StrEnum):
    """What is compared with a level."""

    PRESSURE = "pressure"
    OXYGEN = "oxygen_pressure"
    CARBON_DIOXIDE = "carbon_dioxide_pressure"
    RATE = "pressure_rate"
    DIFFERENCE = "hatch_difference"


class Level(NamedTuple):
    """A level, and the side on which it is passed."""

    measure: Measured
    value: float
    """SI."""
    falling: bool
    """Passed by falling below it; else by rising above it."""


class Watched(NamedTuple):
    """A limit and where it is watched."""

    name: str
    level: Level
    places: tuple[int, ...]
    """Numbers of rooms, or of hatches for a difference."""


class Deed(NamedTuple):
    """Something that is done once."""

    act: str
    """A word of `ACTIONS`."""
    target: int
    """Number of the hatch, leak, supply or crew."""
    name: str
    at: float | None
    """s; None: when the condition comes true."""
    room: int
    """Room of the condition."""
    level: Level | None
    after: float
    """s from the condition to the act."""
    factor: float = 0.0
    """Left of a patched leak."""
    to_room: int = 0
    """Where a crew moves."""


class Itinerary(NamedTuple):
    """All that a march must know beside the cabin."""

    deeds: Sequence[Deed]
    limits: Sequence[Watched]
    end: float
    """s."""
    sample: float
    """s."""
    stop_at: str | None
    tolerance: float


def itinerary(case: CabinCase, limit_factor: float = 1.0) -> Itinerary:
    """What happens and what is watched in a case."""
    return Itinerary(
        deeds=[_deed(case, event) for event in case.event],
        limits=[_watched(case, name, limit, limit_factor) for name, limit in case.limit.items()],
        end=case.run.end_time,
        sample=case.run.sample or case.run.end_time / SAMPLES,
        stop_at=case.run.stop_at,
        tolerance=case.run.tolerance,
    )


def _deed(case: CabinCase, event: Event) -> Deed:
    act = next(word for word in ACTIONS if getattr(event, word) is not None)
    name = getattr(event, act)
    rooms = list(case.compartment)
    return Deed(
        act=act,
        target=list(getattr(case, ACTIONS[act][1])).index(name),
        name=name,
        at=event.at,
        room=0 if event.when is None else rooms.index(event.when.compartment),
        level=None if event.when is None else _condition(event.when),
        after=event.after,
        factor=event.to if isinstance(event.to, float) else 0.0,
        to_room=rooms.index(event.to) if isinstance(event.to, str) else 0,
    )


def _condition(when: EventCondition) -> Level:
    word = next(key for key in CONDITIONS if getattr(when, key) is not None)
    measure, _, side = word.rpartition("_")
    return Level(Measured(measure), getattr(when, word), side == "below")


def _watched(case: CabinCase, name: str, limit: Limit, factor: float) -> Watched:
    word = next(key for key in LIMITS if getattr(limit, key) is not None)
    measure = Measured(word)
    direction = limit.direction or (
        "falling" if measure in (Measured.PRESSURE, Measured.OXYGEN) else "rising"
    )
    names = list(case.hatch if measure is Measured.DIFFERENCE else case.compartment)
    places = [names.index(place) for place in limit.places] if limit.places else range(len(names))
    return Watched(name, Level(measure, factor * getattr(limit, word), direction == "falling"), tuple(places))
