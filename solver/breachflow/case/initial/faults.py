"""What the table `[initial]` must satisfy together with the rest of the case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.case.boundaries import BoundaryTable, Vacuum
from breachflow.case.initial.table import (
    BallRegion,
    BoxRegion,
    ConnectedRegion,
    HalfSpaceRegion,
    InitialState,
    Region,
)
from breachflow.case.schema import Case
from breachflow.document.faults import DottedKey, Fault
from breachflow.document.toml_text import toml_string
from breachflow.words import allowed, suggested

TABLE: Final = ("initial",)

_EACH: Final = {2: "x and y", 3: "x, y and z"}
"""The coordinates of a mesh, by its dimension."""

_VECTORS: Final = ("velocity", "mach", "center", "point", "normal")
"""Keys with a value for each coordinate."""


def initial_faults(case: Case) -> Iterator[Fault]:
    """A fault for each state or region that the table cannot give."""
    table = case.initial
    if table is None:
        return
    if case.exact is not None:
        yield Fault(TABLE, "a case with [exact] starts from its exact solution; remove one of the two")
    yield from _whole_state(table)
    yield from _state_faults(case, TABLE, table)
    for name, region in table.regions.items():
        key = (*TABLE, "regions", name)
        if not name.strip() or not name.isprintable():
            yield Fault(key, "a name has printable characters")
        if region.like is None and not region.numbers:
            yield Fault(key, "states nothing; give pressure, temperature, velocity, mach or like")
        yield from _state_faults(case, key, region)
        yield from _shape_faults(case, key, region)


def has_state(entry: BoundaryTable) -> bool:
    """Whether a boundary has a pressure that gas at the start may have."""
    return isinstance(entry, Vacuum) or getattr(entry, "pressure", None) is not None


def _whole_state(table: InitialState) -> Iterator[Fault]:
    """A fault where the gas that no region holds has no state."""
    if table.like is not None:
        return
    for key, example in (("pressure", "20 kPa"), ("temperature", "293.15 K")):
        is_needed = key == "pressure" or table.pressure != 0.0
        if is_needed and getattr(table, key) is None:
            yield Fault(
                (*TABLE, key), f'is missing: the gas that no region holds; write e.g. "{example}", or like'
            )


def _state_faults(case: Case, key: DottedKey, state: InitialState) -> Iterator[Fault]:
    if state.velocity is not None and state.mach is not None:
        yield Fault((*key, "mach"), "give either velocity or mach, not both; remove one")
    if state.like is not None:
        for name in state.numbers:
            yield Fault((*key, name), f"the gas is like that of the boundary {state.like!r}; remove one")
        yield from _like_faults(case, key, state.like)
    dimension = 3 if case.mesh.plane == "spatial" else 2
    for name in _VECTORS:
        vector = getattr(state, name, None)
        if vector is not None and len(vector) != dimension:
            yield Fault((*key, name), f"needs {_EACH[dimension]}, and has {len(vector)} values")


def _like_faults(case: Case, key: DottedKey, name: str) -> Iterator[Fault]:
    known = [one for one, entry in case.boundary.items() if has_state(entry)]
    if name not in known:
        words = allowed(map(toml_string, known)) if known else "no boundary of the case has a pressure"
        yield Fault(
            (*key, "like"), f"is no boundary with a state of the gas; {words}{suggested(name, known)}"
        )


def _shape_faults(case: Case, key: DottedKey, region: Region) -> Iterator[Fault]:
    match region:
        case BoxRegion():
            if region.z is not None and case.mesh.plane != "spatial":
                yield Fault((*key, "z"), "the mesh lies in a plane, which has x and y alone; remove it")
            elif region.x is None and region.y is None and region.z is None:
                yield Fault((*key, "x"), 'is missing: a box has a side; write x = ["0 mm", "10 mm"]')
        case ConnectedRegion():
            known = dict.fromkeys((*case.mesh.patches, *case.boundary))
            if region.boundary not in known:
                words = f"{allowed(map(toml_string, known))}{suggested(region.boundary, known)}"
                yield Fault((*key, "boundary"), f"is no boundary; {words}")
        case BallRegion() | HalfSpaceRegion():
            pass
