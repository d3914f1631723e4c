"""What the keys of the case of a risk must satisfy together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.document.faults import Fault, Key
from breachflow.document.toml_text import literal
from breachflow.risk.schema import Lognormal, Pareto, RiskCase
from breachflow.words import allowed, suggested

SIZES: Final = ("pareto", "lognormal", "file")
"""Keys that give the sizes of holes, one of which a table has."""

_SAME: Final = 1e-6
"""Relative difference up to which pressures are equal."""


def _names(case: RiskCase) -> Iterator[Fault]:
    """Names that refer to no compartment, or cannot be shown."""
    for name, hatch in case.hatch.items():
        for room in hatch.between:
            yield from _unknown(("hatch", name, "between"), room, case)
        if hatch.between[0] == hatch.between[1]:
            yield Fault(("hatch", name, "between"), "must name two compartments")
    for name, holes in case.holes.items():
        yield from _unknown(("holes", name, "in"), holes.compartment, case)
    for table in ("compartment", "hatch", "limit", "holes"):
        for name in getattr(case, table):
            if not name.strip() or not name.isprintable() or len(name) > 60:
                yield Fault((table, name), "a name has 1 to 60 printable characters")


def _unknown(key: Key, name: str, case: RiskCase) -> Iterator[Fault]:
    if name not in case.compartment:
        near = suggested(name, case.compartment)
        yield Fault(key, f'no compartment "{name}"; {allowed(case.compartment)}{near}')


def _sizes(case: RiskCase) -> Iterator[Fault]:
    for name, holes in case.holes.items():
        given = [key for key in SIZES if getattr(holes, key) is not None]
        if not given:
            examples = f"pareto = {Pareto.example}, lognormal = {Lognormal.example}"
            yield Fault(("holes", name), f'has no sizes; give one of {examples}, file = "holes.csv"')
        elif len(given) > 1:
            yield Fault(("holes", name, given[1]), f"the sizes are given by {given[0]} already; remove one")


def _limits(case: RiskCase) -> Iterator[Fault]:
    if len(case.limit) != 1:
        example = 'evacuation = { pressure = "490 mmHg" }'
        yield Fault(("limit",), f"must have one limit, such as {example}")
        return
    name, limit = next(iter(case.limit.items()))
    for room, compartment in case.compartment.items():
        if compartment.pressure <= limit.pressure:
            given = case.origin.source.data["compartment"][room]["pressure"]
            yield Fault(("limit", name, "pressure"), f"must be below the {given} of {room}")


def _hatches(case: RiskCase) -> Iterator[Fault]:
    """Compartments of one volume have one pressure."""
    for name, hatch in case.hatch.items():
        pressures = [case.compartment[room].pressure for room in hatch.between if room in case.compartment]
        if hatch.state == "open" and any(abs(one - pressures[0]) > _SAME * one for one in pressures):
            both = " and ".join(hatch.between)
            yield Fault(
                ("hatch", name, "state"), f'{both} have different pressures; write "closed", or one pressure'
            )


def _times(case: RiskCase) -> Iterator[Fault]:
    """A time is one question."""
    times, given = case.risk.times, case.origin.source.data["risk"]["times"]
    for i, time in enumerate(times):
        before = next((k for k in range(i) if abs(times[k] - time) <= _SAME * time), None)
        if before is not None:
            same = (
                "is given twice" if given[i] == given[before] else f"is the same as {literal(given[before])}"
            )
            yield Fault(("risk", "times"), f"{same}; remove one", literal(given[i]))


CHECKS: Final = (_names, _sizes, _limits, _hatches, _times)
"""Contradictions between keys of a case, each of which is valid on its own."""
