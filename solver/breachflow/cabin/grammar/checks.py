"""What the tables of a cabin's case must satisfy together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from breachflow.cabin.grammar.leaks import SPACE, CrackLeak, Fitted, HoleLeak
from breachflow.cabin.grammar.names import (
    ACTIONS,
    event_name_faults,
    limit_name_faults,
    name_faults,
    spelling_faults,
)
from breachflow.cabin.grammar.rooms import WallHeat
from breachflow.cabin.grammar.schema import CabinCase, species_of
from breachflow.document.faults import Fault
from breachflow.document.sweep.checks import sweep_faults
from breachflow.document.toml_text import toml_string
from breachflow.leak.breach import SMALLEST_ASPECT
from breachflow.shipped import cases_with_law
from breachflow.words import allowed, suggested

RESULT_SUFFIXES: Final = (".h5", ".nc")

SAME: Final = 1e-6
"""Relative difference up to which two pressures are one."""

MOST_SAMPLES: Final = 1_000_000
"""Samples of one run."""

CONDITIONS: Final = (
    "pressure_below", "pressure_above", "oxygen_pressure_below", "carbon_dioxide_pressure_above",
)  # fmt: skip

LIMITS: Final = (
    "pressure", "oxygen_pressure", "carbon_dioxide_pressure", "pressure_rate", "hatch_difference",
)  # fmt: skip

_OXYGEN: Final = "write the gas as a mixture, such as { nitrogen = 0.79, oxygen = 0.21 }"


def _stated(case: CabinCase) -> Iterator[Fault]:
    """Gas and thermal model, which each compartment has from the case or on its own."""
    for key, what, example in (
        ("gas", "the gas", '"air"'),
        ("thermal", "how the gas exchanges heat", '"isothermal"'),
    ):
        if getattr(case, key) is None:
            without = [name for name, room in case.compartment.items() if getattr(room, key) is None]
            if without:
                yield Fault((key,), f"is missing: {what} of {', '.join(without)}; write e.g. {example}")


def _outside(case: CabinCase) -> Iterator[Fault]:
    if case.outside.pressure > 0.0 and case.outside.temperature is None:
        yield Fault(("outside", "temperature"), 'is missing: of the gas that may flow in; write e.g. "293 K"')


def _uncertain(case: CabinCase) -> Iterator[Fault]:
    for name, room in case.compartment.items():
        if room.background_uncertainty is not None and room.background is None:
            yield Fault(("compartment", name, "background_uncertainty"), "says nothing without background")


def _hatches(case: CabinCase) -> Iterator[Fault]:
    for name, hatch in case.hatch.items():
        if hatch.between[0] == hatch.between[1]:
            yield Fault(("hatch", name, "between"), "must name two compartments")
        if hatch.diameter is not None and hatch.area is not None:
            yield Fault(("hatch", name, "area"), "a hatch has a diameter or an area; remove one")
        if hatch.open_as == "orifice" and hatch.diameter is None and hatch.area is None:
            yield Fault(
                ("hatch", name, "diameter"),
                'is missing: an orifice has a diameter or an area; write e.g. "80 cm"',
            )


def _merged(case: CabinCase) -> Iterator[Fault]:
    """Compartments of one volume have one pressure at the start and may have one thermal model."""
    opened = {event.open for event in case.event}
    for name, hatch in case.hatch.items():
        rooms = [case.compartment.get(room) for room in hatch.between]
        if hatch.open_as != "merged" or None in rooms:
            continue
        first, second = (room for room in rooms if room is not None)
        apart = abs(first.pressure - second.pressure) > SAME * first.pressure
        if hatch.state == "open" and apart:
            yield Fault(
                ("hatch", name, "state"),
                f"{hatch.between[0]} and {hatch.between[1]} have different pressures and are one volume "
                'while the hatch is open; write state = "closed" with an event, or open_as = "orifice"',
            )
        kinds = [room.thermal or case.thermal for room in (first, second)]
        if (hatch.state == "open" or name in opened) and kinds.count("isothermal") == 1:
            yield Fault(
                ("hatch", name, "between"),
                "joins an isothermal compartment with one that is not: open, they are one volume; "
                'give both one thermal model, or write open_as = "orifice"',
            )


def _leak_ends(case: CabinCase) -> Iterator[Fault]:
    for name, leak in case.leak.items():
        if leak.to == leak.origin != SPACE:
            yield Fault(("leak", name, "to"), f'must be "{SPACE}" or another compartment')
        if leak.start is not None and leak.end is not None and leak.end <= leak.start:
            yield Fault(("leak", name, "end"), "must be after start")
        corners = None if isinstance(leak, CrackLeak) else leak.opening
        if corners and any(later[0] <= earlier[0] for earlier, later in pairwise(corners)):
            yield Fault(("leak", name, "opening"), "times must rise from each pair to the next")


def _holes(case: CabinCase) -> Iterator[Fault]:
    for name, leak in case.leak.items():
        if not isinstance(leak, HoleLeak):
            continue
        slit = leak.width is not None or leak.length is not None
        given = [leak.diameter is not None, leak.area is not None, slit]
        if given.count(True) != 1 or (slit and (leak.width is None or leak.length is None)):
            yield Fault(
                ("leak", name),
                "a hole has a diameter, or an area, or width and length, and one of these alone",
            )
        if leak.growth is not None and leak.diameter is None:
            yield Fault(("leak", name, "growth"), "is the growth of a diameter; give one")
        if leak.discharge_coefficient is not None:
            for key in ("wall_thickness", "edge_radius"):
                if getattr(leak, key) > 0.0:
                    yield Fault(("leak", name, key), "has no use beside discharge_coefficient; remove one")


def _fitted(case: CabinCase) -> Iterator[Fault]:
    """Where the law of a leak is, and an opening of one kind."""
    for name, leak in case.leak.items():
        if not isinstance(leak, Fitted):
            continue
        if (leak.file is None) is (leak.law is None):
            yield Fault(("leak", name), "has the file or the name of a law, and one of these alone")
        if leak.law is not None and leak.law not in cases_with_law():
            names = [toml_string(known) for known in cases_with_law()]
            yield Fault(
                ("leak", name, "law"), f"no such law; {allowed(names)}{suggested(leak.law, cases_with_law())}"
            )
        slit = [leak.width is not None, leak.length is not None]
        if any(slit) is not all(slit) or any(slit) is (leak.diameter is not None):
            yield Fault(("leak", name), "has a diameter, or width and length, and one of these alone")


def _slits(case: CabinCase) -> Iterator[Fault]:
    for name, leak in case.leak.items():
        if isinstance(leak, CrackLeak) or (
            isinstance(leak, HoleLeak | Fitted) and leak.width and leak.length
        ):
            width = leak.opening if isinstance(leak, CrackLeak) else leak.width or 0.0
            if (leak.length or 0.0) < SMALLEST_ASPECT * width:
                yield Fault(("leak", name, "length"), f"must be at least {SMALLEST_ASPECT:g} times the width")


def _edges(case: CabinCase) -> Iterator[Fault]:
    for name, leak in case.leak.items():
        if isinstance(leak, HoleLeak | Fitted) and leak.edge_radius > leak.wall_thickness:
            yield Fault(("leak", name, "edge_radius"), "is larger than wall_thickness")


def _supplies(case: CabinCase) -> Iterator[Fault]:
    for name, supply in case.supply.items():
        if (supply.on_below is None) is not (supply.off_above is None):
            missing = "off_above" if supply.off_above is None else "on_below"
            yield Fault(("supply", name, missing), "is missing: a regulator has on_below and off_above")
        elif (
            supply.on_below is not None
            and supply.off_above is not None
            and supply.off_above <= supply.on_below
        ):
            yield Fault(("supply", name, "off_above"), "must be above on_below")
        if supply.start is not None and supply.end is not None and supply.end <= supply.start:
            yield Fault(("supply", name, "end"), "must be after start")


def _warm_supplies(case: CabinCase) -> Iterator[Fault]:
    for name, supply in case.supply.items():
        room = case.compartment.get(supply.to)
        thermal = None if room is None else room.thermal or case.thermal
        if supply.temperature is None and thermal is not None and thermal != "isothermal":
            yield Fault(
                ("supply", name, "temperature"),
                f'is missing: {supply.to} is not isothermal; write e.g. "293 K"',
            )


def _events(case: CabinCase) -> Iterator[Fault]:
    for i, event in enumerate(case.event):
        if (event.at is None) is (event.when is None):
            yield Fault(("event", i), "has a time `at` or a condition `when`, and one of these alone")
        if event.after > 0.0 and event.when is None:
            yield Fault(("event", i, "after"), "counts from a condition; remove it, or give `when`")
        acts = [act for act in ACTIONS if getattr(event, act) is not None]
        if len(acts) != 1:
            yield Fault(("event", i), f"does one thing: give one of {', '.join(ACTIONS)}")
        yield from _event_to(i, acts, event.to)
        if event.when is not None and sum(getattr(event.when, key) is not None for key in CONDITIONS) != 1:
            yield Fault(("event", i, "when"), f"has a compartment and one of {', '.join(CONDITIONS)}")


def _event_to(i: int, acts: list[str], to: float | str | None) -> Iterator[Fault]:
    key = ("event", i, "to")
    if acts == ["move_crew"]:
        if not isinstance(to, str):
            yield Fault(key, "must be the compartment to which the crew moves, in quotes")
    elif acts == ["patch"]:
        if isinstance(to, str) or (to is not None and not 0.0 <= to < math.inf):
            yield Fault(key, "must be the factor left of the flow, a number from 0")
    elif to is not None:
        yield Fault(key, "belongs to patch or move_crew; remove it")


def _hatch_events(case: CabinCase) -> Iterator[Fault]:
    """Acts that meet their hatch already so, where the times alone tell."""
    timed = sorted((event.at, i) for i, event in enumerate(case.event) if event.at is not None)
    for name, hatch in case.hatch.items():
        if any(event.when is not None and name in (event.close, event.open) for event in case.event):
            continue
        is_open = hatch.state == "open"
        for _, i in timed:
            event = case.event[i]
            if event.close == name or event.open == name:
                if (event.open == name) is is_open:
                    act = "open" if is_open else "close"
                    yield Fault(("event", i, act), f"the hatch is {'open' if is_open else 'closed'} then")
                is_open = event.open == name


def _limits(case: CabinCase) -> Iterator[Fault]:
    for name, limit in case.limit.items():
        if sum(getattr(limit, key) is not None for key in LIMITS) != 1:
            yield Fault(("limit", name), f"has one of {', '.join(LIMITS)}")
        if limit.hatch_difference is not None and not case.hatch:
            yield Fault(("limit", name, "hatch_difference"), "the case has no [hatch]")


def _species(case: CabinCase) -> Iterator[Fault]:
    """Oxygen that a limit or a crew needs must be a gas of its own somewhere."""
    gases = [room.gas or case.gas for room in case.compartment.values()]
    gases += [supply.gas for supply in case.supply.values()]
    known = [species_of(gas) for gas in gases if gas is not None]
    if len(known) < len(gases) or any(_has_oxygen(gas.name, dict(gas.parts)) for gas in known):
        return
    for name in case.crew:
        yield Fault(("crew", name), f"breathes oxygen, which no gas of the case states; {_OXYGEN}")
    for name, limit in case.limit.items():
        if limit.oxygen_pressure is not None:
            yield Fault(
                ("limit", name, "oxygen_pressure"), f"no gas of the case states its oxygen; {_OXYGEN}"
            )
    for i, event in enumerate(case.event):
        if event.when is not None and event.when.oxygen_pressure_below is not None:
            yield Fault(("event", i, "when"), f"no gas of the case states its oxygen; {_OXYGEN}")


def _has_oxygen(name: str, parts: dict[str, float]) -> bool:
    return name == "oxygen" or "oxygen" in parts


def _walls(case: CabinCase) -> Iterator[Fault]:
    """A wall that conducts nothing is adiabatic, which has a word."""
    rooms = [(("compartment", name, "thermal"), room.thermal) for name, room in case.compartment.items()]
    for key, thermal in [(("thermal",), case.thermal), *rooms]:
        if isinstance(thermal, WallHeat) and thermal.conductance == 0.0:
            yield Fault((*key, "conductance"), 'must be more than 0 W/K; write thermal = "adiabatic"')


def _samples(case: CabinCase) -> Iterator[Fault]:
    if case.run.sample is not None and case.run.end_time / case.run.sample > MOST_SAMPLES:
        yield Fault(
            ("run", "sample"), f"more than {MOST_SAMPLES} samples until end_time; choose a longer one"
        )


def _output(case: CabinCase) -> Iterator[Fault]:
    if case.output.file.suffix not in RESULT_SUFFIXES:
        yield Fault(("output", "file"), "must end in .h5 or .nc")


CHECKS: Final = (
    name_faults, event_name_faults, limit_name_faults, spelling_faults, _stated, _outside, _uncertain,
    _hatches, _merged, _leak_ends, _holes, _fitted, _slits, _edges, _supplies, _warm_supplies, _events,
    _hatch_events, _limits, _species, _walls, _samples, _output, sweep_faults,
)  # fmt: skip
"""Contradictions between keys of a case, each of which is valid on its own."""
