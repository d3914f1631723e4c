"""Names in a cabin's case: every name that refers to a table must be that of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from breachflow.cabin.grammar.leaks import SPACE
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.document.faults import Fault, Key
from breachflow.document.toml_text import toml_string
from breachflow.words import allowed, suggested

ACTIONS: Final = {
    "close": ("hatch", "hatch"),
    "open": ("hatch", "hatch"),
    "patch": ("leak", "leak"),
    "stop": ("supply", "supply"),
    "start": ("supply", "supply"),
    "move_crew": ("crew", "crew"),
}
"""Word and table of what each act of an event names."""

_LONGEST: Final = 60


def name_faults(case: CabinCase) -> Iterator[Fault]:
    """Each name that refers to nothing."""
    rooms = list(case.compartment)
    for name, hatch in case.hatch.items():
        for i, room in enumerate(hatch.between):
            yield from _unknown(("hatch", name, "between"), room, "compartment", rooms, f"value {i + 1}: ")
    for name, leak in case.leak.items():
        yield from _unknown(("leak", name, "from"), leak.origin, "compartment", rooms)
        yield from _unknown(("leak", name, "to"), leak.to, "compartment", [*rooms, SPACE])
    for name, supply in case.supply.items():
        yield from _unknown(("supply", name, "to"), supply.to, "compartment", rooms)
    for name, crew in case.crew.items():
        yield from _unknown(("crew", name, "in"), crew.room, "compartment", rooms)


def event_name_faults(case: CabinCase) -> Iterator[Fault]:
    """Each name in an event that refers to nothing."""
    for i, event in enumerate(case.event):
        for act, (word, table) in ACTIONS.items():
            given = getattr(event, act)
            if given is not None:
                yield from _unknown(("event", i, act), given, word, getattr(case, table))
        if event.when is not None:
            key: Key = ("event", i, "when", "compartment")
            yield from _unknown(key, event.when.compartment, "compartment", case.compartment)
        if event.move_crew is not None and isinstance(event.to, str):
            yield from _unknown(("event", i, "to"), event.to, "compartment", case.compartment)


def limit_name_faults(case: CabinCase) -> Iterator[Fault]:
    """Each name in a limit that refers to nothing, and a `stop_at` without its limit."""
    for name, limit in case.limit.items():
        across = limit.hatch_difference is not None
        word, table = ("hatch", list(case.hatch)) if across else ("compartment", list(case.compartment))
        for place in limit.places or ():
            yield from _unknown(("limit", name, "in"), place, word, table, f"{toml_string(place)}: ")
    if case.run.stop_at is not None:
        yield from _unknown(("run", "stop_at"), case.run.stop_at, "limit", case.limit)


def spelling_faults(case: CabinCase) -> Iterator[Fault]:
    """Each name that cannot be one of a table of results."""
    for table in ("compartment", "hatch", "leak", "supply", "crew", "limit"):
        for name in getattr(case, table):
            if not name.strip() or len(name) > _LONGEST or not name.isprintable() or "/" in name:
                yield Fault((table, name), f"a name has 1 to {_LONGEST} printable characters and no /")
    if SPACE in case.compartment:
        yield Fault(("compartment", SPACE), f'"{SPACE}" is the name of what is outside; choose another')


def _unknown(key: Key, given: str, word: str, known: Iterable[str], before: str = "") -> Iterator[Fault]:
    names: Sequence[str] = list(known)
    if given not in names:
        there = allowed(names) if names else f"the case has no [{word}]"
        yield Fault(key, f"{before}no such {word}; {there}{suggested(given, names)}")
