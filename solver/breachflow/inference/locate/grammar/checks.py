"""What the tables of a leak to be located must satisfy together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from breachflow.document.faults import Fault, Key
from breachflow.inference.locate.grammar.schema import LocateCase
from breachflow.inference.locate.sides import sides_of
from breachflow.words import allowed, suggested

_LONGEST: Final = 60


def _names(case: LocateCase) -> Iterator[Fault]:
    """Names that cannot be shown, and hatches that join nothing."""
    for table in ("compartment", "hatch"):
        for name in getattr(case, table):
            if not name.strip() or len(name) > _LONGEST or not name.isprintable() or "/" in name:
                yield Fault((table, name), f"a name has 1 to {_LONGEST} printable characters and no /")
    for name, hatch in case.hatch.items():
        for i, room in enumerate(hatch.between):
            yield from _unknown(
                ("hatch", name, "between"), room, "compartment", case.compartment, f"value {i + 1}: "
            )
        if hatch.between[0] == hatch.between[1]:
            yield Fault(("hatch", name, "between"), "must name two compartments")


def _gases(case: LocateCase) -> Iterator[Fault]:
    if case.gas is None:
        without = [name for name, room in case.compartment.items() if room.gas is None]
        if without:
            yield Fault(("gas",), f'is missing: the gas of {", ".join(without)}; write e.g. "air"')


def _weights(case: LocateCase) -> Iterator[Fault]:
    key, weights = ("suspect", "weight"), case.suspect.weight
    if weights is None:
        return
    for name, weight in weights.items():
        yield from _unknown((*key, name), name, "compartment", case.compartment)
        if not 0.0 <= weight < math.inf:
            yield Fault((*key, name), "must be a number of at least 0")
    missing = [name for name in case.compartment if name not in weights]
    if missing:
        yield Fault(key, f"is missing: that of {', '.join(missing)}; 0 excludes a compartment")
    if not any(weight > 0.0 for weight in weights.values()):
        yield Fault(key, "must be above 0 for a compartment")


def _two_leaks(case: LocateCase) -> Iterator[Fault]:
    weights = case.suspect.weight
    suspected = len(case.compartment) if weights is None else sum(value > 0.0 for value in weights.values())
    if suspected == 1 and case.suspect.two_leaks > 0.0:
        yield Fault(("suspect", "two_leaks"), "must be 0: one compartment alone is suspected")


def _noise(case: LocateCase) -> Iterator[Fault]:
    noise = case.suspect.noise
    if noise is None:
        return
    key: Key = ("suspect", "noise")
    if noise.correlated + noise.resolution + noise.wander == 0.0:
        yield Fault(key, "says nothing: give correlated and time, resolution or wander")
    if (noise.time is None) is (noise.correlated > 0.0):
        missing, there = ("time", "correlated") if noise.time is None else ("correlated", "time")
        yield Fault((*key, missing), f"is missing: {there} needs it")


def _tests(case: LocateCase) -> Iterator[Fault]:
    for i, test in enumerate(case.test):
        for name in test.closed:
            yield from _unknown(("test", i, "closed"), name, "hatch", case.hatch, f'"{name}": ')
        if not test.slope and not test.record:
            yield Fault(
                ("test", i),
                'has no slope and no record; write e.g. slope = { prk = "-0.13 +- 0.05 mmHg/h" }',
            )
        for key, value in (("from", test.first), ("to", test.last)):
            if value is not None and not test.record:
                yield Fault(("test", i, key), "says nothing without a record")
        for table in ("slope", "record", "known"):
            for name in getattr(test, table):
                yield from _unknown(("test", i, table, name), name, "compartment", case.compartment)
        yield from _test_sides(case, i)


def _test_sides(case: LocateCase, i: int) -> Iterator[Fault]:
    """Two slopes of one side, and what is known of a side without a slope."""
    test = case.test[i]
    sides = sides_of(case.compartment, case.hatch, test.closed)
    for tables in (("slope", "record"), ("known",)):
        named: dict[int, str] = {}
        for table, name in [(kind, room) for kind in tables for room in getattr(test, kind)]:
            side = next((j for j, one in enumerate(sides) if name in one), None)
            if side is None:
                continue
            if side in named:
                yield Fault(
                    ("test", i, table, name), f"is on one side with {named[side]}: a side has one value"
                )
            named.setdefault(side, name)
            if table == "known" and not any(one in sides[side] for one in (*test.slope, *test.record)):
                yield Fault(("test", i, table, name), "says nothing: its side has no slope and no record")


def _seals(case: LocateCase) -> Iterator[Fault]:
    for name, seal in case.seal.items():
        yield from _unknown(("seal", name), name, "hatch", case.hatch)
        yield from _unknown(("seal", name, "inside"), seal.inside, "compartment", case.compartment)
        if name in case.hatch and len(sides_of(case.compartment, case.hatch, [name])) == 1:
            yield Fault(("seal", name), "its hatch divides nothing: the gas has another way round")
        for j, level in enumerate(seal.level):
            if (level.loss is None) is (level.slope is None):
                yield Fault(("seal", name, "level", j), "has a loss or a slope, and one of these alone")
            if level.pressure > seal.outside_pressure:
                yield Fault(("seal", name, "level", j, "pressure"), "must not be above outside_pressure")


def _unknown(key: Key, given: str, word: str, known: Iterable[str], before: str = "") -> Iterator[Fault]:
    names: Sequence[str] = list(known)
    if given not in names:
        there = allowed(names) if names else f"the case has no [{word}]"
        yield Fault(key, f"{before}no such {word}; {there}{suggested(given, names)}")


CHECKS: Final = (_names, _gases, _weights, _two_leaks, _noise, _tests, _seals)
"""Contradictions between keys of a case, each of which is valid on its own."""
